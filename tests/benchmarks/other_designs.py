"""What a user would run instead of minbert: a plain `transformers` loop, and the design of the course's starter code, completed.

Both read the same rows, start from the same weights, take the same number of updates and use the same learning rate as minbert's side of the
benchmark.  Pairs are encoded apart (siamese), as in the course; sentences go through `pooler_output`, dropout and a linear head.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer
from transformers.models.bert.tokenization_bert_legacy import BertTokenizerLegacy

Rows = Sequence[tuple[tuple[str, ...], float]]  # (texts, label)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "classes": lambda scores, labels: F.cross_entropy(scores, labels.long(), reduction="sum"),
    "binary": lambda scores, labels: F.binary_cross_entropy_with_logits(scores.squeeze(-1), labels, reduction="sum"),
    "regression": lambda scores, labels: F.mse_loss(scores.squeeze(-1), labels, reduction="sum"),
}


class HandoutAdamW(torch.optim.Optimizer):
    """The course handout's AdamW as a good student completes it: one loop over the parameters, the lines of the algorithm as they stand."""

    def __init__(self, params, lr: float, weight_decay: float, betas=(0.9, 0.999), eps: float = 1e-6) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "betas": betas, "eps": eps})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                state["t"] += 1
                state["m"] = beta1 * state["m"] + (1 - beta1) * p.grad
                state["v"] = beta2 * state["v"] + (1 - beta2) * p.grad * p.grad
                rate = group["lr"] * math.sqrt(1 - beta2 ** state["t"]) / (1 - beta1 ** state["t"])
                p.sub_(rate * state["m"] / (state["v"].sqrt() + group["eps"]))
                if group["weight_decay"]:
                    p.sub_(group["lr"] * group["weight_decay"] * p)


def python_tokenizer(folder: str) -> BertTokenizerLegacy:
    """The tokenizer written in Python, of which the starter code carries a copy."""
    pieces = AutoTokenizer.from_pretrained(folder).get_vocab()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("".join(piece + "\n" for piece in sorted(pieces, key=pieces.get)))
        file.flush()
        return BertTokenizerLegacy(file.name)


class Other(nn.Module):
    """A `transformers` encoder with one linear head per task, and the loop of either design."""

    def __init__(self, folder: str, tasks: dict, attention: str, head_dropout: float, in_python: bool) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(folder, attn_implementation=attention)
        self.tokenizer = python_tokenizer(folder) if in_python else AutoTokenizer.from_pretrained(folder)
        self.tasks, self.dropout = tasks, nn.Dropout(head_dropout)
        width = self.bert.config.hidden_size
        self.heads = nn.ModuleDict({name: nn.Linear(len(task.columns) * width, task.num_outputs) for name, task in tasks.items()})

    def scores(self, name: str, texts: list[tuple[str, ...]]) -> Tensor:
        """Tokenize the batch, encode each side of it, and score."""
        sides = []
        for side in zip(*texts):
            batch = self.tokenizer(list(side), padding=True, truncation=True, max_length=512, return_tensors="pt")
            output = self.bert(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
            sides.append(self.dropout(output.pooler_output))
        return self.heads[name](torch.cat(sides, -1))

    def loss(self, name: str, rows: Rows) -> Tensor:
        """Mean loss of one batch."""
        labels = torch.tensor([label for _, label in rows])
        return LOSSES[self.tasks[name].kind](self.scores(name, [texts for texts, _ in rows]), labels) / len(rows)

    def predictions(self, name: str, rows: Rows, batch_size: int, keep_graph: bool) -> Tensor:
        """Scores of all rows in file order, with or without the graph that evaluation has no use for."""
        self.eval()
        with torch.set_grad_enabled(keep_graph):
            parts = [self.scores(name, [texts for texts, _ in rows[i : i + batch_size]]).detach() for i in range(0, len(rows), batch_size)]
        return torch.cat(parts)


def plain_transformers(folder: str, tasks: dict, lr: float, weight_decay: float, clip: float, head_dropout: float) -> tuple[Other, Callable[..., float]]:
    """SDPA attention, random batches padded to their longest, fast tokenizer, torch's AdamW as constructed by default, gradient clipping."""
    model = Other(folder, tasks, "sdpa", head_dropout, in_python=False)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=weight_decay)

    def step(name: str, rows: Rows) -> float:
        loss = model.loss(name, rows)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        return loss.item()

    return model, step


def completed_course(folder: str, tasks: dict, lr: float, weight_decay: float, clip: float, head_dropout: float) -> tuple[Other, Callable[..., float]]:
    """Attention as a formula, tokenizing every batch in Python, the handout's AdamW completed; the course clips nothing."""
    model = Other(folder, tasks, "eager", head_dropout, in_python=True)
    optimizer = HandoutAdamW(model.parameters(), lr=lr, weight_decay=weight_decay)

    def step(name: str, rows: Rows) -> float:
        optimizer.zero_grad()
        loss = model.loss(name, rows)
        loss.backward()
        optimizer.step()
        return loss.item()

    return model, step
