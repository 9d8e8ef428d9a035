"""Single words of Spanish by what they do in a command.

The words are those of everyday talk about changing, asking and choosing. Words of the trade stand
only where advice is asked for (`task`): a text that wants a change must have none. Pronouns that
are written on to a verb ("cámbiame") are joined to it here. "No" and "si" stand alone nowhere: they
negate, and say conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues_es_talk import TALK
from .meaning import Kind
from .normal import words_of

CLITICS: Final = [
    *("", "me", "te", "le", "lo", "la", "los", "nos", "se"),
    *("melo", "telo", "selo", "mela", "sela", "noslo"),
]
"""What may be written on to an infinitive or an imperative."""
_DROPPED_S: Final = "nos"


def _with_pronouns(forms: str) -> str:
    """The forms of verbs, alone and with each of the pronouns."""
    found: list[str] = []
    for form in words_of(forms):
        for clitic in CLITICS:
            stem = form[:-1] if clitic.startswith(_DROPPED_S) and form.endswith("mos") else form
            found.append(stem + clitic)
    return " | ".join(found)


_CHANGING: Final = _with_pronouns(
    """
    cambia cambie cambiar cambiá cambiemos pasa pase pasar pasá pasemos mueve mueva mover mové
    movamos sigue siga seguir seguí sigamos continúa continúe continuar continuemos
    mantén mantenga mantener vuelve vuelva volver volvé volvamos regresa regrese regresar regresá
    regresemos ve vaya ir salta salte saltar baja baje bajar sube suba subir migra migre migrar
    queda quede quedar quedá quedemos deja deje dejar dejá dejemos retoma retome retomar devuelve
    devuelva devolver devolvé brinca brinque brincar gira conmuta tira tire tirar tiremos
    """
)
_PUTTING: Final = _with_pronouns(
    """
    usa use usar usá usemos utiliza utilice utilizar utilicemos emplea emplee emplear pon ponga
    poner poné pongamos mete meta meter meté metamos echa eche echar echá coge coja coger agarra
    agarre agarrar agarrá saca saque sacar trae traiga traer prueba pruebe probar probá probemos
    intenta intente intentar elige elija elegir elegí escoge escoja escoger selecciona seleccione
    seleccionar activa active activar activá carga cargue cargar conecta conecte conectar enchufa
    enchufe enchufar llama llame llamar llamá arranca arranque arrancar coloca coloque colocar
    ocupa ocupe ocupar da dale dé dar pide pida pedir pedí manda mande mandar mandá encarga
    encargue encargar encargá presta preste prestar regala regale regalar encaja aplica aplique
    aplicar toma tome tomar tomá tomemos pilla pille pillar haz haga hacer responde responda
    responder respondé contesta conteste contestar atiende atienda atender habla hable hablar
    trabaja trabaje trabajar  dile dígale decir resuelve resuelva despierta consigue
    consiga facilita suelta
    """
)

WORDS: Final[Mapping[Kind, str]] = {
    **TALK,
    "change": f"""
múdate|múdese|múdame|mudémonos|mudarme|mudarnos|{_CHANGING}|cambiaras|cambiara|pasaras|pasara
siguieras|siguiera|volvieras|cambias|cambies|cambiamos|cambiando|cambio a|el cambio a|cambio|pasas
pases|pasamos|pasando|seguimos|sigas|continúas|continúes|continuamos|vuelvas|regreses|vamos|vámonos
vayamos|irnos|me quedo|nos|quedamos|quédense|siguiendo|switchea|switchear|hacer el cambio
haz el cambio|haga el cambio|tiramos|tiro de|paso a|me paso|me cambio|nos vamos|sigo con|volvemos
""",
    "put": f"""
no me (pasas|cambias|pones|das|dejas|metes)|elijo|escojo|me apunto a|voy con|me voy con|me pongo con
que entre|que venga|que se encargue|quiero ver|paso con|tiremos de|póngase|ponete|dejáme|mándese
{_PUTTING}|uses|usando|que lo (haga|conteste|responda|vea|mire|resuelva)
me (activas|conectas|metes|echas|enchufas|dejas|mandas|traes|buscas)|pongas|hagas|haces|hagamos
respondas|contestes|trabajes|trabajemos|hablemos|que lo vea|que lo mire|tirando de|echando mano de
me das|me pones|me pasas|me da|me pone|me pasa|nos pones|encargo|ponele|mandale|dale con|dale a
le dejo|se lo dejo|le toca a|te toca
""",
    "wish": """
