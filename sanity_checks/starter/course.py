"""What the checks know of a course starter: its classes, its arguments, and its names for the parts of BERT.

Only names and signatures. A checkout that renamed or merged something simply offers less, and the next larger part is checked instead.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from sanity_checks.starter.helpers import SETTINGS, BertConfig
from sanity_checks.starter.loading import Checkout

# this library's name -> the starter's, inside one layer, and inside the whole model
LAYER_PARTS = {
    "attention.query": "self_attention.query", "attention.key": "self_attention.key", "attention.value": "self_attention.value",
    "attention.output": "attention_dense", "attention_dropout": "attention_dropout", "attention_norm": "attention_layer_norm",
    "feed_forward.expand": "interm_dense", "feed_forward.contract": "out_dense", "feed_forward_dropout": "out_dropout", "feed_forward_norm": "out_layer_norm",
}  # fmt: skip
EMBEDDING_PARTS = {"word": "word_embedding", "position": "pos_embedding", "token_type": "tk_type_embedding", "norm": "embed_layer_norm", "dropout": "embed_dropout"}
MODEL_PARTS = {f"embeddings.{ours}": theirs for ours, theirs in EMBEDDING_PARTS.items()} | {"pooler.dense": "pooler_dense"}


@dataclass
class Findings:
    """What comes to light while a subject runs. called: components whose stand-in was really asked; slips: what no probe asks for, in words."""

    called: set[str] = field(default_factory=set)
    slips: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Desk:
    """A checkout and what was found while it was checked: what adapters build their subjects from."""

    checkout: Checkout
    findings: Findings = field(default_factory=Findings)

    def offers(self, file: str, *path: str) -> Any:
        """The class, method or function at `path` of FILE.py, or None where there is none."""
        found: Any = self.checkout.modules.get(file)
        for name in path:
            found = getattr(found, name, None)
        return found

    def source(self, file: str) -> str:
        """What FILE.py says, or nothing where it cannot be read."""
        path = self.checkout.folder / f"{file}.py"
        return path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""

    def tree(self, file: str) -> ast.Module:
        """The syntax tree of FILE.py; an empty one where it cannot be parsed."""
        return _parsed(self.source(file))

    def nodes(self, file: str) -> tuple[ast.AST, ...]:
        """Every node of that tree."""
        return _walked(self.source(file))

    def says(self, file: str, *words: str) -> bool:
        """Whether FILE.py uses any of `words`, as a name or as a text; comments do not count."""
        names = {getattr(node, field, None) for node in self.nodes(file) for field in ("id", "attr", "name", "value") if isinstance(getattr(node, field, None), str)}
        return not names.isdisjoint(words)

    def config(self, **changes: Any) -> Any:
        """The checkout's own BertConfig with `changes`, or ours where it has none that can be built."""
        theirs = getattr(sys.modules.get("config"), "BertConfig", BertConfig)
        try:
            made = theirs(**changes)
        except Exception:  # noqa: BLE001 (whatever their configuration wants, ours offers the same fields)
            made = BertConfig(**changes)
        for name, value in {**SETTINGS, **changes}.items():
            if name in changes or not hasattr(made, name):
                setattr(made, name, value)
        return made


# One file is asked about by many components, and walking through it takes longer than most probes.
@functools.lru_cache(maxsize=16)
def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


@functools.lru_cache(maxsize=16)
def _walked(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_parsed(source)))


def part(module: nn.Module, path: str) -> nn.Module | None:
    """The part of `module` at a dotted path, or None."""
    for name in path.split("."):
        module = getattr(module, name, None)  # type: ignore[assignment]
    return module if isinstance(module, nn.Module) else None


def parts(module: nn.Module, names: Mapping[str, str], prefix: str = "", before: str = "") -> dict[str, nn.Module]:
    """The parts that `module` has, under this library's names; `prefix` stands before those names, `before` before the starter's."""
    found = {prefix + ours: part(module, before + theirs) for ours, theirs in names.items()}
    return {name: each for name, each in found.items() if each is not None}
