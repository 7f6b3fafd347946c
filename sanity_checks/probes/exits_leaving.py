"""The second half of the probe of exits: batches that shrink, on layers whose states say which row they are, then on the small model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sanity_checks.look import Look
from sanity_checks.probes.facts import once, refused, same
from sanity_checks.subjects.exits import ExitsOf

DEPTH, TOKENS = 4, 3
PLAN = (3, 1, 4, 2, 3, 1, 4)  # after which layer each example would leave
LAST = tuple(9 for _ in PLAN)  # never before the last
IDS, MASK = 1 + torch.arange(30).view(6, 5) * 5 % 12, (torch.arange(5) < torch.tensor([5, 3, 4, 2, 5, 1])[:, None]).long()
RULES = (("sst", "confidence", 0.95), ("sst", "patience", 2), ("quora", "confidence", 0.965), ("sst", "learned", 0.7))
TEMPERATURES = [2.0, 0.6, 0.75, 1.0]


class Walked:
    """Layers that write down what they are given: a state is (row, what it has been through)."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.history: list[str] = []

    def above(self, start: int) -> Callable[..., Iterator[Tensor]]:
        """What is left of the layers above layer `start`."""

        def walk(hidden: Tensor, mask: Tensor, first_only: bool = False) -> Iterator[Tensor]:
            for layer in range(start + 1, DEPTH + 1):
                masked = ",".join(f"{value:g}" for value in mask.sum(1).tolist())
                self.calls.append(f"{layer}: rows {','.join(f'{row:g}' for row in hidden[:, 0, 0].tolist())} masks {masked}" + (" first only" if first_only else ""))
                hidden = hidden + torch.tensor([0.0, 10.0**-layer], dtype=torch.float64)
                yield hidden

        return walk

    def leave(self, subject: ExitsOf, plan: Sequence[int], siamese: bool = False, first_only: bool = False, broken: bool = False) -> tuple[Tensor, Tensor, Any]:
        """A batch in which example i would leave after layer plan[i]; broken: exit 2 says no number."""
        count = len(plan) * (1 + siamese)
        hidden = torch.zeros(count, TOKENS, 2, dtype=torch.float64) + torch.stack([torch.arange(count), torch.zeros(count)], -1)[:, None]
        mask = (torch.arange(TOKENS) < 1 + torch.arange(count)[:, None] % TOKENS).long()

        def answer(layer: int, states: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
            own = states[:, 0]
            first, second = own.chunk(2) if siamese else (own, own)
            features = torch.cat([first, second], dim=-1)  # (B', 4)
            said = features[:, 0] + 100 * features[:, 2] + 10000 * layer + features[:, 1] + mask.sum(1)[: len(first)]
            return features, said * (float("nan") if broken and layer == 2 else 1.0)

        def decide(found: Sequence[Any]) -> Tensor:
            self.history.append("; ".join(",".join(f"{row:g}" for row in each.features[:, 0].tolist()) for each in found))
            return torch.tensor(plan)[found[-1].features[:, 0].long() % len(plan)] <= len(self.history)

        return subject.leave([self.above(layer) for layer in range(DEPTH)], hidden, mask, answer, decide, siamese, first_only)


def leaving(subject: ExitsOf, look: Look, model: Callable[[], nn.Module]) -> None:
    """Look at batches on made-up layers, then at the small model."""
    cases = {"two examples of which one leaves": (1, 9), "seven examples": PLAN, "seven examples of which none leaves": LAST, "seven examples that leave at once": (1,) * 7}
    for words, plan in cases.items():
        _batch(subject, look, words, plan)
    _batch(subject, look, "four pairs", PLAN[:4], siamese=True)
    look("the layers that are computed for position 0 alone", lambda: _walked(subject, PLAN, first_only=True).calls[-1], "option")
    look("scores that are no numbers are refused", lambda: refused(lambda: Walked().leave(subject, PLAN, broken=True)), "option")
    for task, rule, threshold in RULES:
        left = once(lambda task=task, rule=rule, threshold=threshold: subject.early(model(), task, IDS, MASK, rule, threshold))
        words = f"{task} by {rule}"
        look(f"after which layers examples of {words} leave", lambda left=left: left()[1], axes=("example",))
        look(f"the answers of {words}", lambda left=left: left()[0], axes=("example",))
    with_heat = once(lambda: subject.early(model(), "sst", IDS, MASK, "confidence", 0.95, TEMPERATURES))
    look("after which layers examples leave with a temperature for each exit", lambda: with_heat()[1], "option", ("example",))
    look("the answers with a temperature for each exit", lambda: with_heat()[0], "option", ("example",))
    look("answers of one example alone are those in a batch", lambda: _alone(subject, model()))
    look("a threshold of 1 gives the answers of the full model", lambda: same(subject.early(model(), "sst", IDS, MASK, "confidence", 1.0)[0], subject.full(model(), "sst", IDS, MASK)))


def _alone(subject: ExitsOf, model: nn.Module) -> bool:
    task, rule, threshold = RULES[0]
    together = subject.early(model, task, IDS, MASK, rule, threshold)[0]
    try:
        return all(same(subject.early(model, task, IDS[[row]], MASK[[row]], rule, threshold)[0], together[[row]]) for row in (0, 5))
    except RuntimeError:  # torch's words about an empty batch change with its version
        return False


def _walked(subject: ExitsOf, plan: Sequence[int], **options: bool) -> Walked:
    walked = Walked()
    walked.leave(subject, plan, **options)
    return walked


def _batch(subject: ExitsOf, look: Look, words: str, plan: Sequence[int], siamese: bool = False) -> None:
    walked = Walked()
    left = once(lambda: walked.leave(subject, plan, siamese))
    look(f"the answers of {words}", lambda: left()[0], axes=("example",))
    look(f"after which layers {words} leave", lambda: left()[1], axes=("example",))
    look(f"how many rows each layer computes of {words}", lambda: ", ".join(map(str, left()[2])))
    look(f"what each layer reads of {words}", lambda: (left(), "; ".join(walked.calls))[1])
    look(f"what the rule reads of {words}", lambda: (left(), " | ".join(walked.history) or "nothing")[1])