y si mejor (usamos|ponemos|probamos|cambiamos|pasamos)|[ya] (va siendo|es|sería) hora de|es hora de
mi (elección|opción|voto|favorito) es|me late más|voto por|busco|buscamos|pretendo|me hace falta
me hace ilusión|tengo ganas de|estaría bien|estaría bueno|vendría bien|no estaría mal|ojo
se agradece|ando buscando|convendría|lo ideal sería|lo suyo sería|habría que|pensaba en|aspiro a
requiero|requerimos|solicitamos|insisto|quiero|quisiera|querría|quería|queremos|querríamos
y si [nos] (probamos|usamos|ponemos|cambiamos|pasamos|seguimos|tiramos|vamos)|prefiero|preferiría
preferimos|preferible|necesito|necesitamos|deseo|me gustaría|nos gustaría|me apetece|me tinca
me late|se me antoja|me conviene|me viene bien|me va mejor|me sirve|me vale|me basta|basta|alcanza
es suficiente|suficiente|sobra|bastaría|hace falta|haría falta
no (hace falta|necesito|necesitamos) (tanto|más|mucho)|toca|hay que|mejor|más bien|sería mejor|ojalá
a ver si|qué tal si|qué te parece si|por qué no|y si|otra vez|de nuevo|dame|deme|denme|quieres
quiere|querer|preferir|ganas de|me interesa|pido|pediría|solicito|agradecería|urge|y punto|y ya
y listo|en vez de|ha de ser|tiene que ser|va a ser|voy a querer|que sea|que fuera
""",
    "polite": """
hazme el paro|échame la mano|échame una mano|haceme la gauchada|haceme la segunda|hazme la segunda
hazme el quite|hazme el cariño|échale ganas|regálame|regáleme|[le|te|les] ruego [que]|ruego que
proceda a|procede a|sírvase|tenga a bien|tendría la bondad de|no se (podrá|podría)|sería mucho pedir
agradecido|agradecida|bendiciones|con todo respeto|si fuera posible|si fuese posible|de ser posible
cortesía|a poder ser|si cabe|se lo pido|te lo pido|anda por fa|andale pues|le encargo|me encargas
muy amable|amable|si quiere usted|si usted quiere|si le viene bien|si te viene bien|por favor|porfa
porfi|porfis|porfavor|favorcito|por favorcito|xfa|plis|gracias|mil gracias
si (puedes|podés|puede|pueden|es posible|se puede|pudiera|pudieras|es tan amable|eres tan amable
    |fuera tan amable|gusta|quieres|quiere|querés|te parece|le parece)
si no [te|le|les|os|es] [es] [mucha|mucho] (importa|molesta|molestia|pedir|inconveniente)
(hazme|hágame|haceme|haga|haz|me hace|me haces|me hacés|háganme) [el] favor [de]|tan amable
sea tan amable de|sé bueno|sería tan amable de|tenga la bondad de|puedes|podés|puede|pueden|podrías
podría|podrían|podemos|podríamos|pudiera|pudieras|será que|sería posible|es posible|qué pena|apúrate
apúrese|apúrale|date prisa|dese prisa|muévete|te pido|le pido|le agradezco|te agradezco
se lo agradezco|cuando puedas|cuando pueda|disculpa|disculpe|me ayudas|me ayuda|te importa
le importa|le importaría|te importaría|te molesta|le molesta
""",
    "from": """
hasta [que] [yo] (termine|terminemos|acabe|acabemos|terminar|acabar) [el|la|esto|este
    |con] [proyecto|tarea|trabajo|esto|día]
de ahora pa|de una vez por todas|en lo que queda|todo el proyecto|todo este (chat|hilo|proyecto)
de aquí pa|en lo adelante|por el resto|pal resto|lo que resta|hoy en adelante|toda esta
de (ahora|aquí|acá|hoy|momento) [en|para] [adelante|más]|desde (ahora|ya|aquí|hoy|acá|este momento)
a partir de [este|ahora|aquí|ya|hoy|acá] [momento|mensaje|punto]|en adelante|siempre|para siempre
[todo] [lo] resto|lo demás|todo lo que (sigue|queda|viene|falta)
lo que (sigue|queda|viene|falta|resta)|de corrido|de fijo|fijo
hasta (el final|nuevo aviso|que [te|le|yo] (diga|avise|pida))|todo el (día|rato)
(todas|cada una de) (las|mis) (respuestas|preguntas) [siguientes|que vienen]|por ahora
hasta terminar|por defecto|predeterminado|permanentemente|definitivamente
toda la (tarde|noche|mañana|sesión)|el día
(las|los) (siguientes|próximas|próximos|demás) (respuestas|preguntas|mensajes)|entero|entera
""",
    "once": """
