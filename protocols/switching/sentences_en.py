"""The sentences of English, by what they mean: tables for `grammar`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .grammar import Meaning

SENTENCES: Final[Mapping[Meaning, str]] = {
    "conversation": """
<go> @ [<always>] [<always>]
@@ time
set @ as (the|my|our) (model|default model) [for (this|the) <chat>] [<always>]
(go|be) [fully|completely|all] @ [<always>]
(keep|move|take) (this|it|everything|things|this <chat>) @ <always>
<always> <go> @
<always> [<use>|with|it s|its] @@
[<always>] <use> @ <always>
<always> <use> @
@@ <always>
[<always>] [<wish>] @ [should|to|shall|can|may|must|would|could|will|needs to] <works> [<always>]
[<always>] (let|have|make|get) @ <works> [<always>]
[<always>] <wish> @ [<always>]
[<always>] (can|could|may) @ <works> [<always>]
[<always>] (pick|choose|select|activate|load|enable|start) @@ [<always>]
make @ (the|my) (model|default|one) [<always>]
make it @@ [<always>]
(make|do|go|let s do) @@ [<always>]
[ok] @@ it is [<always>]
[it s] (time for|how about|what about) @@ [<always>]
bring @ (in|back|on) [<always>]
swap @ in [<always>]
(can|could|may) (i|we) [(have|get|use|try|talk to)] @ [<always>]
have @ <always>
[you] @@ [you] (take over|take it from here|your turn|you re up|you take over|takes over)
(with|on) @ <always>
feel better with @
all (answers|messages|questions|replies) (from|by|to|with|via) @ [<always>]
(answer|reply|respond) (with|using|from|via|through) @ [<always>]
[<always>] (answer|reply|respond) (with|using|from|via|through) @
@ (should|can|may|must) (answer|take over|do this|reply|respond) [<always>]
(keep|continue) (this|it|everything|things) [going] (on|with|to) @ [<always>]
""",
    "answer": """
<use> @ <once>
<go> @ <once>
<once> <use> @
<once> <go> @
[do|answer|give me|i want|take|run|send|make|write|get] <once> (with|by|from|on|using|via|through|
    to|in|goes to|should come from|should go to|comes from|should be from|should be by) @
[do|get|give me] <once> (answered|done|handled|written) (with|by|from|on|using|via|through) @
(let|have|get|make) @ <act> [this|that] [<once>|it once]
(let|have|get|make) @ <act> (this|that|it)
(let|have|get|make) @ [to] <act> (to|on) (this|that|it) [<once>]
<wish> @ [to] <act> [<once>|this|that]
<wish> @ <once>
<wish> [(an|one|a|the next|this|a single)] (answer|reply|response|opinion) (from|by) @ [<once>]
@ <once>
@@ (should|can|may|must|will) <act> [<once>|this|that]
<once> @ [should|can|may|must] <act> [this|that|it]
[get|give me|i want|want] [a] (second|another) (opinion|take|answer) from @
(let me|i want to|i d like to) hear [from] @ [<once>|this]
(get|have|let) @ to <act> [this|that|it|<once>]
(route|send|pass|give|hand|direct) <once> (to|through|via) @
<act> <once> @
(let me|want to|i want to) hear @ on this
what @ (say|says|thinks)
ask @ instead
<once> @
ask @ [<once>|about this|about that|this|that]
(answer|reply to|respond to|do) (this|that|it|<once>) (with|using|via|from|on|through|by) @
    [<once>]
[get|give] [me] [(an|one|a|a single|the next|your next)] (answer|reply|response|opinion|take)
    (from|by|with|via) @ [<once>]
(can|could) @ <act> (this|that|it|<once>)
what (does|would) @@ (say|think) [about this|to this|to that|about that]
""",
    "this": """
<use> @ (for|on) (this|that|it|these|the following|what follows|what comes next)
(for|on) (this|that|it) <use> @
(run|do|try|send|process|execute) this (on|with|through|via|by|using) @
(for|on) (this|that) @@
on @@
(let|have|get) @ [to] (do|handle|take|tackle) (the following|what follows|it)
@@ for (this|that)
(go with|switch to) @ for this
""",
    "use": """
