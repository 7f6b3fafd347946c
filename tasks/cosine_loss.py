"""The cosine embedding loss: similar sentences into one direction, others apart (Cortes, Hsieh and Fu, experiment 2a).

    y = +1 if label > threshold, else -1          loss = 1 - cos  for y = +1,   max(0, cos - margin)  for y = -1

A label between 0 and 5 becomes one of two words, and the rest of it is lost: over the course's similarity labels the thresholded label keeps a
correlation of .865 with the label.  The paper does not say on which side its threshold of 2.5 falls; here it counts as dissimilar.
Letters: B batch.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def cosine_embedding(cosines: Tensor, labels: Tensor, threshold: float, margin: float = 0.0) -> Tensor:
    """Mean loss of cosines (B,) against labels (B,), a scalar.

    >>> cosine_embedding(torch.tensor([1.0, 0.0, -1.0]), torch.tensor([5.0, 5.0, 5.0]), 2.5)
    tensor(1.)
    """
    return torch.where(labels > threshold, 1 - cosines, F.relu(cosines - margin)).mean()
