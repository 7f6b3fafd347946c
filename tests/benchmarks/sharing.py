"""What each sharing and each adapter costs: weights, time and memory of a step beside `multi`, each in a process of its own.

    python tests/benchmarks/sharing.py [--size tiny|minilm|base] [--batch 8] [--steps 20] [--turns 3] [--data DIR] [--only NAME ...]

A step is one batch of each of the three practice tasks, or with --data of the course's three.  What should be seen: a batch walks L layers whoever
owns them, so a tower costs memory (weights, gradients, and two moments of Adam) and hardly any time; two encoders side by side cost the
time of two, a frozen one that of its forward pass; adapters cost a few percent of the weights and the time of a narrow layer beside each layer.
"""

from __future__ import annotations

from one_step import Result, headline, measured

from tasks.setup_run import Parts
from tasks.weight_counts import weight_counts

ROWS = {
    "multi": [], **{f"cerbertus-{own}": [f"sharing.name=cerbertus-{own}"] for own in (2, 3, 4, 6)},
    **{name: [f"sharing.name={name}"] for name in ("triple", "multi+triple", "static+finetune")},
    **{f"{name}": [f"sharing.adapters={name}"] for name in ("pal", "pal-code", "low-rank", "top")},
    "pal, adapters alone": ["sharing.adapters=pal", "model.fine_tune_mode=adapters"],
    "cerbertus-2 + pal": ["sharing.name=cerbertus-2", "sharing.adapters=pal"],
}  # fmt: skip


def weights(parts: Parts) -> Result:
    """All of them, and those that learn."""
    counts = weight_counts(parts.model)
    learning = counts.pop("learning")
    return {"weights": sum(counts.values()), "learning": learning}


def fits(row: str, depth: int) -> bool:
    """Whether there are no more own layers than layers."""
    return not row.startswith("cerbertus-") or int(row.split("-")[1][0]) <= depth


def main() -> None:
    """Print a line a row, against `multi` where it is among them."""
    found, arguments = measured(__doc__, ROWS, weights, fits)
    if found:
        print_table(found, headline(arguments))


def print_table(found: dict[str, Result], title: str) -> None:
    """One line a row."""
    plain = found.get("multi")
    print(title)
    for name, result in found.items():
        ratios = f"  {result['seconds'] / plain['seconds']:5.2f} times, grows {result['grown'] / plain['grown']:5.2f} times, peak {result['peak'] / plain['peak']:5.2f} times" if plain else ""
        print(f"{name:20} {result['weights'] / 1e6:7.1f} M weights, {result['learning'] / 1e6:7.1f} M learn  {1000 * result['seconds']:8.1f} ms  "
              f"+{result['grown'] / 2**20:6.0f} MiB  peak {result['peak'] / 2**20:6.0f} MiB{ratios}")


if __name__ == "__main__":
    main()
