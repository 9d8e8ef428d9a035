"""What tells work from commands in French: how statements, questions and negations are put.

All accents are off (see `normal`): what bars "a" bars "à" too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Bar

PARTS: Final[Mapping[str, str]] = {
    "only_third": """
prend|répond|écrit|vient|suffit|convient|coûte|veut|doit|peut|est|était|sera|comprend|connaît|fait
met
""",
    "third": """
va|<only_third>|utilise|passe|change|continue|reste|parle|travaille|aide|demande|montre|donne|garde
""",
    "they": """
il|elle|ils|elles|ça|ce|cela|tout|rien
(le|l|mon|ma|ton|ta|notre|un|une) (modèle|machine|cloud|ordi|ordinateur|ia)
""",
    "noun": """
(le|la|l|mon|ma|ton|ta|notre|un|une|ce|cette) (modèle|réponse|conversation|question|machine|cloud
    |chat|discussion|tâche|texte|problème|ordi|ordinateur|ia|sujet)
""",
    "call": """
ok|okay|alors|bon|ben|bah|eh|euh|heu|hum|hé|hey|salut|bonjour|bonsoir|coucou|allô|dis|dis moi|dites
dites moi|et|mais|donc|oui|non|ouais|nan|merci|stp|svp|s il te plaît|s il vous plaît|pardon|désolé
excuse moi|excusez moi|au fait|en fait|du coup|maintenant|là|sinon|voilà|tiens|ah|oh|attends|mec
frérot|wesh|petite question|question|juste|encore|toujours|bien|vraiment|ici|plutôt|actuellement
souvent|aussi|déjà|aujourd hui|surtout|beaucoup|tout le temps|parfois
""",
    "adjective": """
bon|bonne|bien|mieux|mauvais|mauvaise|nul|nulle|pourri|pourrie|faible|lent|lente|rapide|vite|cher
chère|chers|hors de prix|coûteux|ruineux|gratuit|gratuite|bête|con|débile|idiot|intelligent
intelligente|malin|futé|fort|forte|puissant|puissante|dur|dure|difficile|difficiles|complexe
complexes|compliqué|compliquée|compliqués|coriace|costaud|corsé|tordu|sérieux|sérieuse|facile
faciles|simple|simples|basique|banal|léger|légère|long|longue|longs|longues|court|courte|gros|grosse
grand|grande|petit|petite|petits|petites|privé|privée|privés|privées|confidentiel|confidentielle
confidentiels|confidentielles|sensible|sensibles|secret|personnel|personnelle|perso|intime|interne
urgent|pressé|pressée|fatigué|fatigant|ennuyeux|répétitif|important|importante|content|contente
satisfait|convaincu|prêt|prête|sûr|sûre|vrai|faux|égal|nécessaire|utile|inutile|suffisant|suffisante
assez|parfait|super|top|génial|gentil|cool|correct|ok|hors ligne|en ligne|planté|mort|fini|terminé
précis|fiable|sec|bavard|poli|bizarre|perdu|paumé|à la ramasse|overkill|exagéré|plate|tannant|large
lourd|pénible|chiant|relou|terrible|trop|abusé
""",
}
"""Parts of patterns, of the words too."""

BARRED: Final[Mapping[Bar, str]] = {
    "whole": "@ que es",
    "ever": """
(<they> [<call>] <third>|<noun> [<call>] <only_third>) [<call>] [mieux|bien|plus vite] [avec|à|sur
    |chez|de|d|en] @
(avec|chez|sur|pour|en) @ [<call>] (<they>|<noun>) [<call>] <third>
@ <third> [<call>] (<they>|<noun>)
(il|elle|ils|elles|chef|collègue|client) [<call>] [<call>] (préfère|préfèrent|passe|passent|veut
    |veulent|utilise|utilisent|prend|prennent|continue|continuent|demande|change|changent|aime|adore
    |connaît)
(tu|vous) [<call>] (utilises|utilisez|prends|prenez|passes|passez|mets|mettez) [à|sur|avec] [<call>]
    @ (pour tout|souvent|trop|partout)
(tu|vous|on|je) (utilises|utilisez|utilise|prends|prenez|prend|passes|passez|passe) (toujours
    |souvent|trop|surtout|rarement|tout le temps) [à|sur|avec] @
