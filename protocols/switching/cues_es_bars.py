"""What tells work from a command in Spanish, though all of its words are in the tables.

Statements about models and people ("mi jefe usa opus"), negations, conditions, reports, and what a
word means beside another one ("modelo de datos", "la respuesta de opus").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Bar

BAR_PARTS: Final[Mapping[str, str]] = {
    "call": """
[ok|okay|bueno|pues|y|pero|oye|oiga|mira|mire|hola|hey|eh|ah|ay|uy|a ver|perdón|perdona|disculpa|sí
    |vale|entonces|che|epa|tío|tía|joven|una pregunta|una duda|por cierto|o sea|ahora|ya|también
    |solo]
""",
    "people": """
[el|la|los|las|mi|nuestro|nuestra|un|mis|tu|su] (jefe|jefa|profe|profesor|profesora|maestro|hermano
    |hermana|padre|madre|primo|novio|novia|colega|cliente|clientes|empresa|gente|equipo|amigo|amiga
    |usuario|usuarios|compañero|compañera|oficina|todos|nadie|alguien|ellos|él|ella|mundo)
""",
    "does": """
(ya|no|me|te|lo|se|nos|siempre|también|solo|aquí|todavía|le|la) [no|me] (son|anda|sale|funciona
    |tiene|hace (mal|bien|todo|eso|esto|lo)|puede|usa|cuesta|trabaja|responde|contesta|entiende|da
    |sirve|falla|ayuda|hizo|dio)
era|fue|va|sale|salió|funciona|tiene|hace (mal|bien|todo|eso|esto|lo|un|una)|puede|usa|cuesta
trabaja|entiende|falla|[me|nos] da (error|errores|muchos|una|un)|ayuda|cobra|gasta|piensa|convence
parece|llega|hizo|dio|quedó|estaba|sabe|escribe|iba|me ayudó
""",
    "adverbs": """
[muy|más|tan|menos|demasiado|bastante|siempre|ya|ahora|aquí|un poco|bien|mejor|el|la|lo|un|una|de
    |algo|re|todo|que] [muy|más|tan|mejor|poco]
""",
    "judged": """
bueno|buena|buenos|mejor|peor|malo|mala|mal|bien|lento|lenta|rápido|rápida|barato|barata|caro|cara
carísimo|caros|listo|lista|inteligente|tonto|tonta|potente|gratis|nuevo|nueva|viejo|útil|inútil
perfecto|genial|modelo|complicado|complicada|difícil|fácil|privado|disponible|activo|aquí|local
mucho|poco|todo|nada|en la nube|fatal|suficiente para|grande|pequeño|largo|mío|cosas|eso
""",
}
"""Parts of the patterns below: how a text may begin, people, what is said of a model, and how."""

BARRED: Final[Mapping[Bar, str]] = {
    "first": """
<call> <call> (eres|sos|soy|(estás|estoy|estamos|estai) (en|con|usando|hablando|todavía|aún|ya
    |ahora|@)|sigo|sigues|seguís|siguen|cuál|cuáles|quién|quiénes|cómo (@|es|se|puedo|hago|cambio
    |está|funciona|va|uso|le|lo)|cuándo|dónde|adónde|cuánto|cuánta|cuántos|cuántas|todavía|aún
    |desde cuándo|acaso)
<call> <call> (es|son|era|fue|está|puede|podrá|podría|sabe|usa|responde|contesta|tiene|sirve|va
    |hay) [el|la|un|una|este|esto|ese|mejor|más|todavía|aún|verdad|cierto|ya] @
<call> <call> [con|de|en|a|para|por|desde] (qué|q) (modelo|modelos|ia|llm|es|hace|pasa|tan|opina
    |dice|versión|diferencia|tiene|puede|otros|más|@)
<call> <call> (es verdad|es cierto|vale la pena|conviene|compensa|convendría)|@ o @
""",
    "ever": """
(a lo mejor|quizás|quizá|tal vez|capaz|igual) (luego|después|más tarde|mañana)
modelo (usa|usan|tiene|tienen|necesita|necesitan|maneja) (el|la|los|las|este|esta|mi|tu|ese|esa)
modelos tienen|modelo de (pc|laptop|portátil|celular|móvil|coche|carro|teléfono|equipo)
<people> (de|del) @
(el|mi|este|ese) [mejor] modelo [de|para] [mi|la|el|una|un] (<work>|tesis|clase|examen|todo|esto
    |eso) (es|sirve|va|está)
