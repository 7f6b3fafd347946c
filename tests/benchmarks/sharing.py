"""What each sharing and each adapter costs: weights, time and memory of a step beside `multi`, each in a process of its own.

    python tests/benchmarks/sharing.py [--size tiny|minilm|base] [--batch 8] [--steps 20] [--turns 3] [--data DIR] [--only NAME ...]

A step is one batch of each of the three practice tasks, or with --data of the course's three.  What should be seen: a batch walks L layers whoever
owns them, so a tower costs memory (weights, gradients, and two moments of Adam) and hardly any time; two encoders side by side cost the
time of two, a frozen one that of its forward pass; adapters cost a few percent of the weights and the time of a narrow layer beside each layer.
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
from tasks.weight_counts import weight_counts

ROWS = {
    "multi": [], **{f"cerbertus-{own}": [f"sharing.name=cerbertus-{own}"] for own in (2, 3, 4, 6)},
    **{name: [f"sharing.name={name}"] for name in ("triple", "multi+triple", "static+finetune")},
    **{f"{name}": [f"sharing.adapters={name}"] for name in ("pal", "pal-code", "low-rank", "top")},
    "pal, adapters alone": ["sharing.adapters=pal", "model.fine_tune_mode=adapters"],
    "cerbertus-2 + pal": ["sharing.name=cerbertus-2", "sharing.adapters=pal"],
}  # fmt: skip


def measure(recipe: str, overrides: list[str], steps: int) -> dict[str, float]:
    """Weights, those that learn, median seconds of a step after three to warm up, bytes the process grew by and its peak; in this process."""
    torch.set_num_threads(2)
    parts = build(load_recipe(recipe, overrides), say=lambda sentence: None)
    update, counts = UpdateStep(parts), weight_counts(parts.model)
    before, seconds = resident(), []
    parts.learner.train()
    for _ in range(steps + 3):
        start = time.perf_counter()
        update(next(parts.sampler))
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    learning = counts.pop("learning")
    return {"weights": sum(counts.values()), "learning": learning, "seconds": statistics.median(seconds[3:]), "grown": peak - before, "peak": peak}


def resident() -> int:
    """Bytes of this process in memory now."""
    with open("/proc/self/statm") as words:
        return int(words.read().split()[1]) * resource.getpagesize()


def arguments_of() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=("tiny", "minilm", "base"), default="minilm")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--turns", type=int, default=3, help="processes per row; the median counts")
    parser.add_argument("--data", help="folder of the course's files; the practice data without it")
    parser.add_argument("--only", nargs="+", default=list(ROWS), choices=ROWS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Print a line a row, against `multi` where it is among them."""
    arguments = arguments_of()
    if arguments.child:
        print(json.dumps(measure(*json.loads(arguments.child), arguments.steps)))
        return
    found: dict[str, list[dict[str, float]]] = {name: [] for name in arguments.only}
    with tempfile.TemporaryDirectory() as scratch:
        common, depth = common_overrides(arguments, scratch)
        for _ in range(arguments.turns):
            for name, results in found.items():
                if name.startswith("cerbertus-") and int(name.split("-")[1][0]) > depth:
                    continue  # more own layers than there are
                results.append(in_a_process("baseline" if arguments.data else "practice", [*common, *ROWS[name]], arguments.steps))
    print_table({name: {key: statistics.median(each[key] for each in results) for key in results[0]} for name, results in found.items() if results}, arguments)


def common_overrides(arguments: argparse.Namespace, scratch: str) -> tuple[list[str], int]:
    """What all rows have in common, and the layers of their encoder; random weights of BERT-base size are written to `scratch`."""
    weights, depth = arguments.size, {"tiny": 2, "minilm": 6, "base": 12}[arguments.size]
    if arguments.size == "base":
        weights = scratch
        Bert(BertConfig(), generator=torch.Generator().manual_seed(0)).save_pretrained(scratch)
        Tokenizer.from_pretrained(resolve("minilm")).save_pretrained(scratch)
    common = [f"weights={json.dumps(weights)}", f"sampler.batch_size={arguments.batch}"]
    # As many rows as the steps need and no more: reading is not measured.
    return common + ([f"data.folder={json.dumps(arguments.data)}", "data.limit=2000", "data.dev_limit=8", "data.test=false"] if arguments.data else []), depth


def in_a_process(recipe: str, overrides: list[str], steps: int) -> dict[str, float]:
    """`measure` in a fresh process, whose memory is its own."""
    words = [sys.executable, __file__, "--steps", str(steps), "--child", json.dumps([recipe, overrides])]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def print_table(found: dict[str, dict[str, float]], arguments: argparse.Namespace) -> None:
    """One line a row."""
    plain = found.get("multi")
    print(f"{arguments.size}, {'course' if arguments.data else 'practice'} data, batch {arguments.batch}, three tasks a step, {arguments.steps} steps, {arguments.turns} turns")
    for name, result in found.items():
        ratios = f"  {result['seconds'] / plain['seconds']:5.2f} times, grows {result['grown'] / plain['grown']:5.2f} times, peak {result['peak'] / plain['peak']:5.2f} times" if plain else ""
        print(f"{name:20} {result['weights'] / 1e6:7.1f} M weights, {result['learning'] / 1e6:7.1f} M learn  {1000 * result['seconds']:8.1f} ms  "
              f"+{result['grown'] / 2**20:6.0f} MiB  peak {result['peak'] / 2**20:6.0f} MiB{ratios}")


if __name__ == "__main__":
    main()
