"""The pictures of pooling, of pairs in either order and of the Bregman teacher, each computed by the library's own functions; docs/figures.py draws them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

SEGMENTS, GREY, GREEN, PURPLE = ("#1f78b4", "#d95f02"), "#777777", "#1b9e77", "#7570b3"
PAIR = ("the dog ran home", "a cat slept")
WIDTH = 384  # numbers of a vector in the picture of pooling


def _mean_of_all(output: Any, mask: torch.Tensor) -> torch.Tensor:
    # what is easy to write instead, for the picture
    return output.last_hidden_state.mean(1)


def shares() -> dict[str, torch.Tensor]:
    """Rule -> the share of a sentence's vector that comes from each token, (R, T), told from the slopes of random states."""
    from minbert.bert import BertOutput
    from tasks.pooling import POOLINGS

    mask, found = torch.tensor([[1] * 6 + [0] * 2, [1] * 8]), {}
    weight = torch.eye(WIDTH)  # of a pooler that mixes nothing
    for name, rule in (*POOLINGS.items(), ("mean over T:\nwrong", _mean_of_all)):
        hidden = torch.randn(2, 8, WIDTH, generator=torch.Generator().manual_seed(3)).requires_grad_()
        pooled = rule(BertOutput(hidden, torch.tanh(hidden[:, 0] @ weight), (), None), mask)
        (slope,) = torch.autograd.grad(pooled.sum(), hidden)
        read = slope.abs().sum(-1)  # (R, T)
        found[name] = read / read.sum(1, keepdim=True)
    return found


def pooling(path: Path) -> None:
    """Which tokens each rule reads, in a sentence with padding and in its longer neighbour."""
    from matplotlib import pyplot as plt

    from minbert import Tokenizer

    tokenizer, read = Tokenizer.from_pretrained("minilm"), shares()
    rows = [tokenizer.assemble(ids)[0] for ids in tokenizer.pieces(["the dog ran home", "a cat slept on the sofa"])]
    figure, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained", sharey=True)
    for place, (axis, row) in enumerate(zip(axes, rows)):
        table = torch.stack([each[place] for each in read.values()])  # (rules, T)
        axis.imshow(table, cmap="Blues", vmin=0, vmax=0.5, aspect="auto")
        for rule, shares_of_rule in enumerate(table.tolist()):
            for token, share in enumerate(shares_of_rule):
                axis.text(token, rule, f"{share:.0%}" if share else "", ha="center", va="center", fontsize=9, color="white" if share > 0.3 else "black")
        words = tokenizer.tokens(row)
        axis.set_xticks(range(8), words + ["[PAD]"] * (8 - len(words)), rotation=30)
        axis.set_yticks(range(len(read)), list(read))
        if len(words) < 8:
            axis.axvline(len(words) - 0.5, color=SEGMENTS[1], lw=2)
    axes[0].set_title("what the vector of a short sentence is made of")
    axes[1].set_title("and of a longer one in the same batch")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def _split(rows: int) -> Any:
    from tasks.data import Example, Split

    return Split(tuple(Example(str(number), PAIR, 2.5, number) for number in range(rows)), {}, Path("pairs"))


def _encoded(pairs: str, rows: int = 1) -> Any:
    from minbert import Tokenizer
    from tasks.encoding import encode_split
    from tasks.registry import TASKS

    return encode_split(_split(rows), Tokenizer.from_pretrained("minilm"), TASKS["sts"], pairs=pairs, both_orders=True)


