"""What a run ran on: enough to understand a difference between two runs, and nothing about the person."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import Any

import torch

import minbert

PACKAGES = ("torch", "tokenizers", "safetensors", "numpy", "tqdm")


def describe_environment(device: torch.device) -> dict[str, Any]:
    """A plain dict for environment.json: versions, machine, device, threads. No user name, no path, no git."""
    return {
        "minbert": _version("minbert") or minbert.__version__,  # run from a checkout, nothing is installed that could be asked
        "python": platform.python_version(),
        **{package: _version(package) for package in PACKAGES},
        "system": f"{platform.system()} {platform.machine()}",
        "device": device.type,
        "device_name": torch.cuda.get_device_name(device) if device.type == "cuda" else platform.processor() or platform.machine(),
        "cpu_cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "deterministic": device.type == "cpu",
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
