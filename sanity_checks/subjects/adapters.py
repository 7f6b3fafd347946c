"""What the probe of the adapters needs: adapters of several tasks, the paths of an encoder that they stand beside, and what each adds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

WIDTH, SIZE, LAYERS, VOCABULARY = 10, 24, 2, 13


@dataclass(frozen=True)
class Adapters:
    """encoder() -> a small BERT; adapters(variant, tasks) -> freshly drawn adapters: both float64, in eval mode, with parts under this library's
    names; add(adapters, task, number of the layer, hidden (B, T, C), mask or None, first only) -> (B, Q, C); path(adapters, task, encoder) -> the
    encoder of a task; layer(path, number, hidden, mask or None, first only) -> states; spare(encoder): of it only norms learn from now on."""

    encoder: Callable[[], nn.Module]
    adapters: Callable[[str, Sequence[str]], nn.Module]
    add: Callable[[nn.Module, str, int, Tensor, Tensor | None, bool], Tensor]
    path: Callable[[nn.Module, str, nn.Module], nn.Module]
    layer: Callable[[nn.Module, int, Tensor, Tensor | None, bool], Tensor]
    spare: Callable[[nn.Module], object]


def library() -> Adapters:
    """The subject made of minbert/task_adapters.py, minbert/adapters.py and minbert/top_attention.py."""
    import minbert.task_adapters as ours  # here, so that a file that cannot be read is reported when its component is checked
    from minbert.bert import Bert
    from minbert.config import BertConfig

    config = BertConfig(vocab_size=VOCABULARY, hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=2, intermediate_size=7, max_position_embeddings=8)

    def bias(mask: Tensor | None) -> Tensor | None:
        return None if mask is None else mask.double().log()[:, None, None, :]  # (B, 1, 1, T): log 1 = 0 keeps, log 0 hides

    def adapters(variant: str, tasks: Sequence[str]) -> nn.Module:
        generators = {task: torch.Generator().manual_seed(place) for place, task in enumerate(tasks)}
        return ours.TaskAdapters(config, generators, variant, size=SIZE, **({"depth": 2} if variant == "top" else {})).double().eval()

    return Adapters(
        lambda: Bert(config).double().eval(), adapters,
        lambda owner, task, number, hidden, mask, first: owner.functions[task](number, hidden, bias(mask), first),
        lambda owner, task, encoder: owner.of(task, encoder),
        lambda path, number, hidden, mask, first: path.layers[number](hidden, bias(mask), first).output,
        lambda encoder: ours.train_norms_alone(encoder),
    )  # fmt: skip
