"""Single words of English by what they do in a command, and what tells work from one.

The words are those of everyday talk about changing, asking and choosing. Words of the trade stand
only where advice is asked for (`task`): a text that wants a change must have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .cues import Bar
from .meaning import Kind

WORDS: Final[Mapping[Kind, str]] = {
    "change": """
switch|switching|swich|switched to|change|changing|swap|swapping|move|moving|hop|hopping|jump
jumping|flip|flipping|shift|shifting|transfer|transferred|migrate|go|going|turn|upgrade|downgrade
transition|slide|roll|return|resume|proceed|continue|continuing|carry|stick|stay|staying|keep
keeping|hop over|pass to|convert|ride|back (to|on|onto)|back with|swap out
""",
    "put": """
put|putting|stick|chuck|whack|sling|throw|lash|pop|bung|plonk|hit me|get|getting|bring|bringing
give|giving|gimme|hand|pass|send|route|forward|pull|connect|connecting|make|let|lets|have|having
use|using|try|trying|take|takes|taking|took|choose|pick|select|activate|engage|summon|lend|grab
holler|letting|talk|talking|speak|speaking|chat|chatting|work|working|answer|answers|answering|reply
replies|respond|handle|handles|handling|tackle|lead|drive|do|does the|come|comes|join|jump in
step in|loan|leave|call (the|in|up|on)
""",
    "wish": """
want|wants|wanting|wanna|need|needs|prefer|fancy|rather|would love|would like|should like|d like
d love|wish|what i want|insist|request|requesting|request you|require|after [the|using]|care for
time for|must|vote|it is|s the one|is the one|should be|ought to be|could be|will do|ll do|would do
(is|s|be) (enough|plenty|sufficient)|enough|(will|would|ll) be (fine|grand|ok|okay)
""",
    "polite": """
please|pls|plz|plis|kindly|thanks|thank you|thx|ty|cheers|ta|grateful|abeg|pleasure|be grateful
if you (please|would|will|can|could|don t mind)|do me a favour|appreciated|would you mind
(would|will|could) you be (good|kind) enough [to]|be so good as to|minding
i wonder (whether|if) (i|we|you) (could|can|might|may)
how about (we|i|you|using|going|trying|letting|having|giving)
(would|will|are) you be able to|able to
""",
    "from": """
until|till|remainder|remaining|rest|onward|onwards|henceforth|further|from here|from now|from then
permanently|always|whole|entire|going forward|moving forward|stay there|leave it there|and stay
and keep it|and leave it|keep (it|that) (there|on)|for good|continuation|these next ones|default
forever|everything|stays|follow up|next ones|all day|from here on
""",
    "once": """
alone|just the once|(1|one) (answer|reply|response|question|message)
[this|the|next] (msg|message) only|this 1|next msg|this msg|nobody else|single <turn>|as you were
as before after|switch back after|then back|go back after|then (we|i) (switch|go) back
only [for] this|the next one|next one only
(this|that|my|one|1|just|single|the next|the following|the coming|the last|the very
    next) [next|following|single|one|last|coming] (answer|reply|response|question
    |message|msg|prompt|turn|shot|round) [alone|only|solely|who comes]
(the|this) next one
[the] rest (stays|remains|will remain|remain|goes on|continues) [the same|on this model
    |as before|as it was|as now]
then the same as before
""",
    "now": "now|instead|today|immediately|asap|right away|straight away",
    "anyway": "anyway|regardless",
    "return": "back to (normal|usual)",
    "revert": """
back|revert|reverting|undo|undoing|reverse|reinstate|backwards|cancel|put it again|bring back
go back|return to|returning to|return me|restore|restoring
""",
    "before": """
