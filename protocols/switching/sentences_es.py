"""The sentences of Spanish, by what they mean: tables for `grammar`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .grammar import Meaning

SENTENCES: Final[Mapping[Meaning, str]] = {
    "conversation": """
<go> @ [<always>] [<always>]
<always> <go> @
<always> [<use>|con|que sea|será|es] @@
<always> <use> @
@@ <always>
<use> @ <always>
(quédate|trabaja|sigue|pasa|responde|trabajar) @@ [<always>]
<use> <always> @
[<always>] [(quiero|prefiero|me gustaría|preferiría|necesito|deja|haz|hacé|quisiera)] [<always>]
    que [sea|me] @ [(el|la)] [que|quien] [me] <works> [<always>]
[<always>] [(deja|haz|dejar|hacer|dejemos)] que @ <works> [<always>]
[<always>] que [me] (responda|conteste|siga|continúe|hable|atienda) @ [<always>]
[<always>] (quiero|prefiero|necesito|me gustaría|preferiría|quisiera|querría|deseo) [(usar|tener|
    hablar con|a|que sea|trabajar con|utilizar|probar|seguir con)] @ [<always>]
@ [(debe|puede|debería|podría|tiene que|va a)] (responder|contestar|seguir|continuar|encargarse|
    hacer el resto|tomar el relevo|hacerse cargo) [<always>]
(activa|activar|selecciona|seleccionar|elige|elegir|carga|cargar|escoge|escoger|seleccioná|elegí|
    habilita) @@ [<always>]
(responde|responder|respóndeme|contesta|contestar|contéstame|respondé) [<always>] (con|desde|
    usando|a través de|mediante|vía) @ [<always>]
<always> (responde|responder|contesta|respóndeme|contéstame) (con|desde|usando) @
(con|en) @ <always>
(cambio|cambia|cambiar) de modelo [a|por] @
@@ (adelante|al mando)
(quédate|sigue|seguir) con @ <always>
""",
    "answer": """
<use> @ <once>
<use> <once> @
<go> @ <once>
<once> [<use>|haz|hazla|hacer|quiero|la quiero|dámela|que sea|con|respóndela|responde|contesta|
    contéstala|dame|házmela|hágala|pásala|házla|la responde|la contesta|que la responda|que la
    conteste] [con|de|por|desde|en|a|que responda|que conteste|usando|vía|a través de] @
[(dame|haz|escribe|responde|contesta|hacer|responder|quiero|contestar)] <once> (con|de|por|desde|
    en|usando|vía|la da|la responde|la contesta|a) @
(deja|haz|dejar|hacer) que @ (responda|conteste|haga|resuelva) (esto|eso|esta|esta pregunta|a
    esto|la siguiente pregunta|<once>)
que [<once>] [la|lo|esto|esta|esta pregunta|a esto|me] (responda|conteste|haga|resuelva|la
    responda|la conteste) [esto|esta|esta pregunta|a esto|<once>] @ [<once>]
que @ [me] (responda|conteste|haga|resuelva) [a] (esto|esta|esta pregunta|este mensaje|<once>|la
    siguiente|esta duda)
que <once> (sea|venga|la dé|la haga|la responda|la conteste|vaya|salga) [de|por|con|a] @
(pregúntale|pregúntaselo|preguntar|pregunta|preguntarle|consulta|consúltale|preguntale|
    preguntárselo) [esto|eso|<once>] (a|con|al) @ [<once>|esto|eso]
(responde|responder|contesta|contestar|haz|hacer|resuelve) [a] (esto|esta|eso|<once>) (con|usando|
    desde) @ [<once>]
(responde|contesta|responder) (con|usando|desde) @ <once>
@ <once>
[(quiero|dame|necesito|me gustaría|quisiera)] (una|la próxima|esta|una sola|la siguiente)
    respuesta (de|con|por|desde) @ [<once>]
