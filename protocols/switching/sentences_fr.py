"""The sentences of French, by what they mean: tables for `grammar`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .grammar import Meaning

SENTENCES: Final[Mapping[Meaning, str]] = {
    "conversation": """
<go> @ [<always>] [<always>]
<always> <go> @ [<always>]
<always> [<use>|avec|on utilise|c est] @@
<always> <use> @
@@ <always>
<use> @ <always>
(reste|rester|restons|passe|passer|travaille|continue|réponds) @@ [<always>]
<use> <always> @
[<always>] (que|qu) [ce soit] @ [qui] <works> [<always>]
[<always>] (je (veux|voudrais|préfère|préférerais|souhaite|aimerais)|j aimerais|je préférerais)
    [bien] [(avoir|utiliser|parler à|que ce soit|parler avec)] @ [qui] [<works>] [<always>]
[<always>] c est @ qui <works> [<always>]
[<always>] c est @ qui (doit|va) <works>
[<always>] (laisse|fais|faites|laisser|faire|laissez) <works> @ [<always>]
[<always>] (laisse|fais|laisser|faire|laissez) @ <works> [<always>]
@ (doit|peut|devrait|va|pourrait) <works> [<always>]
(je veux|il me faut|j ai besoin de|j ai besoin d|je préfère|j aimerais|je voudrais|donne moi|file
    moi|mets moi|mets|mettez) [avoir] @ [<always>]
(active|activer|sélectionne|sélectionner|choisis|choisir|lance|charge|sélectionnez) @@ [<always>]
(réponds|répondre|répondez|répond) [moi] [<always>] (avec|via|en utilisant|depuis) @ [<always>]
<always> (réponds|répondre) [moi] (avec|via|en utilisant) @
(avec|sur) @ <always>
changement de modèle [pour|vers] @
(change|changer) (pour|vers|de modèle pour|de modèle vers|de modèle et prends|de modèle et
    utilise) @
(remets|remettre|remet|rends|redonne) [moi|nous] @ [<always>]
""",
    "answer": """
<use> @ <once>
<use> <once> @
<go> @ <once>
<once> [<use>|fais|donne|fais la|je veux|je la veux|on utilise|avec|on prend] [avec|par|de|sur|
    via|depuis|chez|d|à|c est|passe par|passe à|passe sur] @
[(donne|fais|écris|traite|réponds|répondre|faire)] <once> (avec|par|de|via|sur|d|en utilisant|en
    passant par|chez|à) @
(laisse|fais|faire|laisser) @ (répondre|traiter|faire) [(à (ça|cela|ceci|celle ci|cette question|
    la question|la prochaine question|ce message|cette)|ça|cela|<once>)]
(laisse|fais|faire|laisser) (répondre|traiter) @ [(à (ça|cela|ceci|celle ci|cette question|la
    question|la prochaine question|ce message)|<once>)]
(demande|demander|pose|poser) [ça|cela|la|la question|cette question|<once>] à @ [<once>]
(réponds|répondre|traite|fais|faire) [à] (ça|cela|ceci|celle ci|<once>) (avec|via|en utilisant) @
    [<once>]
(réponds|répondre) (avec|via) @ <once>
@ <once>
(une|la prochaine|cette) réponse (de|d|par|avec) @ [<once>]
[je (veux|voudrais)|j aimerais|donne moi] (une|la prochaine|cette|une seule) réponse (de|d|par|
    avec|venant de|faite par) @ [<once>]
(que|qu) @ (réponde|répond) (à (ça|cela|ceci|celle ci|cette question|ce message)|<once>)
(que|qu) <once> [soit|vienne] (de|par|avec|faite par) @
@ (doit|peut|devrait) (répondre|traiter) [à (ça|cela|ceci|celle ci|cette question)|<once>|ça]
[l] avis (de|d) @ <once>
(qu en|qu est ce qu en) (pense|dit) @@
avec @ <once>
""",
    "this": """
<use> @ (pour|sur) (ça|cela|ceci|ce qui suit|la suite|celà|ca|ce truc|ce travail)
(pour|sur) (ça|cela|ceci|ca) <use> @
@ pour (ça|cela|ceci|ca)
pour (ça|cela|ceci|ca) [<use>] @
(fais|exécute|lance|traite|faire) (ça|cela|ceci) (avec|sur|via) @
<go> @ pour (ça|cela|ceci|ca)
""",
    "use": """