<use> @
with @@
""",
    "back": """
(go|switch|swich|change|swap|turn|move|hop|flip) [it|me|us|this|things|[the] model] back [again|to
    before]
(go|switch|change|swap|move|return|revert|turn|jump|hop) [it|me|us|this|things|[the] model] [back]
    to [the|my|our] (previous|last|earlier|old|former|other|prior|original|first) (model|llm|ai|
    endpoint|engine)
(switch|swap|change) [it|me|us|this|things|[the] model] back to [the|my] (previous|last|earlier|
    old|former|other|prior|original) (one|model)
(return|go back|switch back|back|revert) to [the|my|our] (previous|last|earlier|old|former|other|
    prior|original|one before|model before) [model|llm|endpoint|one i had|one we had|model (i|we)
    (had|used|were using|were on|was using|was on)]
[(go|switch|change|put|bring|set|swap)] [it|me|us|this|things|the model] back to (what|who|where|
    how|the model|the one|whatever|whoever) [it|i|we|that] (was|were|had|used|answered|were using|
    was using|was on|were on) [before|previously|earlier|at|before that|originally|with|using|on|
    answering before]
[(go|switch|change|bring)] back to (before|what we used before|the one before|the one from before|
    the model from before|the previous one|the model before|the one we had|the old one|how it was)
(undo|revert|reverse|cancel|roll back) (the|that|this|my|last|the last) [last|model] (switch|model
    change|model switch|change of model|swap of models|change of models)
(give|get|bring) [me] [back] [the|my] (previous|old|earlier|last|former|original|other) (model|
    llm|one) [back]
(i want|i d like|i need|i want to have|id like|can i have|can i get|could i have|could i get)
    [the|my] (previous|old|earlier|last|former|original) (model|llm) [back]
[the|my] (previous|old|last) (model|llm|one) (again|back)
the previous model
put it back to (the previous|the old|my old) (model|one)
use (the|my) (previous|old|earlier|former|original|last) (model|llm|endpoint) [again]
[the|my] (previous|old|earlier|former|last) (model|llm) (back|again)
(take|bring|put|send) (me|us) back [to (the previous|the old|my old|the last) (one|model)|to
    (what|the one|the model) (i|we) had [before]]
return to what (it was|we had|i had|was before) [before]
(the one|the model) [from|we had|i had|that was] before
[i want|i would like|i d like] to go back
[<go>] the (model|one) (i|we) had before
""",
    "which": """
<which> [<things>] [is|s] (this|that|it|the (current|active) (model|one|llm))
<which> <things> is (this|it) [i m|we re|i am] [talking to|using|on|speaking to|chatting with]
<which> <things> (is|s|are|am) (this|it|that|you|i|we) [<answering>|using|talking to|talking with|
    speaking to|speaking with|chatting with|on|running on|working with|dealing with|with]
    [<moment>]
<which> <things> (is|s) [<moment>] <answering> [<moment>|this|me|my questions|here|us]
<which> <things> (do|does|are) (i|we|you|this) [<moment>] (use|using|have|run on|running|run|work
    with|go to|talk to) [<moment>]
<which> <things> (answers|responds|replies|is it|is on|runs here|runs|am i getting|was that|
    answers me|is responding|is replying|do i have) [<moment>]
<which> (one|engine) (is|s|am i|are we|are you) [<moment>] (answering|active|responding|replying|
    in use|on|talking to|using|speaking to|running|running on) [<moment>|me|this]
<which> (one|model|llm) (is|s) (active|selected|on|current|set) [<moment>]
<which> (endpoint|provider|backend) (is this|am i on|am i using|is answering|is active|answers|are
    you on|are we on|is responding|is in use|am i talking to|is it|is replying|are we using)
    [<moment>]
(who|whom) (am i|are we|is it i m|do i have|is it that i m) [<moment>] (talking|speaking|chatting|
    connected) (to|with) [<moment>]
who (s|is) (answering|responding|replying|talking|speaking|there|this answering|answering me|
    talking to me|this i m talking to) [<moment>]
