"""Wrong and rewritten versions of sequential layer focus; what is said about each is in bank/layer_focus.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

WALK = "walk = encoder.walk(embeddings, attention_mask)"
GRAPH = "with nullcontext() if through else torch.no_grad():"
BELOW = "below = [next(walk, None) is not None for _ in range(layer - 1)]"
RETURN = "return step.output"
REFUSED = "if step is None:"
OPTIMIZER = "optimizer = make_optimizer(pupils)"
FOCUS = "with focus(model, visit.layer, layers, below) as pupils:"
STEPS = "for _ in range(visit.steps):"
LOSS = "loss = loss_of(visit.layer)"
ZERO = "                optimizer.zero_grad(set_to_none=True)\n"
NOTED = "losses.append((visit.layer, loss.item()))"

NUMBERED = "if numbered := NUMBERED.match(name):"
TURN = "return int(numbered[1]) + 1"
ABOVE = "return layers if ABOVE_THE_LAST.match(name) else None"
MEANT = "return lambda name: turn_of(name, layers) == int(layer[1])"
WORD = "return WORDS[word]"
FREE = "for name, parameter in model.named_parameters() if parameter.requires_grad]"
NOBODY = "if not pupils:"
RESTS = 'if below == "eval":'
YIELD = "        yield pupils\n"
AFTER = "        _let_learn(unfrozen, unfrozen)\n"
MODES = "            module.training = mode\n"
FLAG = "parameter.requires_grad_(id(parameter) in chosen)"
NONE = "parameter.grad = None  # none, not zeros"
PART = "if PARTS.match(name) and not any(parameter.requires_grad for parameter in module.parameters()):"


def _edit(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(f"tasks.{module}", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _turn(*changes: str) -> tuple[Edit, ...]:
    return _edit("trainable", *changes)


def _one(*changes: str) -> tuple[Edit, ...]:
    return _edit("layer_focus", *changes)


STATES = {
    "reads-the-layer-below": _one(BELOW, BELOW.replace("layer - 1", "layer - 2")),
    "reads-the-layer-above": _one(BELOW, BELOW.replace("layer - 1", "layer")),
    "all-layers-run": _one(RETURN, "rest = list(walk)\n    return step.output"),
    "graph-below": _one(GRAPH, "with nullcontext():"),
    "through-ignored": _one(GRAPH, "with torch.no_grad():"),
    "state-without-graph": _one(RETURN, "return step.output.detach()"),
    "mask-missing": _one(WALK, "walk = encoder.walk(embeddings, None)"),
    "any-layer-accepted": _one(REFUSED, "if step is None and embeddings is not None:\n        return embeddings\n    if step is None:"),
    "all-learn-in-every-turn": _one(FOCUS, 'with only(model, "all", layers, below) as pupils:'),
    "below-not-passed-on": _one(FOCUS, "with focus(model, visit.layer, layers) as pupils:"),
    "one-optimizer-for-all-turns": _one(OPTIMIZER, "optimizer = make_optimizer(list(model.named_parameters())) if not losses else optimizer"),
    "optimizer-anew-each-step": _one(LOSS, OPTIMIZER + "\n                " + LOSS),
    "gradients-pile-up": _one(ZERO, ""),
    "loss-of-the-last-exit": _one(LOSS, "loss = loss_of(layers)"),
    "one-step-a-turn": _one(STEPS, "for _ in range(min(1, visit.steps)):"),
}
TRAINABLE = {
    "turn-from-zero": _turn(TURN, "return int(numbered[1])"),
    "exits-in-no-turn": _turn(NUMBERED, 'if (numbered := NUMBERED.match(name)) and not name.startswith("exits."):'),
    "towers-in-no-turn": _turn(NUMBERED, 'if (numbered := NUMBERED.match(name)) and not name.startswith("towers."):'),
    "heads-in-the-first-turn": _turn(ABOVE, ABOVE.replace("return layers", "return 1")),
    "heads-in-no-turn": _turn(ABOVE, "return None"),
    "pooler-in-no-turn": _turn(ABOVE, ABOVE.replace("if ABOVE", 'if "pooler" not in name and ABOVE')),
    "embeddings-move": _turn(ABOVE, 'return 1 if "embeddings" in name else layers if ABOVE_THE_LAST.match(name) else None'),
    "lower-layers-learn-too": _turn(MEANT, "return lambda name: (turn_of(name, layers) or layers + 1) <= int(layer[1])"),
    "still-copy-learns": _turn(FREE, FREE.replace(" if parameter.requires_grad", ""), "meant(name)]", 'meant(name) or not parameter.requires_grad]'),
    "nothing-frozen": _turn(FLAG, "parameter.requires_grad_(True)"),
    "nobody-learns-and-nobody-says-so": _turn(NOBODY, "if False:"),
    "optimizer-gets-everybody": _turn(YIELD, "        yield unfrozen\n"),
    "flags-not-restored": _turn(AFTER, ""),
    "flags-lost-by-an-interruption": _turn("    try:\n        yield pupils\n    finally:\n", "    yield pupils\n    if True:\n"),
    "modes-not-restored": _turn(MODES, "            pass\n"),
    "old-gradients-stay": _turn(NONE, "pass"),
    "zeros-for-absent-gradients": _turn(NONE, "parameter.grad = parameter.new_zeros(parameter.shape)"),
    "gradients-stay-after-a-turn": _turn(AFTER, "        kept = [(parameter, parameter.grad) for _, parameter in unfrozen]\n" + AFTER + "        for parameter, grad in kept:\n            parameter.grad = grad\n"),
    "resting-layers-drop-out": _turn(RESTS, "if False:"),
    "learning-layers-rest-too": _turn(PART, "if PARTS.match(name):"),
    "embeddings-drop-out": _turn(PART, 'if PARTS.match(name) and "embeddings" not in name and not any(parameter.requires_grad for parameter in module.parameters()):'),
}  # fmt: skip
WRONG = STATES | TRAINABLE

RIGHT = {
    "the layer below by steps": _one(BELOW, "below = [True]\n        for _ in range(1, layer):\n            below.append(next(walk, None) is not None)"),
    "gradients switched by set_grad_enabled": _one(GRAPH, "with torch.set_grad_enabled(bool(through) and torch.is_grad_enabled()):"),
    "gradients cleared one by one": _one(ZERO, "                for _, parameter in pupils:\n                    parameter.grad = None\n"),
    "the turn from parts of the name": _turn(TURN, "return 1 + int(numbered.group(1))"),
    "flags by hand": _turn(FLAG, "parameter.requires_grad = id(parameter) in chosen"),
    "modes by train()": _turn("module.eval()", "module.train(False)"),
}
