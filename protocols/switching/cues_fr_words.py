"""Single words of French by what they do in a command, and what tells work from one.

The words are those of everyday talk about changing, asking and choosing, as they are spoken, typed
in haste and said in Quebec. Words of the trade stand only where advice is asked for (`task`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .meaning import Kind

WORDS: Final[Mapping[Kind, str]] = {
    "change": """
passe|passes|passez|passer|passons|passerait|repasse|repasser|repassons|bascule|bascules|basculer
basculez|basculons|bascul|rebascule|change|changes|changer|changez|changeons|switch|switche|switcher
switchez|switchons|saute|migre|migrer|bouge|bouger|retourne|transfère|transférer|continue|continues
continuer|continuez|continuons|continuions|continuerai|continuera|poursuis|poursuivre|poursuivez
poursuivons|reste|restes|rester|restez|restons|reprends|reprendre|reprenons|enchaîne|enchaîner|garde
gardes|garder|gardez|gardons|conserve|conserver|monte|monter|descends|descendre|migrons|bifurque
remplace|remplacer|remplacez|rends|va|vas|aller|allons|allez|irait|part|pars|partir|partons|on y va
déplace|glisse|vire sur|finis|finir|finissons|termine|terminer|terminons|embraye|enclenche
""",
    "put": """
rentrer|entrer|rentre|place à|au tour de|c est au tour de|utilise|utilises|utilisez|utiliser
utilisons|prends|prend|prenez|prendre|prenons|prenne|emploie|employer|employez|mets|met|mettez
mettre|mettons|mettrais|mettriez|remets|remettre|remettez|essaie|essaye|essayer|essayez|essayons
tente|tenter|tentons|teste|tester|testez|testons|choisis|choisir|choisissez|choisissons|sélectionne
sélectionner|sélectionnez|active|activer|activez|activons|lance|lancer|lancez|lançons|charge|charger
chargez|démarre|démarrer|demande|demander|demandes|demandez|sors|sort|ramène|ramener|ramenez|amène
amener|appelle|appeler|appelez|convoque|invoque|invite|réponds|répond|réponde|répondre|répondez
répondra|répondes|laisse|laisser|laissez|laissons|donne|donner|donnez|file|filer|filez|confie
confier|confiez|refile|refiler|faire|faites|fasse|fait|faisons|faut|ferait|occupe|occuper|occupez
sers|servir|servez|servons|recours|appel à|traitez|gérez|discute|travaille|travaillons|bosser|bosse
bossons|écrire|écris|fonctionner|branche|brancher|branchez|connecte|connecter|connectez|envoie
envoyer|envoyez|dirige|sollicite|solliciter|consulter|consulte|viens|venir|vienne|fous|colle|balance
balancer|installe|dégaine|relance|pose|poser|embarque|tape|suffit|suffira|suffirait|suffisent|ira
irait|convient|conviendra|fera l affaire|fait l affaire|fera le job|fait le job|ça roule|fera bien
s en charge|s en occupe|c est (bon|bien|ok|parfait) (avec|pour moi)
avec @@ (stp|svp|s il te plaît|s il vous plaît|maintenant)|prendra|lui
""",
    "wish": """
(bon|ok|okay|d accord|allez|eh bien|ben) alors @|veux|veut|voulons|voudrais|voudrait|voudrions
voulez|aimerais|aimerait|aimerions|préfère|préférerais|préférerait|préférons|souhaite|souhaiterais
souhaitons|souhaiterions|besoin|envie|désire|désirerais|apprécierais|faudrait|vaut mieux|serait bien
serait mieux|serait cool|serait parfait|serait sympa|si on|allons y|vas y|vazy|tant qu à|me faudrait
il me faut|nous faut|exige|tiens à|rêve|laisse moi|prendrai|vais prendre|prendrais bien|temps de
c est l heure|ce sera|jle veux|jveux|jveu|j veux|jvoudrais|jprends|jpréfère|reveux|prends
c est @ (que je veux|qu il me faut)
""",
    "polite": """
