"""What can be said in French: tables for `grammar`."""

from __future__ import annotations

from typing import Final

from .grammar import Tongue
from .sentences_fr import SENTENCES

FRENCH: Final = Tongue(
    code="fr",
    fillers="""
stp svp please maintenant juste ok okay d'accord hey hé salut bonjour coucou alors ben bah merci
euh heu hum donc simplement seulement uniquement oui ouais allez understudy désolé sinon
finalement plutôt bien-sûr s'il-te-plaît s'il-vous-plaît tiens dis exceptionnellement rapidement
peut-être quand-même vraiment stp. aussi mec dac
""",
    polite="stp svp merci s'il-te-plaît s'il-vous-plaît",
    parts={
        "before": """
bon|vite|(peux|pourrais|veux|voudrais|tu peux|tu pourrais|pouvez|pourriez|vous pouvez|est ce que
    tu peux|est ce que tu pourrais|est ce que vous pouvez|est ce qu on peut|est ce que je peux|on
    peut|on pourrait|peut on|puis je|je peux) [tu|vous] [me|nous]|(je|j) (veux|voudrais|aimerais|
    souhaite|souhaiterais|ai besoin de|préfère|préférerais|préférerai|vais|aimerai) [bien] [que
    tu|que vous|qu on|que]|on va|dis moi|dites moi|montre moi|j aimerais savoir|je voudrais
    savoir|je veux savoir|tu sais|sais tu|rappelle moi|tu veux bien|veux tu bien|il faudrait|il
    faut|et|mais|merci de|ça te dérange de|serait il possible de|c est possible de|possible de|tu
    me|fais moi|est ce possible de
""",
        "after": """
merci beaucoup|si possible|si tu peux|si tu veux bien|pour moi|merci d avance|si c est possible|c
    est possible|ça marche|si ça te va|tu peux|de nouveau|s il vous plait|je te prie|je vous prie|
    au fait|exactement|déjà|si tu le peux|si vous le pouvez
""",
        "anyway": """
quand même|malgré tout|tout de même|quoi qu il en soit|de toute façon|tant pis
""",
        "articles": "(le|la|l|les|mon|ma|mes|un|une|ton|ta|notre|ce|cet|cette|celui|votre)",
        "nouns": """
(petit|grand|gros|bon) (modèle|model)|modèle|model|ia|llm|version|instance|modèle d|moteur|point d
    accès|endpoint|modele|modèle de langage|fournisseur
""",
        "chat": "(conversation|discussion|chat|session|fil|échange|dialogue|tchat)",
        "always": """
(à partir de|dès|des|a partir d) (maintenant|ici|là|présent)|à partir de|dorénavant|désormais|à l
    avenir|pour (le reste|la suite|la fin) [(de (la|cette|notre|ma) <chat>|du (chat|fil|projet|
    dialogue)|de l échange|de la journée)]|pour (cette|la|toute la|toute cette|ce|le|notre|tout
    le) <chat>|pour tout [le reste|ce qui suit|ça|cela]|en permanence|définitivement|jusqu à
    nouvel ordre|pour de bon|pour un moment|pour l instant|pour le moment|à la place|dans (cette|
    la|ce) <chat>|toujours|pour toujours|par la suite|dans la suite|ici|jusqu à ce que je dise
    (autre chose|le contraire)|à nouveau|de nouveau|pour cette tâche|pour aujourd hui|tout le
    temps|pour continuer|pour les prochaines (réponses|questions)|à compter de|dès à présent|de
    maintenant [en avant]|pour la tâche|par défaut
""",
        "once": """
(pour|à|dans|sur) [(cette|la|la prochaine|une|une seule|ma prochaine|ce|le prochain|un|un seul|le|
    ma|ta prochaine)] [seule|prochaine|seul|unique] (réponse|question|message|requête|demande|
    tour|fois|prompt|invite) [là|ci|suivante|suivant|seulement|uniquement|et c est tout]|(cette|la
    prochaine|une seule|ma prochaine|ce|le prochain|un seul|la|ta prochaine|rien que cette|rien
    que la prochaine|que cette|que la prochaine) [seule] (réponse|question|message|requête|
    demande|tour|fois|prompt|invite) [là|ci|suivante|suivant]|cette fois [ci|là]|une [seule] fois|
    pour une fois|pour cette fois [ci|là]|une fois|rien qu une fois|1 fois|pour celle ci|pour
    celle là|pour celui ci|celle ci|ponctuellement|la suivante|pour la suivante|la prochaine|pour
    la prochaine|rien que pour (cette|la prochaine) réponse
""",
        "go": """
(passe|passer|passez|passes|bascule|basculer|basculez|bascules|change|changer|changez|changes|
    switch|switche|switcher|switches|reviens|revenir|revenez|retourne|retourner|retournons|
    repasse|repasser|va|aller|vas|migre|migrer|saute|passons|basculons|rebascule|transfère|bouge|
    commute|commuter|reviens en|passé|tourne|transférer|revenons|repassons|bascul|chnage) [moi|
    nous|le|la|tout|ça|cette <chat>|la <chat>|le chat|de modèle|le modèle|modèle|de model] (sur|à|
    a|vers|au|en|pour|chez|avec|sous|aux|en mode|dans)|(continue|continuer|continuons|poursuis|
    poursuivre|reste|rester|reprends|reprendre|travaille|travailler|parle|reprenons|poursuivons|
    continuez|restons|on continue|on passe|on bascule|on reste|on reprend|on part|pars|partons|on
    travaille|on repasse|travaillons|on revient|tu passes|on switche) [cette <chat>|la <chat>|moi]
    (avec|sur|à|au|vers|en)|(mets|mettre|met|mettez) [moi|nous|le modèle|la <chat>] (sur|à|en|au)|
    (connecte|connecter|envoie|envoyer|dirige|diriger|redirige|branche|route|mettre en relation|
    bascule|transfère|branche|oriente) [moi|nous|tout|ça|les messages|mes messages|mes questions|
    mes requêtes|me] (à|vers|avec|au|sur|chez)|parler (à|avec)|(discuter|échanger|parle|
    travailler|bosser) avec|(donne|passe|redonne|rends) moi|remplace toi par|(mets|règle|
    configure|définis|change) le modèle (à|sur|pour|par|en)|cède la place à|laisse la place à|
    passe la main à|passer la main à|passez la main à
""",
        "use": """
(utilise|utiliser|utilisez|utilises|prends|prendre|prenez|emploie|employer|essaie|essayer|essaye|
    utilisons|sers toi de|sers toi d|te servir de|prenons|on utilise|on prend|choisis|essayons|
    recours à|faire appel à|fais appel à|utlise|tu utilises|te servir d|servez vous de|sers toi
    du|se servir de|utiliser le|utiliserai|utilisez le)
""",
        "works": """
(réponde|répondre|réponds|répond|prenne le relais|prend le relais|prendre le relais|prenne la
    suite|prend la suite|continue|continuer|s en charge|s en occupe|fasse le reste|travaille|fasse
    le travail|me réponde|me répondre|me répond|prenne la main|prendre la main|prend la main|s
    occupe de tout|s occupe de la suite|prendre la suite|faire le reste|prenne|gère|gérer|gère la
    suite|parle|réponde à mes questions|réponde à ma place|répondes)
""",
        "which": "(quel|quelle|quels|quelles|kel|lequel|laquelle|c est quel|c est quelle)",
        "things": """
(modèle|model|ia|llm|modèle d ia|modèle de langage|modele|version|moteur|modèles|modéle)
""",
        "moment": """
(en ce moment|actuellement|là|ici|maintenant|à l instant|aujourd hui|dans cette <chat>|pour le
    moment|pour l instant|présentement|exactement|au juste|en cours|la)
""",
        "talk": """
(me répond|répond|réponds|répondez|tourne|est actif|est active|est utilisé|est en cours|parle|me
    parle|est là|est derrière|est sélectionné|est choisi|est utilisé|est en train de répondre|
    travaille|est aux commandes|fonctionne|est en service|est en marche|j ai en face|est en
    fonction|tourne derrière|est en place|est chargé|est en train de me répondre|sert)
""",
        "kind": """
(long|longue|longs|longues|gros|grosse|grand|grande|énorme|très long|très longue|rapide|rapides|
    plus rapide|le plus rapide|vite|moins cher|moins chère|pas cher|pas chère|économique|plus
    économique|bon marché|privé|privée|privés|privées|confidentiel|confidentielle|confidentiels|
    confidentielles|sensible|sensibles|secret|secrète|personnel|personnelle|difficile|difficiles|
    complexe|complexes|dur|dure|compliqué|compliquée|meilleur|meilleure|plus intelligent|plus
    puissant|plus fort|plus performant|plus malin|plus capable|mieux|intelligent|puissant|
    performant|plus privé|plus confidentiel|plus sûr|volumineux|costaud|costaude|bon|bonne|simple|
    court|courte|plus doué|plus discret|plus longue|plus long|plus gros|plus grand|plus lent|
    pointu|plus intelligente|plus adapté|adapté|plus économe)
""",
        "task": """
(tâche|tâches|conversation|conversations|discussion|chat|contexte|document|documents|fichier|
    fichiers|texte|textes|réponse|réponses|question|questions|problème|problèmes|travail|truc|
    trucs|chose|choses|données|session|historique|échange|échanges|sujet|job|sujets|contenu|
    contextes|échange|boulot|analyse|fil|dossier|info|infos|chantier|morceau|raisonnement)
""",
        "for": """
(pour|avec|sur|en cas de) [(un|une|le|la|les|des|du|de|cette|ce|quelque chose de|ma|mon|mes|faire|
    traiter|qqch de|quelque chose d|avoir une|avoir un|de la|un truc|une réponse|d|gérer un|gérer
    une|gérer|des trucs|des choses)] <kind> [<task>]|(pour|avec|sur) [(un|une|le|la|les|des|du|de|
    cette|ce|ma|mon|mes|faire|traiter|de gros|de longs|de longues|de grandes|gérer un|gérer une)]
    [<kind>] <task> <kind>|pour (la vitesse|la rapidité|la confidentialité|la vie privée|la
    qualité|le prix|aller vite|économiser|garder ça privé|rester privé|un long contexte|beaucoup
    de texte|beaucoup de contexte|dépenser moins|payer moins|que ça reste privé|que ça reste
    confidentiel|le code privé|faire des économies|le privé|du long|économiser de l argent|du
    confidentiel|du privé|de la vitesse|de la confidentialité|ne pas trop dépenser)|si (c est|ça
    doit être|je veux que ce soit|ce doit être|ça devient|ça doit rester) [très|vraiment] <kind>|
    pour (ça|cela|ceci|cette tâche|cette question|cette <chat>|ce genre de tâche|ce travail|moi|le
    faire)|si je veux (aller vite|de la vitesse|que ça reste privé|économiser|de la qualité)|en
    (privé|termes de vitesse|termes de prix|toute confidentialité)|niveau (vitesse|prix|qualité|
    confidentialité)|quand (c est|ça doit être) <kind>|de façon (privée|confidentielle)|question
    (prix|vitesse)
""",
        "suggest": """
(utiliserais|recommandes|recommanderais|conseilles|conseillerais|prendrais|choisirais|suggères|
    utilises|prendre|utiliser|choisir|utilise|prends|recommandez|conseillez|proposes|préfères|
    proposerais|utiliseriez|recommanderiez|suggérerais|choisis|conseilleriez|préconises|
    préconiserais|prendriez|privilégier|privilégierais)
""",
        "who": """
[(tu|vous|je|on|nous|me|m|il faut|dois je|devrais je|est ce que tu|est ce que je|tu me|vous me|
    faut il|faudrait il|faut|faudrait|devrait on|je dois|peux tu me|pourrais tu me|dois|devrais|je
    devrais|on devrait|doit on|vaut il mieux|il vaut mieux)]
""",
    },
    sentences=SENTENCES,
    needs={
        "models": "model modèle ia llm endpoint fournisseur moteur",
        "which": "répond parl tourn discut qui quoi cause",
        "list": "passer bascul chang switch",
        "advise": "utilis recommand conseil suggèr prend choisi propos préconis",
        "advice": """
quel lequel laquelle que qui quoi recommand conseil suggèr meilleur propos cherche besoin faut
""",
    },
    goals={
        "long": "long gros grand enorme volumineu contexte beaucoup",
        "fast": "rapid vit",
        "cheap": "cher econom marche prix depens pay",
        "private": "priv confiden sensib secret person sur discret vie",
        "good": """
meilleur intellig puissant fort perform malin capable difficil complex dur compliq qualite mieux
costaud
""",
    },
    picks=(
        "[(le|la|l|option|numéro|choix)] (dernier|dernière)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (1|un|premier|première|1er|1 er|1 ere)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (2|deux|deuxième|second|seconde|2 eme|2 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (3|trois|troisième|3 eme|3 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (4|quatre|quatrième|4 eme|4 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (5|cinq|cinquième|5 eme|5 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (6|six|sixième|6 eme|6 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (7|sept|septième|7 eme|7 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (8|huit|huitième|8 eme|8 e)",
        "[(le|la|l|option|numéro|choix|n|prends le)] (9|neuf|neuvième|9 eme|9 e)",
    ),
    yes="vas y|fais le|c est ça|exactement|celui là|fais ça|va|change|celui ci",
    no="""
non|nan|aucun|aucune|aucun des deux|laisse tomber|oublie|annule|annuler|stop|rien|non merci|ni l
    un ni l autre|reste ici|reste|laisse comme ça|pas la peine|tant pis|ne change rien
""",
    assents="oui ouais ok okay d'accord",
)
