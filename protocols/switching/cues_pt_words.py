"""Single words of Portuguese by what they do in a command.

The words are those of everyday talk about changing, asking and choosing, in Brazil and in Portugal.
Words of the trade stand only where advice is asked for (`task`): a text that wants a change must
have none. "Não" and "se" stand alone nowhere: they negate, and say conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues_pt_talk import TALK
from .meaning import Kind

WORDS: Final[Mapping[Kind, str]] = {
    **TALK,
    "change": """
mudasse|mudasses|passasse|passasses|trocasse|trocasses|continuasse|continuasses|voltasse|voltasses
muda|mude|mudar|mudas|mudes|mudemos|mudando|mudo|mudarmos|troca|troque|trocar|trocas|troques
troquemos|trocando|troco|trocarmos|passa|passe|passar|passas|passes|passemos|passo|passando
passarmos|volta|volte|voltar|voltemos|volto|retorna|retorne|retornar|regressa|regresse|regressar|vai
vá|ir|vamos|vamo|bora|vou|alterna|alterne|alternar|altera|altere|alterar|alteres|salta|salte|pula
pule|pular|migra|migre|move|mova|mover|desce|desça|descer|sobe|suba|subir|leva|leve|joga|jogue|jogar
transfere|transfira|vira|transferir|continua|continue|continuar|continues|continuemos|continuarmos
segue|siga|seguir|sigamos|sigas|seguirmos|fica|fique|ficar|fiques|fiquemos|fico|ficarmos|mantém
mantenha|manter|mantenhas|prossegue|tira|prossiga|prosseguir|prosseguirmos|retoma|retome|retomar
prosseguindo|larga|largue|deixa|deixe|deixar|(faz|faça|fazer) a (troca|mudança)|a troca|a mudança
mudança para|troca para|cambia|vira para
""",
    "put": """
não me (passas|mudas|trocas|pões|dás|deixas|metes)|escolho|elejo|fico com|vou com|vou de|vou no
deixa eu (usar|ver|testar|falar com)|deixe me (usar|ver|testar|falar com)
que (entre|venha|assuma|trate)|entra|entre|puxa o|mete aí|põe aí|bota aí|joga no|joga pro|encosta o
chama aí|passa aí|ponham|metam|coloquem|use se|usem|botem|mandem|usasse|usasses|pusesse|pusesses
respondesse|fizesse|botasse|colocasse|desse me|usa|use|usar|uses|usemos|usando|usarmos|utiliza
utilize|utilizar|utilizes|emprega|empregue|põe|ponha|pôr|ponhas|por o|por a|bota|bote|botar|coloca
coloque|colocar|coloques|mete|meta|meter|metas|pega|pegue|pegar|tenta|tente|tentar|experimenta
experimente|experimentar|testa|teste|testar|escolhe|escolha|escolher|seleciona|selecione|selecionar
ativa|ative|ativar|liga|ligue|ligar|carrega|carregue|carregar|inicia|chama|chame|chamar|traz|traga
trazer|adota|adote|arranca|arranque|arranja|arranje|arranjar|puxa|puxe|puxar|larga|manda|mande
mandar|entrega|entregue|entregar|dá|dê|dar|dás|pede|peça|pedir|encosta|encarrega|solta|solte
responde|responda|responder|respondas|atende|atenda|atender|fala|fale|falar|conversa|converse
conversar|trabalha|trabalhe|trabalhar|trabalharmos|faz|faça|fazer|faças|fazes|resolve|resolva
resolver|trata|trate|tratar|cuida|cuide|cuidar|assume|assuma|assumir|chega me|passa me|empresta
empreste|acorda|aciona|acione|acionar|engata|engate|rodar|roda|rode|dá uma chance|tasca|saca|saque
aplica|aplique|abre|abra|vai de|vamos de|bora de|toca|toque|tocar|aponta|aponte|conecta|conecte
conectar|põe me|deixa me|deixa o|deixa com|feita pelo|feita por
quem (responde|faz|assume|atende|toca) [a|agora]|é (pro|para o|pra)|da parte do
""",
    "wish": """
