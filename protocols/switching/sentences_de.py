"""The sentences of German, by what they mean: tables for `grammar`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .grammar import Meaning

SENTENCES: Final[Mapping[Meaning, str]] = {
    "conversation": """
<switch> <it> [<always>] <to> @ [<always>|um|rüber|zurück|über|hier] [<always>|um|rüber|zurück]
<switch> <it> [<always>] <to> @ [<always>] um [<always>]
[<always>] <it> [<always>] <to> @ [<always>] (<switch>) [<always>]
<always> <switch> <it> <to> @ [um|rüber|zurück]
[<always>] (dass|das) (wir|du) <to> @ <switch>
<to> @ [<always>] [bitte]
(weiter|wieder|zurück|mach weiter|machen wir weiter|mach|arbeite|arbeiten|arbeiten wir|rede|red|
    reden|sprechen) [<always>] (mit|zu|auf) @ [weiter|weitermachen|weiterreden|arbeiten|reden|
    sprechen|fortfahren|weiterarbeiten] [<always>]
[<always>] [<it>] [weiter] mit @ (weiter|weitermachen|weiterreden|arbeiten|reden|sprechen|
    fortfahren|weiterarbeiten|sprechen|zu reden|zu sprechen|antworten|weiterchatten|chatten|
    schreiben) [<always>]
<always> [<use>|mit|zu|nehmen wir] @@
<always> <use> [wir|du|für alles] @
@@ <always>
<use> [wir|du] [<always>] @ <always>
<use> [wir|du] <always> @
(bleib|arbeite|mach|bleiben wir|antworte|geh) [<always>] @@ [<always>]
[<always>] @ <always> (<use>|<works>)
[<always>] @ (soll|sollte|kann|darf|muss|möge) [<always>] [<works>] [<always>]
<always> (soll|sollte|kann|darf|lass|muss) @ <works>
(soll|sollte|kann|darf|könnte) @ [<always>] <works>
[lass] [<always>] @ [<always>] (antworten|übernehmen|weitermachen|den rest machen|das machen|ran|
    machen) [<always>]
[<always>] (lass|lasst) [<always>] @ [<always>] <works>
[(ich möchte|ich will|ich hätte|ich würde|ich brauche|ich bevorzuge|hätte|will|möchte)] [<always>]
    @ [<always>] (haben|als modell|hier haben|antwortet|nutzen|benutzen|verwenden|nehmen)
    [<always>]
ich (möchte|will|hätte|würde|brauche|bevorzuge|nehme) [<always>] @ [<always>]
(möchte|will|hätte|würde) [<always>] @@ [<always>]
(gib|hol|hole|bring|verbinde|verbind|verbinden) (mir|mich|uns) [<always>] [mit|zu|zurück] @ [her|
    ran|zurück|dazu|rein]
(stell|stelle|schalt|schalte|setz|setze|leg|lege|änder|ändere|wechsel|wechsle) (das|mein|unser|
    dieses) (modell|model|llm) [<always>] (auf|zu|in) @ [um|ein|fest] [<always>]
modell <to> @ (<switch>|setzen|stellen)
modell @@
ich will [<always>] <to> @
wir (wechseln|gehen|schalten) [<always>] <to> @ [um|über|rüber]
(aktiviere|aktivier|wähle|wähl|starte|lade|aktivieren|wählen|auswählen) @@ [aus] [<always>]
@@ (aktivieren|auswählen|wählen|einschalten)
(antworte|antwort) [<always>] (mit|über|von) @ [<always>]
(bleib|bleibe|bleiben) [wir] [<always>] (bei|auf|mit) @ [<always>]
(dass|das) @ [<always>] (antwortet|übernimmt|weitermacht) [<always>]
[<always>] [dass] @ [<always>] antwortet
(leite|schick|schicke|route|gib) (mich|alles|das|es|alle anfragen|meine nachrichten|meine fragen)
    [<always>] (an|zu|über) @ [weiter] [<always>]
(übergib|gib ab|übergeben) [es|das|alles] an @
""",
    "answer": """
