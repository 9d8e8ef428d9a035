"""Single words of German by what they do in a command, and what tells work from one.

The words are those of everyday talk about changing, asking and choosing, spoken ones and those of
the south among them. Words of the trade stand only where advice is asked for (`task`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .meaning import Kind

WORDS: Final[Mapping[Kind, str]] = {
    "change": """
wechselt|überwechseln|geswitcht|schalt|schalte|schalten|schaltet|schaltest|umzuschalten|zu wechseln
umzustellen|umzusteigen|steig|steige|steigen|umsatteln|übergehen|überzugehen|hinüber|herüber|rüber
rübergehen|spring|springe|springen|hüpf|hüpfe|zieh|ziehe|ziehen|verlege|verlegen|verlagern
fortsetzen|fortzusetzen|fortgesetzt|fortführen|fortgeführt|fortzuführen|fortzufahren|fort|fahr|fahre
fahren|fährst|weiterfahren|weiterzumachen|weitersprechen|weiterführen|weiterlaufen|weiterplaudern
weiterdiskutieren|weitermacht|weitergehen|weitergeführt|bleibt|bleibst|behalte|behalten|beibehalten
tauschen|austauschen|ersetzen|umswitch|wechselte|wechsl|umstelen|umschaltn|stell um|stellt um
umstelln|machst weiter|weitermachst|weiterarbeitet
""",
    "put": """
drannehmen|ranziehen|her damit|umleiten|leite um|einspringen|vorlassen|lassen wir|nimm|nimmst|nimmt
nimms|nehm|nehme|nehmen|nehmt|nemma|hernehmen|zu nehmen|nähme|genommen|nutz|nutze|nutzen|nutzt
nutzt du|benutz|benutze|benutzen|benutzt|verwende|verwenden|verwendest|wähl|wähle|wählen|wählt
auswählen|ausgewählt|probier|probiere|probieren|probiert|ausprobieren|versuch|versuche|versuchen
versuchs|teste|testen|hol|hole|holen|holst|holt|dazuholen|aktivier|aktiviere|aktivieren|starte
starten|lade|laden|lasst|lass s|übernähme|übernommen|gib|gebt|geben|geben sie|leiten|weiterleiten
schick|schicke|schicken|zu beantworten|erledigen|erledigt|erledige|bearbeiten|bearbeitet|behandeln
behandelt|kümmern|kümmere|kümmert|redet|spreche|spricht|unterhalten|chatte|arbeite|arbeitet|schreibe
schreibt|mach|mache|machen|macht|machts|machs|machst|machma|tu|tun|tust|tut|drankommen|dazu
anschalten|anwerfen|anmachen|einwechseln|einspannen|schmeiß|schmeiße|hau|haun|klemm|häng|hängen
einwerfen|rüberreichen|reich|reiche|weiterquatschen|einzusetzen|einstellen|einzustellen|stell|stelle
stellen|stellt|setz|setze|setzen|setzt|zuschalten|dazuschalten|anstellen|auspacken|fragen|frag|frage
fragt|wirf|werfen|pack|packen|zück|ruf|rufe|rufen|bring|bringe|bringen|verbinde|verbinden|verbindet
verlass|genügt|genügen|reicht|reichen|langt|tuts|tut s|reichts|genügts|komm|kommt|kommen|ein|an
heranziehen|zurate ziehen|soll ran|darf ran|muss ran|her|her mit|ranholen|greifen|greif|setzen wir
ist (dran|gefragt|gefordert|angesagt)|nemen|auf @@ bitte
""",
    "wish": """
will|wollen|willst|wollt|möchte|möchten|mag|hätte|hätten|hätt|hättn|würde|würd|würden|würdest|würdet
brauche|brauch|brauchen|braucht|bräuchte|bräuchten|bevorzuge|bevorzugen|wünsche|wünschen|wünsch
liebsten|gefälligst|solls|solln|sollst|her damit|wär mir lieber|wäre mir lieber|dürfte ich|darf ich
dürfen wir|darf|dürfte|dürfen|bekommen|kriegen|krieg|bekomme|haben
(wär|wäre) (lieb|nett|schön|gut|super|toll|fein|klasse|mir recht)|mir recht|es wird zeit|zeit für
fällig|bitte um|bitten|würde mich freuen|freuen|wünschenswert|lust auf|mogst|muss|müssen|müsste
müsst|nötig|jetzt muss|da muss|bestehe
""",
    "polite": """
