"""What tells work from a command in Portuguese, though all of its words are in the tables.

Statements about models and people ("meu chefe usa o opus"), negations, conditions, reports, and
what a word means beside another one ("modelo de dados", "a resposta do opus"). Without accents "é"
and "e" are one word, and so are "e pronto" and "é pronto": what they part is not barred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Bar

BAR_PARTS: Final[Mapping[str, str]] = {
    "call": """
[ok|okay|bom|bem|pois|e|mas|só para confirmar|para confirmar|só confirmando|me diz|diz me
    |me diz uma coisa|olha|olhe|oi|olá|ei|eh|ah|ai|ui|uai|deixa ver|desculpa|desculpe|sim|tá|então
    |ó|ô|cara|mano|uma pergunta|uma dúvida|a propósito|ou seja|agora|já|também|só|é]
""",
    "people": """
[o|a|os|as|meu|minha|nosso|nossa|um|meus|teu|seu] (chefe|patrão|professor|professora|mestre|irmão
    |irmã|pai|mãe|primo|namorado|namorada|cliente|clientes|empresa|gente|equipe|equipa|time|pessoal
    |amigo|amiga|usuário|usuários|colega|escritório|todos|ninguém|alguém|eles|ele|ela)
""",
    "does": """
(já|não|me|te|o|nos|sempre|também|só|aqui|ainda|lhe) [não|me] (são|anda|sai|funciona|tem|faz|pode
    |usa|custa|trabalha|responde|entende|serve|falha|ajuda|fez|deu)
era|foi|vai|anda|sai|saiu|funciona|tem|faz|pode|usa|custa|trabalha|entende|falha
[me] dá (erro|erros|muitos|uma|um)|dá conta (disso|disto)|ajuda|cobra|gasta|pensa|convence|parece
chega|fez|deu|ficou|estava|tava|sabe|escreve|ia|me ajudou|caiu
""",
    "adverbs": """
[muito|mais|tão|menos|demais|bastante|sempre|já|agora|aqui|um pouco|bem|melhor|o|a|um|uma|de|algo
    |meio|tudo|que] [muito|mais|tão|melhor|pouco]
""",
    "judged": """
bom|boa|bons|melhor|pior|mau|má|mal|bem|lento|lenta|rápido|rápida|barato|barata|caro|cara|caríssimo
ruim|caros|inteligente|esperto|burro|tonto|potente|grátis|novo|nova|velho|útil|inútil|perfeito|ótimo
modelo|complicado|complicada|difícil|fácil|privado|disponível|ativo|aqui|local|muito|pouco|tudo|nada
na nuvem|péssimo|suficiente para|grande|pequeno|longo|meu|coisas|isso|conta
""",
}
"""Parts of the patterns below: how a text may begin, people, what is said of a model, and how."""

BARRED: Final[Mapping[Bar, str]] = {
    "first": """
<call> <call> (és|sou|(estou|tô|to|estás|estamos|tamos) (a falar|a usar|a trabalhar|falando|usando
    |com|no|na|em|ainda|@)|continuo|continuas|continuamos|ainda|qual|quais|quem|como (@|é|se|posso
    |faço|mudo|uso|troco|está|tá|funciona|vai|o @)|quando|onde|aonde|quanto|quanta|quantos|quantas
    |desde quando|acaso|você é|vc é|tu é|cê é)
<call> <call> (é|são|era|foi|está|tá|pode|poderá|poderia|sabe|usa|responde|tem|serve|vai|há) [o|a
    |um|uma|este|esse|isto|melhor|mais|ainda|verdade|já|mesmo] @
<call> <call> [com|de|em|a|para|por|desde] (que|q|o que) (modelo|modelos|ia|llm|é|faz|acontece|tão
    |acha|diz|versão|diferença|tem|pode|outros|mais|@)
<call> <call> (é verdade|vale a pena|compensa|convém|convinha)|@ ou [o|a] @
""",
    "ever": """
modelo (usa|usam|precisa|precisam) (o|a|os|as|este|esta|meu|esse|essa)
modelos tem (preço|nome|erro|erros|o|a|mais|menos)
modelo de (pc|notebook|portátil|celular|telemóvel|carro|telefone|equipamento)|<people> (de|do|da) @
(o|meu|este|esse) [melhor] modelo [de|para|pra] [minha|meu|a|o|uma|um] (<work>|tese|aula|prova|tudo
    |isto|isso) (é|serve|vai|está|tá)
