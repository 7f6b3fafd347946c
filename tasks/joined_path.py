"""Pairs that are embedded apart and read together: model.pairs = "joined", or "cross-attention" above a siamese encoder ("BERTer").

    joined            rows (2B, T, C), first sentences above second ones   ->   [embed(a) ; embed(b)] (B, T', C)   ->   the encoder, once
    cross-attention   rows (2B, T, C)   ->   the encoder, of each row   ->   one look of each sentence at the other   ->   [u; v; |u - v|; u v]

The rows of a batch are those of siamese pairs, so a regularizer that moves embeddings moves both texts' before they meet.  minbert/embedding_order.py
and tasks/cross_embedding.py do the work; the readings are ours.
Letters: B pairs, R = 2B rows, T tokens, T' tokens of the longest pair, C model width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from torch import Tensor, nn

from minbert.bert import Bert
from minbert.side_by_side import SideBySide
from tasks.paths import Paths
from tasks.registry import Task
from tasks.seeds import named_generator

if TYPE_CHECKING:
    from tasks.recipe_settings import ModelSettings


@dataclass(frozen=True)
class JoinedPath:
    """The way of a pair through `inner`: embedded as two rows, read as one.  types, second_cls: as in minbert/embedding_order.py."""

    inner: SideBySide
    types: str = "segments"
    second_cls: str = "kept"

    @property
    def parts(self) -> tuple[Bert, ...]:
        """The encoders, as of any path."""
        return self.inner.parts

    @property
    def width(self) -> int:
        """The width of every state."""
        return self.inner.width

    def embed(self, input_ids: Tensor, token_type_ids: Tensor | None = None, point: str = "output") -> Tensor:
        """(R, T) ids -> (R, T, C), each row with positions from 0; segments are those of `types`, whatever the batch says."""
        ids, _, types = self._rows(input_ids)
        return self.inner.embed(ids, types, point)  # (R, T, C)

    def onward(self, point: str, states: Tensor, input_ids: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """From `point` to what is joined: (R, T, C) -> (R, T, C)."""
        ids, _, types = self._rows(input_ids)
        return self.inner.onward(point, states, ids, types)

    def ready(self, embeddings: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Rows (R, T, C) and their mask (R, T), of the batch -> pairs (B, T', C) and their mask (B, T'), for `inner`."""
        from minbert.embedding_order import close_up, join_rows  # here, since a student edition is without it

        return tuple(close_up(join_rows(embeddings, self._rows(attention_mask, attention_mask)[1])))

    def _rows(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        from minbert.embedding_order import rows_to_embed

        return rows_to_embed(input_ids, input_ids if attention_mask is None else attention_mask, self.types, self.second_cls)


def made_ready(path: SideBySide | JoinedPath, embeddings: Tensor, attention_mask: Tensor) -> tuple[SideBySide, Tensor, Tensor]:
    """Whatever the way of a task: its encoder, and embeddings and mask as that reads them.  Only those of joined pairs change."""
    return (path.inner, *path.ready(embeddings, attention_mask)) if isinstance(path, JoinedPath) else (path, embeddings, attention_mask)


def encoder_of(path: SideBySide | JoinedPath) -> SideBySide:
    """What walks through the layers of `path`."""
    return path.inner if isinstance(path, JoinedPath) else path


def mask_of(path: SideBySide | JoinedPath, attention_mask: Tensor) -> Tensor:
    """The mask of the states in `path` for a batch with mask (R, T): (R, T), or (B, T') of joined pairs."""
    if not isinstance(path, JoinedPath):
        return attention_mask
    return path.ready(attention_mask[..., None], attention_mask)[1]  # (B, T')


def joined_paths(paths: Paths, tasks: Mapping[str, Task], settings: ModelSettings) -> Paths:
    """`paths`, on which the pairs of `tasks` are joined if `settings` say so."""
    if settings.pairs != "joined":
        return paths
    ways = {name: JoinedPath(path, settings.joined_types, settings.second_cls) if tasks[name].is_pair else path for name, path in paths.by_task.items()}
    return replace(paths, by_task=ways)


def make_crossings(paths: Paths, tasks: Mapping[str, Task], settings: ModelSettings, seed: int) -> nn.ModuleDict:
    """Task of pairs -> its cross-attention above the encoder, each with a generator of its own; empty where `settings` want none."""
    if settings.pairs != "cross-attention":
        return nn.ModuleDict()
    from tasks.cross_embedding import CrossAttention  # here, since a student edition is without its heads

    heads = {name: sum(part.config.num_attention_heads for part in paths.of(name).parts) for name in tasks}
    return nn.ModuleDict({name: CrossAttention(paths.of(name).width, heads[name], named_generator(seed, f"crossing.{name}"))
                          for name, task in tasks.items() if task.is_pair})
