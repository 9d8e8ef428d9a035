"""What can be said in German: tables for `grammar`."""

from __future__ import annotations

from typing import Final

from .grammar import Tongue
from .sentences_de import SENTENCES

GERMAN: Final = Tongue(
    code="de",
    fillers="""
bitte mal jetzt doch einfach ok okay hey hi hallo also so na danke dankeschön eben kurz äh ähm hm
hmm nun dann ja jo jap jup moin servus gerne gern sofort nur bloß auch understudy halt schon
vielleicht sorry tschuldigung alles klar gleich eigentlich ach oh komm los denn lieber eh erstmal
erst echt direkt wohl
""",
    polite="bitte danke",
    parts={
        "before": """
gut|schnell|(kannst|könntest|würdest|magst|willst|koenntest|wuerdest) (du|ihr)|(können|könnten|
    würden|wollen|sollten|lass uns|lasst uns|lass) (wir|sie|uns|mich)|lass [uns|mich]|ich (möchte|
    will|würde|hätte|mag|moechte|wuerde|haette|brauche|wünsche mir) [(dass|das)] [(du|wir)]|ich
    möchte dass|könnt ihr|kann ich|könnte ich|darf ich|kann man|können sie|könnten sie|würden sie|
    sag mir|sage mir|sag|zeig mir|weißt du|weisst du|ich will wissen|ich möchte wissen|mich würde
    interessieren|verrat mir|wir können|du kannst|ich würde|kannste|geh bitte|sei so gut und|sei
    so nett und|und|aber|wäre es möglich|ist es möglich|mach|kann ich dich bitten
""",
        "after": """
vielen dank|wenn (möglich|es geht|du kannst|das geht)|für mich|danke dir|wäre super|wäre gut|wäre
    nett|kannst du das|geht das|ist das möglich|oder|wieder|gerade|wenn du so nett bist|sei so
    gut|sei so nett|besten dank|dankend
""",
        "anyway": "trotzdem|dennoch|egal|auf jeden fall|auf alle fälle|unbedingt|so oder so",
        "articles": """
(das|den|die|der|dem|mein|meinen|meine|meinem|meiner|dein|deinem|ein|einen|einem|ne|n|unser|
    unserem|unseren|eines|dieses)
""",
        "nouns": """
(lokale|lokales|lokalen|kleine|kleinen|große|grossen|normale|normalen) (modell|model|ki|llm)|
    modell|model|modelle|ki|llm|version|variante|endpunkt|endpoint|instanz|sprachmodell|ai|
    anbieter|hier
""",
        "chat": "(chat|gespräch|unterhaltung|sitzung|session|konversation|dialog|thread|rest)",
        "always": """
(ab|von) (jetzt|sofort|hier|nun|heute|da) [an|ab]|von nun an|ab|ab hier|in zukunft|künftig|
    zukünftig|für den rest [(des|der|dieses|dieser|vom|von diesem|unseres) <chat>|des gesprächs|
    dieses gesprächs|des chats|dieser unterhaltung|der unterhaltung|der sitzung|der session|des
    tages]|für (dieses|das|diesen|den|diese|die) [ganze|ganzen|gesamte|gesamten] <chat>|für alles
    [weitere|andere|folgende]|dauerhaft|permanent|bis auf weiteres|bis ich was anderes sage|bis
    ich etwas anderes sage|weiterhin|für immer|fortan|im weiteren|im folgenden|(in|im) (diesem|
    dem) <chat>|immer|stattdessen|weiter|ab der nächsten nachricht|vorerst|fürs erste|bis auf
    widerruf|in dieser unterhaltung|in diesem gespräch|hier|für (diese|die) aufgabe|wieder|fürs
    weitere|für heute|an|den rest|im rest des gesprächs|für die ganze unterhaltung|ab dem nächsten
""",
        "once": """
für [genau] (diese|die|die nächste|die eine|eine|eine einzige|diese eine|meine nächste|dieses|das|
    das eine|das nächste|den nächsten|diesen) [nächste|eine] (antwort|frage|nachricht|anfrage|
    runde|aufgabe|eingabe|prompt|mal|schritt)|[genau] (diese|die nächste|die|eine|diese eine|die
    eine|meine nächste|deine nächste|diesen|den nächsten) [eine] (antwort|frage|nachricht|anfrage|
    runde|aufgabe|eingabe|prompt|mal|schritt)|dieses eine mal|dieses mal|diesmal|einmal|einmalig|
    ein einziges mal|ein mal|1 mal|das eine mal|ausnahmsweise|für dieses mal|für diesmal|für
    einmal|das nächste mal|für diese eine|für die nächste|bei (dieser|der nächsten) (antwort|
    frage|nachricht)|auf (diese|die nächste) (frage|nachricht)|(mit|in) (der nächsten|dieser)
    (antwort|nachricht)|für eine|die hier|das hier
""",
        "it": """
[mir|mich|uns|das|es|alles|diesen chat|das gespräch|dieses gespräch|die unterhaltung|den chat|
    diese unterhaltung|das modell|modell|die sitzung|diese sitzung]
""",
        "to": """
(zu|zum|zur|auf|nach|zurück zu|zurück zum|zurück auf|wieder zu|wieder auf|rüber zu|in|wieder zum|
    rüber auf|über auf|an|rüber zum|hin zu|über zu)
""",
        "switch": """
(wechsel|wechsle|wechsele|wechseln|wechselst|wechselt|umschalten|umsteigen|umstellen|
    rüberwechseln|umwechseln|schalten|springen|spring|springe|schwenk|gehen|geh|gehe|steig|switch|
    switche|switchen|switchst|stell|stelle|stellen|schalt|schalte|umzuschalten|zu wechseln|zu
    gehen|rüber|rübergehen|zurückwechseln|zurückgehen|zurückkehren|kehr|kehre|umswitchen|wexel|
    wechsl|wehcsel|tausch|tausche|hüpf|spring rüber|rüberschalten|umziehen|zieh|ändern|änder|
    ändere|setz|setze|setzen|überwechseln)
""",
        "use": """
(nimm|nehmen|nehme|nehm|nimmst|nutz|nutze|nutzen|benutz|benutze|benutzen|verwende|verwenden|
    verwendest|nutzt|benutzt|probier|probiere|probieren|nimmt|einsetzen|zu verwenden|zu nehmen|zu
    nutzen|zu benutzen|gebrauche|versuch|versuche|versuchen)
""",
        "works": """
(antworten|antwortet|antwortest|übernehmen|übernimmt|weitermachen|machen|reden|weiterreden|
    sprechen|arbeiten|weiterarbeiten|haben|beantworten|ran|dran|antworte|fortfahren|hätte|den rest
    machen|zu antworten|das sagen|alles beantworten|übernehme|mir antworten|mit mir reden|das
    machen|das übernehmen|meine fragen beantworten)
""",
        "which": """
(welches|welche|welcher|was für ein|was für eine|was fürn|welchen|welch|wlches)
""",
        "things": "(modell|model|ki|llm|sprachmodell|ki modell|ai|modelle|version|ki-modell)",
        "moment": """
(gerade|grade|aktuell|momentan|im moment|hier|da|zur zeit|derzeit|heute|im augenblick|in diesem
    (chat|gespräch)|gerad|grad|überhaupt|am werk|am start|eigentlich|nochmal)
""",
        "kind": """
(lange|langes|langen|langer|langem|längere|längeres|längeren|größere|großen|großes|große|großer|
    sehr lange|sehr langes|sehr langen|richtig lange|riesige|riesiges|riesigen|umfangreiche|
    schnell|schnelle|schnelles|schnellen|schnellste|schnellsten|schnellstes|schneller|flott|
    flotte|günstige|günstiges|günstigen|günstig|günstigste|günstigsten|billig|billige|billiges|
    billigste|billigsten|preiswert|preiswerteste|private|privates|privaten|privater|privat|
    privateste|vertrauliche|vertrauliches|vertraulichen|sensible|sensiblen|geheime|schwere|
    schweres|schweren|schwierige|schwieriges|schwierigen|komplexe|komplexes|komplexen|beste|
    besten|bestes|klügste|klügsten|stärkste|stärksten|schlauste|schlaueste|intelligenteste|
    fähigste|knifflige|kniffliges|kniffligen|sicherste|gute|gutes|guten|schwer|lang|
    anspruchsvolle|kurze|kurzes|kurzen|einfache|einfaches|kleine|leistungsfähigste|
    leistungsstärkste|klüger|besser|am besten|langsamste|persönliche|persönlichen|
    datenschutzfreundlichste|sparsamste|kostengünstigste|clever|cleverste)
""",
        "task": """
(aufgabe|aufgaben|sache|sachen|unterhaltung|gespräch|gespräche|chat|kontext|kontexte|dokument|
    dokumente|text|texte|antwort|antworten|frage|fragen|problem|probleme|datei|dateien|daten|
    arbeit|zeug|dinge|verlauf|sitzung|session|ding|dinger|konversation|thema|themen|code|inhalte|
    informationen|unterhaltungen|chats|geschichte|job|jobs|kontextfenster|brocken|angelegenheiten|
    zwecke)
""",
        "for": """
(für|bei|zum|mit) [(ein|eine|einen|einer|einem|so was|sowas|so ein|so eine|etwas|was|meine|mein|
    diese|dieses|diesen|das|die|richtig|sehr|ganz|solche|besonders|den|dem)] [sehr|richtig|ganz|
    besonders|wirklich] <kind> [<task>]|für (geschwindigkeit|tempo|datenschutz|qualität|wenig
    geld|privatsphäre|viel text|viel kontext|langen kontext|vertrauliches|privates|langes|
    schnelles|sensibles|großes|schwieriges|eine lange|ein langes|einen langen|etwas langes|was
    langes|etwas vertrauliches|etwas privates|was privates|was vertrauliches|etwas schnelles|was
    schnelles|sowas langes|schwieriges|komplexes|sparen)|wenn es (schnell|privat|billig|günstig|
    lang|länger|vertraulich|schwierig|komplex) (gehen|sein|bleiben|wird) [soll|muss]|wenn es
    (schnell|privat|billig|günstig|vertraulich) (soll|muss|ist)|wenn es um (geschwindigkeit|
    datenschutz|tempo|kosten|qualität|privates|vertrauliches|lange texte) geht|wenns (schnell|
    privat|billig|günstig|lang|vertraulich) (gehen|sein|bleiben|wird) [soll|muss]|wenn ich
    (sparen|geld sparen) will|um (geld|kosten) zu sparen|für (das|dieses|diese|die) [(hier|
    aufgabe|gespräch|frage|unterhaltung|sache)]|hierfür|dafür|für (diesen|den) chat|für mich|für
    den datenschutz|am wenigsten kostet|in sachen (geschwindigkeit|datenschutz|preis|kosten|
    qualität)|damit es (privat|schnell|günstig|billig) bleibt
""",
        "suggest": """
(nehmen|empfehlen|nutzen|benutzen|verwenden|vorschlagen|wählen|nimmst|empfiehlst|raten|zu raten|
    einsetzen|schlägst|rätst|nehme|nutze|benutze|verwende|nutzt|bevorzugen|empfehlst|nimmt)
""",
        "would": """
(würdest|wuerdest|sollte|soll|sollten|würde|kannst|solltest|würden|könntest|kann) (du|ich|wir|man|
    ihr|sie)|(nimmst|empfiehlst|nutzt|verwendest|benutzt|rätst|schlägst|empfehlst|nehme|nehm|
    nutze|verwende|benutze|nehmen|nutzen) (du|ich|man|wir) [vor|mir]|(empfehlen|nehmen) sie|nimmt
    man|wäre|ist|eignet sich|passt|wär|taugt|hilft|funktioniert|läuft|geht|schafft|packt|kann|
    reicht
""",
    },
    sentences=SENTENCES,
    needs={
        "models": "modell model ki llm endpunkt endpoint anbieter sprachmodell",
        "which": "antwort sprech sprich red chatt läuf wer wem",
        "list": "wechsel umschalt",
        "advise": "würd wuerd soll empf rat rät schlag nimm nehm nutz verwend benutz",
        "advice": """
welch was wer wen empf rat rät schlag best schnellst günstigst billigst stärkst klügst brauch
suche gibt
""",
    },
    goals={
        "long": "lang läng lange groß grosse größ ries umfang viel kontext",
        "fast": "schnell flott geschwind tempo",
        "cheap": "günstig billig preis kost geld spar",
        "private": "priva vertrau sensib geheim datenschutz sicher persön",
        "good": """
best klüg stärk schlau intellig fähig schwer schwier komplex kniff qualit leistung anspruch clever
besser
""",
    },
    picks=(
        "[(das|die|den|der)] letzte [modell]|[(das|die|den|der)] letzten",
        """
[(das|die|den|der|nummer|option|nr|nimm|punkt)] (1|eins|erste|ersten|erstes|1 te) [modell]
""",
        """
[(das|die|den|der|nummer|option|nr|nimm|punkt)] (2|zwei|zwo|zweite|zweiten|zweites) [modell]
""",
        """
[(das|die|den|der|nummer|option|nr|nimm|punkt)] (3|drei|dritte|dritten|drittes) [modell]
""",
        """
[(das|die|den|der|nummer|option|nr|nimm|punkt)] (4|vier|vierte|vierten|viertes) [modell]
""",
        """
[(das|die|den|der|nummer|option|nr|nimm|punkt)] (5|fünf|fünfte|fünften|fünftes) [modell]
""",
        "[(das|die|den|der|nummer|option|nr|nimm|punkt)] (6|sechs|sechste|sechsten) [modell]",
        "[(das|die|den|der|nummer|option|nr|nimm|punkt)] (7|sieben|siebte|siebten) [modell]",
        "[(das|die|den|der|nummer|option|nr|nimm|punkt)] (8|acht|achte|achten) [modell]",
        "[(das|die|den|der|nummer|option|nr|nimm|punkt)] (9|neun|neunte|neunten) [modell]",
    ),
    yes="mach das|mach es|tu es|tu das|genau|richtig|los|wechseln|wechsle|wechsel|das da",
    no="""
nein|nö|nee|ne|keins|keines|keins davon|keines davon|lass es|lass gut sein|vergiss es|abbrechen|
    stopp|stop|doch nicht|egal|nein danke|bleib so|lass es so|nichts|keine|keine davon|weder noch|
    lassen wir es|lassen wirs
""",
    assents="ja jo jap jup ok okay gerne gern",
)
