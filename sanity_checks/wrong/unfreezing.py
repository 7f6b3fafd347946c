"""Wrong and rewritten versions of gradual unfreezing; what is said about each is in bank/unfreezing.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "tasks.unfreezing"
FIRST = "if HEADS.match(name) or ADAPTERS.match(name):"
EMBEDDINGS = "return depth + 1\n"
LAYER = 'return depth - int(layer[1]) if layer else 1 if ".pooler." in name else None'
HIGHEST = "highest = epoch * self.layers"
LEARNS = "parameter.requires_grad_(number <= highest)"
RESTS = "if number > highest:"
CHOSEN = "if id(parameter) in chosen]"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "from-the-bottom": _edit(LAYER, LAYER.replace("depth - int(layer[1])", "int(layer[1]) + 1")),
    "top-layer-at-once": _edit(LAYER, LAYER.replace("depth - int(layer[1])", "depth - 1 - int(layer[1])")),
    "a-layer-late": _edit(LAYER, LAYER.replace("depth - int(layer[1])", "depth + 1 - int(layer[1])")),
    "layers-in-one-rung": _edit(LAYER, LAYER.replace("depth - int(layer[1])", "1")),
    "towers-at-once": _edit(LAYER, LAYER.replace("if layer else", 'if layer and name.startswith("bert.") else')),
    "pooler-at-once": _edit(LAYER, LAYER.replace('1 if ".pooler." in name else None', "None")),
    "pooler-last": _edit(LAYER, LAYER.replace('1 if ".pooler."', 'depth + 1 if ".pooler."')),
    "embeddings-with-the-lowest-layer": _edit(EMBEDDINGS, "return depth\n"),
    "embeddings-at-once": _edit(EMBEDDINGS, "return None\n"),
    "embeddings-first": _edit(EMBEDDINGS, "return 1\n"),
    "adapters-last": _edit(FIRST, "if ADAPTERS.match(name):\n        return depth + 1\n    if HEADS.match(name):"),
    "heads-wait-too": _edit(FIRST, "if HEADS.match(name):\n        return 1\n    if ADAPTERS.match(name):"),
    "everything-at-once": _edit(HIGHEST, "highest = self.depth + 1"),
    "heads-for-ever": _edit(HIGHEST, "highest = 0"),
    "epoch-early": _edit(HIGHEST, "highest = (epoch + 1) * self.layers"),
    "layers-an-epoch-ignored": _edit(HIGHEST, "highest = epoch"),
    "one-part-at-a-time": _edit(LEARNS, "parameter.requires_grad_(number == highest)"),
    "heads-and-one-part": _edit(LEARNS, "parameter.requires_grad_(number in (0, highest))"),
    "frozen-and-learning-exchanged": _edit(LEARNS, "parameter.requires_grad_(number > highest)"),
    "nobody-frozen": _edit(LEARNS, "parameter.requires_grad_(True)"),
    "last-epoch-in-one-leap": _edit(LEARNS, "parameter.requires_grad_(number <= highest or epoch >= self.depth)"),
    "still-copy-unfrozen": _edit(CHOSEN, "]"),
    "frozen-ones-drop-out": _edit(RESTS, "if False:"),
    "learning-ones-rest": _edit(RESTS, "if number <= highest:"),
    "newest-rests": _edit(RESTS, "if number >= highest:"),
}

RIGHT = {
    "the flag set by hand": _edit(LEARNS, "parameter.requires_grad = number <= highest"),
    "eval of each part": _edit("module.training = False", "module.eval()"),
    "names of poolers by parts": _edit(LAYER, 'if layer:\n        return depth - int(layer.group(1))\n    return 1 if "pooler" in name.split(".") else None'),
}
