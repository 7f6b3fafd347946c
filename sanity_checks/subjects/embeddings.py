"""What the embeddings probe needs: the tables, norm and dropout that turn ids into vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from sanity_checks.subjects.sizes import Sizes, leaves


@dataclass(frozen=True)
class Embedded:
    """build(sizes) -> module; parts(module) -> its tables word, position and token_type, its norm and its dropout, under these names;
    embed(module, ids (B, T)) -> (B, T, C).

    None where a layout has none: typed(module, ids, token types (B, T)); placed(module, ids, positions (T,) or (B, T)); undropped(module, ids),
    the embeddings before dropout.
    """

    build: Callable[[Sizes], nn.Module]
    parts: Callable[[nn.Module], Mapping[str, nn.Module]]
    embed: Callable[[nn.Module, Tensor], Tensor]
    typed: Callable[[nn.Module, Tensor, Tensor], Tensor] | None = None
    placed: Callable[[nn.Module, Tensor, Tensor], Tensor] | None = None
    undropped: Callable[[nn.Module, Tensor], Tensor] | None = None


def library() -> Embedded:
    """The subject made of minbert/embeddings.py."""
    from minbert.config import BertConfig  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.embeddings import Embeddings

    def build(sizes: Sizes) -> nn.Module:
        return Embeddings(BertConfig(vocab_size=sizes.vocabulary, hidden_size=sizes.width, num_attention_heads=sizes.heads,
                                     max_position_embeddings=sizes.positions, type_vocab_size=sizes.segments))  # fmt: skip

    def embed(module: nn.Module, ids: Tensor) -> Tensor:
        return module(ids)

    def typed(module: nn.Module, ids: Tensor, types: Tensor) -> Tensor:
        return module(ids, types)

    def placed(module: nn.Module, ids: Tensor, positions: Tensor) -> Tensor:
        return module(ids, position_ids=positions)

    def undropped(module: nn.Module, ids: Tensor) -> Tensor:
        return module.normalised(ids)  # type: ignore[operator]

    return Embedded(build, leaves, embed, typed, placed, undropped)
