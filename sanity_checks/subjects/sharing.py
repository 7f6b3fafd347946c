"""What the probe of sharing needs: the architectures by name, built around a small BERT, and what each task reads with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

WIDTH, LAYERS, VOCABULARY = 6, 2, 13
TASKS = ("sst", "quora")


@dataclass(frozen=True)
class SharingOf:
    """encoder() -> a small BERT in float64 and eval mode; shared(name, encoder, own pooler) -> the encoders of all tasks, whose parameters are named
    bert.*, towers.TASK.* and static.*; read(shared, task, ids, mask, first only, weights) -> an output with last_hidden_state, pooler_output,
    hidden_states and attentions; steps(shared, task, ids, mask) -> states layer by layer; embed(shared, task, ids) -> embeddings;
    width(shared, task) -> width of the pooled vector; static(encoder) -> a copy that never learns."""

    encoder: Callable[[], nn.Module]
    shared: Callable[[str, nn.Module, bool], nn.Module]
    read: Callable[..., Any]
    steps: Callable[[nn.Module, str, Tensor, Tensor], list[Tensor]]
    embed: Callable[[nn.Module, str, Tensor], Tensor]
    width: Callable[[nn.Module, str], int]


def library() -> SharingOf:
    """The subject made of minbert/sharing.py and minbert/side_by_side.py."""
    import minbert.sharing as ours  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.bert import Bert
    from minbert.config import BertConfig

    config = BertConfig(vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=2, intermediate_size=5, max_position_embeddings=8)

    def read(shared: nn.Module, task: str, ids: Tensor, mask: Tensor, first_only: bool = False, weights: bool = False) -> Any:
        path = shared.of(task)
        return path.encode(path.embed(ids), mask, first_only, weights)

    def steps(shared: nn.Module, task: str, ids: Tensor, mask: Tensor) -> list[Tensor]:
        path = shared.of(task)
        return [step.output for step in path.walk(path.embed(ids), mask)]

    return SharingOf(
        lambda: Bert(config).double().eval(),
        lambda name, encoder, own_pooler: ours.SharedEncoder(encoder, TASKS, ours.sharing_of(name, LAYERS, own_pooler)).eval(),
        read, steps, lambda shared, task, ids: shared.of(task).embed(ids), lambda shared, task: shared.of(task).width,
    )  # fmt: skip