bite|bittschön|bitt schön|bittesehr|besten dank|dank|herzlichen dank|merci|vielmal|mersi|thx|lieb
liebe|lieber|nett|freundlich|gütig|gefallen|gefälligkeit|könntest|könnten|könntet|kannst|kannste
könntst|können sie|kannsd|kannst du|wärst|wären sie|seien|seien sie|seis|würdest du|würden sie
magst du|mögest|dankbar|verbindlichsten
wenn (es|s) (geht|möglich ist|recht ist|ihnen nichts ausmacht|ginge|passt)|wenns passt
falls (es|s) (geht|möglich ist|passt)|wäre es möglich|wär s möglich|ist es möglich|sofern möglich
wenn möglich|falls möglich|wenn (du|sie) (so lieb|so nett|so freundlich) (bist|sind|wären|wärst)
wenn (du magst|du willst|sie mögen|sie wollen)|hättest du was dagegen
""",
    "from": """
zukunft|standard|erst mal|bis auf weiteres|weiteres|restlichen|restliche|restlicher|restliches|rest
gesamte|gesamten|gesamter|ganzen|ganze|ganzer|ganzes|verlauf|fortlaufend
ab (jetzt|hier|da|sofort|nun|heute|dieser stelle|diesem moment|der nächsten)
von (jetzt|hier|nun|heute|da) (an|ab)|von nun an|nunmehr|durchgehend|durchgängig|bis (ich|wir)
bis (zum|ans) (ende|schluss)|heute|den tag|tag über|den abend
für (die|alle) (nächsten|kommenden|weiteren|folgenden)|weiteren|weitere|weiterer|alles weitere|alles
den nächsten|die nächsten|ausschließlich|endgültig|dabei (bleiben|bleibt|bleib)
und (bleib|bleiben|bleibt) (da|dort|dabei|so)|so lassen|zeit lang|eine weile|ne weile|den ganzen
feierabend|die ganze|stunden|stunde|solang|solange|vorläufig
""",
    "once": """
[nur|bloß|lediglich|ausschließlich] [für|bei|auf|an|in|von|zu] (diese|dieser|dieses|diesen|die|der
    |das|den|eine|einer|ein|einen|meine|meiner|deine|deiner|ihre|ihrer|ne|genau diese|die kommende
    |der kommenden) [eine|einen|eines|einzige|einzelne|einzigen|kommende|kommenden|folgende
    |folgenden|nächste|nächsten|nächstes|letzte|direkt nächste] [eine|einzige] <turn> [hier|jetzt]
das (nächste|folgende|eine)|die nächste|der nächste|den nächsten|fürs nächste|fürs folgende|einmal
dieses mal|dies eine mal|nur einmal|nur diese|nur für (diese|diesen|dieses|die|den|das)|nächstes mal
beim nächsten [mal]|für (die|diese) eine
(nächste|nächster|nächsten|kommende|kommenden|einzelne|einzige|folgende|diese eine) <turn>
danach (wie bisher|wieder|wie gehabt|wie vorher|wieder wie gehabt|zurück|normal|weiter wie bisher)
(dann|hinterher|anschließend|danach) [wieder] (zurück|wie gehabt|wie bisher|wie vorher|normal)
einzige|kurz|mal eben|mal schnell|schnell mal|nicht für immer|nicht dauerhaft|zweitmeinung
(zweite|andere) meinung|eine <turn>|1 <turn>|für diese
""",
    "this": "folgendes|das folgende|dem folgenden|folgende|für (das|dies)|das hier|dies hier|damit",
    "now": "jetzat|jez|statt dessen",
    "anyway": "jedenfalls",
    "return": """
(mach|mache|machen) [sie|wir|das|es|mal|bitte] [mal|bitte] rückgängig
wechsel (rückgängig|zurücknehmen)
""",
    "revert": """
