"""What programs are made of, what is done to them and goes wrong in them, in every language.

A clause with such a word in it speaks of somebody's program, and is no remark. Words that stand for
work as a whole (code, file, bug) are not here: a remark may say that they are long or secret.
"""

from __future__ import annotations

from typing import Final

MADE: Final = """
actor adapter agent agents algorithm api apis app apps application arg args argument argv array
assert async backend backends bot bots boolean branch branches broken browser bucket buffer bugfix
build builds button buttons cache caches callback cell cells character chart checkbox chunk ci class
classes cli client-side clipboard cluster codec codecs column columns commit commits compile
compiler compiles component components config configs configuration console const constant
constants constructor container controller cookie cookies coverage crash crashed crashes cron css
cursor customise database databases dataset db deadlock debugger decoder default defaults
dependency dependencies deploy deployed deployment deployments deprecated dialog diff directory dns
docker dockerfile docstring dom driver drivers dropdown endpoint endpoints engine enum env
environment error errors event events exception exceptions exporter fail failed failing fails
feature features field fields filter fixture fixtures flag flags fn folder font footer form forms
format formatter framework frontend func function functions generator git github gitlab gradle
graph grep handler handlers hash header headers heap helper hook hooks html http https icon import
imports index indexer init input inputs instance instances integer interface iterator java
javascript job jobs js json kernel key keys lambda layer layout legacy lexer lib libraries library
line lines linter linux list lists lock locks log logger login logs loop loops macro main makefile
map mapper memory menu merge method methods middleware migration migrations mock mocks modal module
modules monorepo mutex namespace navbar nginx node nodes npm null object objects old orm outdated
output outputs package packages page pages panel param parameter parameters params parse parser
parsers path paths payload permission pipeline pipelines plugin plugins pod pods pointer pool port
ports postgres prefix prod production prompt prompts properties property proxy pull py python query
queries queue queues race react readme record records redis refactored regex registry regression
release releases render renderer repo repos repository request requests resolver response_time
rollback route router routes row rows runner runtime rust sandbox scheduler schema schemas scraper
screen script scripts scroll sdk selector semaphore serializer server servers service services
settings sidebar socket sockets sql stack stacktrace staging string strings struct stylesheet suffix
summarizer summariser svelte switch_statement syntax table tables tag tags template templates tensor
terminal test tests testing theme thread threads timeout timeouts timer token tokenizer tokenizers
toggle tool tooltip trace traceback transaction translator tsx tuple type types ui undefined unit
upload url urls user users validation validator value values var variable variables vector version
versions view views webhook webhooks website widget wizard worker workers wrapper xml yaml
ablauf anwendung ausgabe befehl datei_liste datenbank datenbanken eingabe einstellung einstellungen
fehlgeschlagen feld felder fenster funktion funktionen geht_nicht kaputt klasse klassen knopf
konfiguration liste methode methoden ordner parameter schnittstelle seite seiten skript spalte
spalten tabelle tabellen variable variablen veraltet veraltete veralteten verzeichnis vorlage zeile
zeilen zusammenfasser benutzer nutzer schleife schluessel abfrage abfragen dienst dienste alte alten
altes fehlermeldung test tests
fonction fonctions classe classes methode methodes fichiers_de_config configuration serveur serveurs
base_de_donnees requete requetes bouton boutons page pages champ champs tableau tableaux liste
variable variables boucle dossier erreur erreurs casse cassee plante obsolete obsoletes ancien
ancienne vieux vieille analyseur compilateur ligne lignes colonne utilisateur utilisateurs essais
paquet paquets bibliotheque cle depot branche sortie entree application appli service services
funcion funciones clase clases metodo metodos servidor servidores base_de_datos consulta consultas
boton botones pagina paginas campo campos tabla tablas lista variable bucle carpeta error errores
roto rota rompio rompi obsoleto obsoleta viejo vieja analizador compilador linea lineas columna
usuario usuarios prueba pruebas paquete paquetes biblioteca clave repositorio rama salida entrada
configuracion aplicacion servicio servicios guion falla fallan
funcao funcoes classe metodo metodos banco_de_dados consulta botao botoes pagina campo campos tabela
lista variavel laco pasta erro erros quebrado quebrada quebrou quebrei obsoleto antigo antiga
compilador linha linhas coluna usuario usuarios utilizador teste testes pacote biblioteca chave
repositorio ramo saida configuracao aplicacao aplicativo servico falha falham script
"""
"""Words of languages that part their words by blanks."""
