"""Wrong and rewritten versions of the adapters; what is said about each is in bank/adapters.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

BESIDE, TASKS, TOP = "minbert.adapters", "minbert.task_adapters", "minbert.top_attention"
ASKING = "asking = low[:, :1] if first_only else low"
UP = "return up(attention(asking, low, bias).output)"
LOW = "return self.up[number](F.gelu(self.down[number](rows)))"
ATTENDED = "attended = layer.attention(rows, hidden, bias, need_weights)"
Y = "y = add_norm(rows, attended.output, layer.attention_dropout, layer.attention_norm)"
RESIDUAL = "residual = y + self.function(self.number, hidden, bias, first_only)"
Z = "z = add_norm(residual, layer.feed_forward(y), layer.feed_forward_dropout, layer.feed_forward_norm)"
FUNCTION = "self.function(self.number, hidden, bias, first_only)"
ADDED = "added = projected_attention(hidden, bias, self.down, self.attentions[number], self.up, first_only)"
AFTER = "return added if self.after is None else self.after(added)"
BORROWED = "return borrowed(bert, self.functions[task].attach(bert.layers))"
STATES = "states, weights = add_norm(rows, attended.output, nn.Identity(), norm), attended.weights"
TOPPED = "return Attended((hidden[:, :1] if first_only else hidden) + self.up(states), weights)"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _beside(*changes: str) -> tuple[Edit, ...]:
    return _in(BESIDE, *changes)


def _layer(y: str = "y = add_norm(rows, attended.output, layer.attention_dropout, layer.attention_norm)", residual: str = "residual = y", z: str = Z) -> tuple[Edit, ...]:
    return _beside(Y, y, RESIDUAL, residual, Z, z)


WRONG = {
    "inside-the-attention": _layer(Y.replace("attended.output", f"attended.output + {FUNCTION}")),
    "before-the-output-map": _layer(Y.replace("attended.output", f"attended.output + F.linear({FUNCTION}, layer.attention.output.weight)")),
    "before-the-first-norm": _layer(Y.replace("rows, ", f"rows + {FUNCTION}, ")),
    "after-the-last-norm": _layer(z=f"{Z} + {FUNCTION}"),
    "after-the-layer": _layer(z=f"{Z}\n        z = z + self.function(self.number, z, None if first_only else bias, False)"),
    "behind-the-attention": _layer(residual="residual = y + self.function(self.number, y, None if first_only else bias, False)"),
    "behind-the-feed-forward": _layer(z=Z.replace("layer.feed_forward(y)", "layer.feed_forward(y) + self.function(self.number, layer.feed_forward(y), None if first_only else bias, False)")),
    "dropped-with-the-branch": _layer(z=Z.replace("layer.feed_forward(y)", f"layer.feed_forward(y) + {FUNCTION}")),
    "in-place-of-the-residual": _layer(residual=f"residual = {FUNCTION}"),
    "left-out": _layer(),
    "subtracted": _layer(residual=f"residual = y - {FUNCTION}"),
    "added-twice": _layer(residual=f"residual = y + 2 * {FUNCTION}"),
    "mask-forgotten": _beside(UP, UP.replace("bias", "None")),
    "mask-forgotten-by-the-layer": _beside(FUNCTION, FUNCTION.replace("bias", "None")),
    "attention-over-the-batch": _beside(UP, "return up(attention(low.transpose(0, 1), low.transpose(0, 1), None).output.transpose(0, 1)[:, : asking.size(1)])"),
    "first-position-sees-itself-only": _beside(ASKING, "asking = low = low[:, :1] if first_only else low\n    bias = None if first_only else bias"),
    "gelu-before-the-last-map": _beside(UP, "return up(F.gelu(attention(asking, low, bias).output))"),
    "attention-missing": _beside(UP, "return up(asking)"),
    "residual-inside": _beside(UP, "return up(asking + attention(asking, low, bias).output)"),
    "output-map-kept": _beside("attention.output = nn.Identity()", "attention.output = nn.Linear(size, size)"),
    "first-attention-in-every-layer": _beside("self.attentions[number]", "self.attentions[0]"),
    "attentions-reversed": _beside("self.attentions[number]", "self.attentions[-1 - number]"),
    "gelu-always-after": _beside(AFTER, "return F.gelu(added)"),
    "gelu-never-after": _beside(AFTER, "return added"),
    "low-rank-without-gelu": _beside(LOW, LOW.replace("F.gelu", "")),
    "low-rank-with-relu": _beside(LOW, LOW.replace("F.gelu", "F.relu")),
    "low-rank-gelu-after": _beside(LOW, "return F.gelu(self.up[number](self.down[number](rows)))"),
    "low-rank-shared-by-layers": _beside(LOW, LOW.replace("number", "0")),
    "both-projections-zero": _beside("start_at_zero(self.up)", "start_at_zero(self.up)\n        start_at_zero(self.down)"),
    "zero-at-the-wrong-end": _beside("start_at_zero(self.up)", "start_at_zero(self.down)"),
    "not-zero-at-the-start": _beside("nn.init.zeros_(up.weight)", "pass"),
    "one-adapter-for-all-tasks": _in(TASKS, "nn.ModuleDict({task: VARIANTS[variant](config, generator=generator, **sizes) for task, generator in generators.items()})",
                                     "nn.ModuleDict(dict.fromkeys(generators, VARIANTS[variant](config, generator=next(iter(generators.values())), **sizes)))"),
    "first-task-for-all": _in(TASKS, "self.functions[task].attach", "next(iter(self.functions.values())).attach"),
    "layers-copied": _in(TASKS, BORROWED, "import copy\n        " + BORROWED.replace("bert.layers", "copy.deepcopy(bert.layers)")),
    "adapters-copied": _in(TASKS, BORROWED, "import copy\n        " + BORROWED.replace("self.functions[task]", "copy.deepcopy(self.functions[task])")),
    "projections-for-every-layer": _beside("return [AdaptedLayer(layer, function, number) for number, layer in enumerate(layers)]",
                                           "import copy\n    return [AdaptedLayer(layer, copy.deepcopy(function), number) for number, layer in enumerate(layers)]"),
    "norms-frozen-too": _in(TASKS, "part.requires_grad_(True)", "pass"),
    "nothing-frozen": _in(TASKS, "bert.requires_grad_(False)", "pass"),
    "maps-left-to-learn": _in(TASKS, "isinstance(part, nn.LayerNorm)", "isinstance(part, (nn.LayerNorm, nn.Linear))"),
    "top-mask-forgotten": _in(TOP, "attention(rows, states, bias, need_weights)", "attention(rows, states, None, need_weights)"),
    "top-norm-missing": _in(TOP, STATES, STATES.replace("add_norm(rows, attended.output, nn.Identity(), norm)", "rows + attended.output")),
    "top-residual-missing": _in(TOP, STATES, STATES.replace("add_norm(rows, attended.output, nn.Identity(), norm)", "norm(attended.output)")),
    "top-one-row-too-early": _in(TOP, "rows = states[:, :1] if first_only and attention is self.attentions[-1] else states", "rows = states[:, :1] if first_only else states\n            bias = None if states.size(1) == 1 else bias"),
    "top-in-place-of-the-states": _in(TOP, TOPPED, "return Attended(self.up(states), weights)"),
}

RIGHT = {
    "the sum of three": _layer(z="z = layer.feed_forward_norm(y + layer.feed_forward_dropout(layer.feed_forward(y)) + " + FUNCTION + ")"),
    "the function first": _beside(RESIDUAL, f"beside = {FUNCTION}\n        residual = beside + y"),
    "all rows, then one": _beside(ASKING, "asking = low", UP, "answer = up(attention(low, low, bias).output)\n    return answer[:, :1] if first_only else answer"),
    "a loop over layers": _beside("return [AdaptedLayer(layer, function, number) for number, layer in enumerate(layers)]",
                                  "adapted = []\n    for number in range(len(layers)):\n        adapted.append(AdaptedLayer(layers[number], function, number))\n    return adapted"),
    "linear maps as functions": _beside(LOW, "hidden = F.gelu(F.linear(rows, self.down[number].weight, self.down[number].bias))\n        return F.linear(hidden, self.up[number].weight, self.up[number].bias)"),
}
