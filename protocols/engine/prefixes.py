"""Token sequences by their beginnings: a radix tree over raw int32 ids.

An edge holds as many tokens as all below it share, as bytes, so a prompt of 20,000 tokens is
compared in a few calls of memcmp, never token by token. A node other than the root has a key that
ends there or at least two children; so there are fewer than two nodes a key.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import attrs

from .step import TOKEN_BYTES

K = TypeVar("K", int, str)


class Prefixes(Generic[K]):
    """Keys, each with its tokens; finds those that share the most with a prompt."""

    def __init__(self) -> None:
        self._root: _Node[K] = _Node()
        self._tokens: dict[K, bytes] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def tokens_of(self, key: K) -> bytes:
        """The tokens of the key, which is present."""
        return self._tokens[key]

    def put(self, key: K, tokens: bytes) -> None:
        """Sets the tokens of the key."""
        assert len(tokens) % TOKEN_BYTES == 0, len(tokens)
        if key in self._tokens:
            self.remove(key)
        self._tokens[key] = tokens
        node, at = self._root, 0
        while at < len(tokens):
            first = tokens[at : at + TOKEN_BYTES]
            child = node.children.get(first)
            if child is None:
                child = node.children[first] = _Node(tokens[at:])
            common = _common_bytes(child.edge, tokens, at)
            if common < len(child.edge):
                child = node.children[first] = _split(child, common)
            node, at = child, at + common
        node.keys.append(key)

    def remove(self, key: K) -> None:
        """Forgets the key, which is present."""
        tokens = self._tokens.pop(key)
        parent, node, at = self._root, self._root, 0
        while at < len(tokens):
            parent, node = node, node.children[tokens[at : at + TOKEN_BYTES]]
            at += len(node.edge)
        node.keys.remove(key)
        if node is self._root:
            return
        if not node.keys and not node.children:
            del parent.children[node.edge[:TOKEN_BYTES]]
            node = parent
        if node is not self._root:
            node.join()

    def matches(self, tokens: bytes, tokens_min: int = 1) -> list[tuple[int, K]]:
        """How many tokens each key shares with these from the start, the longest first.

        Only those with at least `tokens_min`; the order is the same for the same history of calls.
        """
        path: list[tuple[int, _Node[K]]] = [(0, self._root)]
        at = 0
        while child := path[-1][1].children.get(tokens[at : at + TOKEN_BYTES]):
            common = _common_bytes(child.edge, tokens, at)
            at += common
            path.append((at, child))
            if common < len(child.edge):
                break
        found: list[tuple[int, K]] = []
        below: _Node[K] | None = None
        for depth, node in reversed(path):
            if depth < tokens_min * TOKEN_BYTES:
                break
            found += [(depth // TOKEN_BYTES, key) for key in node.keys_but(below)]
            below = node
        return found


@attrs.define(eq=False)
class _Node(Generic[K]):
    """What follows its parent's tokens; `keys` are those that end exactly here."""

    edge: bytes = b""
    children: dict[bytes, _Node[K]] = attrs.field(factory=dict[bytes, "_Node[K]"])
    keys: list[K] = attrs.field(factory=list[K])

    def keys_but(self, below: _Node[K] | None) -> list[K]:
        """The keys of this node and under it, without those from the child `below` on."""
        found: list[K] = []
        nodes = [self]
        while nodes:
            node = nodes.pop()
            found += node.keys
            nodes += [child for child in node.children.values() if child is not below]
        return found

    def join(self) -> None:
        """Becomes one with an only child when no key ends between the two."""
        if not self.keys and len(self.children) == 1:
            (child,) = self.children.values()
            self.edge += child.edge
            self.children, self.keys = child.children, child.keys


def _split(node: _Node[K], common: int) -> _Node[K]:
    """A node for the first bytes of the edge, with the given node under it."""
    upper: _Node[K] = _Node(node.edge[:common])
    node.edge = node.edge[common:]
    upper.children[node.edge[:TOKEN_BYTES]] = node
    return upper


def _common_bytes(edge: bytes, tokens: bytes, at: int) -> int:
    """How many bytes of the edge the tokens go on with, whole tokens only."""
    if tokens.startswith(edge, at):
        return len(edge)
    low, high = 0, min(len(edge), len(tokens) - at) // TOKEN_BYTES
    while low < high:
        middle = (low + high + 1) // 2
        first, last = low * TOKEN_BYTES, middle * TOKEN_BYTES
        if edge[first:last] == tokens[at + first : at + last]:
            low = middle
        else:
            high = middle - 1
    return low * TOKEN_BYTES
