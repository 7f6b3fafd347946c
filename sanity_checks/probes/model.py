"""The model probe: the pooler alone, one token, then sentences with padding; each hidden state; then its switches, gradients and dropouts.

Embeddings and layers are right by construction (other components stand in), so what is looked at is the way from one to the next.
Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import fresh, kept, once, rates, same, slopes, untouched
from sanity_checks.probes.model_switches import switches
from sanity_checks.recorder import Dropped, recorded_dropout
from sanity_checks.subjects.model import Model
from sanity_checks.subjects.sizes import Sizes, settle

SIZES = Sizes()
AXES = ("sentence", "token", "channel")
IDS = torch.tensor([[5, 12, 3, 10, 7, 3, 11], [5, 2, 9, 2, 0, 0, 0]])  # (2, 7)
MASK = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
GIVEN = {"one token": (IDS[:1, :1], MASK[:1, :1]), "a sentence of seven tokens": (IDS[:1], MASK[:1]), "two sentences with padding": (IDS, MASK)}


def probe(subject: Model, look: Look) -> None:
    """Look at a whole encoder of three layers, small inputs first."""
    raw, subject = subject, fresh(subject, "run", "unmasked", "pool", "first", "weights", "typed", "placed", "encode", "steps")
    module = subject.build(SIZES)
    module = settle(module, subject.parts(module))
    runs = [once(functools.partial(subject.run, module, ids, mask)) for ids, mask in GIVEN.values()]
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        if subject.pool:
            look("the pooled vector of given states", lambda: subject.pool(module, numbers(2, 5, SIZES.width, seed=2)), axes=("sentence", "channel"))
        for (words, (_, mask)), run in zip(GIVEN.items(), runs):
            look(f"last_hidden_state of {words}", lambda run=run, mask=mask: kept(run()["last_hidden_state"], mask), axes=AXES)
            look(f"pooler_output of {words}", lambda run=run: run()["pooler_output"], axes=("sentence", "channel"))
        switches(subject, look, module, IDS, MASK, runs[-1])
        look("one sentence alone gives what it gives in a batch", lambda: same(runs[1]()["last_hidden_state"], runs[2]()["last_hidden_state"][:1]))
    _invariants(subject, look, module)
    look("the ids and the mask stay as they were", lambda: untouched(functools.partial(raw.run, module), IDS, MASK))
    _gradients(subject, look, module)
    _dropout(subject, look, module)


def _invariants(subject: Model, look: Look, module: nn.Module) -> None:
    def run(ids: Tensor, mask: Tensor) -> Tensor:
        return kept(subject.run(module, ids, mask)["last_hidden_state"], mask)  # type: ignore[return-value]

    plain = once(lambda: run(IDS, MASK))
    longer, more = torch.cat([IDS, IDS[:, :2]], 1), torch.cat([MASK, torch.zeros_like(MASK[:, :2])], 1)
    look("more padding changes nothing", lambda: same(run(longer, more)[:, :7], plain()))
    look("two calls in eval mode agree", lambda: same(plain(), run(IDS, MASK)))
    look("the first token depends on a later one", lambda: not same(plain()[:, 0], run(IDS + (torch.arange(7) == 3), MASK)[:, 0]))


def _gradients(subject: Model, look: Look, module: nn.Module) -> None:
    @functools.cache
    def found(output: str) -> dict[str, Tensor | None]:
        return dict(slopes(subject.parts(module), lambda: subject.run(module, IDS, MASK)[output], 9, MASK if output == "last_hidden_state" else None))

    for group, names in GROUPS.items():
        look(f"the sizes of the gradients in {group}", lambda names=names: _sizes(found("last_hidden_state"), names), axes=("parameter",))
    look("the sizes of the gradients of the pooled vector", lambda: _sizes(found("pooler_output"), ("pooler.dense.weight", *GROUPS["layer 2"])), axes=("parameter",))


INSIDE = ("attention.query", "attention.value", "attention_norm", "feed_forward.expand", "feed_forward_norm")
GROUPS = {"the embeddings": tuple(f"embeddings.{part}.weight" for part in ("word", "position", "token_type", "norm"))} | {
    f"layer {number}": tuple(f"layers.{number}.{part}.weight" for part in INSIDE) for number in range(SIZES.layers)
}  # fmt: skip


def _sizes(found: dict[str, Tensor | None], names: tuple[str, ...]) -> Tensor:
    return torch.stack([torch.zeros((), dtype=torch.float64) if found[name] is None else found[name].norm() for name in names])  # type: ignore[union-attr]


def _dropout(subject: Model, look: Look, module: nn.Module) -> None:
    module, run = module.train(), lambda: subject.run(module, IDS, MASK)["last_hidden_state"]
    look("two calls in train mode differ", lambda: not same(run(), run()), "train")

    def record() -> tuple[Tensor, list[Dropped]]:
        with recorded_dropout() as calls:
            return run(), calls

    recorded = once(record)
    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the dropout rates, in order", lambda: rates(recorded()[1]), "train")
    look("last_hidden_state in train mode", lambda: kept(recorded()[0], MASK), "train", AXES)
