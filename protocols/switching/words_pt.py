"""What can be said in Portuguese: tables for `grammar`."""

from __future__ import annotations

from typing import Final

from .grammar import Tongue
from .sentences_pt import SENTENCES

PORTUGUESE: Final = Tongue(
    code="pt",
    fillers="""
por-favor favor pf pfv pls please agora só somente apenas ok okay ei oi olá então ah hum hmm
obrigado obrigada valeu brigado vamos-lá simplesmente rapidamente understudy desculpa desculpe
talvez já também sim aí né cara mano olha faz-favor se-faz rapidinho por-gentileza gentileza
beleza blz opa unicamente realmente pá fixe um-pouco logo então hein
""",
    polite="por-favor pf pfv favor obrigado obrigada",
    parts={
        "before": """
bom|bem|vai|tá|tá bom|(pode|poderia|consegue|podes|podias|você pode|você poderia|vc pode|dá para|
    dá pra|da pra|tem como|podemos|poderíamos|posso|será que você pode|você consegue|tu podes|
    conseguias|se importa de|importas te de|queres|quer|podia)|(eu) (quero|queria|gostaria|
    prefiro|preferia|preciso|vou|quero que|gostaria que)|(quero|queria|gostaria|preciso|desejo|
    prefiro|preferia|preferiria|vamos|vou|quero que|gostaria que|gostaria de|queria que|preciso
    que|preciso de|prefiro que|preferia que|gostava de|gostava que|eu gostaria de|eu queria que|a
    gente pode|bora|gostaria de saber|quero saber|queria saber)|me (diz|diga|mostra|mostre|fala|
    fale)|diz me|diga me|mostra me|sabe|lembra me|me lembra|e|mas|faz o favor de|seria possível|é
    possível|dava para|diz|diga|fala|tem de|dá pra você|dá para você|pode me (dizer|mostrar|
    falar)|podes (dizer me|mostrar me)|você sabe|poderia me (dizer|mostrar)|me (fala|conta)|hora
    de
""",
        "after": """
muito obrigado|muito obrigada|se possível|se puder|se puderes|se der|para mim|pra mim|pode ser|de
    novo|outra vez|se não se importa|exatamente|dá|faz favor|faz-me o favor|sff|tudo bem|mesmo|
    pode|é possível
""",
        "anyway": """
mesmo assim|de qualquer (jeito|forma|maneira|modo)|assim mesmo|ainda assim|apesar de tudo|não
    importa|de todo modo|na mesma
""",
        "articles": "(o|a|os|as|meu|minha|um|uma|teu|nosso|esse|essa|este|esta|seu|aquele)",
        "nouns": """
(pequeno|grande) (modelo)|modelo|ia|llm|versão|instância|motor|endpoint|provedor|modelo da|modelo
    do|que tenho|modelo de linguagem|do|da|de
""",
        "chat": "(conversa|chat|sessão|papo|bate papo|diálogo|discussão|thread)",
        "always": """
(de|desde|a partir de) (agora|aqui|hoje|já|este momento|deste momento) [em diante|pra frente|para
    a frente|por diante|para frente]|daqui (em diante|pra frente|para a frente|para frente|por
    diante)|(doravante|em diante|de em diante|a partir de|de|desde)|daí em diante|(para|pelo|pro|
    no|durante) (o|resto|todo o) [resto] [da|desta|do|dessa|deste|desse|da nossa] [<chat>|dia|
    trabalho]|(para|nesta|nessa|por|durante|na|no|neste|nesse|pra|pro) [(esta|essa|toda a|toda
    esta|este|esse|todo o|o|a)] [inteira|toda] <chat> [inteira|toda|inteiro|todo]|(para|pra) tudo
    [(o resto|isso|que vem)]|permanentemente|até (segunda ordem|eu dizer o contrário|eu avisar|eu
    falar outra coisa|eu mandar|eu dizer outra coisa|ordem em contrário|que eu diga o contrário)|
    para sempre|pra sempre|por um tempo|por enquanto|por ora|em vez deste|no lugar|em vez disso|
    sempre|de vez|de forma permanente|aqui|de novo|novamente|para esta tarefa|pra essa tarefa|
    nesta tarefa|pelo restante da <chat>|para o que segue|para continuar|no momento|
    definitivamente|para as próximas (respostas|perguntas)|por padrão|para hoje|outra vez|dessa
    vez em diante
""",
        "once": """
(para|pra|nesta|nessa|em|na|por|no|neste|nesse) [(esta|essa|a|a próxima|uma|uma única|minha
    próxima|este|esse|o próximo|um único|próxima|próximo|uma só|a minha próxima)] [única|próxima]
    (resposta|pergunta|mensagem|consulta|vez|prompt|rodada|questão|pedido) [aqui|seguinte]|(esta|
    essa|a próxima|uma única|minha próxima|este|esse|o próximo|próxima|a|uma|a minha próxima|a tua
    próxima|a sua próxima|uma só) [única] (resposta|pergunta|mensagem|consulta|vez|prompt|rodada|
    questão|pedido) [aqui|seguinte]|uma vez|dessa vez|desta vez|esta vez|essa vez|uma única vez|
    para essa|para esta|pra essa|pra esta|a próxima|na próxima|para a próxima|pra próxima|por uma
    vez|1 vez|nessa|nesta|uma vez só|excepcionalmente|essa aqui|esta aqui|pontualmente
""",
        "go": """
(muda|mudar|mude|mudes|troca|trocar|troque|troques|passa|passar|passe|passes|alterna|alternar|
    alterne|vai|ir|vá|volta|voltar|volte|retorna|retornar|retorne|pula|pular|salta|saltar|migra|
    migrar|migre|transfere|transferir|mudemos|troquemos|mude me|mudo|mudamos|trocamos|passamos|
    voltamos|comuta|comutar|vira|muda-me|move|mover|mova|regressa|regressar|põe se|cambia|passo|
    volto|mudando|trocando|bota|altera|alterar|altere|switcha|troquem|vamos) [me|nos|a <chat>|esta
    <chat>|essa <chat>|o modelo|o chat|este chat|esse chat|de modelo|tudo|isso|isto|modelo|de
    novo|de volta|novamente|a ia] (para|pra|pro|ao|a|à|no|na|de volta para|de volta pro|de volta
    ao|de volta pra|em|com|p|por|pelo|pela)|(continua|continuar|continue|continuemos|continuamos|
    segue|seguir|siga|seguimos|fica|ficar|fique|trabalha|trabalhar|trabalhe|vamos continuar|vamos
    trabalhar|prossegue|prosseguir|prossiga|mantém|mantenha|fala|sigamos|retoma|vamos seguir|vá|
    vai|ficamos|segue a conversa) [a <chat>|esta <chat>|essa <chat>|este chat|o chat|isso] (com|
    no|na|usando|em|pelo|pela)|(põe|coloca|colocar|bota|coloque|ponha|pôr|deixa|deixe|botar|me
    coloca|me bota|me põe|põe me|coloca me|mete) [me|o modelo] (no|na|em|para|com|pra)|(conecta|
    conectar|conecte|envia|manda|direciona|encaminha|liga|roteia|redireciona|me conecta|me
    conecte|me liga|me passa|me passe|me muda|me mude|me leva|me transfere|me manda|liga me) [me|
    tudo|isso|minhas mensagens|minhas perguntas] (a|com|para|ao|pra|pro|no|na)|(falar|conversar|
    trabalhar|bater papo) (com|no)|me (dá|dê|traz|traga|devolve|vê)|dá me|traz|traga|traz me|
    (define|configura|defina|configure|coloca|seta) o modelo (como|para|em|no)|passa a bola (para|
    pro|pra)|dá a vez ao
""",
        "use": """
(usa|usar|use|uses|utiliza|utilizar|utilize|utilizes|emprega|experimenta|experimentar|experimente|
    tenta|tentar|tente|vamos usar|usemos|usamos|pega|pegar|toma|testa|teste|vamos de|vai de|vamos
    com|vai com|recorre ao|usando|pegue|prova|bora de|bora usar|tente usar|faz com|passa a usar|
    passe a usar|começa a usar|comece a usar|começar a usar|passar a usar|ir de|ir com)
""",
        "works": """
(responda|responde|responder|responda me|continue|continua|continuar|assuma|assume|assumir|cuide
    do resto|cuida do resto|cuidar do resto|faça o resto|faça isso|fale|tome conta|toma conta|
    faça|me responda|me responde|me responder|siga|prossiga|atenda|quem responde|quem responda|
    trabalhe|tome a frente|responda as minhas perguntas|responda minhas perguntas|assuma o
    controle|assuma o comando|faz o resto|trate do resto|trata do resto|respondendo|a responder|
    cuide disso|cuida disso|assuma daqui|assume daqui)
""",
        "which": "(qual|que|quais|qual é o|qual é a|quem|qual o|ql|qual a)",
        "things": """
(modelo|ia|llm|modelo de ia|modelo de linguagem|versão|motor|inteligência artificial|modelo da ia)
""",
        "moment": """
(agora mesmo|neste momento|no momento|atualmente|aqui|hoje|nesse momento|neste instante|nesta
    <chat>|nessa <chat>|neste <chat>|nesse <chat>|exatamente|por enquanto|mesmo|de momento|do
    outro lado|afinal)
""",
        "talk": """
(responde|me responde|está respondendo|tá respondendo|está a responder|fala|está ativo|está ativa|
    está em uso|está rodando|tá rodando|é|está|está falando|tá falando|me está a responder|está
    sendo usado|tá sendo usado|está me respondendo|tá me respondendo|roda|tá ativo|está por trás|
    está selecionado|tá on|está ligado|tá em uso|está a ser usado|está a falar|está funcionando|
    está no comando|tá|está trabalhando|está atendendo|está aí|está a correr|está configurado|está
    falando comigo|tá falando comigo|fala comigo)
""",
        "kind": """
(longo|longa|longos|longas|grande|grandes|comprido|comprida|extenso|extensa|enorme|muito longo|
    muito longa|gigante|rápido|rápida|rápidas|mais rápido|mais rápida|veloz|barato|barata|mais
    barato|mais barata|económico|econômico|econômica|mais econômico|mais em conta|em conta|
    privado|privada|privados|privadas|confidencial|confidenciais|sensível|sensíveis|secreto|
    secreta|sigiloso|sigilosa|pessoal|pessoais|difícil|difíceis|complexo|complexa|complexos|
    complexas|complicado|complicada|melhor|melhores|mais inteligente|mais potente|mais forte|mais
    poderoso|mais capaz|mais esperto|inteligente|potente|mais privado|mais seguro|mais
    confidencial|bom|boa|simples|curta|curto|pesado|pesada|mais longo|mais longa|mais econômica|
    mais económico|forte|mais lento|capaz|mais adequado|mais indicado|delicado|mais discreto|mais
    demorada|demorada)
""",
        "task": """
(tarefa|tarefas|conversa|conversas|chat|papo|contexto|contextos|documento|documentos|arquivo|
    arquivos|ficheiro|texto|textos|resposta|respostas|pergunta|perguntas|problema|problemas|
    trabalho|trabalhos|coisa|coisas|dados|sessão|histórico|assunto|assuntos|tema|conteúdo|sessões|
    informação|informações|código|negócio|ficheiros|algo|raciocínio|questão|questões)
""",
        "for": """
(para|pra|com|em|numa|num|no|se for) [(um|uma|o|a|os|as|algo|esta|essa|meu|minha|coisas|fazer|
    tratar|lidar com|algo mais|coisa|respostas|fazer algo|conversas|tarefas|uma coisa|ter|uma
    resposta|dados|assuntos)] [muito|bem|realmente|bastante] [<task>] [muito|bem|mais] <kind>
    [<task>]|(para|pra|por|pela) (velocidade|rapidez|privacidade|qualidade|economizar|poupar|
    poupar dinheiro|economizar dinheiro|gastar menos|gastar pouco|ir rápido|manter isso privado|
    manter privado|ser rápido|a privacidade|a velocidade|muito contexto|muito texto|que fique
    privado|ficar privado|contexto longo|não gastar muito|andar rápido|custo|algo privado)|se (eu
    quiser|eu precisar|quiser|for|precisar de|o que importa é|preciso de|quero|eu quero|o
    importante é|a prioridade é) [que seja|algo] (<kind>|velocidade|privacidade|qualidade|rapidez|
    economizar|economia)|(para|pra) (isso|isto|esta tarefa|essa tarefa|esta pergunta|esta <chat>|
    essa <chat>|este tipo de tarefa|mim)|em (termos de velocidade|termos de preço|velocidade|
    preço|privado|privacidade|qualidade|termos de privacidade|termos de qualidade)|de forma
    (privada|confidencial)|quando (é|for) <kind>|em particular
""",
        "suggest": """
(usaria|usarias|recomenda|recomendas|recomendaria|recomendarias|escolheria|escolherias|sugere|
    sugeres|sugeriria|usa|usar|escolher|uso|usas|aconselha|aconselhas|prefere|indica|indicaria|
    indicas|utilizaria|utilizar|devo usar|devo escolher|deveria usar|deveria escolher|seria
    melhor|é melhor|é o melhor|é a melhor|seria o melhor|pegaria|convém|vale|posso usar|serve|
    serve melhor|funciona melhor|aconselharia|me recomenda|me sugere|me indica|me aconselha|é mais
    indicado|é o mais indicado|é mais adequado|é o mais adequado|seria ideal|é ideal|é bom|
    compensa|me recomendaria|devia usar|vai melhor|se sai melhor|aconselhas me|recomendas me|
    sugeres me|é bom usar|melhor|tenho que usar|é indicado|é recomendado|é mais apropriado|
    escolho|utilizo)
""",
    },
    sentences=SENTENCES,
    needs={
        "models": "model modelo ia llm endpoint provedor motor inteligencia",
        "which": "respond fal quem convers atend rod",
        "list": "mudar trocar alternar",
        "advise": "us recom sug aconsel indic escolh pega convém utiliz deve",
        "advice": "qual quais que quem recom sug aconsel indic melhor preciso procuro busco",
    },
    goals={
        "long": "long grand comprid extens enorme gigant muito contexto janela pesad demorad",
        "fast": "rapid veloz veloc andar",
        "cheap": "barat econom poup prec gast car conta custo",
        "private": "priv confiden sensiv secret pessoa segur sigilos delicad discret particular",
        "good": """
melhor inteligen poten fort capaz poderos esperto dificil dificei complex complic qualidade
""",
    },
    picks=(
        "[(o|a|opção|número)] (último|última)",
        "[(o|a|opção|número|usa o)] (1|um|primeiro|primeira)",
        "[(o|a|opção|número|usa o)] (2|dois|segundo|segunda)",
        "[(o|a|opção|número|usa o)] (3|três|terceiro|terceira)",
        "[(o|a|opção|número|usa o)] (4|quatro|quarto|quarta)",
        "[(o|a|opção|número|usa o)] (5|cinco|quinto|quinta)",
        "[(o|a|opção|número|usa o)] (6|seis|sexto|sexta)",
        "[(o|a|opção|número|usa o)] (7|sete|sétimo|sétima)",
        "[(o|a|opção|número|usa o)] (8|oito|oitavo|oitava)",
        "[(o|a|opção|número|usa o)] (9|nove|nono|nona)",
    ),
    yes="faz isso|faça isso|isso mesmo|exato|esse|isso|muda|manda ver|pode mudar|troca|pode",
    no="""
não|nenhum|nenhuma|nenhum deles|esquece|esqueça|cancela|cancelar|deixa|deixa pra lá|deixa para lá|
    deixa assim|nada|não obrigado|nem um nem outro|fica aqui|para|deixa estar|não mude
""",
    assents="sim ok okay tá ta beleza blz",
)