(este|esse) modelo (serve|vale|vai) (pra|para)|com [o] @ (gasto|poupo|pago|estou|trabalho|tenho)
(gasto|poupo|pago) [muito|menos|mais|tempo|pouco] com [o] @
(convém|convinha) (usar|mudar|passar|trocar|ir) [pro|para|pra|com] [o|um|meu] [modelo] @
modelo de (aula|apresentação|prova|exame|entrevista|currículo|cv|página|artigo|receita|ensaio
    |roteiro|app|site|vendas|fatura|migração|base|email|relatório)
para que modelo é
<people> [já|não|sempre|também|me|lhe] (usa|usam|quer|querem|prefere|preferem|pede|pedem|diz|dizem
    |use|usem|mude|passa|muda|põe|responde) [que|com|a|usar|passar|mudar|para|pra] [pro|com|o|a
    |ao] [usar|passar] [pro|para] [o|a] @
(já|hoje|ontem|antes|me|nos) (mudei|passei|usei|testei|pus|troquei) [pro|para|com|o] [o] @
se (não|sair|falhar|cair|vai|responder|precisar) (der|serve|funciona|vai|dá|puder usar|responde|tem
    |entende|chega|mal|bem)
se (sair|falhar|cair|funcionar|precisar)
(diz|disse|dizem|disseram) [que|pra|para] [se|o] (usar|use|mude|mudar|pôr|é|está|tá)
(diz|diga|fala) (ao|pro|à|para o|que (o|@|a|é|não))
(a|as|sua|essa|esta|tua) (resposta|respostas) (do|da|de) @
(problema|problemas|erro|erros|confusão|falha) (com|do|de|no) [o] @
(email|turno|cliente|código|empresa|preço|custo) (do|da|de|com) @
(mudança|troca) (pro|para o|para) @ (foi|é|saiu|deu|era|está)
(responde|responda|escreve|fala|faz) (em|en) @|como (escreve|responde|fala|trabalha) [o] @
que (bem|mal|lento|rápido|caro)
(resposta|respostas) [mais|muito] (curta|curtas|longa|melhor|simples|completa|clara|boa)
(pergunta|resposta|tarefa|mensagem|assunto|conversa|parte|versão) (anterior|de antes|prévia
    |original)
(anterior|última) (pergunta|resposta|tarefa|conversa)
volta a (fazer|começar|ler|escrever|usar|dizer|pensar|testar)
(comparar|compara|odeio|odiava|gosto|gostava|gostei|adoro|adorei|acabou|acabo) [mais|muito] [o|do] @
@ (outra vez|de novo) (com|igual)
vale a pena (usar|mudar|trocar|passar|ir|testar) [o|pro|para|para o] @
(ao|pro|para o) modelo que (tenho|está|tá|roda|há|tem|vem)|@ ou [o] @ tanto faz|pra que (serve|é)
o que (tem|faz) (o|a|este|esse)
(cansado|cansada|farto|farta|dúvida|dúvidas|limite|cota|quota|plano|preço|uma pergunta|reunião) (de
    |do|sobre|com) [o] @
(é|está|tá|são) <adverbs> <judged> (o|este|esse|meu|os) (modelo|modelos)
modelo que [a gente|eu] (usa|usamos|tenho|uso|temos) (é|está|tá|vai)
se a (cota|quota|rede|internet|net|bateria|conexão|resposta|tarefa|conversa|luz|ligação|grana|verba
    |coisa)
para que es|(a|essa|esta|uma) consulta (é|e|está|tá|demora)|para que (serve|é|usa|usamos)
que é (um|o|uma|isso)|(acha|achas|pensa|pensas|sabe|sabes) (de|do|sobre) [o] @
(faz|pode|tem|sabe|custa) o @|o que o @|como eu|@ (seja|fosse) <adverbs> <judged>
(isso|isto) pelo anterior|@ <does>
@ [já|agora|não|também|me|te|se|nos|sempre|aqui|só] (é|está|tá|são) <adverbs> <judged>
(põe|bota|faz|roda|coloca) (isso|isto|tudo) [no] @
com [o|a] @ [me|se|nos|tudo|isto|isso] (vai|foi|era|está|tá|sai|anda|funciona|tenho|falo
    |trabalho) <adverbs>
modelo (de|da|do) (<work>|concorrência|memória|email|carta|cartas|contrato|contratos|empresa
    |cliente|clientes|casa|negócio|lista|tabela|script|programa|programação|custo|custos|preço
    |trabalho|máquina|computador|raciocínio)
""",
    "within": """
não [me|te|se|o|a] (mudes|mude|mudar|muda|mudo|uses|use|usar|usa|ponhas|ponha|pôr|põe|passes|passe
    |passar|passa|troque|troca|trocar|troques|voltes|volte|voltar|volta|continues|continue
    |continuar|siga|sigas|faça|bota|coloca|vai|vá|((quero|queria|prefiro|preciso) (@|usar|mudar
    |trocar|o @|a|outro|voltar|passar|que)))
