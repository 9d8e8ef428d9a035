"""The everyday words of remarks in Spanish: a table for `remarks_lexicon`."""

from __future__ import annotations

from typing import Final

from .remarks_lexicon import lexicon
from .remarks_made import MADE

SPANISH: Final = lexicon(
    "es",
    {
        "plain": """
nuevo nueva ultimo ultima anterior primera el la los las lo un una unos unas este esta esto estos
estas ese esa eso esos esas aquel aquello yo tu vos usted ustedes nosotros ella ellos me te se nos
le les mi mis tus su sus nuestro nuestra nuestros todo toda todos todas nada nadie alguien algo
cosa soy eres es somos son era eran fue sera sea estoy estamos estan estaba estaban estuvo estar
ser he has ha hemos han habia hay hubo haber tengo tienes tiene tenemos tienen tenia voy vas va
vamos van ir iba puedo puede podemos pueden poder debo debe hago hace hacen hacer hizo sigo sigue
siguen quedo queda quedan quedar quedarse llevo lleva llevamos ando anda andan anduvo sale salen
vino viene pasa pasando pone ponen toca creo pienso veo visto parece parecia siento sabia se_me oi
oido entiendo y e o u pero porque pues asi que como aunque ya muy mas menos tan tanto mucho mucha
muchos poco poca bastante demasiado tambien tampoco solo solamente todavia aun siempre nunca no si
ahora ahorita hoy aqui aca alli ahi alla antes despues de del en con sin por para a al sobre entre
hasta desde hacia bajo contra mismo misma otra otro otros otras vez vez_mas quiza quizas tal_vez
igual_de bien mal realmente la_verdad de_todas_formas en_realidad creo_que a_ratos pa q xq pq
""",
        "lead": "soy es son estoy esta estan muy mas tan demasiado bastante anda sigue parece",
        "life": """
portatil laptop compu nube cinco diez veinte treinta dos tres momento cualquier_momento esperar
empezar comienzo inicio fin jefe jefa cliente clientes paciente pacientes companero companera
equipo empresa oficina legal contabilidad abogado abogados director mujer esposa esposo marido
hijo hija hijos nino ninos bebe madre padre abuela abuelo mama papa amigo amiga amor gente casa
cocina cama tren avion vuelo bus autobus metro coche carro tunel estacion aeropuerto hotel
carretera pueblo viaje vacaciones descanso almuerzo comida cena desayuno cafe sueno cansado
cansada hambre sed noche dia tarde por_la_manana esta_manana madrugada semana mes ano hora horas
minuto minutos segundo segundos rato tiempo prisa apuro apurado apurada urgente urgencia reunion
junta demo turno guardia ayer dinero plata lana pasta presupuesto factura cuenta saldo credito
creditos cuota limite euros euro pesos dolares costo coste cuesta cuestan pagar pago paga gastar
gasto gastando gastado gasta ahorrar ahorro ahorremos tieso paciencia nervios cabeza humor ganas
miedo rabia harto harta aburrido aburrida curioso curiosa curiosidad confundido confundida perdido
perdida preocupado preocupada contento contenta feliz gusta gustaba gusto encanta odio prefiero
confianza privado privada privados privacidad confidencial confidenciales secreto secreta sensible
sensibles ley norma normas prohibido seguridad razon motivo equivoque equivocado culpa olvide
acuerdo recuerdo lio pena suerte chorrada peleando peleo luz procesion salgo salir saliendo llego
duermo dormir cansa bochorno computadora ordenador maquina
""",
        "verdict": """
queda quedan salga salir salen no_quiero ya_no_quiero no_se_entera entera basta lento lenta lentos
lentisimo despacio tarda tardando rapido rapida rapidos veloz caro cara caros carisimo barato
barata baratos malo mala malisimo mal peor bueno buena bien mejor genial perfecto tonto tonta
bruto burro inutil torpe flojo debil fuerte listo lista_para inteligente potente suficiente sobra
alcanza llega cumple sirve entiende entendio falla_mucho pesado pesada desastre basura porqueria
mierda cutre raro raros convence convencio gusta gustaba encanta odio prefiero harto harta perdido
confundido alucina inventa contento contenta resuelve hallo vuela
""",
        "model": "modelo modelos ia respuesta respuestas llm contesta responde",
        "link": """
red internet wifi conexion senal linea vpn fibra router datos_moviles cobertura megas bateria luz
corriente cargador uplink
""",
        "failing": """
caida caido cae cayo ido va_a_ir muerta muerto agotada agotado baja bajo poca poco sin no mala
malo lenta lento inestable cortada cortado corta corto limitada por_ciento floja fatal horrible
""",
        "work": """
codigo archivo archivos bug bugs fallo dato datos documento documentos texto textos tarea tareas
pregunta preguntas parte cosas cositas proyecto trabajo problema problemas contrato ticket
refactorizacion expediente expedientes historial
""",
        "weighing": """
dificil dificiles complicado complicada complejo compleja delicado delicada jodido duro dura
grande grandes enorme gigante largo larga larguisimo facil faciles sencillo sencilla sencillas
simple simples pequeno pequena pequenas chico tonta tontas tonterias aburrido aburrida corto corta
solo nada_mas puro pura privado privada privados confidencial confidenciales secreto secretos
sensible sensibles personales internos de_pacientes de_clientes del_cliente se_queda_aqui
se_quedan_aqui salir_de no_salen no_sale no_pueden_salir terminado terminada terminamos acabado
listo rutina ligero
""",
        "wish": "quiere quieren quiero quisiera queria necesito necesitamos gustaria deseo",
        "open": """
a al el la los las un una de del para con por en sin y o que mi mis no nunca si quiere hay_que
""",
        "saying": """
dice dijo digo decia pregunta_que pregunto escribe escribio pide pidio sugiere recomienda
""",
        "pause": "eh ehh eeh em um uh mmm hmm este_bueno",
        "call": """
a_ver ay ay_no ay_dios ah oh uy huy bueno pues vale va venga dale anda ande hala hola buenas
buenos_dias buenas_tardes buenas_noches oye oiga mira mire fijate fijese escucha espera esperate
espere un_momento un_segundo no si ya ok okay listo claro perfecto genial eso o_sea tio tia quillo
chamo chama che parce wey guey mano hermano amigo vecino joven jefe mi_amor mi_vida carino senor
senora senorita dios dios_mio madre_mia joder hostia coño cono mierda carajo caray rayos epa ufff
uf uff jaja jajaja da_igual no_importa olvidalo dejalo por_cierto la_verdad sinceramente
excepcionalmente understudy altiro cachai pucha vaya ahora_si entonces en_fin no_no si_si mi_error
""",
        "nay": """
no_quiero ya_no_quiero no no_no espera esperate espere olvidalo dejalo da_igual ay_no
""",
        "courtesy": """
por_favor porfa porfi porfis porfavor xfa gracias muchas_gracias mil_gracias gracias_de_antemano
perdon perdona perdone disculpa disculpe disculpen lo_siento perdon_por_la_molestia
disculpe_la_molestia si_es_posible si_se_puede si_puedes si_puede si_no_es_molestia
si_no_le_molesta si_no_te_molesta si_no_te_importa si_no_le_importa si_es_tan_amable si_le_parece
si_te_parece si_quieres hazme_el_favor hagame_el_favor haceme_el_favor una_pregunta una_duda
por_curiosidad solo_por_curiosidad que_pena que_pena_molestarlo que_pena_con_usted con_permiso
de_nada muy_amable sin_prisa tan_amable saludos
""",
        "joint": "asi_que por_eso y pero entonces por_lo_tanto",
        "cause": "porque pues como ya_que",
        "subject": "este esta esto ese eso es que porque pues ya me yo la el estoy se mi",
        "head": """
cambia cambiame cambie cambiar pasa pasame pasate pase pasar pon ponme ponga poner usa usame use
usar utiliza vuelve vuelva volvamos volver regresa regresame regrese devuelveme deja dame deme
sigue siga sigamos seguimos activa active quiero quisiera quita tira vamos vamonos podrias podria
puedes puede podemos podes me_gustaria necesito mejor con que_modelo cual cuales que quien dime
muestra muestrame lista conecta prueba elige
""",
        "after": """
como_antes como_ahora como_estabas como_estaba como_siempre igual normal seguimos sigues seguis
solo_esa solo_esta nada_mas solo_una_vez y_nada_mas luego despues nomas solo_eso
""",
        "asks": """
cual cuales como_se por_que cuando donde quien si_el si_la si_los si_falla si_pasa en_cuanto
escribe escribeme explica explicame arregla corrige anade agrega borra elimina crea haz hazme
modifica cambia revisa prueba traduce resume busca muestra genera compara renombra abre cierra
ayuda ayudame lee implementa reescribe continua luego despues primero mas_tarde tienes_que debes
deberias usa usan utiliza llama poema cuento carta correo
""",
        "scope": """
solo_esta solo_este solo_esto solo_por solo_para para_esto para_esta para_este una_vez una_sola
esta_vez de_ahora de_aqui desde_ahora en_adelante a_partir el_resto resto proxima proximo
siguiente nomas_esta como_estaba igual_que en_vez en_lugar
""",
        "made": MADE,
    },
)