(está|tá|já é) [na] hora (de|do)|é hora (de|do)|minha (escolha|opção|preferência) é
meu (voto|favorito|preferido) é|curto mais|procuro|procuramos|pretendo|faz me falta|tô precisando
estou a precisar|ando a precisar|dava jeito|dava me jeito|calhava bem|seria bacana|seria legal
era bom|era ótimo|não era mau|o ideal seria|requeiro|necessito|necessitamos|solicitamos|insisto
queira|quisera|voto no|aposto no|tô querendo|estou querendo|tava querendo|estava querendo
andava a querer|bem que podia|bem que podias|quem dera|precisava era
e se [a gente|nós|eu] (testar|usar|passar|mudar|trocar|for|fosse|usasse|testasse|mudasse|passasse
    |trocasse|usarmos|passarmos|mudarmos|testarmos|experimentar|pegar|botar|ficar|continuar)
quero|queria|quereria|queremos|queríamos|quer|querer|querendo|prefiro|preferia|preferiria|preferimos
preferir|preciso|precisamos|precisava|gostaria|gostava|gostaríamos|adoraria|adorava|desejo|desejava
tô a fim|tenho vontade de|apetece me|me apetece|quiser|melhor|é melhor|seria melhor|antes
de preferência|basta|chega|bastaria|é suficiente|suficiente|dá conta|já (serve|chega|resolve)|serve
serve me|me serve|resolve|seria bom|que tal|e se|por que não|porque não|tomara|vale|outra vez
de novo|novamente|e pronto|e só|e ponto|pode ser|podia ser|tem que ser|tem de ser|há de ser|era para
era pra|é para|é pra|que seja|que fosse|solicito|peço|agradecia|agradeceria|agradeço|a pedir
no lugar|em vez|faz falta|ponto final|tá na hora de|está na hora de|convém|convinha|já disse
e não se fala mais nisso
""",
    "polite": """
quebra um galho|quebra esse galho|quebra um galho aí|me dá uma mão|dá uma mão|dá me uma mão
dá uma força|me dá uma força|faz essa pra mim|me faz esse favor|faz me esse favor|dá um jeito|rogo
rogo que|peço que|peço lhe|peço te|queira|queiram|proceda|tenha a bondade de|teria a bondade de
se não for abuso|se fosse possível|se desse|se calhasse|agradecida|agradecidos|cortesia|por obséquio
obséquio|por bondade|com todo respeito|com todo o respeito|sff|fxfv|plmdds|pelo amor de deus
se conseguir|se conseguires|faça me o favor|fazes me o favor|fazia me o favor|importava se de
podias me|podia me|pode me|se for preciso|por favor|porfavor|por favorzinho|favorzinho|pf|pfv|pfvr
pls|plis|faz favor|se faz favor|faça o favor|faz me o favor|por gentileza|gentileza|obrigado
obrigada|brigado|brigada|muito obrigado|muito obrigada|obg|vlw|valeu|grato|grata|agradecido
se (puder|puderes|pudesse|pudesses|quiser|quiseres|possível)|se der [para|pra]
se [for|fosse|é|não for|não for muito] [possível|incômodo|incómodo|pedir muito|demais|ser]
se pudesse ser|se (você|vc|tu) (puder|puderes|quiser)
se não (se|te) (importa|importar|importas|importares)|pode|podes|podem|poderia|poderias|podia|podias
podemos|poderíamos|podíamos|posso|consegue|consegues|conseguem|despacha te|apressa te|anda logo
rápido com isso|dá pra|dá para|daria para|daria pra|tem como|teria como|é possível|seria possível
será que|será possível|rola|rola de|importa se|importas te|importa se de|importavas|faz o favor de
me ajuda|seria pedir muito|desculpa|desculpe|com licença|quando puder|quando puderes|pode ser
""",
    "from": """
