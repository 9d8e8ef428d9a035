"""What commands are made of in French: tables for `cues`."""

from __future__ import annotations

from typing import Final

from .cues import Cues
from .cues_fr_bars import BARRED, PARTS
from .cues_fr_words import WORDS

FRENCH: Final = Cues(
    "fr",
    {
        **PARTS,
        "adv": "[<adverb>] [<adverb>]",
        "adverb": """
là|maintenant|en ce moment|actuellement|encore|toujours|vraiment|ici|donc|déjà|bien|exactement
au juste|du coup|à l instant|présentement|en fait|pour l instant|aujourd hui|plutôt|le plus
normalement
""",
        "the": """
le|la|les|l|un|une|des|mon|ma|mes|ton|ta|tes|son|notre|nos|vos|votre|ce|cet|cette|ces|celui|de|du
au|aux|tous les|toutes les|tous mes|tous tes|d autres|quelques
""",
        "one": """
modèle|model|llm|ia|point d accès|endpoint|fournisseur|moteur|modèle de langage|modèle d ia
""",
        "many": "modèles|models|llms|llm|ia|ias|modèles de langage|modèles d ia",
        "chat": "conversation|discussion|chat|session|fil|échange|dialogue|tchat",
        "turn": "réponse|question|fois|message|requête|demande|prompt|tour|coup",
        "old": """
précédent|précédente|ancien|dernier|d avant|d origine|initial|habituel|premier|autre|d hier
""",
        "then": """
avant|tout à l heure|auparavant|précédemment|juste avant|au début|plus tôt|il y a un instant
""",
        "je": "je|j|on|tu|nous|vous|t",
        "ran": """
[m] (avais|avait|utilisais|utilisait|avions|utilisions|répondait|répondais|étais|était|ai utilisé
    |a utilisé|parlais|tournait|répondait avant|étions|a répondu) [<then>] [avec]
""",
        "clitic": "moi|nous|toi|le|la|vous|les|y",
        "use": """
utiliser|prendre|choisir|conseiller|recommander|utiliserais|utiliserait|prendrais|choisirais
conseillerais|recommanderais|suggérer|me conseiller|me recommander|me suggérer|sélectionner
essayer|passer|basculer|changer|mettre|employer|préférer|parler|demander
""",
        "uses": """
conseilles|recommandes|proposes|suggères|prendrais|utiliserais|choisirais|conseillez|recommandez
prends|choisis|conseillerais|recommanderais|mettrais|préconises|suggérez|proposez
""",
        "better": """
meilleur|meilleure|meilleurs|mieux
plus (rapide|malin|intelligent|puissant|économique|cher|sûr|privé|adapté|costaud|fort|performant
    |long|gros|discret|fiable|capable|approprié|efficace|léger|grand|confidentiel|petit)
moins (cher|coûteux|lent)
""",
        "size": """
long|longue|longues|longs|gros|grosse|grand|grande|énorme|volumineux|rapide|rapides|pas cher
économique|privé|privée|confidentiel|confidentielle|sensible|sensibles|secret|personnel|perso
difficile|difficiles|complexe|complexes|compliqué|compliquée|dur|dure|simple|simples|court|courte
petit|petite|puissant|malin|intelligent|costaud
""",
        "work": """
tâche|tâches|conversation|conversations|discussion|truc|chose|question|questions|document
documents|fichier|fichiers|contexte|refacto|refactoring|refactorisation|code|coder|débogage|debug
revue de code|relecture|doc|documentation|docs|tests|traduction|résumé|résumés|résumer|rédiger
rédaction|écrire|traduire|analyse|recherche|planification|projet|session|problème|problèmes
travail|boulot|raisonnement|maths|données|texte|textes|réponse|réponses|bugs|bug|mails|sujet|job
échange|chat|base de code
""",
        "inward": """
sorte de chez moi|sorte de mon ordi|sorte de ma machine|sorte|sorte d ici|parte dans le cloud
quitte ma machine|reste privé|reste ici|reste local|reste confidentiel|reste sur ma machine
soit privé
""",
    },
    {
        "change": """
(on|tu) (passe|passes|bascule|bascules|change|changes|continue|reste|repasse|va|reviens|retourne
    |part) [<clitic>] [sur|à|en|vers|avec|au|par]
(passe|passez|passer|passes|passons|repasse|repasser|bascule|basculer|basculez|basculons|rebascule
    |change|changer|changez|changeons|switch|switche|switcher|saute|migre|bouge|va|aller|vas y
    |allons y|retourne|retourner|reviens|revenir|revient|reviens en|revenons|retour|on revient|on
    retourne|transfère|descends|monte) [<clitic>] [<the>] [<one>|<chat>|tout] [sur|à|en|vers|pour
    |chez|avec|au|dans]
(mets|met|mettez|mettre|remets|remettre) [<clitic>] (sur|en|à|avec|dans)|(rends|rendre|redonne)
(continue|continuer|continues|continuons|reste|rester|restons|poursuis|poursuivre|poursuivons
    |reprends|reprendre|enchaîne) [<clitic>] [la|cette|notre] [<chat>] [sur|avec|en|chez|par]
comme (modèle|modèle par défaut)|je voulais dire|(utilise|prends|mets) [le] ~|mode ~
""",
        "put": """
(utilise|utiliser|utilisez|utilises|utilisons|prends|prend|prendre|prenez|prenons|reprends|emploie
    |employer|mets|met|mettez|mettre|mettons|remets|remettre|essaie|essaye|essayer|essayons|tente
    |tenter|teste|tester|choisis|choisir|choisit|sélectionne|sélectionner|active|activer|lance
    |lancer|charge|demande|demander|demandez|sors|ramène|ramener) [<clitic>] [à|de|du]
(réponds|répond|réponde|répondre|répondez|répondent|réponds tu|répondra) [<clitic>] [à|avec|par|en]
ce soit
(laisse|laisser|laissez|passe|passer|donne|donner|file|filer|confie|confier|refile) [<clitic>] [la
    (main|parole)|faire|répondre|le relais|ça|le reste|tout] [à|par|avec]
(prenne|prend|prendre) (la main|la suite|le relais)
(fais|faire|fasse|fait|faites) [<clitic>] (ça|le|la suite|le reste|répondre) [avec|par|sur|en]|fais
continuer|continue|continuera
(sers toi|servez vous|me servir|se servir|te servir|fais appel|faire appel|recours|en (utilisant
    |passant)) [de|du|d|à|par]
traite|traiter|gère|gérer
(suffit|suffira|suffirait|ira|ira bien|va bien|fera l affaire|fait l affaire|conviendra|c est bon
    |ira très bien)
tourner|tourne|avec [le] @@|sur @@|(c est|ce sera) @@ qui|vas y [avec]|allons y [avec]|parler|parle
discuter|parlons|travailler|partons sur|part|à toi|au boulot
""",
        "wish": """
[<je>] (veux|voudrais|voudrait|aimerais|aimerait|préfère|préférerais|préférerait|souhaite
    |souhaiterais|voulons|veut|aurais besoin|ai besoin|ai envie|aurais préféré|veux bien|prends
    |prendrai|vais prendre|vais utiliser) [bien|mieux] [plutôt] [avoir|que ce soit|d|de|voir] [ce
    soit]
(donne|donnez|donner|file|passe|mets|met|apporte|rends) [moi|nous]|plutôt|mieux|faut|que|qu
pourquoi pas|ça te dit
(on|si on) (essaie|essaye|tente|teste|prend|utilise|met|fait|passe|peut|pourrait)
on (va|y va) [prendre|utiliser|passer]|allez|autant
""",
        "polite": """
stp|svp|merci|d avance|si tu (peux|veux|veux bien)|si vous (pouvez|voulez)|si ça ne te dérange pas
(tu|vous|on|t|je) (peux|peut|pourrais|pourrait|pouvez|pourriez|veux bien|voudrais bien|puis|saurais)
    [me|nous|pas] [stp]
(peux|pourrais|pourriez|pouvez|peut|pourrait|puis) (tu|vous|on|je)|gentil|sois gentil
""",
        "from": """
(à partir|à compter) (de|d|du) (maintenant|ici|là|présent|ce message|ce point|cette question|ce
    moment|aujourd hui|la prochaine question)
dès (maintenant|à présent|lors|la prochaine)|dorénavant|désormais|à l avenir|d ici
[pour|durant|pendant] [tout|toute] (le reste|la suite|la fin) [de|du|des] [la|cette|notre|ma|l|ce]
    [<chat>|journée|questions|échange]
[pour|dans|durant|pendant] [tout|toute] (cette|la|notre|le|ce|l) [<chat>] <chat>
jusqu à nouvel ordre|jusqu à (ce que je dise|la fin)
pour (toujours|de bon|le moment|l instant|aujourd hui|tout|la journée)|définitivement|toujours
tout le temps|en permanence|par défaut|pour toutes (mes|les) [prochaines] (questions|réponses)
toutes (les|mes) [prochaines] (réponses|questions)|plus que|uniquement désormais|pour un moment
la suite
""",
        "once": """
[juste|seulement|uniquement|rien que|mais] [pour|à|dans|sur|de|par|mais] [juste|seulement|uniquement
    |rien que] (cette|la prochaine|ma prochaine|ta prochaine|une seule|une|la|ce|le prochain|un seul
    |mon prochain|un|ce seul|cette seule|prochaine|la seule|l unique) [seule|unique|prochaine
    |dernière] <turn> [ci|là|suivante|seulement|uniquement]
(pour|juste|seulement|uniquement|rien que|que) [pour] (celle ci|celle là|celui ci|celui là|ce coup
    ci|cette fois ci|la suivante|le suivant|la prochaine|ce coup|une fois)
une seule fois|une fois|cette fois|ponctuellement|exceptionnellement|un coup|une question
une réponse (de|d|par)|(ça|ceci|cela) c est pour|la prochaine (seulement|uniquement)
(demande|demander|demandons|demandez|pose la question|consulte|interroge) [<clitic>] [un avis|son
    avis] [à]
(que|qu est ce que|qu en|ce que|comment) (dit|pense|dirait|penserait|en pense|en dit) [<the>]
qu en (pense|dit|dirait)|(un|le|l) [deuxième|second|autre] avis (de|d)
(un deuxième|un second|un autre|deuxième|second) avis
(et|puis) (ensuite|après) [on] [revient|reviens|comme avant|retour à la normale]|ensuite comme avant
puis retour|(réponds|répondre|réponde|répond) [y|moi] [à] (ça|ceci|cette <turn>|celle ci|celle là)
(laisse|fais|que) @ (faire|répondre à|répondre) (ça|ceci|celle ci|celle là)|pas pour toute la <chat>
pas plus|(fasse|réponde à|traite) (ça|ceci|celle ci)
""",
        "this": """
[pour|sur|avec|à] (ça|ceci|cela|ce qui suit|ce truc|cette tâche|ce cas)
(fais|fait|faire|traite) (ça|ceci) [avec|sur|en|par]
""",
        "now": """
maintenant|là|tout de suite|immédiatement|à la place|finalement|aujourd hui|en ce moment
pour l instant|actuellement|présent
""",
        "anyway": "quand même|malgré tout|tout de même|de toute façon|peu importe|coûte que coûte",
        "return": """
[on|tu] [peux] (reviens|revient|revenir|revenons|retourne|retourner|repasse|remets|retour) [stp] (en
    arrière|arrière|au précédent)
retour (en arrière|arrière)
(annule|annuler|annulez|défais|défaire) [le|la|ce|cette|mon] [dernier|dernière] (changement|bascule
    |switch) de <one>
(annule|annuler) (la|cette) bascule|(on|allez) (revient|retourne) [en arrière]|fais marche arrière
marche arrière|reviens (stp|maintenant|s il te plaît)
""",
        "before": """
[<the>] <old>|celui (<old>|de <then>|<then>)
(comme|ce que|celui que|celui qui|à celui que|à celui qui|celui qu|ce qu|au modèle que|qui|que)
    [<je>|c] <ran>
là où [<je>] <ran>|(à|au) (l ancien|précédent|d avant|celui d avant)|celui <then>
""",
        "gone": """
[<the>] (ancien|ancienne|précédent|dernier|premier|bon vieux|vieux) <one> [<old>] [(de|d) <then>]
    [(que|qui|qu) [<je>] <ran>]
[<the>] <one> (<old>|(de|d) <then>|(que|qui|qu) [<je>] <ran>)|l autre <one>
celui qui (répondait|me répondait|était là|parlait) [<then>]
celui (d avant|de tout à l heure|que j avais [<then>]|que j utilisais [<then>])
c était mieux avec [<the>] (ancien|autre|précédent) [<one>]
""",
        "ask": "au fait|est ce que|est ce qu|donne",
        "which": """
[à|avec|de|sur|par|chez|entre|c est|d] (quel|quelle|quels|quelles|lequel|laquelle|lesquels
    |lesquelles|quoi|auquel|duquel|qu est ce que|qu est ce qu|qu est ce qui|qu|desquels)
c est (quoi|quel)
""",
        "who": "[à|avec|c est|de] qui|qui est ce [qui]|qui c est|qui ça",
        "current": """
[quel est|donne moi|dis moi|c est quoi|affiche|nomme] [<the>] <one> (actuel|actif|en cours|courant
    |utilisé|sélectionné) [<adv>]
[quel est] [<the>] nom (du|de ton|de ce) <one>|comment s appelle [ce|ton|le] <one>
""",
        "model": """
[<the>] [petit|petite|grand|gros|bon] <one> [local|de|d|du|chez|des|intégré]
[<the>] <one> qui (tourne|marche|est|fonctionne) [sur|en]
""",
        "state": "(je|j|on|nous) (utilise|utilisons|suis|est)|tourne|ça tourne",
        "is": """
(est|c est|es|suis|sommes|t es|tu es|je suis|est ce|était|serait|ce sont) [<adv>] [ce|tu|toi|vous|ça
    |celui|qui] [<adv>]
est [<adv>] [actif|sélectionné|utilisé|en cours|activé|en service|choisi]
[tu|on] (as|a|ai|ais) [<adv>]|(actif|sélectionné|activé|en cours)|[on|tu] est|j ai|on a|est il
est ce que c est|(ça|cela) (tourne|vient|passe) [<adv>] [sur|de|par]
""",
        "self": """
(tu utilises|utilises tu|tu es|t es|es tu|vous êtes|êtes vous) [<adv>]
(je|on|tu|t|vous) (suis|es|est|êtes|parle|discute|tourne|travaille) [<adv>] [sur|avec|à|en|chez]
(es|suis|êtes) (tu|je|vous) [<adv>] [sur|avec]|c est (encore|toujours) [<adv>]
(on est|tu es|je suis) (passé|passés|bien|déjà) [sur|à|en]
""",
        "speaks": """
(me|nous|m) (répond|parle|répondent|écrit|répondait) [<adv>]
(répond|parle|répondez|génère|réponds|répondent|cause) [<adv>] [ici|là dessus|mes questions|à mes
    questions|à mes messages|derrière|à l instant]
(je|on|nous) [<adv>] (parle|discute|cause|parlons|échange|écris|chatte|travaille|bosse) [<adv>]
    [avec|à|sur]
(parlé|discute|cause|m adresse|utilise|ai affaire|ai à faire) je [<adv>]
(parle|discute|utilise|suis|cause|échange) (je|tu|on) [<adv>]
(tu|vous) [<adv>] (utilises|tournes|utilisez|es basé|fonctionnes|tournez|parles|réponds) [<adv>]
    [sur|avec]
(utilises|tournes|utilisez) tu [<adv>]
est [<adv>] (derrière|aux commandes|aux manettes|en train de (répondre|me répondre|parler)|à l œuvre
    |en service|utilisé|au bout du fil) [<adv>]
(vient|viennent|sort) (cette réponse|la réponse|les réponses|ça|la dernière réponse)
qui (répond|parle|est là|est derrière)|où (vont|partent) mes (messages|questions)
""",
        "spoke": """
[m] (a|as) [<adv>] (répondu|écrit ça|dit ça|généré ça|écrit) [<adv>] [ça|à l instant|la dernière|à
    ma dernière question]
""",
        "models": """
[<the>] [<the>] [autres|différents] <many> [disponibles|dispo|dispos|possibles|configurés|installés
    |existants|locaux|utilisables]
comme (<one>|<many>)|(points d accès|endpoints|fournisseurs) (disponibles|configurés|dispo)
""",
        "list": """
(il y a|y a|y a t il|a t on|sont|est) [<adv>] [il] [quoi] [disponibles|disponible|dispo|dispos
    |configurés|installés|possibles|proposés|au choix|utilisables|accessibles|branchés|en ligne|là]
(que|qu|dont|parmi lesquels|entre lesquels|entre quels) (je|on|tu|j|vous|nous) (peux|peut|ai|a|as
    |puis|pouvez|pourrais|pourrait) [me] [<use>|avoir|choisir|disposer] [sur|entre|à]
[est ce que] [<je>] (peux|peut|puis|puis je|peut on|peux tu|pourrais|pourrait|pourrais je) [<je>] [m
    |me] [<use>|parler à|avoir|choisir|servir|basculer]
disponibles|disponible|dispo|dispos|configurés|existent|existants|quoi
""",
        "choices": """
(vers|sur|à) (quoi|qui|lesquels) [est ce que] [<je>] (peux|puis|puis je|peut on|peut) [<je>]
    (basculer|passer|changer|parler)
entre (quoi|lesquels) [<je>] (peux|puis je|peut|peut on) [<je>] choisir
(quels|quelles) (autres|options)
(peux|puis|peut) [je|on] (basculer|passer|changer|switcher) [à la place]
""",
        "besides": "à part|hormis|en dehors de|sauf|excepté|outre|en plus de|autre que|autres que",
        "also": "et",
        "some": """
(un|une|l un|l une|n importe lequel|n importe) (de|d|des|du|quel|chez) [mes|tes|nos|chez|modèles]
un des|l un des|quelque chose (de|d|chez)|un truc (de|d)|un de chez
""",
        "suggest": """
(conseille|recommande|suggère|propose|conseillez|recommandez|suggérez|indique) [moi|nous] [un|une|le
    |quelque chose de] [bon]
(une|ta|as tu une|des|un) (recommandation|suggestion|recommandations|conseil|idée de) [de|pour|sur]
(aide|aidez) moi à choisir
""",
        "should": """
[que|est ce que] [<je>] [me|nous|m] <uses> [<je>] [moi]
(dois|devrais|devrait|faut|faudrait|vaut mieux|doit) [je|il|on] [<use>]|utilise
(serait|est) [le] (conseillé|recommandé)
""",
        "best": """
[est|serait|c est|sont|fonctionne|marche|va|convient|qui est] [<adv>] [le|la|les|lequel|l] <better>
    [pour|de|à]
(est|serait) [<adv>] [le] (bon|adapté|recommandé|conseillé|indiqué|bien|idéal|approprié) [pour|à]
(convient|irait|va|gère|tient|encaisse) [<adv>] [le] [<better>] [pour|à]|(bon|adapté|idéal) pour
""",
        "goal": """
[pour|avec|de] [<the>] [quelque chose de|quelque chose d|truc|un truc] [très|vraiment|bien|assez
    |plutôt|super] (<size>|<better>) [<work>] [<work>]
[pour] [<the>] <work> [très|vraiment|bien|assez] <size>|beaucoup de (texte|contexte)|économiser
""",
        "case": """
[si|pour que|et|quand] [je veux|il faut|j ai besoin] [que|qu] [rien|tout|ça|ce|il] [ne] <inward>
""",
        "task": """
[pour|à|de|sur|en|au] [faire|écrire|rédiger] [<the>] <work> [de|du|d] [<work>]
pour (ça|ceci|cela|faire ça)
""",
        "ours": """
[que] (tu as|j ai|on a|nous avons|vous avez)|de (mes|tes|nos) [modèles]|disponible
""",
        "either": "ou|ou bien|ou plutôt",
        "glue": """
juste|seulement|ok|okay|d accord|hey|hé|salut|bonjour|coucou|alors|ben|bah|euh|heu|hum|donc|oui
ouais|non|nan|allez|voilà|tiens|dis|oh|ah|eh|le|la|les|l|un|une|des|de|du|d|au|aux|à|sur|vers|avec
pour|par|chez|mon|ma|mes|ton|ta|tes|notre|nos|moi|toi|me|te|m|t|s|se|il|y|ce|c|ça|cela|cette|cet
celui|celui là|celui ci|celle|ci|ici|est|soit|qu|et|puis|encore|de nouveau|à nouveau|nouveau
instance|aussi|plutôt|simplement|vite|rapidement|un peu|un moment|peut être|vraiment|finalement
sinon|enfin|bref|désolé|pardon|mec|petit|petite|grand|gros|autre|même|machine|ordi|ordinateur|local
cloud|le cloud|c est (moins cher|trop cher|trop lent|privé|confidentiel|bon)|moins cher
trop (lent|cher|long|bête|compliqué)|ça (suffit|suffira|rame)|rien dans le cloud|hors ligne
pas d internet|conversation|discussion|question|réponse|ou pas|mode|toute|tout|allez y|genre|hein
merci|via
""",
    },
    WORDS,
    BARRED,
)
