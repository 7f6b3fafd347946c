"""What a step costs with each technique: time and peak memory beside a plain step on the same batches, each in a process of its own.

    python tests/benchmarks/techniques.py [--size minilm|base] [--batch 8] [--steps 20] [--turns 3] [--data DIR]

A step is one batch of each of the three practice tasks, or with --data of the course's three, whose sentences are longer.  Bars: SMART (one ascent) at most 2.8 times the time and 2.2 times the memory of the plain
step; surgery at most 1.15 times the summed step, and its memory plus three gradients; SMART with surgery at most 1.3 times SMART's memory.  Memory
is what the process grows by from the first step on, gradients and optimizer state included; the whole process stands beside it.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import torch

from minbert import Bert, BertConfig, Tokenizer
from minbert.sources import resolve
from tasks.recipe import load_recipe
from tasks.setup_run import build
from tasks.update_step import UpdateStep

SMART = ["regularizer.name=smart", "regularizer.weight=5"]
TECHNIQUES = {
    "separate": [],
    "summed": ["update.name=summed"],
    "pcgrad": ["update.name=pcgrad"],
    "gradvac": ["update.name=gradvac"],
    "gse": ["update.name=gse"],
    "gse-fresh": ["update.name=gse", "update.reading=fresh"],
    "smart": [*SMART],
    "smart, masks off": [*SMART, "regularizer.dropout=off"],
    "smart summed": [*SMART, "update.name=summed"],
    "smart-gse": [*SMART, "update.name=gse"],
    "bregman": ["bregman.weight=1"],
    "r-drop": ["regularizer.name=r-drop", "regularizer.weight=1"],
}
# technique, measured against, most times as slow, most times the memory (None: another rule or none)
BARS = (("smart", "separate", 2.8, 2.2), ("pcgrad", "summed", 1.15, None), ("gse", "summed", None, None), ("smart-gse", "smart", None, 1.3))


def measure(recipe: str, overrides: list[str], steps: int) -> dict[str, float]:
    """Median seconds of a step after three to warm up, bytes the process grew by, its peak, and the bytes of one gradient; in this process."""
    torch.set_num_threads(2)
    parts = build(load_recipe(recipe, overrides), say=lambda sentence: None)
    update = UpdateStep(parts)
    before, seconds = resident(), []
    parts.learner.train()
    for _ in range(steps + 3):
        start = time.perf_counter()
        update(next(parts.sampler))
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    gradient = sum(parameter.numel() * parameter.element_size() for parameter in parts.model.parameters())
    return {"seconds": statistics.median(seconds[3:]), "grown": peak - before, "peak": peak, "gradient": gradient}


def resident() -> int:
    """Bytes of this process in memory now."""
    with open("/proc/self/statm") as words:
        return int(words.read().split()[1]) * resource.getpagesize()


def main() -> None:
    """Print a table of ratios, and each bar with what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("minilm", "base"), default="minilm")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, help="processes per technique; the median counts")
    parser.add_argument("--data", help="folder of the course's files; the practice data without it")
    parser.add_argument("--only", nargs="+", default=list(TECHNIQUES), choices=TECHNIQUES)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(*json.loads(arguments.child), arguments.steps)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        weights = "minilm"
        if arguments.size == "base":
            weights = scratch
            Bert(BertConfig(), generator=torch.Generator().manual_seed(0)).save_pretrained(scratch)
            Tokenizer.from_pretrained(resolve("minilm")).save_pretrained(scratch)
        common = [f"weights={json.dumps(weights)}", f"sampler.batch_size={arguments.batch}"]
        # As many rows as the steps need and no more: reading is not measured.
        common += [f"data.folder={json.dumps(arguments.data)}", "data.limit=2000", "data.dev_limit=8", "data.test=false"] if arguments.data else []
        recipe, found = "baseline" if arguments.data else "practice", {name: [] for name in arguments.only}
        for _ in range(arguments.turns):
            for name, results in found.items():
                results.append(in_a_process(recipe, [*common, *TECHNIQUES[name]], arguments.steps))
    print_table({name: {key: statistics.median(result[key] for result in results) for key in results[0]} for name, results in found.items()}, arguments)


def in_a_process(recipe: str, overrides: list[str], steps: int) -> dict[str, float]:
    """`measure` in a fresh process, whose memory is its own."""
    words = [sys.executable, __file__, "--steps", str(steps), "--child", json.dumps([recipe, overrides])]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def print_table(found: dict[str, dict[str, float]], arguments: argparse.Namespace) -> None:
    """One line a technique against the plain step, then the bars."""
    plain = found.get("separate")
    print(f"{arguments.size}, {'course' if arguments.data else 'practice'} data, batch {arguments.batch}, three tasks a step, {arguments.steps} steps, {arguments.turns} turns")
    for name, result in found.items():
        ratios = f"{result['seconds'] / plain['seconds']:5.2f} times, grows {result['grown'] / plain['grown']:5.2f} times" if plain else ""
        print(f"{name:17} {1000 * result['seconds']:8.1f} ms  +{result['grown'] / 2**20:7.0f} MiB  peak {result['peak'] / 2**20:7.0f} MiB  {ratios}")
    for name, other, slower, larger in BARS:
        if name in found and other in found:
            one, two = found[name], found[other]
            extra = (one["grown"] - two["grown"]) / one["gradient"]
            print(f"{name} against {other}: time {one['seconds'] / two['seconds']:.2f}" + (f" (bar {slower})" if slower else "")
                  + f", memory {one['grown'] / two['grown']:.2f}" + (f" (bar {larger})" if larger else "") + f", {extra:+.2f} gradients")


if __name__ == "__main__":
    main()