(quiero|prefiero|necesito) [a] @ <once>
@ (debe|puede|debería) (responder|contestar) [esto|esta|a esto|<once>]
(qué|que) (opina|dice|piensa) @@ [de esto|sobre esto]
con @ <once>
""",
    "this": """
<use> @ (para|en|con) (esto|eso|lo siguiente|lo que sigue|esto de aquí)
(para|con) (esto|eso) <use> @
@ para (esto|eso)
para (esto|eso) [<use>|con] @
(haz|ejecuta|corre|procesa|hacer) (esto|eso) (con|en|usando) @
<go> @ para (esto|eso)
""",
    "use": """
<use> [con] @
con @@
""",
    "back": """
(vuelve|volver|vuelva|volvé|regresa|regresar|regrese|volvamos|cambia|retrocede|retroceder|
    regresemos|ve|ir|pasa|cambiar|volvemos|da) [de nuevo|otra vez] (atrás|para atrás|hacia atrás|a
    lo de antes|a como estaba|a como estábamos|de vuelta|de regreso|como antes|marcha atrás)
(vuelve|volver|vuelva|volvé|regresa|regresar|regrese|volvamos|cambia|cambiar|pasa|retrocede|
    retroceder|ve|ir|pon|ponme|dame|usa|usar|quiero|devuélveme|utiliza|devuelve|retoma|restaura|
    recupera|volvemos|pasar|vamos|cámbiame|cambiame) [otra vez|de nuevo|de vuelta|de regreso|
    atrás] [a|al|con|el|la|mi|hacia el|por|de vuelta al] [(el|la)] [modelo|ia|motor] (anterior|de
    antes|previo|previa|anterior que tenía|original|que estaba antes|que tenía antes|que teníamos
    antes|que había antes|inicial|pasado|que usábamos antes|que tenía|que teníamos|que estábamos
    usando|que estaba usando|que usaba antes|que respondía antes|de hace un momento|de hace un
    rato|viejo|último) [modelo] [otra vez|de nuevo]
(vuelve|volver|vuelva|regresa|regresar|volvamos|cambia|usa|ponme|pon|dame|devuélveme|volvé|retoma|
    pasa|quiero) [otra vez|de nuevo] [a|al|con|el|mi] [(el|la)] (anterior|viejo|antiguo|otro|
    último|previo|primer|mismo) modelo [de antes]
(vuelve|volver|regresa|regresar|volvamos|cambia|volvé) [otra vez] (a|al|con) (lo|como|que|el|lo
    que|quien|el que|la) [de|estaba|había|teníamos|tenía|respondía|usábamos|estábamos|usaba|
    estabamos] [antes|anteriormente]
(deshaz|deshacer|revierte|revertir|cancela|anula|anular|deshacé) (el|este|ese) [último] cambio [de
    modelo]
(deja|dejar|déjalo|pon|poner|ponlo|dejalo) [todo|las cosas] (como estaba|como antes|como estaba
    antes)
[el] modelo (anterior|de antes)
(como antes|marcha atrás)
de (vuelta|regreso|nuevo) [al|con el] (modelo anterior|anterior|modelo de antes|anterior modelo|de
    antes)
(quiero|quisiera|me gustaría|necesito) (volver|regresar) [atrás|al anterior|al modelo anterior|al
    de antes]
""",
    "which": """
<which> [<things>] (es|eres|está|estás|soy|estoy|estamos|uso|usas|usamos|utilizas|tengo|tenemos|
    sos|sois|utilizo|está siendo|se está|ando|corre|utilizamos) [este|esto|tú|tu|usted|yo|el que|
    usando|ese|éste|el que está|con el que|quien|hablando|siendo|ejecutando|vos|corriendo|
    utilizando|respondiendo|utilizado|activo|en uso|puesto|respondiéndome] [<moment>] [estoy
    hablando|hablo|usado|<talk>|estoy usando|estás usando|estamos usando|respondiendo|hablando|
    activo|utilizado] [<moment>]