previous|previously|prev|earlier|former|formerly|prior|last|before|old|ago|we had|i had|original
originally|used to have|preceding|the one before|were on|was on|were using|was using|had been
which (we|i) (used|had)|that (we|i) (used|had)|b 4
before (i|we) (mucked|messed|fiddled|fooled|played|monkeyed) (around|about|with it)
before (i|we) (changed|switched|swapped|touched) (it|that|anything|things)
""",
    "ask": """
tell me|remind|wondering|curious|wonder|confirm|do you know|may i ask|can i ask|state
""",
    "which": "which|wich|whichever one|what|wat|whats|what s",
    "who": "who|whos|whom",
    "current": """
current model|model name|name of [the|this|your|my|current] model|active model
the model [that|which] (i|you|we) (am|are|m|re)|(is|s) [the] (current|active) (model|llm)
""",
    "model": "model|models name|llm|ai|modle|modell|mdoel",
    "is": "is|s|are|am|r|re|m|was",
    "self": """
still|yet|already|(are|r) (you|u|ya) [still|really|actually|now|the]
(am|are) (i|we) [still|always|now|back] on|is (it|this|that) [still|really|actually|now|the]
do (i|we) still have
""",
    "state": """
i|we|you|u|ya|ye|this|that|it|now|currently|active|selected|presently|right now|in use|on|here
gone back to|changed back|switched back|it has changed|i use|you use|we use|use now|i have|have i
i got|am using|are using|have on|been selected|is on|s on
""",
    "speaks": """
answering|replying|responding|talking|speaking|chatting|talk to|speak to|speaking to|talking to
speak with|talk with|do i speak|i speak|i talk|i am speaking|serving|at the other end
""",
    "models": """
models|llms|ais|list of [the|all|all the|available|your|my] (model|models)|all model|modells|modles
ai models|model (choices|options|menu|list)|every model
""",
    "list": """
list|show|display|print|write|read|share|give|tell|name|see|enumerate|available|exist|exists|offer
offers|overview|rundown|run down|menu|can use|could use|could be using|can select|can choose
may choose|may use|pick from|choose from|choosing|selecting|select from|switch to|got|have|there
reachable|disposal|the right to use|to choose|else|other|others|going|around|possible|everything
know|reach|access|talk to|on hand|at hand|lined up|stand to the choice|make me|make us|get|people
work here|work for me
""",
    "suggest": """
recommend|recommends|suggest|advise|advice|counsel|recommendation|suggestion|opinion|recommended
""",
    "should": """
should|would|d|ought|oughta|reckon|think|shall|must|could|do you|does one|will you|pick|choose
to take|to use|to pick|to go for
""",
    "best": """
best|better|fastest|quickest|cheapest|smartest|strongest|kindest|safest|cheaper|faster|quicker
smarter|stronger|cheapie|cleverest|ideal|optimal|right choice|right one|sharpest|toughest|leanest
most|more|less expensive|more worth it|least|worth it|easiest|nicest|gentlest
""",
    "fit": """
good|right|fit|suited|suitable|suits|suit|well suited|enough|handle|handles|handling|cope|copes
deal with|manage|manages|strong|great|fits|meant|able to|up to|fine for|ok for|decent|alright at
won t|wont|can|could still|cheap|fast|quick|economical|reliable|trust|capable|solid|safe|private
bigger|smaller
""",
    "goal": """
cheap|cheaply|fast|quick|long|very long|lengthy|big|huge|large|private|confidential|secret|smart
wallet|money|cost|costs|budget|speed|privacy|economical|tokens|price|difficult|hard|tricky
nothing may leave my (computer|machine|laptop)|sensitive|gigantic|giant
""",
    "case": """
for (a|an|my|some|stuff|things|questions|long|big|this kind of|old|reading|writing|code|coding)
""",
    "task": """