<use> @
avec @@
""",
    "back": """
(reviens|revenir|revenez|retourne|retourner|revenons|retour|rebascule|repasse|va|aller|switche|
    bascule|on revient|tu reviens) (en arrière|arrière|comme avant|à avant)
(reviens|revenir|revenez|retourne|retourner|revenons|retour|rebascule|repasse|repasser|rebasculer|
    remets|remettre|redonne|bascule|change|passe|passer|on revient|on repasse|remet|revient|
    reprends|reprendre|rends|rebasculer) [moi|nous|sur|à|au|vers|avec|le|en] [au|le|sur le|l|à l|
    du|vers le|à la|la] [modèle|modele|model|ia] (précédent|d avant|précédente|ancien|ancienne|
    avant|antérieur|initial|d origine|original|qu on avait avant|d auparavant|qu on avait|qu on
    utilisait avant|qu on utilisait|que j avais avant|que j avais|que j utilisais avant|de tout à
    l heure|de départ|qui répondait avant|d il y a un instant|utilisé avant)
(reviens|revenir|retourne|retour|rebascule|repasse|remets|remettre|reprends|reprendre|passe|
    utilise|redonne|on revient|on reprend|on repasse) [moi|nous|à|au|sur|avec|vers] [l|le|au|à l|
    sur l|sur le] (ancien|précédent|autre|dernier|premier|vieux) (modèle|modele|model|ia|moteur)
(reviens|revenir|retourne|revenons|remets|remettre|on revient|repasse) [tout] (à|sur|comme|avec)
    (ce qu|ce que|celui|celui qu|celui d|celui que|c|c était) [on|j|il y] [avait|avais|utilisait|
    utilisais|était|avant] [avant|auparavant|au départ]
(annule|annuler|annulez) (le|ce|mon) [dernier] (changement|basculement|switch|passage) [de modèle|
    de model]
(remets|remettre|remet) [tout] (comme avant|comme c était|comme c était avant)
[reprends|remets|redonne moi|rends moi|je veux|je voudrais] [l|le|mon] (ancien modèle|modèle
    précédent|modèle d avant|précédent modèle)
retour (arrière|en arrière|au précédent|au modèle précédent|à l ancien|à celui d avant)
(reviens|retourne|revenir) (à celui d avant|au précédent|à l ancien|au précedent)
(fais|faire) (marche arrière|machine arrière)
(comme avant|en arrière)
""",
    "which": """
<which> <things> [(est ce|est|es tu|es|utilise|utilises|utilisons|utilisez|êtes|sommes|c est|tu
    es|suis|j utilise|tu utilises|on utilise|sers|utilise t|on a|j ai|as|a|vous êtes|est
    actuellement)] [que|qui|je|tu|vous|on|nous|ce|tu es|j|celui ci|ça|c est|t] [<moment>]
    [<moment>|utilise|utilises|utilisé|actif|active|là|actuel|en cours|sélectionné|parle|es|j ai
    en face|en train de répondre|qui me répond|qui répond]
<which> <things> (<talk>) [<moment>|à mes questions|à ma question]
<which> (est|c est) [<moment>] (le|ce|ton|mon|l|le nom du|cette) [actuel] (modèle|model|ia|llm|
    modele|moteur) [actuel|actif|utilisé|en cours|courant|ici|actuellement|actuellement utilisé|
    qui (répond|me répond|tourne)|que (j utilise|tu utilises|on utilise)] [<moment>]
(avec|à|sur|par) (quel|quelle|qui|quoi) [<things>] (je parle|est ce que je parle|je discute|suis
    je|ai je affaire|parle je|parles tu|tournes tu|on tourne|on est|tu tournes|j ai affaire|je
    cause|discute je|est ce que je discute|est ce que je cause|est ce qu on est|suis je en train
    de parler|est ce qu on parle|je suis|on parle|est on|je suis en train de parler|tu
    fonctionnes|sommes nous|je travaille|je suis connecté|es tu|je tchatte|je chatte|tournons
    nous|ça tourne|est ce que ça tourne) [<moment>]
(qui|qui est ce qui|qui c est qui|qu est ce qui) <talk> [<moment>|à mes questions]
(qui|quoi) (est là|est au bout du fil|est à l appareil) [<moment>]
(qui|quoi) es tu comme modèle
[(c est|donne moi|affiche|dis moi|montre moi|quel est|nomme)] (le|ton|mon|le nom du) modèle
    (actuel|actif|en cours|utilisé|courant|actuellement utilisé|en service) [<moment>]