<use> [<once>] @ [<once>]
<use> @ <once>
<once> [<use>] [mit|von|durch|über|an|auf|soll|lass|bei|nimm] @ [antworten|beantworten|machen|
    nehmen|nutzen|verwenden|geben|schreiben|haben|lösen|übernehmen|kommen]
(mit|von|über|bei) @ <once>
<once> (soll|sollte|kann|darf) [von|mit] @ (antworten|beantworten|machen|übernehmen|geben|kommen|
    schreiben|liefern|ran)
<once> (von|mit|durch) @ (beantworten lassen|antworten lassen|machen lassen|beantwortet|haben)
<switch> [<it>] <once> <to> @ [um|rüber]
<switch> [<it>] <to> @ [um] <once> [um]
[<it>] <once> <to> @ <switch>
[<it>] <to> @ <once> <switch>
(lass|soll|sollte|kann|kannst|darf) [<once>] @ [<once>|das|darauf|hierauf|drauf|hier] [das|darauf]
    (antworten|beantworten|machen|übernehmen|lösen|ran|schreiben)
(lass|soll|sollte|kann|darf) [(das|dies|diese|darauf)] [hier] @ (beantworten|antworten|machen|
    lösen|übernehmen|schreiben)
@ (soll|sollte|kann|darf) [<once>|das|darauf|hierauf|dies] [(hier|das)] (antworten|beantworten|
    machen|übernehmen|lösen|schreiben)
@ <once> [antworten lassen|fragen|nehmen|nutzen|benutzen|verwenden]
(frag|frage|befrag|befrage|fragen) [<once>] @ [<once>|dazu|danach|das|hierzu]
(beantworte|beantwort|mach|löse|lös|erledige) (das|dies|<once>) [hier] (mit|über|durch|von) @
(antworte|antwort) <once> (mit|über|von) @
(antworte|antwort) (mit|über|von) @ <once>
[ich (will|möchte|hätte|brauche|wünsche mir)] [(eine|die nächste|diese|ne|die)] [einzige] antwort
    (von|mit|durch) @ [haben|bekommen]
(gib|hol|hole) [mir] (eine|die nächste|diese|ne) [einzige] antwort (von|mit) @
(was sagt|was meint|was denkt) @@ [dazu|darüber]
<once> hätte ich von @
<once> (will|möchte|hätte) ich (von|mit) @ [haben]
(ich will|ich möchte|ich hätte) <once> (von|mit) @ [haben]
""",
    "this": """
<use> (dafür|hierfür|dazu|hierzu|für das|für dies|für das hier|für das folgende|für folgendes|für
    diese|für die) @
<use> @ (dafür|hierfür|dazu|hierzu|für das|für dies|für das hier|für das folgende|für folgendes|
    für dieses|hier|für sowas|bei dem|damit)
(dafür|hierfür|dazu|hierzu|für das|für das hier|für dies) [<use>|bitte] @ [<use>]
@ (dafür|hierfür|dazu|hierzu|für das|für dies|für das hier) [<use>]
(mach|lass|führ|führe|erledige) (das|dies|es) [hier] (mit|auf|über) @ [laufen|aus]
das (mit|auf|über) @ (machen|erledigen)
""",
    "use": """
<use> [wir] @
@ <use>
mit @@
""",
    "back": """
(geh|gehe|gehen|wechsel|wechsle|schalt|schalte|schalten|wechseln|kehr|kehre|switch|switche|spring|
    springe|stell|stelle|mach|kehren|tausch) [wir|nochmal|wieder|es|das|alles|das modell] zurück
    [wechseln|schalten|bitte]
(zurück|wieder zurück) (wechseln|schalten|gehen|stellen|kehren|switchen)
(zurückwechseln|zurückschalten|zurückswitchen)
[<switch>] [<it>] [wieder] [zurück] (zu|zum|zur|auf) [(das|dem|den)] (vorherigen|vorige|vorigen|
    letzten|alten|früheren|vorhergehenden|davor|ursprünglichen|anderen|ersten|vorherige|alte|
    letzte) (modell|model|ki|llm|modells|endpunkt) [zurück|wechseln|gehen|zurückwechseln|
    zurückkehren|um|schalten|zurückgehen|umschalten|zurückschalten|von vorhin|von eben|von vorher]