(peut|pourrait|pourrais|peux) [<call>] aussi (prendre|utiliser|passer|essayer)|aussi en @
(est ce que|que) @ (est|sait|peut|va|suffit|coûte|fait|vaut)|@ (sait|saurait)|@ tourne
@ est [<call>] (le|la|un|une|mon) (meilleur|mieux|modèle|plus|bon)
fais (tourner|ça|cela) [<call>] [ça] [<call>] en @
(rends|fais|rendre|faire) [<call>] (le|un|ce|ton|des|moi un) (modèle|modèles) (plus|moins)
(le|ce|ton|mon) modèle (est|va|était|sera|devient) (devenir|<adjective>|plus|moins|trop)
(teste|essaie|essaye|tester|essayer) aussi
(reviens|revenons|retourne|revenir) à (la|ma|ta|cette) (question|réponse|version|phrase|liste|tâche)
quel modèle a (mon|ton|son|le|la|notre)|(as|a) [tu] déjà (parlé|travaillé|entendu|essayé|utilisé)
(quoi|qu) un modèle|c est le bon modèle|(fais|faire|tourner|tourne) (ça|cela) [aussi] @
@ a (dit|fait|écrit|répondu|pris|été|demandé|voulu|choisi)|(mon|ton|son) meilleur modèle
de meilleurs|c est qui @|merci pour (la|ta|cette|les|tes)|(fais|rends) le [<call>] plus
@ est [<call>] <adjective>|ici on utilise|on utilise @ au|avait quel modèle
modèle (avait on|on avait)
""",
    "first": """
[<call>] [<call>] [<call>] (est ce (que c|que (je|tu|on|ça|vous) (parle|suis|es|discute|discutes|est
    |utilise|utilises|êtes|tourne)|qu on est|encore|toujours|bien|déjà|@)|c est [<call>] [<call>] @
    |es tu|suis je|sommes nous|êtes vous|tu es|t es|es|suis|sommes|êtes|pourquoi|comment|quand
    |combien|où|qui|que (fait|dit|vaut|peut|sait|pense|donne|coûte)|qu (est|as|a|en)|quel|quelle
    |quels|quelles|lequel|laquelle|lesquels|si|puisque|lorsque|depuis|parle je|discute je|tourne t
    |as tu|a t|ai je|avez vous|avons nous|était ce|sont|quoi|c est quoi|cest|c quoi|c est qui|kel
    |qel)
[<call>] [<call>] [<call>] [à|avec|de|sur|par] (quel|quelle|quels|lequel|qui|quoi|lesquels)
[<call>] [<call>] (on est|je suis|vous êtes|je parle|on parle|je discute) [<call>] [<call>] [bien]
    [sur|avec|chez] @
[<call>] [<call>] [est ce que] (@|le modèle|ce modèle|il|ça) (est|peut|sait|coûte|gère|fait|répond
    |va|marche|comprend)
@ ou [plutôt|bien|alors|sinon] @
""",
    "start": """
[<call>] [<call>] <noun> [<call>] <third>
[<call>] [<call>] (avec|chez|sur|pour) @ (ça|c|ce|cela|il|la réponse|les réponses|le résultat|tout
    |rien|on va|on a|on est)
[<call>] [<call>] (le|l|ce|mon|ton|un|notre) [ancien|dernier|premier|nouveau|autre|meilleur] modèle
    [d avant|précédent|actuel|(le|la) (plus|moins) <adjective>] (est|était|va|prend|que|répond|doit
    |peut|change|semble|qui|sera|comprend|ne|n)
[<call>] [<call>] (les|tous les|tes|ces|aucun des|mes) modèles (sont|ont|répondent|changent|vont
    |font|étaient|ne|n)
[<call>] [<call>] (la|ma|ta|cette|l|sa) [dernière|première|prochaine] (requête|réponse|question
    |version|tâche) (est|était|a|vient|va|sera)
[<call>] (après|ensuite|puis|plus tard|avant) [<call>] (c|on|ça|j|la|le)
[<call>] [<call>] (j|je|nous|on) [<call>] [en] (attends|attendons|hésite|pense|pensais|travaille
    |travaillons|travaillait|parle|trouve|trouvais|réfléchis|rêve)
""",
    "within": """
un autre modèle
(écris|fais|crée|dessine|rédige|faire|écrire) [moi] (un|le|mon|ce) [<adjective>|meilleur|autre
    |nouveau] [modèle] modèle
modèle de (contrat|contrats|lettre|lettres|rapport|rapports|mail|mails|texte|textes|document
    |documents|présentation|cv)
