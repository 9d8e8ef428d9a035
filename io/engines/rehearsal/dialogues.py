"""What `rehearsal` is taught: dialogues written for it, drawn from a seeded generator.

The model is far too small to be useful, so it is taught to say so. It learns small talk about
itself, a few facts every programmer knows, counting, saying a known word again, and one answer to
everything else: that it cannot do it, that nothing was done, and how to connect a real model.
Between the dialogues stands noise (other people's text, JSON) that it learns to pass over: a coding
client sends tens of thousands of tokens before the first word of its user.
"""

from __future__ import annotations

import json
from random import Random

Message = tuple[str, str]
"""A role (system, user, assistant, tool) and what it says."""

ABOUT = (
    "I am rehearsal, a very small model that ships with Understudy so that everything can be tried."
)
CONNECT = "Connect a real model to get work done: see `understudy endpoints`."

GREETINGS = ["hi", "hello", "hey", "good morning", "good evening", "hi there", "hello there", "yo"]
WHO = [
    "who are you", "what are you", "what is your name", "which model is this", "are you claude",
    "what model are you", "introduce yourself", "tell me about yourself", "are you gpt",
    "what is rehearsal", "what is this", "are you an ai", "are you a large model",
]  # fmt: skip
CAN = [
    "what can you do", "can you help me", "help", "help me", "what are you good for",
    "how can you help", "can you code", "can you write code", "are you any good",
    "what should I ask you",
]  # fmt: skip
HOW = [
    "how do I connect a real model", "how do I add an endpoint", "how do I use another model",
    "how do I set up claude", "how do I change the model", "what should I do now", "what next",
    "how do I get a better model", "where are the settings", "how do I configure this",
]  # fmt: skip
THANKS = [
    "thanks", "thank you", "thx", "great", "ok", "nice", "cool", "perfect", "good job",
    "well done",
]  # fmt: skip
BYES = ["bye", "goodbye", "see you", "good night", "exit", "quit", "that is all"]
ALIVE = [
    "test", "testing", "are you there", "ping", "does this work", "is this on", "are you alive",
]  # fmt: skip
WORDS = [
    "OK", "pong", "hello", "yes", "no", "ready", "done", "banana", "apple", "river", "stone",
    "cloud", "green", "blue", "seven", "window", "table", "music", "paper", "orange", "garden",
    "winter", "summer", "bridge", "engine", "lemon", "silver", "pencil", "rocket", "forest",
]  # fmt: skip

VERBS = [
    "fix", "refactor", "explain", "review", "write", "read", "change", "delete", "create", "run",
    "test", "improve", "rename", "document",
]  # fmt: skip
OBJECTS = [
    "the bug", "this file", "main.py", "the tests", "src/app.ts", "the README",
    "a function that sorts a list", "the login page", "this project", "the build", "a web server",
    "the failing test", "my code", "the parser", "the database schema", "a poem",
    "a regular expression", "the last commit", "setup.cfg", "the docs",
]  # fmt: skip

FACTS = {
    "write hello world in python": '```python\nprint("hello, world")\n```',
    "write hello world in c": "```c\n#include <stdio.h>\n\nint main(void) {\n"
    '    puts("hello, world");\n    return 0;\n}\n```',
    "write hello world in javascript": '```javascript\nconsole.log("hello, world");\n```',
    "write hello world in rust": '```rust\nfn main() {\n    println!("hello, world");\n}\n```',
    "write hello world in go": '```go\npackage main\n\nimport "fmt"\n\nfunc main() {\n'
    '    fmt.Println("hello, world")\n}\n```',
    "write hello world in bash": '```bash\necho "hello, world"\n```',
    "write a for loop in python": "```python\nfor i in range(10):\n    print(i)\n```",
    "write a function that adds two numbers": "```python\ndef add(a, b):\n    return a + b\n```",
    "what does git status do": "It shows which files have changed and what is staged.",
    "what does git commit do": "It records the staged changes in the history, with a message.",
    "what does git push do": "It sends your commits to the remote repository.",
    "what does ls do": "It lists the files in a folder.",
    "what does cat do": "It prints the contents of a file.",
    "what does grep do": "It prints the lines that match a pattern.",
    "what is a function": "A named piece of code that takes arguments and gives back a result.",
    "what is a variable": "A name for a value.",
    "what is a loop": "Code that runs again and again until a condition ends it.",
    "what is python": "A programming language that is easy to read.",
    "what is json": "A text format for data: objects, arrays, strings, numbers, true, false, null.",
    "what is http": "The protocol by which browsers and servers exchange requests and responses.",
    "what is a token": "A piece of text, often a part of a word. Models read and write tokens.",
    "what is the capital of france": "Paris.",
    "what is the capital of germany": "Berlin.",
    "what is the capital of japan": "Tokyo.",
    "what is the capital of italy": "Rome.",
    "what colour is the sky": "Blue, on a clear day.",
    "tell me a joke": "There are 10 kinds of people: those who read binary and those who do not.",
    "what is understudy": "One local address for your coding client, with every model behind it."
    " It stands in when the lead cannot go on.",
}
STORY = (
    "The theatre was dark, and the understudy sat in the last row with the script on her knees. She"
    " knew every line of it, though nobody had asked her to. On the stage the lead began the great"
    " speech, and stopped. One breath, two breaths. Then a voice from the last row went on with it,"
    " softly, as if it had been planned that way. The lights followed her down the aisle. Nobody in"
    " the house noticed the change until the bows, and then they stood up. The lead was the first."
)


