"""What phrases of English are made of: parts of the patterns in `cues_en`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PARTS: Final[Mapping[str, str]] = {
    "adv": "[<adverb>] [<adverb>]",
    "adverb": """
currently|now|right now|rn|still|actually|really|already|at the moment|atm|again|here|exactly|then
just|at present|presently|by default|best|ever|normally|usually
""",
    "our": "the|my|our|your|a|an|this|that|these|any|some|all|all the|all of the|all my|of the",
    "kind": """
ai|language|available|possible|configured|other|different|usable|existing|known|current|active
cloud|big|small|little|tiny|regular|normal|installed|supported
""",
    "one": "model|llm|ai|brain|language model|ai model",
    "many": "models|llms|ais|language models|ai models",
    "chat": "chat|conversation|convo|session|thread|discussion|talk|whole thing",
    "all": "me|us|it|this|things|everything|this <chat>|the <chat>|my <chat>|our <chat>",
    "turn": """
answer|reply|response|question|message|prompt|turn|request|query|shot|opinion|round
""",
    "once": """
(this|the next|next|my next|your next|one|a|a single|single|the following|following|the coming
    |upcoming|the upcoming|just one|this one|one more|the very next|this particular|this specific
    |this last|one single|one last) [single|quick] <turn>
(this|the next|next|the following|this next|this last) one|that <turn>
(a|an|single) (answer|reply|response|opinion)
(a second|second|another|a different|a quick) (opinion|take|answer|view)
""",
    "old": "previous|last|earlier|old|former|other|prior|original|first|usual|regular",
    "ran": """
[<adv>] (had|used|liked|was|were|was using|were using|was on|were on|was talking to|were talking
    to|was with|were with|started with|began with|came from|talked to|picked|chose) [<adv>]
    [before|earlier|previously|before that|before this|originally|at first|at the start|a moment
    ago|just now|until now|with|using|on|there]
""",
    "then": "before|earlier|previously|originally|at first|a moment ago|before that|until now",
    "we": "i|we|you|u",
    "what": """
which|what|what s|whats|which s|what are|which are|which kind of|what kind of|what sort of
what type of
""",
    "ends": "endpoints|backends|providers|engines",
    "talking": """
(talking|speaking|chatting|connected|hooked up|writing|replying) (to|with)|on|using|with
working with|dealing with|running|running on|based on|powered by|built on|getting answers from
""",
    "answering": """
answering|responding|replying|talking|speaking|powering|serving|handling|driving|behind
in charge [of]|at work|at the (wheel|helm)|on duty|on the (line|other end|other side)
under the hood|doing the (talking|answering|replying|work)
""",
    "active": "in use|active|selected|live|current|set|being used|used|running|called",
    "object": """
me|to me|us|to us|this|that|it|you|my (questions|messages|requests|prompts)|these answers
this <chat>|here|this answer|this reply|the <chat>|the answers
""",
    "good": """
<most>|better|faster|quicker|cheaper|smarter|stronger|more <trait>|less expensive|preferred
recommended
""",
    "most": """
best|fastest|quickest|cheapest|smartest|strongest|biggest|largest|longest|safest|cleverest
brightest|snappiest|most <trait>|least expensive|optimal|ideal
""",
    "trait": """
capable|powerful|private|secure|suitable|accurate|reliable|affordable|economical|intelligent
confidential|efficient|expensive|sensible
""",
    "fit": "good|right|suited|suitable|well suited|best suited|better suited|meant|great|fit",
    "size": """
long|longer|large|larger|big|bigger|huge|lengthy|giant|massive|fast|quick|speedy|snappy|cheap
inexpensive|low cost|affordable|economical|private|confidential|sensitive|secret|personal|hard
difficult|tough|tricky|complex|complicated|smart|strong
""",
    "talk": """
task|tasks|job|jobs|work|stuff|thing|things|problem|problems|question|questions|one|conversation
chat|chats|session|sessions|context|contexts|context window|document|documents|answer|answers
refactor|refactoring|debugging session|haul|run|read
""",
    "work": """
task|tasks|job|jobs|work|stuff|things|thing|problem|problems|question|questions|one|conversation
conversations|chat|chats|session|sessions|context|contexts|context window|document|documents|file
files|log|logs|text|texts|answer|answers|refactor|refactoring|refactorings|coding|code|debugging
code review|code reviews|review|reviews|reviewing|writing|docs|documentation|tests|testing
unit tests|planning|brainstorming|translation|translations|translating|summaries|summarizing
analysis|data analysis|research|reasoning|math|design|architecture|design docs|scripts|emails
codebase|repo|project|bug|bugs|feature|features|fixes|edits|boilerplate|prose|letters|images
screenshots|explanations|tool use|tool calling|debugging session|haul|run|read|data|matter
""",
    "have": """
(do|can|could|may|did|am|are) <we> [<adv>] (choose|choose from|switch to|use|have|pick from|pick
    |select|talk to|offer|access|change to|know|see|select from|get|switch between|support|choose
    between|be using|able to use|know of|change|swap|get to choose from|have access to) [<adv>]
    [available|set up|configured|connected|to choose from]
<we> (have|can use|could use|know|offer) [available|set up|configured]
(are|is) (available|configured|set up|there)
""",
    "suggest": """
use|pick|choose|take|go with|go for|switch to|recommend|suggest|advise|prefer|ask|trust|be on
be using|stay with|want|put
""",
    "call": """
ok|okay|so|well|and|but|hey|hi|hello|um|uh|uhm|er|hmm|hm|oh|wait|sorry|yes|yeah|no|please|now|just
right|then|also|maybe|really|still|already|always|only|actually|eh|yo|look|excuse me
""",
    "judged": """
[really|very|quite|so|too|also|just|more|much|still|always|a|an|the|not] (good|better|best|bad|worse
    |worst|slow|slower|fast|faster|cheap|cheaper|smart|smarter|expensive|great|nice|ready|free|new
    |old|wrong|right|useless|up|down|here|there|on|off|running|done|stuck|private|local
    |awful|terrible|rubbish
    |mid|complicated|tricky|hard|easy|simple|getting private|getting long|understand me|get it
    |help|work|an idiot|a bit slow|dumb|stupid|weak)
""",
    "this": """
(this|that|the) [last|old|current|new|other] (one|model|thing|chat|question)|it|this
""",
}