modèle au début|dans (le|un|la|ton|mon|ce) (fichier|tableau|base|code|test|texte|document)
(passe|finis|termine|continue|reprends|garde|donne|écris) (le|ce|mon|la|ma) (texte|travail|sujet
    |problème|message|question)
(parce que|parce qu|car) [<call>] (on|je|j|nous|il|@)|modèle utilise (le|la|mon|l|ton)
depuis (une|hier|des|deux|longtemps|ce matin|toujours)|(n ai|ai) (plus|pas)|ça s appelle
(ce que|si|comment|quand|où) (le|un|ce|ton) modèle
@ [<call>] [<call>] (si|quand) (ça|c est|la|le|les) [<call>] [<call>] (devient|reste|va|ne|n|marche
    |fait|bloque|[trop|plus|très|moins|pas] <adjective>)
quand (c|ça|le|la|il|elle|on)|si (nécessaire|besoin|il le faut)
(je|on) (dois|devrais|devait) [<call>] (prendre|utiliser|passer) [à|sur|par] @
si [<call>] (@|tu (passes|utilises|prends|mets|changes|continues))
@ (aurait|serait|sera|avait|fait|le fait|y arrive|fera|ferait) [été|ça|mieux|bien]
(n en|n y) (ai|a|avons|arrive)|en ai (plus|pas)
(prochain|prochaine|dernier|premier|autre|ancien|nouvel|nouveau) @
(tu|vous|on) [<call>] (passes|prenez|prends|utilisez|utilises|passez) [<call>] (souvent|trop|parfois
    |rarement)
(la|une|ma|cette|sa|quelle) branche|c est passé|tout seul
qui (fait|a|est|fabrique|développe|utilise) @|dès que|une fois que|lorsque|au cas où|chaque fois
quand @|pourquoi|jamais|versus|vs|que @ (est|peut|fait)|comme @|qu @ (est|peut)|contre @|sauf @
sans @
(pas|plus|jamais|ni|aucun|non) [de|d|à|sur|avec|le|la|l|vers|pour|du|encore|trop|tout de suite
    |besoin de|besoin d|envie de|envie d] @
@ [<call>] [<call>] (ne|n|pas|jamais)
(ne|n|jamais) [<call>] [me|le|te|y|en|la] (passe|passes|passez|change|changez|mets|utilise|utilisez
    |prends|bascule|basculez|reviens|veux|faut) [<call>] (pas|plus|jamais)
(passe|passez|change|changez|mets|utilise|utilisez|prends|bascule|reviens|veux|veux pas|faut|reste)
    (pas|plus|jamais)
(j|je|il|elle|nous|vous|ils|elles|client|chef|équipe|collègue) [n|ne|l|y|en|m|ai|a|ont|avons|avais]
    [<call>] [<call>] (utilise|utilisais|utilisait|utilisent|utilisons|utilisé|utilisez|aime|aimais
    |adore|connais|trouve|trouvais|parlais|parle|suis|travaille|étais|était|teste|testais|testé
    |essayé|pris|passé|changé|demandé|avais|avait|appelle|discute) [<call>] [à|avec|sur|de|d|le|l
    |chez|bien|que|beaucoup|souvent] @
@ (dit|disait|pense|pensait|avait|était|coûte|fut|sait|semble|paraît|refuse|voulait|a dit|répondait
    |va|marche|tourne|plante|rame|existe)
@ (est|c est|reste|serait) [<call>] [<call>] [le|la|un|une|très|trop|plus|moins|pas|si|tout] [plus
    |moins] (<adjective>|meilleur|mieux|modèle)
(le|la|du|au|notre|mon|ce|un|l) (backend|endpoint|fournisseur|provider|serveur|client|api)
(qu est ce qu|c est quoi) un modèle
(chef|patron|équipe|client|collègue|on|il|elle) (veut|veulent|dit|disent|m a dit|a dit) [<call>]
    (que|qu)
(demain|plus tard|bientôt|hier|un jour|la semaine prochaine) [<call>] (on|je|nous|tu|il)
modèles (sont|étaient|est) [<call>] [plus|moins] (actifs|rapides|chers|bons|meilleurs)
(laisse|garde|laissez|gardez) (le|ce|ton) modèle
(parler|parle|parlons|discuter|histoire|écris|écrire|code) (de|d) @
(est ce|c est|ça reste|ça tourne|c) [<call>] @|(premier|deuxième|second|dernier) @
""",
}