<switch> [<it>] [wieder] zurück (zu|zum|auf) [(das|dem|den)] (vorherigen|vorige|vorigen|letzten|
    alten|davor|ursprünglichen|früheren)
[<switch>] [<it>] [wieder] (zurück) (zu|zum|auf) [(das|dem)] [modell|model] (von (vorhin|vorher|
    eben|davor|zuvor|gerade eben)|davor|zuvor|vorher) [zurück]
(nimm|nutz|nutze|verwende|benutze|gib mir|ich will|ich möchte|hol|hätte|ich hätte|benutz|nehmen)
    [wir|mir] [wieder] (das|mein|zu dem) [(alte|vorherige|vorige|letzte|frühere|ursprüngliche)]
    (modell|model) [(von (vorhin|vorher|davor|eben)|davor|zuvor|vorher)] [wieder|zurück|haben]
(das|mein) (alte|vorherige|vorige|letzte) (modell|model) [wieder|zurück|bitte|nehmen]
(mach|mache) (den|die) [letzten|letzte] (wechsel|modellwechsel|umschaltung|umstellung)
    (rückgängig|wieder rückgängig)
(wechsel|modellwechsel|umschaltung) (rückgängig machen|rückgängig|zurücknehmen|widerrufen)
(nimm|nehme) (den|die) (wechsel|modellwechsel|umstellung) zurück
(zurück|geh zurück|wechsel zurück|schalt zurück|wechsle zurück|wieder|zurück wechseln) zu (dem|dem
    was|dem modell das|dem das|der ki die) (vorher|davor|vorhin|zuvor|eben) [war|geantwortet hat|
    lief|dran war|da war|aktiv war|hier war]
wieder wie (vorher|vorhin|zuvor)
[(stell|stelle|schalt|schalte|mach|wechsel|geh)] [es|alles|das|das modell] [wieder] (so wie|wie|
    auf) (vorher|vorhin|es war|es vorher war) [zurück|um]
[wieder] [das|zum] modell von (vorhin|vorher|eben|davor) [wieder]
(bring|bringe) mich zurück [zum (alten|vorherigen|letzten) modell]
(geh|gehe|wechsel|wechsle) einen [schritt] zurück
(zurück zum vorherigen|zurück zum alten|zurück zum vorigen)
wieder zurück
""",
    "which": """
<which> <things> (ist|bist|wird|läuft|antwortet|spricht|redet|benutzt|nutzt|verwendest|nutze|
    verwende|benutze|antwortest|ists|hab|habe|haben|nutzen|arbeitet|rennt|beantwortet|steckt|
    verwenden) [das|du|ich|wir|es|mir|hier|dies|man|mit mir] [<moment>] [<moment>|aktiv|an|dran|
    ausgewählt|benutzt|genutzt|verwendet|eingestellt|im einsatz|mir|dahinter|in benutzung|gewählt|
    am antworten|in verwendung|da|das hier|meine fragen|aktiviert]
(mit|bei|auf) (welchem|welcher|wem|was für einem|was) [<things>|version] (spreche|rede|chatte|
    arbeite|red|sprech|bin|schreibe|läufst|reden|sprechen|habe|schreib|hab|unterhalte|läuft) [ich|
    du|wir|das|es|ich mich] [<moment>] [<moment>|verbunden|zu tun]
(welche|was für eine) (ki|version) (ist|bist|antwortet|läuft) [das|du] [<moment>|hier|mir]
(wer|welches|was|welcher) (antwortet|spricht|redet|ist da|ist dran|ist am werk|läuft|schreibt|
    beantwortet) [da|mir|hier|mit mir|hier mit mir] [<moment>] [dran|am apparat|mir|mit mir]
