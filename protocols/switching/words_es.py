"""What can be said in Spanish: tables for `grammar`."""

from __future__ import annotations

from typing import Final

from .grammar import Tongue
from .sentences_es import SENTENCES

SPANISH: Final = Tongue(
    code="es",
    fillers="""
por-favor porfa porfis porfavor ahora solo sólo solamente ok okay vale oye hola ey eh pues gracias
mmm hmm entonces rápidamente simplemente únicamente sí venga anda va understudy perdona perdón ya
también quizás quizá dale che nomás tío favor please por-fa rapidito un-momento un-momentito
nada-más realmente buenas a-ver tal-vez
""",
    polite="por-favor porfa porfis porfavor gracias favor",
    parts={
        "before": """
bueno|mejor|bien|(puedes|podrías|puede|podría|quieres|podés|me puedes|me podrías|pueden|podemos|
    podríamos|puedo|podría yo|se puede|te importa|te importaría|crees que puedes)|(quiero|
    quisiera|querría|me gustaría|necesito|deseo|prefiero|preferiría|vamos a|voy a|quiero que|me
    gustaría que|necesito que|prefiero que|preferiría que|hay que)|dime|decime|dígame|muéstrame|
    quiero saber|me gustaría saber|sabes|recuérdame|y|pero|haz el favor de|es posible|sería
    posible|hazme el favor de|a|hace falta|tienes que|me dices|puedes decirme|podrías decirme|me
    puedes decir|me podrías decir|toca|puedes mostrarme|vamos|quisiera saber
""",
        "after": """
muchas gracias|si puedes|si es posible|para mí|te lo agradezco|se puede|puede ser|de nuevo|otra
    vez|si no te importa|si te parece|exactamente|mil gracias|te parece|sí|por favor te lo pido|
    no|si se puede
""",
        "anyway": """
de todos modos|de todas formas|igualmente|de todas maneras|a pesar de todo|aun así|igual|no
    importa|sí o sí|de cualquier modo|de cualquier forma
""",
        "articles": "(el|la|los|las|lo|mi|mis|un|una|tu|nuestro|ese|esa|este|esta|aquel|su)",
        "nouns": """
(pequeño|gran|grande) (modelo)|modelo|ia|llm|versión|instancia|motor|endpoint|modelo de|modelito|
    proveedor|que tengo|modelo de lenguaje
""",
        "chat": "(conversación|chat|charla|sesión|hilo|plática|diálogo|discusión)",
        "always": """
(de|desde|a partir de) (ahora|aquí|acá|este momento|hoy|ya|este punto) [en adelante]|en adelante|
    de aquí en adelante|de en adelante|a partir de|desde|para (el|lo que queda del|lo que queda
    de|lo que resta de) [resto] [de la|de esta|del|de nuestra|de este] [<chat>|día]|(para|en|por|
    durante) (esta|la|este|toda la|toda esta|todo el|todo este|nuestra) <chat>|para todo [lo
    demás|esto|lo que sigue|el resto]|permanentemente|hasta nuevo aviso|hasta que (diga otra cosa|
    te diga otra cosa|diga lo contrario|te diga lo contrario|te avise|yo diga)|para siempre|por un
    rato|por ahora|por el momento|en su lugar|en lugar de este|siempre|en lo sucesivo|de forma
    permanente|aquí|otra vez|de nuevo|nuevamente|para esta tarea|por lo pronto|para hoy|el resto
    de la <chat>|para lo que sigue|para continuar|de momento|definitivamente|para las próximas
    (respuestas|preguntas)|por defecto|a partir del próximo mensaje|lo que queda de <chat>|acá
""",
        "once": """
(para|en|por|a) [(esta|la|la próxima|una|una sola|mi próxima|este|el próximo|un|un solo|la
    siguiente|el siguiente|mi siguiente|tu próxima)] [única|sola|próxima|siguiente] (respuesta|
    pregunta|mensaje|consulta|turno|vez|prompt|petición) [siguiente|nada más|única]|(esta|la
    próxima|una sola|mi próxima|este|el próximo|un solo|la|la siguiente|el siguiente|una|una
    única|tu próxima|mi siguiente) (respuesta|pregunta|mensaje|consulta|turno|vez|prompt|petición)
    [nada más]|una vez|por una vez|esta vez|por esta vez|una sola vez|para esta|para la próxima|
    para la siguiente|esta de aquí|puntualmente|una única vez|la siguiente|la próxima|1 vez|esta|
    en esta|por única vez|para este turno|esta sola
""",
        "go": """
(cambia|cambiar|cambie|cambies|cambiá|cámbiame|cambiame|cámbiate|cambiate|cambiarme|cambiarte|
    pasa|pasar|pase|pases|pásame|pasame|pásate|pasate|pasarme|pasarte|pasá|muévete|mueve|mover|
    moverme|salta|saltar|vuelve|volver|vuelva|volvé|regresa|regresar|regrese|ve|ir|vete|vayamos|
    cambiemos|pasemos|volvamos|switchea|conmuta|conmutar|alterna|alternar|migra|migrar|transfiere|
    cámbialo|cambialo|cambiarlo|pásalo|pasalo|vamos|cambiamos|pasamos|cambio|volvemos|paso|
    traslada|cambiarnos|pasarnos|cambiando|cámbianos|regresemos|canbia|camba|mudate|múdate|muda|
    cambiar de modelo) [de modelo|el modelo|la conversación|este chat|esta conversación|todo|esto|
    de nuevo|el chat|modelo|nuevamente|otra vez|la ia|la charla|esta sesión|la sesión|esta charla|
    lo] (a|al|por|hacia|para|en|de vuelta a|con)|(continúa|continua|continuar|sigue|seguir|seguí|
    sigamos|quédate|quedate|trabaja|trabajar|trabajemos|seguimos|continuamos|continuemos|prosigue|
    sigamos|mantente|habla|quedémonos|siga|retoma|arranca|continúe) [la conversación|esta
    conversación|trabajando|hablando|esto|el chat|este chat] (con|en|usando|a)|(ponme|pon|poner|
    ponerme|ponle|pone|poné|ponte|colócame|pónme) [el modelo] (con|en|a)|(conéctame|conecta|
    conectar|conectarme|envía|enviar|envíame|manda|mándame|dirige|redirige|comunícame|enruta|
    deriva|páseme|conectame|mandame) [todo|esto|mis mensajes|mis preguntas|lo que diga] (a|con|al|
    por)|(hablar|charlar|trabajar|conversar|chatear|quedarme|platicar|hable) (con|en)|(dame|
    tráeme|trae|devuélveme|deme|pásame|devolveme|traeme)|(pon|configura|establece|fija|define)
    [el] modelo [a|en|como]|dale paso a|que pase a
""",
        "use": """
(usa|usar|use|uses|usá|utiliza|utilizar|utilice|emplea|emplear|prueba|probar|prueba con|probemos|
    usemos|usamos|utilicemos|toma|tomar|tira de|usame|úsame|usas|utilizas|utilices|probá|recurre
    a|hazlo con|ve con|vamos con|voy con|usando|que uses|que utilices|coge|tirar de|echa mano de)
""",
        "works": """
(responda|responde|responder|responde|conteste|contesta|contestar|siga|sigue|seguir|continúe|
    continúa|continuar|se encargue|se encarga|se encargue del resto|tome el relevo|tome el
    control|tome el mando|tomar el relevo|se ocupe|lo haga|haga el resto|haga esto|hable|me
    responda|me conteste|me responde|me atienda|encargarse|hacerse cargo|se haga cargo|tome la
    posta|asuma|conteste mis preguntas|responda mis preguntas|trabaje|quien responda|quien
    conteste|el que responda|el que conteste|quien me responda|atienda)
""",
        "which": "(qué|cuál|cual|cuál es el|cuál es la|cuáles|que|ke)",
        "things": """
(modelo|ia|llm|modelo de ia|modelo de lenguaje|versión|motor|inteligencia artificial)
""",
        "moment": """
(ahora mismo|en este momento|actualmente|aquí|acá|hoy|en este instante|ahorita|en esta <chat>|en
    este <chat>|exactamente|por el momento|justo|mismo|al momento|al otro lado|de momento)
""",
        "talk": """
(responde|me responde|está respondiendo|contesta|me contesta|está contestando|habla|me habla|está
    activo|está en uso|está corriendo|está activa|está hablando|corre|se está usando|se usa|es|
    está|está funcionando|está detrás|me está respondiendo|me está contestando|me está hablando|
    está al mando|está seleccionado|está ahí|está en marcha|está trabajando|está puesto|funciona|
    me atiende|está conectado|está configurado)
""",
        "kind": """
(largo|larga|largos|largas|grande|grandes|gran|enorme|extenso|extensa|muy largo|muy larga|rápido|
    rápida|rápidas|más rápido|más rápida|veloz|más veloz|barato|barata|más barato|más barata|
    económico|económica|más económico|privado|privada|privados|privadas|confidencial|
    confidenciales|sensible|sensibles|secreto|secreta|personal|personales|difícil|difíciles|
    complejo|compleja|complejos|complicado|complicada|duro|mejor|mejores|más inteligente|más
    potente|más fuerte|más capaz|más listo|inteligente|potente|más privado|más seguro|más
    confidencial|delicado|delicada|bueno|buena|simple|corta|corto|más largo|más larga|pesado|
    pesada|fuerte|más grande|más lento|capaz|más discreto|menos caro|más adecuado|más apropiado)
""",
        "task": """
(tarea|tareas|conversación|conversaciones|charla|chat|contexto|documento|documentos|archivo|
    archivos|texto|textos|respuesta|respuestas|pregunta|preguntas|problema|problemas|trabajo|cosa|
    cosas|datos|sesión|historial|tema|temas|contenido|asunto|asuntos|contextos|sesiones|código|
    información|trabajos|hilo|rato)
""",
        "for": """
(para|con|en|si es) [(un|una|el|la|las|los|algo|esta|este|mi|mis|hacer|tratar|tener|unos|unas|
    hacer algo|lo|cosas|manejar un|manejar|temas|trabajar en|que sea|procesar un|una respuesta|
    respuestas|sesiones|tareas|datos)] [muy|bien|realmente] [<task>] [muy] <kind> [<task>]|para
    (velocidad|rapidez|privacidad|calidad|ahorrar|ahorrar dinero|ir rápido|mantener esto privado|
    que sea privado|que quede privado|la privacidad|la velocidad|gastar menos|gastar poco|mucho
    contexto|mucho texto|que no salga de aquí|que no salga de mi máquina|lo privado|contexto
    largo|la calidad|que vaya rápido|no gastar mucho|algo que no salga de aquí|una ventana
    grande)|si (quiero|necesito|busco|me importa) [que sea] (<kind>|velocidad|privacidad|calidad|
    rapidez|algo <kind>|ahorrar|la privacidad|la velocidad|el precio)|para (esto|eso|esta tarea|
    esta pregunta|esta <chat>|este <chat>|este trabajo|este tipo de tarea|mí)|en (privado|
    velocidad|precio|términos de velocidad|cuanto a velocidad|cuanto a precio|cuanto a privacidad|
    términos de precio|calidad)|de forma privada|si la (privacidad|velocidad) (importa|es
    importante)|cuando (es|sea) <kind>
""",
        "suggest": """
(usarías|recomiendas|recomendarías|elegirías|sugieres|tomarías|usas|usar|elegir|uso|uses|
    recomienda|aconsejas|recomendás|utilizarías|prefieres|escogerías|usaría|utilizar|elijo|
    escoger|sugerirías|aconsejarías|me recomiendas|me recomendarías|me sugieres|me aconsejas|
    debería usar|debo usar|conviene|me conviene|convendría|tendría que usar|recomiendan|me
    recomendás|podría usar|puedo usar|conviene usar|me conviene usar|escojo|debería elegir|tomo|
    pondrías|cogerías|utilizo|hay que usar|va mejor|iría mejor|sirve|sirve mejor|funciona mejor|
    sería mejor|es mejor|viene mejor|es el mejor|es la mejor|sería el mejor|es más adecuado|es el
    más adecuado|es el adecuado|sería ideal|es ideal|es bueno)
""",
    },
    sentences=SENTENCES,
    needs={
        "models": "model modelo ia llm endpoint proveedor motor inteligencia",
        "which": "respond habl contest quien atiend convers chate plati corr",
        "list": "cambiar pasar",
        "advise": "us recom sug aconsej elegi tom escog conviene deber utiliz",
        "advice": "cual que quien recom sug aconsej mejor conviene busco necesito dime",
    },
    goals={
        "long": "larg gran enorme extens mucho contexto ventana pesad",
        "fast": "rapid veloz veloc",
        "cheap": "barat econom ahorr precio gast car",
        "private": "priva confiden sensib secret person segur delicad salga discret",
        "good": "mejor inteligen potent fuert capaz list dificil complej complic duro calidad",
    },
    picks=(
        "[(el|la|opción|número)] (último|última)",
        "[(el|la|opción|número|usa el)] (1|uno|primero|primera|primer)",
        "[(el|la|opción|número|usa el)] (2|dos|segundo|segunda)",
        "[(el|la|opción|número|usa el)] (3|tres|tercero|tercera)",
        "[(el|la|opción|número|usa el)] (4|cuatro|cuarto|cuarta)",
        "[(el|la|opción|número|usa el)] (5|cinco|quinto|quinta)",
        "[(el|la|opción|número|usa el)] (6|seis|sexto|sexta)",
        "[(el|la|opción|número|usa el)] (7|siete|séptimo|séptima)",
        "[(el|la|opción|número|usa el)] (8|ocho|octavo|octava)",
        "[(el|la|opción|número|usa el)] (9|nueve|noveno|novena)",
    ),
    yes="hazlo|adelante|exacto|eso es|ese|cambia|eso|hacelo|correcto",
    no="""
no|ninguno|ninguna|ninguno de ellos|olvídalo|olvidalo|cancela|cancelar|déjalo|dejalo|para|nada|no
    gracias|ni uno ni otro|quédate|déjalo así|dejalo asi|no importa|mejor no|no cambies
""",
    assents="sí ok okay vale dale venga",
)