for|at|with|about|in|through|on|python|rust|go code|java|javascript|typescript|css|html|sql|regex
bash|shell|cobol|fortran|assembly|c|kotlin|swift|ruby|php|perl|haskell|laravel|rails|spring|boot
react|angular|latex|excel|bug|bugs|debugging|debug|refactoring|refactor|refactors|coding|code
programming|scripting|script|scripts|reading|read|review|reviews|reviewing|writing|write|writes
text|texts|letter|letters|email|emails|essay|essays|manual|manuals|book|books|article|articles
manuscript|transcript|transcripts|meeting|notes|log|logs|document|documents|docs|documentation
report|reports|contract|contracts|translation|translations|translating|translate|summary|summaries
summarising|summarizing|summarise|summarize|explain|explaining|explanation|explanations|maths|math
proof|proofs|proving|logic|reasoning|planning|plan|plans|brainstorming|ideas|design|architecture
leak|leaks|memory|race|condition|conditions|concurrency|concurrent|kernel|crash|crashes|panic
segfault|pointer|pointers|compiler|compilers|algorithm|algorithms|homework|assignment|assignments
exam|thesis|paper|papers|research|science|physics|legal|medical|recipe|recipes|poetry|poem|story
novel|boilerplate|boring|simple|crud|daily|everyday|queries|query|chores|grunt|overnight|codebase
codebases|repo|project|projects|source|legacy|old|new|work|job|jobs|task|tasks|stuff|things|thing
question|questions|problem|problems|chat|chats|session|sessions|context|conversation|conversations
answers|reply|testing|flaky|dodgy|gnarly|nasty|hairy|messy|weird|subtle|critical|protection
data protection|safety|security|patience|poking|digging|going through|wading|migrating|migration
app|apps|images|pictures|photos|screenshots|spreadsheet|spreadsheets|numbers|secrets|leave|leaving
machine|computer|laptop|here|choke|embarrass|dumb|silly|spend|burn|plenty|lots|asks|asking|mostly
want|need|doing|all day|that|without|being|snobby|but|won|t|overkill|constraints|having|moment
night|evening|rename|renaming|renames|formatting|cleanup
correct|correcting|proofread|proofreading|polish|polishing
commit message|commit messages|changelog
release notes|speech|slides|presentation|blog|post|posts|copy|marketing|tweet|tweets|interview
job application|cv|resume|cover letter|tax|taxes|finance|test|tests|unit tests
if (i|we|it|you) (don|can|won|do) [t|not]|if|when|cannot|wont
(that|which|it|this) (doesn|won|can|mustn|must) (t|not)|but not|french|german|spanish|english
italian|chinese|japanese|latin|trip|travel|holiday|party|cooking|garden|poems|songs|lyrics|jokes
wedding|birthday|school|uni|university|college|history|biology|chemistry
""",
    "ours": """
here|these|of these|of the|available|you have|we have|i have|i can|you ve got|ones here
""",
    "also": "and",
    "either": "or",
    "some": "one of|one of them|any of|any one",
    "asked": """
(which|what|wich|whats|what s|which s|which is|what is) [ai|language|version of the
    |the|my|your|other|current] (model|llm|ai)
(which|which one|what one|who) of (you|you lot|you guys|yous|y all)|which one are you
(which|what|which one|what one) of (the|these|your|my|our|all the) models
(name|id) of [the|this|your|my|current] (model|llm) [you|i]|(model|llm) name|you are which model
(in|with|to|on) which model
""",
    "why": """