silteplait|siouplait|plait|mercii|thx|gentille|gentillesse|aimable|amabilité|obligeance|bonté
veuillez|voulez vous|veux tu|peux|peux tu|pourrais|pourrait|pourriez|pourrions|pouvez|peut on
pourrait on|puis je|puis|possible|moyen|serait il possible|aurais tu|auriez vous|auriez|voudrais tu
voudriez vous|te serais|vous serais|reconnaissant|reconnaissante|dérange|dérangerait|pas te déranger
grâce|service|plaisir|tu (peux|pourrais|veux bien|voudrais bien)|vous (pouvez|pourriez|voulez bien)
on (peut|pourrait)
""",
    "from": """
dès maintenant|dès à présent|à présent|à partir|à compter|avenir|par la suite|suite|le reste|restant
restante|reste|permanent|permanence|jusqu|jusqu à|jusqu au bout|entière|entier|durant|pendant
tout du long|toute (la|cette|notre|ma) <chat>|tout (le|ce|cet|notre|mon) <chat>
fin (de|du) [la|ce|cette|notre|mon|l] [<chat>]|pour de bon|tout|toutes|toute la journée|prochaines
prochains|aujourd hui|une heure|la journée|la soirée|la nuit|pour l instant|pour le moment
un bon moment|tant que|continu|ce soir|cette nuit
""",
    "once": """
[juste|seulement|uniquement|rien que|que|exceptionnellement|mais] [pour|à|dans|sur|de|par|au|avec]
    (cette|la prochaine|ma prochaine|ta prochaine|votre prochaine|une seule|une|la|ce|le prochain
    |prochain|un seul|mon prochain|ton prochain|un|ce seul|cette seule|prochaine|la seule|l unique
    |sa prochaine|cet unique|cette unique|la proch|proch|au prochain|du prochain) [seule|unique
    |prochaine|dernière|petite|simple] <turn> [ci|là|suivante|qui vient|seulement|uniquement
    |précise]
<turn> suivante|cette fois ci|ponctuel|ce coup ci|ce coup là
(juste|seulement|uniquement|rien que|rien qu|que) [pour|à] (celle ci|celle là|celui ci|celui là|ceci
    |cela|ça|la prochaine|la suivante|le prochain|le suivant|lui|celui)
(deuxième|second|autre) avis|son avis|la prochaine seulement|le prochain (message|tour|coup)
[et] après (comme avant|on garde|on revient|on repasse|retour)
(puis|ensuite|après) [on] (revient|revenir|reviens|retourne|repasse|garde|retour|comme avant)
et c est tout|puis c est tout|vite fait|seule|unique|rien de plus|1 <turn>
""",
    "this": """
pour (ça|ceci|cela|ce qui suit|ce truc|celle ci|celui ci)|là dessus|ce qui suit|ça c est pour
à (ça|ceci)
""",
    "now": "mtn|mnt|asteure|asteur|à cette heure|instant|sur le champ|là là|là maintenant",
    "anyway": "",
    "return": "(reviens|revenez|revenons|retourne|retournez) en arrière|machine arrière",
    "revert": """
reviens|revient|revenir|revenez|revenons|reviendrais|revienne|retour|retourne|retourner|retournez
retournons|retrouver|retrouve|retrouvons|reprendre|reprends|reprenez|reprenons|remets|remettre
remettez|remet|remettons|repasse|repasser|repassez|repassons|rebascule|rebasculer|rends moi
rendez moi|redonne|redonner|redonnez|restaure|restaurer|rétablis|rétablir|rétablissez|annule|annuler
annulez|arrière|en arrière|ramène|ramener|ramenez|rechange|rechanger|réactive|réactiver|reswitch
revoilà|réinstalle|réutiliser|réutilise|rappelle|de retour|défais|défaire|récupérer|récupère
récupérez|reprise
""",
    "before": """
