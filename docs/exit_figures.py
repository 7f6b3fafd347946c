"""The picture of the page on leaving early, drawn from a run of its own; docs/figures.py puts it into a file."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import torch

from minbert import Bert, BertConfig, Tokenizer

# Changes to the recipe practice, and an encoder small enough for a page: six layers of random weights.
RUN = ("tasks=practice_sentiment", "optimizer.lr=1e-3", "exits.train=joint", "model.pooling=mean", "training.epochs=8", "data.test=false", "training.device=cpu")
NARROW = {"hidden_size": 64, "num_hidden_layers": 6, "num_attention_heads": 4, "intermediate_size": 128}


def narrow_encoder(folder: Path) -> None:
    """Random weights, and the tokenizer of `tiny`, as a folder that a recipe can start from."""
    tokenizer = Tokenizer.from_pretrained("tiny")
    Bert(BertConfig(vocab_size=tokenizer.vocab_size, **NARROW), generator=torch.Generator().manual_seed(1)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def leaving_early(path: Path) -> None:
    """What each layer knows and where each example left; trains, which takes minutes."""
    from tasks.commands import exits
    from tasks.recipe import load_recipe
    from tasks.train import train

    with tempfile.TemporaryDirectory() as folder:
        narrow_encoder(Path(folder) / "narrow")
        train(load_recipe("practice", [*RUN, f"weights={Path(folder) / 'narrow'}"]), Path(folder) / "run")
        exits.main([str(Path(folder) / "run"), "--time-rows", "0"])
        draw(json.loads((Path(folder) / "run" / "exits.json").read_text())["tasks"], path)


def draw(tasks: dict[str, Any], path: Path) -> None:
    """A row for each task of exits.json: the score of every exit, the trade between score and depth, and the layers after which examples left."""
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(len(tasks), 3, figsize=(12, 2.9 * len(tasks)), layout="constrained", squeeze=False)
    for (name, found), (knows, trade, left) in zip(tasks.items(), axes):
        layers, chosen = range(1, len(found["scores"]) + 1), found["points"][found["chosen"]]
        knows.plot(layers, found["scores"], marker="o")
        knows.set(title=f"{name}: what each layer knows", xlabel="layer", ylabel="score on dev", xticks=layers)
        trade.plot([point["mean_layer"] for point in found["points"]], [point["score"] for point in found["points"]], marker="o", ms=4)
        trade.plot([chosen["mean_layer"]], [chosen["score"]], "o", color="#d95f02", ms=9)
        trade.axhline(found["full"][1], color="grey", ls="--", lw=1)
        trade.set(title=f"by {found['rule']}; chosen: {chosen['threshold']:g}", xlabel="mean exit layer", ylabel="score on half of dev")
        left.bar(layers, [100 * share for share in chosen["fractions"]], color="#1b9e77")
        left.set(title=f"where each left at {chosen['threshold']:g}", xlabel="layer", ylabel="% of examples", xticks=layers)
    figure.savefig(path, dpi=100)
    plt.close(figure)
