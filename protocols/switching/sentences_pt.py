"""The sentences of Portuguese, by what they mean: tables for `grammar`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .grammar import Meaning

SENTENCES: Final[Mapping[Meaning, str]] = {
    "conversation": """
<go> @ [<always>] [<always>]
<always> <go> @ [<always>]
<always> [<use>|com|que seja|é|vai ser|fica] @@
<always> <use> @
@@ <always>
<use> @ <always>
(fica|trabalha|continua|passa|responde|roda) @@ [<always>]
<use> <always> @
[<always>] [(quero|prefiro|gostaria|preferia|preferiria|preciso|deixa|deixe|faz|faça|queria)]
    [<always>] que [seja] @ [(que|quem)] <works> [<always>]
[<always>] (deixa|deixe|faz|faça|deixar|fazer|põe|coloca|bota) [com que] @ <works> [<always>]
[<always>] [eu] (quero|prefiro|preciso|gostaria|preferia|queria|desejo|preferiria) [(usar|ter|
    falar com|que seja|do|da|de|utilizar|trabalhar com|de usar|de falar com|conversar com|
    continuar com|ficar com)] @ [(respondendo|a responder|aqui)] [<always>]
[<always>] eu (quero|prefiro|preciso|gostaria|preferia|queria) [(usar|ter|falar com|que seja|do|
    da|de|utilizar|trabalhar com|de usar|de falar com|conversar com)] @ [<works>] [<always>]
[<always>] (quero|prefiro|gostaria|preferia|queria) [(que|de ter|ter)] @ <works> [<always>]
@ [(deve|pode|deveria|vai|tem que)] (responder|continuar|assumir|cuidar do resto|fazer o resto)
    [<always>]
(ativa|ativar|ative|seleciona|selecionar|selecione|escolhe|escolher|escolha|carrega|carregar|
    habilita|liga) @@ [<always>]
(responde|responder|responda|respondas) [me] [<always>] (com|usando|pelo|pela|através do|via|no|
    na) @ [<always>]
<always> (responde|responda|responder) [me] (com|usando|pelo) @
(com|no|na) @ <always>
(troca|mudança|mudar|trocar|muda|troca|mude|troque) de modelo [para|pra|pelo|e usa|e usa o] @
@@ no comando
(deixa|deixe) [ligado|ativo] [no|na|com] @ <always>
(deixa|deixe) (no|na) @
""",
    "answer": """
<use> @ <once>
<use> <once> @
<go> @ <once>
<once> [<use>|faz|faça|fazer|quero|eu quero|responde|responda|que seja|vai|manda|passa|deixa]
    [com|de|do|da|por|pelo|pela|no|na|usando|via|ao|a|pro|para|pra|em] @ [responder|responda|faz|
    faça]
[(dá|faz|escreve|responde|responda|faça|responder|quero|quero que|me dá|fazer|dê)] <once> (com|de|
    do|da|por|pelo|pela|no|na|usando|via|ao|seja do|seja da|venha do|venha da|seja feita pelo|
    através do) @
(deixa|deixe|faz|faça|deixar) [que] [com que] @ (responder|responda|fazer|faça|resolver|resolva)
    [a|à] [(isso|isto|esta|essa|esta pergunta|essa pergunta|esta aqui|essa aqui|<once>)]
(pergunta|pergunte|perguntar|consulta|consulte) [isso|isto|<once>] (ao|à|para|pro|pra|a|o) @
    [<once>|isso|isto]
(responde|responda|responder|faz|resolve|faça) [a] (isso|isto|esta|essa|<once>) (com|usando|pelo|
    no|via) @ [<once>]
(responde|responda|responder) (com|usando|pelo) @ <once>
@ <once>
[(quero|eu quero|gostaria de|queria|me dá|preciso de)] (uma|a próxima|esta|essa|uma única)
    resposta (do|da|de|com|pelo|pela) @ [<once>]
(quero|prefiro) [o|a] @ <once>
que @ (responda|faça) [a] (isso|isto|esta|essa|esta pergunta|essa pergunta|<once>)
@ (deve|pode|deveria) responder [a] [isso|isto|<once>|essa|esta]
(o que) [o|a] @@ (acha|diz|pensa) [disso|disto|sobre isso]
com @ <once>
""",
    "this": """