précédent|précédents|précédente|précédemment|avant|d avant|davant|auparavant|ancien|ancienne
antérieur|tantôt|tout à l heure|tout à lheure|plus tôt|initial|d origine|origine|départ|début
du début|dernier|premier|hier|d hier|habituel|d habitude|autre|l autre|juste avant|plus haut
il y a (cinq|dix|deux) minutes|à l origine|avait|avais|utilisait|utilisais|était|étais|étions|avions
utilisions|parlais|répondait
""",
    "gone": """
[le|l|au|mon|notre|du|ton] (modèle|llm|ia) (d avant|de tantôt|davant|précédent|de tout à l heure
    |antérieur)
l ancien modèle|ancien modèle
""",
    "ask": """
[je] [ne] sais (pas|plus)|dis|dites|dire|redis|redire|rappelle|rappeler|rappelez|indique|indiquer
indiquez|précise|préciser|précisez|sais|savoir|sache|savez|demande|demander|confirme|confirmer
confirmez|question|curiosité|curieux|informe|informer|renseigne|renseigner|idée|aucune idée|donner
donnez|affiche|afficher|nomme|nommer|montre|montrer|cite|apprendre|vérifier|vérifie|jme demande
oublié|perdu|perdue|voir|pour savoir|ne sais plus|sais plus|sais pas|suis perdu|si j ai changé
as tu changé|me demandais|connaître
""",
    "which": """
quel|quelle|quels|quelles|lequel|laquelle|lesquels|lesquelles|quoi|auquel|duquel|kel|qel
quelles sont|quels sont|qu est ce que|qu est ce qu|qu as tu|c koi|qué
""",
    "who": "qui|qui est ce|ki",
    "current": """
(modèle|model|llm|ia) (actuel|actif|en cours|courant|en service|utilisé|sélectionné|en place)
nom (du|de ce|de ton|de votre) (modèle|model|llm)|le modèle actuellement
""",
    "model": "modèle|model|llm|ia|moddèle|modl",
    "is": "est|es|suis|sommes|êtes|c est|cest|était|c|c était|t es|tes",
    "self": """
(suis je|es tu|est ce|êtes vous|sommes nous|est on) [encore|toujours|bien|déjà|vraiment|maintenant
    |là|encore bien]
(tu es|t es|je suis|on est|vous êtes|c est|nous sommes) [encore|toujours|bien|déjà|vraiment
    |maintenant|là]
(parle|discute|tourne|tchatte|chatte) (je|t on|on|tu) [encore|toujours|bien|déjà|vraiment|là]
(on|je|tu|ça) (parle|discute|tourne|tournes|utilise|utilises) [encore|toujours|bien|déjà|vraiment
    |là]
(tu|tourne) (tournes|t on)
""",
    "state": """
je|j|tu|on|nous|vous|moi|ce|ça|là|ici|maintenant|actuellement|en ce moment|actuel|actif|choisi
(est|es) (activé|sélectionné|utilisé|branché|connecté)|en cours|en service|service|en place|utilises
utilisez|(j|on) utilise|utilise (t on|je)|tournes|tournons|tournez|suis|es|sommes|êtes|est|en marche
en ligne|en fonction|en usage|courant|presentement|ai|as|avons|avez|a|mtn|dessus|appelle|s appelle
nomme|ai affaire|affaire|tombé|tombée|arrivé|derrière|aux commandes|aux manettes|à l œuvre
au bout du fil|au clavier|travaille|bosse|fonctionnes|écris
""",
    "speaks": """
répond|répondez|réponds|répondent|parle|parles|parlez|parlons|discute|discutes|discutons|discutez
cause|causes|jase|jasons|tchate|tchatte|chatte|échange|échangeons|adresse|m adresse|dialogue
converse|en train de (répondre|me répondre|parler|me parler)
""",
    "spoke": """
répondu|écrit|dit|généré|rédigé
vient de (répondre|me répondre|parler|me parler|dire|dire ça|écrire|écrire ça)|dernière réponse
""",
    "models": """
