"""Trains `rehearsal` and writes it: `python -m understudy.io.engines.rehearsal.make OUT.gguf`.

Needs the extra `train` (torch, gguf, numpy, tokenizers) and about ten minutes of one core. Seeded:
the same versions of these packages and of Python (its standard library is the tokenizer's text and
the noise) give the same model. Why this shape:
- Llama's blocks with ALiBi instead of RoPE (llama.cpp's architecture `refact`): a head's reach is
  fixed, so 30,000 tokens of a coding client before the question do no harm, untrained as they are.
- Two layers of two heads over one key-value head: attention is what a long prompt costs on a CPU.
- Embeddings tied; Q8_0; only answers are taught (the loss passes over everything else).
"""
# mypy: ignore-errors
# pyright: basic, reportMissingImports=false
# (Both: the training packages are not installed where the linters run.)

from __future__ import annotations

import json
import math
import pydoc_data.topics
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import gguf
import numpy as np
import torch
import torch.nn.functional as functional
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import nn

from .dialogues import dialogue

SEED = 2026
STEPS = 700
STEP_SEQUENCES = 4
SEQUENCE_TOKENS = 1024
LEARNING_RATE = 3e-3
WARM_UP_STEPS = 60

VOCABULARY = 8192
WIDTH = 192
LAYERS = 2
HEADS = 2
HEAD_WIDTH = 32
FEED_FORWARD = 768
CONTEXT_TOKENS = 32_768
ALIBI_BIAS_MAX = 8.0
"""What llama.cpp assumes of this architecture."""
SHARPNESS = 1.6
"""Logits are scaled by it: clients sample at temperature 1, where a small model wanders."""

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<tool_call>", "</tool_call>"]
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
"""What llama.cpp does for `tokenizer.ggml.pre = qwen2`."""
DESCRIPTION = (
    "A very small model that ships with Understudy so that everything can be tried. It streams real"
    " tokens and knows some small talk about itself; it cannot do any work."
)


def main() -> None:
    """Makes the tokenizer and the model and writes both to the path that is given."""

    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    noise = standard_library_texts()
    tokenizer = train_tokenizer(noise)
    model = train(tokenizer, noise)
    write(Path(sys.argv[1]), model, tokenizer)


def standard_library_texts() -> list[str]:
    """English and code that every Python carries."""
    folder = Path(sysconfig.get_paths()["stdlib"])
    sources = [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))]
    return [*pydoc_data.topics.topics.values(), *sources]


def train_tokenizer(noise: list[str]) -> Tokenizer:
    """A byte-level BPE: any UTF-8 can be said in it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    random = Random(SEED)  # noqa: S311  # seeded on purpose
    dialogues = [text for _ in range(4000) for _, text in dialogue(random, noise)]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*noise, *dialogues], trainer)
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


class Attention(nn.Module):
    """Two heads that share one key-value head; the bias says who is near."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, HEADS * HEAD_WIDTH, bias=False)
        self.key = nn.Linear(WIDTH, HEAD_WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, HEAD_WIDTH, bias=False)
        self.output = nn.Linear(HEADS * HEAD_WIDTH, WIDTH, bias=False)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        batch, tokens, _ = states.shape
        query = self.query(states).view(batch, tokens, HEADS, HEAD_WIDTH).transpose(1, 2)
        key = self.key(states).unsqueeze(1).expand(-1, HEADS, -1, -1)
        value = self.value(states).unsqueeze(1).expand(-1, HEADS, -1, -1)
        mixed = functional.scaled_dot_product_attention(query, key, value, bias.to(query.dtype))
        return self.output(mixed.transpose(1, 2).reshape(batch, tokens, -1))


