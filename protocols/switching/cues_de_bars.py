"""What tells work from commands in German: how statements, questions and negations are put.

All marks are off (see `normal`): what bars "war" bars "wär" too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Bar

PARTS: Final[Mapping[str, str]] = {
    "third": """
nimmt|nutzt|benutzt|verwendet|wechselt|antwortet|redet|spricht|arbeitet|schreibt|läuft|kommt|bleibt
hilft|passt|steht|kostet|braucht|will|mag|muss|hat|ist|is|war|wird|versteht|kennt|fragt|zeigt|gibt
reicht|genügt|funktioniert|klappt|kann
""",
    "subject": """
er|sie|man|jeder|alles|nichts|es|das
(das|die|der|mein|meine|dein|deine|unser|unsere|ein|eine|diese|dieses) [ganze|letzte] (modell
    |antwort|gespräch|frage|rechner|cloud|chat|unterhaltung|aufgabe|sache|text|problem|laptop|ki)
""",
    "call": """
ok|okay|also|so|na|hey|hi|hallo|moin|servus|grüezi|äh|ähm|öh|hm|hmm|ach|ja|nee|nein|nö|nun|bitte
jetzt|dann|und|aber|auch|doch|sag mal|sag|mal|kurz|entschuldigung|verzeihung|sorry|eigentlich|wait
guten (tag|morgen|abend)|hier|da|oft|immer|gern|gerne|lieber|meist|meistens|heute|schon|ey|digga
alter|bro|gut|noch|kurze frage|frage
""",
    "adjective": """
gut|guter|gutes|gute|guten|besser|bessere|besseres|schlecht|schlechter|schlechte|schlimm|schwach
langsam|langsamer|lahm|schnell|schneller|flott|flotter|teuer|teurer|teure|teures|billig|billiger
günstig|günstiger|kostenlos|gratis|dumm|dümmer|doof|blöd|klug|klüger|schlau|schlauer|stark|stärker
mächtig|schwer|schwerer|schwierig|schwieriger|knifflig|kniffliger|heikel|heikler|komplex|kompliziert
komplizierter|ernst|leicht|leichter|einfach|einfacher|simpel|trivial|banal|lang|länger|lange|kurz
kürzer|groß|größer|klein|kleiner|viel|zu viel|wenig|privat|vertraulich|geheim|sensibel|persönlich
intern|intim|knapp|voll|leer|müde|fertig|langweilig|wichtig|unwichtig|dringend|zufrieden|unzufrieden
glücklich|begeistert|überzeugt|bereit|soweit|so weit|sicher|unsicher|richtig|falsch|egal|nötig
notwendig|sinnvoll|nützlich|nutzlos|unbrauchbar|brauchbar|ausreichend|genug|anstrengend|nervig|lost
mies|grottig|furchtbar|schrecklich|super|toll|prima|perfekt|okay|ok|nett|lieb|schön|offline|online
down|kaputt|überlastet|ungenau|genauer|gründlich|gründlicher|zuverlässig|lästig|seltsam|komisch
verwirrt|überfordert|unnötig|übertrieben|overkill|zäh|träge|nichts für|höflich|unhöflich|geschwätzig
knapper|ausführlich|ausführlicher|trocken
""",
    "comparative": """
besser|schneller|langsamer|billiger|teurer|günstiger|einfacher|leichter|klüger|schlauer|stärker
schwächer|genauer|länger|kürzer|auch|schlechter|sicherer|gründlicher|zuverlässiger
zu (teuer|langsam|dumm|schwach|lang|viel)|genauso|ebenso
""",
    "best": """
beste|bessere|schnellste|richtige|falsche|gutes|billigste|günstigste|klügste|schlechteste|neueste
größte|kleinste
""",
    "be": "ist|sind|war|wird|werden|wirkt|scheint|klingt|bleibt|wäre|is|san|ists|bin|sei|waren",
    "thing": "das|es|dies|dieses|er|der|die|modell|ding|teil|sache|antwort|antworten|gespräch|s|is",
}
"""Parts of patterns, of the words too."""

BARRED: Final[Mapping[Bar, str]] = {
    "ever": """
<subject> [<call>] <third> [<call>] [besser|schneller] [mit|zu|bei|auf|von|über] @
(er|sie|man) macht|(mit|bei|von|auf|für|durch) @ (<third>|macht|geht) [<call>] <subject>
@ (<third>|macht) [<call>] <subject>
(er|man|ihr) [<call>] [<call>] (nimmt|nutzt|nehmt|benutzt|verwendet|wechselt|will|mag|bevorzugt)
du [<call>] (nimmst|nutzt|benutzt|verwendest|wechselst) [<call>] (immer|oft|ständig|dauernd|zu oft)
    [zu|auf|mit] @