después (volvemos|regresamos|seguimos|sigues|seguís|vuelves|vuelve) [con|al|a] [el] [mismo
    |de siempre|otro|normal|lo mismo]
nada más (esta|esto|por esta)|pa esta nomás|una no más|un ratito nomás|una segunda opinión
[solo] (este|ese) mensaje
[solo|solamente|únicamente|nada más|nomás|pero] [a|para|por|en|con|que] (esta|este|una (sola|única)
    |un (solo|único)|(la|el|mi|tu|su|esta|este) [misma] (única|próxima|próximo|siguiente
    |sgte)) (respuesta|pregunta|vez|consulta|mensaje|contestación|duda|turno) [que sigue|que viene
    |siguiente|sola|nada más|nomás]
(la|el) (respuesta|pregunta|consulta|mensaje) (que (sigue|viene|te voy a hacer)|siguiente|de ahora)
una (sola|única) vez|una vez|por esta|esta vez|la (próxima|siguiente)|la que (sigue|viene)
por única vez
[pero|y] (solo|solamente|únicamente|nada más|nomás) [para|por|con|en] (esa|esta|ese|este|una
    |la que sigue|la siguiente|la próxima|la que viene)
solo (esa|esta)|una nada más
y (después|luego|ya) (sigues|seguís|sigue|seguimos|vuelves|volvemos|volvés|vuelve
    |como) [con] [el] [como|igual|de] [estabas|estábamos|antes|siempre|estaba|ahora]
luego como antes|como antes
(el|la|lo) resto (igual|como antes|sigue igual|queda igual|con el de siempre)|después todo igual
""",
    "this": """
(esto|eso|ello|lo siguiente|lo que sigue|lo de abajo|esta tarea|este encargo|este trabajo
    |este trabajito|esta cosa|este tema|este caso|esta parte|este pedazo|este trozo|este asunto)
(me|se|te) (lo|la)
""",
    "now": """
ahora|ahorita|ahoritita|ya|ya mismo|ahora mismo|altiro|al tiro|enseguida|hoy|de una|inmediatamente
""",
    "revert": """
devolvé|regrésenme|regresémonos|volvámonos|volvamos|reponer|repón|reponga|rehaz|deja sin efecto
dar marcha atrás|retroceder|retrocede|retrocedé|devuelve|devuélveme|devuelva|devuélvame|devolver
devuélvete|devolveme|regresa|regresar|regrésame|regréseme|regresarme|regrese|vuelve|vuelva|volver
volvé|volverme|deshaz|deshacer|deshacé|deshaga|revierte|revertir|revierta|restaura|restaurar
restaure|recupera|recuperar|recupere|atrás|retoma|retomar|volvelo|vuélvelo|vuélveme|vuélveme a
vuelvo
""",
    "before": """
íbamos|iba|veníamos usando|con el que (empezamos|empecé)|empezamos|empecé|primero|tuve|tuvimos
me diste|pusiste|me tocaba|tocaba|llevaba|llevábamos|solía|la vez pasada
hasta hace (poco|rato|un rato)|anterior|antes|previo|previa|viejo|antiguo|pasado|original|de siempre
hace (rato|ratito|poco|tiempo)|hace un (rato|ratito|momento|momentito)|anteriormente|previamente
al principio|recién|inicial|denantes|tenía|teníamos|tenías|usaba|usábamos|estaba|estábamos|estabas
había|venía|veníamos|contestaba|respondía|me contestaba|me respondía|hablaba|era|habíamos|estuvo
estuvimos|último|hasta ahora
""",
    "ask": """