até [que] [eu] (acabar|terminar|acabe|termine|acabarmos|terminarmos) [o|a|isto|isso|este|esse
    |com] [projeto|tarefa|trabalho|dia]
de uma vez por todas|no que falta|o projeto (todo|inteiro)|todo (este|esse) (chat|projeto|papo)
pelo resto|do resto|no restante|restantes|hoje em diante|daqui até ao fim|daqui até o fim
o tempo que falta|a conversa (toda|inteira)
(a partir|de|desde) (de|desde|do) (agora|aqui|já|hoje|momento)
a partir (daqui|de agora|disto|disso|deste|desse|desta|dessa) [momento|ponto|mensagem|pergunta]
daqui (em diante|pra frente|para a frente|para frente|por diante|adiante|até o fim|pra diante)
em diante|adiante|doravante|para sempre|pra sempre|sempre|resto|restante
tudo o que (vem|falta|resta|segue)|(o|pro) que (falta|resta|vem|segue)|até [o|ao] fim
até segunda ordem|até (eu|que eu) (mandar|dizer|avisar|pedir) [o contrário|outra coisa]|de vez
direto|(todas|todos) (as|os) (respostas|perguntas|mensagens) [seguintes|que vêm]|toda|todo|inteiro
inteira|(as|nas|para as|pras) próximas [respostas|perguntas|mensagens]|por enquanto|por agora
por ora|o dia|por padrão|permanentemente|definitivamente|até terminar|até acabar|o tempo todo
o chat todo|até nova ordem
""",
    "once": """
[a|na|pra] que vem (quem|que)|a que vem
depois (voltamos|volta|seguimos|segue|segues|continuamos|continua|continuas|retomamos) [com|pro|ao
    |a|o] [mesmo|de sempre|outro|normal]
só nesta|só nessa|só neste|só nesse|uma segunda opinião|[só] (este|esse) (pedido|mensagem)
só desta feita|pontualmente|só um bocadinho|só pra isto|a (resposta|pergunta) seguinte
[só|somente|apenas|unicamente|mas] [a|para|pra|por|em|com|de|na|no] (esta|essa|este|esse|desta
    |dessa|nesta|nessa|uma (única|só)|[a|o|da|na|pela|pra|minha|tua|sua|esta|essa] (próxima|prox
    |próximo|seguinte|única)) (resposta|pergunta|vez|consulta|mensagem|questão|dúvida|msg
    |rodada) [que vem|que segue|seguinte|só|apenas] [agora]
(a|na|pra|da) (resposta|pergunta|mensagem) (que vem|que segue|seguinte|de agora)
[só|somente|apenas] [a|na|pra|para a|da|pela] (próxima|prox|seguinte|que vem a seguir
    |que se segue) [só]
uma vez [só]|uma única vez|desta vez|dessa vez|por esta vez|só por uma vez
só (uma|desta|dessa) [vez]
[mas|e] (só|somente|apenas) [para|pra|por|com|em] (ela|esta|essa|este|esse|aquela|a próxima
    |uma) [mesmo]
só mesmo (esta|essa)|só isso [mesmo]|só essa|só esta|só este bocado|este bocado
[e] (depois|aí|logo) (volta|volte|voltas|voltamos|continua|continuas|segue|segues|como|volto) [tu
    |você]
e (voltamos|volta|voltas)
e (depois|aí|logo) (volta|volte) [ao normal|como antes|ao de antes|ao mesmo|com o mesmo|como estava
    |como tava|pro mesmo|para o mesmo|antes|igual]
depois como antes|[depois] como (antes|estava|tava|dantes)
o resto (igual|como antes|fica igual|fica como está)
""",
    "this": """
