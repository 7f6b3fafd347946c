"""The attention probe: one token first, then two, then several sentences, heads and hidden keys; then gradients, then dropout.

Hidden keys are hidden entirely and no sentence is hidden entirely: what a soft mask does is another choice that is also right (a note), and
what happens to a row without any token is nobody's business.  Letters: B batch, T tokens, H heads, D head width, C = H D.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import same, untouched
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.attention import Attention

B, T, H, D, RATE = 2, 7, 3, 5, 0.375
AXES = ("sentence", "token", "channel")
HEADED = ("sentence", "head", "query", "channel")


def probe(subject: Attention, look: Look) -> None:
    """Look at one component's attention, small inputs first."""
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        _outputs(subject, look)
    module, hidden, mask = _full(subject)
    _invariants(subject, look, module, hidden, mask)
    _gradients(subject, look, module, hidden, mask)
    _dropout(subject, look, module, hidden, mask)


def _full(subject: Attention) -> tuple[nn.Module, Tensor, Tensor]:
    mask = torch.ones(B, T, dtype=torch.int64)
    mask[1, 4:] = 0
    return subject.build(H * D, H, RATE), numbers(B, T, H * D, seed=4), mask


def _outputs(subject: Attention, look: Look) -> None:
    for words, (sentences, tokens, heads, width) in SMALL.items():
        module, hidden, mask = subject.build(heads * width, heads, RATE), numbers(sentences, tokens, heads * width, seed=3), torch.ones(sentences, tokens)
        look(f"the output for {words}", functools.partial(_mixed, subject, module, hidden, mask), axes=AXES)
    if subject.formula:
        _formula(subject, look)
    if subject.bias:
        _mask(subject, look)
    module, hidden, mask = _full(subject)
    real = mask[..., None]  # (B, T, 1): what a padded token gets is never read
    look("the output with padding", lambda: _mixed(subject, module, hidden, mask) * real, axes=AXES)
    if subject.output:
        look("the output after the output projection", lambda: subject.output(module, hidden.clone(), mask.clone()) * real, axes=AXES)
    if subject.ask:
        asked = functools.cache(lambda: subject.ask(_full(subject)[0], hidden[:, :1].clone(), hidden.clone(), mask.clone()))
        look("the output when only the first token asks", lambda: asked()[0], axes=AXES)
        look("the weights when they are asked for", lambda: asked()[1], axes=("sentence", "head", "query", "key"))


def _mixed(subject: Attention, module: nn.Module, hidden: Tensor, mask: Tensor) -> Tensor:
    return subject.mix(module, hidden.clone(), mask.clone())  # copies: what overwrites its input is wrong in one look and not in all that follow


SMALL = {  # words -> sentences, tokens, heads, head width
    "one token and one head": (1, 1, 1, 2),
    "two tokens and one head": (1, 2, 1, 3),
    "two tokens and two heads": (1, 2, 2, 3),
    "two sentences of seven tokens and three heads, nothing padded": (B, T, H, D),
}


def _formula(subject: Attention, look: Look) -> None:
    query, key, value = (numbers(B, H, rows, D, seed=seed) for seed, rows in ((5, 4), (6, T), (7, T)))
    hard, soft = torch.zeros(B, 1, 1, T, dtype=torch.float64), torch.zeros(B, 1, 1, T, dtype=torch.float64)
    hard[1, ..., 4:], soft[1, ..., 4:] = -1e4, -3.0
    run = functools.cache(lambda: subject.formula(query, key, value, hard.clone()))
    look("the formula's output for 4 queries and 7 keys", lambda: run()[0], axes=HEADED)
    look("the weights that the formula returns", lambda: run()[1], axes=("sentence", "head", "query", "key"))
    look("the formula without a mask", lambda: subject.formula(query, key, value, None)[0], axes=HEADED)
    look("the formula leaves the mask as it was", lambda: untouched(lambda bias: subject.formula(query, key, value, bias), hard))
    look("the formula with a mask of -3", lambda: subject.formula(query, key, value, soft)[0], "note", HEADED)

    def dropped() -> Tensor:
        with recorded_dropout():
            return subject.formula(query, key, value, hard, RATE)[0]

    look("the formula's output with dropout", dropped, "train", HEADED)


def _mask(subject: Attention, look: Look) -> None:
    mask = torch.tensor([[1, 1, 0], [1, 0, 0]])
    bias = functools.cache(lambda: subject.bias(mask))
    look("the shape of the additive mask", lambda: str(tuple(bias().shape)))
    look("kept tokens get nothing added to their score", lambda: bool((bias()[mask.bool()[:, None, None, :]] == 0).all()))
    added = lambda: bias()[~mask.bool()[:, None, None, :]]
    look("hidden tokens get a very negative number added", lambda: bool((added() < -50).all()))
    look("hidden tokens get less than -1000 added", lambda: bool((added() < -1000).all()), "note")


def _invariants(subject: Attention, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    run = functools.partial(_mixed, subject, module)
    look("one sentence alone gives what it gives in a batch", lambda: same(run(hidden[:1], mask[:1]), run(hidden, mask)[:1]))
    longer, more = torch.cat([hidden, numbers(B, 2, H * D, seed=8)], 1), torch.cat([mask, torch.zeros(B, 2, dtype=mask.dtype)], 1)
    real = mask[..., None]
    look("more padding changes nothing", lambda: same(run(longer, more)[:, :T] * real, run(hidden, mask) * real))
    look("two calls in eval mode agree", lambda: same(run(hidden, mask), run(hidden, mask)))
    look("the input stays as it was", lambda: untouched(lambda given: subject.mix(module, given, mask.clone()), hidden))
    look("the mask stays as it was", lambda: untouched(lambda given: subject.mix(module, hidden.clone(), given), mask))


def _gradients(subject: Attention, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    upstream = numbers(B, T, H * D, seed=9) * mask[..., None]

    @functools.cache
    def slopes() -> tuple[Tensor, dict[str, Tensor | None]]:
        x = hidden.clone().requires_grad_()
        module.zero_grad()
        # tanh needs its result again on the way back, as a layer needs its input: overwriting the input cannot go unnoticed
        (subject.mix(module, x.tanh(), mask.clone()) * upstream).sum().backward()
        return x.grad, {name: parameter.grad for name, parameter in module.named_parameters()}

    look("the gradient of the input", lambda: slopes()[0], axes=AXES)
    for name in ("query.weight", "key.weight", "value.weight", "query.bias", "value.bias"):
        look(f"the size of the gradient of {name}", lambda name=name: "no gradient" if slopes()[1][name] is None else slopes()[1][name].norm())


def _dropout(subject: Attention, look: Look, module: nn.Module, hidden: Tensor, mask: Tensor) -> None:
    module = module.train()
    run = functools.partial(_mixed, subject, module, hidden, mask)
    look("two calls in train mode differ", lambda: not same(run(), run()), "train")

    @functools.cache
    def recorded() -> tuple[Tensor, list]:
        with recorded_dropout() as calls:
            return run(), calls

    look("how often dropout is applied", lambda: str(len(recorded()[1])), "train")
    look("the dropout rate", lambda: recorded()[1][0].rate if recorded()[1] else "no dropout", "train")
    real = mask[:, None, :, None]
    look("what dropout is given", lambda: recorded()[1][0].given * real if recorded()[1] else "no dropout", "train", ("sentence", "head", "query", "key"))
    look("the output in train mode", lambda: recorded()[0] * mask[..., None], "train", AXES)
