"""Stages in two processes come to what one process comes to, with dropout off: real processes, talking through gloo."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from small_run import write_course_files

from minbert.bert import Bert

ROOT = Path(__file__).parents[2]
CODE = """
import dataclasses, sys
from pathlib import Path
sys.path.insert(0, "tests")
import pytest
import torch
torch.set_num_threads(1)
from small_run import small_recipe
from tasks.pretrain import pretrain
from tasks.recipe_stages import MlmSettings, SimcseSettings, StageSettings

data, out = sys.argv[1:]
for name, triples in (("both", ""), ("triples", str(Path(data) / "triples.csv"))):
    recipe = small_recipe(Path(data), data={"folder": data, "max_length": 32, "limit": 10}, sampler={"batch_size": 4}, training={"device": "cpu"},
                          model={"hidden_dropout": 0.0, "attention_dropout": 0.0})
    recipe = dataclasses.replace(recipe, stages=StageSettings(("simcse",) if triples else ("mlm", "simcse")),
                                 simcse=SimcseSettings(batch_size=7, steps=4, lr=1e-3, triples=triples, hard_weight=0.7 if triples else 0.0))
    if not triples:
        recipe = dataclasses.replace(recipe, mlm=MlmSettings(batch_size=7, steps=4, lr=1e-3, window=1))
    pretrain(recipe, Path(out) / name, say=lambda sentence: None)
"""


def start(data: Path, out: Path, rank: int, size: int, port: int) -> subprocess.Popen[bytes]:
    place = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": size, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port} if size > 1 else {}
    environ = {**os.environ, "OMP_NUM_THREADS": "1", **{name: str(value) for name, value in place.items()}}
    return subprocess.Popen([sys.executable, "-c", CODE, str(data), str(out)], cwd=ROOT, env=environ, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_two_processes_come_to_the_encoders_of_one(tmp_path: Path) -> None:
    """7 rows for two processes: one reads its last row once more, and that counts once."""
    data = write_course_files(tmp_path / "data")
    rows = "".join(f"the good dog {word}\ta great boy {word}\tthe bad story {other}\n" for word, other in zip("abcdefghijk", "lmnopqrstuv"))
    (data / "triples.csv").write_text("anchor\tpositive\tnegative\n" + rows, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = [start(data, tmp_path / "one", 0, 1, port), *(start(data, tmp_path / "two", rank, 2, port) for rank in (0, 1))]
    for process in running:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors.decode()[-2000:]
    for folder in ("both/encoders/mlm", "both/encoders/simcse", "triples/encoders/simcse"):
        one, two = (dict(Bert.from_pretrained(tmp_path / size / folder).state_dict()) for size in ("one", "two"))
        start_weights = Bert.from_pretrained("tiny").state_dict()
        assert max((one[name] - start_weights[name]).abs().max() for name in one) > 1e-3
        assert max((one[name] - two[name]).abs().max() for name in one) < 1e-5, folder
    assert all(torch.isfinite(tensor).all() for tensor in two.values())