(isto|isso|nisto|nisso|disto|disso|o seguinte|o que segue|esta tarefa|essa tarefa|esse serviço
    |este serviço|este trabalho|esse trabalho|esta coisa|essa coisa|este caso|esse caso|esta parte
    |essa parte|este pedaço|esse pedaço|esse negócio|esse trem|esse troço|esse assunto
    |este assunto) [aqui|aí]
""",
    "now": """
agora|já|agorinha|já já|logo|hoje|imediatamente|neste momento|nesse momento|agora mesmo|aí
""",
    "revert": """
volta atrás|voltas|voltares|retroceder|retrocede|retroceda|repõe|desfazes|desfazemos|dá marcha atrás
recoloca|recoloque|religa|traga de volta|torna|torne|tornar|tornemos|devolve|devolva|devolver
devolve me|volta|volte|voltar|voltemos|voltarmos|volto|regressa|regresse|regressar|retorna|retorne
retornar|desfaz|desfaça|desfazer|reverte|reverta|reverter|restaura|restaure|restaurar|recupera
recupere|recuperar|traz de volta|bota de volta|põe de volta|coloca de volta|de volta|atrás|pra trás
para trás|retoma|retome|retomar|reponha|repor|anula|anular|cancela a troca
""",
    "before": """
íamos|ia|vínhamos usando|com que (começamos|comecei|começámos)|começamos|comecei|começámos|primeiro
tive|tivemos|me deste|me deu|puseste|colocou|me calhava|levava|costumava|da outra vez|até há bocado
com que a gente (começou|tava|estava|vinha)|a gente (usava|tinha|tava|estava)|primeirinho|de ontem
pouco atrás|de outrora|anterior|antes|prévio|velho|antigo|passado|original|de sempre|inicial|último
há (pouco|bocado|bocadinho|tempo|um bocado|um tempo|um pouco|instantes)|agora há pouco|ainda agora
anteriormente|no começo|no início|ao início|mais cedo|tinha|tínhamos|tinhas|usava|usávamos|estava
tava|estávamos|távamos|havia|era|respondia|falava|vinha|vínhamos|respondendo antes|até agora|dantes
naquele|daquele|aquele|até há pouco
""",
    "ask": """
informe me|queria confirmar|me esclarece|esclarece me|esclareça|recorda me|recorde me|não lembro
não me lembro|esqueci|esqueci me|tô perdido|estou perdido|me perdi|só pra saber|só para saber
só por saber|uma consulta|se me permite|já esqueci|perdi me|deixa eu perguntar|deixe me perguntar
só uma coisa|uma coisa|vem cá
me (diz|diga|fala|conta|lembra|informa|informe|confirma|confirme|explica qual|dizer|falar|confirmar)
(diz|diga|conta|lembra|confirma|informe|recorda|recorde) me|diz|diga|fala aí|diz lá|diga lá|saber
sabe|sabes|dizer me|dizer|informar|informar me|confirmar|confirma|confirme|para confirmar
só confirmando|curiosidade|por curiosidade|pergunta|dúvida|pergunto|pergunto me|fiquei na dúvida
quero saber|queria saber|gostaria de saber|por acaso|já agora|afinal
""",
    "which": """
qual|quais|(que|q|qq) [outros|tipo de] (modelos|ias|opções|outros)|entre (que|q)|para (que|q)
pra (que|q)
""",
    "who": "quem|com quem|quem é que",
    "current": """
modelo (atual|ativo|em uso|selecionado|corrente|vigente|presente|da vez|no ar)
nome (do|deste|desse|do teu|do seu|de seu) modelo|como (se chama|te chamas|você se chama)
""",
    "model": """
(o|pro|ao|no) ~|modelo|modelinho|ia|llm|mod|modelo de linguagem|o daqui da máquina|model
""",
    "is": "é|são|seja|seria|era|foi|está|tá|estão|tão|fica|ser",
    "self": """
