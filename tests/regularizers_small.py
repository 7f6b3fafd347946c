"""A small model with dropout behind the regularizers' door, for these tests: embeddings -> logits, with its masks under control."""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor, nn

R, T, C, K = 3, 5, 7, 4
OUTPUTS = {"classes": K, "binary": 1, "regression": 1}


class SmallModel(nn.Module):
    """Mixes tokens, then classifies their mean; float64, dropout 0.5."""

    def __init__(self, kind: str = "classes", seed: int = 0) -> None:
        super().__init__()
        self.mix, self.head, self.dropout = nn.Linear(C, C), nn.Linear(C, OUTPUTS[kind]), nn.Dropout(0.5)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator))
        self.double()

    def forward(self, embeddings: Tensor) -> Tensor:
        scores = self.head(self.dropout(torch.tanh(self.mix(embeddings))).mean(1))  # (R, outputs)
        return scores if scores.size(-1) > 1 else scores.squeeze(-1)

    def door(self):
        """logits_of(embeddings, masks="fresh"): remembers the state of the first fresh pass for "same"."""
        remembered = []

        def logits_of(embeddings: Tensor, masks: str = "fresh") -> Tensor:
            if masks == "fresh":
                remembered.append(torch.get_rng_state())
                return self(embeddings)
            with torch.random.fork_rng(devices=[]), self.without_dropout() if masks == "off" else contextlib.nullcontext():
                torch.set_rng_state(remembered[0])
                return self(embeddings)

        return logits_of

    @contextlib.contextmanager
    def without_dropout(self):
        training = self.training
        self.eval()
        yield
        self.train(training)


def embeddings(seed: int = 0) -> Tensor:
    return torch.randn(R, T, C, generator=torch.Generator().manual_seed(1000 + seed), dtype=torch.float64)


def number(scalar: Tensor) -> float:
    """A scalar with a graph as a Python number."""
    return scalar.detach().item()