better|best|good|great|nice|bad|worse|worst|poor|weak|wrong|useless|rubbish|terrible|awful|mid|slow
slower|fast|faster|quicker|quick|cheap|cheaper|expensive|pricey|costly|free|smart|smarter|clever
dumb|stupid|strong|stronger|powerful|hard|harder|easy|easier|simple|simpler|tricky|tough|complex
complicated|difficult|serious|trivial|light|heavy|long|longer|short|shorter|private|confidential
secret|sensitive|personal|offline|online|happy|happier|comfortable|glad|ready|grand|cool|perfect
enough|plenty|much|too|more|less|fewer|few|most|super|pretty|only small|heaps|thing|things|stuff
case|reason|reasons|money|cost|costs|budget|tokens|speed|privacy|quality|network|internet|wifi|net
paper|papers|hurry|patience|depth|mistake|pleasure|favour|favor|turn|charge|control|wheel|company
team|bother|trouble|sake|half|work|job|jobs|task|tasks|problem|problems|machine|computer|laptop|pc
box|house|home|conversation|chat|session|thread|convo|discussion|talk|question|questions|answer
answers|reply|replies|response|message|messages|msg|want|wanted|need|needs|needed|like|liked|love
loved|prefer|preferred|think|thought|find|found|believe|feel|feeling|guess|suppose|mean|meant|ask
see|look|try|wait|waiting|starting|begin|beginning|finish|finished|done|stuck|goes|going|gone|go
come|comes|coming|took|taken|take|takes|taking|put|getting|gets|get|gives|giving|give|makes|making
make|does|doing|bring|leave|remain|remains|stays|does it|lasts|understand|suits|works|keep|keeps
hear|know|miss|mind|forgot|picked|chose|choose|picking|use|using|used|forgive|excuse|pardon|sorry
such|different|other|old|new|usual|normal|regular|main|whole|next|first|last|cloud|local|because
since|therefore|as|though|but|cos|cuz|bc|till|after|while|again|already|so that|reckon|whichever
this is|that is|wonder|<this> (is|s|was) <judged> [for me|to me|again]
<this> (doesn t|does not|didn t|can t|cannot|isn t|won t) <judged>
(done with|stop using|enough of|leave) (this|that|it) [one|model]
""",
    "glue": """
a|an|the|this|that|these|those|it|its|i|me|my|mine|we|us|our|ours|you|u|your|ya|ye|yer|he|him|his
she|her|they|them|their|there|here|some|any|all|both|each|every|another|other|others|else|same|one
ones|lot|lots|bit|bits|kind|sort|part|way|something|anything|everything|somebody|someone|people
everybody|folks|guy|guys|fella|lad|man|men|mate|dude|bro|buddy|friend|pal|sir|madam|ma am|boss|dear
love|darling|y all|yall|lah|lor|ah|o|eh|hey|hi|hello|ok|okay|k|kk|right|yes|yeah|yep|yup|aye|no|nah
nope|hmm|hm|um|uh|uhm|er|erm|oh|ooh|well|so|then|now|just|only|simply|really|very|quite|rather|also
even|maybe|perhaps|probably|actually|honestly|basically|definitely|certainly|surely|of course
naturally|finally|first|next|again|still|already|yet|ever|quickly|soon|later|afterwards|meanwhile
today|tonight|afternoon|morning|evening|day|week|hour|minute|minutes|second|seconds|moment|while
time|times|arvo|weekend|once|twice|at once|is|am|are|was|were|be|been|being|s|m|re|ve|d|ll|r|do
have|has|got|can|could|may|might|shall|should|will|would|must|ought|gonna|gonnae|wanna|gotta|to|of
in|on|at|by|for|from|with|via|through|into|onto|over|up|down|out|off|as|and|or|but|let|lets|about
around|along|away|across|apart|please|thanks|sorry|excuse|pardon|oops|hold|hang|hang on|hold up
listen|whether|hope|minding|terribly|fine|alright|sweet|small|smaller|little|tiny|wee|lil|tiddly
big|bigger|large|own|general|option|options|change of|change|switch|swap|name|called|hell|the heck
damn|damned|bloody|goddammit|screw|ngl|kinda|kind of|sort of|hella|tbh|imo|fr|rn|lol|haha|exactly
precisely|currently|presently|directly|instead|always|usually|lead|version|choice|like|endpoint
provider|meh|na|dey|am i|half|at all|nothing|real|whatever|no one|yourself|t other
w|end|a (whirl|spin|burl|bash|tryout)
""",
}

BARRED: Final[Mapping[Bar, str]] = {
    "ever": """