zurück|wieder zurück|zruck|zurückwechseln|zurückschalten|zurückgehen|zurückkehren|zurückstellen
zurückholen|zurückgewechselt|zurückzukehren|zurückzuwechseln|zurückzugehen|zurücktauschen|retour
kehr|kehre|kehren|rückgängig|rückgängig machen|zurücksetzen|wiederhaben|wiederherstellen
wieder herstellen|rückwärts|wiederholen|wieder|wider|wiederum|nochmal zurück|zurücknehmen
zurückhaben|zurückbringen
""",
    "before": """
vorher|vorhin|vorhinein|zuvor|davor|eben|gerade eben|früher|ursprünglich|anfang|beginn|bislang
bisher|zuletzt|vorheriges|vorherige|vorherigen|vorheriger|voriges|vorige|vorigen|voriger
vorhergehende|vorhergehenden|vorangegangene|vorangegangenen|ehemalige|altes|alte|alten|alter
früheres|frühere|früheren|ursprüngliche|ursprünglichen|ursprüngliches|anfängliche|anfänglichen
bisherige|bisherigen|bisheriges|letztes|letzte|letzten|voran|vorgänger|vorgängermodell|erste|ersten
erstes|andere|anderen|anderes|gewohnte|gewohnten|übliche|üblichen|übliches|gestern|heute früh
heute morgen|vorm wechsel|vor dem wechsel|vor (der|einer) (umstellung|weile|minute|stunde)|gehabt
normale|geantwortet|gesprochen|geredet|gearbeitet|gechattet|gelaufen|unterhalten|normalen|vorletzte
vorletzten|hatten|hatte|drin war|dran war|ehedem|derjenige|demjenigen
""",
    "gone": "(das|dem|zum|unser|mein|meinem|unserem) modell (davor|vorher|vorhin|zuvor)|vorgänger",
    "ask": """
sag|sage|sagen|sags|sagst|sagt|sagen sie|verrat|verrate|verraten|verrätst|erklär|weißt|wissen|wüsste
wissn|wüsst|frage|fragen|fragen wollte|frag|nennen|nennst|mitteilen|teil mir mit|zeig|zeige|zeigen
interessieren|interessiert|würde gern wissen|neugierig|neugierde|interessehalber|sehen|keine ahnung
erinnern|erinner|ahnung|überblick|schnell gefragt|mal fragen|vergessen
weiß (nicht|nimmer|nicht mehr)|bin mir nicht sicher|bestätigen|bestätige|herausfinden|rausfinden
hat (der|das) (wechsel|umstellen|umschalten) [geklappt|funktioniert]|geklappt|funktioniert|nachsehen
""",
    "which": """
welches|welche|welchem|welchen|welcher|welches von|was|was für|welch|wos|wölches|welchs|was alles
was für (ein|eins|einen|einem|welche)|welches der
""",
    "who": "",
    "current": """
(aktuelle|aktuelles|aktuellen|aktive|aktives|jetzige|momentane|derzeitige|laufende|eingestellte)
    (modell|ki|llm)
(name|namen) (des|vom|von dem|deines|dieses) [aktuellen] (modells|modell)|modellnamen
wie heißt (das|dieses|dein|mein) (modell|ki|llm)
""",
    "model": """
modell|modells|model|ki|llm|sprachmodell|ai|modele|modll|modelll|sprachmodells|mdoell
""",
    "is": "ist|bin|bist|sind|war|is|san|wird|wurde|seid|warst|waren|bins|ists",
    "self": """
(bist|sind|bin) (du|ich|wir|sie) [noch|jetzt|schon|immer noch|gerade|wieder|wirklich|eigentlich]
(ist|is|war) (das|es|des|dies) [noch|jetzt|schon|immer noch|gerade|wieder|wirklich|eigentlich|hier]
(läuft|antwortet|spricht|redet) [hier|jetzt|mir|das|es|noch] [noch|gerade|immer noch|jetzt]
(rede|red|spreche|chatte|schreibe|arbeite) ich [noch|jetzt|immer noch|gerade|hier]
(haben|hab|habe|hat) (wir|ich|es) [noch|jetzt|immer noch|gerade]
""",
    "state": """
