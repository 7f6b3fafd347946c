"""What `tasks.memory.keep_freed_memory` is worth: training steps at minilm size with and without it, processes taking turns.

    python tests/benchmarks/memory.py [--batch 8] [--turns 3]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys

STEP = """
import statistics, sys, time, torch
from minbert import Bert, BertConfig
from optim import AdamW
from tasks.memory import keep_freed_memory
batch, keep = int(sys.argv[1]), sys.argv[2] == "keep"
if keep:
    assert keep_freed_memory()
bert = Bert(BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)).train()
optimizer = AdamW(bert.parameters(), lr=1e-5, backend="auto")
ids = torch.randint(1, 30522, (batch, 25))
seconds = []
for _ in range(30):
    start = time.perf_counter()
    bert(ids, first_only=True).pooler_output.square().mean().backward()
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - start)
print(statistics.median(seconds[5:]))
"""


def seconds_per_step(batch: int, mode: str) -> float:
    """Median of 25 steps in a fresh process: the setting is for a process's whole life."""
    return float(subprocess.run([sys.executable, "-c", STEP, str(batch), mode], check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print the median of each side over the turns, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    times = {"keep": [], "give back": []}
    for _ in range(arguments.turns):
        for mode, values in times.items():
            values.append(seconds_per_step(arguments.batch, mode))
    keep, give = (statistics.median(values) for values in times.values())
    print(f"batch {arguments.batch}: {1000 * keep:.1f} ms with freed memory kept, {1000 * give:.1f} ms without: {give / keep:.2f} times as fast")


if __name__ == "__main__":
    main()