go back (a bit|and|to before)|(go back to|go with) the first one
(try|answer|do|read|take|play) the (last|first) one again|change (it|this) to the other one
you need @|(this|the) model (is|s) [the] <judged>|(the|these) models are [the] <judged>
(is|are) the (model|models) [still] <judged>|what (is|s|are) the (model|models) for
(keep|show me|see|read|stop|get rid of) the (old|other|previous|last) model|other model (here|in)
(give|gives|gave) the model|@ (takes|took) (a|too|so|ages|forever)|@ gives me|@ works for me
it goes to @|did we use|(can|could|would) @ (do better|handle (long|big|large|hard|private))
@ (please|can you|could you) (go on|try|keep|do|make|say|answer again|answer that)|@ are you
(it|this|that|more|answer|talk|work|sound|be|write|much) like @|@ can do (it|better)|@ would do it
you want (@|me)|could it be @|(with|on|for) @ it (is|was|works|takes)|i hear|i only use|come on @
@ come on|go on @|go @ go|would you (use|like to be) @|will it work|can it go|drop [the] @
turn @ (on|off)|(show|read|tell) me @|change the @ a bit
change the (old|other|previous|last) (model|one)|what are models
move the (old|other|last) model back|@ as (it|they) (is|are)|(price|cost|costs) of @
is it @ or @ you|(it|this|that) [one] (works|goes|takes longer) [better] (on|with|to) @
(it|this|that) (may|can|might|could) be @|the answer should be @|as @ would
can you (hear|see|say|tell) @
(the|that) @ again|(change|swap|edit) (the|that) @
(maybe|perhaps|probably|possibly) (i|we) (ll|will|shall|may|might)|(i|we) (may|might) (use|try|go)
continue (the|with the) @
(work|working) on (the|my|this|that) @@|(keep|give) the @@
would you rather be|will you be|could you be @|it needs @ to
""",
    "whole": """
what (is|s) the (biggest|smallest|largest|newest) (model|llm|ai) [ever|right now|now|today]
[<call>] [to|let s|let us|i|we|i ll|keep] (work|working) on @@ [please|now|today|again]
[<call>] change @@ [please|now]|[<call>] <this> is getting (late|long) change it back
""",
    "first": """
[<call>] [<call>] [<call>] (is|are|am|was|were|does|did|do (i|we|you|u|they|people
    |your|my|the)|has|had|have (i|we|you)|why|when|where|r|u still|you still
    |still|isn|wasn|who|whose|whats|what|which|if|unless|how (do|does|did|is|are
    |can|much|many|good|fast|long|big)|should (i|we)|would you (use|be @|like to be
    |pick)|(would|will|can|could) it|(can|could|will|would|should) @ [really|also
    |even|ever] (do|handle|help|manage|read|see|be|deal|cope|work))
@ or @
""",
    "start": """
[<call>] [<call>] (they|he|she|people|everybody|everyone|somebody|someone|nobody)
[<call>] [<call>] it (is (going|on)|s (going|on)|goes|went|keeps|always|changes|was
    |switches|never)
[<call>] [<call>] (i|we|you) [<call>] (put|have (@|been)|were|was|had|used|tried
    |switched|changed|went|moved|asked|wrote|did|like|liked|love|know|found|saw
    |took|use @|picked|chose|(re|are) (going|back))
[<call>] (i|we|you) (ve|d|have|had) [<call>] (been|had|used|tried|switched|changed|gone|moved
    |worked|talked|stayed|set|swapped|picked|chosen)
[<call>] (i|we|you) [<call>] (find @|hear|might|may|can use|have to (ask|choose|pay)|always)
[<call>] (i|we|you) (could|should|would) have
[<call>] should (it|this|that|anything|things) (be|get|become|go|run|fail|turn|stay)
[<call>] (i|we|you) [<call>] (work|talk|speak|chat|get @|will be|be @
    |keep (getting|going|coming))
