"""One training pass and one evaluation pass over the same rows: minbert, a plain `transformers` loop and the completed course design, in one run.

    python tests/benchmarks/training.py --data DIR [--tasks sst] [--examples 1024] [--batch 8] [--size minilm|base] [--dev 500]

The sides take turns in slices of a few updates, so a busy moment of the machine hits all three.  Bars: at minilm size 4 times the course and 2.3
times plain transformers, at BERT-base size 3 and 2; evaluation 3 times the course.  The dev score after the pass stands beside each time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import torch
from other_designs import completed_course, plain_transformers

from minbert import Bert, BertConfig, Tokenizer
from tasks.evaluate import evaluate
from tasks.metrics import METRICS, decide
from tasks.recipe import load_recipe
from tasks.setup_run import build
from tasks.update_step import UpdateStep

SLICES = 8  # turns that each side takes


def folder_of(size: str, scratch: str) -> str:
    """A folder with the weights: the real minilm, or random numbers of BERT-base size (the speed is the same, the score is not)."""
    from minbert.sources import resolve

    small = resolve("minilm")
    if size == "minilm":
        return str(small)
    Bert(BertConfig(), generator=torch.Generator().manual_seed(0)).save_pretrained(scratch)
    Tokenizer.from_pretrained(small).save_pretrained(scratch)
    return scratch


def rows_of(split) -> list[tuple[tuple[str, ...], float]]:
    """The examples as (texts, label)."""
    return [(example.texts, float(example.label)) for example in split.examples]


def main() -> None:
    """Time the three sides and print their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=os.environ.get("MINBERT_DATA", ""))
    parser.add_argument("--tasks", nargs="+", default=["sst"])
    parser.add_argument("--examples", type=int, default=1024, help="training rows per task")
    parser.add_argument("--dev", type=int, default=500, help="dev rows per task that are evaluated")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--size", choices=("minilm", "base"), default="minilm")
    parser.add_argument("--lr", type=float, default=1e-4)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        compare(arguments, folder_of(arguments.size, scratch))


def recipe_of(arguments: argparse.Namespace, weights: str):
    """minbert's side as a recipe: siamese pairs and separate updates, as in the course's baseline, with the same settings as the other sides."""
    settings = {
        "weights": weights, "data.folder": str(Path(arguments.data).resolve()), "data.limit": arguments.examples, "data.max_length": 512,
        "sampler.batch_size": arguments.batch, "sampler.name": "shuffled", "optimizer.lr": arguments.lr, "optimizer.weight_decay": 0.01,
        "training.epochs": 1, "training.clip": 1.0, "model.head_dropout": 0.1,
    }
    tasks = "tasks=[" + ",".join(f'"{name}"' for name in arguments.tasks) + "]"
    return load_recipe("baseline", [tasks, *(f"{key}={value}" for key, value in settings.items())])


def compare(arguments: argparse.Namespace, weights: str) -> None:
    """Take turns training, then evaluate each side on dev."""
    torch.manual_seed(11711)
    parts = build(recipe_of(arguments, weights))
    train = {name: rows_of(split) for name, split in parts.splits["train"].items()}
    dev = {name: rows_of(split)[: arguments.dev] for name, split in parts.splits["dev"].items()}
    order = torch.Generator().manual_seed(1)
    batches = []  # (task, rows) of the other sides: random batches, all tasks shuffled together, the same number of updates as ours
    for name, rows in train.items():
        shuffled = torch.randperm(len(rows), generator=order).tolist()
        batches += [(name, [rows[i] for i in shuffled[j : j + arguments.batch]]) for j in range(0, len(rows), arguments.batch)]
    batches = [batches[i] for i in torch.randperm(len(batches), generator=order).tolist()]
    settings = (weights, parts.tasks, arguments.lr, 0.01, 1.0, 0.1)
    others = {"plain transformers": plain_transformers(*settings), "completed course": completed_course(*settings)}
    update, sampler = UpdateStep(parts), parts.sampler
    assert sampler.steps_per_epoch == len(batches)

    seconds = dict.fromkeys(("minbert", *others), 0.0)
    parts.learner.train()
    for start in range(0, len(batches), -(-len(batches) // SLICES)):
        part = batches[start : start + -(-len(batches) // SLICES)]
        begin = time.perf_counter()
        for _ in part:
            update(next(sampler))
        seconds["minbert"] += time.perf_counter() - begin
        for name, (model, step) in others.items():
            model.train()
            begin = time.perf_counter()
            for task, rows in part:
                step(task, rows)
            seconds[name] += time.perf_counter() - begin

    evaluation, scores = {}, {name: {} for name in seconds}
    begin = time.perf_counter()
    for task, rows in dev.items():
        encoded = parts.encoded["dev"][task]
        result = evaluate(parts.model, encoded, parts.tasks[task], 32, parts.device)
        scores["minbert"][task] = result.score
    # our side evaluated its whole dev split, the others the first rows of it: compare seconds per row
    evaluation["minbert"] = (time.perf_counter() - begin) / sum(len(parts.encoded["dev"][task]) for task in dev)
    for name, (model, _) in others.items():
        begin = time.perf_counter()
        for task, rows in dev.items():
            predicted = model.predictions(task, rows, arguments.batch, keep_graph=name == "completed course")
            kind = parts.tasks[task].kind
            scores[name][task] = METRICS[parts.tasks[task].metric](decide(kind, predicted if kind == "classes" else predicted[:, 0]), torch.tensor([label for _, label in rows]))
        evaluation[name] = (time.perf_counter() - begin) / sum(len(rows) for rows in dev.values())

    total = sum(len(rows) for rows in train.values())
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, {arguments.size} size, {'+'.join(arguments.tasks)}: {total} examples, batch {arguments.batch}, {len(batches)} updates")
    bars = {"completed course": 4.0, "plain transformers": 2.3} if arguments.size == "minilm" else {"completed course": 3.0, "plain transformers": 2.0}
    for name in seconds:
        shown = "  ".join(f"{task} {score:.3f}" for task, score in scores[name].items())
        print(f"  {name:<20}{seconds[name]:8.1f} s training   {1000 * evaluation[name]:7.2f} ms per dev row   dev {shown}")
    for name, bar in bars.items():
        print(f"training {seconds[name] / seconds['minbert']:.2f} times as fast as {name} (bar {bar})")
    print(f"evaluation {evaluation['completed course'] / evaluation['minbert']:.2f} times as fast as the completed course (bar 3)")
    return statistics.mean(seconds.values())


if __name__ == "__main__":
    main()
