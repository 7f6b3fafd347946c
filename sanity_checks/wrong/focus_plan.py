"""Wrong and rewritten versions of the plan of sequential layer focus; what is said about each is in bank/focus_plan.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

ORDER = "return tuple(Visit(layer, steps) for layer in ORDERS[order](layers, generator)) if steps else ()"
WORK = "return [Work(visit.steps, visit.layer, 1) for visit in plan]"
JOINT = "return [Work(steps, layers, layers)]"
TURNS = "return (*turns, together)"
LAST = ', restore="last")'
FULL = "return (self.forward + BACKWARD * self.backward) / (1 + BACKWARD)"
COST = "return Cost(sum(each.steps for each in done), forward / layers, backward / layers)"
EACH = "each = layers * (layers + 1) // 2 + BACKWARD * layers"
FLOOR = "return math.floor(budget * (1 + BACKWARD) * layers / each)"
THAWING = "for learning in range(layers + 1)]"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.focus_plan", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _order(drawn: str) -> tuple[Edit, ...]:
    return _edit(ORDER, ORDER.replace("ORDERS[order](layers, generator)", drawn))


WRONG = {
    "order-ignored": _order('ORDERS["bottom-up"](layers, generator)'),
    "order-exchanged": _order('ORDERS[{"bottom-up": "top-down", "top-down": "bottom-up"}.get(order, order)](layers, generator)'),
    "layers-from-zero": _order("(number - 1 for number in ORDERS[order](layers, generator))"),
    "last-turn-left-out": _order("ORDERS[order](layers, generator)[:-1]"),
    "random-order-with-repeats": _order('(torch.randint(1, layers + 1, (layers,), generator=generator).tolist() if order == "random" else ORDERS[order](layers, generator))'),
    "random-order-not-from-generator": _order("ORDERS[order](layers, None)"),
    "random-order-fixed": _order("ORDERS[order](layers, torch.Generator().manual_seed(0))"),
    "steps-shared-by-all": _edit(ORDER, ORDER.replace("Visit(layer, steps)", "Visit(layer, max(1, steps // layers))")),
    "no-steps-give-turns": _edit(ORDER, ORDER.replace(" if steps else ()", "")),
    "stages-without-stage-2": _edit(TURNS, "return tuple(turns)"),
    "stage-2-first": _edit(TURNS, "return (together, *turns)"),
    "turns-leave-the-best": _edit(LAST, ")"),
    "batches-counted-once": _edit(COST, COST.replace("sum(each.steps", "max(each.steps")),
    "price-not-in-full-passes": _edit(COST, COST.replace(" / layers", "")),
    "price-without-layers-below": _edit(WORK, "return [Work(visit.steps, 1, 1) for visit in plan]"),
    "price-without-own-layer": _edit(WORK, "return [Work(visit.steps, visit.layer - 1, 1) for visit in plan]"),
    "price-of-gradients-below": _edit(WORK, "return [Work(visit.steps, visit.layer, visit.layer) for visit in plan]"),
    "backward-as-dear-as-forward": _edit(FULL, "return (self.forward + self.backward) / 2"),
    "ordinary-backward-of-one-layer": _edit(JOINT, "return [Work(steps, layers, 1)]"),
    "turns-as-dear-as-full-steps": _edit(FLOOR, "return math.floor(budget / layers)"),
    "turns-for-nothing": _edit(FLOOR, "return math.floor(budget)"),
    "affordable-rounded-up": _edit(FLOOR, FLOOR.replace("floor", "ceil")),
    "affordable-without-backward": _edit(EACH, "each = (layers * (layers + 1) // 2) * (1 + BACKWARD)"),
}  # fmt: skip

RIGHT = {
    "turns by a loop": _edit(ORDER, "turns = []\n    for layer in ORDERS[order](layers, generator) if steps else []:\n        turns.append(Visit(layer, steps))\n    return tuple(turns)"),
    "affordable by whole division": _edit(FLOOR, "return int(budget * 3 * layers // each)"),
    "the price from fractions": _edit(FULL, "return self.forward / 3 + 2 * self.backward / 3"),
}