<which> <things> <talk> [<moment>|a mis preguntas|este|esto]
(con|a|en|sobre) (qué|cuál|quién|quien|que|cual) [<things>] (estoy|hablo|estamos|estoy hablando|
    trabajo|estás|estoy trabajando|converso|estoy conversando|estoy chateando|chateo|hablamos|
    estamos hablando|corres|funcionas|estás corriendo|tengo el gusto|estoy tratando|trato|estás
    funcionando|estamos trabajando|andamos|ando|hablando|platico|me comunico|estoy conectado|
    charlo|estamos corriendo|corre esto|estoy platicando|me estoy comunicando|ando hablando|me
    contestas|me respondes) [<moment>] [hablando] [<moment>]
(quién|quien|qué|que) [es] [(el|la|lo)] [que] <talk> [<moment>|a mis preguntas]
(quién|quien) (me está|está) (<moment>|respondiendo|contestando|ahí|hablando)
(cuál|cual|cuál|dime|dame|muestra|qué|muéstrame|di) [es] (el|tu|mi|este) [nombre del|nombre de tu]
    (modelo) [actual|activo|en uso|que (estoy|estás|estamos) usando|que uso|que usas|que está
    respondiendo|que responde|que me responde|usado|vigente|en curso|que tengo|que tengo activo|
    que está activo|que estamos usando|con el que hablo|con el que estoy hablando] [<moment>]
modelo (actual|activo|en uso)
(eres|es|sos|sigues siendo|sigue siendo|es este|es esto|estoy en|estoy hablando con|hablo con|
    estamos en|estamos con|estoy usando|estamos usando|sigo en|sigo con|seguimos en|seguimos con|
    estás usando|este es|está respondiendo|me responde|estoy con|todavía estoy en|todavía estamos
    en|aún estoy en) [todavía|aún] [<moment>] @ [<moment>] [el que responde|quien responde|quien
    me responde|o no] [<moment>]
(qué|cuál) (endpoint|proveedor) (es este|<talk>|estoy usando|uso|estamos usando) [<moment>]
cómo se llama (el|este) modelo
(qué|cual|que|cuál) (estoy usando|estamos usando|estás usando) [tú] [<moment>]
""",
    "list": """
(lista|listar|listame|lístame|muestra|mostrar|muéstrame|muestrame|mostrame|dame|enseña|enséñame|
    ver|enumera|enumerar|di|enséñeme|mostrarme|darme|listá|decirme|nombra|ver|dar|dime) [todos]
    [los|la lista de|una lista de|mis|la lista de los|una lista de los|la lista de todos los|tus|
    todos|todos los|la lista con los|la lista completa de] [otros] (modelos|llms|ias|modelo)
    [disponibles|posibles|configurados|que tengo|que puedo usar|que hay|existentes|que tienes|
    disponible|que están disponibles|que tengo disponibles|a mi disposición|que tenés|hay|que
    existen|que conoces|tengo|tienes|que puedo elegir|puedo usar]
(qué|cuáles|cuales|cuántos|que|qué otros|cuáles otros) [son] [todos] [los|mis|tus] [otros]
    (modelos|llms|ias|modelo) [(hay|tengo|puedo|existen|están|tienes|son|podemos|tenemos|podría|
    ofreces|conoces|tenés|soportas|manejas|se pueden|se puede)] [disponibles|usar|utilizar|elegir|
    escoger|disponible|configurados|cambiar|posibles|aquí|seleccionar|a disposición|a mi
    disposición|puedo usar|que puedo usar|que tengo|que hay|probar|para elegir|para usar|para
    escoger|acá|que tienes] [<moment>]
(a|entre|con|en) (qué|cuáles|que|cuales|quién|quiénes) [otros] [modelos|ias|modelo] (puedo|podría|
    podemos|se puede) [yo] (cambiar|pasar|elegir|cambiarme|hablar|escoger|pasarme|usar)
