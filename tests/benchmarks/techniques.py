"""What a step costs with each technique: time and peak memory beside a plain step on the same batches, each in a process of its own.

    python tests/benchmarks/techniques.py [--size tiny|minilm|base] [--batch 8] [--steps 20] [--turns 3] [--data DIR] [--only NAME ...]

A step is one batch of each of the three practice tasks, or with --data of the course's three, whose sentences are longer.  Bars: SMART (one ascent) at most 2.8 times the time and 2.2 times the memory of the plain
step; surgery at most 1.15 times the summed step, and its memory plus three gradients; SMART with surgery at most 1.3 times SMART's memory.  Memory
is what the process grows by from the first step on, gradients and optimizer state included; the whole process stands beside it.
"""

from __future__ import annotations

from one_step import Result, headline, measured

from tasks.setup_run import Parts

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


def gradient(parts: Parts) -> Result:
    """The bytes of one."""
    return {"gradient": sum(parameter.numel() * parameter.element_size() for parameter in parts.model.parameters())}


def main() -> None:
    """Print a table of ratios, and each bar with what was measured."""
    found, arguments = measured(__doc__, TECHNIQUES, gradient)
    if found:
        print_table(found, headline(arguments))


def print_table(found: dict[str, Result], title: str) -> None:
    """One line a technique against the plain step, then the bars."""
    plain = found.get("separate")
    print(title)
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