(este|ese) modelo (sirve|vale|va) para|(con @|con el @) (gasto|ahorro|pago|estoy|trabajo|tengo)
(gasto|ahorro|pago) [mucho|menos|más|tiempo|poco] con @
(conviene|convendría) (usar|cambiar|pasar|migrar|seguir|ir) [a|con] [el|la|un|mi|al] [modelo] @
modelo de (clase|presentación|examen|entrevista|currículum|cv|página|artículo|receta|ensayo|guion
    |app|web|ventas|factura|migración|base|correo|informe)
para qué modelo es
<people> [ya|no|siempre|también|me|le] (usa|usan|quiere|quieren|prefiere|prefieren|pide|piden|dice
    |dicen|use|usen|cambie|pasa|cambia|pone|contesta|responde) [que|con|a|usar|pasar|cambiar] [a|al
    |con|el] [usar|pasar] [a] @
(ya|hoy|ayer|antes|me|nos) (cambié|pasé|usé|probé|puse) [a|al|con|el] @ [y|pero|todo|hoy|ayer|sigue
    |sigo]
si no (sirve|funciona|va|da|sale|puede|puedes|puedo|responde|contesta|hay|entiende|alcanza|basta)
si (sale|falla|va|cae|se cae|da|responde|contesta|es necesario|hace falta)
(dice|dijo|dicen|dijeron) [que] [se|lo] (use|usara|usa|cambie|cambiara|ponga|es|está|va)
dile (al|a la|a mi|que)|(la|las|su|esta|esa|tu|esas) (respuesta|respuestas) (de|del) @
(problema|problemas|error|errores|lío|fallo) (con|de|en) @
(correo|turno|cliente|código|empresa|precio|costo) (de|del|con) @
(el|un|ese|este) cambio (a|al) @ (fue|es|salió|era|está|ha|me|no|sale)
(responde|responda|contesta|conteste|escribe|habla|dilo|hazlo) (en|em) @
cómo (escribe|responde|contesta|habla|trabaja) @|qué (bien|mal|lento|rápido|caro)
(respuesta|respuestas) [más|muy] (corta|cortas|larga|mejor|simple|sencilla|completa|clara|buena)
(pregunta|respuesta|tarea|mensaje|tema|conversación|charla|parte|versión) (anterior|de antes|previa
    |original)
(anterior|última) (pregunta|respuesta|tarea|conversación)
vuelve a (hacer|empezar|leer|escribir|usar|decir|pensar|probar)
(comparar|compara|odio|odiaba|gusta|gustaba|gustó|encanta|acabó) [más|mucho] [el|a] @
@ (otra vez|de nuevo) (con|igual)
(cansado|cansada|harto|harta|duda|dudas|límite|cuota|plan|precio|una pregunta|reunión) (de|del
    |sobre|con) @
@ es (de pago|gratis)|(es|está|son) <adverbs> <judged> (el|este|ese|mi|los) (modelo|modelos)
modelo que (usamos|tengo|uso|tenemos) (es|está|va)|@ o @ (da igual|es lo mismo)
vale (a|la) pena (usar|cambiar|pasar|mudar|ir|seguir|probar|trocar)
(al|a un|con el) modelo que (tengo|está|corre|hay|viene|tenemos)|para qué (sirve|es|usa|usamos)
qué es (un|una) modelo|qué es eso|(opinas|piensas|crees|sabes) (de|del|sobre) [el] @
(hace|puede|tiene|sabe|cuesta) [el] @|@ (sea|fuera) <adverbs> <judged>
va muy (bien|mal|lento|rápido) (en|con)|va muy (bien|mal|lento) @
(la|esta|una|mi|a) consulta (es|e|está|tarda|anda|va|sale)|@ <does>
@ [ya|ahora|no|también|me|te|lo|se|nos|le|siempre|aquí|solo] (es|está|son) <adverbs> <judged>
(um|uma) @
con @ [me|se|nos|todo|esto|eso] (va|fue|es|era|está|sale|anda|funciona|tengo|hablo
    |trabajo) <adverbs>
modelo (de|del|de la) (<work>|concurrencia|memoria|correo|carta|cartas|contrato|contratos|empresa
    |cliente|clientes|casa|negocio|lista|tabla|script|programa|programación|costo|costos|precio
    |trabajo|máquina|computadora|razonamiento|gente)
(pon|poné|deja|corre|haz|mete|guarda) (esto|eso|lo|todo) @
(hazlo|ponlo|córrelo|déjalo|mételo|trabajar|trabajo|correr) @
""",
    "within": """
