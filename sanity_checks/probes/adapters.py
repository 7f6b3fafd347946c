"""The probe of the adapters: what a task function adds, where it enters the layer, the attention above BERT, how each starts, and what tasks share.

Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from sanity_checks.fingerprint import numbers
from sanity_checks.look import Look
from sanity_checks.probes.facts import kept, once, rates, same
from sanity_checks.recorder import recorded_dropout
from sanity_checks.subjects.adapters import LAYERS, VOCABULARY, WIDTH, Adapters
from sanity_checks.subjects.sizes import leaves, settle

B, T, TASKS = 2, 5, ("a", "b")
Made = Callable[[], nn.Module]
AXES = ("sentence", "token", "channel")
BESIDE = {"a PAL": "pal", "a PAL of the published code": "pal-code", "a low-rank function": "low-rank"}
IDS, MASK = torch.arange(B * T).view(B, T) % VOCABULARY, torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])


def probe(subject: Adapters, look: Look) -> None:
    """Look at fresh adapters, then, filled with other numbers, at functions, at layers and at two tasks."""
    bert = once(lambda: _settled(subject.encoder()))
    made = {variant: once(lambda variant=variant: subject.adapters(variant, TASKS if variant == "pal" else TASKS[:1])) for variant in (*BESIDE.values(), "top")}
    for variant in ("pal", "low-rank", "top"):
        _fresh(subject, look, variant, made[variant], bert)
    filled = {variant: once(lambda fresh=fresh: _settled(fresh())) for variant, fresh in made.items()}
    with recorded_dropout():  # dropout that is on in eval mode then gives one answer instead of a random one
        for words, variant in BESIDE.items():
            _function(subject, look, words, filled[variant], "option" if variant == "pal-code" else "error")
        _layer(subject, look, once(lambda: subject.path(filled["pal"](), "a", bert())))
        _top(subject, look, once(lambda: subject.path(filled["top"](), "a", bert())))
    _tasks(subject, look, filled["pal"], bert)


def _settled(module: nn.Module) -> nn.Module:
    return settle(module, leaves(module))


def _hidden(rows: int = B, tokens: int = T) -> Tensor:
    return numbers(rows, tokens, WIDTH, seed=161)


def _function(subject: Adapters, look: Look, words: str, made: Made, level: str) -> None:
    add = lambda number, hidden, mask=None, first=False: subject.add(made(), "a", number, hidden, mask, first)
    look(f"what {words} adds to one token", lambda: add(0, _hidden(1, 1)), level, AXES)
    look(f"what {words} adds to a sentence of five tokens", lambda: add(0, _hidden(1)), level, AXES)
    if level == "option":
        return
    look(f"what {words} adds in the second layer", lambda: add(1, _hidden(1)), level, AXES)
    look(f"what {words} adds to two sentences with padding", lambda: kept(add(0, _hidden(), MASK), MASK), level, AXES)
    look(f"what {words} adds for position 0 alone", lambda: add(0, _hidden(), MASK, True), "option", AXES)


def _layer(subject: Adapters, look: Look, path: Made) -> None:
    run = lambda number=0, hidden=None, mask=None, first=False: subject.layer(path(), number, _hidden(1, 1) if hidden is None else hidden, mask, first)
    look("the state of one token after a layer with a PAL", run, axes=AXES)
    look("the states of two sentences after a layer with a PAL", lambda: kept(run(0, _hidden(), MASK), MASK), axes=AXES)
    look("the states after the second layer with a PAL", lambda: kept(run(1, _hidden(), MASK), MASK), axes=AXES)
    look("the state of position 0 alone after a layer with a PAL", lambda: run(0, _hidden(), MASK, True), "option", AXES)
    look("one sentence alone has what it has in a batch", lambda: same(run(0, _hidden()[:1], MASK[:1]), run(0, _hidden(), MASK)[:1]))

    def recorded() -> tuple[Tensor, list]:
        module = path()
        with recorded_dropout() as calls:
            module.train()
            try:
                return run(0, _hidden(1)), calls
            finally:
                module.eval()

    train = once(recorded)
    look("the rates of dropout in a layer with a PAL", lambda: rates(train()[1]), "train")
    look("the states after a layer with a PAL in train mode", lambda: train()[0], "train", AXES)


def _top(subject: Adapters, look: Look, path: Made) -> None:
    run = lambda hidden, mask=None, first=False: subject.layer(path(), LAYERS, hidden, mask, first)
    look("the state of one token after attention on top", lambda: run(_hidden(1, 1)), axes=AXES)
    look("the states of two sentences after attention on top", lambda: kept(run(_hidden(), MASK), MASK), axes=AXES)
    look("the state of position 0 alone after attention on top", lambda: run(_hidden(), MASK, True), "option", AXES)


def _fresh(subject: Adapters, look: Look, variant: str, made: Made, bert: Made) -> None:
    output = lambda module: module(IDS, MASK).last_hidden_state
    look(f"an encoder with fresh {variant} is plain BERT", lambda: same(output(subject.path(made(), "a", bert())), output(bert())))
    look(f"how many weights a task has with {variant}", lambda: len({id(each) for each in made().functions["a"].parameters()}))

    def learning() -> str:
        made().zero_grad()
        answer = output(subject.path(made(), "a", bert()))
        (answer * numbers(*answer.shape, seed=162)).sum().backward()
        bert().zero_grad()
        return ", ".join(name for name, each in made().named_parameters() if each.grad is not None and bool(each.grad.any())) or "nothing"

    look(f"what of fresh {variant} gets a gradient", learning)


def _tasks(subject: Adapters, look: Look, made: Made, bert: Made) -> None:
    paths = once(lambda: {task: subject.path(made(), task, bert()) for task in TASKS})
    for task in TASKS:
        look(f"the states of task {task}", lambda task=task: paths()[task](IDS, MASK).last_hidden_state * MASK[..., None], axes=AXES)
    look("the layers of a path are those of the encoder", lambda: {id(each) for each in bert().parameters()} <= {id(each) for each in paths()["a"].parameters()})
    look("the weights of a path are those of its adapters", lambda: {id(each) for each in made().functions["a"].parameters()} <= {id(each) for each in paths()["a"].parameters()})
    look("weights that two tasks share", lambda: len(_owned(made(), "a") & _owned(made(), "b")))

    def spared() -> str:
        encoder = subject.encoder()
        subject.spare(encoder)
        return ", ".join(sorted({name.rpartition(".")[0].split(".")[-1] for name, each in encoder.named_parameters() if each.requires_grad})) or "nothing"

    look("what of the encoder learns beside adapters alone", spared)


def _owned(made: nn.Module, task: str) -> set[int]:
    return {id(each) for each in made.functions[task].parameters()}  # type: ignore[index]
