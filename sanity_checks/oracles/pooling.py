"""Pooling: the same sentence vector however much padding follows. Letters: R sequences, T tokens, C width."""

from __future__ import annotations

import torch

from minbert.bert import BertOutput
from sanity_checks.judge import expect, same
from sanity_checks.reference import random
from tasks.pooling import POOLINGS

LENGTHS = (2, 5, 3)
R, T, C = 3, 5, 7


def output() -> tuple[BertOutput, torch.Tensor]:
    """States (R, T, C) all below zero, so that a pad counted as 0 would win every maximum, and their mask (R, T)."""
    states = -random(R, T, C).detach().abs() - 1
    mask = (torch.arange(T) < torch.tensor(LENGTHS)[:, None]).long()
    return BertOutput(states, random(R, C, seed=8).detach(), (states,), None), mask


def equal_the_sentence_alone() -> float:
    """Mean and max are those of the real tokens alone."""
    given, mask = output()
    alone = {"mean": [row[:length].mean(0) for row, length in zip(given.last_hidden_state, LENGTHS)],
             "max": [row[:length].amax(0) for row, length in zip(given.last_hidden_state, LENGTHS)],
             "cls": list(given.last_hidden_state[:, 0]), "pooler": list(given.pooler_output)}
    return max(same(f"the vector of {name!r}", POOLINGS[name](given, mask), torch.stack(rows)) for name, rows in alone.items())


def garbage_in_padding_is_harmless() -> float:
    """Whatever numbers sit in padding, infinity too, the vector stays."""
    given, mask = output()
    dirty = given.last_hidden_state.masked_fill((mask == 0)[..., None], float("inf"))
    soiled = BertOutput(dirty, given.pooler_output, (dirty,), None)
    return max(same(f"the vector of {name!r} with garbage in padding", pool(soiled, mask), pool(given, mask)) for name, pool in POOLINGS.items())


def a_row_of_padding_stays_finite() -> None:
    """A row without any real token gives finite numbers."""
    given, mask = output()
    mask[1] = 0
    for name, pool in POOLINGS.items():
        expect(pool(given, mask).isfinite(), f"{name!r} gives NaN or infinity for a row of padding")


PROBES = (equal_the_sentence_alone, garbage_in_padding_is_harmless, a_row_of_padding_stays_finite)