(modèle|model) (actuel|actif|en cours|courant|utilisé)
(est ce|c est|est ce que c est|est ce bien|es tu|tu es|c est bien|est ce que tu es|est ce
    toujours|c est toujours|suis je sur|est ce que je suis sur|je parle à|je parle avec|est ce que
    je parle à|est ce que je parle avec|on est sur|on est toujours sur|je suis sur|je suis
    toujours sur|on est bien sur|sommes nous sur|parles tu avec|est ce qu on est sur|est ce
    encore|c est encore|on est encore sur) [toujours|bien|encore|avec] @ [<moment>] [qui (répond|
    me répond|parle|tourne)] [<moment>|ou pas]
tu es (quel|quelle|qui) [<things>|comme modèle] [<moment>]
tu es qui comme modèle
(on|je|tu|j) [est|suis|tournes|utilise|utilises|parle|es|discute|cause|tourne|parles] [<moment>]
    [sur|avec|à|en] (quel|quelle) <things> [<moment>]
(on est|je suis|tu es|je parle|on utilise|j utilise|tu utilises|tu tournes|je discute|ça tourne|on
    tourne) [<moment>] [avec|sur|à] (quel|quelle) <things> [<moment>]
c est (qui|quoi) [le modèle|comme modèle] [qui (répond|me répond|parle)] [<moment>]
(quel|quelle) (version|modèle) de (toi|quoi) [est ce|tu es]
(quel|quelle) (endpoint|point d accès|fournisseur) (<talk>|j utilise|est utilisé|est actif|utilise
    t on) [<moment>]
qu est ce (que j utilise|qu on utilise|que tu utilises) comme modèle [<moment>]
""",
    "list": """
(liste|lister|listez|affiche|afficher|affichez|montre|montrer|donne|donner|énumère|énumérer|voir|
    cite|citer|montrez|donnez|montrer) [moi|nous] [tous] [les|la liste des|la liste de tous les|
    une liste des|mes|tes|la liste de|la liste complète des|la liste|nos] [autres] (modèles|
    models|llms|ia|modeles|modèle) [disponibles|possibles|configurés|que j ai|que je peux
    utiliser|dispo|dispos|existants|que tu as|à disposition|accessibles|qu on a|utilisables|
    disponible|que tu connais|auxquels j ai accès|qui sont disponibles]
[(quels|quelles|quel)] (sont) [tous] [les|mes|tes] [autres] (modèles|models|ia|llms|modeles)
    [disponibles|possibles|que j ai|que je peux utiliser|configurés|dispo|à ma disposition|
    accessibles|existants|proposés|qu on a|à disposition]
(quels|quelles|quel|combien de|combien d|c est quoi les|c est quels) [autres] (modèles|models|ia|
    llms|modeles|modèle) [(sont|as|ai|puis|peux|y|existe|existent|a|avons|est ce|on a|j ai|je
    peux|tu as|il y a|peut|on peut|proposes|connais|disposes|avez|es|il existe|dispose|ai je|as
    tu)] [que|qu|tu|je|on|t|il|a|y a t il|vous|nous|disponibles|j|ils] [(j ai|ai|il y a|tu as|
    peux|je peux|on a|a|as|dispose|on peut|peut|t)] [on|je|il|tu] [utiliser|choisir|disponibles|
    dispo|dispos|accès|à disposition|à ma disposition|prendre|proposer|sélectionner|configurés|
    ici|possibles|disponible|existent|accessibles] [<moment>]
(quels|quelles) (modèles|models|ia|llms|modeles)
(à|sur|vers|entre) (quels|quelles|qui|quel) [autres] [modèles|ia|modèle] (puis je|je peux|est ce
    que je peux|peut on|on peut|peux tu|tu peux) (passer|basculer|changer|parler|choisir|switcher)
[la|une] (liste des modèles|liste de modèles|liste modèles|liste des modèles disponibles|liste des
    ia)
[les|mes] (modèles disponibles|modèles dispo|modèles possibles)
(il y a|y a|y a t il|tu as|as tu|on a|est ce qu il y a|j ai|est ce que tu as|existe t il) [(quoi|
    quels|d autres|quelles)] [comme] (modèles|modeles|ia|modèle) [disponibles|dispo|à disposition|
    possibles] [<moment>]
