"""Damaged files by the thousand: whatever is loaded is whole, or refused with one sentence that names the file; and no file ever runs code.

    python tests/fuzz/loading.py --cases 10000

A case copies a folder that is right (an encoder, a tokenizer, a run, predictions), damages one file of it (tests/fuzz/damage.py), and loads it
as the library does. Each is made from its own number: `--only NUMBER` repeats one.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import torch
from fuzz.damage import BYTES, innocent, malicious, other_place, turn_header, turn_json, turn_tensor, turn_tensors
from run_example import write_example
from safetensors.torch import load_file, save_file
from small_run import small_recipe, write_course_files

from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.tiny import tiny_vocabulary
from minbert.tokenizer import Tokenizer
from minbert.weights import load_released
from tasks import checkpoint
from tasks.load_run import load_run
from tasks.predictions import preflight, write_predictions
from tasks.recipe import load_recipe
from tasks.registry import TASKS
from tasks.report import write_report
from tasks.run_folder import RunFolder
from tasks.run_state import capture
from tasks.start_run import resume_run, start_run
from tasks.update_step import UpdateStep

IDS = [f"id{row}" for row in range(7)]


class World:
    """The folders that are right, made once in `folder`; cases are played in copies, and `canary` is what a file that runs code would make."""

    def __init__(self, folder: Path) -> None:
        self.right, self.work, self.canary = folder / "right", folder / "work", folder / "canary"
        generator = torch.Generator().manual_seed(3)
        config = BertConfig(vocab_size=len(tiny_vocabulary()), hidden_size=6, num_hidden_layers=2, num_attention_heads=3, intermediate_size=5, max_position_embeddings=37)
        Bert(config, generator=generator).save_pretrained(self.right / "encoder")
        Tokenizer.from_pretrained("tiny").save_pretrained(self.right / "encoder")
        self.tensors = load_file(self.right / "encoder" / "model.safetensors")
        write_predictions(self.right / "predictions" / "p.csv", TASKS["sst"], IDS, [row % 5 for row in range(len(IDS))])
        self.recipe = replace(small_recipe(write_course_files(folder / "data"), tasks=("sst", "sts")), weights=str(self.right / "encoder"))
        run = RunFolder(self.right / "run")
        parts, progress = start_run(self.recipe, run, cache_features=True, say=quiet)
        progress.add(UpdateStep(parts)(next(parts.sampler)))  # one step, so that the optimizer has something to remember
        self.state = capture(parts, progress)
        for path in (run.last, run.best):
            checkpoint.save(path, self.state)
        write_example(self.right / "report")

    def copy(self, name: str) -> Path:
        """A fresh copy of one of the right folders."""
        shutil.rmtree(self.work, ignore_errors=True)
        return Path(shutil.copytree(self.right / name, self.work / name))


def quiet(said: str) -> None:
    """Say nothing."""


def damage(rng: random.Random, path: Path) -> None:
    """Damage the bytes of `path`, the JSON in it, or what lies under its name."""
    raw = path.read_bytes()
    if rng.random() < 0.08:
        other_place(rng, path)
    elif path.suffix == ".json" and rng.random() < 0.6:
        path.write_text(json.dumps(turn_json(rng, json.loads(raw))), encoding="utf-8")
    elif path.suffix == ".safetensors" and rng.random() < 0.4:
        path.write_bytes(turn_header(rng, raw))
    else:
        path.write_bytes(rng.choice(BYTES)(rng, raw))


def encoder_case(rng: random.Random, world: World) -> object:
    """config.json and model.safetensors."""
    folder = world.copy("encoder")
    sort = rng.choice(["config", "weights", "tensors"])
    if sort == "tensors":
        save_file({name: tensor.clone() for name, tensor in turn_tensors(rng, world.tensors).items()}, folder / "model.safetensors")
    else:
        damage(rng, folder / {"config": "config.json", "weights": "model.safetensors"}[sort])
    released = load_released(folder, torch.Generator() if rng.random() < 0.2 else None)
    assert all(tensor.isfinite().all() for tensor in released.state.values()), "numbers that are none got through"
    return released


def pickle_case(rng: random.Random, world: World) -> object:
    """pytorch_model.bin: damaged, odd, or made to run code."""
    folder = world.copy("encoder")
    (folder / "model.safetensors").unlink()
    path = folder / "pytorch_model.bin"
    sort = rng.choice(["bytes", "innocent", "malicious", "malicious, damaged"])
    path.write_bytes(malicious(rng, world.tensors, world.canary) if sort.startswith("malicious") else innocent(rng, world.tensors))
    if sort in ("bytes", "malicious, damaged"):
        damage(rng, path)
    return load_released(folder)


def shards_case(rng: random.Random, world: World) -> object:
    """A model in several files, which is refused whatever the index says."""
    folder = world.copy("encoder")
    (folder / "model.safetensors").unlink()
    path = folder / rng.choice(["model.safetensors.index.json", "pytorch_model.bin.index.json"])
    path.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": {name: "model-00001-of-00002.safetensors" for name in world.tensors}}), encoding="utf-8")
    damage(rng, path)
    return load_released(folder)


def vocabulary_case(rng: random.Random, world: World) -> object:
    """tokenizer.json, or vocab.txt and tokenizer_config.json."""
    folder = world.copy("encoder")
    name = rng.choice(["tokenizer.json", "vocab.txt", "tokenizer_config.json"])
    damage(rng, folder / name)
    if name != "tokenizer.json":
        (folder / "tokenizer.json").unlink()
    encoding = Tokenizer.from_pretrained(folder)(["A film about nothing, caf\u00e9!", ""])
    assert encoding.input_ids.shape == encoding.attention_mask.shape
    return encoding


def checkpoint_case(rng: random.Random, world: World) -> object:
    """A checkpoint whose bytes are damaged, for `minbert evaluate`."""
    folder = world.copy("run")
    damage(rng, folder / "checkpoints" / "best.safetensors")
    return load_run(folder, "best", "cpu")


def state_case(rng: random.Random, world: World) -> object:
    """A checkpoint that is whole but holds something else than it should, for `minbert evaluate` or `minbert train --resume`."""
    folder = RunFolder(world.copy("run"))
    state = turn_state(rng, copy.deepcopy(world.state))
    checkpoint.save(folder.last, state)
    if rng.random() < 0.6:
        return load_run(folder.path, "last", "cpu")
    parts, progress = resume_run(world.recipe, folder, cache_features=True, say=quiet)
    progress.add(UpdateStep(parts)(next(parts.sampler)))  # what was let in must be fit to go on from
    return progress


def turn_state(rng: random.Random, state: dict[str, Any]) -> dict[str, Any]:
    """A state with places changed, in the nested dicts, in a tensor or in the encoder's configuration."""
    sort = rng.choice(["dicts", "dicts", "tensor", "config"])
    if sort == "config":
        state["config"] = json.dumps(turn_json(rng, json.loads(state["config"])))
    elif sort == "tensor":
        group = rng.choice([state["model"], state["generators"], state["streams"]["sst"], state["sampler"], state["dropout"]])
        name = rng.choice([name for name in group if isinstance(group[name], torch.Tensor)])
        group[name] = turn_tensor(rng, group[name])
    else:
        # Among the top-level entries first, or the many weights would be all that is ever changed.
        part = state[rng.choice(list(state))]
        turn_json(rng, part if isinstance(part, dict) and rng.random() < 0.7 else state)
    return state