infórmeme|quisiera confirmar|me aclaras|me aclara|recuérdeme|hágame saber|hazme saber|no me acuerdo
no recuerdo|se me olvidó|ando perdido|estoy perdido|por saber|consulta|una consulta|si me permite
disculpe la pregunta|me perdí|dime|dígame|decime|recuérdame|recordame|cuéntame|cuénteme|confirma
confírmame|confirme|confírmeme|confirmame
me (dices|dice|decís|dirías|diría|confirmas|confirma|recuerdas|recuerda|cuentas)
me (dice|dices|diría|dirías) (qué|cuáles|cuál|los)
me (puedes|puede|podés|podrías|podría|pueden) (decir|confirmar|recordar|contar|mostrar)|saber|sabes
sabe|decirme|confirmarme|informarme|indíqueme|indícame|infórmame|quisiera saber|pregunto|me pregunto
pregunta|duda|curiosidad|por curiosidad|se puede saber|para confirmar|confirmar|aclárame|acláreme
""",
    "which": """
cuál|cuáles|(qué|q|k|ke) [otros|clase de|tipo de] (modelos|ias|opciones|otros)|entre (qué|q)
a (qué|q)
""",
    "who": "quién|quiénes|quien",
    "current": """
modelo (actual|activo|vigente|en uso|seleccionado|en curso|de turno|en marcha|presente)
nombre (del|de tu|de este|de ese|de su) modelo|cómo (se llama|te llamas|se llama usted)
""",
    "model": """
(el|al) ~|este modelo no|modelo|modelito|ia|llm|modelo de lenguaje|modelos de ia|mod|model
""",
    "is": "es|son|sea|sería|era|fue|está|están|estará|esté|será",
    "self": """
sigo|sigues|seguís|siguen|eres|sos|es usted|soy|todavía|aún|ya cambió|ya cambiaste
(estás|estoy|estamos|está|estai|tai) (en|con|usando|hablando) [con|el|la]
ya (estás|estoy|estamos|está)
""",
    "state": """
parados|parado|montados|metidos|me tocó|tocó|me toca|llevamos|pusiste|pusieron|quedamos|asignado
asignaron|corriendo ahora|vigente|toca ahora|traes|trae|traigo|puesta|prendido|encendido|cargaste
andas|andamos|hoy|eres|sos|es usted|estás|estoy|estamos|estai|tai|tengo|tenemos|tienes|tenés|hay
usas|usás|usamos|está|quedó|quedé|activo|activado|activa|puesto|seleccionado|configurado|en uso
ahora|ahorita|cargado|actualmente|en este momento|en estos momentos|se hizo el cambio|cambió
cambiaste|se cambió|en curso|este|esto|ese|vos|tú|usted|corre|corriendo|corres|ejecuta|funcionando
anda|trabaja|trabajas|detrás|está puesto|se (está|usa|ejecuta)|al (mando|aparato|habla)|de turno
""",
    "speaks": """
contestó eso|respondió eso|atendió|me atiende|me estás atendiendo|te basas|te ejecutas|laborando
procesando|escribiéndome|me escribe|me lee|leyendo|enfrente|al otro lado|del otro lado
detrás de esto|conversas|chateas|chateo|respondiendo|respondiéndome|respondes|responde|responda
contestando|contestándome|contestas|contesta|conteste|hablando|hablándome|hablo|hablas|habla
hablamos|hablás|atendiendo|atendiéndome|atiende|atiendes|escribiendo|escribes|charlando|charlo
platicando|platico|chateando|conversando|converso|conmigo|usando|estoy usando|estás usando
utilizando|contestó|respondió|generando|contestaste|respondiste|tecleando|me habla|me responde
me contesta
""",
    "models": """
(qué|q|k|ke) [otros|clase de|tipo de] (modelos|ias)|modelos|llms|ias|modelitos
lista de [los|todos los|tus|mis] modelos|opciones de modelo|modelos de ia
(menú|catálogo|lista|listado) de (modelos|modelo)|todos los modelos
""",
    "list": """
