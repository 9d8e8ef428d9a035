"""The everyday words of remarks in Portuguese: a table for `remarks_lexicon`."""

from __future__ import annotations

from typing import Final

from .remarks_lexicon import lexicon
from .remarks_made import MADE

PORTUGUESE: Final = lexicon(
    "pt",
    {
        "plain": """
novo nova ultimo ultima anterior primeiro primeira o a os as um uma uns umas este esta isto estes
desse dessa deste desta
estas esse essa isso esses essas aquele aquela aquilo aqui eu tu voce voces vc ce oce nos ele ela
eles elas me te se lhe lhes mim ti meu minha meus minhas teu tua seu sua seus nosso nossa tudo
todo toda todos todas nada ninguem alguem algo coisa sou es e somos sao era eram foi sera seja
estou to ta estamos estao estava tava estavam esteve estar ser tenho tens tem temos tinha ter ha
havia houve haver vou vais vai vamos vao ir ia posso pode podemos podem poder devo deve faco faz
fazem fazer fez fico fica ficam ficar ficando ficou ando anda andam sai saem vem passa acho penso
vejo vi visto parece pareceu sinto sei ouvi ou mas porque pois que como embora ja muito mais menos
tao tanto pouco bastante demais tambem so somente apenas ainda sempre nunca nao n sim agora hoje
la ali aí ai daqui antes de do da dos das dum duma em no na nas num numa com sem por pelo pela
para pra pro pros ao aos sobre entre ate desde contra mesmo mesma outra outro outros vez de_novo
talvez se_calhar bem mal realmente na_verdade afinal de_qualquer_forma mto mt pq tb td hj q
""",
        "lead": """
sou e sao estou to esta ta estao muito mais tao bem meio bastante anda ficou ficando parece
""",
        "life": """
portatil notebook nuvem cinco dez vinte trinta dois tres momento esperar comeco inicio fim
valeu_a_pena macaco cansei dureza durar dure chefe patrao cliente clientes paciente pacientes
colega colegas equipa equipe empresa firma escritorio juridico contabilidade advogado mulher
esposa marido filho filha filhos crianca bebe mae pai avo amigo amiga gente casa cozinha cama
comboio trem aviao voo onibus autocarro metro carro tunel estacao aeroporto hotel estrada roca
ferias viagem pausa almoco jantar cafe sono cansado cansada fome sede noite dia tarde manha
madrugada semana mes ano hora horas minuto minutos segundo segundos tempo bocado pressa urgente
urgencia reuniao demo turno plantao segunda ontem dinheiro grana verba orcamento fatura conta
saldo credito creditos cota limite euros euro reais custo custa custam pagar pago paga gastar
gasto gastando gastei poupar economizar economia liso salgada paciencia nervos cabeca humor
vontade medo raiva farto farta chateado aborrecido curioso curiosa curiosidade confuso confusa
perdido perdida preocupado contente feliz gosto gostei gostava adoro odeio prefiro confianca
privado privada privacidade confidencial sigiloso sigilosa sigilo segredo secreto sensivel lei
lgpd regra regras proibido seguranca razao motivo enganei engano culpa esqueci lembro confusao
pena sorte tenho_pressa saindo sair chegar dormir computador maquina desempatar serio cair caindo
""",
        "verdict": """
fica ficam sair saia saem nao_quero ja_nao_quero lento lenta lentos lerdo lerda lerdeza devagar
demora demorando rapido rapida rapidos ligeiro ligeira caro cara caros carissimo barato barata
baratos ruim pessimo mau ma pior bom boa bem melhor otimo perfeito burro burra tonto inutil fraco
fraca fraquinho forte esperto inteligente potente basta chega suficiente sobra serve resolve
da_conta presta prestou atina entende entendeu percebe pesado pesada desastre lixo porcaria merda
estranho estranhas convence convenceu gosto gostei gostava adoro odeio prefiro farto perdido
alucina inventa contente
""",
        "model": "modelo modelos ia resposta respostas llm responde respondendo",
        "link": """
rede internet net wifi ligacao conexao sinal linha vpn fibra router roteador dados_moveis bateria
luz corrente carregador uplink
""",
        "failing": """
caiu caindo cai abaixo morta morto acabou acabando acabar fraca fraco sem nao pessima ruim lenta
lento instavel cortada limitada por_cento no_fim horrivel
""",
        "work": """
codigo arquivo arquivos ficheiro ficheiros bug bugs dado dados documento documentos texto textos
tarefa tarefas pergunta perguntas parte coisas coisinhas projeto trabalho problema problemas
contrato ticket refatoracao chamado chamados negocio trem
""",
        "weighing": """
de_macaco dificil dificeis complicado complicada complexo complexa delicado delicada duro dura
grande grandes enorme gigante longo longa facil faceis simples pequeno pequena pequenas besta
bestas bobo boba chato chata curto curta so apenas puro privado privada privados confidencial
confidenciais secreto secretos sensivel sensiveis sigiloso sigilosa pessoais internos de_pacientes
de_clientes do_cliente fica_aqui ficam_aqui sair_daqui nao_saem nao_sai nao_podem_sair terminado
acabado pronto rotina leve dos_pesados pesado serio
""",
        "wish": "quer querem quero queria preciso precisamos gostaria desejo queremos",
        "open": """
a ao aos o os as um uma de do da para pra pro com por em no na sem e ou que meu minha nao nunca se
quer
""",
        "saying": """
diz disse digo dizia pergunta perguntou escreve escreveu pede pediu sugere recomenda
""",
        "pause": "eh ee eee hum hmm hm ahn uh",
        "call": """
ah oh ai ui uai oxe bah e ei ora entao pois pronto bom bem certo ta ok okay ola oi bom_dia
boa_tarde boa_noite olhe olha escuta escute espera pera perai espere um_momento um_segundo nao sim
ja claro perfeito otimo beleza valeu mano cara gente guri tche so_o meu_filho o_meu_filho menino
o_menino menina moco moca senhor senhora kota wi ya pa rapaz amigo chefe mestre irmao deus
meu_deus nossa credo caramba caralho porra merda droga puxa aff eita vixe visse bumba tanto_faz
nao_importa esquece deixa por_acaso a_proposito sinceramente excecionalmente excepcionalmente
understudy hein vamos_la deixe_ver deixa_ver ah_nao nao_nao sim_sim erro_meu kkk kkkk haha afinal
sabe
""",
        "nay": """
nao_quero ja_nao_quero nao nao_nao ah_nao esquece deixa espera pera perai tanto_faz
""",
        "courtesy": """
por_favor porfavor por_favorzinho pfv pf pls faz_favor faca_favor se_faz_favor se_fazes_favor
por_gentileza obrigado obrigada muito_obrigado muito_obrigada obg brigado brigada valeu
obrigado_desde_ja obrigada_pela_ajuda obrigado_pela_ajuda desculpe desculpa desculpe_la
desculpa_la perdao com_licenca se_possivel se_for_possivel se_puder se_puderes se_pudesse_ser
se_nao_for_incomodo se_nao_se_importa se_nao_te_importas se_nao_incomodo se_quiser uma_pergunta
so_uma_pergunta uma_duvida por_curiosidade so_por_curiosidade so_para_confirmar esta_bem ta_bom
pode_ser sem_pressa que_pena muito_gentil ate_aqui
""",
        "joint": "entao por_isso e mas portanto",
        "cause": "porque pois como ja_que",
        "subject": "este esta isto esse essa isso que porque pois ja eu estou to o a e capaz",
        "head": """
muda mudar mude passa passe passar poe ponha por usa use usar bota bote coloca coloque troca
troque trocar volta volte voltar voltamos deixa da de mete mete_me me_poe me_passa me_da vamos vai
chama ativa quero queria gostaria preciso podes pode poderia podia podemos da_me qual quais
que_modelo quem com mostra lista liga desfaz continua continuar experimenta agora
""",
        "after": """
como_antes como_agora como_estava como_ta como_esta como_sempre normal igual so_essa so_esta
so_ela so_esse so_a_proxima so_uma_vez nada_mais mais_nada depois so_isso pode_ficar
""",
        "asks": """
que_vem qual quais como_se por_que porque_e quando onde quem se_o se_a se_os se_falhar assim_que
escreve escreva explica explique corrige corrija adiciona apaga apague remove cria crie faz_me
faca modifica muda_o revisa revise testa traduz resume procura mostra gera compara renomeia abre
fecha ajuda ajuda_me le implementa reescreve continua depois primeiro mais_tarde tens_de deves usa
usam chama poema conto carta email
""",
        "scope": """
so_esta so_este so_essa so_isto so_isso so_para para_isto para_isso pra_isso pra_essa para_esta
uma_vez desta_vez daqui_em de_agora daqui_pra a_partir em_diante o_resto resto proxima proximo
seguinte como_estava em_vez ao_inves
""",
        "made": MADE,
    },
)