<use> @ (para|pra|nisso|nisto|em|com) (isso|isto|o seguinte|o que segue|isso aqui|isto aqui)
<use> @ (nisso|nisto)
(para|pra) (isso|isto) <use> @
@ (para|pra) (isso|isto)
(para|pra) (isso|isto) [<use>|com] @
(faz|roda|executa|processa|fazer|rode|faça|execute) (isso|isto) (com|no|na|usando|pelo|em) @
<go> @ (para|pra) (isso|isto)
""",
    "use": """
<use> @
com @@
""",
    "back": """
(volta|voltar|volte|voltemos|retorna|retornar|retorne|regressa|regressar|voltamos|volto|retrocede|
    vamos voltar|volver|desfaz e volta|recua) [de novo|outra vez] (atrás|para trás|pra trás|como
    antes|como estava|ao que era|ao que estava|ao de antes|a como estava|para como estava|pra como
    tava|pro de antes|pro que era|tudo|ao início)
(volta|voltar|volte|voltemos|retorna|retornar|retorne|regressa|regressar|troca|muda|mude|troque|
    usa|use|usar|quero|me dá|devolve|coloca|bota|põe|vamos voltar|passa|trocar|mudar|restaura|
    recupera|retoma|voltamos|gostaria de voltar) [de volta|de novo|outra vez|novamente] [para|pra|
    pro|ao|a|com|o|no|meu|de volta ao|de volta pro|de volta para] [(o|a|meu|as|ao)] [modelo|ia|
    motor] (anterior|de antes|prévio|prévia|original|que estava antes|que tava antes|que eu tinha
    antes|que tínhamos antes|que eu tinha|que tínhamos|inicial|passado|que estava|que usávamos
    antes|que usava antes|que estávamos usando|que a gente usava antes|que a gente tava usando|de
    há pouco|de agora há pouco|de antes disso|que respondia antes|que eu usava antes|que eu estava
    usando|antigo|velho|último|que eu usava|que estávamos a usar) [modelo] [de novo|de volta|
    novamente]
(volta|voltar|volte|retorna|usa|use|troca|muda|me dá|quero|devolve|retorne|regressa|põe|coloca|
    retoma|passa) [de novo|de volta|outra vez] [para|pra|pro|ao|a|com|o|no] [(o|a|meu)] (anterior|
    velho|antigo|outro|último|prévio|primeiro) modelo [de antes|de volta]
(volta|voltar|volte|retorna|retornar|regressa|retorne) (ao|para|pra|pro|a) [(o|a)] (que|como|quem)
    (era|estava|tinha|tínhamos|respondia|tava|estava respondendo|usávamos|estávamos) [antes|
    anteriormente]
(desfaz|desfazer|desfaça|reverte|reverter|cancela|anula|reverta|cancele) (a|essa|esta|o|aquela)
    [última] (troca|mudança|alteração) [de modelo]
(deixa|deixe|põe|coloca) [tudo|isso] (como estava|como antes|como era|como tava|como estava antes)
[o] modelo (anterior|de antes)
(como antes|para trás)
de volta (ao|para o|pro|pra) [(modelo anterior|anterior|modelo de antes|de antes|anterior modelo|
    que era|que estava|que estava antes|que era antes)]
(quero|gostaria de|queria|preciso) (voltar|regressar) [atrás|ao anterior|ao modelo anterior|para
    trás]
""",
    "which": """
<which> [<things>] (é|és|está|estou|estamos|uso|usas|usa|usamos|tenho|tô|tá|to|ta|estás|somos|
    utiliza|utilizo|roda|estão|usando|foi) [este|esse|isto|isso|você|vc|tu|que|a gente|o que|ele|
    aquele|essa|esta|em uso|eu|quem|este aqui|esse aqui] [<moment>] [usando|falando|rodando|
    respondendo|a usar|com quem falo|estou usando|tô usando|estou falando|<talk>|estamos usando|eu
    estou usando|você está usando|utilizando|conversando|sendo usado|ativo|em uso|respondendo
    aqui|a responder] [<moment>]
