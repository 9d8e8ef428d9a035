"""The everyday words of remarks in German: a table for `remarks_lexicon`."""

from __future__ import annotations

from typing import Final

from .remarks_lexicon import lexicon
from .remarks_made import MADE

GERMAN: Final = lexicon(
    "de",
    {
        "plain": """
gibt gab es_gibt geben_wird fuer ueber solche solcher solchen neue neues neuen letzte letztes
vorige vorherige erste es_braucht dies all dauernd doch_noch nix_mehr noch_mal der die das den dem
des ein eine einen einem einer eines dieser diese dieses diesen diesem jener ich du er sie es wir
ihr mich dich sich uns euch mir dir ihm ihnen man jemand niemand alle alles nichts was_anderes
etwas was viel viele vieles wenig mein meine meinen meinem meiner dein unser unsere unseren
unserem unserer kein keine keinen keinem keiner sein ihre bin bist ist sind seid war waren wird
werden wurde würde wäre wär hätt hätte habe hab hast hat haben hatte gehabt gewesen kann kannst
können konnte könnte darf dürfen mag mögen muss musst müssen will wollen wollte soll sollen tut
tun macht gemacht geht gehen ging gegangen kommt kommen kam bleibt bleiben blieb läuft lief sitze
sitzt stehe steht hänge hängt liegt nimmt braucht brauche brauchen lasst scheint wirkt glaube
glaub denke denk finde find weiss weiß sehe seh gesehen gehört hör merke merk und oder aber weil
denn da damit dass doch also drum darum deshalb deswegen nun nur noch schon wieder auch sehr zu so
ganz recht ziemlich echt wirklich halt eben eh mal ja nicht nie nimmer mehr weniger immer jetzt
gerade grad gleich heute abend nacht früh hier dort drin drauf dran dabei davon dafür dazu daran
weiter weg her hin rein raus an auf in im am ins aus bei beim mit nach von vom vor zum zur über
unter um für gegen ohne durch bis seit zwischen wie als wohl vielleicht eigentlich eig leider
endlich bisschen bissl wengl bitzeli wenigstens sowieso ohnehin einfach selber selbst ewig
andauernd ständig ned net nix a is san bei_dir bei_mir i ma mia unterwegs ab gut_so wie_bisher
zwar irgendwie fast genug
""",
        "lead": """
bin ist sind war wird is zu sehr ganz ziemlich echt wirklich bisschen bissl mir wirkt
""",
        "life": """
laptop rechner computer komm_ich_nicht_weiter komme_nicht_weiter bei_uns_bleiben im_haus_bleiben
muss_hier_bleiben entscheide entscheiden überlege cloud wolke zehn fünf drei zwei zwanzig dreissig
halbe viertel chef chefin boss kunde kunden kundin patient patienten kollege kollegen kollegin
frau mann kind kinder oma opa mutter vater freund freundin team firma büro rechtsabteilung
buchhaltung datenschutz datenschützer geheim geheimnis privat vertraulich vertrauliches sensibel
dsgvo haus hause zuhause daheim küche bett zug bahn ice flug flieger flugzeug bus auto tunnel
bahnhof flughafen hotel funkloch unterwegs urlaub feierabend wochenende pause mittag mittagspause
kaffee essen schlaf müde hunger durst schicht schichtbeginn schichtende nachtschicht frühschicht
spätschicht bereitschaft dienstbeginn termin besprechung meeting demo gestern morgens nachmittag
tag tage woche wochen monat monats monate jahr stunde stunden minute minuten sekunde sekunden uhr
zeit eile eilig hektik stress gestresst geduld nerven nervt genervt laune lust bock kopf hände
angst sorge sorgen neugier neugierig verwirrt überfordert spass geld kohle budget kosten konto
guthaben rechnung kontingent limit euro cent cents pleite sparen spare spart spar gespart
verbraucht aufgebraucht ausgegeben zahlt zahle meckert schimpft motzt drückt drängt wartet warte
gewartet schläft geweckt fahre fährt fliege vergessen vergess verklickt vertippt versehen irrtum
quatsch schmarrn mist blöd doof schade egal wurscht recht leid tut_mir_leid grund gründe neuen
knifflig knifflige kniffliger wird_s ernst hauptsache herrschaftszeiten gott
""",
        "verdict": """
bleiben bleibt verlassen verlässt will_nicht mag_nicht fix denkleistung langsam langsamer lahm
lahmer lahmt träge zäh schnell schneller flott zackig dumm dümmer blöd doof dämlich daneben
nutzlos unbrauchbar schlecht schlechter mies mieser müll schrott mist schmarrn quatsch blödsinn
gut besser super toll prima okay ok reicht reichen genügt langt taugt teuer teurer teuren billig
billiger billigste günstig günstiger überdimensioniert übertrieben schwach schwächer stark stärker
schlau schlauer klug klüger schlauste überfordert halluziniert spinnt kapiert versteht checkt
rafft schwafelt labert geschwätzig braucht_ewig dauert dauert_ewig ewig kostet zufrieden
unzufrieden mag magst gefällt lieber satt überzeugt hängt zickt versagt schafft packt hinkt
gescheiter
""",
        "model": "modell modelle ki antwort antworten llm",
        "link": """
netz internet wlan wifi verbindung leitung empfang signal vpn mobilfunk hotspot router
datenvolumen akku strom ladegerät uplink
""",
        "failing": """
weg tot aus leer schwach schlecht langsam instabil wackelig wackelt kein keine lahm mies spinnt
abgebrochen bricht fällt ausgefallen begrenzt knapp gleich niedrig prozent zickt am_ende
""",
        "work": """
code datei dateien bug bugs daten kundendaten patientendaten unterlagen dokument dokumente text
texte aufgabe aufgaben frage fragen sache sachen teil zeug kram fall problem probleme projekt ding
refactoring boilerplate arbeit vertrag ticket
""",
        "weighing": """
schwer schwierig schwierige schwieriger knifflig knifflige kniffliger komplex komplexe kompliziert
kompliziertes heikel heikle gross grosse grosser riesig riesige riesen lang lange langer langes
leicht einfach einfache simpel trivial klein kleine kleiner kleinkram kleinigkeiten langweilig
langweilige stupide öde kurz kurze nur bloss lauter vertraulich vertrauliche geheim privat private
sensibel sensible intern interne personenbezogen personenbezogene nicht_raus nicht_aus_dem_haus
nicht_aus nicht_in_die_cloud hier_bleiben bei_mir_bleiben fertig erledigt durch vorbei hässlich
fieser fies harter hart zäh
""",
        "wish": "will möchte brauche brauch hätte wollte wünsche",
        "open": """
zu der die den dem ein eine einen einem einer für mit von vom zum zur auf in im am bei und oder
dass als wie mein meine meinem meinen nicht kein keine nie will soll sollen muss kann darf ob um
ohne statt
""",
        "saying": "sagt sagte gesagt meint meinte fragt fragte schreibt schrieb heisst",
        "pause": "äh ähm öhm hm hmm mhm eh um uh",
        "call": """
ach och oh ah ja nein nee na nö so also gut okay ok k alright moin hallo hi hey servus grüezi
grüzi grüss_gott guten_morgen guten_tag guten_abend moment sekunde warte warte_mal halt stopp
mensch mann alter digga bruder leute kollege meister chef liebes schatz oida herrje himmel
verdammt mist scheisse verflixt ups hoppla tja naja nun na_ja na_gut sag sag_mal sag_einmal
hör_mal schau pass_auf weisst_du_was wisst_ihr_was ich_weiss_nicht ich_weiß_nicht egal vergiss_es
schon_gut genau super prima perfekt klar sicher allenfalls übrigens ehrlich ehrlich_gesagt
understudy zack_zack hopp los komm gell oder ne tu_ma wie_gesagt schönen_tag grüsse
""",
        "nay": "will_nicht mag_nicht nein nee na nö halt stopp egal vergiss_es moment warte",
        "courtesy": """
bitte bidde bite danke dankeschön vielen_dank herzlichen_dank besten_dank merci merci_vielmal
danke_dir danke_schön entschuldigung entschuldige entschuldigen_sie verzeihung verzeihen_sie sorry
tut_mir_leid pardon wenn_möglich falls_möglich wenn_s_geht wenn_das_geht wenn_es_geht
wenn_das_möglich_ist falls_das_geht wenn_es_keine_umstände_macht falls_es_recht_ist
wenn_ich_bitten_darf seien_sie_so_gut seien_sie_so_freundlich sei_so_gut sei_so_lieb
nur_aus_neugier aus_neugier kurze_frage nur_eine_frage eine_frage mal_eine_frage wenn_du_magst
wenn_sie_mögen wär_lieb wäre_nett wäre_lieb geht_das passt_das ok_so nichts_für_ungut
zu_freundlich
""",
        "joint": "also und aber drum darum deshalb deswegen daher",
        "cause": "weil denn da",
        "subject": "das des der die dieses es er ich wir weil denn da hauptsache mir",
        "head": """
wechsel wechsle wechseln wechselt schalt schalte schalten stell stelle stellen nimm nehmen nehmt
nutze benutze verwende geh gehe gehen mach mache machen lass lassen gib geben hol hole bring
zurück setz setze zeig zeige nenn welches welche welchem welcher wer mit zu auf kannst könntest
könnten können würdest würden kannste bitte ich_möchte ich_will ich_hätte ab_jetzt ab_hier jetzt
umschalten wieder lieber doch bist
""",
        "after": """
wie_bisher wie_vorher wie_jetzt wie_gehabt wie_zuvor wie_sonst weiter normal wieder_normal
zurück_wie nur_diese nur_diese_eine nur_die_eine nur_das_eine mehr_nicht nur_dafür danach dann
anschliessend nur_für_diese und_nur_diese nur_die sonst_nichts
""",
        "asks": """
fix_mal welche welches welcher welchem wie warum wieso weshalb wo wohin wann wer wem wenn falls
sobald ob schreib schreibe erklär erkläre fixe behebe ändere korrigiere lösche entferne erstelle
füge prüfe teste übersetze fasse zeig zeige mach_mir baue bau lies finde_den such suche
implementiere refaktoriere vergleiche generiere öffne schliesse hilf weitermachen später danach
anschliessend erst zürst dann musst sollst solltest nenne verwendet benutzt nutzt gedicht
geschichte brief mail
""",
        "scope": """
nur_diese nur_diesmal diesmal nur_einmal einmal nur_hierfür hierfür dafür für_diese für_diesen
für_dies für_das nur_die nur_das ab_jetzt ab_sofort ab_hier von_jetzt_an rest restliche restlichen
für_den_rest bis_auf_weiteres nächste nächsten statt weiterhin wie_bisher bis_jetzt
""",
        "made": MADE,
    },
)