(welches|was für ein) (ist|wäre) (das|aktiv|das aktuelle modell|das modell|dran) [<moment>|hier]
(was|wie heißt|welches|nenn|nenne|nenn mir|zeig|zeige|zeig mir|wie lautet|sag mir) [ist] (das|
    dein|mein) [aktuelle|aktive|gerade aktive|momentane|derzeitige|jetzige|laufende] (modell|
    model|llm|ki modell) [hier|das antwortet|gerade|das du nutzt]
(aktuelles|aktives|welches) (modell|model)
(bist du|ist das|antwortet|läuft|bin ich|sind wir|rede ich|spreche ich|chatte ich|ist|benutze ich|
    nutze ich) [<moment>] [hier] [immer noch|noch|jetzt noch|wirklich] [<moment>] [bei|mit|auf|mit
    dem] @ [<moment>] [<moment>|aktiv|dran|da|an|oder nicht]
(welcher|welchen) (endpunkt|endpoint|anbieter) [(ist|antwortet|nutze|läuft|nutzen|benutze|
    verwende)] [das|ich|wir|hier] [<moment>] [aktiv|dran]
<which> (bist du|ist das|antwortet) [<moment>]
mit wem (hab|habe) ich [<moment>] (zu tun|das vergnügen|es zu tun)
was bist du [<moment>] (für ein modell|für eine ki)
was (ist|bist) (das|du) [hier] [<moment>] für (ein modell|eine ki|ein model|ein llm|n modell|ne
    ki)
was für (ein|n) (modell|model|llm) (bist du|ist das|läuft|antwortet|nutzt du|nutze ich) [hier]
    [<moment>]
(auf|über) (welchem|welches) (modell|model|endpunkt) (läuft|laufen|läufst|geht) (das|wir|du|der
    chat|dieses gespräch|dieser chat) [hier] [<moment>]
""",
    "list": """
(liste|list|zeig|zeige|zeigt|nenn|nenne|gib|auflisten|anzeigen|zähl|sag|zeigen) [mir|uns] [alle|
    die|meine|eine liste der|eine liste aller|die liste der|ne liste der|eine übersicht der|deine|
    aller|unsere] [verfügbaren|möglichen|vorhandenen|konfigurierten|eingerichteten|anderen|
    verfügbare|alle|verschiedenen] (modelle|llms|modellliste|kis|sprachmodelle|modellen) [auf|an|
    die es gibt|die ich nutzen kann|die ich habe|die du hast|die verfügbar sind|zur auswahl|die
    zur verfügung stehen|zwischen denen ich wählen kann|die ich benutzen kann|die da sind]
[alle|die] [verfügbaren|verfügbare] modelle (auflisten|anzeigen|zeigen|auf|listen|nennen|an)
(welche|was für|was für andere|was gibt es für|was gibts für|was haben wir für|was hast du für|was
    habe ich für|was hab ich für|wie viele|wieviele) [anderen|andere|weiteren|alle|verfügbaren|
    sonstigen|ki|lokalen] (modelle|llms|kis|sprachmodelle|ki modelle|models|modele) [(gibt es|
    gibts|sind|habe|hab|haben|kann|könnte|stehen|hast|kennst|können|existieren|laufen|bietest|
    darf|geht|gehen)] [ich|du|wir|alle|es|man|hier] [alles|noch|alle|hier|so|denn] [da|verfügbar|
    nutzen|benutzen|verwenden|wechseln|wählen|nehmen|zur auswahl|zur verfügung|möglich|auswählen|
    konfiguriert|eingerichtet|bereit|ansprechen|hier|an|sonst noch]
(was|welche|wen) (kann|könnte) ich (alles|noch) (nehmen|verwenden|auswählen) [an modellen]
(zu|zwischen|unter|auf|aus) (welchen|welche|was für) [anderen] (modellen|modelle|kis|llms) kann
    ich [hier|alles|noch|denn] (wechseln|wählen|auswählen|umschalten)
(verfügbare|alle|meine|mögliche) modelle
(modellliste|liste der modelle|modelle auflisten|modell liste|modelle anzeigen|modellübersicht|
    liste aller modelle)
(welche|was für) (modelle|llms)
(zu|auf) (wem|was) kann ich [alles|noch|sonst] (wechseln|umschalten)
(gibt es|gibts|hast du|haben wir|habe ich|kennst du) [hier] [noch|auch] (andere|weitere|noch
    andere) modelle
