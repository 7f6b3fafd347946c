"""What sharing.py and techniques.py have in common: a few steps of a recipe in a fresh process, its time and memory, and the medians of several such processes."""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence

import torch

from minbert import Bert, BertConfig, Tokenizer
from minbert.sources import resolve
from tasks.recipe import load_recipe
from tasks.setup_run import Parts, build
from tasks.update_step import UpdateStep

DEPTH = {"tiny": 2, "minilm": 6, "base": 12}  # layers
Result = dict[str, float]


def measure(recipe: str, overrides: list[str], steps: int, more: Callable[[Parts], Result]) -> Result:
    """Median seconds of a step after three to warm up, bytes the process grew by and its peak, and what `more` counts; in this process."""
    torch.set_num_threads(2)
    parts = build(load_recipe(recipe, overrides), say=lambda sentence: None)
    update, counted = UpdateStep(parts), more(parts)
    before, seconds = resident(), []
    parts.learner.train()
    for _ in range(steps + 3):
        start = time.perf_counter()
        update(next(parts.sampler))
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {**counted, "seconds": statistics.median(seconds[3:]), "grown": peak - before, "peak": peak}


def resident() -> int:
    """Bytes of this process in memory now."""
    with open("/proc/self/statm") as words:
        return int(words.read().split()[1]) * resource.getpagesize()


def measured(description: str | None, rows: Mapping[str, Sequence[str]], more: Callable[[Parts], Result],
             fits: Callable[[str, int], bool] = lambda row, depth: True) -> tuple[dict[str, Result], argparse.Namespace]:
    """Read the command line and measure each row that fits an encoder of that depth: row -> medians, and the arguments; {} in a child, which prints its own."""
    arguments = arguments_of(description, rows)
    if arguments.child:
        print(json.dumps(measure(*json.loads(arguments.child), arguments.steps, more)))
        return {}, arguments
    found: dict[str, list[Result]] = {name: [] for name in arguments.only if fits(name, DEPTH[arguments.size])}
    with tempfile.TemporaryDirectory() as scratch:
        common = common_overrides(arguments, scratch)
        for _ in range(arguments.turns):
            for name, results in found.items():
                results.append(in_a_process("baseline" if arguments.data else "practice", [*common, *rows[name]], arguments.steps))
    return {name: {key: statistics.median(each[key] for each in results) for key in results[0]} for name, results in found.items()}, arguments


def arguments_of(description: str | None, rows: Mapping[str, Sequence[str]]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=DEPTH, default="minilm")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, help="processes per row; the median counts")
    parser.add_argument("--data", help="folder of the course's files; the practice data without it")
    parser.add_argument("--only", nargs="+", default=list(rows), choices=rows)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def common_overrides(arguments: argparse.Namespace, scratch: str) -> list[str]:
    """What all rows have in common; random weights of BERT-base size are written to `scratch`."""
    weights = arguments.size
    if arguments.size == "base":
        weights = scratch
        Bert(BertConfig(), generator=torch.Generator().manual_seed(0)).save_pretrained(scratch)
        Tokenizer.from_pretrained(resolve("minilm")).save_pretrained(scratch)
    common = [f"weights={json.dumps(weights)}", f"sampler.batch_size={arguments.batch}"]
    # As many rows as the steps need and no more: reading is not measured.
    return common + ([f"data.folder={json.dumps(arguments.data)}", "data.limit=2000", "data.dev_limit=8", "data.test=false"] if arguments.data else [])


def in_a_process(recipe: str, overrides: list[str], steps: int) -> Result:
    """`measure` in a fresh process of the same program, whose memory is its own."""
    words = [sys.executable, sys.argv[0], "--steps", str(steps), "--child", json.dumps([recipe, overrides])]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def headline(arguments: argparse.Namespace) -> str:
    """What was measured."""
    return f"{arguments.size}, {'course' if arguments.data else 'practice'} data, batch {arguments.batch}, three tasks a step, {arguments.steps} steps, {arguments.turns} turns"