<which> <things> (<talk>|você é|você está usando|vc é|vc tá usando|é você|a gente está usando|a
    gente tá usando|nós estamos usando|eu estou usando|eu tô usando|estou a usar|estamos a usar|
    você usa|vc usa|eu uso|tu és|que tu és|você tá usando|que estou usando|atual|usamos)
    [<moment>|às minhas perguntas|isso|isto]
(com|em|no|na) (que|qual|quem) [<things>] [(é que)] (estou|falo|estamos|você está|vc tá|tô|eu
    falo|eu estou|eu tô|estou a|converso|to|a gente tá|a gente está|nós estamos|você roda|ando|
    você tá|estás) [<moment>] [falando|a falar|conversando|rodando|trabalhando|a trabalhar|
    conectado|a conversar|a usar|a lidar|lidando] [<moment>]
(quem|o que) [(é)] [que] <talk> [<moment>|às minhas perguntas|comigo]
quem (está|é que está) (falando|respondendo|respondendo aqui|me respondendo)
[(me|diz|qual|diga|mostra|mostre|qual é|me diga)] [é] (o|seu|teu|meu) [nome do|nome do seu|teu|
    seu] (modelo) [atual|ativo|em uso|que (estou|você está|estamos|tô|vc tá|estás a) usando|que
    uso|que responde|que está respondendo|que me responde|usado|vigente|corrente|que estou a usar|
    que está ativo|selecionado|que estamos a usar|que você está usando] [<moment>]
modelo (atual|ativo|em uso)
(você é|vc é|és|é|este é|esse é|continua sendo|ainda é|estou no|estou na|estou usando|estamos no|
    tô no|estou falando com|falo com|estamos usando|ainda estou no|ainda estamos no|tô usando|isso
    é|isto é|tô falando com|estou a falar com|ainda és|tu és|quem responde é|estás a usar|continuo
    no|ainda tô no|está respondendo|aqui é) [<moment>] [ainda] [com] @ [<moment>] [respondendo|que
    responde|quem responde|que está respondendo|que está a responder|mesmo|ou não] [<moment>]
(qual|que) (endpoint|provedor) (<talk>|estou usando|estamos usando) [<moment>]
(como se chama|qual o nome desse|qual é o nome desse|qual o nome do) [esse|este] modelo
qual modelo
""",
    "list": """
(lista|listar|liste|mostra|mostrar|mostre|dá|exibe|exibir|exiba|ver|enumera|enumerar|diz|diga|
    fala|listem|mostra me|lista me|nomeia|dê|dizer|dar|quero ver) [me|nos] [todos] [os|a lista de|
    uma lista de|meus|a lista dos|os seus|teus|uma lista dos|todos|seus|uma lista com os|quais os|
    quais são os] [outros] (modelos|llms|ias|modelo) [disponíveis|possíveis|configurados|que
    tenho|que posso usar|que existem|existentes|que você tem|disponível|que há|que eu tenho|que
    estão disponíveis|que tem|que eu posso usar|à disposição|que temos|que a gente tem|que tens|
    que posso escolher|que você conhece]
(quais|que|qual|quantos|quais são|quais outros|que outros) [são] [todos] [os|meus|seus] [outros]
    (modelos|llms|ias|modelo) [(há|tem|tenho|posso|existem|estão|temos|são|podemos|eu|tens|você|a
    gente|dá|poderia|vc|consigo|suportas)] [tenho|posso|tem|pode|para|pra] [disponíveis|usar|
    utilizar|escolher|disponível|configurados|trocar|possíveis|aqui|selecionar|à disposição|que
    posso usar|que tenho|disponiveis|à minha disposição|que tem|pra usar|que existem|mudar]
    [<moment>]
(a|para|entre|com|pra) (quais|que|qual|quem) [outros] [modelos|ias|modelo] [eu] (posso|podemos|dá
    para|dá pra|consigo) (mudar|trocar|escolher|falar|alternar|passar|ir|conversar)
