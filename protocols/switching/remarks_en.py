"""The everyday words of remarks in English: a table for `remarks_lexicon`."""

from __future__ import annotations

from typing import Final

from .remarks_lexicon import lexicon
from .remarks_made import MADE

ENGLISH: Final = lexicon(
    "en",
    {
        "plain": """
must next last previous former first earlier new lasts lasted giving gave give_us finally_kicked
kicked sorts sort real half whole_lot three two four five ten twenty thirty fifty hundred by_now
become became becomes want_no need_no needing everything_here ones anybody nowt summat owt wee
proper dead right_long ours own becoming takes_ages long too_long explanation correct brought the
a an this that these those it its i im ive id ill me my mine we us our you u your ya y all yall he
she they them his her their who someone somebody everyone everybody nobody anyone people folks one
thing things there here where_i where_we something anything nothing everything none m s t d ll re
ve is are am was were be been being isn aren wasn weren ain has have had having hasn haven do does
did don doesn didn dont doesnt didnt isnt wasnt cant wont can could couldn cannot will would
wouldn won may might should shouldn got get gets getting gotten gonna gon keep keeps kept going go
goes went gone come comes came coming seem seems feel feels look looks looking sound sounds remain
turn turned start started starting stop stopped stay stays stayed take takes took taking make
makes made making let_me_see see saw seen hear heard know knows knew think thinks thought guess
suppose believe reckon mean meant find found tried trying try happen happened happens wait waiting
waited sit sitting stuck work works working worked done doing used_up and or but so because since
cause cos cuz coz as though although while however therefore hence thus than then of in on at to
for from with without by about over under after before between around near up down out off away
back into onto through any both each every few many much more most lots lot plenty some several
such no not never n nor only just also too very really pretty quite rather kinda kind_of sort_of
bit little bits way far even still yet already again anymore any_more now today tonight right_now
currently always often sometimes usually ever once_again anyway anyways actually basically
honestly frankly apparently clearly obviously probably maybe perhaps somehow else other another
same whole different enough less least if_you_ask_me as_well at_all if_i_m_honest tbh ngl imo
afaik rn atm til thing_is o ah well wanna_see want_to_see until what_with what_a too_much
""",
        "lead": """
not about_to going_to gonna trying_to is are am m s re was were be been being feel feels getting
got gets get too so very really quite pretty rather kinda kind_of sort_of bit little totally
absolutely completely bloody damn super extremely only mostly seems looks sounds keeps gone went
going
""",
        "life": """
laptop machine computer desk costing fortune on_my_part board boarded to_see_if_it_works
just_to_see problems protection data_protection for_report assignment homework exam exams
school_run account credit_card plan_limit permit permits permitted allow allows allowed
not_permitted explanation explanations wahala grandma usage opinion view in_your_view
in_your_opinion good_money gas fuel moon attention concentrate concentrating focus cloud begin
begins beginning horsepower brains need_no boss bosses manager management legal finance accounting
hr team teammate colleague colleagues coworker coworkers customer customers client clients
client_s patient patients wife husband kid kids baby mum mom dad grandson granddaughter son
daughter brother sister nan friend friends family dog cat landlord girlfriend boyfriend partner
company corporate office school shop home house room kitchen bed train plane flight bus car ferry
boat tunnel airport station hotel cafe cabin road gate boarding landing trip travel travelling
traveling commute meeting meetings call calls standup demo lunch dinner breakfast coffee tea break
nap sleep sleepy asleep weekend holiday vacation morning afternoon evening night day days week
weeks month months year minute minutes min mins second seconds sec hour hours hrs am pm o_clock
late early shift shifts deadline deadlines yesterday lately recently ages forever long_day
long_night long_week time times while_ago money cash budget budgets bill bills billing invoice
cost costs price prices credit credits quota limit limits rate_limited rate_limit allowance
expenses wallet pocket bucks dollar dollars euro euros pounds quid cents naira rupees pay paid
paying spend spending spent burn burns burned burning saving save economise economize afford broke
skint left over_budget tired exhausted bored happy unhappy sad angry annoyed annoying frustrated
fed_up worried anxious nervous scared curious confused lost stressed desperate sick hungry thirsty
cold hot mood patience nerves rag rage heart head brain mind hell hurry rush rushing rushed busy
free ready finished finally privacy secrecy secret gdpr nda hipaa law lawyer lawyers policy rule
rules compliance customs security reason reasons curiosity luck mess mistake mistakes fault
bad_day idea ideas chance fun love hate like likes liked loved hated prefer wish wonder wondering
hope hoping trust swear swears miss missing missed die dying killing kill drives driving crazy
nuts mad insane rubbing waste wasting wasted help helping helped point weather rain outside moved
moving leave leaving arrive arrived arriving drive fly flying walk walking eat eating drinking
wake woke up_early track loose_track forgot forget remember clicked click typed picked choose
chose wrong_one grammar paygrade league depth guns big_guns carry smartass above beyond
above_my_paygrade out_of_my_depth
""",
        "verdict": """
not_feeling not_loving not_digging not_vibing_with not_keen_on not_a_fan_of had_enough_of so_over
leave leaves leaving stay stays stayed goes_out undrstanding understanding don_t_want dont_want
don_t_like dont_like no_use correct intelligent quick_enough reliable unreliable fussy happier
better_suited will_do does_the_job waffle waffles waffling nonsense gibberish drivel slow slower
slowly sluggish laggy lag lags lagging crawl crawling fast faster quick quicker speed speedy
speeds snappy snail dumb dumber stupid dim thick idiot idiotic moron useless hopeless rubbish
garbage trash crap crappy shit shite bad worse worst good better best great fine nice decent okay
awful terrible horrible pathetic poor weak weaker strong stronger smart smarter clever cleverer
bright brilliant brainy expensive pricey pricy costly cheap cheaper cheapest dear affordable
overkill sufficient adequate capable clueless confused confuse struggle struggles struggling
struggled hallucinate hallucinates hallucinating hallucinated rambles rambling chatty verbose
terse wordy lazy mid sus meh cooked cactus cracked fire hella lit legit slaps sucks suck stinks
love loved like liked hate hated prefer trust tired sick fed_up done_with enough working helpful
unhelpful annoying forever ages overloaded down flaky wrong off expensive_one understand
understood understands get_it got_it got_nowhere do_the_job cutting_it cut_it thinks_forever guess
guesses guessing wanna_see see_how_it_does does_well does_better swears happy grand deadly
class_act savage sound brutal banjaxed knackered nowt dire
""",
        "model": """
model models llm ai answer answers reply replies response responses output_quality it_thinks
assistant reasoning thinking
""",
        "link": """
net internet wifi wi_fi network connection uplink link signal reception vpn broadband fibre fiber
router modem hotspot tethering data_plan roaming mobile_data 4g 5g lte battery charger power light
electricity grid nepa pager cell_service satellite starlink bandwidth my_data
""",
        "failing": """
down out off gone dead dying flaky unstable slow weak bad poor patchy spotty terrible awful crap
shaky dodgy cactus cut cutting low finishing finished running_out run_out running_low drops
dropping dropped metered expensive limited lost lose losing no without crawling rubbish went
taken_light again percent there_is_no
""",
        "work": """
code codebase codebases bug bugs file files doc docs document documents data task tasks question
questions text texts part parts bit bits piece stuff things work refactor refactoring rename
renames renaming boilerplate problem problems issue issues one project crud code_review review
ticket tickets section message messages chat conversation context logic topic rest_of_this_chat
rest_of_the_chat rest_of_my_chat rest_of_this_conversation rest_of_this_session rest_of_it
""",
        "weighing": """
diligence trifles light daily hard harder hardest tricky trickier difficult tough nasty
complicated complex gnarly hairy weird subtle delicate serious heavy big bigger huge large massive
long lengthy giant enormous easy easier ez simple simpler trivial basic small smaller tiny wee
little dull boring tedious routine mechanical minor quick short straightforward dumb silly mostly
only just nothing private confidential sensitive secret personal internal proprietary restricted
classified nda cannot_leave must_not_leave mustn_t_leave can_t_leave may_not_leave not_leave
stay_here stays_here over finished done nobody_s_business leak under_nda patient client s_data
customer above_my over_my_head nothing_but deep too_deep
""",
        "wish": "want wanted wants need needs needed would_like like_to d_like wanna",
        "open": """
for_this for_that for_it to the a an of for with at by from my your our their his and or that than
if whether into onto about as like_a don t dont didn doesn not never won can could should will
would may might must isn cannot be
""",
        "saying": """
say says said saying tell tells told ask asks asked wrote write writes reads read suggest suggests
suggested recommends recommended mentioned mentions called
""",
        "pause": "um uh uhm umm er erm hm hmm hmmm ah aah",
        "call": """
ach y_all yall ufff boss_lady kindly wait_no sir_ma aah okay_then righto hiya hey hi hello yo oi
ok okay k alright right well so now um uh uhm umm er erm hm hmm hmmm ah oh ooh ow oops ugh argh
gosh jeez jesus christ god damn dammit goddammit damnit hell heck fuck ffs shit wow whoa lol haha
hah ha huh eh aye ay och nah nope no yeah yep yup yes sure cool nice great perfect fine good
lovely brilliant excellent wait hold_on hold_up hang_on one_sec one_moment listen look see_here
oi_mate mate bro bruh dude man guys folks friend buddy pal hun hen pet love lad lads boss_man sir
madam ma_am miss dear my_dear darling honey kid sis fam chief abeg oya aiyo lah leh ah_here jialat
och_away meh wah d_ya_know_what you_know_what what_s_the_story go_on go_on_then come_on
for_the_love_of_god for_god_s_sake for_christ_s_sake ok_so okay_so let_s_see lets_see you_know
like i_mean understudy good_morning good_evening good_afternoon good_night morning evening
greetings howdy no_worries never_mind nevermind whatever forget_it scratch_that anyway anyways
lowkey ngl tbh honestly actually right_then do_one_thing btw by_the_way exceptionally oh_well
my_bad my_mistake enough
""",
        "nay": """
don_t_want dont_want don_t_like dont_like no_use hate no nah nope enough never_mind nevermind
forget_it scratch_that wait hold_on hold_up hang_on whatever stop
""",
        "courtesy": """
in_your_view in_your_opinion for_report company_rule thanks_for_the_help
thank_you_for_the_explanation thank_you_for_that thank_you_for_your_help please pls plz kindly
before_i_lose_it before_i_lose_my_mind before_i_lose_my_rag before_i_lose_me_rag
before_i_lose_my_temper before_i_lose_my_patience before_i_lose_my_cool before_i_go_mad
before_i_go_crazy before_i_go_nuts before_i_go_insane before_i_scream before_i_explode
i_want_to_confirm i_want_to_be_sure i_want_to_make_sure just_to_confirm just_to_be_sure
i_just_want_to_check change_of_heart changed_my_mind i_changed_my_mind i_ve_changed_my_mind
i_have_changed_my_mind bring_in_the_big_guns bring_out_the_big_guns time_for_the_big_guns
on_second_thought on_second_thoughts on_reflection thinking_about_it come_to_think_of_it
now_that_i_think_about_it now_i_think_about_it having_thought_about_it i_give_up i_surrender
thanks thank_you thank_you_so_much thank_you_very_much many_thanks thx ty ta cheers
much_appreciated appreciate_it excuse_me pardon_me pardon forgive_me do_forgive_me do_excuse_me
sorry so_sorry apologies i_apologise i_apologize sorry_to_bother_you sorry_for_the_trouble
sorry_for_the_confusion sorry_about_that sorry_o if_possible if_that_is_possible
if_that_s_possible if_it_is_possible if_that_is_alright if_that_is_all_right if_that_s_alright
if_that_s_ok if_that_s_okay if_that_is_ok if_you_can if_you_could if_you_would if_you_please
if_you_don_t_mind if_you_dont_mind if_i_may if_it_isn_t_too_much_bother
if_it_is_not_too_much_trouble if_it_s_not_too_much_trouble if_it_s_no_trouble would_you can_you
could_you will_you will_ya would_ya ok_with_you if_you_like when_you_can when_you_get_a_chance
thanks_in_advance thanks_a_lot thanks_a_million and_thanks please_and_thanks
i_hope_this_is_not_a_silly_question one_question quick_question quick_one just_checking
just_curious out_of_curiosity just_wondering forgive_an_old_woman forgive_an_old_man bless_you
god_bless with_all_respect no_offence no_offense no_rush at_your_convenience if_you_will
if_i_may_ask may_i_ask can_or_not can_switch do_you_mind be_so_kind do_me_a_favour do_me_a_favor
""",
        "joint": "so sooo and but therefore hence then thus for_that",
        "cause": "because since cause cos cuz as",
        "subject": """
this that it its it_s i i_m im ive we he she they thats that_s they_re we_re you_re because since
cause cos cuz my the work the_work
""",
        "head": """
switch swap change use put give gimme get let lets let_s let_us make move take go_back go_over
go_with go_to back bring hand pass pop stick set return restore undo revert load pull_up call_in
can could may might would please kindly which what who whats whos what_s who_s list show am_i
is_it is_this are_you tell_me name i_want i_need i_d_like i_would_like i_d_rather i_ll_have
i_should_like better_get might_we just_use just_put just_switch just_give just_get just_have
we_can you_can lemme try run_with continue connect remind throw chuck whack sling downgrade
upgrade proceed
""",
        "after": """
back_to_normal to_normal as_before as_we_were as_you_were as_it_was as_it_is as_now as_usual
as_until_now same_same same_model_as_now same_one_as_now the_same_model current_model
rest_stays_the_same the_rest_stays_the_same rest_will_remain rest_remains leave_it
leave_me_where_i_am switch_back switch_right_back back_again not_longer no_longer
no_more_than_that nothing_more only_that only_that_one that_one_alone that_alone that_one_only
only_this_one only_this just_that_one just_this_one just_that just_the_one one_only then
afterwards after_that carry_on continue
""",
        "asks": """
must_be must_have must_do you_must we_must once what which whose how why where when whether if
unless until_it once_it whenever add fix write create build_me explain describe show translate
summarise summarize implement refactor_it rename_it delete remove update rewrite rework clean
check_the check_my run debug review_the test_it find_the list tell tell_me joke compare convert
generate draft print install open close merge push commit deploy help_me help_us continue proceed
carry_on make_sure ensure replace insert extend port format compute calculate finish_the
answer_the need_to have_to needs_to should_be has_to_be supposed_to want_you need_you want_it_to
don_t_use do_not_use stop_using later tomorrow someday eventually not_yet after_that afterwards
first imagine pretend uses using use poem joke_about story essay email letter lyrics
""",
        "scope": """
next_one next_answer next_reply next_response next_question next_message next_task next_turn
next_thing for_this_one for_that_one for_this_answer for_this_question for_this_task
for_this_reply for_this_message once only_once just_once this_once just_this only_this this_only
this_one_only only_that_one that_one_only just_the_one just_one one_time from_now from_here
from_now_on from_here_on onwards onward going_forward henceforth for_now for_the_rest rest
the_rest remaining instead until_further back_to as_before as_were single following upcoming
""",
        "made": MADE,
    },
)
