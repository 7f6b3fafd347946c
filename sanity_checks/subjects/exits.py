"""What the probe of exits needs: a small model with exits, what they say, and how a batch leaves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

WIDTH, LAYERS, VOCABULARY, RATE = 4, 4, 13, 0.375


@dataclass(frozen=True)
class ExitsOf:
    """model(pooling, frozen, tasks) -> a small model of 4 layers with the tasks sst (five classes) and quora (siamese pairs, one score), float64, eval mode, whose exits
    are named exits.TASK.0 and on; full(model, task, ids, mask) -> its own logits; walk(model, task, ids, mask, wanted, embeddings) -> (features, logits)
    or None of each exit; every(model, task, ids, mask) -> (B, L, k) or (B, L);
    leave(walks, embeddings, mask, answer(layer, states, mask) -> (features, logits), decide(history) -> (B,) of bool, siamese, first only) -> (logits, layers,
    rows), walks: one for what is left above layer 0, 1, ..., each a function (states, mask, first only) -> states layer by layer;
    early(model, task, ids, mask, rule, threshold, temperatures) -> (logits, layers, rows)."""

    model: Callable[..., nn.Module]
    full: Callable[..., Tensor]
    walk: Callable[..., list[tuple[Tensor, Tensor] | None]]
    every: Callable[..., Tensor]
    leave: Callable[..., tuple[Tensor, Tensor, Sequence[int]]]
    early: Callable[..., tuple[Tensor, Tensor, Sequence[int]]]


def library() -> ExitsOf:
    """The subject made of tasks/exits.py and tasks/exit_inference.py."""
    import tasks.exits as ours  # here, so that a file that cannot be read is reported when its component is checked

    def walk(model: nn.Module, task: str, ids: Tensor, mask: Tensor, wanted: Collection[int] | None = None, embeddings: Tensor | None = None) -> list[Any]:
        return [each and (each.features, each.logits) for each in ours.walk_exits(model, model.exits[task], _batch(task, ids, mask), wanted, embeddings)]

    return ExitsOf(_model, lambda model, task, ids, mask: model(_batch(task, ids, mask)), walk,
                   lambda model, task, ids, mask: ours.all_exits(model, model.exits[task], _batch(task, ids, mask)), _leave, _early)  # fmt: skip


def _model(pooling: str = "pooler", frozen: bool = False, tasks: Sequence[str] = ("sst", "quora")) -> nn.Module:
    from minbert.bert import Bert
    from minbert.config import BertConfig
    from tasks.exits import make_exits
    from tasks.model import MultitaskModel
    from tasks.recipe_settings import ModelSettings
    from tasks.registry import TASKS

    bert = Bert(BertConfig(vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=1, intermediate_size=1, max_position_embeddings=8))
    bert.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
    mode = "last-linear-layer" if frozen else "full-model"
    model = MultitaskModel(bert, {name: TASKS[name] for name in tasks}, ModelSettings(pooling=pooling, head_dropout=RATE, fine_tune_mode=mode))
    model.exits = make_exits(model, 7)
    return model.double().eval()


class _Layer(nn.Module):
    """Stands for an encoder layer: every token sees the mean of all that are no padding."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(WIDTH, WIDTH)

    def forward(self, hidden: Tensor, bias: Tensor, first_only: bool = False, need_weights: bool = False) -> Any:
        """hidden (R, T, C), bias (R, 1, 1, T) or None -> output (R, T, C), or (R, 1, C)."""
        from minbert.attention import Attended

        seen = (hidden.new_zeros(len(hidden), 1, hidden.size(1)) if bias is None else bias[:, 0].to(hidden)).softmax(-1) @ hidden  # (R, 1, C)
        asking = hidden[:, :1] if first_only else hidden
        return Attended((2 * self.linear(asking) + 3 * seen).tanh() + asking / 2, None)


def _batch(task: str, ids: Tensor, mask: Tensor) -> Any:
    from tasks.batching import Batch

    size = len(ids) // 2 if task == "quora" else len(ids)
    return Batch(task, ids, mask, torch.zeros_like(ids), torch.zeros(size, dtype=torch.int64), tuple(map(str, range(size))), tuple(range(size)))


class _Path:
    """Stands for what is left of an encoder: walk(states, mask, first only) yields steps with an `output`."""

    def __init__(self, walk: Callable[..., Any]) -> None:
        self._walk = walk

    def walk(self, hidden: Tensor, attention_mask: Tensor, first_only: bool = False) -> Any:
        """States layer by layer."""
        from minbert.attention import Attended

        return (Attended(states, None) for states in self._walk(hidden, attention_mask, first_only))


def _leave(walks: Sequence[Callable[..., Any]], hidden: Tensor, mask: Tensor, answer: Callable[..., Any], decide: Callable[..., Tensor], siamese: bool, first_only: bool) -> Any:
    from tasks.exit_inference import leave_early
    from tasks.exits import AtExit

    left = leave_early([_Path(walk) for walk in walks], hidden, mask, lambda *given: AtExit(*answer(*given)), decide, siamese, first_only)
    return left.logits, left.layers, left.rows


def _early(model: nn.Module, task: str, ids: Tensor, mask: Tensor, rule: str, threshold: float, temperatures: Sequence[float] | None = None) -> Any:
    from tasks.exit_certainty import Certainty
    from tasks.exit_inference import LeavingEarly
    from tasks.exit_rules import exit_rule

    certainty = Certainty(model.exits[task][0].head.linear.in_features).double()
    with torch.no_grad():
        certainty.linear.weight.copy_(torch.linspace(-3.0, 3.0, certainty.linear.weight.numel()))
    early = LeavingEarly(model, model.exits, {task: exit_rule(rule, threshold, model.tasks[task].kind)}, nn.ModuleDict({task: certainty}),
                         {task: temperatures} if temperatures else None)  # fmt: skip
    logits = early.eval()(_batch(task, ids, mask))
    return logits, early.left[-1][1].layers, early.left[-1][1].rows
