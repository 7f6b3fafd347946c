"""Run a component's probe on a subject: one call from a name to what was seen."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from sanity_checks.look import Look, Observation
from sanity_checks.stand_ins import others_standing_in


def has_probe(component: str) -> bool:
    """Whether there is a probe (and so a diagnosis) for `component`."""
    return (Path(__file__).parent / "probes" / f"{component}.py").exists()


def look_at(component: str, subject: Any = None) -> Mapping[str, Observation]:
    """What the probe of `component` sees in `subject` (None: this library's own code), with torch's generator (the CPU's) seeded and put back.

    NotImplementedError when the code is not started.
    """
    look = Look()
    probe = importlib.import_module(f"sanity_checks.probes.{component}").probe
    with others_standing_in(component), torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(11711)  # alone: the other devices' are not put back, and telling them takes as long as a small probe
        probe(subject or importlib.import_module(f"sanity_checks.subjects.{component}").library(), look)
    return look.observations
