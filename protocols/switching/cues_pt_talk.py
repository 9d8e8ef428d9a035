"""Small talk of Portuguese around a command: what gives a reason (`why`), and what says nothing.

None of these words asks for anything, and none is about what is worked on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .meaning import Kind

TALK: Final[Mapping[Kind, str]] = {
    "why": """
de graça|graça|graças|(tira|larga|deixa) (este|esse)|me arrependi|arrependi|arrependo|arrependi me
ficou|cansei|me cansei|cansa|cansado|enjoei|escolha|apresentação|lição|prova|aula|tese|estudo
estudar|melhora|melhorar|rende|corre|voa|pesa|ocupa|aperta|estresse|estressado|frustrado|frustrada
desesperado|decepção|decepcionado|desilusão|milagre|magia|sexta|segunda|terça|quarta|quinta|sábado
domingo|mês|fim|fins|minutos|minutinho|segundinho|um par|reais|euros|cêntimos|centavos|salário
barateza|baratinha|levezinho|levinho|ágil|pesadinho|denso|enrolado|enrolada|cabeludo|cabeluda|bravo
brava|grave|delicadas|íntimo|reservado|reservada|secreta|alheio|próprios|aqui mesmo|de confiança
com calma|sem sair|saiam|saem|vaze|vazem|vazar|compartilhar|partilhar|subir|servidor|na nuvem|fora
dentro|cá dentro|lá fora|séria|sério|a coisa ficou séria|coisa séria|melhor|bom|boa|bons|bem|mau|má
mal|ruim|pior|lento|lenta|lerdo|lerda|rápido|rápida|rapidinho|rapidinha|barato|barata|baratinho|caro
cara|caríssimo|salgado|grátis|pronto|pronta|inteligente|esperto|burro|burra|tonto|potente|forte
fraco|fraca|difícil|fácil|fáceis|complicado|complicada|complexo|complexa|simples|longo|longa
comprido|curto|curta|privado|privada|privados|confidencial|confidenciais|sigiloso|sigilosa|sigilo
secreto|sensível|sensíveis|delicado|pessoal|pessoais|seguro|segura|contente|feliz|farto|farta
cansada|perfeito|ótimo|claro|suficiente|bastante|demais|muito|muita|muitos|muitas|pouco|pouca|tanto
tanta|tão|menos|mais|puro|pura|útil|inútil|urgente|urgência|pressa|tempo|dinheiro|grana|verba
orçamento|custo|custos|gasto|gastos|gastar|gaste|gasta|gastei|gastando|custa|cobram|tokens|cota
quota|saldo|bateria|rede|internet|net|wifi|ligação|conexão|sinal|luz|velocidade|qualidade
privacidade|paciência|calma|problema|problemas|erro|confusão|coisa|coisas|coisinha|coisinhas|bobagem
bobagens|besteira|besta|macaco|trabalho|trabalhos|serviço|tarefa|tarefas|tema|assunto|caso|parte
bocado|bocadinho|dia|noite|tarde|manhã|madrugada|semana|hora|horas|turno|plantão|chefe|patrão
cliente|clientes|empresa|gente|amigo|amiga|mundo|casa|escritório|máquina|computador|compu|portátil
notebook|pc|nuvem|dados|conversa|papo|chat|sessão|thread|pergunta|perguntas|resposta|respostas
mensagem|mensagens|vez|vezes|troca|mudança|modelo|opção|ajuda|fortuna|vontade|sorte|favor|razão
motivo|culpa|engano|erro meu|enganei me|me enganei|desculpa|acho|penso|pensar|vejo|ver|vi|parece|sei
sinto|gosto|gostei|gostava|adoro|convence|convém|serve|anda|vai|vou|vem|vêm|sai|saia|sair|chega|fica
fique|basta|sobra|falta|faz|fazer|entende|entender|percebe|perceber|funciona|aguenta|resolve|acabo
acabamos|começo|começamos|começar|arranco|ando|andamos|precisa|pede|merece|presta|prestou|atina|deve
podem|pequeno|pequenino|pequena|grande|grandão|novo|nova|normal|local|leve|pesado|pesada|chato|chata
repetido|aguento|esperar|espero|esperando|trabalhando|a trabalhar|mexer|a mexer|mexendo|usando
testando|indo|porque|pois|como|embora|então|por isso|já que|para que|portanto|além disso|também|nem
nada|tudo|todo|todos|toda|todas|algo|alguém|ninguém|havia|fosse|seja|será|estou|tô|estamos|estava
tenho|temos|tem|têm|há|quer|querem|que vem|o que vem|o que segue|para mais|mais barato|mais rápido
lugar|(para|pra) não (gastar|pagar|cobrarem|custar|cansar) [nada|tanto|muito]|potência|plano|planos
força|cabeça|ritmo|estilo|detalhe|nível|parado|travado|travada|preso|presa|acabando|acabar|terminar
terminando|confiança|segurança|importante|importa|reunião|viagem|comboio|trem|avião|voo|ônibus
autocarro|aldeia|roça|estrada|cobertura|limite|crédito|créditos|fatura|pagar|pago|pagando|economizar
poupar|brigar|avó|mãe|pai|irmãos|chatice|preguiça|fome|medo|experiência|teste|testar|comparar
curiosidade|capricho|costume|dúvidas|verdade|meio|meia|par|montão|resto|final|início|ponto|lado
sítio|resumo|começou|começaste|despacha|cala|cala te|bobo|boba|bicho|tentei|já tentei|prazo|sono|ela
ele|eles|tranquilo
não (entende|serve|funciona|vai|dá|anda|rende|ajuda|chega|pode|aguenta|acerta|resolve|presta
    |prestou|atina|percebe|gostei|gosto) [bem|mais|nada|pra nada|isto|isso|não|conta|pra mais]