(nada de|nem|sem) [o|a] [modelo] @
por que (o|a|usas|usa|uso|usam|usar|é|está|tá|me|se|esse|este|muda|volta|trocar|mudar|@)
para que (@|serve|usa|é)|como (se|é que|posso|faço|fazer|mudo|mudar|usar|uso|troco|trocar)
(eu|ele|ela|eles|elas|a gente|antes|ontem|sempre|nós|meu (chefe|amigo|cliente)|minha (amiga|empresa
    |equipe)|o (pessoal|cliente|chefe|time)|a (empresa|equipe|equipa)|todos|ninguém|alguém) [já|não
    |também|se|me|o|sempre|antes|só] (uso|usa|usei|usava|usam|usou|usamos|mudei|muda|mudou|passei
    |passa|passou|testei|pus|pôs|boto|tenho|tem|têm|prefere|quer|querem|trabalho|trabalha|falo|fala
    |escolhe|responde|diz|dizem|segue|sigo|vai|está|tá|troquei|trocou|trocaram|gosto) [com|em|a|ao
    |pro|para|usando|do] [o|a] @
(já|me|nos) (uso|usei|usado|mudei|passei|pus|testei|troquei) [para|pro|com|o|ao] @
(uso|usam|usava|tenho|tem|temos|têm|há|usamos) [já|sempre|também|ativo] [o|a] @
[o|a] @ [já|agora|não|também|me|te|lhe|se|nos|sempre|aqui|só] (é|está|tá|são|era|foi|vai|anda|sai
    |saiu|funciona|tem|faz|pode|usa|custa|trabalha|responde|fala|segue|fica|vem|entende|serve|falha
    |gosta|ajuda|cobra|gasta|aguenta|pensa|convence|parece|chega|manda) <adverbs> <judged>
<adverbs> (é|era|está|tá|foi|parece|sai|são) <adverbs> <judged> [o|a|para|pra|que|com|em] [o|a] @
(a|um|ao|o) ~ (de|da|do)|que é um modelo
se (usa|usam|muda|passa|põe|chama|escolhe|pode usar|responde|troca|mudar|mudo)
(em|no|na|para|pro|pra|do|da|ao|meu|teu|seu|este|nosso|deste|neste) [o] (endpoint|provedor|motor)
(endpoint|provedor|motor) @
(os|meus|teus|estes|seus|outros) modelos (são|estão|é|se|têm|não|vão|de|que)
(o|este|esse|meu|teu|um) modelo (é|está|tá|era|foi|vai|anda|tem|faz|pode|não é
    |sai) <adverbs> <judged>
(me|lhe|nos|te) (diz|disse|dizem|disseram|pede|pediu) [para|que|pra] (usar|mudar|passar|pôr|use)
(quer|querem|dizem|disse|pede|pediram) [que|para|pra] [a gente|eu|nós|todos] (usar|mudar|trocar
    |usemos|mudemos|passemos|usem|mude|use|passe|troque|volte)
(disse|dizem|disseram)
não (precisa|preciso|precisamos|é preciso|vale a pena|adianta|dá|devo|deve|deves|é para|podemos
    |posso) [de|para|pra] (mudar|trocar|usar|voltar|passar|@|continuar|pôr|ir)
se (o|ele|ela|isso|isto|este|esse|falhar|cair|acabar|tiver|houver|estiver|ficar|demorar|@)
se der (erro|problema|falha|certo|ruim|mal)|se for (preciso|necessário|caro|lento|difícil|o|a|@)
se (mudou|passou|trocou|ficou|usou) [a|para|pro|em|com] [o] @|assim que|até que [o|a] @
(outro|outra|mais|um|uma|muito|algum) @|(responde|responda|responder|escreve|escreva|fala|faz) em @
modelos (usamos|uso|usam|usa)|a gente (usa|usou|usava|prefere|quer|tem)|amanhã
que vem (a gente|nós|eu)
(usa|testa|põe|quero|com|usar|testar|dá|algum|há|uso|bota) [um] outro modelo
(muda|passa|move|põe|migra|mudar|passar|mover|troca|coloca|bota) (nosso|nossa|o|a|meu|minha|os
    |as) (cliente|clientes|empresa|equipe|equipa|chefe|gente|escritório|casa|mensagem|mensagens
    |resposta|respostas|pergunta|dados|tarefa|texto|máquina)
usamos @|trabalhamos
""",
}
