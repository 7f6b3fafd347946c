"""One training pass and one evaluation pass over the same rows: minbert, a plain `transformers` loop and the completed course design, in one run.

    python tests/benchmarks/training.py --data DIR [--tasks sst] [--examples 1024] [--batch 8] [--size minilm|base] [--dev 500]

Each side is a process of its own, one after the other, on a machine that should have nothing else to do.  Bars: at minilm size 4 times the course
and 2.3 times plain transformers, at BERT-base size 3 and 2; evaluation 3 times the course.  The dev score after the pass stands beside each time.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from minbert import Bert, BertConfig, Tokenizer
from tasks.encoding import encode_split
from tasks.evaluate import evaluate
from tasks.metrics import METRICS, decide
from tasks.recipe import load_recipe
from tasks.setup_run import build
from tasks.update_step import UpdateStep

OTHERS = ("plain transformers", "completed course")
BARS = {"minilm": {"completed course": 4.0, "plain transformers": 2.3}, "base": {"completed course": 3.0, "plain transformers": 2.0}}
CLIP, DECAY, HEAD_DROPOUT = 1.0, 0.01, 0.1


def arguments_of(words: list[str] | None = None) -> argparse.Namespace:
    """The command line; --side and --weights are for the processes that this one starts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("MINBERT_DATA", ""))
    parser.add_argument("--tasks", nargs="+", default=["sst"])
    parser.add_argument("--examples", type=int, default=1024, help="training rows per task")
    parser.add_argument("--dev", type=int, default=500, help="dev rows per task that are evaluated")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", choices=BARS, default="minilm")
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=11711)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--weights", help=argparse.SUPPRESS)
    return parser.parse_args(words)


def folder_of(size: str, scratch: str) -> str:
    """A folder with the weights: the real minilm, or random numbers of BERT-base size (the speed is the same, the score is not)."""
    from minbert.sources import resolve

    small = resolve("minilm")
    if size == "minilm":
        return str(small)
    Bert(BertConfig(), generator=torch.Generator().manual_seed(0)).save_pretrained(scratch)
    Tokenizer.from_pretrained(small).save_pretrained(scratch)
    return scratch


def recipe_of(arguments: argparse.Namespace):
    """minbert's side as a recipe: siamese pairs and separate updates, as in the course's baseline, with the same settings as the other sides."""
    settings = {
        "weights": arguments.weights, "data.folder": str(Path(arguments.data).resolve()), "data.limit": arguments.examples, "data.max_length": 512,
        "sampler.batch_size": arguments.batch, "sampler.name": "shuffled", "optimizer.lr": arguments.lr, "optimizer.weight_decay": DECAY,
        "training.epochs": 1, "training.clip": CLIP, "model.head_dropout": HEAD_DROPOUT, "seed": arguments.seed,
    }
    tasks = "tasks=[" + ",".join(f'"{name}"' for name in arguments.tasks) + "]"
    return load_recipe("baseline", [tasks, *(f"{key}={value}" for key, value in settings.items())])


def sampled(rows: Sequence[Any], number: int) -> list[Any]:
    """The same `number` rows for every side, from all over the file: the dev files are not shuffled."""
    return [rows[i] for i in torch.randperm(len(rows), generator=torch.Generator().manual_seed(0))[:number].tolist()]


def our_side(arguments: argparse.Namespace) -> dict[str, Any]:
    """The recipe's own parts, without the run folder."""
    torch.manual_seed(arguments.seed)
    begin = time.perf_counter()
    parts = build(recipe_of(arguments), say=lambda sentence: None)
    parts.learner.train()
    update, ready = UpdateStep(parts), time.perf_counter()
    for _ in range(parts.sampler.steps_per_epoch):
        update(next(parts.sampler))
    trained = time.perf_counter()
    scores, rows = {}, 0
    for name, split in parts.splits["dev"].items():
        short = dataclasses.replace(split, examples=tuple(sampled(split.examples, arguments.dev)))
        encoded = encode_split(short, parts.tokenizer, parts.tasks[name], 512, "siamese", "longest-first")  # tokenizing counts, once
        scores[name] = evaluate(parts.model, encoded, parts.tasks[name], 32, parts.device).score
        rows += len(encoded)
    return {"setup": ready - begin, "train": trained - ready, "row": (time.perf_counter() - trained) / rows, "scores": scores}


def other_side(arguments: argparse.Namespace) -> dict[str, Any]:
    """One of the other designs, on the rows of the same recipe: all tasks' random batches shuffled together."""
    from other_designs import completed_course, plain_transformers

    from tasks.recipe_tasks import tasks_of
    from tasks.splits import read_splits

    torch.manual_seed(arguments.seed)
    recipe = recipe_of(arguments)
    tasks = tasks_of(recipe)
    splits = read_splits(recipe, tasks, lambda sentence: None)
    rows_of = {name: {task: [(each.texts, float(each.label)) for each in split.examples] for task, split in splits[name].items()} for name in ("train", "dev")}
    order = torch.Generator().manual_seed(arguments.seed)
    batches = []
    for name, rows in rows_of["train"].items():
        shuffled = torch.randperm(len(rows), generator=order).tolist()
        batches += [(name, [rows[i] for i in shuffled[j : j + arguments.batch]]) for j in range(0, len(rows), arguments.batch)]
    design = {"plain transformers": plain_transformers, "completed course": completed_course}[arguments.side]
    model, step = design(arguments.weights, tasks, arguments.lr, DECAY, CLIP, HEAD_DROPOUT)
    model.train()
    begin = time.perf_counter()
    for i in torch.randperm(len(batches), generator=order).tolist():
        step(*batches[i])
    trained = time.perf_counter()
    scores, total = {}, 0
    for task, rows in rows_of["dev"].items():
        rows = sampled(rows, arguments.dev)
        predicted = model.predictions(task, rows, arguments.batch, keep_graph=arguments.side == "completed course")
        kind = tasks[task].kind
        decided = decide(kind, predicted if kind == "classes" else predicted[:, 0])
        scores[task] = METRICS[tasks[task].metric](decided, torch.tensor([label for _, label in rows]))
        total += len(rows)
    return {"setup": 0.0, "train": trained - begin, "row": (time.perf_counter() - trained) / total, "scores": scores}


def compare(arguments: argparse.Namespace, weights: str) -> None:
    """Run the three sides as processes and print times, scores and ratios."""
    results = {}
    for side in ("minbert", *OTHERS):
        words = [sys.executable, __file__, *sys.argv[1:], "--side", side, "--weights", weights]
        results[side] = json.loads(subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()[-1])
    ours = results["minbert"]
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {arguments.size} size, {'+'.join(arguments.tasks)}, "
          f"{arguments.examples} examples per task, batch {arguments.batch}, {arguments.dev} dev rows per task")
    for side, result in results.items():
        shown = "  ".join(f"{task} {score:.3f}" for task, score in result["scores"].items())
        print(f"  {side:<20}{result['train']:8.1f} s training   {1000 * result['row']:7.2f} ms per dev row   dev {shown}")
    print(f"  (minbert also read and tokenized everything once, in {ours['setup']:.1f} s with loading the weights)")
    for side, bar in BARS[arguments.size].items():
        print(f"training {results[side]['train'] / ours['train']:.2f} times as fast as {side} (bar {bar})")
    print(f"evaluation {results['completed course']['row'] / ours['row']:.2f} times as fast as the completed course (bar 3)")


if __name__ == "__main__":
    given = arguments_of()
    if given.side:
        print(json.dumps(our_side(given) if given.side == "minbert" else other_side(given)))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            compare(given, folder_of(given.size, scratch))