class Block(nn.Module):
    """Attention and a gated feed-forward layer, each with its norm before it."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.attention = Attention()
        self.feed_forward_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.gate = nn.Linear(WIDTH, FEED_FORWARD, bias=False)
        self.up = nn.Linear(WIDTH, FEED_FORWARD, bias=False)
        self.down = nn.Linear(FEED_FORWARD, WIDTH, bias=False)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        states = states + self.attention(self.attention_norm(states), bias)
        normed = self.feed_forward_norm(states)
        return states + self.down(functional.silu(self.gate(normed)) * self.up(normed))


class Rehearsal(nn.Module):
    """The whole network; its embedding is its output layer too."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)
        nn.init.normal_(self.embedding.weight, std=0.05)

    def forward(self, tokens: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
        """Logits of the next token after the places that are `taught`."""
        bias = alibi_bias(tokens.shape[1])
        states = self.embedding(tokens)
        for block in self.blocks:
            states = block(states, bias)
        return self.norm(states[taught]) @ self.embedding.weight.T


def alibi_bias(tokens: int) -> torch.Tensor:
    """How much each head minds distance, and no look ahead; as ggml's soft_max_ext has it."""
    places = torch.arange(tokens)
    distance = (places[:, None] - places[None, :]).float()
    slopes = 2.0 ** (-ALIBI_BIAS_MAX / HEADS * torch.arange(1, HEADS + 1))
    bias = -slopes[:, None, None] * distance
    return bias.masked_fill(distance < 0, -math.inf)[None]


def train(tokenizer: Tokenizer, noise: list[str]) -> Rehearsal:
    """Takes STEPS steps, warming up and then cooling down along a cosine."""
    model = Rehearsal()
    optimizer = torch.optim.AdamW(model.parameters(), LEARNING_RATE, betas=(0.9, 0.98), fused=True)
    batches = taught_batches(tokenizer, noise)
    started = time.monotonic()
    for step in range(STEPS):
        rate = min((step + 1) / WARM_UP_STEPS, 0.5 + 0.5 * math.cos(math.pi * step / STEPS))
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * rate
        tokens, taught = next(batches)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(tokens[:, :-1], taught[:, 1:])
        loss = functional.cross_entropy(logits.float(), tokens[:, 1:][taught[:, 1:]])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 50 == 0:
            elapsed = time.monotonic() - started
            print(f"step {step} of {STEPS}, loss {loss.item():.3f}, {elapsed:.0f} s", flush=True)
    return model


def taught_batches(
    tokenizer: Tokenizer, noise: list[str]
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Dialogues end to end, and which of their tokens are answers."""
    random = Random(SEED + 1)  # noqa: S311  # seeded on purpose
    needed = STEP_SEQUENCES * (SEQUENCE_TOKENS + 1)
    tokens: list[int] = []
    taught: list[bool] = []
    while True:
        while len(tokens) < needed:
            for role, text in dialogue(random, noise):
                teach = role == "assistant" and bool(text)
                head = tokenizer.encode(f"<|im_start|>{role}\n").ids
                said = tokenizer.encode(text).ids
                tail = tokenizer.encode("<|im_end|>\n").ids
                tokens += [*head, *said, *tail]
                taught += [False] * len(head) + [teach] * len(said)
                taught += [teach and not text.endswith(",")] + [False] * (len(tail) - 1)
        shape = (STEP_SEQUENCES, SEQUENCE_TOKENS + 1)
        yield torch.tensor(tokens[:needed]).view(shape), torch.tensor(taught[:needed]).view(shape)
        del tokens[:needed], taught[:needed]


def write(out: Path, model: Rehearsal, tokenizer: Tokenizer) -> None:
    """Writes the GGUF file: what it is, its tokenizer, its template, its weights."""
    writer = gguf.GGUFWriter(str(out), "refact")
    writer.add_name("rehearsal")
    writer.add_author("Understudy")
    writer.add_license("Apache-2.0")
    writer.add_description(DESCRIPTION)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD_WIDTH)
    writer.add_value_length(HEAD_WIDTH)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(VOCABULARY)
    write_tokenizer(writer, tokenizer)
    writer.add_chat_template(Path(__file__).with_name("template.jinja").read_text("utf-8"))
    for name, values in named_tensors(model):
        write_tensor(writer, name, values.detach().float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{out}: {out.stat().st_size:,} bytes")


def write_tokenizer(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    """Adds the tokens, as llama.cpp reads those of GPT-2."""
    saved = json.loads(tokenizer.to_str())
    tokens = sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().__getitem__)
    assert len(tokens) == VOCABULARY
    kinds = [gguf.TokenType.NORMAL] * (VOCABULARY - len(SPECIAL))
    for token in SPECIAL:
        control = token.startswith("<|")
        kinds.append(gguf.TokenType.CONTROL if control else gguf.TokenType.USER_DEFINED)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(merge) for merge in saved["model"]["merges"]])
    writer.add_bos_token_id(tokenizer.token_to_id("<|endoftext|>"))
    writer.add_eos_token_id(tokenizer.token_to_id("<|im_end|>"))
    writer.add_pad_token_id(tokenizer.token_to_id("<|endoftext|>"))
    writer.add_add_bos_token(False)


def named_tensors(model: Rehearsal) -> Iterator[tuple[str, torch.Tensor]]:
    """The weights under the names of GGUF."""
    yield "token_embd", model.embedding.weight
    yield "output_norm", model.norm.weight * SHARPNESS
    for number, block in enumerate(model.blocks):
        for name, module in (
            ("attn_norm", block.attention_norm), ("ffn_norm", block.feed_forward_norm),
            ("attn_q", block.attention.query), ("attn_k", block.attention.key),
            ("attn_v", block.attention.value), ("attn_output", block.attention.output),
            ("ffn_gate", block.gate), ("ffn_up", block.up), ("ffn_down", block.down),
        ):  # fmt: skip
            yield f"blk.{number}.{name}", module.weight


def write_tensor(writer: gguf.GGUFWriter, name: str, values: np.ndarray) -> None:
    """Matrices as Q8_0, norms as they are."""
    if values.ndim == 1:
        writer.add_tensor(f"{name}.weight", values)
        return
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor(f"{name}.weight", gguf.quants.quantize(values, kind), raw_dtype=kind)


if __name__ == "__main__":
    main()
