"""The pictures of the pages on layer focus and embedding order, computed by the library's own functions; docs/figures.py puts them into files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

LEARNS, RUNS, ORANGE, GREEN = "#1f78b4", "#cccccc", "#d95f02", "#1b9e77"
SEGMENTS = (LEARNS, ORANGE)
LAYERS, EPOCH = 12, 755
FIRST, SECOND = ("the", "dog", "slept"), ("a", "boy", "read", "books")
PADS = 2


def _turns(axis: Any) -> None:
    """A column per turn, bottom-up, and one for stage 2: which layers learn, which only run."""
    from tasks.focus_plan import Work, focus_plan, focus_work

    columns = [*focus_work(focus_plan(LAYERS, 1)), Work(1, LAYERS, LAYERS)]
    for turn, work in enumerate(columns, start=1):
        left = turn + (0.6 if turn > LAYERS else 0)  # stage 2 stands apart
        for layer in range(1, work.forward + 1):
            learns = layer > work.forward - work.backward
            axis.bar(left, 0.9, bottom=layer - 0.95, width=0.85, color=LEARNS if learns else RUNS)
        axis.plot([left - 0.42, left + 0.42], [work.forward + 0.05] * 2, color=GREEN if work.backward == 1 else ORANGE, lw=3)
    axis.set_xticks([*range(1, LAYERS + 1), LAYERS + 1.6], [*map(str, range(1, LAYERS + 1)), "stage 2"])
    axis.set(title="bottom-up: what runs and what learns", xlabel="turn of stage 1", ylabel="layer", yticks=[k - 0.5 for k in range(1, LAYERS + 1)],
             yticklabels=range(1, LAYERS + 1), xlim=(0.4, LAYERS + 2.2), ylim=(0, LAYERS + 0.3))
    axis.spines[["top", "right"]].set_visible(False)


def _costs(axis: Any) -> None:
    """Cost of an epoch per turn in steps of ordinary training, split into forward and backward, beside the batches read."""
    from tasks.focus_plan import cost_of, focus_plan, focus_work, joint_work, unfreezing_work

    rows = {"ordinary training,\n1 epoch": joint_work(LAYERS, EPOCH), "layer focus,\n12 turns of an epoch": focus_work(focus_plan(LAYERS, EPOCH)),
            "gradual unfreezing,\n13 epochs": unfreezing_work(LAYERS, EPOCH), "ordinary training,\n12 epochs": joint_work(LAYERS, 12 * EPOCH)}
    for place, (name, work) in enumerate(rows.items()):
        cost = cost_of(work, LAYERS)
        forward = cost.forward / 3
        axis.barh(place, forward, color=RUNS, label="forward" if place == 0 else None)
        axis.barh(place, cost.full_steps - forward, left=forward, color=LEARNS, label="backward" if place == 0 else None)
        axis.text(cost.full_steps + 100, place, f"{cost.full_steps / EPOCH:.2f} epochs' worth,\n{cost.batches // EPOCH} epochs of data", va="center", fontsize=8)
    axis.set_yticks(range(len(rows)), list(rows))
    axis.set(title=f"cost, in steps of ordinary training ({EPOCH} an epoch)", xlim=(0, 12 * EPOCH * 1.35))
    axis.invert_yaxis()
    axis.legend(loc="upper right", frameon=False)
    axis.spines[["top", "right"]].set_visible(False)


def layer_focus(path: Path) -> None:
    """Stage 1 turn by turn, and what it costs beside ordinary training."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(13, 4.6), layout="constrained", width_ratios=(1, 1))
    _turns(axes[0])
    _costs(axes[1])
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in (LEARNS, RUNS)] + [plt.Line2D([], [], color=GREEN, lw=3), plt.Line2D([], [], color=ORANGE, lw=3)]
    figure.legend(handles, ["learns", "runs, without a graph", "its exit's loss", "loss of all exits"], loc="outside lower left", ncols=4, frameon=False)
    figure.savefig(path, dpi=100)
    plt.close(figure)


class Recorder:
    """Stands in for an encoder: "embeds" a token as (its number, position, segment), so that a picture shows what was really looked up."""

    def embed(self, input_ids: torch.Tensor, token_type_ids: torch.Tensor | None = None) -> torch.Tensor:
        """(B, T) -> (B, T, 3)."""
        types = torch.zeros_like(input_ids) if token_type_ids is None else token_type_ids
        return torch.stack([input_ids, torch.arange(input_ids.size(1)).expand_as(input_ids), types], -1)


def _row(axis: Any, height: float, title: str, states: torch.Tensor, mask: torch.Tensor, words: list[str]) -> None:
    for place, ((word, position, segment), real) in enumerate(zip(states.tolist(), mask.tolist())):
        colour = SEGMENTS[segment] if real else "white"
        axis.add_patch(_box(place, height, colour, hatch="" if real else "////"))
        if real:
            axis.text(place + 0.45, height + 0.62, words[word], ha="center", va="center", fontsize=9, color="white")
            axis.text(place + 0.45, height + 0.25, str(position), ha="center", va="center", fontsize=9, color="white", fontweight="bold")
    axis.text(-0.2, height + 0.45, title, ha="right", va="center")


def _box(left: float, bottom: float, colour: str, hatch: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((left, bottom), 0.9, 0.9, facecolor=colour, edgecolor="#aaaaaa", hatch=hatch, alpha=0.9)


def embedding_order(path: Path) -> None:
    """One pair in the standard order and in the altered one with each option: word, position and segment of every token."""
    from matplotlib import pyplot as plt

    from minbert.embedding_order import close_up, embed_then_join

    words = ["[CLS]", "[SEP]", *FIRST, *SECOND]
    first = torch.tensor([[0, *range(2, 2 + len(FIRST)), 1, *[0] * PADS]])  # a batch mate is longer: padding at the end of a
    second = torch.tensor([[0, *range(2 + len(FIRST), len(words)), 1]])
    masks = torch.tensor([[1] * (first.size(1) - PADS) + [0] * PADS]), torch.ones_like(second)
    whole = torch.cat([first[:, :-PADS], second[:, 1:]], dim=1)
    types = torch.tensor([[0] * (first.size(1) - PADS) + [1] * (second.size(1) - 1)])
    rows = {"standard": (Recorder().embed(whole, types)[0], torch.ones_like(whole[0]))}
    for title, kind, cls in (("altered, second [CLS] dropped", "segments", "dropped"), ("altered", "segments", "kept"), ("altered, one segment", "zeros", "kept")):
        joined = embed_then_join(Recorder(), first, masks[0], second, masks[1], kind, cls)
        rows[title] = (joined.embeddings[0], joined.attention_mask[0])
        if title == "altered":
            closed = close_up(joined)
            rows["altered, closed up"] = (closed.embeddings[0], closed.attention_mask[0])
    figure, axis = plt.subplots(figsize=(11, 4.4), layout="constrained")
    for place, (title, (states, mask)) in enumerate(rows.items()):
        _row(axis, -1.25 * place, title, states, mask, words)
    axis.text(0, 1.15, "word piece above, position below; blue segment 0, orange segment 1; hatched: padding, hidden by the mask", fontsize=9)
    axis.set(xlim=(-4, first.size(1) + second.size(1)), ylim=(-1.25 * len(rows) + 1.1, 1.5))
    axis.axis("off")
    figure.savefig(path, dpi=100)
    plt.close(figure)