não me (serve|ajuda|entende)
não (é preciso|precisa|preciso|precisamos|vale a pena|valeu a pena) [tanto|mais|muito|disso]
não (é|era) (para tanto|bom|tão)|não tenho (pressa|rede|internet|dinheiro|grana)|já não|esse não
este não|sem (rede|internet|wifi|conexão|luz|pressa)
que não (saia|gaste|gasta|é para tanto|se vá|dá)|não saia [nada]
não quero (este|esse|gastar [muito|tanto]|que (saia|gaste|nada saia))
não (trocar|mudar) de modelo não
""",
    "glue": """
prezado|prezada|prezados|estimado|cordialmente|atenciosamente|tipo assim|putz|poxa|saco|aff|que saco
tá ligado|parça|brother|bro|fala aí|e aí|salve|mermão|cabra|fi|firmeza|suave|tmj|bué|mambo|iá|ya
ndengue|epá|fogo|bolas|caraças|chiça|poça|ó pá|pronto pronto|digamos|digo eu|suponho|capaz|enfim
olha lá|olha só|viu|viu só|sabe|entende|tá vendo|nossa senhora|ave maria|virgem|misericórdia|jesus
oxi|égua|mana|maninho|maninha|bichinho|meu rei|minha flor|meu anjo|bem|benzinho|chuchu|fofo|fofa
galera|pessoal|gente|equipe|moçada|rapaziada|malta|senhores|cara|cês|vcs|você aí|deles|delas|nossos
nossas|cujo|quando puder|quando puderes|algo assim|ou algo|ou assim|mais ou menos|rapidex|rapidão
ligeirinho|num instante|num instantinho|tantinho|pouquinho|um tiquinho|tiquinho|já já|agora agora
tbm|vc|pq|blz|cmg|ctg|dps|hj|amg|fds|sla|slc|pdc|n|nn|simm|naum|eh|ehh|tah|neh|mermo|mesmo assim
isso mesmo|aí sim|agora sim|isso|o|a|os|as|um|uma|uns|umas|este|esta|isto|estes|estas|esse|essa
esses|essas|aquele|aquela|aquilo|eu|tu|você|cê|ocê|vocês|ele|ela|eles|elas|nós|a gente|me|te|lhe|nos
mim|ti|comigo|meu|minha|meus|minhas|teu|tua|seu|sua|seus|suas|nosso|nossa|de|do|da|dos|das|dum|duma
dele|dela|deste|desta|desse|dessa|em|na|nas
no (@|modelo|chat|fim|lugar|caso|meu|momento|resto|mundo|geral|fundo|dia|papo)|num|numa|neste|nesta
nesse|nessa|com|sem isso|por|pelo|pela|para|pra|pro|pros|pras|pa|ao|à|aos|às|sobre|entre|até|desde|e
ou seja|que|q|mas|pois|então|depois|logo|assim|aí|ali|lá|aqui|cá|hoje|agora|já|só|somente|apenas
também|tb|talvez|se calhar|igual|simplesmente|diretamente|realmente|sinceramente|na verdade|de fato
de facto|a propósito|aliás|finalmente|no final|primeiro|enquanto|sempre|outra|outro|outros|mesmo
mesma|próprio|cada|tudo|todo|todos|toda|todas|algum|alguma|qualquer|tipo|modo|forma|maneira|parte
pouco|um pouco|um pouquinho|um bocado|um bocadinho|um momento|momento|momentinho|segundo|minuto|ok
okay|okey|tá|tá bom|tá bem|está bem|tá certo|beleza|certo|claro|bom|ótimo|perfeito|pronto|vai|vamos
vamos lá|bora|anda|ande|olha|olhe|escuta|escute|veja|ouça|oi|olá|hey|ei|é|ah|oh|ó|ô|ai|ui|uai|oxe
oxente|eita|bah|tchê|sô|vixe|visse|arre|epa|opa|ora|hum|hmm|hm|ahn|éé|eee|ee|né|hein|então olhe
bom dia|boa tarde|boa noite|saudações|deixe ver|deixa ver|deixa eu ver|quer dizer|sim|isso aí
pois sim|pois é|ah não|não não|desculpa|desculpe|perdão|pera|peraí|espera|espere|aguenta|mano|véi
velho|bicho|rapaz|moço|moça|menino|menina|guri|guria|tio|tia|irmão|irmã|amigo|amiga|colega|chefe
patrão|mestre|doutor|filho|filha|vivente|meu filho|minha filha|meu bem|amor|querido|querida|senhor
senhora|dona|deus|meu deus|credo|caramba|caralho|porra|merda|droga|foda|pá|fixe|tranquilo|haha|kkk
kkkk|rs|rsrs|msm|mt|mto|n é|lol|ser|estar|são|está|seja|favor|coisa|caso|instância|versão|nuvem
a nuvem|endpoint|provedor|motor|digo|ou melhor|por ora|de qualquer forma|ainda por cima|rapidinho
rapidamente|tão|muito|mais|como|que é que|é que|chamado|daqui|daí|dali|disso|disto|nisso|nisto|mal
um minuto|de boa|por lá|por aí|pelas|eu acho|acho que|acho|penso que|creio que|pode|pode ser|ter
haver|estou|estava a|ainda|que era|se fosse|está a
""",
}