modèles|models|llms|ias|modèles de langage|liste (des|de|de tes|de vos|de mes) (modèles|llm|ia)
choix (de|des) modèles|(quels|les|des|tes|vos) (llm|ia)
""",
    "list": """
liste|lister|listez|listes|montre|montrer|montrez|affiche|afficher|affichez|donne|donner|donnez
énumère|énumérer|énumérez|cite|citer|citez|nomme|nommer|nommez|dis|dites|dire|fais|faire|voir
présente|présenter|sors|balance|indique|indiquer|rappelle|récapitule|récapituler|récap|récapitulatif
à proposer|partage|configuré|installés|possibles|proposés|utilisables|accessibles|branchés|connectés
activés|existe|offerts|y a|il y a|y a t il|ya|ia t il|a t on|ai|ai je|as|as tu|avez|avez vous|avons
avons nous|peux|peut|puis je|pouvons|pourrais|pourrait|pourrions|puis|choisir|utiliser|prendre
basculer|passer|changer|servir|parler|sélectionner|essayer|avoir|mettre|mettez|disposition|accès
droit|choix|sous la main|offre|offres|proposez|connais|connaissez|supportes|disposes|disposez
dispose|combien|autres|autre|ensemble|tous|toutes|complète|complet|entre|parmi|inventaire|éventail
gamme|catalogue|menu|aperçu|voudrais voir|sont|en stock|au menu|offert|répondre
""",
    "choices": "[à|vers|sur] quoi (on peut|je peux|peut on|puis je) (changer|passer|basculer)",
    "suggest": """
orienterais|orienteriez|oriente|orienter|guider|choisirais tu|conseille|conseilles|conseillez
conseillerais|conseilleriez|conseiller|conseil|conseils|recommande|recommandes|recommandez
recommanderais|recommanderiez|recommander|recommandation|recommandations|suggère|suggères|suggérez
suggérer|suggérerais|suggestion|suggestions|propose|proposes|proposez|proposer|proposerais
proposition|préconises|préconisez|préconiser|avis|orientez|aiguiller|verrais|verrait|conseillée
""",
    "should": """
dois|devrais|devrait|doit|devons|devrions|faut|faudrait|il faut|vaut mieux|vaudrait mieux|prendre
prendrais|prendriez|prends|prendrait|prend|choisir|choisirais|choisiriez|choisis|utiliser
utiliserais|utiliseriez|employer|mettre|mets|mettrais|mettriez|partir|opter|opterais|miser|irais
penses|pensez|crois|dirais|diriez|choisirait|favoriser|privilégier|privilégierais|préférer|préfères
préférable|sélectionner|serait|pencher|aller
""",
    "best": """
meilleur|meilleure|meilleurs|mieux|le mieux|au mieux|le plus|la plus|le moins|plus rapide
plus économique|moins cher|plus fort|plus puissant|plus malin|plus intelligent|plus adapté|plus sûr
plus fiable|plus costaud|idéal|idéale|optimal|optimale|plus petit|plus gros|plus discret
plus approprié|plus performant|plus capable|plus précis|plus privé|plus confidentiel|plus efficace
plus léger|plus indiqué|plus doué|plus pertinent|moins gourmand
moins (coûteux|dispendieux|bête|lent)
plus (vite|rapidement|malin|sécurisé|compétent|patient|futé|long|loin)
""",
    "fit": """
bon|bonne|bien|adapté|adaptée|convient|conviendrait|conviendra|capable|tient|tiendrait|tiendra|tenir
gère|gérerait|gérer|assure|encaisse|indiqué|approprié|pertinent|judicieux|suffit|suffirait|suffira
suffisant|suffisamment|assez|sait|saurait|comprend|comprendrait|marche|marcherait|va bien|irait|ira
fait l affaire|ferait l affaire|efficace|fiable|costaud|fort|forte|doué|vaut|sens|raisonnable
correct|compétent|à l aise|sérieux|s en sort|en sort|sortir|débrouille
""",
    "goal": """