def _sequences(axis: Any) -> None:
    from minbert import Tokenizer
    from tasks.batching import collate

    encoded, tokenizer = {name: _encoded(name) for name in ("siamese", "cross")}, Tokenizer.from_pretrained("minilm")
    batches = {"siamese": collate(encoded["siamese"], [0]), "cross, a then b": collate(encoded["cross"], [0]),
               "cross, b then a": collate(encoded["cross"], [0], swapped=[True])}
    height = 0.0
    for title, batch in batches.items():
        for row in range(len(batch.input_ids)):
            words = tokenizer.tokens(batch.input_ids[row].tolist())
            for place, (word, segment, real) in enumerate(zip(words, batch.token_type_ids[row], batch.attention_mask[row])):
                axis.barh(height, 0.94, left=place, height=0.8, color=SEGMENTS[int(segment)] if real else "white", edgecolor=GREY, hatch="" if real else "////")
                axis.text(place + 0.47, height, word if real else "", ha="center", va="center", fontsize=8.5, color="white")
            axis.text(-0.2, height, title if row == 0 else "", ha="right", va="center")
            height -= 1.0
        height -= 0.5
    axis.set(xlim=(-2.7, 10), title="what the encoder reads: blue segment 0, orange segment 1")
    axis.axis("off")


def pair_encodings(path: Path) -> None:
    """One pair apart, together, and together the other way round; and which order twelve pairs are read in, epoch by epoch."""
    from matplotlib import pyplot as plt

    from tasks.streams import BatchStream

    figure, axes = plt.subplots(1, 2, figsize=(12, 3.6), layout="constrained", width_ratios=(2.2, 1))
    _sequences(axes[0])
    rows, epochs = 12, 8
    encoded = _encoded("cross", rows)
    stream, coins = BatchStream(encoded, batch_size=4, generator=1), torch.zeros(rows, epochs)
    for epoch in range(epochs):
        for batch in (next(stream) for _ in range(stream.batches_per_epoch)):
            for index, ids in zip(batch.indices, batch.input_ids.tolist()):
                coins[index, epoch] = ids != encoded.sequences[index][0]
    axes[1].imshow(coins, cmap="Greys", vmin=0, vmax=2, aspect="auto")
    for row, column in torch.cartesian_prod(torch.arange(rows), torch.arange(epochs)).tolist():
        axes[1].text(column, row, "b a" if coins[row, column] else "a b", ha="center", va="center", fontsize=8)
    axes[1].set_xticks(range(epochs), range(1, epochs + 1))
    axes[1].set_yticks([])
    axes[1].set(title='pair_order = "random"', xlabel="epoch", ylabel="twelve pairs")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def bregman_teacher(path: Path) -> None:
    """A weight that training moves, with noise, and four teachers that follow it."""
    from matplotlib import pyplot as plt

    from regularizers import follow, momentum

    updates = 1000
    time = torch.arange(updates) / updates
    student = 1 - torch.exp(-time / 0.15) + 0.06 * torch.randn(updates, generator=torch.Generator().manual_seed(1))
    betas = {"beta = .9": (lambda update: 0.9, GREEN), "beta = .99": (lambda update: 0.99, SEGMENTS[0]),
             ".99, then .999 (paper)": (lambda update: momentum(update, updates), SEGMENTS[1]), "beta = 1: the start": (lambda update: 1.0, PURPLE)}
    figure, axis = plt.subplots(figsize=(10, 4), layout="constrained")
    axis.plot(student, color="#cccccc", lw=1, label="the model's own weight")
    for name, (beta, colour) in betas.items():
        teacher, places = [torch.zeros(1)], []
        for update in range(updates):
            follow(teacher, [student[update : update + 1]], beta(update))
            places.append(teacher[0].item())
        axis.plot(places, color=colour, label=name, lw=2)
    axis.axvline(0.1 * updates, color=GREY, ls=":")
    axis.text(0.1 * updates + 8, -0.12, "a tenth of the updates", color=GREY, fontsize=9)
    axis.set(xlabel="update", ylabel="weight", ylim=(-0.2, 1.3), title="A teacher follows slowly: the closer to 1 beta is, the later and the smoother")
    figure.legend(loc="outside right center", frameon=False)
    figure.savefig(path, dpi=100)
    plt.close(figure)