ainda|continuo|continuas|continuamos|és|sou|você é|vc é|tu é|cê é
já (mudou|mudaste|trocou|trocaste|estou|estamos|tô|está|tá|passou)
(estou|tô|to|estamos|estás|tás|tamos|está|tá) (no|na|com|em|a usar|a falar|usando|falando) [com|o|a]
é você|és tu|é vc|é tu|sois
""",
    "state": """
parados|parado|metidos|me calhou|calhou|me coube|coube|puseste|colocaste|puseram|atribuído
ligado agora|traz|trazes|trago|acionado|carregaste|andas|andamos|rola|rolando|rodando agora|hoje
em que a gente (está|tá)|a gente (está|tá)|vigorando|em vigor|de turno|és|é você|é vc|é tu
é o senhor|você|vc|cê|ocê|tu|estou|tô|to|estamos|tamos|tenho|temos|tens|tem|usas|usa|uso agora
você usa|está|tá|estás|tás|ficou|ficamos|ativo|ativado|ativa|ligado|ligada|selecionado|configurado
em uso|agora|carregado|atualmente|neste momento|nesse momento|no momento|houve troca|mudou|trocou
este|esse|isto|isso|roda|rodando|rodas|corre|corres|funcionando|trabalha|trabalhas|por trás
(está|tá) (sendo|a ser) usado|sendo usado|a ser usado|usado|no ar|no comando|de serviço|em ação
do outro lado|de plantão|és tu
""",
    "speaks": """
respondeu isso|respondeu isto|atendeu|me atende|te baseias|se baseia|processando|a processar
escrevendo me|me escreve|a escrever|me lê|à minha frente|do outro lado|por trás disto|por trás disso
conversas|a conversar|teclas|estás a usar|está a usar|tá usando|está usando|cê usa|você usa|vc usa
tu usas|me respondendo|a responder me|me atendendo|respondendo|a responder|respondes|respondeu
respondeste|responde|responda|falando|a falar|falo|falas|fala|falamos|conversando|converso|atendendo
a atender|atende|atendes|escrevendo|usando|a usar|utilizando|comigo|teclando|gerando|trabalhando
batendo papo|me responde|lidando|a lidar|a trabalhar|responder me
""",
    "models": """
(que|q|qq) [outros|tipo de] (modelos|ias)|modelos|llms|ias|modelinhos
lista de [todos os|os|teus|seus] modelos|lista dos modelos|opções de (modelo|modelos)
(menu|catálogo|listagem|lista) (de|dos) (modelos|modelo)|todos os modelos|todos modelos
""",
    "list": """
contas|conta|contamos|dispões|dispõe|disponho|dispomos|inclui|mostra me|mostre me|lista me|liste me
me mostra|me lista|me mostre|me liste|passa me|me passa|dás me|a escolher|pra escolher|alternativas
suportados|habilitados|ativos|ao alcance|existentes|que mais|vocês têm|cês têm|conhecidos|oferta
ofertas|possuem|possui|possuis|lista|liste|listar|listagem|mostra|mostre|mostrar|mostras|exibe|exiba
exibir|enumera|enumere|enumerar|dá|dê|dar|diz|diga|dizer|fala|fale|falar|nomeia|ver|passa|passe
manda|mande|apresenta|apresente|apresentar|menu|catálogo|opções|opção|há|existem|existe|tem|tens|têm
tenho|temos|me diz|me dizes|me diga|disponível|disponíveis|disposição|oferece|ofereces|oferecer
suporta|suportas|conhece|conheces|posso|pode|podes|podemos|poderia|consigo|dá pra|dá para|escolher
escolha|escolho|selecionar|usar|utilizar|pegar|trocar|mudar|passar|outros|demais|mais|quantos|entre
todos|possíveis|selecionáveis|instalados|configurados|conectados|ligados|à mão|por aí|sabe|sabes
saber|informe|informar|consultar|indica|indique|restam|à escolha|eu escolher|conversar|experimentar
""",
    "suggest": """