def recipe_case(rng: random.Random, world: World) -> object:
    """The recipe.toml of a run, as --resume reads it."""
    folder = world.copy("run")
    damage(rng, folder / "recipe.toml")
    return load_recipe(folder / "recipe.toml")


def report_case(rng: random.Random, world: World) -> object:
    """A report of a run folder in which something is wrong; the rest is shown all the same."""
    folder = world.copy("report")
    damage(rng, folder / rng.choice(["recipe.toml", "environment.json", "results.json", "metrics.jsonl"]))
    return ElementTree.parse(write_report(folder))


def predictions_case(rng: random.Random, world: World) -> object:
    """A prediction file before it is handed in; tests/fuzz/readers.py breaks its rows in more ways."""
    folder = world.copy("predictions")
    damage(rng, folder / "p.csv")
    return preflight(folder / "p.csv", TASKS["sst"], IDS)


CASES: dict[str, tuple[int, Callable[[random.Random, World], object]]] = {
    "encoder": (4, encoder_case), "pickled encoder": (4, pickle_case), "encoder in shards": (1, shards_case), "vocabulary": (3, vocabulary_case),
    "checkpoint": (3, checkpoint_case), "checkpoint's content": (3, state_case), "recipe.toml": (1, recipe_case), "report": (2, report_case),
    "predictions": (1, predictions_case),
}


def one_case(number: int, world: World) -> str:
    """Run case `number`; returns what kind it was and how it ended. Anything but a result or one sentence is an AssertionError."""
    rng = random.Random(number)
    kind = rng.choices(list(CASES), [weight for weight, _ in CASES.values()])[0]
    ending = "loaded"
    try:
        CASES[kind][1](rng, world)
    except UserError as error:
        check_sentence(str(error), number, world.work)
        ending = "refused with one sentence"
    except Exception as error:
        raise AssertionError(f"case {number} ({kind}): {type(error).__name__}: {error!a}") from error
    assert not world.canary.exists(), f"case {number} ({kind}): the file ran code"
    return f"{kind}: {ending}"


def check_sentence(sentence: str, number: int, work: Path) -> None:
    """Hold an error to the house's rules: one line of plain text, not too long, that ends as a sentence does and names the damaged file."""
    assert sentence.isprintable() and sentence.isascii(), f"case {number}: not one line of plain text: {sentence!a}"
    assert re.search(r"[^.?][.?]$", sentence), f"case {number}: not one sentence: {sentence}"
    assert len(sentence) < 900, f"case {number}: too long to read: {sentence}"
    assert str(work) in sentence, f"case {number}: no file is named: {sentence}"


def main() -> int:
    """Run the cases, print how they ended; status 1 when one ended in no documented way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--only", type=int, help="run this one case")
    options = parser.parse_args()
    counts, failures = Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        for number in range(options.first, options.first + options.cases) if options.only is None else [options.only]:
            try:
                counts[one_case(number, world)] += 1
            except AssertionError as failure:
                failures.append(str(failure))
                if options.only is not None:
                    raise
    for ending, count in sorted(counts.items()):
        print(f"{count:>7,}  {ending}")
    print(f"{len(failures):>7,}  ended in any other way")
    print("      0  ran code from a file" if not world.canary.exists() else "A file ran code.")
    print(*failures[:20], sep="\n")
    return int(bool(failures))


if __name__ == "__main__":
    raise SystemExit(main())
