"""While a student's files are imported, what they do at module level must neither stop the import nor touch anything.

Scripts read the command line, ask for a GPU, print, and now and then train, outside of any function.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import torch


@contextmanager
def tolerant(folder: Path) -> Iterator[None]:
    """Inside, `folder` is where imports look first, the command line is empty and asks for nothing, and a GPU is asked in vain but politely."""
    patches: tuple[tuple[Any, str, Any], ...] = (
        (sys, "argv", [str(folder / "bert.py")]),
        (sys, "path", [str(folder), *sys.path]),
        (sys, "dont_write_bytecode", True),  # nothing is written into the student's folder
        (argparse.ArgumentParser, "error", lambda self, message: None),  # a required option that nobody gave
        (torch.Tensor, "cuda", lambda self, *device, **named: self),
        (torch.nn.Module, "cuda", lambda self, *device, **named: self),
        (torch.cuda, "is_available", lambda: False),
        (torch.cuda, "set_device", lambda *device: None),
        (torch.cuda, "get_device_name", lambda *device: "none"),
        (torch.cuda, "manual_seed_all", lambda seed: None),
    )
    threads = torch.get_num_threads()
    with ExitStack() as stack, torch.random.fork_rng(devices=[]):
        for owner, name, value in patches:
            stack.enter_context(mock.patch.object(owner, name, value))
        yield
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
        torch.set_num_threads(threads)
