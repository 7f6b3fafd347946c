"""A small multitask model and batches for it: three tasks, one of each kind, in float64 with weights large enough that mistakes show."""

from __future__ import annotations

from dataclasses import replace

import torch
from minbert_small import SMALL, randomise, small_bert

from minbert.config import BertConfig
from tasks.batching import Batch
from tasks.encoding import EncodedSplit
from tasks.model import MultitaskModel
from tasks.recipe_settings import ModelSettings
from tasks.registry import TASKS, Task

SETTINGS = ModelSettings(head_dropout=0.0)
TRIO: dict[str, Task] = {name: TASKS[name] for name in ("sst", "quora", "sts")}
DROPOUT = replace(SMALL, hidden_dropout_prob=0.1, attention_probs_dropout_prob=0.1)


def seeded(seed: int = 3) -> torch.Generator:
    """A generator of its own for one purpose."""
    return torch.Generator().manual_seed(seed)


def small_model(names: tuple[str, ...] = tuple(TRIO), config: BertConfig = SMALL, seed: int = 3, **settings: object) -> MultitaskModel:
    """A float64 model in eval mode; keyword arguments change the model settings."""
    model = MultitaskModel(small_bert(seeded(seed), config), {name: TRIO[name] for name in names}, replace(SETTINGS, **settings), seeded(seed))
    randomise(model.heads, seeded(seed + 1))
    return model.double().eval()


def small_batch(task: str, size: int = 5, tokens: int = 7, pairs: str = "siamese", seed: int = 11, padding: int = 0) -> Batch:
    """A ragged batch of random ids with labels in the task's range; `padding` adds columns of pads that hold random ids."""
    row, generator = TRIO[task], seeded(seed)
    rows = 2 * size if row.is_pair and pairs == "siamese" else size
    lengths = torch.randint(1, tokens + 1, (rows,), generator=generator)
    ids = torch.randint(1, SMALL.vocab_size, (rows, tokens), generator=generator)
    types = torch.randint(2, (rows, tokens), generator=generator) if rows == size else torch.zeros_like(ids)
    labels = labels_for(row, size, generator)
    if padding:
        ids = torch.cat([ids, torch.randint(1, SMALL.vocab_size, (rows, padding), generator=generator)], dim=1)
        types = torch.cat([types, torch.zeros(rows, padding, dtype=torch.int64)], dim=1)
    mask = (torch.arange(tokens + padding) < lengths[:, None]).long()
    return Batch(task, ids, mask, types, labels, tuple(f"id{i}" for i in range(size)), tuple(range(size)))


def labels_for(task: Task, size: int, generator: torch.Generator) -> torch.Tensor:
    """Random labels (N,) of the task's kind: int64 classes, float32 otherwise."""
    low, high = task.label_range
    if task.kind == "regression":
        return low + (high - low) * torch.rand(size, generator=generator)
    labels = torch.randint(int(low), int(high) + 1, (size,), generator=generator)
    return labels if task.kind == "classes" else labels.float()


def small_split(task: str, size: int = 13, longest: int = 9, pairs: str = "siamese", seed: int = 17, labelled: bool = True) -> EncodedSplit:
    """A split of random sequences of lengths 1..longest, in no order of length."""
    row, generator = TRIO[task], seeded(seed)
    parts = 2 if row.is_pair and pairs == "siamese" else 1
    lengths = torch.randint(1, longest + 1, (size, parts), generator=generator).tolist()
    sequences = tuple(tuple(torch.randint(1, SMALL.vocab_size, (length,), generator=generator).tolist() for length in each) for each in lengths)
    types = tuple(tuple([0] * length for length in each) for each in lengths)
    labels = labels_for(row, size, generator) if labelled else None
    ids = tuple(f"row-{9973 * place % size}" for place in range(size))  # in no alphabetical order
    return EncodedSplit(task, sequences, types, labels, ids, tuple(max(each) for each in lengths), 0, 0)