long|longue|longues|longs|gros|grosse|grosses|grand|grande|énorme|énormes|volumineux|vite|rapide
rapides|rapidement|rapidité|vitesse|pas cher|cher|coûte|coûter|coût|coûts|prix|budget|argent|sous
dépenser|économique|économie|économies|tokens|privé|privée|privés|privées|confidentiel
confidentielle|confidentielles|confidentialité|sensible|sensibles|secret|secrets|personnel
personnelle|personnelles|perso|intimité|vie privée|discret|discrétion|sécurité|qualité|contexte
difficile|difficiles|complexe|complexes|compliqué|compliquée|compliqués|coriace|costaud|tordu|dur
dure|pointu|simple|simples|facile|basique|court|courte|petit|petite|petits|petites|répétitif
répétitive|lourd|lourde|reste (chez moi|ici|privé|local|en local|sur ma machine|sur mon ordi)|sorte
rien ne (sorte|sort|quitte)|gratuit|gratuitement
""",
    "case": """
pour (un|une|des|mon|ma|mes|ce|cette|du|de la|de|les|le|la|ça|aller)|si (je|j|on|c est|ça|tu)
quand (je|on|c est|il)|comme (c est|je|j)
""",
    "task": """
pour|à|de|d|du|des|sur|en|au|aux|avec|dans|python|rust|java|javascript|typescript|css|html|sql|regex
bash|shell|cobol|php|ruby|kotlin|swift|react|angular|latex|excel|bug|bugs|bogue|bogues|erreur
erreurs|débogage|déboguer|debug|débugger|refactoring|refacto|refactorisation|refactoriser|refonte
code|coder|codes|programme|programmer|programmation|script|scripts|lire|lecture|relire|relecture
revue|revues|écrire|écriture|rédiger|rédaction|texte|textes|lettre|lettres|mail|mails|courriel
courriels|dissertation|manuel|livre|livres|article|articles|compte rendu|comptes rendus|log|logs
journal|journaux|document|documents|doc|documentation|rapport|rapports|contrat|contrats|traduction
traductions|traduire|résumé|résumés|résumer|expliquer|explication|explications|maths|mathématiques
calcul|calculs|preuve|preuves|démonstration|logique|planification|planifier|plan|idées|brainstorming
conception|architecture|design|mémoire|concurrence|algorithme|algorithmes|test|tests|tester
tests unitaires|devoirs|devoir|examen|thèse|mémoire de master|recherche|recherches|analyse|analyses
analyser|données|donnée|patients|requête|requêtes|boilerplate|quotidien|tous les jours|tonnes|tas
projet|projets|repo|dépôt|base de code|bases de code|vieux|vieille|neuf|nouveau|tâche|tâches|travail
travaux|boulot|perdre|perd|fil|job|chose|choses|truc|trucs|question|questions|problème|problèmes
sujet|session|sessions|séance|séances|conversation|conversations|discussion|discussions|chat|chats
échange|échanges|réponse|réponses|chercher|trouver|résoudre|construire|travailler|bosser|faire|fais
reste|chez|machine|ordi|ordinateur|maison|rien|sans|sorte|quitte|juridique|droit|médical|poème
poèmes|histoire|histoires|roman|recette|recettes|candidature|cv|présentation|diapos|impôts|finances
image|images|photos|captures|pdf|pdfs|fichier|fichiers|migration|nuit|prod|production|renommer
renommage|formater|nettoyage|nettoyer|commit|commits|message|messages|lignes|pages|technique
techniques|très|vraiment|beaucoup|peu|plein|masse|ben|pas mal|pas trop|moins|plus|genre|comme|veux
dois|voudrais|aimerais|ai|cherche|besoin|raisonnement|raisonner|brouillon|notes|réunion|réunions|mon
ma|mes|planning|blague|blagues|corriger|correction|orthographe|modifier|modifications|générer
ça coûte|sans me ruiner
""",
    "ours": "ici|parmi|tes|vos|mes|de tes|de vos|disponibles|dispo|tu as|vous avez|icitte|celui",
    "also": "puis",
    "either": "",
    "some": "un de|quelque chose",
    "asked": """
