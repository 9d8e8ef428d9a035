"""What commands are made of in German: tables for `cues`."""

from __future__ import annotations

from typing import Final

from .cues import Cues
from .cues_de_bars import BARRED, PARTS
from .cues_de_words import WORDS

GERMAN: Final = Cues(
    "de",
    {
        **PARTS,
        "adv": "[<adverb>] [<adverb>]",
        "adverb": """
gerade|grad|grade|jetzt|eigentlich|hier|noch|immer noch|denn|da|aktuell|momentan|im moment|derzeit
zurzeit|zur zeit|eben|nun|mal|so|schon|wieder|am besten|lieber|bitte|sonst|sonst noch|auch
überhaupt|wirklich
""",
        "the": """
das|die|der|den|dem|ein|eine|einen|einem|mein|meine|meinem|meinen|dein|deine|deinem|unser|unsere
dieses|diese|diesem|diesen|zum|zu|alle|allen|aller|meiner|unserer
""",
        "one": "modell|ki|llm|sprachmodell|ki modell|endpunkt|endpoint|anbieter|backend|ai",
        "many": "modelle|modellen|models|kis|llms|sprachmodelle|sprachmodellen|ki modelle",
        "chat": """
chat|chats|gespräch|gesprächs|unterhaltung|sitzung|session|konversation|dialog|thread
""",
        "turn": "antwort|frage|nachricht|anfrage|mal|eingabe|prompt|message|reply|runde",
        "old": """
vorherige|vorherigen|vorheriges|vorige|vorigen|voriges|alte|alten|altes|ursprüngliche
ursprünglichen|letzte|letzten|frühere|früheren|erste|ersten|andere|anderen|bisherige|bisherigen
übliche|üblichen|gewohnte|gewohnten|zuletzt benutzte|zuletzt genutzte
""",
        "then": "vorher|vorhin|davor|zuvor|eben|gerade eben|früher|am anfang|zu beginn|zuletzt",
        "ran": """
[<then>] (hatte|hatten|lief|war|dran war|geantwortet hat|antwortete|benutzt (habe|haben)|genutzt
    (habe|haben)|verwendet (habe|haben)|da war|drin war)
""",
        "take": """
nehmen|nutzen|benutzen|verwenden|wählen|auswählen|empfehlen|vorschlagen|raten|einsetzen|fragen
wechseln|umschalten|umstellen|ansprechen
""",
        "takes": "nimmst|wählst|empfiehlst|rätst|schlägst|bevorzugst|nehme|nehm|nutze|wähle",
        "size": """
lang|lange|langes|langen|langer|längere|längeres|längeren|groß|große|großes|großen|größere
größeres|schnell|schnelle|schnelles|schnellen|schnelleres|kurze|kurzes|billig|billige|billiges
günstig|günstige|günstiges|günstigeres|privat|private|privates|vertraulich|vertrauliche
vertrauliches|sensibel|sensible|sensibles|geheim|geheime|geheimes|persönliche|schwer|schwere
schweres|schwieriges|schwierige|schwierigen|komplex|komplexe|komplexes|knifflige|kniffliges
starkes|kluges|schlaues|einfache|einfaches|besseres|kleines|riesige|umfangreiche
""",
        "work": """
aufgabe|aufgaben|frage|fragen|gespräch|gespräche|unterhaltung|unterhaltungen|sitzung|chat|chats
text|texte|dokument|dokumente|datei|dateien|projekt|projekte|refactoring|refactorings|umbau|doku
dokumentation|tests|review|code review|debugging|fehlersuche|planung|übersetzung|übersetzungen
übersetzen|zusammenfassung|zusammenfassungen|zusammenfassen|code|coden|programmieren|schreiben
recherche|analyse|daten|kundendaten|kontext|antwort|antworten|sachen|sache|zeug|architektur|mathe
logs|pdfs|mails|briefe|bilder|codebasis|repo|bugs|fehler|sowas|so was|problem|probleme
""",
    },
    {
        "change": """
wechsel|wechsle|wechsele|wechseln|wechselst|umschalten|umstellen|umsteigen|umswitchen|umziehen
rüberwechseln|switch|switche|switchen
(schalt|schalte|schalten|stell|stelle|stellen|geh|gehe|gehen|spring|springe|steig|steige|zieh|ziehe)
    [sie|wir|mal|bitte|wieder] [um|weiter|rüber|alles] (auf|zu|zum|nach|in)
(schalt|schalte|schalten|stell|stelle|stellen) [sie|wir|mal|bitte] um|umgeschaltet|umgestellt
gewechselt|tausch|tausche|ersetze|ersetz|[wieder] zurück [auf|zu|zum|in]
(geh|gehe|schalt|schalte|wechsel|wechsle|stell|switch) [bitte] [wieder] zurück [auf|zu|zum]
zurückwechseln|zurückschalten|zurückkehren|zurückgehen
(mach|mache|machen|arbeite|rede|geht|fahr) [wir] [bitte] [hier] (mit|auf|weiter mit|weiter auf)
weitermachen|weiterreden|weiterarbeiten|weiterschreiben|weiterchatten|fortfahren
(mach|machen wir|geht s) [lokal|offline] weiter|bleib|bleibe|bleiben
(nimm|nutze|nutz|benutz|mach|geh) [das|mal] ~|(setz|setze|stell|stelle) das modell|ich meine
ich meinte|als (standard|modell|mein modell)
""",
        "put": """
(nimm|nehm|nehme|nehmen|nutz|nutze|nutzen|benutz|benutze|benutzen|verwende|verwenden|wähl|wähle
    |wählen|auswählen|probier|probiere|probieren|versuch|versuche|versuchen|teste|testen|frag|frage
    |fragen|hol|hole|aktiviere|aktivier|starte|starten|lade|lad) [sie|wir|ich|es|mir|s]
lass|lasse|lassen|laufen|läuft|übernehmen|übernimmt|übernimm|übernehme|übergib|übergeben|leite
antworten|antwortet|antworte|beantworten|beantwortet|beantworte|reden|sprechen|sprich|rede|chatten
schreiben|ran|ranlassen|rein|reinholen|drauf|dran|los|loslegen|(antwort|antworten) (von|mit|über)
arbeiten|weiter|rüber|einschalten|einsetzen|mit [dem|der] @@|auf @@
(reicht|langt|genügt|tut s|tuts|tut es|wäre gut) [mir|hier|völlig|auch|aus|locker|dafür]
(soll|sollte|darf|kann|könnte|möge) [bitte|das|hier|jetzt|mal] [mal] (antworten|übernehmen
    |weitermachen|machen|ran|beantworten|arbeiten)
(weitermacht|übernimmt|antwortet|beantwortet)|zuständig|stattdessen|ansprechen
""",
        "wish": """
[ich|wir] (will|wollen|möchte|möchten|hätte|hätten|hätt|würde|würd|würden|brauche|brauch|brauchen
    |bräuchte|nehme|nehm|bevorzuge|wünsche mir|wünsche) [ich|wir|es|mir] [jetzt|mal|hier|da|doch
    |dann] [gern|gerne|lieber]
gern|gerne|lieber|besser|gib|geben sie mir|hol mir|schick|schicke|bring|her|soll|sollen|sollte|dass
(wie wärs|wie wäre es|wie wär s|wie wär es) mit|(wäre|wär) [mir] (lieber|schön|super|toll|nett)
mir (wäre|wär)|(kann|kriege|krieg|bekomme|könnte) ich [mal|bitte] [haben]
ich (glaube|glaub|denke) ich [nehme|nehm]|dann|gehen
""",
        "polite": """
bitte|bitteschön|biite|pls|plz|danke|dankeschön|vielen dank
(sei|seien sie|wärst du|wären sie) so (gut|nett|lieb|freundlich) [und]
(wenn|falls) (möglich|es geht|s geht|das geht)|wenns geht
(kannst|könntest|könnten|können|würdest|würden|magst|kannste|kann) [du|sie|wir|man|ich] [mal|bitte
    |mir|uns]
wollen wir|sollen wir|lass uns|lasst uns|geht das|möglich|tust du mir den gefallen und
""",
        "from": """
(ab|von) (jetzt|sofort|hier|nun|heute|diesem punkt|dieser <turn>|der nächsten <turn>|dem nächsten
    prompt) [an|ab]
fortan|bis auf (weiteres|widerruf)|künftig|zukünftig|in zukunft|dauerhaft|permanent|immer
grundsätzlich|standardmäßig|die ganze zeit|vorerst|erstmal|fürs erste|weiterhin|nur noch
alles (weitere|ab hier|ab jetzt)|für alles [weitere|ab hier]
[für|in] [den|dem|der|das|die|alle] [ganzen|gesamten|ganze|gesamte|restlichen|restliche] (rest
    |<chat>) [des|der|dieser|dieses|vom|von] [<chat>]
(für|in) (diesen|diese|dieses|diesem|dieser) [ganzen|ganze|ganzes] <chat>
bis ich (was|etwas) anderes sage|bis ich mich melde
für (die nächsten|alle|alle weiteren|meine) (fragen|antworten|nachrichten)
alle (antworten|fragen|weiteren fragen)
(das ist|das wird|es wird|jetzt wird es) (privat|vertraulich|geheim)
soll hier [bleiben|nicht mehr aus dem haus]
""",
        "once": """
[nur|bloß|lediglich|einfach|aber nur] [für|bei|auf|an|in|von|zu] [gerade|nur] (diese|dieser|dieses
    |diesen|die|der|das|eine|einer|ein|meine|meiner|deine|deiner) [eine|einen|eines|einzige|einzelne
    |kommende|folgende|nächste|nächsten|nächstes] [eine|einzige] <turn>
(nächste|nächsten|einzige|einzelne|kommende) <turn>|eine (antwort|frage|nachricht) (von|mit|lang)
(nur|bloß|aber nur) (einmal|dieses eine mal|dies eine mal|das eine mal|dieses mal|diesmal|kurz|das
    hier|hierfür|dafür|das|dies|heute mal) [kurz]
[noch] einmal|ein einziges mal|ausnahmsweise|das bitte [nur]|einmalig|diesmal|dieses (eine mal|mal)
das eine mal|nur (ein mal|kurz)|kurz mal|mal kurz
danach (wie bisher|wieder|wieder wie gehabt|wieder zurück|zurück|wieder normal)
dann wieder (zurück|normal|wie bisher)
(frag|frage|fragen|befrag|befrage) [mal|doch|bitte|dafür|hierzu|dazu|sie|wir]|zweite meinung
eine (zweite|andere) meinung|meinung|was (sagt|meint|denkt|würde|hält) [dazu|davon]
(sagt|meint|denkt) @ [dazu|davon]|dazu sagen
(das|dies|dieses|es) [hier] [mal|bitte|jetzt|einmal|kurz] (beantworten|beantwortet|machen|machst
    |erledigen|übernehmen)
(beantworte|beantwortet|beantworten) [mir] (das|dies|es|diese|die)
(lass|lasse|lassen) [wir] (das|dies) [mal|bitte]|kurze frage|schnelle frage
(kann|könnte|soll|darf) @ (das|dies) [mal|bitte|hier] (beantworten|machen|übernehmen)
""",
        "this": """
dafür|hierfür|hiermit|für (das|dies|dieses|das hier|das folgende|folgendes|sowas)
(das|dies) [hier] [bitte|mal|jetzt] (mit|lokal|auf|in)|das (hier|folgende)|hierzu|dazu
""",
        "now": """
jetzt|jetz|nun|sofort|gleich|direkt|heute|erst|doch|stattdessen|im moment|momentan|aktuell|gerade
derzeit
""",
        "anyway": "trotzdem|dennoch|auf jeden fall|so oder so|egal was|egal wie|unbedingt",
        "return": """
(geh|gehe|gehen|wechsel|wechsle|wechseln|schalt|schalte|schalten|switch|spring|kehr|kehre|stell
    |stelle) [wir|sie|bitte|mal|jetzt] [wieder] zurück [bitte]
(wieder|bitte|jetzt|nun|und jetzt|ok|doch) [wieder|bitte|jetzt] (zurück|zurückwechseln
    |zurückschalten|zurückgehen) [bitte]
zurück (bitte|jetzt|wechseln)|[doch] wieder <the> <old> <one>
(wechsel|modellwechsel) rückgängig [machen]|zurückwechseln|zurückschalten
(mach|mache) (den|die) [letzten|letzte] (wechsel|modellwechsel|umstellung) [wieder] rückgängig
(den|der) [letzten] (wechsel|modellwechsel) [wieder] rückgängig [machen]
(nimm|mach|lass) den (wechsel|modellwechsel) [wieder] zurück
""",
        "before": """
[<the>] <old>|(das|den|die|dem|der|zum|zu dem) [von] <then>
(wie|was) [es|ich|wir] [<then>] [war|da war|lief|hatte|hatten]
(das|den|dem|die|der) (das|der|die|den|ich|wir|was) <ran>|[zum|den|der|dem] vorgänger
(dahin|da) wo wir waren|(was|das|den) (ich|wir) <ran>|(der|das|die) <ran>
""",
        "gone": """
[<the>] <old> <one>|[<the>] <one> (von <then>|davor|(das|was|mit dem) [ich|wir] <ran>|<then>)
<the> vorgängermodell|vorgängermodell
(den|dem|der|das|die) [der|das|die] [<then>] (geantwortet hat|dran war|antwortete)
wieder (das|den|die|dem|zum) [<old>|von <then>|davor|vorgänger]
""",
        "ask": "kurze frage|übrigens|nenn|nenne",
        "which": """
[auf|mit|über|von|zwischen|aus] (welche|welches|welchem|welchen|welcher|was|was für|was für ein|was
    für eins|was für einem|welche art|was davon|welches davon|welche davon)
""",
        "who": "wer|wem|wen|mit wem|bei wem",
        "current": """
[wie heißt|nenn|zeig|sag|was ist] [mir] [das|dein|mein] (aktuelle|aktuelles|aktuellen|aktive|jetzige
    |momentane|derzeitige) <one> [<adv>]
wie heißt [du|das|dein|dieses] <one> [<adv>]|(name|namen) (des|vom) [aktuellen] (modells|modell)
modellname|auf welchem <one> laufen wir|wohin gehen meine (nachrichten|fragen)
""",
        "model": """
[<the>] [kleine|kleinen|große|großen|lokale|lokalen|lokales|normale|schnelle|schnellen|billige|dicke
    |eigenes|eigene] <one>
""",
        "state": "ich [<adv>] (benutze|nutze|verwende|habe)|läuft|läuft hier",
        "is": """
(ist|bist|bin|sind|war) [<adv>] (das|du|dies|dieses|es|ich|wir|sie|die|der) [<adv>]
(bist|bin|ist|sind|läuft|wird|hab|habe|haben) [<adv>] [ich|du|wir]
(das|du|ich|wir|es) (ist|bist|bin|sind) [<adv>]
ist [<adv>] (aktiv|eingestellt|ausgewählt|dran|an|gewählt)|(aktiv|eingestellt|ausgewählt)
wird [<adv>] (benutzt|genutzt|verwendet)|(habe|hab|haben) (ich|wir) [<adv>]
(ist|war) (das|dies|es|hier) [<adv>] [von]|läuft [das|es|hier|dies] [<adv>] [über|auf|mit|in]
geht das [<adv>] [an|über]
""",
        "self": """
(bin|sind) (ich|wir) [<adv>] [auf|bei|mit|in]|(nutze|benutze|verwende|nutzen) (ich|wir|du) [<adv>]
antwortet [mir|hier|da] [<adv>]|(antwortest|redest|läufst) du [<adv>] [auf|mit|als]
(stammt|kommt|kam) (das|die antwort|die letzte antwort) [<adv>] von|(hat|hast) du [schon] [auf]
""",
        "speaks": """
(rede|spreche|red|sprech|chatte|schreibe|arbeite|unterhalte|kommuniziere) ich [mich] [<adv>] [mit]
(reden|sprechen|schreiben|chatten) wir [<adv>]|ich [<adv>] (rede|spreche|chatte|schreibe|sprech|red)
(antwortet|antwortest|schreibt|spricht|redet|beantwortet|generiert|bedient) [mir|du] [<adv>] [das
    |meine fragen|diese antwort] [<adv>]
(laufe|laufen|läufst|arbeitest|basierst) [<adv>] (du|ich|wir) [<adv>] [über|auf]
(läuft|arbeitet) [<adv>] [das|es|hier] [<adv>] (über|mit)
(nutze|benutze|verwende|nutzen|benutzen|verwenden|nutzt|benutzt|verwendest|hab|habe|fahre|fahren)
    (ich|wir|du) [<adv>]
(steckt|sitzt) [<adv>] [dahinter|hinter dir|hinter dieser antwort]
ist [<adv>] (am werk|im einsatz|dran|aktiv)
(kam|kommt|stammt|kommen) [<adv>] (das|die antwort|die letzte antwort|die antworten|diese antwort)
geht (das|es) [<adv>] an|über @ oder über|es läuft
""",
        "spoke": """
(hat|war) [<adv>] [das|mir|mir das|mir das letzte mal|die letzte antwort|die antwort|gerade|zuletzt
    |eben] [<adv>] (geantwortet|geschrieben|gesagt|gegeben|generiert|beantwortet)
""",
        "models": """
[<the>] [<the>] [verfügbaren|verfügbare|anderen|andere|möglichen|eingerichteten|weiteren|mögliche
    |konfigurierten|lokalen] <many>
(verfügbaren|verfügbare|eingerichteten|meine) endpunkte|modellliste|modellauswahl|modellübersicht
""",
        "list": """
(liste|list|zeig|zeige|zeigen|nenn|nenne|zähl|zähle|gib|anzeigen|auflisten|aufzählen) [sie] [mir]
    [mal|bitte] [auf|an] [<the>]
auf|aufgelistet|liste|übersicht|überblick|(gibt|gäb|gibts|gäbe) [es|s] [<adv>]
(sind|stehen|stehn|steht|wären|ist) [mir] [<adv>] [zur] (verfügbar|da|vorhanden|auswahl|verfügung
    |eingerichtet|konfiguriert|installiert|angeschlossen|erreichbar|nutzbar|bereit|möglich|dabei
    |wahl)
(habe|hab|haben|hast|hätte|hätten|kennst|unterstützt|bietest|habt) (ich|wir|du|ihr|man) [<adv>] [im
    angebot|zur auswahl|zur verfügung|an|dran|installiert|für]
[zwischen welchen|die|was] (kann|könnte|können|kannst|darf|könnten|könnt) (ich|wir|du|man) [denn]
    [<adv>] [für] [auf] (<take>|wechseln|haben|anbieten)
(kann|könnte|können|kannst) (ich|wir|du|man) [<adv>]
[die] (ich|wir|du|man|es) [<adv>] <take> (kann|können|könnte|kannst)|verfügbar|verfügbare
verfügbaren|<take>|vorhanden|nutzbar|[wie] viele|für
""",
        "choices": """
(wohin|worauf|wozu|zwischen was) (kann|könnte) (ich|man) [<adv>] (wechseln|umschalten)
(kann|könnte) (ich|man) [<adv>] (wechseln|umschalten|umstellen)
was (steht|gibt es|gibts) [<adv>] zur auswahl
""",
        "besides": "außer|neben|abgesehen von|bis auf|ausgenommen|ohne",
        "also": "und",
        "some": """
(eins|eines|einen|irgendein|irgendeins|irgendeines) [von|der|aus|meiner|deiner|den]|eines der
irgendwas|was|etwas|was von
""",
        "suggest": "vorschlagen|empfehlen",
        "should": """
(würdest|soll|sollte|sollten) (du|ich|wir|man) [mir] [<adv>]
<takes> (du|ich|man) [mir|da|dafür|hierfür|hier] [<adv>] [vor]|<take>
(rätst|empfehlen|raten) [du|sie] [mir]|(nimmt|nutzt) man [<adv>]|empfiehlt sich|dafür
""",
        "best": """
(ist|wäre) [<adv>] (gut|geeignet|sinnvoll|passend|richtig|das richtige|stark|besonders gut) [für|in]
(passt|eignet sich|taugt|lohnt sich|schafft das|kann das) [<adv>]|geeignet|passende|passendes
macht [am meisten] sinn|dein favorit
""",
        "goal": """
[für] [was|etwas|ein|eine|einen|den|das] [ganz|sehr|richtig|wirklich|echt] <size> [<work>] [<work>]
(viel|wenig) (text|kontext)
""",
        "case": """
[wenn|ohne dass] (es|s|das|nichts|alles|etwas) [hier] (soll|muss|darf|sollte|geht) (privat|geheim
    |vertraulich|lokal|schnell|hier|nach draußen|nach außen|raus) [bleiben|gehen]
[wenn] (es|nichts|das|alles|s) [nach draußen|nach außen|das haus|hier|auf meinem rechner] [nicht]
    [privat|schnell|vertraulich|lokal|geheim|billig] (rausgehen|bleiben|gehen|rausgeht|verlassen
    |verlässt|geht|sein) [darf|soll|muss]
""",
        "task": "[für|fürs|zum|bei|beim] [<the>] <work> [<work>]|dafür|hierfür|dazu",
        "ours": """
(hast|haben|habt) (du|wir|ihr|sie)|(von|unter) (deinen|meinen|unseren) [modellen]|(gibt|gibts) [es]
verfügbar
""",
        "either": "oder",
        "glue": """
mal|nur|einfach|ok|okay|okey|hey|hi|hallo|also|so|na|kurz|dann|zu|zum|zur|auf|nach|mit|von|vom|bei
für|fürs|das|die|der|den|dem|ein|eine|einen|einem|mein|meine|meinem|meinen|meiner|mir|mich|uns|es
hier|im|in|diesem|dieser|dieses|diese|diesen|ab|um|an|wird|werden|denn|da|noch|wieder|nochmal
noch mal|variante|stattdessen|eigentlich|überhaupt|schon|halt|eben|ja|jo|jup|nee|nö|genug|egal|auch
dir|dich|dein|deine|deinem|unser|unsere|unserem|vielleicht|evtl|wohl|bloß|ruhig|alles|alles klar
komm|na los|los|servus|moin|ey|ach|oh|äh|ähm|hm|hmm|tja|lieber|kleine|kleines|kleinen|große|großen
schnelle|schnellen|billige|billigere|günstigere|lokale|lokales|lokalen|lokal|offline|eigenen|eigenes
rechner|laptop|über|ne|nen|nem|s|ganz|komplett|ausschließlich|gerade|grad|grade|cloud
nichts in die cloud|zu (langsam|teuer|dumm|schwach|lang|schlecht)|das reicht|bin gleich im zug
im (zug|flieger|flugzeug)|(kein|ohne) (internet|netz|wlan)|trotzdem|bis|statt (der cloud|cloud)
modus|dasselbe|selbe|man|sie|kannst|könnte|könnten|sollen|antworten|ran|drauf|aber|sonst
""",
    },
    WORDS,
    BARRED,
)
