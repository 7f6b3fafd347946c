"""What the pair order probe needs: pairs as token ids in one order and both, batches of either, an endless stream of them, and scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor


@dataclass(frozen=True)
class PairOrder:
    """encode(texts of each example, labels, tokenizer, kind, "siamese" or "cross", both orders, max_length=, truncation=) -> encoded; batch(encoded,
    indices, turned) -> what has input_ids, token_type_ids, attention_mask, labels, ids and indices; stream(encoded, batch size, seed) -> endless
    batches; scores(model, encoded, kind) -> (decided, raw). An encoded split has sequences and token_types, one tuple an example, labels, ids,
    lengths, truncated (how many were cut), and swapped: the same the other way round, or None."""

    encode: Callable[..., Any]
    batch: Callable[[Any, Sequence[int], Sequence[bool]], Any]
    stream: Callable[[Any, int, int], Any]
    scores: Callable[[Any, Any, str], tuple[Tensor, Tensor]]


def library() -> PairOrder:
    """The subject made of tasks/encoding.py, tasks/batching.py, tasks/streams.py and tasks/evaluate.py."""
    from pathlib import Path

    import tasks.evaluate as evaluating
    from tasks import (
        batching,  # here, so that a file that cannot be read is reported when its component is checked
        encoding,
        streams,
    )
    from tasks.data import Example, Split
    from tasks.registry import TASKS

    named = {"binary": TASKS["quora"], "regression": TASKS["sts"], "classes": TASKS["sst"]}

    def encode(texts: Sequence[tuple[str, ...]], labels: Sequence[float], tokenizer: Any, kind: str, pairs: str, both: bool, max_length: int = 16, **cut: str) -> Any:
        examples = tuple(Example(str(row), each, label, row) for row, (each, label) in enumerate(zip(texts, labels)))
        return encoding.encode_split(Split(examples, {}, Path("probe")), tokenizer, named[kind], max_length, pairs, both_orders=both, **cut)

    def scores(model: Any, encoded: Any, kind: str) -> tuple[Tensor, Tensor]:
        found = evaluating.evaluate(model, encoded, named[kind], 2)
        return found.predictions, found.logits

    return PairOrder(encode, lambda encoded, indices, turned: batching.collate(encoded, indices, "cpu", turned),
                     lambda encoded, size, seed: streams.BatchStream(encoded, size, 2, seed), scores)