[à|avec|de|sur|par|chez|d|dans|en] (quel|quelle|kel|qel|quel est le|quel est ce|quel est ton|c est
    quoi le|c est quoi ce|c quoi le|cest quoi ce|cest quoi le|c est quoi ton|c est quel|quel genre
    de|quelle sorte de|qu est ce que c est que ce|qu est ce que c est comme) (modèle|model|llm|ia
    |modele)
[à|avec|de|sur|par] (lequel|laquelle|qui) (de|des|d|parmi|de tes|de vos|de mes|d entre) [tes|vos|mes
    |ces|les] (modèles|models|llm|vous|ia|eux)
nom (du|de ce|de ton) modèle|comment (s appelle|se nomme|s appel) (ce|ton|le|votre) modèle
lequel des modèles
""",
    "why": """
[je] n aime pas|j aime pas|[je] [ne] (sais|sait) (pas|plus)|<adjective>|trop <adjective>
plus <adjective>|moins <adjective>|pas [assez|si|très|trop|vraiment|plus|mieux] <adjective>
assez <adjective>|pas besoin|pas mal|pas grave|pas envie|pas le temps|plus le temps|pas la peine
(me|m|te|le|la|l) (plaît|plaisait|convenait|allait|convient|énerve|saoule|agace|suffit|ruine|coûte
    |comprend|aide)
marre|ras le bol|assez de|j aimais|aimais|aime|aimais mieux|jle préfère|préfère|préférais|mieux avec
c était mieux
(me|m|ne|n) (comprend|aide|répond|plaît|convient|suffit|marche|va|suit|sert) (pas|plus|rien)
(comprend|marche|suffit|va|suit|sert|aide) (pas|plus|rien)|sèchement|bizarrement|raison|raisons
cause|question de|coût|coûts|coûte|prix|budget|argent|vitesse|rapidité|qualité|confidentialité
vie privée|sécurité|discrétion|tokens|quota|réseau|internet|wifi|train|avion|voyage|batterie
économiser|économies|économie|gâchis|gaspillage|chose|choses|truc|trucs|tâche|tâches|travail|boulot
job|problème|problèmes|sujet|texte|chat|session|séance|fil|échange|questions|réponses|message
messages|maison|bureau|parce|parce que|puisque|vu que|étant donné|pendant que|tandis|même si|afin
histoire de|pour que|crois|pense|trouve|trouvais|sens|imagine|suppose|avoue|estime|dirais|me semble
vire|virons|dégage|oublie ça|réflexion|réfléchi|décidé|hésite|hésitais|oublie|oublions|laisse tomber
tant pis|inquiète|pas grand chose|rien de (compliqué|grave|bien méchant|spécial|sorcier|fou)
rien à perdre|attendre|patience|presse|hâte|devient|devenir
ça (devient|rame|chauffe|va|suffit|traîne|bloque|coince|coûte|suffira|presse|sera|ira)|commence
commencer|commençons|début|journée|soirée|nuit|aprem|après midi|semaine|heure|heures|jour|jours|fin
fini|projet|gourmand|puissance|cerveau|intelligence|petits|petites|autre chose|perso|mon propre|nuls
aime bien|adore|envie|besoin|largement|amplement|facilement|bien assez|avancer|suis prêt
""",
    "glue": """
