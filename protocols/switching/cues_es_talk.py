"""Small talk of Spanish around a command: what gives a reason (`why`), and what says nothing.

None of these words asks for anything, and none is about what is worked on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .meaning import Kind

TALK: Final[Mapping[Kind, str]] = {
    "why": """
(quita|saca|deja) (este|ese)|me arrepentí|arrepentí|arrepiento|quite|puso|se puso|cansé|me cansé
cansa|cansado|aburrí|me aburrí|elección|presentación|deberes|examen|clase|tesis|estudio|estudiar
mejora|mejorar|rinde|corre|vuela|pesa|ocupa|aprieta|estrés|estresado|frustrado|frustrada|desesperado
decepción|decepcionado|milagro|magia|suerte|viernes|lunes|martes|miércoles|jueves|sábado|domingo|mes
fin|fines|minutos|minutito|segundito|un par|capaz|perdón|sorry|gracias|cariñito|monedas|pesos|euros
dólares|céntimos|quincena|sueldo|regalado|regalada|carísimos|económico|económica|ligero|ligera|ágil
pesadito|pesada|pesado|espeso|denso|enredado|enredada|peludo|peluda|bravo|brava|grave|delicadas
íntimo|reservado|reservada|secreta|ajeno|propios|aquí mismo|de confianza|con calma|sin apuro
sin salir|salgan|salen|filtre|filtren|compartir|subir|nube|servidor|en la nube|afuera|fuera|dentro
adentro|mejor|bueno|buena|buenos|bien|malo|mala|mal|peor|lento|lenta|rápido|rápida|rapidito|rapidita
barato|barata|baratito|caro|cara|carísimo|carísima|gratis|listo|lista|inteligente|tonto|tonta|bruto
potente|fuerte|débil|difícil|fácil|complicado|complicada|complejo|sencillo|sencilla|sencillas
sencillos|simple|simples|serio|seria|largo|larga|corto|corta|privado|privada|privados|confidencial
confidenciales|secreto|sensible|sensibles|delicado|delicada|personal|personales|seguro|segura
tranquilo|contento|harto|harta|cansada|perfecto|genial|bonito|claro|suficiente|bastante|demasiado
mucho|mucha|muchos|muchas|poco|poca|tanto|tanta|tan|muy|menos|más|puro|pura|útil|inútil|urgente
urgencia|prisa|apuro|tiempo|dinero|plata|lana|presupuesto|costo|coste|gasto|gastos|gastar|gasta
gaste|gastamos|cobren|cobra|cuesta|cueste|tokens|cuota|saldo|batería|red|internet|wifi|conexión
señal|luz|velocidad|calidad|privacidad|paciencia|calma|problema|problemas|error|lío|cosa|cosas
cosita|cositas|cosilla|chorrada|chorradas|tontería|tonterías|lesera|pavada|bobada|trabajo|trabajos
trabajito|tarea|tareas|tema|asunto|caso|parte|rato|ratito|día|días|noche|tarde|mañana|semana|hora
horas|turno|jefe|jefa|cliente|clientes|empresa|gente|amigo|amiga|mundo|casa|oficina|máquina
computadora|computador|compu|ordenador|equipo|portátil|laptop|pc|datos|conversación|charla|chat
plática|sesión|hilo|pregunta|preguntas|respuesta|respuestas|mensaje|mensajes|vez|veces|cambio|modelo
opción|ayuda|fortuna|dineral|ojo|gana|ganas|favor|razón|motivo|culpa|equivocación|error mío
me equivoqué|lo siento|creo|pienso|pensar|veo|ver|parece|sé|siento|gusta|gustó|gustaba|gustaban
convence|conviene|sirve|anda|va|voy|vas|viene|vienen|sale|salga|salir|llega|queda|quede|basta|sobra
alcanza|falta|hace|hacer|entiende|entender|funciona|aguanta|resuelve|termino|terminamos|empiezo
empezamos|empezar|arranco|arrancamos|toca|ando|andamos|llevo|llevamos|necesita|pide|merece|pinta
puede|pueden|chico|chiquito|chiquita|pequeño|pequeñito|pequeña|grande|gran|grandote|nuevo|nueva
normal|local|interno|fino|potencia|plan|planes|fuerza|músculo|cerebro|cabeza|ayudita|mano|ritmo
estilo|detalle|nivel|finde|parado|atascado|atascada|trabado|trabada|bloqueado|acabando|acabar|acabo
acabamos|terminar|terminando|rapidez|comodidad|confianza|seguridad|interés|importante|importa
reunión|viaje|tren|avión|vuelo|bus|campo|pueblo|carretera|cobertura|límite|poniendo|poniéndose|feo
fea|crédito|créditos|factura|pagar|pago|pagando|ahorrar|ahorro|pelear|aburre|confidencialidad|abuela
madre|padre|hermanos|jaleo|bronca|follón|rollo|plomo|pereza|sueño|hambre|miedo|experimento|prueba
probarlo|probarla|comparar|curiosidad|capricho|antojo|costumbre|duda|dudas|real|verdad|medio|media
par|montón|resto|final|inicio|principio|comienzo|punto|lado|lugar|sitio|vuelta|resumen|peleando
peleo|esperar|espero|esperando|trabajando|usando|probando|yendo|porque|pues|como|aunque|así que
por eso|ya que|para que|entonces|además|también|ni|nada|todo|todos|toda|todas|algo|alguien|nadie
había|he|ha|han|hemos|fue|sea|será|estoy|estamos|estaba|tengo|tenemos|tiene|tienen|hay|quiere
quieren|que viene|que vienen|lo que viene|lo que sigue|para más|más barato|más rápido|no da para más
no (entiende|sirve|funciona|va|da|anda|rinde|ayuda|llega|puede|alcanza|vale|aguanta|acierta
    |cumple) [bien|más|nada|para nada|esto|una]