cuentas|cuenta|contamos|cuento|dispones|dispongo|disponemos|dispone|incluye|incluyes|enséñeme
me enseñas|me enseña|me muestra|me listas|me pasas|me das|me da|me das a elegir|a elegir
para escoger|donde elegir|soportados|habilitados|alternativas|catálogo|tenéis|hay ahí|activos
al alcance|existentes|anda|qué más|lista|listado|listar|listame|lístame|listeme|muestra|muéstrame
muestre|muéstreme|mostrar|mostrarme|mostrame|mostrá|muestras|enseña|enséñame|enseñar|enseñas|enumera
enumerar|enumérame|dame|deme|dime|dígame|decime|nombra|nómbrame|ver|pásame|pasame|páseme|mándame
ponme|menú|opciones|opción|hay|existen|tienes|tenés|tengo|tenemos|tiene|tienen|disponible
disponibles|disposición|ofreces|ofrece|ofrecés|manejas|maneja|manejás|conoces|soportas
me (dice|dices|decís|diría)|tiene disponibles|posibles|seleccionables|elegibles|instalados|quedan
configurados|conectados|listos|a mano|por ahí|puedo|puedes|podemos|podría|se puede|se pueden|pueden
elegir|escoger|seleccionar|usar|utilizar|pillar|probar|cambiar|cambiarme|pasar|pasarme|escojo|elijo
otros|demás|más|cuántos|entre|todos|para elegir|decirme|sabes|saber|leer|léeme|enlista|enlístame
enlísteme|consultar|poner
""",
    "suggest": """
recomiéndenme|recomiéndanos|oriénteme|orientarme|asesórame|asesóreme|asesorar|sugiérame|sugerirme
aconsejarme|aconséjeme|aconsejame|qué dices|guíame|guía|tip|tips|ayuda a elegir
ayúdame a (elegir|escoger|decidir)|ayúdeme a (elegir|escoger|decidir)|recomienda|recomiéndame
recomiende|recomiéndeme|recomendame|recomendá|recomiendas|recomendás|recomendarías|recomendaría
recomendar|recomendarme|recomiendes|recomendación|recomendaciones|sugiere|sugiéreme|sugerime
sugieres|sugerís|sugerirías|sugeriría|sugerencia|sugerir|sugieras|consejo|aconséjame|aconseja
aconsejas|aconsejás|aconsejarías|aconsejaría|aconsejes|aconseje|aconsejar|propón|proponme|propones
propondrías|aconsejable|recomendable|orientas|orienta|oriéntame
""",
    "should": """
seguir|continuar|trabajar|quedarme|cambiar|pasar|cambiarme|pasarme|usarías vos|te inclinas|elegís
usás|ponés|convendrá|será|sería|irá|funcionaría|serviría|rendiría|iría|andaría|es mejor|me tiro
me voy|me tiro por|le meto|meto|usaremos|pediría|escogiera|usara|recomendarían|recomiendan|aconsejan
debo|debería|deberíamos|debiera|tengo que|tendría que|conviene|convendría|convenga|me convendría|uso
elijo|escojo|pongo|tomo|cojo|pillo|agarro|ocupo|ponemos|usar|usaría|usarías|usarían|elegir|elegirías
escogerías|pondrías|pondría|tomarías|cogerías|ocuparías|dirías|diría|meterías|probarías|escoger
poner|me pongo|me quedo|prefieres|preferís|preferirías|vale la pena|crees|creés|cree|piensas|opinas
te parece|le parece|dejarías|echarías|usas|eliges|debemos|hay que|me va|me sirve|nos conviene
""",
    "best": """
mejor|mejores|óptimo|ideal|idóneo|indicado|adecuado|apropiado|conveniente
más (rápido|barato|inteligente|potente|listo|económico|seguro|privado|capaz|adecuado|largo|grande
    |fuerte|fiable|conveniente|indicado|pequeño|preciso|apto|confiable|eficiente|veloz|ligero|fino
    |baratito|rapidito|lento|completo|poderoso|discreto|crack|pro|hábil)
menos (caro|costoso|gasto)
""",
    "fit": """
bueno|buena|bien|sirve|sirva|aguanta|aguante|maneja|maneje|entiende|entienda|soporta|puede con|capaz
va bien|iría bien|rinde|funciona|anda|anda bien|cumple|resuelve|da la talla|vale|serviría|alcanza
aguantaría|barato|económico|rápido|seguro|privado|potente|fiable|sepa|sabe|no se (pierda|ahogue|líe)
""",
    "goal": """
barato|barata|baratito|económico|rápido|rápida|rapidito|rapidita|rapidillo|rapidilla|rapidez
velocidad|privado|privada|privacidad|confidencial|confidenciales|sensible|sensibles|secreto|seguro
seguridad|largo|larga|larguísimo|larguísima|grande|enorme|gigante|extenso|difícil|complejo
complicado|jodido|precio|costo|coste|gastar|gastar poco|gastar menos|gasto|ahorrar|ahorro|plata
dinero|tokens|pesado|sencillo|sencilla|fácil|simple|calidad|peliagudo|bravo|heavy|delicado
presupuesto
""",
    "case": """