recomendem me|oriente me|orienta me|me orienta|me oriente|assessora|sugira me|sugere me|sugerir me
aconselhe me|aconselha me|me aconselha|me aconselhe|guia me|dicas|me dá uma dica
me ajuda a (escolher|decidir)|ajuda me a (escolher|decidir)|ajude me a (escolher|decidir)
me ajude a (escolher|decidir)|palpite|palpites|recomenda|recomende|recomendas|recomendam|recomendar
recomendaria|recomendarias|recomendação|recomendações|sugere|sugira|sugeres|sugerir|sugeriria
sugeririas|sugestão|sugestões|aconselha|aconselhe|aconselhas|dica|aconselhar|aconselharia
aconselharias|conselho|indica|indique|indicas|indicar|indicaria|indicarias|indicação|aconselhável
recomendável|recomendado|orienta|me ajuda a escolher|ajuda me a escolher
""",
    "should": """
continuar|seguir|trabalhar|ficar|mudar|trocar|passar|te inclinas|usa|usas|pões|bota|bota aí|convirá
será|seria|iria|funcionaria|serviria|renderia|meto|vou|fico|usaremos|usamos|pegamos|pediria|usasse
escolhesse|recomendariam|aconselham|sugerem|indicam|boto|jogo|devo|deveria|devia|devemos|deveríamos
devíamos|tenho que|tenho de|convém|convinha|compensa|vale a pena|uso|usaria|usarias|usava|usavas
escolho|escolhia|escolheria|escolherias|pego|pegaria|pegarias|pegava|ponho|punha|punhas|colocaria
colocava|botaria|preferia|preferes|prefere|preferiria|usar|escolher|pegar|acha|achas|acha que
achas que|pensa|pensas|parece|escolhe|escolhes|deixaria|diria|dirias|dizias|metias|vou de|vai bem
serve|me serve|é melhor|tentaria
""",
    "best": """
melhor|melhores|ótimo|ideal|indicado|adequado|apropriado|conveniente|mais em conta|maior
mais (rápido|barato|inteligente|potente|esperto|econômico|económico|seguro|privado|capaz|adequado
    |indicado|longo|forte|confiável|fiável|apropriado|poderoso|leve|preciso|eficiente|veloz
    |comprido|baratinho|rapidinho|parrudo|completo|bruto|ágil|discreto|pequeno)
menos (caro|custoso|gasto)
""",
    "fit": """
bom|boa|bem|serve|sirva|aguenta|aguente|lida|lide|entende|entenda|suporta|capaz|dá conta|vai bem
manja|rende|funciona|funcione|cumpre|resolve|chega|barato|econômico|económico|rápido|seguro|privado
potente|confiável|fiável|sabe|saiba|não se (perca|perde|enrole)|percebe|presta|manda bem
""",
    "goal": """
barato|barata|baratinho|econômico|económico|rápido|rápida|rapidinho|rapidinha|rapidez|velocidade
privado|privada|privacidade|confidencial|confidenciais|sensível|sensíveis|sigiloso|sigilo|secreto
seguro|segurança|longo|longa|grande|grandes|enorme|gigante|gigantesco|extenso|comprido|difícil
complexo|complicado|cabuloso|preço|custo|gastar|gastar pouco|gastar menos|gasto|poupar|economizar
economia|grana|dinheiro|tokens|pesado|simples|fácil|qualidade|verba|orçamento|cabeludo|demorado
delicado|espinhoso
""",
    "case": """
se [eu] [não] (quero|quiser|preciso|precisar|busco|for|é|tenho|tiver|há|houver|me importa|posso
    |puder) [que]
(para|pra|pro) (um|uma|algo|coisas|coisinhas|isto|isso|perguntas|tarefas|textos|escrever|programar
    |código|ler|o|a|os|as|meu|minha|este|esta|esse|essa|fazer|quando|o que|que)