no [me] (gusta|convence|sirve|ayuda|entiende|gustó|entendió)
no (hace falta|necesito|necesitamos|vale la pena) [tanto|más|mucho]
no (es|era) (para tanto|bueno|tan)|este [modelo] no|ya no|no tengo (prisa|red|internet|plata|dinero)
sin (red|internet|wifi|conexión|luz)
que no (salga|gaste|gasta|cobren|es para tanto|hace falta|se vaya|da)|no salga [nada]|sin prisa
nada más
(para que|que) no [me|nos|le] (salga|gaste|cobren|cobre|cueste|gastes|gasten) [nada|tanto|mucho]
""",
    "glue": """
no (manches|mames|jodas|inventes|friegues|sé|importa|pasa nada)|qué onda|neta|la neta|pos|ora|simón
arre|chale|chido|padre|estimado|estimada|estimados|apreciado|cordial|cordialmente|atentamente|quite
al quite|ya estuvo|oks|okis|porfis|bro|brother|man|cuate|cabrón|nene|nena|linda|lindo|bebé|viejo
vieja|nano|tete|primo|prima|acho|pisha|miarma|ea|hijole|achis|órales|vos sabés|viste|digamos|digo yo
supongo|capaz que|de plano|nada|en fin|mira tú|ostras|jolín|jopé|córcholis|recórcholis|ojito|aguas
pilas|ojalá|alguito|tantito|poquito|un poquito|un poquitín|cachito|ratico|ahoritica|ahora mismito
mismito|por fa|por fis|x favor|xfavor|pls|tks|bb|ntp|tqm|q tal|k tal|tb|tmb|dnd|xa|xq|pq|porq|d|cn
en eso|a todo esto|hombre|mujer|chaval|chavales|gente|equipo|señores|muchacho|muchacha|chico|chica
nosotras|vosotros|ellas|suyo|suya|nuestros|nuestras|cuyo|cual|cuando pueda|cuando puedas|algo así
o algo|o así|más o menos|la próxima|luego luego|rápido|rapidito|en corto|seguidito|el|la|los|las|lo
un|una|unos|unas|uno|este|esta|esto|estos|estas|ese|esa|eso|esos|esas|aquel|aquella|aquello|yo|tú|tu
vos|usted|ustedes|él|ella|ellos|nosotros|mí|ti|sí mismo|me|te|se|le|les|nos|mi|mis|tus|su|sus
nuestro|nuestra|mío|mía|tuyo|a|al|ante|con|de|del|en|entre|hacia|hasta|para|pa|pal|por|según|sobre
tras|y|o sea|que|q|pero|pues|entonces|luego|después|así|ahí|allí|allá|aquí|acá|hoy|ahora|ahorita|ya
solo|solamente|únicamente|nomás|nada más|no más|también|quizá|quizás|tal vez|igual|simplemente
directamente|realmente|sinceramente|honestamente|la verdad|en realidad|de hecho|por cierto
finalmente|por fin|al final|primero|mientras|todavía|aún|siempre|otra|otro|otros|mismo|misma|propio
cada|todo|todos|toda|todas|algún|alguno|alguna|cualquier|cualquiera|tipo|modo|forma|manera|parte
poco|un poco|un momento|un ratito|momento|momentito|segundo|minuto|ok|okay|okey|vale|va|venga|vamos
dale|ale|hala|anda|ande|ándele|órale|híjole|oye|oiga|oigan|oíme|mira|mire|fíjate|fíjese|escucha|hola
hey|ey|ei|eh|ah|oh|uy|ay|uf|uff|ufff|epa|bah|mmm|mm|hmm|bueno|buenos días|buenas|buenas tardes
buenas noches|saludos|a ver|es que|claro|listo|perfecto|genial|sale|sip|ajá|exacto|eso sí|ah sí
pues sí|que sí|sí sí|sí por favor|sí mejor|sí claro|sí ya|ah no|ay no|no no|perdón|perdona|perdone
disculpa|disculpe|lo siento|espera|espere|aguanta|tío|tía|tronco|macho|quillo|illo|che|boludo|loco
flaco|wey|güey|mano|manito|carnal|compa|parce|parcero|chamo|pana|causa|pata|po|cachai|weón|hermano
hermana|amigo|amiga|amigos|vecino|vecina|joven|jefe|jefa|maestro|profe|hijo|hija|hijito|mijo|mija
mi amor|cariño|corazón|querido|señor|señora|señorita|don|doña|caballero|dios|dios mío|madre mía
joder|coño|hostia|carajo|mierda|caray|carambas|pucha|jaja|jajaja|jeje|xd|lol|ser|estar|es|son|está
están|sea|haya|he|ha|han|favor|cosa|caso|instancia|versión|nube|la nube|endpoint|proveedor|motor
digo|quiero decir|mejor dicho|por lo pronto|de todos modos|encima|allí mismo|na|ná|re|bien|muy|tan
más|hacer el cambio|el cambio|llamado|cómo|como
""",
}
