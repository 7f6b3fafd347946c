"""Several encoders reading the same sentence, their states laid side by side: as the concatenated models of "SerBERTus" do.

    [own ; companion]:   embed, encode and walk of each, joined along the width:   C -> n C

Joined at the embeddings already, so that whatever moves embeddings a little (SMART) moves those of every encoder, and the pooled vector, the
mean and the maximum over tokens all become their concatenations by themselves.  One encoder alone passes through untouched.
Letters: B batch, T tokens, C model width, n encoders, L layers, H heads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from minbert.attention import Attended
from minbert.bert import Bert, BertOutput
from minbert.entry_points import onward, up_to


def joined(states: Sequence[Tensor], dim: int = -1) -> Tensor:
    """n tensors (..., C) -> (..., n C); a single one is handed on as it is, not copied."""
    return states[0] if len(states) == 1 else torch.cat(list(states), dim)


@dataclass(frozen=True)
class SideBySide:
    """The doors of `Bert` for n encoders of one width and depth; the first is the task's own.  It owns nothing."""

    parts: tuple[Bert, ...]

    @property
    def width(self) -> int:
        """n C: the width of every state, and of the pooled vector."""
        return sum(part.config.hidden_size for part in self.parts)

    def embed(self, input_ids: Tensor, token_type_ids: Tensor | None = None, point: str = "output") -> Tensor:
        """(B, T) ids -> (B, T, n C), as they are at `point` of minbert/entry_points.py."""
        return joined([up_to(part.embeddings, point, input_ids, token_type_ids) for part in self.parts])  # (B, T, n C)

    def onward(self, point: str, states: Tensor, input_ids: Tensor, token_type_ids: Tensor | None = None) -> Tensor:
        """From `point` to what the first layers read: (B, T, n C) -> (B, T, n C)."""
        return joined([onward(part.embeddings, point, own, input_ids, token_type_ids) for part, own in zip(self.parts, self._split(states))])

    def encode(
        self, embeddings: Tensor, attention_mask: Tensor | None = None, first_only: bool = False, need_weights: bool = False, keep_states: bool = True
    ) -> BertOutput:
        """`Bert.encode` of each part: embeddings (B, T, n C) -> states (B, T, n C), pooled (B, n C), attention weights (B, n H, T, T)."""
        outputs = [part.encode(own, attention_mask, first_only, need_weights, keep_states) for part, own in zip(self.parts, self._split(embeddings))]
        return BertOutput(
            joined([output.last_hidden_state for output in outputs]),  # (B, T, n C)
            joined([output.pooler_output for output in outputs]),  # (B, n C)
            tuple(joined(states) for states in zip(*(output.hidden_states for output in outputs))),
            tuple(joined(weights, 1) for weights in zip(*(output.attentions for output in outputs))) if need_weights else None,
        )

    def walk(self, hidden: Tensor, attention_mask: Tensor | None = None, first_only: bool = False, need_weights: bool = False) -> Iterator[Attended]:
        """`Bert.walk` of all parts in step: yields states (B, T, n C) layer by layer; whoever stops asking stops them all."""
        walks = [part.walk(own, attention_mask, first_only, need_weights) for part, own in zip(self.parts, self._split(hidden))]
        for steps in zip(*walks):
            yield Attended(joined([step.output for step in steps]), joined([step.weights for step in steps], 1) if need_weights else None)

    def _split(self, states: Tensor) -> tuple[Tensor, ...]:
        if len(self.parts) == 1:
            return (states,)  # a view of the whole would cost a copy of its gradient
        return states.split([part.config.hidden_size for part in self.parts], dim=-1)  # n times (B, T, C)
