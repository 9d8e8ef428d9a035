"""What commands are made of in Spanish: tables for `cues`."""

from __future__ import annotations

from typing import Final

from .cues import Cues
from .cues_es_bars import BAR_PARTS, BARRED
from .cues_es_words import WORDS

SPANISH: Final = Cues(
    "es",
    {
        **BAR_PARTS,
        "adv": "[<adverb>] [<adverb>]",
        "adverb": """
ahora|ahorita|ahora mismo|en este momento|actualmente|todavía|aún|aquí|acá|ya|realmente
exactamente|entonces|justo|por ahora|hoy|en realidad|recién|más|por defecto
""",
        "the": """
el|la|los|las|lo|un|una|unos|mi|mis|tu|tus|su|sus|nuestro|este|esta|esto|ese|esos|estos|del|al
de los|de mis|de tus|todos los|todos mis|todos tus|otro|otros|cualquier|algún|alguno
""",
        "one": "modelo|ia|llm|motor|endpoint|proveedor|modelo de lenguaje|modelo de ia|modelito",
        "many": "modelos|llms|ias|modelos de lenguaje|modelos de ia",
        "chat": "conversación|chat|charla|sesión|hilo|plática|diálogo|discusión",
        "turn": "respuesta|pregunta|vez|mensaje|petición|consulta|prompt|ocasión",
        "old": """
anterior|previo|viejo|antiguo|último|original|inicial|otro|primero|habitual|de antes|de siempre
de hace rato|de hace un rato|de hace un momento|de recién
""",
        "then": """
antes|hace rato|hace un rato|hace un momento|anteriormente|previamente|al principio|hasta ahora
recién|originalmente
""",
        "ran": """
(tenía|teníamos|tenías|usaba|usábamos|usabas|estaba|estábamos|había|respondía|contestaba|hablaba
    |respondió|contestó|usé|corría|era|venía usando|estaba (contestando|respondiendo|usando
    |hablando)|estábamos usando|utilizaba|utilizábamos|iba) [<then>]
""",
        "use": """
usar|utilizar|elegir|escoger|tomar|recomendar|sugerir|aconsejar|poner|cambiar|cambiarme|pasar
pasarme|emplear|preferir|coger|ocupar|probar|seleccionar
""",
        "uses": """
usarías|utilizarías|elegirías|escogerías|tomarías|recomiendas|recomendarías|sugieres|sugerirías
aconsejas|aconsejarías|recomendás|sugerís|prefieres|pondrías|cogerías|ocuparías|recomienda|sugiere
aconseja|usaría|emplearías|preferirías|recomendaría
""",
        "better": """
mejor|mejores
más (rápido|barato|inteligente|potente|listo|económico|seguro|privado|capaz|adecuado|largo|grande
    |fuerte|fiable|conveniente|indicado|pequeño|preciso|apto|confiable|eficiente|veloz)
menos (caro|costoso)|rapidísimo
""",
        "size": """
largo|larga|largos|largas|grande|grandes|gran|enorme|extenso|extensa|rápido|rápida|rápidas|rápidos
barato|barata|económico|privado|privada|confidencial|confidenciales|sensible|sensibles|secreto
personal|personales|seguro|difícil|difíciles|complejo|compleja|complejos|complejas|complicado
complicada|duro|simple|simples|sencillo|sencilla|sencillas|fácil|fáciles|corto|cortas|pequeño
potente|inteligente|pesado|delicado
""",
        "work": """
tarea|tareas|conversación|conversaciones|charla|charlas|cosa|cosas|pregunta|preguntas|documento
documentos|archivo|archivos|contexto|refactor|refactorización|refactorizar|refactorizaciones
código|programar|depurar|debug|revisión|revisar|revisión de código|documentación|docs|documentar
tests|pruebas|traducción|traducir|resumen|resumir|resúmenes|escribir|redactar|analizar|análisis
investigar|planificar|planificación|proyecto|proyectos|sesión|sesiones|trabajo|problema|problemas
razonamiento|datos|texto|textos|respuesta|respuestas|errores|bugs|correos|chat|consultas
base de código|repo
""",
        "inward": """
salga nada|salga de|salga|salga de aquí|salga de mi (máquina|compu|equipo|ordenador|computadora)
nada salga|salir nada|mandar nada fuera|mandar nada|enviar nada fuera
se quede (aquí|en mi máquina|local)|sea privado|se filtre nada
nada de mi (máquina|compu|ordenador)
""",
    },
    {
        "change": """
(cambia|cambie|cambiar|cambies|cámbiate|cámbiame|cambiarme|cambiarte|cámbialo|cambiemos|cámbiese
    |cambiamos|cambiarnos|pasa|pasar|pásate|pásame|pasarme|pasemos|pasarnos|pásanos|pasamos
    |páselo|vuelve|vuelva|volver|volvamos|volvé|vuelvo|volvemos|regresa|regrese|regresar
    |regresemos|regresame|salta|mueve|muévete|muéveme|mudate|migra|ve|vete|vamos|vámonos|vayamos
    |vaya|ir|irnos|baja|bajar|sube|subir|conmuta|switchea|transfiere|devuélveme) [a] [<the>]
    [<one>|todo|<chat>] [a|al|para|hacia|en|por|con|de]
(continúa|continuar|continuemos|continúe|sigue|siga|seguir|sigamos|seguí|sigas|seguimos|quédate
    |quédese|quedarse|quedarme|quedémonos|mantente|retoma|retomar|mantén) [<the>] [<chat>] [con
    |en|usando|trabajando]
(cambia|cambiar|cámbiame|cambies|cambiemos) (de|el|mi|tu) <one>
(pon|ponme|ponlo|poner|deja|fija|configura|establece) [el] <one> (en|a|como)
(ponte|póngase|métete|ponme|méteme) (en|con|a)|como (modelo|modelo por defecto|predeterminado)
quise decir|quería decir|me refería a|digo|(usa|pon|modo|usar) [el] ~|modo ~
mueve (esto|la charla|esta <chat>)|me paso|me cambio
""",
        "put": """
(usa|use|usar|usemos|uses|usame|usando|utiliza|utilice|utilizar|utilicemos|emplea|emplear|pon
    |ponga|poner|ponme|poné|poneme|pongamos|ponlo|ponle|póngame|mete|métele|meter|toma|tomar
    |prueba|probar|probemos|probá|pruebe|intenta|intentar|elige|elegir|escoge|escoger|elegí
    |selecciona|seleccionar|activa|activar|carga|inicia|enciende|arranca|echa mano|tira|tirar
    |tiremos|ocupa|ocupar|coge|agarra|trae|tráeme|saca|hazlo|hacelo|háblame) [<the>] [de|con|en|a]
(responde|responda|responder|respóndeme|respondas|respondiera|conteste|contesta|contestar
    |contéstame|contestara|contestes|responderá|atiende|atienda) [con|desde|usando|por|vía|de]
(deja|dejar|deje|dejemos|dejame|dejale|dale|dele|pasa|pasar|pásale|cede|entrega) [que|a|el (turno
    |control)|la palabra] [a]
que [@] [me] (siga|conteste|responda|haga|tome|entre|se encargue|lo haga|venga|atienda|continúe
    |trabaje|lo
    resuelva|hable)
(se encargue|encárgate|se ocupe|tome el (control|relevo)|toma el (control|relevo)|haga|hacer|hace
    |haz|tome|entre|entra|lo haga|haga el resto) [esto|eso|el resto|todo]
(hablar|habla|hablemos|charlar|platicar|trabajar|trabaja|hablo) con
(basta|alcanza|sobra|es suficiente|vale|sirve|va bien|está bien|me vale|me sirve|me basta|me
    alcanza|va|bastará|servirá|será suficiente|es más que suficiente) [con|para esto]
con [el] @@|correr|corra|en marcha|a cargo|a trabajar|lo (ponga|haga|use)|adelante con|dale con
en lugar de eso|en vez de eso|vía|mediante
""",
        "wish": """
(quiero|quisiera|querría|querríamos|queremos|quería|prefiero|preferiría|preferimos|necesito
    |necesitamos|deseo|me gustaría|nos gustaría|ocupo|me apetece|ando queriendo|quieras|querés)
    [mejor|más|ahora|ya] [usar|tener|a|que me|que sea|ver|probar]
(dame|denme|danos|deme|dadme|pásame|ponme|consígueme|tráeme|búscame|préstame)|mejor|más bien
que (sea|me|lo|esto lo)|quién sabe si|qué tal|qué te parece|por qué no|ojalá|hay que|toca
conviene|ya quiero|vamos con|vamos a|va|venga|iría|iría mejor
(sería|estaría|vendría) (mejor|bien|genial) [con|si|que]|hace falta|haría falta
me (va|viene|sirve) mejor
""",
        "polite": """
por favor|porfa|porfis|porfavor|xfa|plis|gracias|muchas gracias
si (puedes|podés|puede|es posible|no te importa|no es molestia|no te molesta|se puede|fueras tan
    amable)
de favor
(puedes|podrías|puede|podría|podemos|podríamos|podés|puedo|podría yo|pudieras|te animas a|me
    puedes|me podrías|me podés|se puede|se podría) [por favor]
(es|sería) posible [que|usar]|(te|le) (importa|importaría|molesta|molestaría) [si]
hazme el favor de|sé tan amable de|serías tan amable de|amablemente
""",
        "from": """
(a partir|de) (de|desde) (ahora|aquí|este (mensaje|momento|punto)|acá|hoy|ya|esta pregunta|la
    próxima) [en adelante]
a partir del (próximo|siguiente) mensaje
(de|desde) (ahora|aquí|acá|hoy|ya|este momento|ahorita|este punto|esta pregunta) [en adelante|en
    más|mismo]
en adelante|en lo sucesivo
(para|por|durante|en) (todo|toda) [el|la|lo] (resto|lo que queda|lo demás|<chat>) [de] [la|el
    |esta|este|lo] [<chat>|día]
(para|por|durante|en|el) [el] (resto|lo que queda|lo que resta) [de|del] [la|el|esta|este]
    [<chat>|día|tiempo]
lo que queda|el resto|todo lo demás
(para|en|durante) (esta|toda la|toda esta|este|la|el|todo el|todo este|nuestra) <chat>
hasta (nuevo aviso|que diga|que te diga|que avise|el final) [otra cosa|lo contrario]|siempre
permanentemente|por (ahora|el momento)|de momento|para siempre
para (todo|hoy|todas (mis|las) preguntas)|todas las (respuestas|preguntas)
todo (esto|el rato|el tiempo)|definitivamente|por defecto|por un (rato|tiempo)|un rato
indefinidamente|en el futuro|de fijo
""",
        "once": """
[solo|solamente|únicamente|nada más|nomás|tan solo|pero solo|y solo|aunque sea] [para|por|en|con
    |a|de|que] [solo|nada más|nomás] (esta|este|la próxima|mi próxima|tu próxima|la
    siguiente|mi siguiente|una|un|el próximo|el siguiente|esta única|una sola|una única|próxima
    |siguiente|un solo|la misma|esta próxima) [única|sola|siguiente|próxima|última] <turn> [nada
    más|nomás|solamente|solo|únicamente]
(solo|solamente|nada más|nomás|únicamente) (esta|esto|en esta|en esto|para esto|para esta|por
    esta|la siguiente|la próxima|para la siguiente|este|en este|una)
por (única|esta|una) [única] vez|una sola vez|una (sola|única) [vez]|una vez|por una vez|por esta
en esta|esta vez|una respuesta (de|con)|para (esta|la siguiente|la próxima)
(pregúntale|pregunta|preguntarle|consulta|consúltalo|consúltale|pídele|pide|pedile) [esto|eso|su
    opinión] [a|al|con]
(qué|cómo) (dice|opina|piensa|diría|opinaría|pensaría|lo ve) [<the>|de esto|sobre esto]
(una|otra) [segunda] opinión [de]|segunda opinión [de]|la opinión de|opina|diría
y (luego|después) (vuelve|volvemos|como antes|seguimos|regresa|regresamos|sigue) [como antes
    |igual|a lo de antes|al de antes|con lo de antes]
(luego|después) como antes|no para toda la <chat>
(contesta|responde|contéstame|respóndeme) (esto|esta|eso) [con|usando|solo|nada más]
(que|deja que) (esto|esta|eso) lo (haga|conteste|responda|vea|resuelva)
(esto|esta|eso) que lo (haga|conteste|responda)
(deja|que|haz que|deja que) @ [lo] (haga|conteste|responda|vea) (esto|esta)|puntualmente
ocasionalmente|de forma puntual|momentáneamente
""",
        "this": """
(para|con|en|sobre) (esto|eso|ello|lo siguiente|lo que sigue|esta tarea|este caso)
(haz|hazme|hace|esto) [esto] (con|en)|esto [lo|en]
""",
        "now": """
ahora|ahorita|ya|ahora mismo|ya mismo|enseguida|inmediatamente|hoy|en su lugar|en cambio
de una vez|por ahora|actualmente|en este momento|cuanto antes|mientras
""",
        "anyway": """
de todos modos|de todas formas|de todas maneras|aun así|igualmente|pase lo que pase|sí o sí
a toda costa
""",
        "return": """
(vuelve|vuelva|volver|volvamos|volvé|regresa|regresar|regresemos|cambia|pasa|ve|vamos|da marcha
    |echa|echar) (atrás|para atrás|de vuelta|de regreso|hacia atrás|p atrás)
(deshaz|deshacer|revierte|revertir|cancela|cancelar|anula|anular|deshacé|deshaga) [el|ese|este
    |mi] [último] (cambio|switch) de <one> [anterior]
marcha atrás|vuelve (por favor|porfa|ya)
""",
        "before": """
[<the>] <old>|(a|al|el|del|con el|lo) <old>|(lo|el|al|la|a lo) [que|de] <ran>
(a lo de|lo de|el de|al de) <then>|de antes|a donde estábamos|que <ran>
""",
        "gone": """
[a|al|con|de] [<the>] [viejo|antiguo|anterior|último|primer] <one> (<old>|que <ran>|de <then>)
[a|al] [<the>] (viejo|antiguo|último|primer) <one> [<old>]|(el|al) otro <one>
(al|el|a el) que (estaba (contestando|respondiendo|hablando)|respondía|contestaba|me respondía|me
    contestaba) [<then>]
el (otro|anterior|viejo|de antes) otra vez|otra vez el (de antes|anterior)
el que (tenía|teníamos|usaba|usábamos|estaba|estaba usando) [<then>]
(era|estaba) mejor [con] el (otro|anterior|viejo|de antes)
me gustaba más el (otro|anterior|viejo|de antes)
""",
        "ask": """
(dime|dígame|decime|dinos|recuérdame|recordame|cuéntame|contame) [otra vez]
(puedes|podrías|me puedes|me podrías|podés) (decirme|decir|recordarme)
(quiero|quisiera|necesito|me gustaría) saber|una (pregunta|duda|pregunta rápida|consulta)
por curiosidad|solo (por curiosidad|para saber)|no sé|no recuerdo|olvidé|me pregunto|sabes
por cierto|se puede saber
""",
        "which": """
[a|con|de|en|entre|para|desde] (qué|cuál|cuáles|qué tal) [es el que|es lo que]|qué clase de
qué tipo de|lo que
""",
        "who": "[a|con|de|por] (quién|quiénes)",
        "current": """
[dime|muéstrame|muestra|cuál es|di] [<the>] <one> (actual|activo|en uso|seleccionado|vigente|en
    curso) [<adv>]
[dime|cuál es] (el|tu) nombre (del|de tu|de este) <one>|cómo se llama (este|el|tu) <one>
adónde van mis (mensajes|preguntas)
""",
        "model": "[<the>] [gran|pequeño|buen] <one> [local|pequeño|grande|integrado]",
        "state": "(está|están) [<adv>] (corriendo|ejecutando)|corre|usamos|usas",
        "is": """
(es|eres|sos|soy|está|estás|estoy|estamos|son|era|fue|sería|es usted) [<adv>] [este|esto|ese|eso
    |él|tú|usted|activo|seleccionado|en uso|puesto|el que] [<adv>]
(este|esto|ese) es [<adv>]|(tengo|tenemos|tienes|hay) [<adv>] [puesto|activo|seleccionado]
(activo|seleccionado|puesto|en uso)|se (está|usa|está usando)
""",
        "self": """
(sigo|sigues|seguís|seguirá|sigue siendo) [<adv>] [siendo|en|con|usando|hablando con|siendo el]
(estoy|estamos|estás) [<adv>] [en|con|usando|hablando con|hablando] [el|la]
(eres|sos|es usted) [<adv>]|esto (sigue siendo|lo responde|lo contesta|viene de|corre en) [<adv>]
(todavía|aún) (es|eres|estoy|estás|estamos|está|uso|usamos|sos) [<adv>] [en|con|hablando con
    |usando]
(hablo|hablas|usas|estoy usando) [<adv>] [con]
ya (cambiaste|estás|estoy|estamos|pasaste) [a|en|al|con]|(cambiaste|pasaste) [ya] [a|al]
esto [<adv>] (pasa por|va por|va a)
""",
        "speaks": """
[me|nos] (está|estás|están|estaba) [<adv>] (respondiendo|contestando|hablando|respondiéndome
    |contestándome|usando|escribiendo|atendiendo|atendiéndome|utilizando|trabajando|funcionando
    |generando) [<adv>]
(estoy|estamos|ando) [<adv>] (hablando|usando|charlando|platicando|trabajando|chateando
    |utilizando|conversando) [<adv>] [con]
[me|nos] (responde|contesta|habla|atiende|escribe|genera|responden|hablás) [<adv>] [mis preguntas
    |a mis preguntas|esto|eso|mis mensajes|ahí]
(hablo|charlo|platico|chateo|hablamos) [<adv>] [con]|trabajo con
(usas|utilizas|corres|estás usando|funcionas|te basas|hablas|ejecutas) [<adv>] [en|con]
(está|es|anda) [<adv>] (detrás|al mando|a cargo|activo|en uso|en marcha|al otro lado|de turno|al
    habla|trabajando) [<adv>] [de esto]
(acaba|acabas) de (responder|contestar|responderme|contestarme|escribir) [<adv>]
(viene|vienen|salió|vino) (esta respuesta|la respuesta|las respuestas|la última respuesta|esto
    |eso) [<adv>]
hablas|(van|va) mis (mensajes|preguntas)|en la nube o|o en la nube|hay detrás
tengo (enfrente|al otro lado)
""",
        "spoke": """
[me] [lo|la] (escribió|dijo|respondió|contestó|hizo) [eso|esto|la última|lo último] [<adv>]
(acaba|acabas) de (responder|contestar|responderme|contestarme|escribir) [<adv>]
""",
        "models": """
[<the>] [<the>] [diferentes|distintos|posibles] <many> [disponibles|posibles|configurados
    |instalados|locales|existentes|que hay]
(lista|listado|catálogo|menú) [de|con] [<the>] <many>|opciones de (<one>|<many>)
(endpoints|proveedores|motores) (disponibles|configurados)|de modelos
""",
        "list": """
(lista|listar|listame|listado|muestra|muéstrame|mostrar|mostrá|mostrame|muestre|enséñame|enseña
    |enumera|dame|dime|nombra|ver|di|dinos|decime|despliega|enlista|enlístame|quiero ver) [<the>
    |la lista de|una lista de|lista de]
la lista [de]|una lista [de]
(hay|existen|están|son|tienes|tenés|tengo|tenemos|tiene|conoces|manejas|ofreces|soportas|cuento
    con|contamos con|dispongo|quedan) [<adv>] [de] [disponibles|disponible|para (elegir|escoger
    |usar|cambiar)|configurados|instalados|a mano|a disposición|a mi disposición|ahí|por ahí|en
    línea|conectados|listos]
[me|se|nos] (puedo|puedes|podemos|puede|podría|podríamos|pueden|podés) [<use>|usarse|ver|elegir
    |hablar con] [de|entre|a] [entre]
(disponibles|disponible|configurados|instalados|a mi disposición)
que (puedo|puedes|podemos|podría) [<use>|hablar con]
que (hay|tengo|tienes|tenemos|existen|están disponibles|tenés)|cuántos|más hay
opciones [tengo|hay]|para elegir
""",
        "choices": """
(a|entre) (qué|cuáles|quién) [me|te|se] (puedo|podemos|podría) (cambiar|cambiarme|pasar|pasarme
    |elegir)
(cuáles|qué otros|qué otras opciones) [me] (puedo|hay|tengo) [usar|elegir|escoger]
me (puedo|podría) (cambiar|pasar)|(puedo|podría) (cambiarme|pasarme)
""",
        "besides": """
además de|aparte de|fuera de|excepto|salvo|menos|quitando|sin contar|que no (sea|sean)
""",
        "also": "y",
        "some": """
(uno|una|alguno|cualquiera|algún modelo) (de|del|de los|de las) [mis|tus|modelos]|uno de
algo (de|del)|alguno|uno
""",
        "suggest": """
(recomienda|recomiéndame|recomendame|sugiere|sugiéreme|sugerime|aconséjame|recomiende|propón
    |proponme) [un|uno|algo|algún|alguno|el] [bueno]
(alguna|una|tu|tienes alguna|dame una|qué) (recomendación|sugerencia|recomendaciones|consejo) [de
    |para|sobre]
ayúdame a (elegir|escoger)|(puedes|podrías) (recomendarme|sugerirme|recomendar|sugerir)
""",
        "should": """
[me|nos|tú|vos|usted] <uses> [tú|vos|usted] [<adv>] [para|usar]
[me|nos] (debo|debería|deberíamos|debería yo|tendría que|tengo que|conviene|convendría|puedo|hay
    que|es recomendable|vale la pena) [<use>]
(me|nos) (conviene|recomiendas|aconsejas|sugieres) [<use>]
[yo] (uso|elijo|escojo|pongo|tomo|usamos|ocupo|cojo) [<adv>]|<use>|es recomendable
""",
        "best": """
[es|sería|son|va|funciona|anda|viene|iría|irá|resulta|está|rinde] [<adv>] [el|la|los|lo] <better>
    [opción|de|para|en|con|que]
(es|sería|está) [<adv>] [el] (bueno|adecuado|recomendable|indicado|apropiado|ideal|correcto|apto)
    [para|en]
(sirve|conviene|va bien|aguanta|soporta|maneja) [<adv>] [<better>] [para]
(adecuado|ideal|bueno) para
""",
        "goal": """
[para|de|con|una|un] [<the>] [algo|tarea|cosa|cosas] [muy|bien|bastante|realmente|súper] (<size>
    |<better>) [<work>] [<work>]
[para] [<the>] <work> [de] [muy|bastante|bien|realmente] <size>|mucho (texto|contexto)
(para|por) [la] (privacidad|velocidad|calidad|precio|coste|costo|costos|ahorrar|dinero
    |confidencialidad|seguridad|rapidez)
ahorrar dinero|gastar menos|contexto (largo|grande)|en privado
""",
        "case": """
[si|para que|y|cuando] [quiero|necesito|no quiero|no puede|no debe|debe|tiene que|es|hay] [que
    |<size>] [no] <inward>
si (quiero|necesito|es|va a ser|no quiero gastar) [que sea] [algo] [muy] (<size>|privacidad
    |velocidad|calidad)
""",
        "task": """
[para|de|en|a|con] [hacer] [<the>] <work> [de] [<work>]
para (esto|eso|esta|hacer esto|algo así|lo que hago)|este tipo de <work>|el día a día
""",
        "ours": """
[que] (tienes|tengo|tenemos|hay|tenés)|de (los|mis|tus) [que] [tengo|tienes|hay] [modelos]
disponible
""",
        "either": "o|u|o bien|o el",
        "glue": """
solo|solamente|ok|okay|vale|oye|oiga|hola|ey|eh|pues|mmm|hmm|entonces|venga|anda|dale|perdona
perdón|también|quizás|quizá|tal vez|el|la|los|las|lo|un|una|de|del|al|a|con|para|y|mi|mis|tu|tus
su|nuestro|me|te|le|nos|mismo|misma|este|esta|esto|ese|eso|aquí|acá|ahí|es|sea|yo|vos|usted
otra vez|de nuevo|nuevamente|instancia|más|muy|un poco|un rato|un momento|el que (tengo|corre|está
    |hay|viene|vive|tenemos)|simplemente|rápidamente
directamente|únicamente|nada más|nomás|todo|todos|tío|che|amigo|realmente|en realidad|finalmente
claro|listo|ya|pequeño|grande|máquina|compu
computadora|ordenador|equipo|local|localmente|nube|la nube|sin (internet|conexión)
que gasto mucho
sin mandar nada fuera|nada fuera|conversación|charla|chat|corre|tengo|viene
como|así|modo|siguiente|porque|gracias|mejor dicho|entre
""",
    },
    WORDS,
    BARRED,
)