(was gibt es|was gibts|was steht|was haben wir|was hast du|was ist) [alles|da|denn|hier|noch|so]
    [(an|für)] modellen [zur auswahl|zur verfügung|im angebot|da]
(was|welche|welches) (steht|stehen|ist|sind) [an|für] [modellen|modelle] [alles] (zur auswahl|zur
    verfügung)
(welche|was für) (endpunkte|endpoints|anbieter) (kann ich (nutzen|verwenden|wählen|benutzen)|habe
    ich zur auswahl)
""",
    "advice": """
(welches|welche|welchen|welcher|was|wen|welches von (denen|diesen|ihnen|den modellen)) [<things>|
    davon|endpunkt] [<moment>] <would> [<moment>] [mir|am besten|hier|denn] <for> [am besten]
    [<suggest>|am besten|geeignet|besser|vor|gut|das beste|die beste|das richtige|am besten
    geeignet|passend|ideal|am geeignetsten|die beste wahl|optimal|richtig] [<suggest>|wäre|ist|
    geeignet]
(welches|welche|was) [<things>|davon|endpunkt] (ist|wäre|antwortet|läuft|arbeitet|geht|wär|kostet)
    [hier] [das|die|der|am] [am] <kind> [<things>|wahl|antwort] [<for>] [geeignet]
(welches|welche|was|wer) (ist|wäre) (das|die|der|mein|dein|mir das) [am] <kind> [<things>|von
    allen|hier|wahl] [<for>]
(welches|welche) (<things>|davon) (sollte|soll|würdest|kann|würde|muss) (ich|du|man|wir)
    [<moment>] [am besten|mir|hier] [<suggest>]
(welches|welche) (<things>) (empfiehlst|nimmst|rätst|schlägst|würdest|empfehlen|nehmen|nutzt) (du|
    sie|wir) [mir|vor|uns] [empfehlen|vorschlagen|nehmen]
<for> (welches|welche|was) [<things>|davon] <would> [am besten|mir|hier] [<suggest>|am besten|das
    beste|geeignet|besser|vor]
(empfiehl|empfehle|rate|schlag|empfehl) [mir|uns] [(ein|eine|das|was|etwas)] [<kind>] (<things>)
    [<for>] [vor]
(empfiehl|empfehle|empfehl|schlag|rate) [mir] (eins|eines|was|etwas|ein modell|ein model) <for>
    [vor]
(was|welches|wen) (empfiehlst|rätst|nimmst|würdest|schlägst|empfehlen) (du|sie) [mir] [<for>]
    [vor|empfehlen|nehmen|vorschlagen|als modell|für ein modell] <for>
was (empfiehlst|würdest) du [mir] <for> [empfehlen|nehmen|vorschlagen]
(ich brauche|gibt es|hast du|ich suche|gibts|ich will|haben wir) [(ein|was|etwas|das|eins)] <kind>
    (<things>) [<for>] [welches|was empfiehlst du|welches nehme ich]
(bestes|schnellstes|günstigstes|billigstes|stärkstes|das beste|das schnellste|das günstigste|das
    billigste|das klügste|das stärkste) (<things>) [<for>]
(welches|welche) (<things>) <for>
[(hast du|gibt es|hättest du)] [eine|deine|ne] (empfehlung|modellempfehlung|tipp) [welches modell|
    für ein modell|zum modell] <for>
(welches|wer|was) [<things>|davon] (kann|schafft|packt|verträgt|fasst|hat) [am meisten|das meiste|
    den längsten|den größten|am besten|mit] [<kind>|viel|lange|kontext|das größte|das längste|den
    größten|größten|längsten] [<task>|umgehen] [am besten]
(welches|wer|was) [<things>|davon] (antwortet|ist|läuft|arbeitet) am (schnellsten|günstigsten|
    besten|billigsten|klügsten|sichersten|langsamsten|privatesten)
(hilf mir bei der|was wäre die beste) (modellwahl|modellauswahl) [<for>]
""",
}