direct|par exemple|genre de|enfin bon|quoique|du moins|au moins|en tout cas|de toute façon
à la limite|en gros|en vrai|franchement|nickel|d office|svp|ouah|waouh|hop|holà|t as|j ai|y en a
chui|jsuis|t aurais|aurais tu|auriez vous|ces|sa|ceci|ceux|celles|celle ci|celle là|son|ses|votre
vos|leur|leurs|mien|tien|je|j|jle|jla|tu|elle|on|nous|vous|ils|elles|lui|eux|soi|en|que|qui|dont|où
quoi|laquelle|lequel|auquel|duquel|lesquels|n|avk|sous|dans|pr|sans|entre|parmi|contre|depuis|jusque
lors|selon|outre|grâce|dessus|dedans|dehors|devant|derrière|loin|près|côté|à côté|icitte|là bas|mais
or|ni|ensuite|après|ainsi|car|si|comme|quand|également|toujours|déjà|jamais vu|bientôt|tard|tôt
plus tard|tantôt|aussitôt|rapido|illico|maintenant|mtn|aujourd hui|demain matin|ce soir|ce matin
cet après midi|ce midi|à midi|matin|soir|moment|instant|minute|minutes|seconde|secondes|temps|fois
coup|tour|peu|beaucoup|très|trop|assez|bien|mal|mieux|plus|moins|tous|toutes|rien que|uniquement
seul|seule|honnêtement|sincèrement|sérieusement|carrément|grave|beh|ba|bon|hmm|hm|mmh|ho|ouep|yep
yes|nope|si si|okey|okok|dac|daccord|entendu|parfait|super|cool|top|génial|allons|voici|tenez|slt
bjr|bonsoir|cc|yo|wesh|wsh|allô|hello|meuf|frère|frérot|poto|pote|copain|ami|mon ami|cher|chère
monsieur|madame|vieux|bébé|gars|les gars|désolée|dsl|excuse|excuses|excusez|mes excuses|oups|zut
mince|merde|putain|ptn|bordel|punaise|flûte|tabarnak|câline|ostie|calvaire|crisse|diable|purée
de merde|foutu|foutue|fichu|sacré|satané|maudit|lol|mdr|ptdr|xd|haha|tkt|t inquiète|jsp|jpp|bof|pfff
pff|argh|aïe|ouf|zou|go|let s go|chut|es|suis|sommes|êtes|sont|était|étais|étaient|sera|seras|serait
serais|seriez|être|été|soient|ai|as|avons|avez|ont|avais|avait|aviez|aura|aurai|aurais|aurait|avoir
eu|ait|vais|vas|va|vont|irai|aller|fais|fait|font|faire|fera|ferait|peux|peut|peuvent|pouvez|pouvons
pourrais|pourrait|pourriez|pourra|pouvoir|dois|doit|devrait|devrais|veux|veut|veulent|voulez|voulons
voudrais|voudrait|vouloir|veuille|faut|faudra|faudrait|dites|disons|dire|mets|viens|vient|vois
voyons|regarde|écoute|attends|attendez|stop|arrête|arrêtez|bouge|voulais|voulais dire|je veux dire
j ai dit|enfin je veux dire|plaît|semble|parait|jcrois|je crois|je pense|il me semble|bonne|nouvelle
autres|propre|propres|locale|intégré|intégrée|embarqué|embarquée|portable|poste|pc|version|variante
moteur|cas|manière|façon|sorte|type|plaisait|convenait|suivant|suivante|prochain|prochaine|actuel
actuelle|présent|présente|simple|exactement|précisément|au juste|justement|notamment|surtout
éventuellement|ptet|probablement|sûrement|certainement|évidemment|bien sûr|naturellement|volontiers
en fait|au fait|du coup|d ailleurs|par contre|par ailleurs|en revanche|cependant|toutefois|pourtant
tout à fait|tout court|tout de suite|d abord|premièrement|à moi|à toi|à vous|comment
comment il s appelle|s appelle|nom|appelle|ainsi que|tel|telle|aux commandes|aux manettes|à la barre
au volant|à la manœuvre|dans (ce|cette|le|la) <chat>|n est ce pas|non plus|quelque|quelques|chaque
certains|plusieurs|aucun souci|pas de souci|pas de problème|sans problème|souci|hop là|rebonjour|re
dorénavant|voyez vous|tu vois|tu sais|vous savez
""",
}
