"""Facts that hold for every right head, whatever it is made of: of its shape, of its rows, of padding, of its range, of its gradients.

Letters: B batch, T tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.starter.course import Desk
from sanity_checks.starter.head_building import HEADS, built, fill, is_encoder
from sanity_checks.starter.head_words import COSINE, NO_DROPOUT

B = 5
Run = Callable[..., Tensor]


def _sentences(seed: int, lengths: list[int], padding: int) -> tuple[Tensor, Tensor]:
    """ids (B, T) and mask (B, T): [CLS], words, [SEP], then 0 up to the longest length and `padding` more."""
    ids = torch.zeros(len(lengths), max(lengths) + padding, dtype=torch.int64)
    for row, length in enumerate(lengths):
        ids[row, :length] = torch.tensor([101, *((7 * seed + 31 * row + 13 * place) % 97 + 3 for place in range(length - 2)), 102])
    return ids, (ids != 0).long()


def _given(name: str, seed: int = 1, padding: int = 0) -> list[Tensor]:
    pair = HEADS[name].sentences == 2
    return [*_sentences(seed, [7, 4, 6, 3, 7], padding), *(_sentences(seed + 5, [4, 5, 3, 5, 4], padding) if pair else ())]


def facts(name: str, desk: Desk, model: Any, method: Run, notes: list[str]) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Each fact's name (one of head_words.FACTS) and how to ask whether it holds; what else is worth saying goes into `notes`."""
    given = _given(name)
    first = method(*_copies(given))  # what it raises is the finding
    many = [rows(method(*_copies(_given(name, seed)))) for seed in (1, 2, 3) if fill(model, seed)] if _fits(name, first) else []
    fill(model, 1)
    numbers = torch.cat(many).flatten() if many else torch.zeros(1)
    run = lambda *tensors: rows(method(*tensors))
    yield "shape", lambda: _fits(name, first)
    yield "single", lambda: _single(name, method, given)
    yield "random", lambda: same(run(*given), run(*given))
    yield "changed", lambda: _unchanged(method, given)
    yield "row", lambda: all(same(run(*(each[row : row + 2] for each in given)), run(*given)[row : row + 2]) for row in range(B - 1))
    yield "pads", lambda: same(run(*given), run(*_given(name, padding=3)))
    if HEADS[name].scores > 1:
        sums_to_one = bool((numbers >= 0).all()) and same(torch.cat(many).sum(-1), torch.ones(len(torch.cat(many))))
        yield "normalised", lambda: not sums_to_one
        yield "raw-nll", lambda: not _wants_log_probabilities(desk, name) or same(torch.cat(many).exp().sum(-1), torch.ones(len(torch.cat(many))))
    yield "whole", lambda: not same(numbers, numbers.round())
    if name == "paraphrase":
        yield "probability", lambda: not bool(((numbers >= 0) & (numbers <= 1)).all())
    if HEADS[name].sentences == 2:
        other = _given(name, seed=9)
        yield "first", lambda: not same(run(*given), run(*other[:2], *given[2:]))
        yield "second", lambda: not same(run(*given), run(*given[:2], *_given(name, seed=4)[2:]))
    yield from _slopes(name, desk, model, method, given, notes)
    if name == "similarity" and bool((numbers.abs() <= 1 + 1e-5).all()):
        notes.append(COSINE)


def _slopes(name: str, desk: Desk, model: Any, method: Run, given: list[Tensor],
            notes: list[str]) -> Iterator[tuple[str, Callable[[], bool]]]:  # fmt: skip
    head, encoder = _gradients(model, lambda: method(*_copies(given)))
    yield "slope", lambda: head or encoder
    yield "encoder", lambda: encoder
    if desk.says(HEADS[name].file, "last-linear-layer", "pretrain"):
        frozen = built(name, desk, full=False)
        yield "frozen", lambda: not _gradients(frozen, lambda: getattr(frozen, HEADS[name].method)(*_copies(given)))[1]
    model.train()
    drops = not same(rows(method(*_copies(given))), rows(method(*_copies(given))))
    declared = any(isinstance(part, nn.Dropout) and not is_encoder(model, f"{place}.") for place, part in model.named_modules())
    if head and declared:
        yield "dropout", lambda: drops
    elif not drops:
        notes.append(NO_DROPOUT)  # nobody asks for it in a head without weights of its own, or where none was made


def _gradients(model: Any, call: Callable[[], Tensor]) -> tuple[bool, bool]:
    """Whether any gradient but 0 arrives in the head's own parameters, and in the encoder's."""
    model.zero_grad()
    scores = call()
    if not scores.requires_grad:
        return False, False
    (rows(scores) * torch.arange(1.0, 1 + scores.numel()).reshape(rows(scores).shape)).sum().backward()
    arrived = [(is_encoder(model, name), parameter.grad is not None and bool(parameter.grad.abs().max() > 0)) for name, parameter in model.named_parameters()]
    return any(there for inside, there in arrived if not inside), any(there for inside, there in arrived if inside)


def rows(scores: Tensor) -> Tensor:
    """(B,) or (B, 1) or (B, k) -> (B, k)."""
    return scores.reshape(len(scores), -1)


def same(one: Tensor, other: Tensor) -> bool:
    """Equal up to the rounding of float32."""
    return one.shape == other.shape and torch.allclose(one.float(), other.float(), rtol=1e-4, atol=1e-4)


def _copies(given: list[Tensor]) -> list[Tensor]:
    return [each.clone() for each in given]


def _fits(name: str, scores: object) -> bool:
    wanted = {(B, HEADS[name].scores)} | ({(B,)} if HEADS[name].scores == 1 else set())
    return isinstance(scores, Tensor) and tuple(scores.shape) in wanted


def _single(name: str, method: Run, given: list[Tensor]) -> bool:
    try:
        return tuple(method(*(each[:1].clone() for each in given)).shape) in {(1, HEADS[name].scores), (1,) if HEADS[name].scores == 1 else (1, HEADS[name].scores)}
    except (Exception, SystemExit):  # noqa: BLE001 (a batch of five went well, so it is the batch of one that fails)
        return False


def _unchanged(method: Run, given: list[Tensor]) -> bool:
    copies = _copies(given)
    method(*copies)
    return all(torch.equal(copy, each) for copy, each in zip(copies, given))


def _wants_log_probabilities(desk: Desk, name: str) -> bool:
    file = HEADS[name].file
    return desk.says(file, "nll_loss", "NLLLoss") and not desk.says(file, "cross_entropy", "CrossEntropyLoss")
