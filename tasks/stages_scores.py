"""What one can see while a stage learns: cosines beside the labels of dev, and how well masked words are guessed.

Both are looked at and never learned from. Letters: N examples, R rows of tensors, T tokens, C width, M chosen positions.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from minbert.mlm import IGNORED, MaskedLanguageModel
from tasks.batching import collate
from tasks.encoding import EncodedSplit
from tasks.evaluate import evaluating, over_split
from tasks.masking import Masked
from tasks.metrics import pearson
from tasks.pairs import split_siamese


def ranks(values: Tensor) -> Tensor:
    """The rank of each number (N,), 1 for the smallest; equal numbers share the mean of their ranks.

    >>> ranks(torch.tensor([5.0, 7.0, 5.0]))
    tensor([1.5000, 3.0000, 1.5000], dtype=torch.float64)
    """
    _, places, counts = values.unique(return_inverse=True, return_counts=True)
    return (counts.cumsum(0) - (counts - 1) / 2.0).double()[places]  # the last rank of each value, less half of its block


def spearman(predictions: Tensor, labels: Tensor) -> float:
    """Spearman's rho, -1 to 1: Pearson's r of the ranks, so only the order of the predictions counts; both (N,)."""
    return pearson(ranks(predictions), ranks(labels))


def cosine_scores(vectors_of: nn.Module, pairs: EncodedSplit, batch_size: int, device: torch.device) -> dict[str, float]:
    """Pearson and Spearman of the cosine of both sentences of each pair against the labels.

    vectors_of: input_ids, attention_mask (R, T) -> (R, C), in eval mode meanwhile; pairs: a split with labels whose sentences are encoded apart.
    """
    def cosine(batch: object) -> Tensor:
        first, second = split_siamese(vectors_of(batch.input_ids, batch.attention_mask).float())  # (B, C) each
        return F.cosine_similarity(first, second)  # (B,)

    with evaluating(vectors_of), torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # equal cosines everywhere: 0 says it
        found = over_split(cosine, pairs, batch_size, device)[0].double().cpu()  # (N,)
        return {"pearson": pearson(found, pairs.labels), "spearman": spearman(found, pairs.labels.double())}


def masked_word_scores(model: MaskedLanguageModel, texts: EncodedSplit, mask: Callable[[Tensor, tuple[int, ...]], Masked], batch_size: int,
                       device: torch.device) -> dict[str, float]:
    """Mean loss and accuracy over every chosen position of `texts`.

    mask: input_ids (R, T) and the places of the texts -> ids with masks and labels; the same each time, so that two looks compare.
    """
    order = sorted(range(len(texts)), key=lambda index: -texts.lengths[index])
    loss, right, count = 0.0, 0, 0
    with evaluating(model), torch.inference_mode():
        for start in range(0, len(order), batch_size):
            batch = collate(texts, order[start : start + batch_size])
            masked = mask(batch.input_ids, batch.indices)
            chosen = masked.labels != IGNORED  # (R, T)
            hidden = model.bert(masked.input_ids.to(device), batch.attention_mask.to(device), keep_states=False).last_hidden_state
            logits = model.head(hidden[chosen.to(device)], model.words).float().cpu()  # (M, V)
            labels = masked.labels[chosen]  # (M,)
            loss += float(F.cross_entropy(logits, labels, reduction="sum").double())
            right += int((logits.argmax(1) == labels).sum())
            count += len(labels)
    return {"loss": loss / max(count, 1), "accuracy": right / max(count, 1)}
