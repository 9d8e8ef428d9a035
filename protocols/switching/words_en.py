"""What can be said in English: tables for `grammar`."""

from __future__ import annotations

from typing import Final

from .grammar import Tongue
from .sentences_en import SENTENCES

ENGLISH: Final = Tongue(
    code="en",
    fillers="""
please pls plz kindly now just ok okay k hey hi hello yo well so um uh uhm er erm hmm hm ah oh
thanks thx ta cheers actually alright then simply quickly real man dude bro mate yeah yes yep yup
sure sorry understudy honestly maybe perhaps like also only too cool great lol
""",
    polite="please pls plz thanks",
    parts={
        "before": """
i (m|am) (done|finished) with (this|this one|it)|(could|can|may) we|i d (say| appreciate it if
    you)|(this|that|it|this one|that one|this model|the answer| the answers) [(is|s|are|was|keeps
    being|has been)] [way|really|so|a bit|getting] <bad>|<bad>|(can|could| would|will) (you|we|u|
    ya)|would you mind|(d|did) you mind|[(can|could|may)] i [(d|would)] like [you] to|id like
    [you] to|i (want|need) you to|(can| could|may) i|i (want|need|wanna|wish|would like|d like|d
    love|prefer|d prefer) to|i (d|would) [much] rather|id rather|let s|lets|let us| let me|go
    ahead and|time to|you can|i think i (ll| will)|i ll|i m (going to|gonna)|gonna|you know what|
    do me a favor and|do me a favour and|tell me|show me|do you know|i (want|need) to know|i
    wonder|i was wondering|remind me|any idea| wanna|any chance (you|we|i) (can|could)|can i ask|
    be so kind and|i wanna know|curious|and|but
""",
        "after": """
thank you|if (you|we) (can|could|would|may|don t mind)|if possible|for me|ok with you|will you|
    would you|can you|could you|thank you very much|thanks a lot|thank you so much|appreciate it|
    if that s ok|if that works|is that possible|is that ok|s il te plait|a sec|real quick|asap|at
    the moment|exactly|again|by the way|btw|by chance
""",
        "anyway": """
anyway|anyways|regardless|nevertheless|nonetheless|even so|no matter what|in any case
""",
        "articles": """
[(my|the|that|your|our|a|an|this)] [(small|big|fast|cheap|smart|little|new|good|faster|smaller|
    bigger|cheaper|smarter)]
""",
        "nouns": """
(local|language|big|little|small|regular|normal|cloud|tiny) (one|model|llm|endpoint|engine)|one|
    model|llm|version|endpoint|instance|engine|ai|provider|backend|again
""",
        "bad": """
[too|very] (slow|expensive|dumb|stupid|bad|useless|terrible|weak|pricey|costly|not good
    enough|not helping|not working|not great|rubbish|no good)
""",
        "chat": "(chat|conversation|session|thread|convo|discussion|talk)",
        "always": """
from (now|here|this point|there|this moment|here now) [on|onwards|onward|forward|out|on in|on
    out]|(going|moving) forward|for (the|this) (rest|remainder) [of (this|the|our|my) (<chat>|day|
    work|task|time)|of this|of it|of today]|for (this|the|our) [whole|entire] <chat>|for
    everything [from here]|permanently|until (further notice|i say otherwise|i say so|i say stop|i
    tell you otherwise|i change my mind|i tell you)|for good|for a while|for a bit|for now|
    instead|in (this|the|our) <chat>|always|for all (of this|my (messages|questions)|the (next|
    following) (messages|questions|answers)|future answers|that follows)|henceforth|here|for the
    moment|for the time being|from today|as (the|my) (model|default)|as of now|the rest of the
    way|for today|while we re at it|for (this|the) (task|project|work|job|stuff|part|whole thing)|
    from the next message on|from next message on
""",
        "once": """
about this one|on this [one]|about this (answer|reply|response|question|turn|message|prompt|query|
    one|request|shot)|for [this|the|that|my|one|a] [next|single|following|coming|upcoming]
    [single] (answer|reply|response|question|turn|message|prompt|query|one|request|shot)|for
    [just] (answer|reply|response|question|turn|message|prompt|query|one|request|shot)|[this|that|
    the next] once|this time [around]|one time|1 time|this (answer|reply|response|question|turn|
    message|prompt|query|one|request|shot)|[the|my] next (answer|reply|response|question|turn|
    message|prompt|query|one|request|shot)|one (answer|reply|response|question|turn|message|
    prompt|query|one|request|shot)|that (answer|reply|response|question|turn|message|prompt|query|
    one|request|shot)|a single (answer|reply|response|question|turn|message|prompt|query|one|
    request|shot)|(in|on) (this|the next|my next|your next) (answer|reply|response|question|turn|
    message|prompt|query|one|request|shot)|for this time|for (the|my) next thing|one off|as a one
    off|this one time|once and (then|after that) (go back|back|switch back)|one single (time|
    answer)|for once
""",
        "go": """
(switch|swich|swtich|swithc|swicth|switich|change|chang|swap|move|hop|jump|flip|shift|transfer|
    toggle|migrate|switching|changing|swapping|moving|switch me|cut) [me|us|this|it|things|
    everything|over|model|models|[this|the|our|my] (<chat>|model|llm|engine|backend|ai|whole
    thing|whole chat)] [over|back|across] (to|onto|into|over|2|on)|(go|going) (with|to|for|over
    to|back to|on with|ahead with)|(return|turn|back) to|(continue|carry on|proceed|keep going|
    resume|go on|keep on|pick up|work|keep working|continue on|continue this|continuing|continue
    [this|the|our] <chat>) (with|on|using|in)|(set|make|change) [the|my|your] (model|llm|engine)
    [to|be]|(put|get|take|bring|switch|move|drop) (me|us|this|it|things|[this|the] <chat>) [back]
    (on|onto|over to|to)|(route|send|point|direct|hand|forward|pass) (me|us|this|everything|
    things|it|[this|the|my|our] (<chat>|messages|questions|requests)) [over] (to|through|via|at|
    on)|(connect|hook|patch) me [up] (to|with|through to)|(hand|pass) over to|give me|[let me|get
    me|want to|like to] (talk|talking|speak|speaking|chat|chatting|work) (to|with)|(be|become)
    (on|using)|get me|swap in|bring in|bring back|switch it up to|put on|(make|do) the switch to
""",
        "wish": """
i (want|need|prefer|d like|would like|d prefer|would prefer|d rather [have|use]|would rather
    [have|use]|d love|wanna have|wanna use|want to use|d like to use|d like to have|want to have)
    [to have|to use]|id rather [have|use]|id prefer|id like|rather
""",
        "use": "(use|try|take|using|utilize|useing|usee|try out|we use|you use|using)",
        "act": """
(answer|reply|respond|answers|replies|responds|handle|do|take|tackle|write|answering|handles|does|
    takes|cover|field|look at|have a go at|try|take a look at|have a look at|take care of|deal
    with|give it a go)
""",
        "works": """
[to] (answer|answering|reply|respond|take over|takes over|taking over|answers|replies|responds|do
    (the answering|the talking|this|it)|handle (this|it|things|everything|the rest)|handles (this|
    it|things|everything)|take this|take it from here|takes it from here|talk|do the rest|
    continue|continues|do the work|work on this|run this|run this <chat>|answering me|answer me|
    answer my questions|answering my questions|carry on|handling this|doing this|take the wheel|be
    in charge|in charge|drive)
""",
        "which": "(which|what|wich|whic|wat|waht|whch)",
        "things": """
(model|llm|models|ai model|language model|ai|mdoel|modle|modell|language models)
""",
        "answering": """
(answering|responding|replying|active|running|in use|on|being used|speaking|talking|used|selected|
    talking to me|answering me|responding to me|currently active|live|in charge|set|behind this|
    behind you|at work|powering this|working|doing this|on the other end|current|answering right)
""",
        "moment": """
(currently|at the moment|atm|here|today|rn|at present|in this <chat>|for this <chat>|presently|
    this time|again|in here|right here|this minute|right)
""",
        "there": """
(are|is) (there|available|possible|set up|configured|around|online|connected|known|installed|
    reachable|usable|hooked up)|(do|can|could|may) (i|we|you) [choose from|switch to|use|have|pick
    from|pick|choose|select|talk to|offer|access|change to|know|see|select from|go to|have access
    to|get|swap to|switch between|support|have available|have configured|have set up]|could i
    (use|switch to)|(exist|available)|are there to (choose from|pick from|switch to)|have (i|we|
    you) got|i (can|could) (use|switch to|choose from|pick|pick from|choose|select|talk to)|we
    have|i have|you have|you know|have you|i ve got|we ve got|can be used|can you switch to|are on
    offer|are available to me|are available here|do i have to choose from
""",
        "suggest": "(recommend|suggest|use|pick|choose|take|go with|go for|advise|prefer|favor)",
        "task": """
(problems|task|job|conversation|chat|one|context|document|file|session|thread|prompt|answer|
    question|problem|work|stuff|thing|history|text|things|matter|data|questions|tasks|answers|
    discussion|read|reply|replies|conversations|contexts|convo|chats|documents|refactoring|
    refactor|refactorings|coding|code|debugging|research|writing|brainstorming|summaries|
    summarizing|translation|translations|math|reasoning|planning|codebase|project|code review|
    reviews|analysis|sessions|run|haul)
""",
        "kind": """
(long|longer|longest|large|larger|big|bigger|huge|lengthy|really long|very long|giant|massive|
    fast|faster|fastest|quick|quickest|quicker|speedy|snappy|cheap|cheaper|cheapest|least
    expensive|low cost|inexpensive|private|more private|most private|confidential|sensitive|
    secret|personal|hard|difficult|tough|tricky|complex|complicated|best|top|best|smartest|
    strongest|smart|strong|most capable|most powerful|most intelligent|better|most accurate|
    hardest|good|clever|cleverest|safest|really big|really hard|affordable|most affordable|
    economical|most economical|simple|easy|short|small)
""",
        "isit": """
(is|s|would be|works|are|will be|do you think is|is the|would you say is|d be|might be|do you
    think would be)
""",
        "fit": """
(right|good|well suited|suited|suitable|ideal|good choice|better choice|best choice|right choice|
    best one|right one|best fit|best option|recommended|good fit|perfect|best suited|better
    suited|good enough)
""",
        "for": """
for [doing|having|getting] [(a|an|my|the|this|that|some|such a|any|our)] [really|very|super|quite
    a|pretty] [<kind>] <task> [<task>]|for [(a|an|the|something)] [really|very|super|pretty]
    <kind>|for (speed|privacy|quality|cost|price|long context|a lot of context|lots of context|
    accuracy|security|confidentiality|low cost|saving money|low latency|latency|keeping things
    private|keeping it private|a quick answer|quick answers|something (<kind>|private|that has to
    stay private)|stuff that should stay private|the money|the best quality|lots of text|a lot of
    text|maximum speed|private stuff|cost reasons)|(if|when) (i|we) (want|need) (it|something|
    this) (<kind>|to be <kind>|done <kind>|to stay private|to stay on my machine|to stay local)|if
    (it|this|things) (gets|get|is|has to be|should be|must be|needs to be|goes|s going to be|will
    be) [really|very] <kind>|if (it|this) (has|needs) to stay private|if (speed|privacy|price|
    cost|money|quality) (matters|is important|is what matters|counts|is key|matters most)|if i
    (care about|want) (speed|privacy|price|cost|quality)|when (speed|privacy|price|cost|quality)
    (matters|counts)|privately|if i want (speed|privacy)|to (save money|keep things private|keep
    this private|keep it private|keep it cheap|get a fast answer|be fast|go fast|save costs|stay
    private|save)|with (the|a) (long|longest|largest|biggest|big|large) [context] [window]|on a
    budget|for this [<chat>|task|job|one|kind of task|question|problem|conversation]|with privacy
    in mind
""",
    },
    sentences=SENTENCES,
    needs={
        "models": "model llm ones backend ai endpoint engine provider mdoel modle",
        "which": "active using running who whom answer respond repl talk speak chat",
        "list": "switch talk change swap",
        "advise": "would should recommend suggest use pick choose",
        "advice": """
which what who wich whic recommend suggest best fastest cheapest smartest strongest any need want
looking
""",
    },
    goals={
        "long": "long large big huge length lot giant massive context biggest",
        "fast": "fast quick speed snapp latenc",
        "cheap": "cheap cost price money expensive inexpensive budget afford econom sav",
        "private": "priva confiden sensitiv secret personal secur safe stay",
        "good": """
best smart strong capable powerful intelligent hard difficult tough tricky complex complicated
quality accura better clever
""",
    },
    picks=(
        "[the|number|option|take] last [one|option]",
        "[the|number|option|choice|no|take|use|pick] (1|one|first|1st|1 st) [one|option|choice]",
        "[the|number|option|choice|no|take|use|pick] (2|two|second|2nd|2 nd) [one|option|choice]",
        """
[the|number|option|choice|no|take|use|pick] (3|three|third|3rd|3 rd) [one|option|choice]
""",
        """
[the|number|option|choice|no|take|use|pick] (4|four|fourth|4th|4 th) [one|option|choice]
""",
        "[the|number|option|choice|no|take|use|pick] (5|five|fifth|5th|5 th) [one|option|choice]",
        "[the|number|option|choice|no|take|use|pick] (6|six|sixth|6th|6 th) [one|option|choice]",
        "[the|number|option|choice|no|take|use|pick] (7|seven|seventh|7th|7 th) [one|option]",
        "[the|number|option|choice|no|take|use|pick] (8|eight|eighth|8th|8 th) [one|option]",
        "[the|number|option|choice|no|take|use|pick] (9|nine|ninth|9th|9 th) [one|option]",
    ),
    yes="do it|go ahead|do that|that one|go for it|switch|go|y|correct|exactly",
    no="""
no|nope|never mind|nevermind|none|none of (them|these|those)|forget it|cancel|stop|leave it|
    neither|no thanks|stay|stay here|leave it as it is|don t|do nothing|nothing|n|nah|skip
""",
    assents="yes yeah yep yup sure ok okay k alright",
    never="""
what which who not don t isn doesn didn no never if when was were did does is are because until
but and or say tell ask write stop stay keep time 1 first of question questions message messages
answers task project work thing
""",
)