sie (nehmen|nutzen|wechseln|verwenden|benutzen) (immer|oft|ständig|meist|meistens|alle)
(kann|könnte|könnten|können) [man|ich|wir] auch @|man (kann|könnte|sollte|muss)
(was|wie|wo|warum) (kann|macht|ist|war) @|kann @ (auch|besser|schon|noch|eigentlich)
@ (ist|is|war|bleibt) [<call>] (das|ein|mein|der|die) [<adjective>|<best>] modell
mach weiter wie [vorher|bisher]|(ist|wird|steht) im (code|programm|skript|repo|projekt)
(du|ich|wir) im code|was (ist|sind|is) (ein|eine) (modell|ki|llm|endpunkt)
(wird|war) (das|dein|mein) modell|(bin|sind|habe|haben|war|waren) [<call>] gestern
gestern [<call>] (zu|auf|mit|bei)|auch (testen|probieren|fragen)
das kann @ [<call>] (besser|auch|schneller)|bring mir @ bei|danke [<call>] [<call>] für (die|deine)
tu es @|ich überlege|magst du @|nach der (nächsten|letzten) [antwort]
(kann|soll|muss|darf|können|sollen) (das|ein|dein|die) (modell|modelle)|mein bestes|zum laufen
schick (das|den)|hier (nutzen|benutzen|verwenden) wir
""",
    "first": """
[<call>] [<call>] [<call>] (bin|bist|ist|is|sind|hat|hast|habt|läuft|laufe|laufen|läufst|antwortet
    |antwortest|rede|redest|redet|spreche|spricht|schreibe ich|schreibt|chatte ich|arbeite ich|haben
    wir|habe ich|hab ich|nutze ich|benutze ich|verwende ich|wer|was|wie|wann|wo|warum|wieso|weshalb
    |wozu|woher|wohin|womit|worauf|welches|welche|welchem|welchen|welcher|wem|wen|wenn|falls|ob|seit
    |sobald|bevor|nachdem|obwohl|sonst)
[<call>] [<call>] [<call>] [auf|mit|über|von|aus|bei|zu] (welches|welche|welchem|welchen|welcher
    |wem)
[<call>] [<call>] (kann|können|darf|soll|wird|will|würde|muss|sollte|braucht|kostet|macht|kennt|geht
    |reicht|gibt|gibts) [das|die|der|den|dem|es|ich|man|mein|mir|wir|er] (@|modell)
[<call>] [<call>] (kann|soll|muss|sollte|braucht) (ich|man|er|es|das)
@ oder [doch|lieber|doch lieber|eher] @
""",
    "start": """
[<call>] [<call>] (wir|ich) [<call>] (habe|hab|haben) [<call>] [<call>] (@|das|den|die|mit|auf|nur
    |kein|keine)
[<call>] [<call>] [mit|von|bei|das|auf] @ [<call>] (wäre|wär|kann|würde|läuft|ist|war) [das|es|die
    |der|hier] [<call>] [<call>] <comparative>
[<call>] [<call>] (mit|von|bei|das) [mit|von] @ [<call>] (kommt|kam|dauert|klappt|ging|geht|hat
    |hatte|war|macht)
[<call>] [<call>] (das|dein|mein|unser|dieses|alle|die) [<call>] [alte|neue|letzte|andere|vorherige
    |erste|beste] (modell|modelle) [<call>] [(von|vom|aus) <then>|vom letzten mal|von gestern] (war
    |waren|ist|is|nimmt|antwortet|antworten|hat|haben|kann|können|wird|sind|macht|machen|soll
    |versteht|verstehen|läuft|wechselt|braucht|das|die)
[<call>] [<call>] (wir|ich) [<call>] (nehmen|nehme|nutze|nutzen|machen|mache|wechsle|wechseln
    |benutze) [<call>] (immer|oft|meist|meistens|ja|normalerweise|eigentlich|auch|sonst|nie|gern
    |gerne|ungern)
[<call>] [<call>] (wir|ich) [<call>] (hatten|hatte) (vorher|gestern|früher|ein|immer)
(wir|ich) [<call>] (nahmen|nahm|wollte|wollten|bin|sind|rede|reden|warte|warten|finde|finden|mag
    |mögen|frage mich)
[<call>] [<call>] war (das|dein|mein|die)
[<call>] [<call>] (nutzt|benutzt|verwendet|nehmt|mögt|habt|kennt|arbeitet|redet) ihr
[<call>] (danach|anschließend|hinterher|nachher|später)
[<call>] [<call>] (die|deine|diese|meine|seine|eine) [letzte|erste|nächste|alte] (antwort|frage
    |version|aufgabe) (war|ist|hat|kam|wird)
""",
    "within": """
(ein|nimm ein) (anderes|besseres|schnelleres|neues) modell|nichts (zu tun|mit|von) [@]
(schreib|schreibe|bau|baue|mach|mache|erstell|mal|entwirf) [ich] [mir] [<call>] (ein|einen|das|die)
    [<adjective>] modell