[<call>] (you want|you see|i see|because|since|must i|you should|you have to|you can use
    |you must|you like|i think (it is|you are|that is))
[<call>] (that|this|the) [answer|reply|one] was (from|by|on)|[<call>] how many|[<call>] when
""",
    "within": """
no more|never|why
every (day|week|time)|most of the time|a lot|for free|at work|all the time
it (is|s) (just|only|still|like) @|(this|that) one (is|was|s) [from|for|like] @|here comes
it (is|s) [good|better|cheaper|faster|easier|nicer] (on|with) @|it (is|s) good that
(answer|question|reply|pick|choice) (is|was) [for|from] @|@ to get|@ way|as good as|nice to @
give @ (a (big|name|minute|hand)|my|some|another)|let @ (be|rest|finish|and)|(try|to) (being|be) @
(keep|make) @ (happy|proud)|bring up @
@ (could|can|may|might|must|would|will|should) (be|have|know|say|do (it|this|that))
is (this|that|it) you|@ (might|may)|which answers|still there
@ (answer|answers|reply|replies|one) (is|are|was|were)|let @ know|(off|out) [the] @
@ (off|out|down|up|first|last|aside|apart|away|home|then @)|leave @ there|as (it|they) (is|are)
(to|on|at) the (right|left|end|top|side|start)|(price|cost|costs|reason|reasons|name) (of|to) @
same [thing|question] (with|for|to|but)
@ (to|should) be (better|faster|cheaper|good|shorter|longer)
(make|keep) [the|this|that|a] @ (short|shorter|long|longer|better|good)|most people
(give|send|show|tell) (him|her|them)|to them
(do|did|does|should|would|can) (he|she|they|people|most)|(it|he|she|they) used
model is (mine|yours|his|hers)|(model|models) (ever|in the world)|makes (a|the)
(model|models) should be <judged>|models should|both models|same name
model (out|off|home|up|down|away|there)|return the model|send (the|them|it)|reason to|call @
leave @ alone|is it (ok|time|worth|better)|(finish|revert|undo|fix|stop|start|do) (this|that|it)
wait (till|until)|maybe later|later|one day|versus|vs|than
about (@|it|this|that|them|(your|my|our|the|these) (model|models))
what (is|s) a model|no (need|reason|point|use|way)
(the|my|your|one|a) (first|next|last|more) @@|another @@|of @@
put @ (here|there|in here)|get the @ model|once (the|it|we|i|you|this|that)|wants|likes|uses|says
(asked|told) (me|us|you)|(in|to|for|the|our|my|this) (backend|endpoint|provider|engine|server)
@ (said|says|wrote|did|made|answered|went|asked|told|thinks|gives|gave|needs|keeps
    |works|does|costs|got|goes|has|had|took|is back|was|were|are)
@ (is|s) <judged>|[@] and @ for|call (~|@) with
(can|does|did|do|will|would|should|could) (the|this|that|it|a|your|these|those) (model|models)
models (are|be) (active|in use|running|used|on|back)|model is (back|active|running)|more models
(do|does) (i|we|you) need|you like|which @ (is|model|do|are)|is (it|this|that) [now] ~
""",
}

SPELLINGS: Final[Mapping[str, str]] = {
    wrong: word
    for word, slips in {
        "back": "bakc bcak abck",
        "talk": "tlak takl",
        "the": "teh hte",
        "right": "rigth rihgt",
        "with": "wiht wtih",
        "use": "ues",
        "using": "usign",
        "give": "giev",
        "take": "taek",
        "next": "nxet netx",
        "from": "fomr",
        "list": "lsit",
        "writing": "writin",
        "coding": "codin",
        "debugging": "debuggin",
    }.items()
    for wrong in slips.split()
}
"""Slips in words that are too short for `slips`, and how some speak: none is another word."""
