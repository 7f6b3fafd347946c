"""SIGKILL a process at random moments of saving, again and again: does the newest complete checkpoint always load?

    python tests/reliability/kill_saves.py --kills 200

A child saves step 1, 2, 3, ... as fast as it can and writes a step's number to a pipe when its save has returned. After
each kill the file must load, hold a step no older than the last one announced, and be whole; and one more save must
leave nothing but the file itself.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

# One child forks the processes that are killed, so that torch is imported once and not at every kill.
CHILD = """
import os, sys, itertools
import torch
from pathlib import Path
from tasks.checkpoint import save
torch.set_num_threads(1)
path = Path(sys.argv[1])
for line in sys.stdin:
    first = int(line)
    pid = os.fork()
    if pid == 0:
        for step in itertools.count(first):
            save(path, {"step": step, "a": torch.full((200_003,), float(step)), "b": {"c": torch.full((7,), step)}})
            os.write(1, b"s%d\\n" % step)
    os.write(1, b"p%d\\n" % pid)
    os.waitpid(pid, 0)
    os.write(1, b"done\\n")
"""


def kill_many(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill `kills` saving processes; returns how many of them left a loadable, complete, newest file and no litter."""
    import torch

    from tasks.checkpoint import load, save

    path, moments = folder / "last.safetensors", random.Random(seed)
    counts = {"kills": 0, "loaded": 0, "clean": 0, "in the middle of a save": 0}
    parent = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    step = 1
    for _ in range(kills):
        announced = _kill_one(parent, step, moments.uniform(0, 0.02))
        counts["kills"] += 1
        counts["in the middle of a save"] += any(folder.glob(".saving-*"))
        state = load(path)
        whole = bool((state["a"] == state["step"]).all() and (state["b"]["c"] == state["step"]).all())
        counts["loaded"] += whole and state["step"] >= announced
        step = state["step"] + 1
        save(path, {"step": step, "a": torch.full((3,), float(step)), "b": {"c": torch.full((7,), step)}})
        counts["clean"] += os.listdir(folder) == ["last.safetensors"]
    parent.stdin.close()
    parent.wait()
    parent.stdout.close()
    return counts


def _kill_one(parent: subprocess.Popen, first: int, wait: float) -> int:
    """Start a saving process, kill it `wait` seconds after its first save; returns the last step that it announced."""
    import time

    parent.stdin.write(f"{first}\n")
    pid, announced = None, None
    while pid is None or announced is None:
        line = parent.stdout.readline()
        pid = int(line[1:]) if line[0] == "p" else pid
        announced = int(line[1:]) if line[0] == "s" else announced
    time.sleep(wait)
    os.kill(pid, signal.SIGKILL)
    while (line := parent.stdout.readline()) != "done\n":
        announced = int(line[1:])
    return announced


def main() -> int:
    """Print the counts; exit 0 when nothing was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11711)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = kill_many(Path(folder), options.kills, options.seed)
    for what, count in counts.items():
        print(f"{count:5} {what}")
    return 0 if counts["loaded"] == counts["clean"] == options.kills else 1


if __name__ == "__main__":
    raise SystemExit(main())