modell [wieder|noch|etwas|bitte|jetzt] (besser|kleiner|schneller|kürzer|größer|einfacher|genauer
    |länger)
(auf|an|zum) [den] anfang|schicke (ich|wir)|modelle gleich
(in|aus|zu) (der|einer|dem) (datei|tabelle|datenbank|liste)|modell so|auf fragen|@ (sein|heissen)
@ (kommt|bleibt|heißt|gibt)|(was|wie|ob|wann|wo) (das|ein|dieses|dein|mein) modell
aus (der|dem) [kiste]
@ [<call>] [<call>] (wenn|falls) (es|das|s|die|der) [<call>] [<call>] (schwer|schwierig|schwerer
    |komplex|länger|lang|teuer|ernst|wird|sein muss|nötig|[zu] <adjective>)
@ [<call>] [<call>] (wenn|falls) (der|die|den)
(wenn|falls) (der|die|den) [<call>] (prompt|text|kontext|frage|antwort|code)|(falls|wenn) nötig
@ nur wenn|(könnte|könnten|kann|können) [ich|man|wir] auch
(nächste|nächsten|nächstes|letzte|erste|zweite|andere|alte) @
(kommt|kam|stammt|stammte) [<call>] von|weil [<call>] (wir|ich|er|sie|man|@)
modelle (nutzen|benutzen|verwenden|nehmen|haben) wir
(ist|is|läuft|bleibt|geht|wird) (das|es|dies|alles) [<call>] @
@ (macht|kann|erledigt|schafft|übernimmt) (das|es|so|viel|gut)
(chef|kollege|kollegin|team|kunde|leute|er|man) [<call>] (will|wollen|sagt|meint|möchte|hat)
dass (wir|ich|man|er|sie|alle) [zu|auf|mit] @|so wie|lass (das|dein) modell
(morgen|später|nachher|demnächst|irgendwann|gestern|damals) [<call>] (nehmen|nutzen|wechseln|machen
    |probieren|wechsle|nehme|nutze|will|werde|können|muss|sollte|stellen|benutzen)
(immer|jedes mal|jedesmal) (wenn|mal wenn)|(wenn|falls|bis|sobald|seit|während) @|sobald|nachdem
warum|wieso|weshalb|niemals|nie|versus|vs|als @|als (das|die|der|den|dem)|wie @|über @|ob @
dass @ (ist|war|hat)|ohne @|ausser @|gegen @
(nicht|kein|keine|keinen|nie) [mehr|so|auf|zu|mit|das|den|die|der|von|gern|gerne|unbedingt|gleich
    |zum|zur] [das|den|die|der|dem] @
@ [<call>] [<call>] nicht|(brauche|brauch|will|möchte|mag|muss|soll|kann) [ich|wir] [<call>] nicht
nicht (wechseln|umschalten|umstellen|nehmen|nutzen|benutzen|verwenden)
(ich|wir|du|er|sie|ihr|man|leute|kollege|chef|andere) [<call>] [<call>] (nutze|nutzen|nutzt|benutze
    |benutzen|benutzt|verwende|verwenden|mag|finde|find|fand|liebe|kenne|kennt|habe|hab|haben|hat
    |wechselte|nahm|nahmen|bin|war|waren|arbeite|arbeiten|rede|redete|schreibe|frage|fragte)
    [<call>] [mit|auf|das|den|die|über|zu|oft|immer|gern] @
@ (sagt|sagte|meint|meinte|hat|hatte|war|wurde|konnte|schrieb|kostet|scheint|denkt|dachte|machte|gab
    |ging|kam|wollte|findet|verbraucht|braucht)
@ (ist|is|war|wird|bleibt) [<call>] [<call>] [nicht|so|zu|auch|am|der|die|das|ein] (<adjective>
    |beste|besten|schnellste|modell)
(in|für|auf|von) (der|die|das|den|dem|unser|unsere|mein|meine|unserem|meinem) (backend|endpoint
    |endpunkt|provider|engine|server|client|api|programm|skript|code)
was (ist|is|sind|heißt|bedeutet) (ein|eine|einem|das|die|der|modell) modell
(geht|läuft|funktioniert|reicht|passt|klappt) @|@ (geht|läuft|passt|klappt)
(hatte|hattest|hast|habe|hab|haben|hat|wurde|wurden|sind|bin) [<call>] [<call>] [<call>] [<call>]
    [zu|auf|mit] @ (gewechselt|umgeschaltet|umgestellt|genommen|genutzt|benutzt|gefragt|probiert
    |getestet|versucht)
(erstes|zweites|drittes|letztes|weiteres|noch ein|mehr) @|(dein|mein|unser) @ (modell|model)
nicht (auf|zu|mit|von|nach) (der|die|das|dem|den)
modelle (sind|waren|werden) (aktiv|besser|schneller|teurer|gut|teuer)
""",
}