who (answers|is it that answers) [<moment>]
<which> (are|r) (you|u) (running on|based on|powered by)
[(what s|what is|whats|what are|give me|say|name|print|display)] [the|my|our|your] (current|
    active|present) (model|llm|ai|endpoint|engine) [<moment>|in use|name]
(what s|what is|whats|say|name) (the|my|your) (model|llm) [in use|name|here|you re using|i m
    using|you are using|i m on|i m talking to|we re using|we re on|you re running|being used|
    answering|that s answering|in charge|used|behind this] [<moment>]
what (s|is) (answering|responding|replying) [me|this|here] [<moment>]
what (am i|are we) (talking to|talking with|running on|speaking to|chatting with|on) [<moment>]
(is|s) (this|it|that) [still] [really] @ [<moment>|answering|i m talking to|that s answering|here|
    talking|or not|or what|speaking]
(am i|are we) [still] [<moment>] (on|using|talking to|talking with|with|speaking to|speaking with|
    chatting with|running on) @ [<moment>|or what|or not]
(are you|is that you) [still] [<moment>] @@ [<moment>]
(is|does) @ (answering|answer|active|on|still on|still answering|still active|the one answering|
    the active one) [<moment>]
<which> <things> [it is|this is|i m on|we re on|you are|i m using|i am using|i m talking to|is
    answering|we are using|we re using|answers|is active|i am talking to|is this|i am on]
(model|llm) name
<which> version [of you] (is this|are you|am i talking to)
where (do|are) my (messages|questions|prompts|requests) (go|going|sent) [to] [<moment>]
current (model|llm)
[say|name|give me] [the|your|my] (model|llm) name
(which|what) (am i|are we) (using|on) [<moment>]
<which> (claude|gpt|gemini|qwen|version of claude|openai model|anthropic model|google model|claude
    model) (is this|are you|am i talking to|am i on|am i using)
<which> version of @ (is this|are you|am i talking to|am i on|am i using)
<which> @ (is this|are you|am i talking to|am i on|am i using|is answering)
who is on the (line|other end|other side)
<which> (backend|endpoint|provider) (are we|am i|are you) (on|using|running on|talking to)
    [<moment>]
""",
    "list": """
(list|show|display|print|give|name|tell|enumerate|see) [me|us] [a list of|all|all of|all the]
    [the|my|your|our] [available|possible|configured|other|different|usable|existing|known]
    (models|llms|ais|language models) [<there>|that <there>|you have|there are|available|i can
    use|i have|i could use|which are available|that are available|you know|we have|that i can use|
    again]
(list|show|give|name) [me|us] (available|what s available|the available|the possible|the
    configured|my available|all available|all configured) (endpoints|llms|models|engines)
<which> [other|all|different|available|local|kind of|kinds of|sort of|sorts of|of the] (models|
    llms|ais|language models|endpoints and models|ai models|modles|model) [all] (<there>)
    [<moment>]
<which> (endpoints|engines|providers|backends) (can i (use|switch to|choose from|talk to|pick|pick
    from|choose|select)|do i have to choose from|do i have set up|do i have configured|could i
    use)
<which> (ones|one|else|others|all|models and endpoints) can i (switch to|change to|choose from|
    pick from|swap to)
(what|which) (are|s|is) [all] [my|the] (available|possible|other|configured|different|usable)
    (models|llms|ais|model options|model choices)
(what s|what is|whats) [my|the|your] (list of|choice of|selection of|range of) [available]
    (models|llms|ais)
(what s|whats|what is) (on the model menu|available model wise|available in terms of models)
[what are] [my|the] (model options|model choices|options for models|choices of model|options for
    the model)
[the|a|get] [me] [the|a] (list of [all] [the|my|available|possible] [available] (models|llms)|
    model list|models list|list models|list of models)
<which> (models|llms|ais)
[all] (available models|models available|available llms|the models)
what can i (switch to|change the model to|change to|swap to|switch between) [<moment>]
who (can i (talk to|switch to|use)|else can i (talk to|switch to)|else is there|can i choose from)
[are there] (any|some) (other|more) models [<there>]
<which> (models|llms) do we have [available]
[all] models [please]
(what|which) (endpoints|providers) do i have [<there>]
[give|show|get] [me] (the|a|my|your) (list of|full list of) [all|all the|the|my|available]
    [available] models