si [no] (quiero|necesito|quisiera|puedo|debo|busco|lo que quiero|es|va a ser|tengo|hay|me importa
    |lo quiero) [que]
para (un|una|algo|cosas|cositas|esto|eso|preguntas|tareas|textos|escribir|programar|código|leer
    |lo que)
para (mi|mis|el|la|los|las|este|esta|estas|estos|hacer|cuando|que)|cuando (quiero|hay)
sin (gastar|pagar|que|mandar|salir) [tanto|mucho|nada]|(no|nada) (salga|quiero) [nada|gastar|que]
""",
    "task": """
busco|matemáticas|física|química|cuentas|cálculos|examen|exámenes|deberes|clase|clases|universidad
colegio|escuela|presentación|presentaciones|blog|artículo|artículos|guion|guiones|post|redes
publicidad|recetas|receta|viajes|legal|historial|entrevista|currículum|cv|prototipo|app|apps|web
página|páginas|sitio|microservicios|base de datos|consultas sql|leyes|ensayo|ensayos|párrafo
párrafos|frase|frases|título|títulos|nombre|nombres|comentarios|ortografía|corregir|corrección
gramática|inglés|español|francés|idiomas|toda|todo el|día|aburrido|aburrida|masivo|masiva|urgente
rápido|complejas|complejos|difíciles|sencillas|sencillos|simples|largo|es|texto|privados|internos
confidenciales|para|de|en|con|un|una|por|sobre|bug|bugs|error|errores|fallo|fallos|código|programar
programa|programas|programación|depurar|depuración|debug|refactor|refactorizar|refactorización
revisar|revisión|escribir|redactar|redacción|textos|correo|correos|carta|cartas|email|emails|informe
informes|documento|documentos|documentación|documentar|archivo|archivos|contrato|contratos|traducir
traducción|resumir|resumen|resúmenes|explicar|explicación|explicaciones|mates|lógica|razonar
razonamiento|analizar|análisis|datos|planificar|planificación|ideas|diseño|arquitectura|memoria
concurrencia|multithreading|hilos|python|rust|java|javascript|typescript|sql|regex|bash|css|html
excel|latex|c|go|kotlin|swift|ruby|php|algoritmo|algoritmos|tarea|tareas|tesis|investigación
investigar|ciencia|poesía|cuento|novela|boilerplate|rutina|repetitivo|puro|repo|repositorio|proyecto
proyectos|trabajo|trabajos|trabajito|cosa|cosas|cosita|cositas|pregunta|preguntas|problema|problemas
consulta|consultas|sesión|chat|charla|conversación|contexto|respuesta|respuestas|pruebas|tests|test
script|scripts|libro|libros|manual|manuales|pdf|notas|apuntes|transcripción|audio|imágenes|fotos
capturas|logs|log|tabla|números|muchos|muchas|mucho|mucha|salga|sale|salir|máquina|computadora
ordenador|compu|pc|laptop|aquí|acá|nada|noche|tarde|gastar|gaste|cobren|cobre|cueste|cuesta|pierda
pensar|leer|larga|largas|largos|cortas|corto|tonta|tontas|tontería|tonterías|chorrada|chorradas|fome
fea|feo|pesada|gordo|gorda|viejo|vieja|viejos|antiguo|re|lo que|que|si|mi|mis|lo|el|la|los|las|hay
tengo|tiene|quiero|quiero que|hacer|hago|vengo|estoy|ando|viene
""",
    "ours": "aquí|acá|tienes|tengo|tenemos|hay|disponibles|disponible|de estos|de los|tenés",
    "also": "y",
    "either": "o|u|o ya (no|cambió|cambiaste|cambiamos)|o no|o qué|verdad|cierto",
    "some": "uno de|una de|alguno de|cualquiera de|algún",
    "asked": """
[con|en|de|a|desde|para|por] (qué|cuál|q|k|ke) [es el|es tu|es|otro|de los|de las|versión del
    |clase de] [el|tu] (modelo|ia|llm|modelito|model)
(cuál|quién) de (ustedes|los modelos|ellos|los dos|todos|todos los modelos|tus modelos|mis modelos)
nombre [del|de tu|de este|de su] modelo|modelo (eres|sos|es usted)|(qué|cuál) [ia|modelo] eres [tú]
en (qué|cuál) modelo
""",
}
