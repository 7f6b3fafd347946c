"""The pictures of the page on learning rates, drawn from the library's own functions; docs/figures.py puts them into files."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from optim import SCHEDULES, parameter_groups

ORANGE, BLUE, GREEN, GREY = "#d95f02", "#1f78b4", "#1b9e77", "#777777"
TOTAL, WARMUP, LAYERS, EPOCHS = 100, 0.1, 12, 15
RATES = {"decay .95": {"layer_decay": 0.95}, "decay .95, embeddings too": {"layer_decay": 0.95, "decay_embeddings": True},
         "ulmfit": {"layer_rates": "ulmfit"}, "thirds": {"layer_rates": "thirds"}}  # fmt: skip
PARTS = ["embeddings", *(f"layer {number}" for number in range(1, LAYERS + 1)), "pooler", "heads"]


def _named() -> list[tuple[str, nn.Parameter]]:
    """One number for each part, under the names that the parts have in a model."""
    names = ["bert.embeddings.word.bias", *(f"bert.layers.{number}.norm.bias" for number in range(LAYERS)), "bert.pooler.dense.bias", "heads.sst.linear.bias"]
    return [(name, nn.Parameter(torch.zeros(1))) for name in names]


def factors(**settings: object) -> list[float]:
    """The rate of each part over the common one, from the embeddings up to the heads."""
    named = _named()
    rates = {id(each): group["lr"] for group in parameter_groups(named, lr=1.0, no_decay=("bias",), **settings) for each in group["params"]}
    return [rates[id(parameter)] for _, parameter in named]


def schedules(path: Path) -> None:
    """The three schedules over 100 updates, and what they make of two groups whose rates differ."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    for (name, factor), colour in zip(SCHEDULES.items(), (GREY, BLUE, ORANGE)):
        curve = [factor(t, TOTAL, WARMUP) for t in range(TOTAL + 1)]
        axes[0].plot(curve, color=colour, label=name)
        axes[1].plot([2 * value for value in curve], color=colour)
        axes[1].plot([0.95**6 * 2 * value for value in curve], color=colour, linestyle="--")
    axes[0].set(title="warm-up .1 of 100 updates", xlabel="update", ylabel="factor", ylim=(0, 1.05))
    axes[0].legend(loc="upper right", bbox_to_anchor=(1, 0.9))
    axes[1].set(title="the top layer, and (dashes) six layers below at decay .95", xlabel="update", ylabel="learning rate in 1e-5", ylim=(0, 2.1))
    figure.savefig(path, dpi=100)
    plt.close(figure)


def rates_by_layer(path: Path) -> None:
    """The rate of every part of BERT-base under four settings, and which part learns in which epoch of gradual unfreezing."""
    from matplotlib import pyplot as plt

    from tasks.unfreezing import rung

    figure, axes = plt.subplots(1, 2, figsize=(12, 4.6), layout="constrained", sharey=True)
    for (name, settings), (colour, marker) in zip(RATES.items(), ((BLUE, "o"), (BLUE, "x"), (ORANGE, "o"), (GREEN, "s"))):
        axes[0].plot(factors(**settings), range(len(PARTS)), color=colour, marker=marker, linestyle="none" if marker == "x" else "-", label=name)
    axes[0].set(title="rate of each part over optimizer.lr", xscale="log", xlabel="factor")
    axes[0].set_yticks(range(len(PARTS)), PARTS)
    axes[0].legend(loc="upper left")
    for height, (name, _) in enumerate(_named()):
        first = (rung(name, LAYERS) or 0) + 1
        axes[1].barh(height, EPOCHS + 0.5 - first, left=first, height=0.8, color=ORANGE)
        axes[1].barh(height, first - 1, left=1, height=0.8, color="#e8e8e8")
    axes[1].set(title="gradual unfreezing: learns (orange), waits in eval mode (grey)", xlabel="epoch", xlim=(1, EPOCHS + 0.5), xticks=range(1, EPOCHS + 1))
    figure.savefig(path, dpi=100)
    plt.close(figure)