<which> (ones|one) can i (pick|choose|select|use)
(are|is) there (any|other|any other) (models|model|llms) [available|i can use|i could use|to
    choose from|here]
(can|could) (i|we) (see|have|get) (the|a|my|all) [the] (models|list of [the|all|available]
    [available] models|model list|available models|llms) [list]
do (i|we|you) have (other|any other) models
how many models (are there|do i have|can i use|are available|do we have)
[the] (models|llms) (i can use|i have|available|there are|i can choose from|we have)
""",
    "advice": """
<which> [<things>|one|of them|of these|endpoint] (would|should|do|could|d|shall|will|can|must)
    (you|i|we|one|u) <suggest> [me|us] <for> [best]
<which> [<things>|one|of them|endpoint|of these] <isit> [the|my|a] <kind> [<things>|one|choice|
    option|pick] [here] [<for>]
<which> [<things>|one|of them|endpoint|of these] <isit> [the|my|a] <fit> [<things>|one|choice|
    option|pick] [here] <for>
<which> [<things>|one|of them|endpoint|of these] (is|works|runs|would work) [<kind>] <for>
<which> [<things>|one] (would|should|do) (you|i|we) (<suggest>) (<for>) [here]
<which> (<things>|one|endpoint) (handles|handle|can handle|does|can do|do|could handle|deals with|
    copes with|manages|takes|holds|can take) [a|an|my|the|this] [really|very] <kind> (<task>)
    [best|better|well]
(what s|what is|whats|name|which is|which s|who s|who is) [the|my|our|your] <kind> [<things>|one|
    option|choice|endpoint|pick] [<for>|available|here|i have|you have|i can use|we have|there is|
    i ve got|that i have|for me]
(recommend|suggest|advise) [me|us] [a|an|the|some|your] [<kind>] [<things>|one|endpoint|something]
    <for>
(recommend|suggest) [me|us] [a|an|the|some] [<kind>|good|right|suitable] (<things>|endpoint)
    [<for>]
(what|which one|who) (do|would|should|could) (you|i|we) (recommend|suggest|pick|choose|advise|
    take|use|switch to|go with) [as (a|the) model] <for>
<which> [<things>|one] (should|would|do|can|shall) (i|you|we) (use|take|pick|choose|switch to|
    recommend|go with|suggest)
<which> (<things>|one|endpoint) <for>
(i need|i want|need|want) something [really] <kind> (<which>) [<things>|one]
(any|a|your|some) (recommendation|suggestion|recommendations|suggestions|advice|model
    recommendation|model suggestion) (on which model|for a model|on the model|on models|which
    model) [to use|to take|to pick] [<for>]
(i need|i want|i m looking for|is there|give me|find me|do i have|do we have|got|do you have|i d
    like|need|want) [a|an|something|anything] <kind> (<things>|one|option) [<for>|what do you
    recommend|what would you recommend|which one|which should i use|what do you suggest]
(best|fastest|cheapest|smartest|strongest) (<things>|one) <for>
(best|fastest|cheapest|smartest|strongest|most private) (<things>)
(<for>) <which> [<things>|one] (would|should|do|could) (you|i|we) <suggest>
(<for>) (<which> [<things>|one]|what) (is|s|would be|works) [the] [best|better|good]
(recommend|suggest) [me] something <kind>
(i need|i want) (privacy|speed|quality|long context|a long context) (<which>) [<things>|one]
(help me (pick|choose)|which model to (use|pick|choose|take)|which one to (use|pick|choose|take))
    [a model|the right model|the best model] [<for>]
<which> (<things>|one) (fits|suits|is right for) [me|this|a] [<kind>] [<task>] [best|chat]
(who|<which> <things>|which one) (is|answers|responds|replies|works|runs) [the] (fastest|quickest|
    cheapest|best|smartest|slowest)
""",
}