no [me|te|se|le|lo|nos] (cambies|cambie|cambiar|cambia|cambio|uses|use|usar|usa|pongas|ponga|poner
    |pases|pase|pasar|paso|(quiero|quisiera|prefiero|necesito) (@|usar|cambiar|el|a|con|otro|volver
    |pasar|seguir|que (uses|use|cambies|cambie|pases|pase|pongas|sigas|siga))|vuelvas|vuelva|volver
    |sigas|siga|seguir|hagas|elijas|metas)
(nada de|ni|sin) [el|la] [modelo] @
por qué (el|la|usas|usa|uso|usan|usar|es|está|me|se|ese|este|cambia|vuelve|cambiar|sale|esta|@)
para qué (@|sirve|usa|es|quiero)|cómo (se|le|lo|puedo|hago|hacer|cambio|cambiar|usar|uso)
(yo|él|ella|ellos|ustedes|antes|ayer|siempre|mi (jefe|jefa|amigo|amiga|cliente|empresa)|la (gente
    |empresa)|el cliente|mi equipo|nosotros|todos|nadie|alguien) [ya|no|también|se|me|le|lo|siempre
    |antes|solo] (uso|usa|usé|usaba|usan|usó|usamos|cambié|cambia|cambió|pasé|pasa|pasó|probé
    |prueba|puse|puso|pone|pongo|tengo|tiene|tienen|prefiere|quiere|quieren|trabajo|trabaja|hablo
    |habla|elige|contesta|responde|dice|dicen|sigue|sigo|va|está|he|ha|han) [con|en|a|al
    |usando] [el] @
(ya|me|nos|he|ha|hemos|han) (he|ha|hemos|han|uso|usé|usado|cambiado|pasado|puesto|probado) [a|al
    |con] @
(uso|usan|usaba|tengo|tiene|tenemos|tienen|hay) [ya|siempre|también|puesto|activo] [el|la] @
@ [ya|ahora|no|también|me|te|lo|se|nos|le|siempre|aquí|solo] (es|está|son|era|fue|va|anda|sale
    |salió|funciona|tiene|hace|puede|usa|cuesta|trabaja|responde|contesta|habla|sigue|queda|viene
    |entiende|sirve|falla|ha|corta|gusta|ayuda|cobra|gasta|aguanta|piensa|convence|parece
    |llega) <adverbs> <judged>
<adverbs> (es|era|está|fue|parece|sale|son|va|anda|funciona) <adverbs> <judged> [el|la|para|que|con
    |en|a] @
(la|un|al|el) ~ (de|del)|qué es (un|el) modelo
se (usa|usan|cambia|pasa|pone|ponen|llama|hace|elige|puede usar|responde)
(en|para|de|del|a|al) (el|mi|la|tu|su|este|nuestro) (endpoint|proveedor|motor)
(endpoint|proveedor|motor) @
(los|las|mis|tus|estos|sus|otros) modelos (son|están|es|se|tienen|no|van|de|que)
(el|este|ese|mi|tu|un) modelo (es|está|era|fue|va|anda|tiene|hace|puede|no es
    |sale) <adverbs> <judged>
(me|le|nos|te) (dice|dijo|dicen|dijeron|pide|pidió) [que] (use|usa|usar|cambie|pase|ponga)
(quiere|quieren|dice|dicen|dijo|piden|pide) [que] (usar|cambiar|poner|usemos|cambiemos|pasemos
    |pongamos|usen|@)
se (cambió|pasó|puso|fue|quedó|usó) [a|en|con] @|en cuanto|hasta que @
(otro|otra|más|un|una|mucho|algún) @
(responde|responda|responder|contesta|conteste|escribe|habla|dilo|hazlo|respóndeme|contéstame) en @
modelos (usamos|uso|usan|usa)|la gente (usa|usan|usamos|prefiere)
a gente (usa|prefere|quer)(dijo|dicen|dijeron)|@ dice|dice (@|que)
no (hace falta|necesito|necesitamos|vale la pena|hay que|debo|debes|debemos|puedo|puedes|podemos
    |conviene) (cambiar|usar|pasar|volver|seguir|poner|ir|@)
si (el|la|este|esta|se|va|falla|cae|está|sale|hay|@|uso|cambio|usas|usamos)
mañana [ya] (pasamos|cambiamos|vamos|usamos|nos|probamos|seguimos)
(usa|prueba|pon|quiero|con|a|usar|probar|dame|algún|hay|uso) [un] otro modelo
(cambia|pasa|mueve|pon|migra|cambiar|pasar|mover) [a] (nuestro|nuestra|el|la|mi|los|las) (cliente
    |clientes|empresa|equipo|jefe|jefa|gente|oficina|casa|mensaje|mensajes|respuesta|respuestas
    |pregunta|datos|tarea|texto|máquina)
""",
}