ich|wir|du|sie|man|ma|das|dies|des|es|hier|jetzt|aktuell|aktiv|aktif|aktiviert|eingestellt
ausgewählt|gewählt|gerade|grad|grade|momentan|im moment|derzeit|zurzeit|zur zeit|augenblick
im augenblick|drin|an|dran|anderes|was anderes|laufen|hab|habe|haben|hast
(nutze|benutze|verwende|nutz) ich|ich (nutze|benutze|verwende)|(nutzen|benutzen|verwenden) wir
wir (nutzen|benutzen|verwenden)|verwendet|benutzt|genutzt|da|gewechselt|umgeschaltet|umgestellt
du da|gelandet|in verwendung|in betrieb|im einsatz|am werk|am start|verbunden|heißt|chatte|schreibe
schreibt|schreib|schreiben|arbeitet|arbeite|läufst|laufe|dahinter|steckt|bedient|beantwortet
am apparat|am anderen ende|zu tun|vor mir|hinter dir|im dienst|werkelt
""",
    "speaks": """
antwortet|antwortest|redet|rede|red|redest|spricht|spreche|sprech|sprichst|chatte|chattet|unterhalte
unterhalten|kommuniziere|quatsche|labere|plaudere
""",
    "spoke": """
geantwortet|geschrieben|beantwortet|gesagt|generiert|verfasst|gerade geantwortet
(letzte|letzten) antwort|die antwort (eben|gerade)
""",
    "models": """
modelle|modellen|models|kis|llms|sprachmodelle|sprachmodellen|modeln|ki modelle|modelln
(liste|übersicht|auswahl|überblick) (der|aller|an|von|über) [verfügbaren|möglichen|die|den] (modelle
    |modellen|llms)
""",
    "list": """
list|auflisten|aufzählen|aufzuzählen|zähl|zähle|zeig|zeige|zeigen|zeigst|anzeigen|nenn|nenne|nennen
nennst|gib|geben|aufzeigen|auflistest|auswahl|verfügung|wahl|vorhandene|vorhandenen|erreichbar
möglich|mögliche|möglichen|einsetzbar|eingerichtet|eingerichteten|konfiguriert|konfigurierten
installiert|angeschlossen|angebunden|freigeschaltet|bereit|stehen|stehn|steht|gibt|gibts|gäb|gäbe
gäbs|existieren|kann|können|könnte|könnten|kannst|könn|darf|dürfen|wählen|auswählen|aussuchen
wechseln|umschalten|nutzen|benutzen|verwenden|nehmen|einsetzen|ansprechen|hast|habt|hab|habe|haben
hätt|hätte|hätten|kennst|kennt|bietest|anbieten|angebot|im angebot|parat|am start|sonst|sonst noch
außerdem|noch|alle|alles|sämtliche|sämtlichen|sehen|anschauen|weitere|weiteren|zugriff|greifbar|sag
sagen|schreib|raussuchen|zurückgreifen|zugreifen|führst|entscheiden|entscheide|zwischen|andere
anderen|läuft|laufen|zu bieten
""",
    "choices": """
was (steht|hab|habe|hätt|hätte) [ich|mir|ma|denn|da|so|alles] [alles|denn|so] zur (auswahl|wahl
    |verfügung)
""",
    "suggest": """
empfiehl|empfiehlst|empfehlt|empfehle|empfehlung|empfehlungen|empfehlenswert|empfehlst|rätst|raten
rat|rate|ratschlag|tipp|tip|vorschlag|vorschläge|schlägst|schlag|schlage|schlagen|ans herz legen
nahelegen|beraten|berate|beratung|meinung nach|empföhlen|anraten|zuraten|anzuraten
""",
    "should": """
soll|sollte|sollten|solltest|würdest|würde|würd|würden|tät|tätst|täten|nimmst|nehm|nehme|nehmen
nutze|wähle|wählst|wählen|verwendest|nimmt|muss|müsste|nutzen|einsetzen|verwenden|wähl|greifst
zugreifen|bevorzugst|setzt|setzen|denkst|meinst|findest|glaubst|fahre|fahr|fahren|hernehmen|rätst du
zu
""",
    "best": """
