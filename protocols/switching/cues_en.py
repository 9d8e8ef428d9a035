"""What commands are made of in English: tables for `cues`."""

from __future__ import annotations

from typing import Final

from .cues import Cues
from .cues_en_parts import PARTS
from .cues_en_words import BARRED, SPELLINGS, WORDS

ENGLISH: Final = Cues(
    "en",
    PARTS,
    {
        "change": """
(switch|swich|change|swap|move|hop|jump|flip|shift|transfer|migrate|go|turn|toggle|cut|drop|step
    |fall|upgrade|downgrade|transition|slide) [<all>|<one>|<many>|the <one>|my <one>|your <one>]
    [up|down|over|across] [to|onto|into|on|for|w|2]
(switch|change|swap|move|hop|jump|flip|go|turn) [<all>|the <one>] [right|straight] back [over]
    (to|on|onto)
(switching|changing|swapping|moving|hopping|going) [<all>|<many>] [back] [over] [to|onto]
(put|get|take|bring|move|keep|hand|give|bump) <all> [back] (on|onto|over to|up to|down to|to
    |through|with)
(put|get|take|bring|hand|connect|patch|hook|pass|give|set) (me|us) (up|through|over|back|on|onto
    |to|with) [with|to|on]
(set|make|change|select|put|switch) [<our>] (<one>|endpoint|backend|provider|engine) [to|be|on|as
    |back|back to|for]
(put|have|get|give|bring|hand|switch) [me|us] back [on|to|onto|over to]
set [<our>] (<chat>|default|<one>) [to] [use]
(use|set|make|have|put|take|be|as) [@] [as|be] (the|my|our) (<one>|default|default <one>)
(return|revert|come|get) [<all>] [back] to|back [on|over] (to|on|onto)
(continue|carry on|proceed|keep going|go on|keep on|resume|stay|stick|go ahead)
    [this|this <chat>|the <chat>|from here|here] (with|on|using|~)
(work|keep working|keep (answering|replying|responding|talking)) [this|from here|here] (with|using)
(continuing|staying|sticking) [with|on]|(change|switch|swap) (<many>|the <one>|<one>)
(make|do) the (switch|change) [to]
(swap|switch|change|replace) [out] (this|that|the current) <one> [for|to|with]|i meant|no i meant
i mean|i said|i asked for|i actually meant|i meant to say|@ it is|time for @|@@ time|make it @@
[i|we] (use|try|want|go|give me|get me) [the] ~
""",
        "put": """
use|using|try|trying|take|utilize|try out|useing|start using|be using
(run|running) (on|with|through)|go with|go w|roll with|settle for|settle on|lean on|pick|choose
select|activate|load|engage|summon|borrow|(jump|step|hop|come|chime|weigh) (in|on|up) [here]
(bring|swap|call|pull|rope|loop|tag|sub) [@] in|put @ (on|in charge)|(be|become) @@|keep|on board
with @@|goes to|should go to|(let|have|get|make) @ [to]|you (take over|answer)|let
(answer|reply|respond|continue|talk|work|lead|drive|handle|tackle|cover|deal with) [<all>|me|from
    here|on this|the rest|for me|with|via|by|using|through|to|from]
(answers|replies|responds|continues|handles|takes|runs) [<all>|me|the rest]
(answering|handling|doing) [<all>|me|my questions|the answers|the work]
take (over|this|it|it from here|this from here|the wheel|the lead|charge|control|the reins|on
    this) [from here]
(takes|taking) over|take this on|pick this up|jump on this
do (this|it|that|the rest|the work|the job|the answering|the talking|better|everything) [of
    <all>] [on|with|using|by|via]
(be|being) (answered|handled|done|run|written) [by|with|on|via]
(answered|handled|run|replaced|written) (by|with|on|via)
be (in charge|the one|the one answering|the <one>|my <one>)
(should|can|could|may|must|shall|will|to|has to|ought to|needs to|would) (answer|reply|respond
    |take over|do|handle|run|lead|come from|go to|be) [<all>]
(talk|speak|chat|work|talking|speaking|chatting|working) (to|with)
(hand|pass|give|leave|send|route|point|run|forward) (<all>|the rest|the rest of <all>) [over] (to
    |through|via|on|with|by|past|at)
(hand|pass|move) over to|over to
(is|s|will be|would be|ll be|ll) (enough|plenty|sufficient|good enough|all i need)
(will|would|ll) be (fine|okay|ok)|(will|would|should) (do|suffice)|(would be better|would be nice
    |suits me) [for me]|keep [using|on]|stay (on|with)
put on|you re up|your turn
""",
        "wish": """
[<we>] (want|need|prefer|would like|d like|d rather|would rather|d prefer|would prefer|d love
    |would love|wanna|ll have|ll take|ll use|ll go with|fancy|feel like|wanted|d go for|d go with
    |d say|vote for|d be happier with|d feel better with|could do with|insist on) [to] [have|use
    |get|see]
rather|id like|id rather|id prefer|(give|get|bring|hand|grab|fetch|lend) me|gimme
lemme|lemme (use|have|try|talk to)|let me (have|use|try|get|talk to|speak to|work with|chat with)
let s [try|use|do|have|go [with]]|let (me|us|s)|lets [try|use|do|have|go]|(how|what) about @@
why (not|don t we)|we (should|could|d better)|it s time for
(can|could|may|shall|might) <we> [please] [have|get|use|try|do|go|switch]
(this|it) (needs|calls for)|my (choice|pick|vote) is|is (what|who|the one) i want|make that
instead of (the cloud one|the cloud|this|this one|it|that)|nothing but|exclusively|only use
""",
        "polite": """
please|pls|plz|kindly|thanks|thank you|thx|ty|cheers|ta|many thanks|thanks a lot|much appreciated
thank you (very|so) much|appreciate it
(can|could|would|will) (you|u|ya|we) [please] [be so kind as to]|(would|do|d) you mind [if <we>]
mind if <we>|(is|would) it [be] (possible|ok|okay) (to|if <we>)
(any|is there a|is there any) (chance|way) (<we>|to|of) [can|could]|do me a (favor|favour) [and]
if (you|we) (can|could|would|may|please|don t mind|wouldn t mind)|mind|if possible|for me
if (that|it) (s|is) (ok|okay|fine|possible)|if that works|be so kind [and|as to]
pretty please|(i d|i would) (appreciate it|be grateful) if you|would be appreciated
""",
        "from": """
[starting|beginning|as of] [from|of] (now|here|this point|there|this moment|today|this message|the
    next message|next message) (on|onwards|onward|forward|out|on out|on in)
(starting|beginning|as of|as from) [from|of] (now|here|today|this message)
(from|for|form) (now|here|this point|this moment|today|this message|the next message|here on out)
[going|moving] forward|henceforth|onwards|onward|in future|in the future
[for] (the|this|our) [whole|entire|complete] (rest|remainder|<chat>) [of (<all>|the day|my
    questions|today|it|the way|our <chat>)]
rest of <all>|in (this|the|our) <chat>|the (whole|entire) (<chat>|time|way)|for this whole <chat>
[for] (all|every|any) [of] [my|the|your|these] [further|future|following|next|upcoming|coming
    |later|subsequent|remaining] (questions|answers|messages|replies|requests|message|question
    |answer|reply)
[for] what (s|is) left [of (<all>|the day|today|our <chat>)]|[for] what (remains|is to come)
[for] (all|everything|anything|whatever) [that] (follows|comes|remains|is left|s left) [next|now
    |after this|after that]
(for|from) (everything|anything) [else] [from here]|everything [else] [from here]|all of (this|it)
until (further notice|<we> (say|tell|change|m|re) [otherwise|so|stop|you otherwise|done|my mind])
till (further notice|i say otherwise|the end)|until the end|for good|permanently|always
for a while|for (now|today|the moment|the time being|the foreseeable future)|as [a|the|my] default
by default|throughout|all the way|everything stays
after that go on as before|(keep|run) (this|the) <chat>
""",
        "once": """
[but|only|just|not] [just|only] [for|in|on|with|about|to] <once> [only]
[but] [just|only|just this|only this|this] once|[just|only|for] this time [around] [only]|for once
one (time|off) [only]|as a one off|only now|for a (sec|second|single <turn>)|next time|only this
just this|just for this|only for this|(only|just|for|do|take|answer|handle) that one [only]
just for now|[but] not (for the whole|the whole|for the entire|for the rest of the) <chat>
[and|but] [not] (permanently|longer than that|nothing more)
[and|but] (no more than that|not more [than that]|nothing beyond (that|it)|no further [than that])
(do|take|answer|handle|write|cover) [just|only] <once> [only]
[and] (then|after that|afterwards) [we] (back|go back|switch back|revert|return) [again|to normal
    |to the usual|to what we had|after|afterwards]
[and] then go on as before
and (back|go back|switch back|revert) (again|after|afterwards|to normal)
(send|route|run|pass|give|hand|forward|try|bring|do|take|answer|handle|have|get) (<once>|that
    one) [over] [to|through|past|by|via|on|with]
ask|consult|ask [<all>] (about|to)|(over|goes|this is|is) (to|for) you
(answer|reply to|respond to) (this|that|it) [only] [to|with|by|on|through|via|from]
(have|take|get|give) [it|this|this one] a (look|go|stab|crack|shot|try) [at (this|it|this one
    |that)]
(weigh|chime) in on (this|this one)|(look at|think about) (this|this one|that)
what (does|would) @ (say|think) [to|about|of] [this|that|it]
(hear|hear from|hear what|see what) [@] [says|thinks|would say] [on|about] [this|it]
what @ (says|thinks) [about this]|@ s (take|view|opinion|answer) [on this|on it|to this]
(let|have|get|make) @ [to] (answer|do|take|try|reply to|look at) (this|that|it)
[can|could|should] @ [should|can|could|may|must|has to] (answer|do|take|write|reply to|look at
    |tackle) (this|that|it)
(quick one|question|this|one|this one) for
""",
        "this": """
for (this|the) (task|job|project|work|stuff|part)
(for|on|with) (this|that|it|these|the following|what follows|what comes next)|on @@
(let|have|get) @ [to] (do|handle|take|tackle|answer) (the following|what follows|what comes next)
(run|do|try|send|process|execute|let|handle|take) (this|the following|what follows) [on|with
    |through|via|by|using|to]
""",
        "now": """
now|right now|rn|at the moment|atm|currently|at present|right away|at once|immediately
straight away|asap|instead|today
""",
        "anyway": """
anyway|anyways|regardless|nevertheless|nonetheless|even so|no matter what|in any case
""",
        "return": """
(go|switch|swich|change|swap|flip|hop|jump|roll|move|turn) [me|us|the <one>|<one>|<many>|things]
    [right|straight] back [again|over|now]
(switch|change|swap) (it|this) back [again]|(take|bring|switch|put|send) (me|us) back [again]
(undo|revert|reverse|cancel|roll back) (the|that|this|my|the last|my last|that last|last) [<one>]
    (switch|change of <one>|<one> change|<one> switch|<one> swap|change of <many>|swap)
change back the <one>|[<our>] <old> (one|<one>) (again|back)|back again please|back please
please back|go back (now|please)|(ok|now) back [again] [now|please]|back (now|again) please
""",
        "before": """
[<our>] <old> (one|<one>)|(the|that) (one|<one>) [from] <then>|as before|like before|before
the one before (this|that)
(what|who|how|whoever|whatever|whichever|the one|the <one>|which <one>|one) [it|<we>|that|things
    |<one>] <ran>
where (i|we) were|the way (it|things) [was|were] [before]
(to|the) (normal|usual|before)|[to] (normal|usual|the usual [one|<one>]|my usual [one|<one>])
[<our>] (one|<one>) <we> <ran>|what was (answering|talking) (before|earlier)
""",
        "gone": """
[<our>] <old> (<one>|endpoint|engine|backend) [back|again] [<we> <ran>]
(the|my|that) <one> (from <then>|before [this|that|this one]|<we> <ran>|that <ran>)
(the one|who|what|whoever|whatever|which <one>) [that|<we>] (was|were|is) (answering|talking
    |replying|responding|talking to|speaking to|on|using) (before|earlier|previously)
(the one|whoever|whatever|the <one>) that answered (before|earlier)
(the|my|that|an) (other|old|previous|last|former|earlier) one back
i (liked|preferred) the <old> (one|<one>) [better|more]|the <old> (one|<one>) was better
the one <we> (had|used|were using|was using) (before|earlier)|the one from before
[the] same (one|<one>) as (before|earlier)
""",
        "ask": """
[please] (tell|remind) me [again]|do you [happen to] know|any idea|(i was|just|i m) wondering
i wonder|[just] (checking|curious)|i (forgot|forget|d like to know|(want|need) to know|wanna know)
i ve lost track of|lost track of|[i m] not sure|[a] quick (question|check|one|q)|out of curiosity
mind telling me|would you mind telling me
(can|could|may|might) (i|you) [please] (ask|tell me|say|remind me|know)|say|name|so|by the way|btw
wait|hey|did (the|that) [<one>] (switch|change) (work|happen|go through)
""",
        "which": """
<what>|wat|which one|which of [<our>] (<many>|them|these)|what exactly
which exactly
""",
        "who": "who|whom|who s|whos|who exactly|who the hell|who on earth",
        "current": """
[what s|what is|whats|name|say|give me|tell me|show me|print] [<our>] (current|active|present
    |selected) <one> [name|id|in use] [<adv>]
[<our>] <one> (name|id) [<adv>]|the name of [<our>] <one>
(what s|what is|whats) (my|your|this) <one> [called|name] [<adv>]
[what s|what is|whats|say|name] the <one> (in use|<adverb>|<we> (re|are|m) [using|on|talking to])
where (are|do) my (messages|questions|prompts|requests) (go|going|sent) [to]
<what> (endpoint|backend|provider) (is (this|it|that)|am i <talking>|are (we|you) <talking>)
    [<adv>]
[what s|what is|whats] the (current|active) (endpoint|backend|provider) [<adv>]
(did|has) the <one> (change|changed|switch|switched)
(did|has) (my|the|that|our) (<one> (switch|change|swap)|(switch|change) of <one>) (work|worked
    |happen|happened|go through|gone through|take effect|taken effect|take place|taken place)
<what> version of @ (is this|are you|am i <talking>)
which @ [<one>] (is this|are you|am i <talking>|is <answering>)|(name|say) your <one>
[is that|is this] the cloud or (@|my own machine) [<answering>]
""",
        "model": """
[<our>] [<kind>] <one> [name]|model wise|llm wise|in terms of (<many>|<one>)|<one> (from|of|by)
""",
        "is": """
is the <one>|(is|are|am|was|were) [<adv>] (this|it|that|you|i|we) [<adv>] [set|called]
""",
        "self": """
(am|are) (i|we|you) [<adv>] [on] (<talking>|in|back on|back|back with)
(am|are|is) (i|we|you|this|that|it) (still|really|already|actually|now) [<adv>] [<talking>|the
    one]
(is|was) (this|that|it) [<adv>] (running|from|by|written by|answered by|coming from|the one)
(was|is) (that|this) (answer|reply) [<adv>] (from|by)|still <talking>
(is|was) @ [still] (the one [answering|talking]|answering|talking|responding|replying)
do (i|we) still (have|use)|(did|has|have) (you|it|i|we) [<adv>] (switch|switched) [to]
""",
        "speaks": """
(am|are|r|is|was|were) (i|we|you|u|this|it) [<adv>] <talking>
(do|did) (i|we|you|u) [<adv>] (talk to|speak to|run on) [<adv>]
(i|we|you|this|it) [<adv>] (m|re|am|are|is|s|was) [<adv>] <talking> [<adv>]
[is|s|are|was|be] [<adv>] <answering> [<object>] [<adv>]|one is (active|running|answering)
(answered|replied|responded) (that|this|me|us|my|the) [last] [one|question|message] [just now]
(is|s) [<adv>] (the one|the <one>|what s|who s|what i m|who i m|that) [<adv>] [i m] (<answering>
    |<talking>) [<object>] [<adv>]
(answers|replies|responds|gives|runs|powers|handles|serves|generates) [<object>|that|it]
    [answers] [<adv>]
(do|does|did|is|are|was|were) (this|that|these|the|my|those) [last] [answer|answers|reply
    |messages|questions|prompts|code|chat] [<adv>] (go|going|coming|come|sent|from|answered) [to
    |from|by]
came (this|that) from|my (messages|questions|prompts) (go|are going) to
(did|do|have|has) <we> [<adv>] (switch|switched) [to]
(running|talking|is this|on my machine|locally|local) [running] [locally|here] or in the cloud
(local|cloud) or (cloud|local|remote)|or (in the cloud|the cloud|a cloud one|somebody else|remote)
(is|are) (this|my messages|this <chat>) going to [the cloud]
(am|are) (i|we) (offline|in the cloud)|machine talking
(will|ll|(is|s) going to) [be] (<answering>|answer|reply|respond|reply to|respond to) [me next|me
    |my (questions|messages|prompts)|(my|the) (next|following) (<turn>|one)] [next]
""",
        "spoke": """
[just] (answered|replied|responded|wrote|gave|said|did|generated) [just now|last|<object>|that
    |this|it|the last|my last|your last|me that|me the last|the previous] [<turn>|one] [<adv>]
    [last|just now|for that]
(is|was) used [for (that|this)]|did (that|this|you use for (that|this)|you [just] use)
""",
        "state": """
(this|it|that|you|i|we) (is|s|are|am|was|re|m) [<adv>]
(is|s|are|was) [<adv>] [the] [<active>] [one]|[the] <active> [one]
(do|did) <we> [<adv>] (have|use|pick|choose|select)|i have|(have|has) <we> got
(is|s) [the|my|your] [current] <one>
""",
        "models": """
[<our>] [<our>] [<kind>] <many> [<kind>]
(available|configured|usable|list of [the|available|all]) <ends>
<ends> (do i have|(can|could) i (use|switch to|choose from)|i (have|can use)|(do you|you) have)
    [available|set up|configured]
<one> (list|menu|options|choices)|every <one>
(list|choice|choices|selection|range|options|overview) (of|for) [<our>] [<kind>] <many>
[my|your] (options|choices) (for|of) (the <one>|<one>|<many>)
any <one> (besides|except|other than)|any other <one>
""",
        "list": """
(list|show|display|print|enumerate|read|see|name|tell|give|get|have|read out) [me|us] [<our>]
[that|which|who] (are|is|were) [<adv>] (there|available|possible|set up|configured|around|online
    |connected|known|installed|reachable|usable|hooked up|on offer|plugged in|out there|offered
    |supported) [<adv>] [to (me|choose from|pick from|use|select from|choose between)]
(are|is) there [any]|else (is|are) (there|available)|any [other|more]|any other (<one>|<many>)
available|possible|configured|set up|installed|on offer|in stock|to choose from
[that|which] <have>
[that] <we> (can|could) (use|switch to|choose|choose from|pick|pick from|select|talk to|go with
    |change to)
[that] <we> (have|offer|know|support|ve got|re able to use) [access to] [available|set up
    |configured|here|got]
[that] (have|has) <we> (got|set up|configured|connected|available) [available|here]|[that] exist
can be (used|selected|picked)|how many|everything else|else
[that] (can|could|may) (answer|reply|respond|take over|step in|jump in) [me|us|for me|my questions]
    [here|instead|too]
behind (this|your|the) (address|proxy|gateway)|behind (you|understudy)
""",
        "choices": """
[else] (can|could|may) <we> (switch|change|swap|talk|speak|move|hop) (to|between|over to|with)
    [instead] [of]
(one|ones|others) [else] (can|could|may) <we> (pick|choose|use|select|switch to|choose from|pick
    from|talk to|change to|swap to)
else (can|could) (i|we) use|[the] (model|llm) (menu|list|options|choices)
""",
        "besides": """
besides|apart from|other than|aside from|except [for]|but for|beside|in addition to|not counting
instead of [just]|that (is|s|are) not
""",
        "also": "and",
        "some": """
[have] (one|any|some) [of] (the|my|your|our)
[have] (one|any|some) of (the|my|your) @ (models|ones)|one of|some|something|something from
anything from|one from the
""",
        "suggest": """
(recommend|suggest|advise) [me|us] [on|a|an|some|something] [<fit>]
is there [a|any] (<good>|<size>)
any (recommendation|recommendations|suggestion|suggestions|advice|tip|tips) [on|for|about]
[got|have] [a|an|some|your|any] (recommendation|recommendations|suggestion|suggestions|advice
    |tip) [on|for|about]
help me (pick|choose|decide|decide on|find|select)
(need|want|i need|i want) help (picking|choosing)
(picking|choosing|to pick|to choose|to use|to take|to go with)
<we> (d|would) (recommend|suggest|use|pick|choose|take)
your (pick|advice|suggestion|recommendation)
what (would|d|do) you (say|reckon|think)|what s your (view|take|opinion)
""",
        "should": """
(would|should|shall|do|d|must|ought|will) <we> [<adv>] [rather] [to] <suggest> [me]
i (should|could|ought to) [<adv>] <suggest>|should [<adv>] (do|handle|answer|take) (this|that)
(do|would) you think [i should <suggest>|is|would be]|(makes|would make|make) [the] [most] sense
""",
        "best": """
[is|s|are|be|would be|d be|will be|works|work|would work|fits|suits|performs|does|do|could be
    |might be] [the|my|our|your|a] <good> [one|choice|option|pick|fit|bet]
(is|s|are|be|would be|d be) [the|a] [really|very] (<fit>|<size>) [one|choice|option|enough|fit]
    [for|at|with]
(handles|can handle|could handle|copes with|can deal with|deals with|holds|can take|takes|is up
    to|has|keeps|costs|gives|writes|with) [the] [most|least|best|longest|largest|biggest
    |everything|my data] [private|results|answers|code|on my machine]
<good> (for|at|with)|leaks nothing|<most>|good (for|at|with)|<fit> for
""",
        "goal": """
[for] [a|an|the|something|my|some|anything|this|that|lots of|with a|with the|with] [really|very
    |super|pretty|quite a] <size> [<talk>] [<talk>] [coming up]
[for|with|about] [maximum|low|best|max] (speed|privacy|quality|cost|price|accuracy|security
    |latency|confidentiality|money|saving money|saving tokens|value|value for money) [reasons|in
    mind]
(lots|a lot) of (context|text)|privately|on a [tight] budget
to (save|keep things|keep it|keep this|be) (money|costs|private|cheap|fast|quick)
(stays|stay) (on my machine|private|local|here)|nothing leaves (my machine|this machine|my laptop)
""",
        "case": """
(that|if it|if this|and it|it|this|nothing|without|everything) (has to|needs to|must|should|will
    |may|to) (stay|stays|leave|leaves|be|remain|get|sending) [on] [my machine|private|local|here
    |anything out|my laptop|<size>]
[if (i|we) (want|need|have|would like) to] (keep|keeping) [the|my|our] (cost|costs|price|prices
    |bill|bills|spending|expenses|spend) (low|down|small|in check)
(if|when) [it|this|i|we] (gets|is|want|wants|need|care about|matters) [really|very] (<size>|speed
    |privacy|price|cost|quality)
if (speed|privacy|price|cost|money|quality) (matters|counts|is important)
""",
        "task": """
(for|with|on|at) [doing|having] [<our>] [<size>|simple|easy|short|small|everyday] <work> [<work>]
for (this|that|it|me|us) [kind of|sort of] [<work>]|(this|that) (kind|sort) of <work>
what <we> (m|re|are|need) [doing]|my (use case|needs|budget)|day to day [<work>]
""",
        "ours": """
<we> (have|ve got|offer|know of|support)|(do|can) <we> (have|offer)|have <we> got|available
we have here
""",
        "either": "or",
        "glue": """
just|only|ok|okay|hey|hi|hello|yo|so|well|then|to|the|a|an|my|our|your|me|us|this|that|i think|it
let|s|d|ll|m|re|go ahead and|time to|you know what|gonna|by chance|lol|on|of|over|with|by|through
via|for|as|at|here|there|one|ones|instance|again|else|too|also|actually|maybe|perhaps|quickly
simply|really|very|currently|still|already|run|um|uh|uhm|er|erm|hmm|hm|ah|oh|from|yes|yeah|yep
sure|alright|all right|fine|nah|nope|wait|sorry|oops|man|dude|bro|mate|buddy|honestly|seriously
basically|probably|definitely|literally|you know|kind of|sort of|a bit|a while|real quick
never mind|nevermind|enough|that s enough|whatever|gladly|temporarily|i guess|i suppose|up to now
so far|after all|small|big|little|tiny|new|smaller|bigger|own|full|same|like|something
too (slow|expensive|dumb|stupid|weak|pricey|hard)|this is (private|too hard|getting private)
(it s|this is|getting) (getting long|long|expensive|private)|(i m|we re) (offline|out of tokens)
no (cloud|internet|network|wifi)|not good enough|nothing to the cloud|the cloud|cloud
(this|the) (<chat>|machine)|<chat>|tonight|this (morning|afternoon|evening)|these days|locally
machine|laptop|computer|but|mode|can|could|may|will|would|the big gun|endpoint|backend|provider
engine|in this|in here|thats|(is|s) (fine|okay|ok)|works [better] [for me]|does the job
""",
    },
    WORDS,
    BARRED,
    SPELLINGS,
)