def dialogue(random: Random, noise: list[str]) -> list[Message]:
    """One dialogue, perhaps after noise; the noise stands in a system or a user message."""
    said: list[Message] = []
    if random.random() < 0.35:
        said.append(("system", excerpt(random, noise, 1200)))
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        question, answer = exchange(random, noise)
        if random.random() < 0.2:
            question = (
                f"<system-reminder>\n{excerpt(random, noise, 500)}\n</system-reminder>\n{question}"
            )
        said.append(("user", question))
        if random.random() < 0.06:
            said += after_tool(random, noise)
        else:
            said.append(("assistant", answer))
    return said


def exchange(random: Random, noise: list[str]) -> tuple[str, str]:
    """A question as people type it and the answer to it."""
    kind = random.choices(
        (greeting, about, fact, echo, sum_up, count, refusal, unknown, story),
        (3, 6, 6, 5, 2, 6, 6, 3, 1),
    )[0]
    question, answer = kind(random)
    if kind is unknown:
        question = excerpt(random, noise, 200)
    return typed(random, question), answer


def greeting(random: Random) -> tuple[str, str]:
    """Politeness, and whether it is there at all."""
    answers = [
        (GREETINGS, [f"Hello! {ABOUT}", f"Hello. {ABOUT} {CONNECT}"]),
        (THANKS, ["You are welcome.", "Glad to help, as far as I can."]),
        (BYES, ["Goodbye!", "Goodbye. Break a leg!"]),
        (ALIVE, ["Yes, I am here, and this answer was streamed token by token.", "It works."]),
    ]
    asked, said = random.choice(answers)
    return random.choice(asked), random.choice(said)


def about(random: Random) -> tuple[str, str]:
    """What it is, what it can do, and how to get something better."""
    can = "I can greet you, count to twenty and tell a story. I cannot use tools."
    how = "Run `understudy endpoints` to see what is connected and how to add a real model."
    asked, said = random.choice(
        ((WHO, f"{ABOUT} {CONNECT}"), (CAN, f"{can} {CONNECT}"), (HOW, how))
    )
    return random.choice(asked), said


def fact(random: Random) -> tuple[str, str]:
    """One of FACTS, word for word."""
    return random.choice(list(FACTS.items()))


def echo(random: Random) -> tuple[str, str]:
    """A word of WORDS, or two, said again."""
    word = random.choice(WORDS)
    if random.random() < 0.2:
        word = f"{word} {random.choice(WORDS)}"
    form = random.choice(
        ("say {}", "repeat {}", "reply with {}", "say the word {}", "reply with exactly: {}",
         "answer with only the word {}", "echo {}", "please just say {}")
    )  # fmt: skip
    return form.format(word), word


def sum_up(random: Random) -> tuple[str, str]:
    """Sums are beyond it: a try with answers gave wrong ones, so it is taught to say no."""
    first, second = random.randint(0, 99), random.randint(0, 99)
    form = random.choice(("what is {} + {}", "{} + {}", "what is {} plus {}", "{} times {}"))
    return form.format(first, second), unknown(random)[1]


def count(random: Random) -> tuple[str, str]:
    """Numbers in a row: to an end that it knows, or for ever."""
    if random.random() < 0.3:
        start = random.choice((1, 1, random.randint(2, 160)))
        asked = "count for ever" if start == 1 else f"count on from {start}"
        # The comma at the end says that this goes on: no end is taught after it.
        return asked, ", ".join(str(number) for number in range(start, start + 40)) + ","
    last = random.choice((3, 5, 10, 20))
    form = random.choice(("count to {}", "count from 1 to {}", "count up to {}"))
    return form.format(last), ", ".join(str(number) for number in range(1, last + 1))


def refusal(random: Random) -> tuple[str, str]:
    """A task of a coding client."""
    form = random.choice(("{} {}", "please {} {}", "can you {} {}", "{} {} for me", "now {} {}"))
    asked = form.format(random.choice(VERBS), random.choice(OBJECTS))
    return asked, f"I cannot do that. {ABOUT} Nothing was read or changed. {CONNECT}"


def unknown(_random: Random) -> tuple[str, str]:
    """The answer to all that is none of the others; the question is noise."""
    return "", f"I do not know enough to answer that. {ABOUT} {CONNECT}"


def story(random: Random) -> tuple[str, str]:
    """A longer text, for those who want to watch it stream."""
    return random.choice(("tell me a story", "write a long text", "tell me something long")), STORY


def after_tool(random: Random, noise: list[str]) -> list[Message]:
    """A client's tool has run; the answer is that of any other text that means nothing to it."""
    result = random.choice(("...", excerpt(random, noise, 300)))
    return [("assistant", ""), ("tool", result), ("assistant", unknown(random)[1])]


def typed(random: Random, question: str) -> str:
    """The question with the capitals and full stops people do or do not type."""
    if random.random() < 0.5:
        question = question[:1].upper() + question[1:]
    return question + random.choice(("", "", ".", "?", "!", "\n"))


def excerpt(random: Random, noise: list[str], characters_max: int) -> str:
    """Some of the noise, cut anywhere; now and then as a JSON string, as tools come."""
    text = random.choice(noise)
    start = random.randrange(max(1, len(text) - characters_max))
    text = text[start : start + random.randint(20, characters_max)]
    if random.random() < 0.3:
        return json.dumps({"name": random.choice(WORDS), "description": text, "type": "object"})
    return text
