"""What commands are made of in Portuguese: tables for `cues`."""

from __future__ import annotations

from typing import Final

from .cues import Cues
from .cues_pt_bars import BAR_PARTS, BARRED
from .cues_pt_words import WORDS

PORTUGUESE: Final = Cues(
    "pt",
    {
        **BAR_PARTS,
        "adv": "[<adverb>] [<adverb>]",
        "adverb": """
agora|neste momento|nesse momento|no momento|atualmente|ainda|aqui|aí|já|cá|mesmo|realmente
exatamente|então|afinal|por enquanto|hoje|na verdade|agorinha|de momento|mais
""",
        "the": """
o|a|os|as|um|uma|uns|umas|meu|minha|meus|minhas|teu|teus|seu|seus|nosso|nossos|este|esta|isto|esse
essa|isso|esses|estes|do|da|dos|das|no|na|ao|pro|pra|todos os|todos|outro|outros|algum|alguns
qualquer|dos meus|dos seus
""",
        "one": "modelo|ia|llm|motor|endpoint|provedor|modelo de linguagem|modelo de ia",
        "many": "modelos|llms|ias|modelos de linguagem|modelos de ia",
        "chat": "conversa|chat|sessão|papo|bate papo|diálogo|discussão|thread",
        "turn": "resposta|pergunta|vez|mensagem|requisição|pedido|prompt|rodada|questão|volta|msg",
        "old": """
anterior|antigo|velho|último|original|inicial|primeiro|habitual|de antes|de sempre
de há bocado|de há pouco|de agora há pouco|passado|prévio
""",
        "then": """
antes|há pouco|há bocado|agora há pouco|anteriormente|no começo|no início|mais cedo|até agora
originalmente|ainda agora|agorinha
""",
        "ran": """
[eu|a gente|nós] (tinha|tínhamos|usava|usávamos|estava|tava|estávamos|havia|respondia|falava
    |respondeu|usei|era|vinha usando|rodava|utilizava|(estava|tava) (respondendo|usando|falando|a
    responder|a usar|rodando|ativo)|estávamos usando) [<then>]
""",
        "eu": "eu|você|vc|tu|a gente|nós|cê|vocês|vcs",
        "use": """
usar|utilizar|escolher|pegar|recomendar|sugerir|aconselhar|mudar|trocar|passar|selecionar|empregar
preferir|indicar|colocar|conversar|falar
""",
        "uses": """
usaria|usarias|utilizaria|utilizarias|escolheria|escolherias|recomenda|recomendas|recomendaria
recomendarias|sugere|sugeres|sugeriria|aconselha|aconselhas|indica|indicas|indicaria|pegaria
prefere|preferes|preferiria|recomendam|colocaria|usava|usavas
""",
        "better": """
melhor|melhores
mais (rápido|barato|inteligente|potente|esperto|econômico|seguro|privado|capaz|adequado|indicado
    |longo|forte|confiável|apropriado|poderoso|leve|em conta|preciso|eficiente|veloz|comprido)
menos (caro|custoso)|maior
""",
        "size": """
longo|longa|longos|longas|grande|grandes|enorme|extenso|extensa|comprido|comprida|rápido|rápida
rápidas|rápidos|barato|barata|econômico|privado|privada|confidencial|confidenciais|sensível
sensíveis|secreto|sigiloso|sigilosa|pessoal|particular|difícil|difíceis|complexo|complexa
complexos|complexas|complicado|complicada|duro|simples|fácil|fáceis|curto|curta|pequeno|potente
inteligente|pesado|pesada|demorado|demorada|delicado
""",
        "work": """
tarefa|tarefas|conversa|conversas|coisa|coisas|pergunta|perguntas|documento|documentos|arquivo
arquivos|ficheiro|ficheiros|contexto|refatoração|refatorar|refactoring|código|programar
programação|codar|depurar|debug|depuração|revisão|revisar|revisão de código|code review
documentação|docs|documentar|testes|tradução|traduzir|resumo|resumir|resumos|escrever|redigir
analisar|análise|pesquisa|planejar|planejamento|planeamento|projeto|projetos|sessão|sessões
trabalho|problema|problemas|raciocínio|dados|texto|textos|resposta|respostas|bugs|emails|chat
negócio
""",
        "inward": """
saia daqui|sair daqui|saia nada|saia da minha máquina|sair da minha máquina
mandar nada (pra|para) fora|enviar nada (pra|para) fora|sair nada|nada saia
fique (aqui|na minha máquina|local|privado)|seja privado|vazar nada|puderem sair daqui
possam sair daqui|podem sair daqui|saiam daqui
""",
    },
    {
        "change": """
(muda|mude|mudar|mudas|mudemos|mudamos|mudando|mudou|troca|troque|trocar|trocas|trocamos|trocando
    |passa|passe|passar|passamos|passas|volta|volte|voltar|voltamos|voltemos|retorna|retorne
    |retornar|regressa|regresse|regressar|vai|vá|vamos|ir|vamo|bora|alterna|alterne|altera|altere
    |alterar|salta|salte|pula|pule|migra|migre|move|mova|mover|desce|desça|descer|sobe|suba|leva
    |leve|joga|jogue|transfere|transfira) [me|nos] [<the>] [<one>|<chat>|tudo|isso|isto] [de
    volta] [para|pra|pro|pros|ao|à|no|na|em|de|com|por]
(continua|continue|continuar|continuamos|continuemos|segue|siga|seguir|seguimos|sigamos|fica
    |fique|ficar|ficamos|mantém|mantenha|manter|prossegue|prossiga|retoma|retome|retomar) [<the>]
    [<chat>] [só] [com|no|na|em|pelo|usando]
(muda|mude|mudar|troca|trocar|troque|altera) (de|o|meu) <one>
(define|defina|configura|configure|coloca|põe|ponha|deixa|bota) [<the>] <one> (como|em|para|pra
    |pro|no)
(coloca|bota|põe|mete|me coloca|me põe|me bota|põe me|coloca me) [me] (em|no|na)
como (modelo|modelo padrão|padrão)|quis dizer|queria dizer|quero dizer|digo
(usa|use|usar|modo|põe|bota) [o] ~|muda (isso|isto|esta <chat>|essa <chat>)
""",
        "put": """
(usa|use|usar|usas|usemos|usando|utiliza|utilize|utilizar|emprega|empregue|põe|ponha|coloca
    |coloque|colocar|bota|bote|botar|mete|mete lá|meter|pega|pegue|pegar|pega lá|tenta|tente
    |tentar|experimenta|experimente|experimentar|testa|testar|escolhe|escolha|escolher|seleciona
    |selecione|ativa|ative|ativar|liga|ligue|ligar|carrega|carregue|inicia|chama|chame|chamar
    |traz|traga|trazer|adota|adote|arranca) [me] [<the>] [com|no|na|de|pra|para]
(responde|responda|responder|respondas|respondam|respondendo|respondesse|atende|atenda|atender)
    [me] [com|pelo|pela|usando|via|por|no|na]
(fala|falar|fale|falemos|conversar|conversa|conversando|trabalhar|trabalha|trabalhe|papear|bater
    papo) com
(deixa|deixe|deixar|deixas|passa|passe|passar|manda|mande|mandar|entrega|entregue|dá|dê) [que]
    [pro|pra|para|com|a|ao|a palavra] [a|o] [isso|isto|o resto|a bola] [com]
que (responda|continue|seja|faça|assuma|fique|entre|trate|atenda|fale)
(assume|assuma|assumir|faz|faça|fazer|fazendo|trata|trate|tratar|cuida|cuide|cuidar|entra|entre
    |resolve|resolva) [isso|isto|o resto|daqui|disso|disto|tudo] [com|no|pelo]
(seja|fosse|ser) @
(chega|basta|serve|dá conta|é suficiente|já serve|já chega|está bom|tá bom|tá ótimo|resolve|dá
    |bastaria) [pra isso|para isto|pra mim]
com [o|a] @@|a responder|rodar|roda|rodando|dá (pra|para) usar|a cargo|no comando|pelo @@
nessa aqui|em vez disso|no lugar|via|através
""",
        "wish": """
[<eu>] (quero|queria|quereria|queremos|prefiro|preferia|preferiria|preferimos|preciso|precisamos
    |gostaria|gostava|gostaríamos|desejo|tô a fim|quiser) [de] [mesmo|antes|mais] [usar|ter|de
    |que seja|que o|que fosse|ver]
(me dá|me dê|dá me|dê me|me passa|passa me|me arruma|me vê|me traz|arranja me|dá)|melhor|antes
que seja|que fosse|que tal|e se|por que não|vamos de|vamos com|vai de|bora de|bora
seria (melhor|bom|ótimo) [com|se|que]|é melhor|acho melhor
(posso|podemos|poderia|pode) (ter|usar|falar com|pegar)|tem como
""",
        "polite": """
por favor|pf|pfv|pfvr|faz favor|se faz favor|faça o favor|por gentileza|obrigado|obrigada|valeu
brigado|muito obrigado|obg|vlw|se (puder|puderes|possível|for possível|der|não se importar)
[<eu>] (pode|podes|poderia|poderias|podem|podia|podias|consegue|consegues|podemos|poderíamos
    |posso) [<eu>] [por favor]
dá (pra|para)|tem como|(é|seria) possível|(importa|importas|importava) [se|te] [de|se]
faz me o favor de|será que|teria como|rola de|rola
""",
        "from": """
(a partir|de) (de|desde) (agora|aqui|já|hoje|este (momento|ponto)|esta (mensagem|pergunta)) [em
    diante]
a partir (deste|desta|dessa|desse) (momento|ponto|mensagem|pergunta)
(de|desde) (agora|aqui|já|hoje) [em diante|pra frente|para a frente|para frente|por diante
    |adiante]
daqui (em diante|pra frente|para a frente|para frente|por diante|adiante)|doravante|em diante
no futuro
(para|pra|pro|no|durante|pelo) [todo] [o] (resto|restante) [da|do|desta|dessa|deste|desse]
    [<chat>|dia]
o resto [da|do|desta|dessa] [<chat>]
(para|pra|nesta|nessa|na|durante|por) [toda] [a|esta|essa] <chat> [toda|inteira|inteiro]
neste <chat>|nesse <chat>
até (segunda ordem|eu (dizer|falar|mandar) [o contrário|outra coisa]|novo aviso|o fim|nova ordem)
sempre|permanentemente|por (enquanto|ora)|definitivamente|de vez|para sempre|pra sempre
(para|pra) (tudo|hoje|todas as (perguntas|respostas))|todas as (perguntas|respostas)|o tempo todo
por um tempo|por padrão|tudo daqui
""",
        "once": """
[só|somente|apenas|unicamente|mas só|nem que seja] [para|pra|por|em|com|a|de|o|na|no] [só|apenas
    |somente] (esta|essa|este|esse|desta|dessa|nesta|nessa|a próxima|na próxima|da próxima
    |minha próxima|a minha próxima|a tua próxima|uma|uma única|um|o próximo|a seguinte|próxima
    |uma só|pela próxima|esta única|a sua próxima) [única|só|próxima|seguinte|última] <turn> [só
    |apenas|somente|aqui|seguinte] [no|na|pelo|pela]
(só|somente|apenas) (esta|essa|isto|isso|nesta|nessa|nisto|nisso|pra isso|para isto|para esta|pra
    essa|a próxima|desta|dessa|uma|esse|este|para essa|pra esta) [aqui]
uma (vez|única vez)|uma vez só|uma vez|por uma vez|(desta|dessa|esta|essa) vez
(nessa|nesta|essa|esta) aqui|uma (resposta|pergunta) (do|da|de|com|no)
(na|a|pela|para a|pra) próxima
(pergunta|pergunte|perguntar|perguntas|consulta|consulte|pede|peça) [isso|isto|a opinião] [ao|pro
    |pra|para|à|com]
o que [é que] (diz|acha|pensa|diria|acharia) [<the>|disso|disto]
(uma|outra) [segunda] opinião [do|da|de]|segunda opinião [do|da|de]|a opinião (do|da|de)
(diria|acha) [disso|disto]
e (depois|aí) [volta|voltamos|volte] [ao normal|como antes|ao anterior|ao de antes|como estava]
depois (volta|como antes|voltamos)|não (para|pra) toda a <chat>
(responde|responda|responder) (isto|isso|esta|essa|esse) [aqui] [com|no|pelo|só]
(esta|essa|isso|isto) (faz|quem faz|quem responde|manda|deixa) [com|o|a|pro|pra]
(deixa|deixe|que) [o|a] @ (responder|fazer|responda|faça|ver) [a|só] (isso|isto|essa|esta)
(faz|faça|manda|passa) (essa|esta) [aqui] [com|pro|no|pra]|pontualmente|de forma pontual
""",
        "this": """
(para|pra|com|em|nisso|disso|a) (isto|isso|o seguinte|esta tarefa|essa tarefa|o que segue) [aqui]
(nisto|nisso)|(faz|faça|fazer) (isto|isso) [aqui] [com|no|na|pelo]
""",
        "now": """
agora|já|neste momento|imediatamente|logo|hoje|em vez disso|agora mesmo|atualmente|no momento
por enquanto|de uma vez|aí
""",
        "anyway": """
mesmo assim|de qualquer forma|de qualquer jeito|de qualquer maneira|ainda assim|custe o que custar
de qualquer modo
""",
        "return": """
(volta|volte|voltar|voltamos|voltemos|vamos|muda|passa|regressa|troca) (atrás|pra trás|para trás
    |de volta)
(desfaz|desfaça|desfazer|reverte|reverta|reverter|cancela|cancele|cancelar|anula|anule) [a|o|essa
    |esta|esse|minha] [última|último] (troca|mudança|alteração) de <one> [anterior]
volta (por favor|agora|já|aí|pf)|marcha atrás
""",
        "before": """
[<the>] <old>|(ao|o|a|do|com o|pro|para o|no) <old>|[ao|o|a|pro|para o|do] (que|o que) <ran>
(o de|ao de|do de|pro de) <then>|de antes|onde (a gente|nós|eu) (estava|estávamos|tava)
""",
        "gone": """
[<the>] [velho|antigo|último|primeiro] <one> (<old>|que <ran>|de <then>)
[<the>] (antigo|velho|último|primeiro) <one> [<old>]|(o|ao|pro) outro <one>
(o|ao|do|pro) que [me] ((estava|tava) (respondendo|a responder|falando)|respondia|falava) [<then>]
[de novo] o que <ran>|(o|ao) (anterior|outro|de antes) (de novo|outra vez)
de novo o (anterior|de antes|outro)|(era|estava|tava) melhor [com] o (outro|anterior|antigo)
(gostava|gostei) mais do (outro|anterior|antigo|de antes)
""",
        "ask": """
(me diz|me diga|diz me|diga me|me fala|me conta|lembra me|me lembra|diz aí|fala aí) [de novo]
(pode|podes|poderia|consegue) me (dizer|falar|lembrar)|(pode|podes) dizer me
(quero|queria|preciso|gostaria de) saber|uma (pergunta|dúvida|pergunta rápida)|por curiosidade
só (por curiosidade|pra saber|para saber)|não (sei|lembro)|esqueci|sabe|sabes|aliás|por acaso
""",
        "which": """
[com|de|a|em|entre|para|pra] (que|qual|quais|o que|do que|pelo que) [é o|é que|são os]|que tipo de
o que é que
""",
        "who": "[com|de|a|por] quem [é que]|quem é [que]",
        "current": """
[qual é|qual|diz|me diz|mostra|me mostra] [<the>] <one> (atual|ativo|em uso|selecionado|corrente)
    [<adv>]
[qual é|qual] o nome (do|deste|desse|do teu|do seu) <one>|como se chama (este|esse|o) <one>
(para|pra) onde vão (as minhas|minhas) (mensagens|perguntas)
""",
        "model": """
[<the>] [pequeno|bom|grande] <one> [local|pequeno|grande|embutido|offline]
""",
        "state": "(está|tá) [<adv>] [a] (rodando|rodar)|roda|(a gente|eu|nós) (usa|uso)|usamos",
        "is": """
(é|és|está|tá|estou|tô|estás|estamos|sou|são|era|foi|seria|ser) [<adv>] [este|isto|esse|isso|você
    |vc|tu|ativo|selecionado|em uso|o que] [<adv>]
(este|isto|esse|isso|você|vc|tu) [<adv>] (é|és) [<adv>]
(tenho|temos|tem) [<adv>] [ativo|selecionado]|(ativo|selecionado|em uso)
(está|tá) (sendo|a ser) usado|se usa
""",
        "self": """
ainda (estou|tô|estamos|tamos|é|és|está|tá|estás|uso|usamos|falo) [<adv>] [falando|a falar|usando
    |a usar] [com|no|na|em|o]
(estou|tô|estamos|estás|tamos) [<adv>] [falando|a falar|usando|a usar] [com|no|na|em]
(você|vc|tu) [<adv>] (é|és|está|tá) [<adv>] [no|usando]|(és|é você|és tu) [<adv>]
(isto|isso|este|esse) (ainda é|vem) [<adv>] [do|da|no|rodando no]
(continuo|continuas|continuamos) [<adv>] (no|na|com|sendo|a ser|a usar|usando)
já (mudou|mudaste|estou|estamos|trocou|tá|está) [para|pro|pra|no]|falo [<adv>] com
""",
        "speaks": """
[me|<eu>] (está|tá|estás|estão|tava|estava) [<adv>] [a|me] (respondendo|responder|responder me
    |falando|falar|usando|usar|escrevendo|escrever|atendendo|trabalhando|conversando|utilizando
    |gerando) [me|comigo] [<adv>]
[<eu>] (estou|tô|estamos|ando|tamos) [<adv>] [a] (falando|falar|usando|usar|conversando|conversar
    |utilizando|trabalhando|trabalhar|lidando) [<adv>] [com]
[me] (responde|responde me|fala|atende|escreve|gera) [<adv>] [isso|isto|às minhas perguntas
    |minhas perguntas|comigo|a última|aqui]
[<eu>] (falo|converso|trabalho) [<adv>] [com]|(usas|rodas|corres) [<adv>]
(você|vc|tu) (usa|roda|utiliza|funciona|se baseia) [<adv>] [em|com|no]
(está|tá) [<adv>] (por trás|no comando|a cargo|ativo|em uso|do outro lado|em ação|no ar|por
    detrás) [<adv>] [disso|disto]
(acabou|acaba|acabaste) de (responder|escrever|me responder) [<adv>]
(vem|veio) (esta|essa|a) (resposta|última resposta) [<adv>]
vão (as minhas|minhas) (mensagens|perguntas)|(na|pra) nuvem ou|ou na nuvem
[que] é que (está|tá) [<adv>] [a] (responder|respondendo|falar|falando)
""",
        "spoke": """
[me] (respondeu|escreveu|disse|fez) [isso|isto|a última|aquilo] [<adv>]
(acabou|acaba|acabaste) de (responder|escrever|me responder) [<adv>]
""",
        "models": """
[<the>] [<the>] [diferentes|possíveis] <many> [disponíveis|possíveis|configurados|instalados
    |locais|existentes]
(lista|listagem|catálogo|menu) [de|dos|com] [<the>] <many>|opções de (<one>|<many>)
(endpoints|provedores|motores) (disponíveis|configurados)|de modelos
""",
        "list": """
(lista|liste|listar|mostra|mostre|mostrar|mostra me|mostre me|exibe|exiba|exibir|enumera|dá|dá me
    |diz|diga|nomeia|ver|me mostra|me mostre|me dá|me dê|me lista|me diz|quero ver|apresenta)
    [<the>|a lista de|uma lista de|a lista dos]
(a|uma) lista [de|dos|com]
[<eu>] (há|existem|estão|são|tem|temos|tenho|tens|conhece|conheces|oferece|suporta|dispõe|restam)
    [<adv>] [<eu>] [disponíveis|disponível|para (escolher|usar)|pra (escolher|usar)|configurados
    |instalados|à (disposição|mão)|à minha disposição|à escolha|aí|ligados|conectados]
[que] [<eu>] [me] (posso|pode|podes|podemos|poderia|podem|consigo|dá pra|dá para) [<eu>] [<use>
    |ver|ser usados] [para|com|entre|de] [entre]
(disponíveis|disponível|configurados|instalados|à disposição)
que (há|tenho|tem|temos|existem|tens|estão disponíveis|você tem|eu tenho)|quantos|mais (há|tem)
opções (tenho|há|tem)|(para|pra) escolher
""",
        "choices": """
(para|pra|entre) (qual|quais|o que|quem) [<eu>] [me] (posso|podemos|pode|dá pra) (mudar|trocar
    |passar|escolher)
(quais|que outros|que outras opções) [<eu>] (posso|há|tenho|tem) [usar|escolher]
[<eu>] (posso|pode|podemos) (mudar|trocar) [pra|para|de]
""",
        "besides": """
além de|além do|além da|fora|exceto|tirando|sem contar|menos|que não (seja|sejam)
""",
        "also": "e",
        "some": """
(um|uma|algum|qualquer um) (de|do|da|dos|das) [meus|seus|modelos]|algo (do|da|de)
alguma coisa (do|da)|um|algum
""",
        "suggest": """
(recomenda|recomende|recomenda me|sugere|sugira|sugere me|aconselha|aconselhe|aconselha me|indica
    |indique|me recomenda|me recomende|me sugere|me indica|me sugira|me indique|me aconselha) [um
    |uma|algo|algum|o] [bom]
(alguma|uma|tua|sua|tem alguma|tens alguma) (recomendação|sugestão|dica|indicação) [de|para|pra
    |sobre]
(me ajuda|ajuda me|me ajude) a escolher|(pode|podes|poderia) me (recomendar|sugerir|indicar)
""",
        "should": """
[<eu>] [me|nos] <uses> [<eu>] [me] [<adv>] [usar]
[<eu>] [me] (devo|deveria|devia|devemos|deveríamos|devíamos|tenho que|tenho de|preciso|vale a
    pena|convém|compensa) [<eu>] [<use>]
[<eu>] (uso|escolho|pego|coloco|usamos|ponho) [<adv>]|é (recomendado|aconselhável)|<use>
me aconselhas|me recomendas
""",
        "best": """
[é|és|seria|são|vai|funciona|fica|serve|está|tá|roda] [<adv>] [o|a|os|qual|que é] <better> [opção
    |de|para|pra|em|com|dos|que]
(é|seria|está) [<adv>] [o] (bom|boa|adequado|recomendado|indicado|apropriado|ideal|certo) [para
    |pra|em]
(serve|aguenta|suporta|lida|dá conta|convém) [<adv>] [<better>] [para|pra|com]
(bom|adequado|ideal) (para|pra)
""",
        "goal": """
[para|pra|pro|de|com|uma|um|numa] [<the>] [algo|tarefa|coisa|coisas] [muito|bem|bastante
    |realmente|super] (<size>|<better>) [<work>] [<work>]
[para|pra|numa] [<the>] <work> [de] [muito|bem|bastante|realmente] <size>|muito (texto|contexto)
(para|pra|por|pela|com) [a|o] (privacidade|velocidade|qualidade|preço|custo|economizar|poupar
    |dinheiro|confidencialidade|segurança|rapidez)
economizar dinheiro|gastar menos|contexto (longo|grande)|em privado
""",
        "case": """
[se|para que|pra que|e|quando] [eu|os dados|os meus dados|isto|isso] [quero|quiser|preciso|não
    quero|não quiser|não pode|não deve|deve|tem que|tem de|é|não|for] [que] [nada] [não] <inward>
se (eu|for) [quero|quiser|preciso] [que seja] [algo] [muito] (<size>|privacidade|velocidade
    |qualidade)
""",
        "task": """
[para|pra|pro|de|em|com|numa|na] [fazer] [<the>] <work> [de] [<work>]
(para|pra) (isto|isso|essa|esta|fazer isso|algo assim) [aqui]|esse tipo de <work>|o dia a dia
""",
        "ours": """
[que] [<eu>] (tem|tenho|temos|há|tens) [<eu>]|(dos|de) [meus|seus|que] [tenho|tem|há] [modelos]
disponível
""",
        "either": "ou|ou o|ou a",
        "glue": """
só|somente|apenas|ok|okay|ei|oi|olá|ah|hum|hmm|então|sim|tá|tá bom|beleza|blz|certo|claro|valeu
desculpa|desculpe|talvez|também|o|a|os|as|um|uma|de|do|da|dos|das|com|para|pra|pro|pelo|pela|ao|e
me|te|nos|lhe|meu|minha|meus|teu|tua|seu|sua|nosso|este|esta|isto|esse|essa|isso|aqui|aí|lá|ali|cá
seja|de novo|outra vez|novamente|instância|mais|muito|um pouco|simplesmente|rapidinho|rapidamente
diretamente|tudo|todo|cara|mano|olha|né|hein|opa|realmente|na verdade|afinal|finalmente|mesmo
mesma|pequeno|grande|máquina|computador|pc|local
localmente|nuvem|a nuvem|sem (internet|conexão)|nada (pra|para) fora|conversa|chat|roda|tenho
como|assim|modo|seguinte|porque|vez|vou
""",
    },
    WORDS,
    BARRED,
)
