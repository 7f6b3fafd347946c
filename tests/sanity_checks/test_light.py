"""A check starts fast because it leaves out what it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_the_probe_of_an_optimizer_loads_no_compiler() -> None:
    program = ("import sys; from sanity_checks.light import without_compiler; without_compiler();"
               "from sanity_checks.verdict import verdict; assert verdict('adamw').outcome == 'correct';"
               "assert not {'torch._dynamo', 'torch._inductor', 'transformers', 'matplotlib'} & set(sys.modules)")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
