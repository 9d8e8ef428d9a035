"""How far the token estimator is from real tokenizers, turn by turn.

    python bench/token_estimate.py FOLDER [--record]

FOLDER holds vocabulary-only GGUF files, `ggml-vocab-NAME.gguf`: the source distribution of
llama-cpp-python has them under vendor/llama.cpp/models. Needs `gguf` and `tokenizers` (the extra
`train` has them). The conversations are those of tests/protocols/talks.py and one that reads this
repository's own files; the counts of the former are printed with `--record`, for the fast test.
Where FOLDER also holds llama.cpp's own samples (`.inp`, `.out`), each tokenizer is held to them.
"""
# mypy: ignore-errors
# pyright: basic, reportMissingImports=false
# (Both: the tokenizers' packages are not installed where the linters run.)

from __future__ import annotations

import argparse
import importlib.util
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import gguf
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers
from understudy.protocols.conversation.blocks import Text, ToolResult, ToolUse
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.token_count import conversation_features
from understudy.protocols.token_estimate import TokenEstimator

ROOT = Path(__file__).parents[1]
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLITS = {
    "llama-bpe": (LLAMA3,),
    "qwen2": (LLAMA3.replace("{1,3}", ""),),
    "command-r": (r"\p{N}", GPT2),
    "starcoder": (r"\p{N}", GPT2),
    "gpt-2": (GPT2,),
}
"""How each byte-level tokenizer splits its text, in order."""
NAMES = (*SPLITS, "gemma-4", "llama-spm", "nomic-bert-moe")
MESSAGE_TOKENS, CALL_TOKENS, TOOL_TOKENS = 4, 9, 7
"""What a chat template adds, about."""
SAMPLE_END = "\n__ggml_vocab_test__\n"


