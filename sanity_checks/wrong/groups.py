"""Wrong and rewritten versions of groups, rates and schedules; what is said about each is in bank/groups.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

GROUPS, RATES, SCHEDULES = "optim.groups", "optim.rates", "optim.schedules"
MATCH = 'return any(part == word or part.endswith("_" + word) for part in name.split("."))'
GIVEN = '"lr": lr * factor, "weight_decay": decay'
SKIPPED = "if not parameter.requires_grad or id(parameter) in seen:"
DECAYED = "is_decayed = not any(names_match(name, word) for word in words)"
XI = "return xi ** (depth - 1 - layer)"
ULMFIT = "return decay(layer, depth, 1 / RATIO)"
THIRDS = "return RATIO ** (3 * layer // depth - 1)"
PARTS = '(("heads", HEADS, self.head), ("adapters", ADAPTERS, self.adapter)):\n            if pattern'
OF = 'return f"layer {layer[1]}", self._of_layer(int(layer[1]))'
BELOW = '(self._of_layer(-1) if is_below else 1.0)'
CUT = "cut = int(warmup * total + 1e-9)"
AT = "at = min(t, total)"
P = "p = at / cut if at < cut else 1 - (at - cut) / max(1, total - cut)"
LIFT = "return LOWEST + p * (1 - LOWEST)"
APPLIED = 'group["lr"] = group["initial_lr"] * self.factor'


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "one-rate-for-all": _in(GROUPS, GIVEN, GIVEN.replace("lr * factor", "lr")),
    "factor-divides": _in(GROUPS, GIVEN, GIVEN.replace("lr * factor", "lr / factor")),
    "factor-for-the-rate": _in(GROUPS, GIVEN, GIVEN.replace("lr * factor", "factor")),
    "decay-follows-the-rate": _in(GROUPS, GIVEN, GIVEN.replace(": decay", ": decay * factor")),
    "everything-decays": _in(GROUPS, DECAYED, "is_decayed = True"),
    "nothing-decays": _in(GROUPS, DECAYED, "is_decayed = False"),
    "spared-ones-decay": _in(GROUPS, DECAYED, "is_decayed = any(names_match(name, word) for word in words)"),
    "biases-decay": _in(GROUPS, DECAYED, 'is_decayed = not any(names_match(name, word) for word in words if word != "bias")'),
    "heads-spared": _in(GROUPS, DECAYED, DECAYED + ' and not name.startswith("heads.")'),
    "word-anywhere-in-the-name": _in(GROUPS, MATCH, "return word in name"),
    "word-must-be-a-whole-part": _in(GROUPS, MATCH, 'return word in name.split(".")'),
    "word-at-the-end-only": _in(GROUPS, MATCH, 'return name.split(".")[-1] == word'),
    "frozen-tensors-grouped": _in(GROUPS, SKIPPED, "if id(parameter) in seen:"),
    "shared-tensors-twice": _in(GROUPS, SKIPPED, "if not parameter.requires_grad:"),
    "last-name-counts": _in(GROUPS, "for name, parameter in named:\n", "for name, parameter in reversed(named):\n"),
    "depth-not-asked": _in(GROUPS, "_depth(names) if num_layers is None else num_layers", "_depth(names)"),
    "top-layer-decayed-once": _in(RATES, XI, "return xi ** (depth - layer)"),
    "lowest-layer-fastest": _in(RATES, XI, "return xi ** (layer + 1)"),
    "layers-counted-from-below": _in(RATES, XI, "return xi ** layer"),
    "decayed-once-for-all": _in(RATES, XI, "return xi if layer < depth - 1 else 1.0"),
    "decay-in-a-line": _in(RATES, XI, "return 1 - (1 - xi) * (depth - 1 - layer) / depth"),
    "ulmfit-grows-downwards": _in(RATES, ULMFIT, "return decay(layer, depth, RATIO)"),
    "ulmfit-takes-xi": _in(RATES, ULMFIT, "return decay(layer, depth, xi)"),
    "thirds-upside-down": _in(RATES, THIRDS, "return RATIO ** (1 - 3 * layer // depth)"),
    "thirds-without-middle": _in(RATES, THIRDS, "return RATIO ** (3 * layer // depth)"),
    "heads-forgotten": _in(RATES, PARTS, PARTS.replace("HEADS, self.head", "HEADS, 1.0")),
    "adapters-forgotten": _in(RATES, PARTS, PARTS.replace("ADAPTERS, self.adapter", "ADAPTERS, 1.0")),
    "adapters-as-heads": _in(RATES, PARTS, PARTS.replace("ADAPTERS, self.adapter", "ADAPTERS, self.head")),
    "relation-forgotten": _in(RATES, "if pattern.match(name):", 'if pattern.match(name) and not name.startswith("relation."):'),
    "towers-forgotten": _in(RATES, "if layer and self.differ:", 'if layer and self.differ and name.startswith("bert."):'),
    "towers-one-deeper": _in(RATES, OF, 'return f"layer {layer[1]}", self._of_layer(int(layer[1]) + name.startswith("towers."))'),
    "embeddings-as-the-lowest-layer": _in(RATES, BELOW, "(self._of_layer(0) if is_below else 1.0)"),
    "embeddings-always-decayed": _in(RATES, "self.decay_embeddings and self.differ", "self.differ"),
    "embeddings-never-decayed": _in(RATES, BELOW, "1.0"),
    "embedding-factor-forgotten": _in(RATES, "(self.embedding if is_multiplied else 1.0)", "1.0"),
    "segments-and-norm-multiplied-too": _in(RATES, "EMBEDDING_PARTS[self.embedding_parts].match(name)", "EMBEDDINGS.match(name)"),
    "triangle-without-slant": _in(SCHEDULES, CUT, "cut = total // 2"),
    "triangle-falls-to-zero": _in(SCHEDULES, LIFT, "return p"),
    "triangle-starts-at-zero": _in(SCHEDULES, LIFT, "return max(p, LOWEST if t >= cut else 0.0)"),
    "triangle-lifted-above-one": _in(SCHEDULES, LIFT, "return LOWEST + p"),
    "triangle-climb-rounded": _in(SCHEDULES, CUT, "cut = round(warmup * total)"),
    "triangle-falls-as-in-the-paper": _in(SCHEDULES, P, "p = at / cut if at < cut else 1 - (at - cut) / (cut * (1 / warmup - 1))"),
    "triangle-past-the-end": _in(SCHEDULES, AT, "at = t"),
    "triangle-one-update-early": _in(SCHEDULES, AT, "at = min(t + 1, total)"),
    "schedule-compounds": _in(SCHEDULES, APPLIED, 'group["lr"] = group["lr"] * self.factor'),
    "schedule-writes-one-rate": _in(SCHEDULES, APPLIED, 'group["lr"] = self.optimizer.param_groups[0]["initial_lr"] * self.factor'),
    "schedule-writes-the-factor": _in(SCHEDULES, APPLIED, 'group["lr"] = self.factor'),
    "schedule-for-the-first-group": _in(SCHEDULES, "for group in self.optimizer.param_groups:", "for group in self.optimizer.param_groups[:1]:"),
    "schedule-a-step-late": _in(SCHEDULES, "self.updates_done += 1\n        self._apply()", "self._apply()\n        self.updates_done += 1"),
}

RIGHT = {
    "powers one after the other": _in(RATES, XI, "factor = 1.0\n    for _ in range(depth - 1 - layer):\n        factor *= xi\n    return factor"),
    "endswith": _in(GROUPS, MATCH, 'return any(("_" + part).endswith("_" + word) for part in name.split("."))'),
    "the triangle as written by its authors": _in(SCHEDULES, LIFT, "return (1 + p * (32 - 1)) / 32"),
    "the triangle as the lower of two lines": _in(SCHEDULES, P, "up, down = (at / cut if cut else 1.0), 1 - (at - cut) / max(1, total - cut)\n    p = min(up, down)"),
    "rates from a list": _in(SCHEDULES, APPLIED, 'group.update(lr=self.factor * group["initial_lr"])'),
}
