"""How fast is our AdamW next to torch's?  Both sides in one run:  python tests/benchmarks/adamw.py [--rounds 9] [--shapes bert-base]

Every side keeps its own defaults: torch decays by 0.01, ours by nothing unless the line says "decay".  Rounds interleave the sides, so that a
machine that slows down slows all of them; the figure is the ratio of the medians.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # so that the file runs by its path alone

from optim import AdamW
from optim.adamw_compiled import need_compiler

SHAPES = {"bert-base": (768, 3072, 12), "minilm": (384, 1536, 6)}  # width, inner width, layers
# ours, theirs, what the bar bounds, the bar
PAIRS = (
    ("eager", "torch default", "theirs / ours", 2.2),
    ("eager, decay", "torch default", "theirs / ours", None),
    ("eager, torch form, decay", "torch default", "theirs / ours", None),
    ("compiled", "torch fused", "ours / theirs", 1.3),
    ("fused", "torch fused", "ours / theirs", 1.3),
    ("auto", "torch default", "theirs / ours", None),
)


def bert_shapes(width: int, inner: int, layers: int) -> list[tuple[int, ...]]:
    """The shapes of all parameters of a BERT of that size; 199 tensors and 109.5 million numbers at BERT-base."""
    embeddings = [(30522, width), (512, width), (2, width), (width,), (width,)]
    layer = [(width, width), (width,)] * 4 + [(width,)] * 2 + [(inner, width), (inner,), (width, inner)] + [(width,)] * 3
    return embeddings + layer * layers + [(width, width), (width,)]


def make_steps(parameters: list[torch.nn.Parameter]) -> dict[str, Callable[[], object]]:
    """One step function per side, on the same parameters and gradients; each side keeps its own state."""
    steps = {
        "torch default": torch.optim.AdamW(parameters, lr=1e-5).step,
        "torch fused": torch.optim.AdamW(parameters, lr=1e-5, fused=True).step,
        "eager, decay": AdamW(parameters, lr=1e-5, weight_decay=0.01).step,
        "eager, torch form, decay": AdamW(parameters, lr=1e-5, weight_decay=0.01, form="torch").step,
    }
    try:
        need_compiler()
        names = ("eager", "compiled", "fused", "auto")
    except ValueError as error:
        print(error)
        names = ("eager", "fused", "auto")
    return steps | {name: AdamW(parameters, lr=1e-5, backend=name).step for name in names}


def seconds(step: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def measure(name: str, rounds: int) -> None:
    """Print the median step of every side and the ratios with their bars, for one list of shapes."""
    generator = torch.Generator().manual_seed(0)
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator) * 0.02) for shape in bert_shapes(*SHAPES[name])]
    for parameter in parameters:
        parameter.grad = torch.randn(parameter.shape, generator=generator) * 1e-3
    steps = make_steps(parameters)
    for step in steps.values():  # state is made, code is compiled, the trial of "auto" is over
        step()
        step()
    times: dict[str, list[float]] = {side: [] for side in steps}
    for _ in range(rounds):
        for side, step in steps.items():
            times[side].append(seconds(step))
    medians = {side: statistics.median(values) for side, values in times.items()}
    print(f"\n{name}: {len(parameters)} tensors, {sum(p.numel() for p in parameters) / 1e6:.1f} million numbers, median of {rounds} steps")
    for side, median in medians.items():
        print(f"  {side:26} {1000 * median:8.1f} ms   fastest {1000 * min(times[side]):8.1f} ms")
    print_ratios(medians)


def print_ratios(medians: dict[str, float]) -> None:
    """One line per pair of sides: the ratio, and its bar where there is one."""
    for ours, theirs, direction, bar in PAIRS:
        if ours not in medians:
            continue
        ratio = medians[ours] / medians[theirs]
        is_speedup = direction == "theirs / ours"
        ratio = 1 / ratio if is_speedup else ratio
        met = bar is None or (ratio >= bar if is_speedup else ratio <= bar)
        wanted = "" if bar is None else f"bar {'>=' if is_speedup else '<='} {bar}: {'met' if met else 'NOT met'}"
        print(f"  {ours + ' against ' + theirs:42} {direction:13} {ratio:5.2f}   {wanted}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="steps per side (default 9)")
    parser.add_argument("--shapes", choices=SHAPES, help="one list of shapes only")
    arguments = parser.parse_args()
    print(f"torch {torch.__version__}, {platform.machine()}, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}")
    for name in [arguments.shapes] if arguments.shapes else SHAPES:
        measure(name, arguments.rounds)


if __name__ == "__main__":
    main()