quando (quero|quiser|houver)|sem (gastar|pagar|que|mandar|sair) [muito|tanto|nada]
que (não|nada) (saia|gaste) [muito|nada]
""",
    "task": """
procuro|matemática|física|química|cálculos|exame|exames|prova|provas|lição|aula|aulas|universidade
faculdade|colégio|escola|apresentação|apresentações|blog|artigo|artigos|roteiro|roteiros|post|redes
publicidade|receita|receitas|viagens|jurídico|prontuário|entrevista|currículo|cv|protótipo|app|apps
site|página|páginas|microserviços|base de dados|banco de dados|migrar|leis|ensaio|ensaios|parágrafo
parágrafos|frase|frases|título|títulos|nome|nomes|comentários|ortografia|corrigir|correção|gramática
inglês|português|francês|línguas|todo o|aborrecido|chatinho|massivo|urgente|complexas|complexos
difíceis|simples|é|privados|internos|confidenciais|sigilosos|perguntas curtas|redação|dissertação
para|pra|pro|de|em|com|um|uma|num|numa|por|sobre|bug|bugs|erro|erros|falha|falhas|código|programar
programa|programas|programação|codar|depurar|depuração|debug|refatorar|refatoração|refactoring
revisar|rever|revisão|escrever|escrita|redigir|texto|textos|email|emails|carta|cartas|relatório
relatórios|documento|documentos|documentação|documentar|arquivo|arquivos|ficheiro|ficheiros|contrato
contratos|traduzir|tradução|resumir|resumo|resumos|explicar|explicação|explicações|contas|lógica
raciocínio|raciocinar|analisar|análise|dados|planejar|planear|planejamento|ideias|desenho
arquitetura|memória|vazamento|vazamentos|concorrência|threads|python|rust|java|javascript|typescript
sql|regex|bash|css|html|excel|latex|c|go|kotlin|swift|ruby|php|algoritmo|algoritmos|tarefa|tarefas
tese|pesquisa|pesquisar|ciência|poesia|conto|romance|boilerplate|rotina|repetido|repetitivo|puro
repo|repositório|projeto|projetos|trabalho|trabalhos|trabalhinho|serviço|coisa|coisas|coisinha
coisinhas|pergunta|perguntas|problema|problemas|sessão|chat|papo|conversa|contexto|resposta
respostas|testes|teste|script|scripts|livro|livros|manual|manuais|pdf|notas|apontamentos|transcrição
áudio|imagens|fotos|prints|logs|log|tabela|planilha|números|muitos|muitas|muito|muita|monte|saia|sai
sair|máquina|computador|pc|notebook|aqui|cá|nada|noite|tarde|manhã|dia|gastar|gaste|cobrem|custe
custa|perca|pensar|ler|longas|longos|longo|curtas|curto|boba|bobas|bobagem|bobagens|besta|chato
chata|chatas|feio|pesada|caçar|achar|procurar|bem|passar|nisto|nisso|toda|todo|que|se|quero|fazer|o
a|os|as|meu|minha|meus|minhas|há|tenho|tem|faço|estou|tô|vem|gigante|o que|não quiser|que nada
do meu
""",
    "ours": "aqui|cá|tens|tem|tenho|temos|há|disponíveis|disponível|destes|desses|dos",
    "also": "e",
    "either": "ou|ou não|ou n|ou já não|né|certo|verdade|ou quê",
    "some": "um dos|uma das|algum dos|qualquer um dos|algum",
    "asked": """
[com|em|de|a|para|pra|por] (que|qual|q|quais) [é o|é que é o|é o teu|é o seu|é|outro|dos|das
    |versão do] [o|teu|seu] (modelo|ia|llm|modelinho|model)
(qual|quem) (de vocês|dos modelos|deles|dos dois|de todos|dos teus modelos|dos meus modelos)
nome [do|do teu|deste|do seu] modelo|modelo (és|é vc|é você|é tu|você é|vc é)|em (que|qual) modelo
""",
}