beste|besten|bestes|bester|am besten|besser|bessere|besseres|schnellste|schnellsten|schnellstes
schneller|günstigste|günstigsten|günstiger|günstigeres|billigste|billigsten|billiger|billigeres
klügste|klügsten|klüger|schlauste|schlausten|schlaueste|schlauesten|stärkste|stärksten|stärker
größte|größten|längste|längsten|sicherste|sichersten|flotteste|flottesten|zuverlässigste
zuverlässigsten|leistungsfähigste|leistungsfähigsten|leistungsstärkste|mächtigste|fähigste
intelligenteste|intelligentesten|passendste|geeignetste|geeignetsten|sinnvollste|sinnvollsten
ehesten|optimal|ideal|wenigsten|meisten|sparsamste|sparsamsten|preiswerteste|preiswertesten
preisgünstigste|liebsten|gescheiteste|gescheitesten|kleinste|kleinsten|privateste|privatesten
richtige|sparsamer|fixeste|vernünftigste|vernünftigsten|gründlichste|gründlichsten|genaueste
genauesten|bestmögliche|empfehlenswerteste
""",
    "fit": """
gut|gute|gutes|guten|geeignet|geeignete|geeignetes|passt|passen|passend|passende|passendes|eignet
taugt|taugen|taugliches|tauglich|richtig|richtige|sinnvoll|stark|starkes|starke|reicht|reichen
genügt|genügend|schafft|packt|kommt klar|kommt zurecht|kommt mit|hält|verkraftet|bewältigt|lohnt
lohnen|kapiert|versteht|hilft|macht sinn|sinn|angebracht|angemessen|ausreichend|zuverlässig
zuverlässiges|ordentlich|ordentliches|vernünftig|vernünftiges|brauchbar|brauchbares|günstig|schnell
billig|fähig|gscheit|fit|in frage|infrage|ratsam|zu gebrauchen|klug|kluges|schlau|schlaues|sicher
sicheres|spart|schont|verbraucht
""",
    "goal": """
lang|lange|langer|langen|langes|lange chats|lange gespräche|sehr lange|schnell|schnelle|schnelles
flott|flottes|fix|rasch|rasche|zackig|billig|billiges|billige|günstig|günstige|günstiges|sparsam
sparen|zahl|zahle|zahlen|bezahlen|kostet|kosten|geld|budget|preis|geldbeutel|tokens|privat|private
privates|vertraulich|vertrauliche|vertraulichen|vertrauliches|sensibel|sensible|sensiblen|geheim
geheime|geheimen|persönlich|persönliche|persönlichen|datenschutz|privatsphäre|geschwindigkeit|tempo
qualität|schwer|schwere|schweren|schwerer|schwierig|schwierige|schwierigen|knifflig|knifflige
kniffligen|kniffliges|fies|fiese|fiesen|fieser|heikel|heikle|heiklen|komplex|komplexe|komplexen
kompliziert|komplizierte|komplizierten|umfangreich|umfangreiche|umfangreichen|umfangreiches|riesig
riesige|riesigen|riesiges|groß|große|großen|großes|einfach|einfache|einfachen|kleinkram|kram|kontext
langweilig|langweilige|langweiligen|anspruchsvoll|anspruchsvolle|anspruchsvollen
nichts (rausgehen|rausgeht|nach außen|nach draußen|das haus)|das haus verlassen|nach außen
nach draußen|gratis|kostenlos|umsonst|rausgehen|offline|lokal
""",
    "case": """
für (meine|meinen|mein|so|eine|einen|ein|das|die|den|lange|große|kleine|viel|viele|komplexe)
bei (meiner|meinem|meinen|so|einer|einem|der|langen|großen|diesem|dieser|diesen|vielen)
wenn (es|ich|man|das|der|die|alles|nichts|mein|meine|wir|du)|wenns|falls (es|ich|das)
damit (es|ich|das|nichts)
""",
    "task": """