[a] (lista de modelos|lista dos modelos|lista de modelos disponíveis|lista modelos)
[os|meus] (modelos disponíveis|modelos que tenho)
(há|tem|tens|temos|existem|você tem|existe) [(outros|mais|algum outro|outro)] (modelos|modelo)
    [disponíveis|aqui|disponível|que eu possa usar|que posso usar]
(o que|que) [(é que)] (há|tem|temos|tenho|você tem|existe|vc tem|tens) (de|em termos de|em matéria
    de|como) (modelo|modelos) [disponível|disponíveis|aqui|para usar]
(quais|que) [são] [(as|minhas|as minhas)] opções [(há|tenho|tem|temos|existem)] de (modelo|
    modelos) [(há|tenho|tem|temos|existem|eu tenho|disponíveis)]
que (endpoints|provedores) posso usar
""",
    "advice": """
(qual|que|quem|qual deles|qual desses|quais) [<things>|endpoint|deles|desses|dos modelos|de todos]
    [(você|vc|tu|eu|me|se|que|é que|a gente|voce|é que você|devo|deveria)] [(eu|me)] (<suggest>)
    [você|tu|vc|me|eu] [usar] <for>
(qual|que) (<things>|endpoint) [(você|vc|tu|eu|me|a gente|devo|deveria|é que)] [(eu|me)]
    (<suggest>) [você|tu|eu]
(qual|que|quem) [<things>|deles] (é|seria|vai|funciona|serve|responde|sai|fica) [o|a] [modelo]
    [<kind>|mais|melhor] [<kind>|indicado|adequado|apropriado|certo] [modelo|opção|de todos|ia|pra
    usar|escolha] <for>
(qual|que|quem) [<things>|deles|modelo] (é|seria|o|responde|custa|sai|vai) [o|a|meu|seu] [modelo]
    [mais] <kind> [modelo|de todos|ia|opção|que tenho|que há|disponível|aqui|que tem|que eu tenho|
    que temos] [<for>]
(recomenda|recomende|recomendar|sugere|sugira|sugerir|aconselha|indica|indique|indicar|aconselhe|
    recomendas|sugeres) [me] [um|uma|algum|algo|o] [<kind>] [<things>] <for>
me (recomenda|recomende|sugere|sugira|indica|indique|aconselha) [um|uma|algum|algo] [<kind>]
    [<things>] [<for>|<kind>]
(recomenda|recomende|sugere|sugira|indica|indique|recomendar|sugerir) [me] (um|algum) [<kind>]
    <things> [<kind>]
(o que|que|qual) [(é que)] [você|tu|vc] [me] (recomenda|recomendas|sugere|sugeres|recomendaria|
    aconselha|usaria|indica|recomendarias|usarias|escolheria|aconselhas) [usar|como modelo] <for>
[(tem|alguma|há|tens)] [alguma|sua] (recomendação|sugestão|dica) [de modelo|de qual modelo usar]
    <for>
[(tem|há|tens)] [alguma] (recomendação de modelo|sugestão de modelo)
<for> [(qual|que)] [<things>|modelo] [(você|vc|tu|eu|me|é que|devo)] [(eu|me)] (<suggest>|o melhor
    modelo|o melhor) [você|tu|eu]
<for> (qual|que modelo) (é|seria) [o] melhor [modelo]
(preciso|quero|busco|há|tem|procuro|existe|preciso de|tens|queria) [(um|algo|algum|de um)]
    [modelo] <kind> [modelo] [<for>] [qual|qual você recomenda|qual uso|qual me recomenda|qual
    usar]
[o] melhor <things> <for>
[o] modelo (mais <kind>|<kind>) [<for>]
(qual|que) (<things>) <for>
(qual|quem|que modelo) (responde|vai|é|roda|custa) [o] (mais|menos) (rápido|barato|inteligente|
    potente|privado|veloz|seguro|caro)
(qual|que modelo) (aguenta|suporta|tem|lida|aceita) [melhor|mais|maior] [com] [(um|uma|o|a)]
    [contexto|contextos|janela|conversas|textos|documentos] [mais] [longo|longos|longas|grande|
    contexto|janela de contexto]
""",
}