def loaded(path: Path, name: str) -> Tokenizer:
    """The tokenizer of a vocabulary."""
    fields = gguf.GGUFReader(path).fields
    read = {key: fields[f"tokenizer.ggml.{key}"].contents() for key in ("model", "tokens")}
    tokens = read["tokens"]
    if read["model"] == "t5":
        scores = fields["tokenizer.ggml.scores"].contents()
        tokenizer = Tokenizer(models.Unigram(list(zip(tokens, scores, strict=True)), unk_id=3))
        return with_blanks(tokenizer, normalizers.Replace(Regex(r"\s+"), " "), first=True)
    places = {token: place for place, token in enumerate(tokens)}
    if read["model"] == "llama":
        scores = fields["tokenizer.ggml.scores"].contents()
        model = models.BPE(
            places,
            merges_by_score(places, scores),
            unk_token=tokens[0],
            fuse_unk=True,
            byte_fallback=True,
        )
        return with_blanks(Tokenizer(model), first=True)
    merges = [tuple(merge.split(" ", 1)) for merge in fields["tokenizer.ggml.merges"].contents()]
    if name in SPLITS:
        tokenizer = Tokenizer(models.BPE(places, merges, ignore_merges=name == "llama-bpe"))
        cuts = [pre_tokenizers.Split(Regex(each), "isolated") for each in SPLITS[name]]
        as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([*cuts, as_bytes])
        return tokenizer
    model = models.BPE(places, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    tokenizer = with_blanks(Tokenizer(model), first=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\n+|[^\n]+"), "isolated")
    return tokenizer


def with_blanks(tokenizer: Tokenizer, *before: normalizers.Normalizer, first: bool) -> Tokenizer:
    """The tokenizer, for text whose blanks are SentencePiece's."""
    start = [normalizers.Prepend("\u2581")] if first else []
    steps = [*before, *start, normalizers.Replace(" ", "\u2581")]
    tokenizer.normalizer = normalizers.Sequence(steps)
    return tokenizer


def merges_by_score(places: dict[str, int], scores: list[float]) -> list[tuple[str, str]]:
    """SentencePiece's order as merges: each pair of pieces that makes one, the best first."""
    found = [
        (scores[place], pair)
        for piece, place in places.items()
        for pair in sorted(pairs(piece, places), key=lambda two: (places[two[0]], places[two[1]]))
    ]
    return [pair for _, pair in sorted(found, key=lambda each: -each[0])]


def pairs(piece: str, places: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The ways to make a piece of two others."""
    for cut in range(1, len(piece)):
        if piece[:cut] in places and piece[cut:] in places:
            yield piece[:cut], piece[cut:]


def differences(tokenizer: Tokenizer, path: Path) -> str:
    """How many of llama.cpp's own samples the tokenizer cuts in another way."""
    samples = path.with_name(path.name + ".inp")
    if not samples.exists():
        return "no samples"
    texts = samples.read_bytes().decode().split(SAMPLE_END)
    wanted = path.with_name(path.name + ".out").read_text().split("\n")
    cut = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    wrong = sum(
        ids != [int(word) for word in line.split()] for ids, line in zip(cut, wanted, strict=False)
    )
    return f"{wrong} of {len(texts)} samples differ"


def token_count(tokenizer: Tokenizer, text: str) -> int:
    """The tokens of one text."""
    return len(tokenizer.encode(text, add_special_tokens=False))


def tokens_of(conversation: Conversation, count: Callable[[str], int]) -> int:
    """The tokens of a conversation as a chat template would put it."""
    texts = [text.text for text in conversation.system]
    texts += [
        json.dumps({"name": tool.name, "description": tool.description, "schema": tool.schema})
        for tool in conversation.tools
    ]
    calls = 0
    for message in conversation.messages:
        for block in message.blocks:
            match block:
                case Text(text):
                    texts.append(text)
                case ToolUse(_, name, given):
                    calls += 1
                    texts += [name, json.dumps(given)]
                case ToolResult(_, content):
                    calls += 1
                    texts += [part.text for part in content if isinstance(part, Text)]
    around = MESSAGE_TOKENS * len(conversation.messages) + CALL_TOKENS * calls
    return sum(map(count, texts)) + around + TOOL_TOKENS * len(conversation.tools)


def own_files(talks) -> list[Conversation]:
    """A talk in which this repository's files are read, one or a few in a turn."""
    files = sorted(
        path
        for folder in ("protocols", "tests/anthropic", "docs", "io/cli")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".toml", ".json")
    )
    system = (Text((ROOT / "README.md").read_text(encoding="utf-8")),)
    messages, grown = (), []
    for turn in range(talks.TURNS):
        read = files[turn :: talks.TURNS][: 1 + turn % 4]
        uses = tuple(ToolUse(f"c{turn}_{path.name}", "Read", {"path": str(path)}) for path in read)
        results = tuple(
            ToolResult(use.id, (Text(path.read_text(encoding="utf-8")[:9_000]),))
            for use, path in zip(uses, read, strict=True)
        )
        messages += (Message("assistant", uses), Message("user", results))
        grown.append(Conversation(messages, system, talks.TOOLS))
    return grown


def errors(grown: list[Conversation], tokens: list[int]) -> list[float]:
    """The error of each turn's estimate in percent, each made before its count is known."""
    estimator, found = TokenEstimator(), []
    for conversation, count in zip(grown, tokens, strict=True):
        features = conversation_features(conversation)
        found.append(100 * (estimator.estimate(features) / count - 1))
        estimator.observe(features, count)
    return found


def main() -> None:
    """Prints a line for each tokenizer and talk."""
    parser = argparse.ArgumentParser(description="The token estimator against real tokenizers.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--record", action="store_true")
    asked = parser.parse_args()
    spec = importlib.util.spec_from_file_location("talks", ROOT / "tests/protocols/talks.py")
    assert spec is not None
    assert spec.loader is not None
    talks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(talks)
    talked = {kind: talks.talk(kind) for kind in talks.KINDS} | {"own files": own_files(talks)}
    recorded = {}
    for name in NAMES:
        path = asked.folder / f"ggml-vocab-{name}.gguf"
        tokenizer = loaded(path, name)
        print(f"{name}: {differences(tokenizer, path)}")
        for kind, grown in talked.items():
            tokens = [tokens_of(each, partial(token_count, tokenizer)) for each in grown]
            recorded.setdefault(kind, {})[name] = tokens
            shown = " ".join(f"{error:5.1f}" for error in errors(grown, tokens))
            print(f"  {kind:15} {tokens[-1]:6} tokens; error % by turn: {shown}")
    if asked.record:
        del recorded["own files"]
        print(json.dumps(recorded))


if __name__ == "__main__":
    main()