für|fürs|bei|beim|zum|zur|mit|in|im|an|auf|zu|über|aus|von|vom|um|durch|python|rust|java|javascript
typescript|css|html|sql|regex|bash|shell|cobol|fortran|php|ruby|kotlin|swift|react|angular|latex
excel|bug|bugs|fehler|fehlers|fehlersuche|debuggen|debugging|refactoring|refaktorieren|refactoren
umbau|umbauen|code|codes|coden|codebasis|programm|programme|programms|programmieren|programmierung
skript|skripte|script|scripts|lesen|durchlesen|durchsehen|review|reviews|codereview|codereviews
schreiben|verfassen|text|texte|texten|brief|briefe|mail|mails|email|emails|aufsatz|aufsätze|handbuch
buch|bücher|artikel|protokoll|protokolle|log|logs|logdateien|dokument|dokumente|dokumenten|doku
dokumentation|bericht|berichte|vertrag|verträge|übersetzung|übersetzungen|übersetzen|zusammenfassung
zusammenfassungen|zusammenfassen|erklären|erklärung|erklärungen|mathe|mathematik|rechnen|beweis
beweise|logik|planung|planen|plan|ideen|brainstorming|entwurf|entwerfen|architektur|design|speicher
algorithmus|algorithmen|test|tests|testen|unit tests|hausaufgabe|hausaufgaben|klausur|arbeit
bachelorarbeit|masterarbeit|forschung|recherche|recherchen|recherchieren|analyse|analysen
analysieren|daten|kundendaten|patientendaten|firmendaten|abfrage|abfragen|boilerplate|alltag
tägliche|täglichen|kleinigkeiten|kleinigkeit|routine|projekt|projekte|repo|repository|altes|alten
alter|neu|neue|neues|neuen|aufgabe|aufgaben|sache|sachen|zeug|ding|dinge|frage|fragen|problem
probleme|problemen|chat|chats|sitzung|sitzungen|session|sessions|gespräch|gespräche|gesprächs
unterhaltung|unterhaltungen|diskussion|antwort|antworten|suche|such|suchen|finden|lösen|bauen
arbeiten|vorhab|vorhaben|machen|erledigen|bleibt|bleiben|bleib|gehen|geht|gehts|sein|rechner|daheim
zuhause|hause|haus|nichts|ohne|patente|rechtliches|recht|medizin|gedicht|gedichte|geschichte
geschichten|roman|rezept|rezepte|bewerbung|lebenslauf|präsentation|folien|steuer|steuererklärung
finanzen|bilder|bild|fotos|screenshots|pdf|pdfs|datei|dateien|migration|nacht|produktion|sicherheit
umbenennen|formatieren|aufräumen|commit|commits|nachrichten|nachricht|zeilen|seiten|stück|haufen
menge|mengen|sehr|viel|viele|vielen|wenig|kaum|nicht zu|ganz|nur|keine rolle|rolle|faden|verlieren
verliert|überblick|darf|muss|will|möchte|brauch|brauche|kluges|kleines|kleine|kleinen|kurze|kurzen
nicht viel|nicht so viel|nicht (teuer|zu teuer|die welt|rausgehen|verlassen|den faden)
""",
    "ours": """
hier|davon|von (deinen|den|meinen|ihren|diesen)|unter (den|deinen|meinen)|da|ihrer|deiner|der
""",
    "also": "",
    "either": "",
    "some": "eins|eines|einer|irgendein|irgendeins|irgendeines",
    "asked": """
[auf|mit|über|von|aus|bei|zu|in|unter] (welches|welche|welchem|welchen|welcher|was für ein|was für
    eine|was für einem|welch|wos für a) (modell|ki|llm|sprachmodell|model|ai)
[auf|mit|über|von|aus|bei|zu] (welches|welchem|welchen|welcher|welche) (der|von|meiner|deiner|ihrer
    |unserer|von den|von deinen) [verfügbaren|anderen] (modelle|modellen)
(welches|welche|welcher|welchem|welchen|wer|was) (davon|von euch|von denen|von diesen|von deinen|von
    den)
(welches|welche) (ki|llm)|wie heißt (das|dein|dieses) modell|modellname
""",
    "why": """
