"""The pictures of the pages on sharing and PALs, drawn from the library's own modules; docs/figures.py puts them into files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import nn

from minbert import Bert, BertConfig
from minbert.sharing import SharedEncoder, sharing_of

TASKS = {"sst": "#d95f02", "quora": "#1f78b4", "sts": "#1b9e77"}
SHARED, STATIC = "#bbbbbb", "#e8e8e8"
SHOWN = ("multi", "cerbertus-3", "triple", "multi+triple", "static+finetune")


def _stack(axis: Any, left: float, owners: list[str | None]) -> None:
    """One column of boxes: embeddings, L layers, pooler, each in its owner's colour; None leaves a gap."""
    names = ["emb", *(str(number) for number in range(1, len(owners) - 1)), "pool"]
    for height, (owner, name) in enumerate(zip(owners, names)):
        if owner:
            axis.bar(left, 0.9, bottom=height, width=0.85, color=owner, edgecolor="white")
            axis.text(left, height + 0.45, name, ha="center", va="center", fontsize=7)


def _owners(parts: nn.Module, depth: int, colour: str) -> list[str | None]:
    """The column of a module, told from the names of its tensors: the colour where it owns something, None where not."""
    names = [name for name, _ in parts.named_parameters()]
    places = ["embeddings.", *(f"layers.{number}." for number in range(depth)), "pooler."]
    return [colour if any(name.startswith(place) for name in names) else None for place in places]


def _columns(shared: SharedEncoder, depth: int) -> Iterator[list[str | None]]:
    if any(True for _ in shared.bert.parameters()):
        yield _owners(shared.bert, depth, SHARED)
    if shared.static is not None:
        yield _owners(shared.static.bert, depth, STATIC)
    for task, colour in TASKS.items():
        if any(True for _ in shared.towers[task].parameters()):
            yield _owners(shared.towers[task], depth, colour)


def who_owns_what(path: Path) -> None:
    """A column per set of weights, for five ways to share BERT-base among three tasks, and what each counts."""
    from matplotlib import pyplot as plt

    with torch.device("meta"):  # names and sizes are all that is needed
        bert = Bert(BertConfig())
        encoders = {name: SharedEncoder(bert, TASKS, sharing_of(name, 12)) for name in SHOWN}
    columns = {name: list(_columns(shared, 12)) for name, shared in encoders.items()}
    figure, axes = plt.subplots(1, len(SHOWN), figsize=(13, 4.8), width_ratios=[len(each) + 0.6 for each in columns.values()], layout="constrained")
    for axis, (name, shared) in zip(axes, encoders.items()):
        for left, owners in enumerate(columns[name]):
            _stack(axis, left, owners)
        millions = sum(parameter.numel() for parameter in shared.parameters()) / 1e6
        axis.set(title=f"{name}\n{millions:.1f}M", xlim=(-0.8, len(columns[name]) - 0.2), ylim=(0, 14))
        axis.axis("off")
    labels = {"shared": SHARED, "frozen copy": STATIC, **TASKS}
    figure.legend([plt.Rectangle((0, 0), 1, 1, color=colour) for colour in labels.values()], labels, loc="outside lower center", ncols=5, frameon=False)
    figure.savefig(path, dpi=100)
    plt.close(figure)


# Boxes of the drawing of a layer: text, x, y, width, colour.  The layer stands left, the PAL of a task right of it.
BOXES = (
    ("attention", 1.5, 1.4, 2.2, SHARED), ("add and norm", 1.5, 2.6, 2.2, SHARED), ("feed-forward", 1.5, 3.8, 2.2, SHARED),
    ("add and norm", 1.5, 6.2, 2.2, SHARED), ("down: C to 204", 5.0, 1.4, 2.2, TASKS["sst"]), ("attention, 204 wide", 5.0, 2.9, 2.6, TASKS["sst"]),
    ("up: 204 to C (starts at 0)", 5.0, 4.4, 3.2, TASKS["sst"]),
)  # fmt: skip
# Arrows as lists of corners; the last one is where the head points.
PATHS = (
    [(1.5, 0.2), (1.5, 1.1)], [(1.5, 1.7), (1.5, 2.3)], [(1.5, 2.9), (1.5, 3.5)], [(1.5, 4.1), (1.5, 5.9)],
    [(1.5, 0.6), (-0.1, 0.6), (-0.1, 2.6), (0.4, 2.6)], [(1.5, 3.2), (-0.1, 3.2), (-0.1, 6.2), (0.4, 6.2)], [(1.5, 6.5), (1.5, 7.3)],
    [(1.5, 0.6), (5.0, 0.6), (5.0, 1.1)], [(5.0, 1.7), (5.0, 2.6)], [(5.0, 3.2), (5.0, 4.1)], [(5.0, 4.7), (5.0, 6.2), (2.6, 6.2)],
)  # fmt: skip
NOTES = (("h", 1.2, 0.2), ("y", 1.2, 3.1), ("z", 1.2, 7.2), ("TS(h)", 3.9, 6.4))


def pal_beside_a_layer(path: Path) -> None:
    """The way of the numbers through one layer and the PAL beside it."""
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(7.2, 6), layout="constrained")
    for text, x, y, width, colour in BOXES:
        axis.add_patch(plt.Rectangle((x - width / 2, y - 0.3), width, 0.6, facecolor=colour, edgecolor="black", alpha=0.75))
        axis.text(x, y, text, ha="center", va="center")
    for corners in PATHS:
        axis.plot(*zip(*corners[:-1]), color="black", lw=1.2)
        axis.annotate("", xytext=corners[-2], xy=corners[-1], arrowprops={"arrowstyle": "->", "lw": 1.2})
    for text, x, y in NOTES:
        axis.text(x, y, text, ha="center", va="center", style="italic")
    axis.text(1.5, 7.7, "one layer of BERT, shared by all tasks", ha="center")
    axis.text(5.4, 7.7, "the PAL of one task", ha="center", color=TASKS["sst"])
    axis.text(5.0, 0.05, "down and up: the same in all 12 layers", ha="center", color=TASKS["sst"], fontsize=9)
    axis.set(xlim=(-0.6, 7.2), ylim=(-0.1, 8.0))
    axis.axis("off")
    figure.savefig(path, dpi=100)
    plt.close(figure)