(qu est ce que|qu est ce qu|qu) (tu as|on a|j ai|il y a|as tu|y a t il|vous avez|t as) comme
    (modèles|modèle|ia|llm|modeles) [disponibles|dispo|à disposition|ici]
t as quoi comme (modèles|modèle|ia)
(entre|parmi) quels modèles (puis je choisir|je peux choisir|choisir|est ce que je peux choisir|ai
    je le choix)
(quels|quel) (endpoints|points d accès|fournisseurs) (puis je utiliser|je peux utiliser|ai je à
    disposition)
""",
    "advice": """
(lequel|laquelle|quel|quelle|qui) [<things>|endpoint|d entre eux|de ces modèles|des modèles] [est
    ce que] [<who>] [<suggest>] [tu|vous|je|on] [<suggest>|me conseilles|me recommandes] <for>
(lequel|laquelle|quel|quelle) (<things>) [est ce que] <who> <suggest> [tu|vous|je|on]
(lequel|laquelle|quel|quelle) [<things>] (me) (conseilles|recommandes|conseillerais|
    recommanderais|suggères|conseillez|recommandez) [tu|vous] [<for>]
(lequel|laquelle|quel|quelle) [<things>] (est|serait|c est|est ce|répond|marche|tourne|sera) [le|
    la|l|les] [(plus|mieux|meilleur|moins)] <kind> [<things>|choix|option] [<for>]
(lequel|laquelle|quel|quelle) [<things>] (est|serait|convient|conviendrait) [le|la] [mieux|plus|
    meilleur] [adapté|indiqué|approprié|adaptée|fait|recommandé|conseillé|choix|option] <for>
(quel|quelle|c est quoi|c est lequel|quel est) [est|serait] [le|la] <kind> [<things>|choix|option]
    [<for>|que j ai|disponible|ici]
(quel|quelle) (est|serait) le (modèle|model) le (plus|moins|mieux) [<kind>|cher|rapide|adapté|
    intelligent|puissant|privé|économique|performant|confidentiel|sûr|indiqué] [<for>]
(c est quoi|c est lequel|quel est|lequel est) le (modèle|model|plus) [le plus|le moins] (cher|
    rapide|adapté|intelligent|puissant|privé|économique|performant|confidentiel|sûr|malin|fort)
    [<for>]
le (modèle) le (plus|moins) (cher|rapide|adapté|intelligent|puissant|privé|économique|performant|
    confidentiel|sûr) [<for>]
(recommande|conseille|suggère|propose|recommander|conseiller|suggérer|recommandes|proposer|
    conseilles) [moi|me] [un|une|le|quelque chose|qqch] [<kind>] [<things>] <for>
(recommande|conseille|suggère|propose|recommander|conseiller|suggérer) [moi|me] (un|le) [<kind>]
    <things> [<kind>]
(que|qu est ce que|quoi) [tu|vous] [me] (recommandes|conseilles|suggères|prendrais|utiliserais|
    conseillerais|recommanderais|recommandez|conseillez) [tu|vous] [comme modèle] <for>
tu (me) (recommandes|conseilles|suggères|recommanderais|conseillerais) (quoi|lequel|quel modèle|
    quel) <for>
tu (me|m) (recommandes|conseilles|suggères|recommanderais|conseillerais) quel modèle [<for>]
tu (prendrais|utiliserais|choisirais|prends|utilises) (quoi|lequel|quel modèle|laquelle) <for>
<for> (lequel|laquelle|quel <things>|quoi|tu|je|que|quel est|quelle ia|on) [<who>] [<suggest>]
    [tu|vous|je|on|lequel|quoi|quel modèle] [le meilleur modèle|le meilleur|le mieux]
(j ai besoin|il me faut|je cherche|je veux|y a t il|tu as|je voudrais) [d] (un|quelque chose de)
    [modèle] <kind> [modèle] [<for>] [lequel|tu conseilles quoi|lequel prendre|que conseilles tu]
(meilleur|meilleure) <things> <for>
(quel|quelle) (<things>|endpoint) <for>
(lequel|laquelle|quel modèle|qui) (va|répond|est|tourne|coûte) (le plus|le moins|le) (vite|rapide|
    rapidement|cher|intelligent|mieux|puissant)
(lequel|quel <things>) [a|tient|gère|supporte|offre] [le] (mieux|plus|plus grand|plus long|la plus
    grande) [contexte|de contexte|fenêtre|longs contextes|les longs contextes|les longs documents]
""",
}
