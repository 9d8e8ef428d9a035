"""The everyday words of remarks in French: a table for `remarks_lexicon`."""

from __future__ import annotations

from typing import Final

from .remarks_lexicon import lexicon
from .remarks_made import MADE

FRENCH: Final = lexicon(
    "fr",
    {
        "plain": """
nouveau nouvelle dernier derniere precedent precedente premier premiere les_autres le la les l un
une des du de d au aux ce cet cette ces ca c cela ceci celui celle qui que qu dont je j tu t il
elle on nous vous ils elles me m te se s y en moi toi lui eux leur mon ma mes ton ta tes son sa
ses notre nos votre vos tout toute tous toutes rien personne quelqu quelque chose suis es est
sommes etes sont etait etais etaient sera serai serait ai as a avons avez ont avais avait aura
aurai fait fais font faire faut va vais vas vont aller allait peut peux peuvent pouvait dois doit
doivent veut viens vient viennent reste restent rester tourne prend prennent met mets mis sais
sait vois voit crois pense trouve semble parait dirait entends entendu attends attend commence
arrive arrivent et ou mais donc car parce puisque comme alors ainsi bien mal trop tres plus moins
assez peu beaucoup encore deja toujours jamais pas ne n aussi juste seulement vraiment un_peu
tellement meme autre autres ici la_bas icitte maintenant aujourd hui ce_soir cette_nuit
en_ce_moment depuis pendant pour par sur sous dans avec sans chez entre vers avant apres jusqu
hors de_toute_facon peut_etre apparemment franchement carrement quand_meme finalement enfin hein
quoi y_a ya c_est_que fait_que bah voila large ailleurs tantot asteure cest jai jsuis chui
""",
        "lead": """
suis est sont etait trop tres plus vraiment tellement assez un_peu semble c_est cest
""",
        "life": """
ordi ordinateur machine portable cloud nuage cinq dix vingt trente deux trois quart hesite hesiter
esperer attendre fin debut chef patron patronne client clients cliente patient patients collegue
collegues equipe boite entreprise bureau compta juridique avocat direction femme mari enfant
enfants fils fille bebe mere pere ami amie copain copine maman papa maison chalet campagne cuisine
lit train avion vol bus metro voiture tunnel gare aeroport hotel route voyage vacances conges
week_end weekend pause midi dejeuner cafe repas sommeil fatigue fatiguee creve crevee faim soif
nuit jour journee soir matin aprem apres_midi semaine mois annee an heure heures minute minutes
seconde secondes temps retard bourre presse pressee urgence urgent urgente vite reunion demo poste
garde hier argent sous fric budget facture compte credit credits forfait quota euros euro cout
coute couter chere paye payer payons depense depenser economiser economise ruine fauche fauchee
epuise raide porte_monnaie moyens gachis patience nerfs tete humeur envie peur marre plein_le_dos
ennui ennuie enerve agace agacee agacant stresse perdu perdue curieux curieuse curiosite inquiet
content contente aime adore deteste prefere prefererais confiance prive privee privees
confidentiel confidentielle confidentialite secret secrete sensible rgpd donnees_personnelles
regle reglement interdit securite raison raisons trompe trompee oublie faute mamie papi grand_mere
serieux grave chialer dormir dort rentre pars part attente chance hasard dessus cale calent
""",
        "verdict": """
rester reste restent sortir quitte quitter veux_pas veux_plus en_veux_pas en_veux_plus marre
intelligente bien_assez assez_bon lent lente lents lentement rame rament traine lambine rapide
rapides vite cher chere chers couteux nul nulle nuls bete betes idiot con debile stupide mauvais
mauvaise pourri pourrie merdique inutile bon bonne bons mieux meilleur meilleure super genial
parfait suffit suffira suffisant suffisamment suffisent ca_ira faible faibles costaud puissant
intelligent malin futé perdu depasse galere galerent hallucine delire patine comprend comprenait
compris pige niaise radote bavard bizarre bizarres seche sechement agacant decevant decu decue
gachis aime aimais aimes adore prefere jle_prefere deteste satisfait convaincu convainc merde
daube ouf efficace economique moins_cher trop_cher coute passe_mieux repond_mieux nickel leger
""",
        "model": "modele modeles ia reponse reponses llm repond",
        "link": """
reseau internet net wifi connexion ligne signal vpn fibre box routeur 4g 5g donnees_mobiles
forfait partage batterie courant electricite chargeur uplink
""",
        "failing": """
plus pas coupe coupee tombe tombee mort morte faible lent lente pourri pourrie instable naze
limite limitee mauvais mauvaise capricieux rame saute vide vides pour_cent epuise lache deconne
plat
""",
        "work": """
code fichier fichiers bug bugs bogue donnees document documents dossier_client texte textes
question questions tache taches partie truc trucs chose projet boulot travail problemes contrat
ticket refactoring mots_de_passe petits_trucs
""",
        "weighing": """
dur dure difficile complique compliquee complexe delicat corse corsee costaud gros grosse
gros_gros enorme immense long longue longs facile simple simples banal petit petite petits bete
betes ennuyeux chiant plate court courte juste rien_que confidentiel confidentiels confidentielle
confidentielles prive privee privees secret secrets sensible sensibles internes personnelles
rester_ici rester_chez restent_ici reste_ici sortir_d_ici pas_sortir ne_sorte fini finie terminee
termine serieux routine leger
""",
        "wish": "veut veulent veux voudrais aimerais aimerait besoin souhaite souhaiterais voulais",
        "open": """
a au aux le la les l un une des du de d pour avec sur dans en par sans et ou que qu mon ma mes ne
n pas si jamais veut faut
""",
        "saying": "dit dis disait demande demandait ecrit lit propose conseille suggere",
        "pause": "euh heu hum hmm hm bah ben um uh",
        "call": """
ah oh eh he ho hop bon ben bah alors non nan oui ouais ok okay d_accord dac allez allez_hop tiens
bonjour bonsoir salut coucou hey hello yo attends attends_attends attendez une_seconde un_instant
ecoute ecoutez dis dites dis_moi tu_sais tu_sais_quoi vous_savez voila alors_voila voyons mince
zut merde putain bordel flute oups aie pfff pff ouf wesh frere mec meuf les_gars mon_ami ma_belle
monsieur madame cher chere coudonc envoye correct parfait super nickel cool au_fait bref enfin
vazy vas_y tkt t_inquiete laisse_tomber oublie peu_importe tant_pis une_fois hein
exceptionnellement franchement understudy mon_erreur bonne_journee bonne_soiree non_non pas_grave
""",
        "nay": """
veux_pas veux_plus en_veux_pas en_veux_plus non nan non_non laisse_tomber oublie attends attendez
tant_pis pas_grave
""",
        "courtesy": """
merci merci_d_avance merci_beaucoup grand_merci mille_mercis s_il_te_plait s_il_vous_plait stp svp
sil_te_plait sil_vous_plait je_te_prie je_vous_prie je_vous_en_prie pardon desole desolee
excuse_moi excusez_moi excuse toutes_mes_excuses mes_excuses si_possible si_c_est_possible
si_tu_peux si_vous_pouvez si_tu_veux si_vous_voulez si_vous_voulez_bien si_ca_ne_te_derange_pas
si_cela_ne_vous_derange_pas si_ca_te_va sans_vouloir_deranger une_question petite_question
simple_question simple_curiosite par_curiosite juste_par_curiosite pour_savoir bien_a_vous
cordialement auriez_vous_l_amabilite ayez_la_gentillesse avec_plaisir
""",
        "joint": "donc alors et mais du_coup fait_que",
        "cause": "car parce parce_que parce_qu puisque comme vu_que",
        "subject": "c ca ce cette il elle je j on parce car puisque le la ma mon y tes",
        "head": """
passe passez passons bascule basculer change changer mets mettez mettre remets remettez prends
prenez prendre utilise utilisez choisis reviens revenir retourne donne donnez laisse fais essaie
continue vire quel quelle quels quelles lequel qui est_ce pourrais pourriez peux pouvez je_veux
je_voudrais j_aimerais il_me_faut avec montre liste tu_peux on_passe on_prend on_continue utiliser
""",
        "after": """
comme_avant comme_maintenant comme_d_habitude on_garde_le_modele_actuel garde_le_modele_actuel
retour_a_la_normale rien_qu_a celui_la celle_la seulement_celle_la juste_celle_la que_celle_la
rien_de_plus c_est_tout et_c_est_tout apres ensuite puis normal pareil
""",
        "asks": """
quel quelle quels quelles lequel pourquoi comment ou_est quand lorsque si sinon ecris ecrire
explique expliquer corrige corriger ajoute supprime efface cree creer modifie verifie teste
traduis resume trouve_le cherche montre affiche genere compare renomme renommer ouvre ferme aide
lis relis implemente reecris continue_a ensuite plus_tard d_abord des_que quand_tu devrais devez
utilise utilisent appelle poeme histoire lettre mail
""",
        "scope": """
juste_cette seulement_cette juste_pour pour_ca pour_ceci pour_cette rien_que_pour une_seule
une_fois_seulement desormais dorenavant a_partir la_suite le_reste prochaine prochain suivante
suivant d_ici comme_avant plutot a_la_place
""",
        "made": MADE,
    },
)
