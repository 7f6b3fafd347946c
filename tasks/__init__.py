"""tasks: from a CSV file to a trained multitask model, one idea per file.

    from tasks import TASKS, read_split, describe_counts
"""

from __future__ import annotations

import importlib
from typing import Any

# Public name -> the file that defines it. Loaded on first use, so that importing the package costs nothing.
PUBLIC = {
    "TASKS": "tasks.registry",
    "Task": "tasks.registry",
    "task_from_table": "tasks.registry",
    "read_examples": "tasks.data",
    "read_split": "tasks.data",
    "describe_counts": "tasks.data",
    "encode_split": "tasks.encoding",
    "BatchStream": "tasks.streams",
    "sampler": "tasks.samplers",
    "preflight": "tasks.predictions",
    "write_predictions": "tasks.predictions",
}
__all__ = list(PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"tasks has no public name {name!r}; it has {', '.join(PUBLIC)}.")
    return getattr(importlib.import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
