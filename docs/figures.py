"""The pictures of docs/, each made by one function: `python docs/figures.py [NAME ...]` writes docs/figures/NAME.png.

Needs matplotlib (`pip install "minbert[plots]"`) and, for pictures of real heads, the `minilm` weights.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from compared_figures import sharing_cost
from exit_figures import leaving_early
from layer_figures import embedding_order, layer_focus
from pair_figures import bregman_teacher, pair_encodings, pooling
from process_figures import one_step_of_two_processes
from rate_figures import rates_by_layer, schedules
from sharing_figures import pal_beside_a_layer, who_owns_what
from stage_figures import mask_draws, sampling_by_epoch, simcse_cosines
from technique_figures import cosine_saturation, gse_paths, smart_ball, surgery_plane

FOLDER = Path(__file__).parent / "figures"
SENTENCE = "the old dog that chased the boys was tired ."
HEADS = ((1, 3), (2, 9), (5, 6), (6, 12))  # (layer, head), counted from 1


def attention(path: Path) -> None:
    """Four heads of `minilm` reading one sentence: rows ask, columns answer."""
    from matplotlib import pyplot as plt

    from minbert import Bert, Tokenizer

    tokenizer, bert = Tokenizer.from_pretrained("minilm"), Bert.from_pretrained("minilm")
    with torch.no_grad():
        batch = tokenizer([SENTENCE])
        attentions = bert(batch.input_ids, batch.attention_mask, need_weights=True).attentions
    tokens = ["[CLS]", *SENTENCE.split(), "[SEP]"]
    figure, axes = plt.subplots(1, len(HEADS), figsize=(4 * len(HEADS), 4.4), layout="constrained")
    for axis, (layer, head) in zip(axes, HEADS):
        axis.imshow(attentions[layer - 1][0, head - 1], cmap="Blues", vmin=0, vmax=1)
        axis.set_xticks(range(len(tokens)), tokens, rotation=90)
        axis.set_yticks(range(len(tokens)), tokens)
        axis.set_title(f"layer {layer}, head {head}")
    figure.savefig(path, dpi=100)
    plt.close(figure)


def first_run(path: Path) -> None:
    """The curves that `minbert train` leaves in its run folder; trains, which takes minutes."""
    from tasks.recipe import load_recipe
    from tasks.train import train

    with tempfile.TemporaryDirectory() as folder:
        train(load_recipe("practice", []), Path(folder) / "run")
        shutil.copyfile(Path(folder) / "run" / "curves.png", path)


FIGURES: dict[str, Callable[[Path], None]] = {
    "attention": attention, "first_run": first_run, "surgery_plane": surgery_plane, "gse_paths": gse_paths, "smart_ball": smart_ball,
    "cosine_saturation": cosine_saturation, "who_owns_what": who_owns_what, "pal_beside_a_layer": pal_beside_a_layer,
    "schedules": schedules, "rates_by_layer": rates_by_layer,
    "sampling_by_epoch": sampling_by_epoch, "simcse_cosines": simcse_cosines, "mask_draws": mask_draws,
    "processes": one_step_of_two_processes,
    "pooling": pooling, "pair_encodings": pair_encodings, "bregman_teacher": bregman_teacher,
    "layer_focus": layer_focus, "leaving_early": leaving_early, "embedding_order": embedding_order,
    "compared_sharing_cost": sharing_cost,
}  # fmt: skip


def main(names: list[str]) -> int:
    """Draw the named figures, or all of them."""
    import matplotlib

    matplotlib.use("Agg")
    FOLDER.mkdir(exist_ok=True)
    for name in names or FIGURES:
        FIGURES[name](FOLDER / f"{name}.png")
        print(f"wrote {FOLDER / name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
