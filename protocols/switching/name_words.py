"""Words of which names are made, for all languages at once: tables for `names`.

Which families and makers of models there are is common knowledge of the field; whether one of them
may be named is decided by the places that exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .normal import word_set, words_of

_Phrases = frozenset[tuple[str, ...]]


def _phrases(*texts: str) -> _Phrases:
    return frozenset(tuple(words_of(each)) for text in texts for each in text.split("|"))


FAMILIES: Final = frozenset(
    [
        "anthropic",
        "claude",
        "opus",
        "sonnet",
        "haiku",
        "openai",
        "chatgpt",
        "gpt",
        "gemini",
        "gemma",
        "groq",
        "kimi",
        "moonshot",
        "qwen",
        "alibaba",
        "llama",
        "mistral",
        "mixtral",
        "codestral",
        "devstral",
        "magistral",
        "deepseek",
        "grok",
        "xai",
        "phi",
        "glm",
        "minimax",
        "openrouter",
        "ollama",
        "vllm",
        "mlx",
        "lmstudio",
        "cerebras",
        "nemotron",
        "granite",
        "cohere",
        "olmo",
    ]
)
"""Words that name a model or its maker, and nothing else that programmers often talk about."""

MAKERS: Final[Mapping[str, tuple[str, ...]]] = {
    "anthropic": ("claude", "opus", "sonnet", "haiku"),
    "claude": ("opus", "sonnet", "haiku"),
    "openai": ("gpt",),
    "chatgpt": ("gpt",),
    "google": ("gemini", "gemma"),
    "moonshot": ("kimi",),
    "alibaba": ("qwen",),
    "xai": ("grok",),
}

MODIFIERS: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "it",
        "my",
        "one",
        "model",
        "models",
        "answer",
        "back",
        "to",
        "for",
        "of",
        "in",
        "on",
        "and",
        "or",
        "not",
        "now",
        "i",
        "ai",
        "llm",
        "chat",
        "code",
        "coder",
        "instruct",
        "latest",
        "preview",
        "pro",
        "base",
        "exp",
        "plus",
        "thinking",
        "vision",
        "free",
        "beta",
        "open",
        "small",
        "medium",
        "large",
        "next",
        "new",
        "old",
        "high",
        "low",
        "medium",
        "latest",
        "q",
        "gguf",
        "fp",
        "int",
        "bit",
        "de",
        "la",
        "le",
        "el",
        "o",
        "list",
        "which",
        "use",
        "switch",
        "go",
        "ask",
        "with",
        "from",
        "here",
        "there",
        "default",
        "auto",
    ]
)
"""Words in names which are no name alone, and words of every other sentence."""

TIERS: Final = frozenset(["pro"])
"""Words in names that many other sentences have, too, and that are a name alone between these:"""
BEFORE_TIERS: Final = word_set(
    "to on onto use using with want need try take have get me us load let over put it so therefore"
    " ask now and not is or the auf zu nimm mit nehme nehmen will a au le sur avec prends al el"
    " con usa usar pon quiero o ao com quero bitte lieber"
)
AFTER_TIERS: Final = word_set(
    "please pls plz now for from here again instead then thanks thx cheers to do handle take"
    " answer have on gets is should can would will and or one bitte ab jetzt stattdessen umstellen"
    " wechseln umschalten nehmen maintenant merci svp s ahora desde por gracias agora partir"
)
GENERATIONS: Final = frozenset([("k", "2"), ("r", "1"), ("m", "2")])
"""Letters with a number that people call models by: Kimi K2, DeepSeek-R1, MiniMax-M2."""

_DIGITS: Final = (
    "zero|null|cero|零",
    "one|eins|un|uno|um|一",
    "two|zwei|deux|dos|dois|二|两",
    "three|drei|trois|tres|三",
    "four|vier|quatre|cuatro|quatro|四",
    "five|funf|fuenf|cinq|cinco|五",
    "six|sechs|seis|六",
    "seven|sieben|sept|siete|sete|七",
    "eight|acht|huit|ocho|oito|八",
    "nine|neun|neuf|nueve|nove|九",
    "ten|zehn|dix|diez|dez|十",
)
NUMBERS: Final[Mapping[str, str]] = {
    **{word: str(digit) for digit, row in enumerate(_DIGITS) for word in row.split("|")},
    **dict.fromkeys(["thirty", "dreissig", "trente", "treinta", "trinta"], "30"),
}
"""How a speech recogniser writes the numbers of a version."""
POINTS: Final = frozenset(
    ["point", "dot", "punkt", "komma", "virgule", "punto", "coma", "ponto", "virgula", "点"]
)
PARTICLES: Final = frozenset(["の", "的"])
"""What may stand between two words of one name: "ジェミニのプロ"."""
JOINTS: Final = frozenset(
    [
        "on",
        "from",
        "at",
        "by",
        "via",
        "of",
        "in",
        "s",
        "von",
        "bei",
        "auf",
        "uber",
        "de",
        "d",
        "du",
        "chez",
        "sur",
        "del",
        "por",
        "en",
        "do",
        "da",
        "no",
        "na",
        "pela",
        "の",
        "的",
    ]
)
"""What may stand between two names of one place."""
POSSESSIVE: Final = frozenset(["s", "の", "的"])
"""Those behind which a version is one of that place: "openai's 5.2"."""
CONTRACTED: Final = frozenset(["do", "da", "no", "na"])
"""Those of Portuguese, where "pro" before one is no name but "to the": "muda pro da google"."""

SPOKEN: Final[Mapping[str, _Phrases]] = {
    "claude": _phrases("clod|klaude|klod|claudes|クロード|克劳德"),
    "opus": _phrases("opas|オーパス|オプス|オパス"),
    "sonnet": _phrases("sonett|soneto|sonetto|ソネット"),
    "haiku": _phrases("haikou|haicai|ハイク|クロードの俳句|克劳德的俳句"),
    "gemini": _phrases("jemini|geminis|geminai|gemeni|ジェミニ|ジェミナイ"),
    "flash": _phrases("フラッシュ"),
    "pro": _phrases("プロ"),
    "mini": _phrases("ミニ|迷你"),
    "gpt": _phrases("g p t|gpts|chat gpt|jpt|ジーピーティー|チャットgpt"),
    "google": _phrases("グーグル|谷歌"),
    "openai": _phrases("open ai|オープンai|オープンエーアイ"),
    "groq": _phrases("grock|グロック"),
    "kimi": _phrases("kimmy|kimmi|kimy|キミ|月之暗面"),
    "qwen": _phrases(
        "quen|kwen|quwen|qwenn|queen|クウェン|クエン|キューウェン|通义千问|千问|通义|千問|通義千問"
    ),
    "llama": _phrases("lama|ラマ"),
    "mistral": _phrases("ミストラル"),
    "deepseek": _phrases("deep seek|ディープシーク|深度求索"),
}
"""What recognisers hear, and other scripts write, for a word of a name."""

PHRASES: Final[Mapping[str, _Phrases]] = {
    "weak": _phrases(
        "offline mode|hors ligne|sin conexion|sem conexao|local mode|local|lokal|locale|locally"
        "|offline|本地|ローカル|离线|オフライン|本机|本機|離線|本地端"
        "|on this laptop|on my machine|on this machine|on my computer|on this computer"
        "|on my laptop|on my mac|on device|on my device|on my own machine|on my box|on my pc"
        "|my machine|my computer|my laptop|my pc|my mac|on this box|on my desktop"
        "|on my workstation|on my own laptop|on my own computer|on my own box"
        "|on my own hardware|on my hardware|on this pc|on this mac|my own hardware|my desktop"
        "|my workstation|my macbook|on my macbook"
    ),
    "local": _phrases(
        "the local one|my local one|my local model|the local model|local model|my local llm"
        "|the local llm"
        "|local llm|my local ai|the local ai|the offline model|my offline model"
        "|what s on my machine|what s on my computer|what s on my laptop"
        "|the one on my machine|the one on my laptop|the one on my computer"
        "|the one here on my machine|the model on my machine|the model on my laptop"
        "|the model on my computer|self hosted model|my self hosted model|on prem model"
        "|runs on my computer|runs on my machine|running on my machine|my own model"
        "|runs locally|running locally|offline model|local only|local machine|my own machine"
        "|my own gpu|on my own gpu|on my gpu|my own computer|my own laptop|something local"
        "|auf meinem rechner"
        "|auf meinem computer|auf diesem rechner|auf meinem laptop|mein eigenes modell"
        "|meinem eigenen modell|auf meiner maschine|auf dem rechner|hier auf dem rechner"
        "|lokale|lokales|lokalen|lokaler|lokalem|sur ma machine|sur mon ordinateur|sur mon pc"
        "|sur cette machine|sur mon poste|en local|en mi maquina|en mi ordenador"
        "|en mi computadora|en mi equipo|en mi pc|de mi maquina|de mi ordenador|de mi equipo"
        "|de mi computadora|na minha maquina|no meu computador|no meu pc|da minha maquina"
        "|do meu computador|em local|我电脑上的|我机器上的|我的电脑上|本机的|本地的"
        "|电脑上的|这台机器上的|我机器上|我电脑上|本地模型"
        "|本地部署|本地部署的|我机器上那个|我电脑上那个|本機的|本地端的|我電腦上的|我機器上的|電腦上的"
        "|电脑上那个|電腦上那個|机器上那个|电脑里的|電腦裡的|我部電腦|自己电脑|自己機|这台电脑上的|手元の|手元"
        "|自分のマシン|自分のパソコン|自分のpc|このマシン|このpc|自分のpcの|手元のpc"
        "|うちのpc|マシン上の|pc上の|私のマシン"
        "|手元のマシン|自分のマシンの"
    ),
    "embedded": _phrases(
        "built in|builtin|embedded|rehearsal|bundled|eingebaute|eingebauten|eingebautes|eingebaut"
        "|integrierte|integrierten|integriertes|eingebettete|eingebetteten|mitgelieferte"
        "|integre|integree|embarque|integrado|incorporado|incluido|embebido|embutido|embarcado"
        "|内置|内置的|内建|内建的|内嵌|内嵌的|自带的|自带|嵌入式|內置|內置的|內建|內建的|內嵌|內嵌的|內附的"
        "|内蔵|組み込み|内蔵の|組み込みの|付属の|ビルトイン|リハーサル"
    ),
    "default": _phrases(
        "default|standard|standardmodell|defaultmodell|voreingestellte|voreingestellten"
        "|par defaut|por defecto|predeterminado|por omision|padrao|predefinido"
        "|默认|默认的|缺省|預設|預設的|デフォルト|既定|既定の|標準"
    ),
}
"""What is said for the model on this machine, for the embedded one, and for the default."""
