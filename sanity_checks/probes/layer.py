"""The probe of one encoder layer: one token, two, then sentences with padding; then its switches, gradients and dropouts.

The parts of the layer are right by construction (other components stand in), so what is looked at is how they are put together.
Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import Slopes, fresh, given, kept, rates, same, sizes_of_gradients, slopes, untouched
from sanity_checks.recorder import Dropped, recorded_dropout
from sanity_checks.subjects.layer import Layer
from sanity_checks.subjects.sizes import Sizes, settle

B, T, SIZES = 2, 7, Sizes()
AXES = ("sentence", "token", "channel")
SMALL = {"one token": (1, 1), "two tokens": (1, 2), "two sentences of seven tokens, nothing padded": (B, T)}  # words -> sentences, tokens


def probe(subject: Layer, look: Look) -> None:
    """Look at one encoder layer, small inputs first."""
    raw, subject = subject, fresh(subject, "run", "first", "weights", "kind")
    module = subject.build(SIZES)
    module = settle(module, subject.parts(module))
    hidden, mask = numbers(B, T, SIZES.width, seed=4), torch.ones(B, T, dtype=torch.int64)
    mask[1, 4:] = 0
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        _outputs(subject, look, module, hidden, mask)
        _switches(subject, look, module, hidden, mask)
    _invariants(subject, look, module, hidden, mask)
    look("the input stays as it was", lambda: untouched(functools.partial(raw.run, module), hidden, mask))
    _gradients(subject, look, module, hidden, mask)
    _dropout(subject, look, module, hidden, mask)


def _outputs(subject: Layer, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    for words, (sentences, tokens) in SMALL.items():
        small = numbers(sentences, tokens, SIZES.width, seed=3)
        look(f"the output for {words}", functools.partial(subject.run, module, small, torch.ones(sentences, tokens, dtype=torch.int64)), axes=AXES)
    look("the output with padding", lambda: kept(subject.run(module, hidden, mask), mask), axes=AXES)


def _switches(subject: Layer, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    if subject.kind:
        look("what the layer returns", lambda: subject.kind(module, hidden, mask))
    if subject.first:
        look("the output for position 0 alone", lambda: subject.first(module, hidden, mask), axes=AXES)
    if subject.weights:
        look("the attention weights, when asked for", lambda: subject.weights(module, hidden, mask, True), axes=("sentence", "head", "query", "key"))
        look("no attention weights come when nobody asks", lambda: subject.weights(module, hidden, mask, False) is None, "note")


def _invariants(subject: Layer, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    run = functools.partial(subject.run, module)
    look("one sentence alone gives what it gives in a batch", lambda: same(run(hidden[:1], mask[:1]), run(hidden, mask)[:1]))
    longer, more = torch.cat([hidden, numbers(B, 2, SIZES.width, seed=8)], 1), torch.cat([mask, torch.zeros_like(mask[:, :2])], 1)
    real = mask[..., None]
    look("more padding changes nothing", lambda: same(run(longer, more)[:, :T] * real, run(hidden, mask) * real))
    look("two calls in eval mode agree", lambda: same(run(hidden, mask), run(hidden, mask)))


def _gradients(subject: Layer, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    @functools.cache
    def found() -> tuple[Tensor, Slopes]:
        x = hidden.clone().requires_grad_()
        parameters = slopes(subject.parts(module), lambda: subject.run(module, x, mask), 9, mask)
        return x.grad, parameters

    look("the gradient of the input", lambda: found()[0], axes=AXES)
    names = [f"{part}.{which}" for part in PARTS for which in ("weight", "bias") if (part, which) != ("attention.key", "bias")]  # that one is 0
    sizes_of_gradients(look, names, lambda: found()[1])


PARTS = ("attention.query", "attention.key", "attention.value", "attention.output", "attention_norm",
         "feed_forward.expand", "feed_forward.contract", "feed_forward_norm")  # fmt: skip


def _dropout(subject: Layer, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    module = module.train()
    look("two calls in train mode differ", lambda: not same(subject.run(module, hidden, mask), subject.run(module, hidden, mask)), "train")

    @functools.cache
    def recorded() -> tuple[Tensor, list[Dropped]]:
        with recorded_dropout() as calls:
            return subject.run(module, hidden, mask), calls

    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the dropout rates, in order", lambda: rates(recorded()[1]), "train")
    look("what the second dropout is given", lambda: given(recorded()[1], 1, mask), "train", AXES)
    look("what the third dropout is given", lambda: given(recorded()[1], 2, mask), "train", AXES)
    look("the output in train mode", lambda: kept(recorded()[0], mask), "train", AXES)
