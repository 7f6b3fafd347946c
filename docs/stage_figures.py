"""The pictures of the pages on sampling, SimCSE and masked words, each computed by the library's own functions; docs/figures.py draws them."""

from __future__ import annotations

from pathlib import Path

import torch

ORANGE, BLUE, GREEN, GREY = "#d95f02", "#1f78b4", "#1b9e77", "#777777"
COURSE = {"sst": 8544, "quora": 141_506, "sts": 6041}
SENTENCES = ("the film was a pleasure", "a dull and lifeless film", "how do i learn to cook ?", "what is the best way to learn cooking ?",
             "the dog sleeps on the sofa", "stock prices fell on monday")
EPOCHS = 10


def sampling_by_epoch(path: Path) -> None:
    """Which task a step takes, epoch by epoch: annealed beside the three plans that stay as they are."""
    from matplotlib import pyplot as plt

    from tasks.sampling_plans import annealed_alpha, probabilities

    figure, axes = plt.subplots(1, 2, figsize=(10, 4), layout="constrained", width_ratios=(2, 1), sharey=True)
    chances = torch.stack([probabilities(COURSE, annealed_alpha(epoch, EPOCHS)) for epoch in range(EPOCHS)])  # (epochs, K)
    axes[0].stackplot(range(1, EPOCHS + 1), chances.T, labels=list(COURSE), colors=(ORANGE, BLUE, GREEN), alpha=0.85)
    axes[0].set(title="annealed, ten epochs", xlabel="epoch", ylabel="share of the steps", xlim=(1, EPOCHS), ylim=(0, 1))
    axes[0].legend(loc="lower left")
    fixed = torch.stack([probabilities(COURSE, alpha) for alpha in (1.0, 0.5, 0.0)])  # (plans, K)
    below = torch.zeros(3, dtype=fixed.dtype)
    for share, colour in zip(fixed.T, (ORANGE, BLUE, GREEN)):
        axes[1].bar(("proportional", "square-root", "round-robin"), share, bottom=below, color=colour, alpha=0.85)
        below = below + share
    axes[1].set_title("the same in every epoch")
    axes[1].tick_params(axis="x", rotation=20)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def simcse_cosines(path: Path) -> None:
    """Six sentences, each encoded twice by `minilm` in train mode: all cosines, and the share that the softmax gives to each positive."""
    from matplotlib import pyplot as plt

    from minbert import Bert, Tokenizer
    from regularizers.simcse import TEMPERATURE, cosines, two_views

    batch, bert = Tokenizer.from_pretrained("minilm")(SENTENCES), Bert.from_pretrained("minilm").train()
    torch.manual_seed(0)
    with torch.no_grad():
        found = cosines(*two_views(lambda ids, mask: bert(ids, mask).last_hidden_state[:, 0], batch.input_ids, batch.attention_mask))
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.4), layout="constrained")
    for axis, (title, values) in zip(axes, (("cosine of two views", found), (f"softmax of cosine / {TEMPERATURE}", (found / TEMPERATURE).softmax(1)))):
        axis.imshow(values, cmap="Blues", vmin=0, vmax=1)
        for row, column in torch.cartesian_prod(torch.arange(6), torch.arange(6)).tolist():
            value = values[row, column].item()
            axis.text(column, row, f"{value:.2f}", ha="center", va="center", color="white" if value > 0.6 else "black", fontsize=9)
        axis.set(title=title, xticks=range(6), yticks=range(6), xlabel="second view of sentence")
    axes[0].set_yticks(range(6), SENTENCES)
    axes[1].set_yticks(range(6), ["" for _ in SENTENCES])
    figure.savefig(path, dpi=100)
    plt.close(figure)


def mask_draws(path: Path) -> None:
    """One sentence in eight epochs: dynamic masks are new each time, static ones come round after their copies."""
    from matplotlib import pyplot as plt

    from minbert import Tokenizer
    from tasks.masking import MaskSettings, mask_words, static_masks

    tokenizer = Tokenizer.from_pretrained("minilm")
    ids = tokenizer(["the old dog that chased the boys through the park was tired and slept until the evening"]).input_ids
    generator, settings = torch.Generator().manual_seed(3), MaskSettings(copies=3)
    draws = {"dynamic": [mask_words(ids, tokenizer, generator) for _ in range(8)],
             "static, 3 copies": [static_masks(ids, [0], epoch, tokenizer, 3, settings) for epoch in range(8)]}
    figure, axes = plt.subplots(1, 2, figsize=(13, 4), layout="constrained", sharey=True)
    for axis, (title, epochs) in zip(axes, draws.items()):
        for epoch, masked in enumerate(epochs):
            for place in (masked.labels[0] != -100).nonzero().flatten().tolist():
                new = masked.input_ids[0, place]
                colour = ORANGE if new == tokenizer.mask_id else GREEN if new == ids[0, place] else BLUE
                axis.add_patch(plt.Rectangle((place - 0.5, epoch + 0.5), 1, 1, color=colour))
        axis.set(title=title, xlim=(-0.5, ids.size(1) - 0.5), ylim=(8.5, 0.5), yticks=range(1, 9))
        axis.set_xticks(range(ids.size(1)), tokenizer.tokens(ids[0].tolist()), rotation=90)
    axes[0].set_ylabel("epoch")
    figure.legend(handles=[plt.Rectangle((0, 0), 1, 1, color=colour, label=label) for colour, label in ((ORANGE, "[MASK]"), (BLUE, "random word"), (GREEN, "stays"))],
                  loc="outside lower center", ncols=3)
    figure.savefig(path, dpi=100)
    plt.close(figure)