(gefällt|passt|schmeckt|behagt) mir (nicht|nimmer|gar nicht) [so|mehr]|<adjective>|zu <adjective>
nicht [so|mehr|ganz|sehr|besonders|wirklich|zu] <adjective>|mehr|weniger|bisschen|bissl|bisserl
(reicht|klappt|hilft|taugt|versteht|kapiert|checkt|bringt|genügt|passt|funktioniert|läuft|schafft
    |packt|kann) [mir|hier|da|das|es|mich] nicht [mehr|so|aus|viel]
gefällt|gefiel|gefallen|klappt|läuft|hilft|besserer|nervt|stört|spinnt|hängt|rennt|frisst|kostet
kosten|geld|budget|preis|eile|geduld|ruhe|tempo|geschwindigkeit|qualität|datenschutz|datenschutzes
grund|gründen|gründe|wegen|privatsphäre|sicherheit|tokens|netz|internet|wlan|zug|bahn|flieger
unterwegs|sache|sachen|ding|dinge|zeug|kram|kleinkram|kleinigkeit|kleinigkeiten|kleinzeug|aufgabe
aufgaben|arbeit|problem|probleme|thema|fall|text|gespräch|gesprächs|unterhaltung|chat|sitzung
session|konversation|frage|fragen|antwort|nachricht|nachrichten|modell ist|zuhause|daheim|haus|weil
da ja|deshalb|darum|deswegen|daher|somit|obwohl|ob|wenn|falls|während|dass|glaube|glaub|denke|denk
finde|find|mein ja|habe (genug|es eilig)|habs eilig
keine (zeit|lust|ahnung|eile|geduld|zeit mehr|lust mehr|hilfe)
kein (netz|internet|bock|geld|wlan|problem)|bock|lust|laune|pause|fertig|anfangen|angefangen
los geht s|losgeht|geht s|wird s|wirds|jetzt wird|steht|sieht|fürchte|merke|merk|versteht|überlegt
überlegen|entschieden|mich entschieden|entschlossen|solche|solches|solchen|sowas|so was|so etwas
derartiges|schwierige|schwierigen|schwieriges|schwere|schweren|schweres|kniffliges|einfache
einfachen|einfaches|lange|langen|langes|leichte|leichten|leichtes|wichtige|wichtigen|wichtiges
vertrauliche|vertraulichen|vertrauliches|private|privaten|privates|sensible|sensiblen|geheime
geheimen|interne|internen|persönliche|persönlichen|etwas stärkeres|was stärkeres|was besseres
was schnelleres|was billigeres|was günstigeres|was kleineres|was größeres|was klügeres|stärkeres
schnelleres|günstigeres|billigeres|kleineres|größeres|klügeres|vollkommen|völlig|locker|allemal
leistung|power|köpfchen|hirn|kaliber|abend|morgen|mittag|nachmittag|nacht|woche|anderes|andere
anderen|wechsel|umstellung|<thing> (<be>|<be> [mir|hier|da] nicht) <adjective>|mehr [als] genug
als nötig|keine große|keine großen|nichts (großes|wildes|kompliziertes|schwieriges|besonderes)
""",
    "glue": """