[la] (lista de modelos|lista de los modelos|lista de modelos disponibles|lista modelos)
[los|mis] (modelos disponibles|modelos que hay|modelos que tengo)
(hay|tienes|tenemos|tengo|existen) [(otros|más|algún otro)] (modelos|modelo) [disponibles|aquí|
    disponible|para elegir|que pueda usar]
(qué|que) (hay|tienes|tengo|tenemos|opciones hay|opciones tengo|opciones tienes) (de|en|en cuanto
    a|como) modelos [disponibles|disponible]
(qué|cuáles) (opciones|alternativas) (de modelo|de modelos) (hay|tengo|tienes|existen)
(cuáles|qué) [son] [mis|las] opciones de (modelo|modelos)
qué (endpoints|proveedores) puedo usar
""",
    "advice": """
(cuál|cual|qué|que|cuál de ellos|cuál de estos|quién) [<things>|endpoint|de ellos|de todos|de los
    modelos] [me|se|tú|tu|yo] (<suggest>) [tú|yo|usar] <for>
(cuál|cual|qué|que) (<things>|endpoint) [me|se|tú|tu|yo] (<suggest>) [tú|yo]
(cuál|cual|qué|quién) [<things>|de ellos] (es|sería|va|funciona|sirve|resulta|responde|sale) [el|
    la|lo] [modelo] [<kind>|mejor|más|bueno] [<kind>|indicado|adecuado|apropiado] [modelo|opción|
    de todos|ia|para usar] <for>
(cuál|cual|qué|quién|dime) [<things>|de ellos|modelo] (es|sería|responde|va|sale|cuesta) [el|la|
    mi] [modelo] [más] <kind> [modelo|de todos|ia|opción|que tengo|que hay|disponible|aquí]
    [<for>]
(cuál|cual) (es|sería) el modelo <kind> [<for>|que tengo|disponible]
(recomienda|recomiéndame|recomendar|recomendarme|sugiere|sugiéreme|aconséjame|recomendame|
    sugerirme|aconseja|sugerir|recomiendas|recomendás) [un|uno|una|algún|algo|el] [<kind>]
    [<things>] <for>
(recomiéndame|recomendarme|sugiéreme|recomienda|recomendame|sugerirme) (un|algún|el) [<kind>]
    <things> [<kind>]
(qué|que|cuál) [me] (recomiendas|sugieres|recomendarías|aconsejas|usarías|recomendás|recomienda|
    elegirías) [tú|usar|como modelo] <for>
[(tienes|hay|alguna|tu)] [alguna] (recomendación|sugerencia|consejo) [de modelo|de qué modelo
    usar] <for>
[(tienes|hay)] [alguna] (recomendación de modelo|recomendación de modelos)
<for> [(cuál|cual|qué|que)] [<things>|modelo] [me|se|tú|yo|es] (<suggest>|el mejor modelo|el
    mejor|mejor) [tú|yo]
<for> (cuál|qué modelo) (es|sería) [el] mejor [modelo]
(necesito|quiero|busco|hay|tienes|existe) (un|algo|algún|uno|una) [modelo] <kind> [modelo] [<for>]
    [cuál|cuál recomiendas|cuál uso|cuál me recomiendas|cuál sería|qué recomiendas|qué me
    recomiendas]
[el] mejor <things> <for>
[el] modelo (más <kind>|<kind>)
[el] modelo (<kind>) [<for>]
(qué|cuál) (<things>) <for>
(cuál|quién|qué modelo) (responde|va|es|corre|cuesta) [el] (más|menos) (rápido|barato|inteligente|
    potente|privado|veloz|seguro)
(cuál|qué modelo) (aguanta|soporta|maneja|tiene|admite) [mejor|más|mayor] [(un|una|el)] [contexto|
    contextos|ventana|conversaciones|textos|documentos] [más] [largo|largos|largas|grande|
    contexto|ventana de contexto]
""",
}