boah|wow|mann oh mann|zum beispiel|beispielsweise|z b|herrje|na ja|servas|grüessech|hoi|allerdings
nämlich|irgendwie|quasi|praktisch|theoretisch|letztlich|momenterl|geschwind|fürn|aufn|mitm|aufs|vons
beim|haste|biste|kannste|willste|isses|gibts|machste|nimmste|des|dös|einer|eines|n|ner|meines|deinen
deiner|deines|unseren|unserer|ihr|ihre|ihren|ihrem|ihrer|euer|eure|eurer|euren|dies|jene|jenes|jenem
jenen|denen|deren|derjenigen|dasjenige|welch|selben|demselben|ich|i|du|er|wir|ma|ihm|ihn|ihnen|euch
sich|jemand|jeder|jedes|jede|jedem|beide|beides|was|etwas|alle|allen|all|anders|ander|einige|einiges
manche|ins|am|ans|aus|durch|ohne|übers|unter|vor|zwischen|seit|gegen|gegenüber|statt|anstatt
anstelle|samt|per|via|hin|her|raus|rein|rauf|hoch|runter|weg|dort|hierher|dahin|dorthin|daran|darauf
darin|davon|daraus|drin|dran|dazu|dabei|einmal|nochmals|erneut|bereits|doch|eh|fei|joa|jep|yes|yep
nein|nope|naja|aha|ohje|uff|puh|öhm|em|mh|hach|he|heda|am werk|am steuer|ans steuer|am drücker
am zug|an der reihe|ins rennen|hallöchen|moinsen|grüezi|grüß gott|guten tag|guten morgen|guten abend
tag|mahlzeit|grüß dich|tach|gude|oki|okidoki|k|gut|guat|na gut|klar|genau|richtig|stimmt|passt|fein
super|toll|prima|perfekt|jawohl|gell|gelle|oder so|danach|daraufhin|nun|jetzt|und|sondern|sowie
außerdem|lediglich|halt mal|eig|eigtl|wirklich|echt|tatsächlich|ehrlich|ehrlich gesagt|sehr|gar
total|voll|mega|krass|ziemlich|recht|ein wenig|ein bisschen|bissi|bissle|eventuell|womöglich|sicher
bestimmt|gewiss|natürlich|selbstverständlich|offenbar|anscheinend|allenfalls|gegebenenfalls|ggf
möglichst|schnell|rasch|flott|zügig|bald|endlich|schließlich|zunächst|zuerst|erst|später|nachher
gleich|eben mal|momentan|heute|heut|heit|abends|morgens|minute|minuten|sekunde|sekündchen|moment
momentchen|augenblick|weile|zeit|mal wieder|zwar|und zwar|bzw|beziehungsweise|sprich|d h|jedoch
dagegen|digga|digger|diggi|alter|alta|bro|bruder|bruda|mann|kumpel|meister|bub|liebe|schatz|oida
spezi|lol|haha|hehe|xd|omg|wtf|lmao|sorry|sry|entschuldige|entschuldigung|entschuldigen|verzeihung
pardon|tschuldigung|tschuldige|tut mir leid|ups|hoppla|quatsch|herrgott|herrschaftszeiten|himmel
mist|verdammt|verdammte|verflixt|zefix|sakra|menno|scheiße|scheiss|kruzifix|zum teufel|bin|bist|ist
is|sind|san|seid|war|wäre|wären|sei|sein|gewesen|werd|werde|worden|hab|habe|hast|hat|haben|ham|hätt
hätte|hätten|gehabt|kann|können|könnt|könntest|kan|darf|darfst|dürfen|dürfte|dürften|muss|musst
müssen|müsste|soll|sollst|sollte|sollten|solltest|solls|will|willst|wollen|wollte|mag|magst|möchte
möchten|würd|würde|würden|würdest|werd ich|tät|tu|tun|macht|machen|machst|gehen|geht|gehts|ging
gings|ginge|geh|lass|lassen|mein ich|meine ich|ich mein|ich meine|ich meinte|meinte|glaub ich
glaube ich|denk ich|denke ich|finde ich|find ich|schätz ich|würd sagen|sagen wir|wie gesagt
wie gehabt|gesagt|gern|gerne|herzlich|mir nichts|nichts|nix|nebenbei|übrigens|apropos|weiter
weiterhin|auf geht s|auf gehts|kommt|schau|schauen wir|hör|warte|wart|stopp|stop|kleiner|großer
großes|dicke|dicken|gute|guten|gutes|alte|neue|neuen|neues|eingebaute|eingebauten|eingebautes
eingebettete|eingebettetes|eigen|eigene|eigener|computer|gerät|kiste|maschine|version|instanz
anbieter|endpunkt|stelle|folgt|zweck|zwecke|genannt|namens|heißt|welches auch immer|wie|wo|wo ich
wobei|womit|worauf|nächste|nächsten|nächstes|kommende|kommenden|folgende|folgenden|nicht wahr
oder was|oder nicht|insgesamt|gleichzeitig|zusammen|gemeinsam|lang|länger|aktuelle|aktuellen
aktuelles|besagte|besagten|jedenfalls|wenigstens|zumindest|immerhin|gefälligst|unbedingt|notfalls
lieber nicht|naja gut|von mir aus|meinetwegen|damit|sodass|demnach|bevor|im chat
(in|im) (diesem|dieser) <chat>
""",
}
