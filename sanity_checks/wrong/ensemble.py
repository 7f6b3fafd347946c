"""Wrong and rewritten versions of ensembles; what is said about each is in bank/ensemble.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

CHOICE, SCALE = "tasks.ensemble", "tasks.ensemble_scale"
REORDERED = "order = torch.tensor([place[identity] for identity in first.ids])"
REFUSED = "if missing or extra:"
MEAN = "return values[0] if len(values) == 1 else torch.stack([each.double() for each in values]).mean(dim=0)"
SOFTMAX = "return logits.double().softmax(dim=-1)"
VOTES = "return F.one_hot(logits.argmax(dim=-1), logits.size(-1))"
ORDER = "order = sorted(range(len(members)), key=lambda number: -alone[number])"
TOGETHER = "together = score(mean_of([*taken, members[number].values]), labels)"
ADDED = "added = together >= best"
TAKEN = "taken, best = [*taken, members[number].values], together"
SPREAD = "deviation = float(values.double().std(correction=0))"
STANDARD = "return (values.double() - scale.mean) / scale.deviation"
BACK = "return mean + deviation * mean_of([standardised(each, scale) for each, scale in zip(values, scales)])"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _choice(*changes: str) -> tuple[Edit, ...]:
    return _in(CHOICE, *changes)


WRONG = {
    "joined-by-place": _choice(REORDERED, "order = torch.arange(len(first.ids))"),
    "joined-backwards": _choice(REORDERED, "order = torch.tensor([first.ids.index(identity) for identity in other.ids])"),
    "missing-examples-accepted": _choice(REFUSED, "if extra:", REORDERED, "order = torch.tensor([place.get(identity, 0) for identity in first.ids])"),
    "extra-examples-accepted": _choice(REFUSED, "if missing:"),
    "summed": _choice(MEAN, MEAN.replace(".mean(dim=0)", ".sum(dim=0)")),
    "median": _choice(MEAN, MEAN.replace(".mean(dim=0)", ".median(dim=0).values")),
    "largest": _choice(MEAN, MEAN.replace(".mean(dim=0)", ".amax(dim=0)")),
    "geometric-mean": _choice(MEAN, MEAN.replace(".mean(dim=0)", ".abs().log().mean(dim=0).exp()")),
    "mean-of-pairs": _choice(MEAN, "total = values[0].double()\n    for each in values[1:]:\n        total = (total + each.double()) / 2\n    return total"),
    "rounded-before-the-mean": _choice(MEAN, "return values[0] if len(values) == 1 else torch.stack([each.double().round() for each in values]).mean(dim=0)"),
    "mean-over-examples": _choice(MEAN, MEAN.replace(".mean(dim=0)", ".mean(dim=1)")),
    "logits-for-probabilities": _choice(SOFTMAX, "return logits.double()"),
    "softmax-over-examples": _choice(SOFTMAX, "return logits.double().softmax(dim=0)"),
    "labels-for-probabilities": _choice(SOFTMAX, VOTES),
    "class-numbers-for-votes": _choice(VOTES, "return logits.argmax(dim=-1, keepdim=True).expand_as(logits)"),
    "order-given": _choice(ORDER, "order = range(len(members))"),
    "worst-first": _choice(ORDER, ORDER.replace("-alone", "alone")),
    "equal-scores-refused": _choice(ADDED, "added = together > best"),
    "everyone-taken": _choice(ADDED, "added = True"),
    "compared-with-itself-alone": _choice(ADDED, "added = together >= alone[number]"),
    "only-the-best": _choice(ADDED, "added = not taken"),
    "worse-ones-taken": _choice(ADDED, "added = together <= best or not taken"),
    "best-score-forgotten": _choice(TAKEN, "taken, best = [*taken, members[number].values], best if best > float('-inf') else together"),
    "members-not-kept": _choice(TAKEN, "taken, best = [members[number].values], together"),
    "refused-ones-kept": _choice(TOGETHER, "taken = [*taken, members[number].values]\n        together = score(mean_of(taken), labels)", TAKEN, "best = together"),
    "scored-alone": _choice(TOGETHER, "together = score(members[number].values, labels)"),
    "stops-at-the-first-that-harms": _choice("        if added:\n            taken, best", "        if not added:\n            break\n        if added:\n            taken, best"),
    "mean-not-removed": _in(SCALE, STANDARD, "return values.double() / scale.deviation"),
    "deviation-not-removed": _in(SCALE, STANDARD, "return values.double() - scale.mean"),
    "divided-by-the-variance": _in(SCALE, STANDARD, "return (values.double() - scale.mean) / scale.deviation**2"),
    "scale-of-the-test": _in(SCALE, BACK, "return mean + deviation * mean_of([standardised(each, scale_of(each)) for each in values])"),
    "scale-of-the-first": _in(SCALE, BACK, BACK.replace("standardised(each, scale)", "standardised(each, scales[0])")),
    "left-standardised": _in(SCALE, BACK, BACK.replace("mean + deviation * ", "")),
    "deviation-of-a-sample": _in(SCALE, SPREAD, "deviation = float(values.double().std())"),
    "alike-scores-divide-by-zero": _in(SCALE, "deviation if deviation > 0 else 1.0)", "deviation if deviation > 0 else float('nan'))"),
    "one-model-rescaled": _in(SCALE, "    if len(values) == 1:\n        return values[0]\n", "    if len(values) == 1:\n        return standardised(values[0], scales[0])\n"),
}

RIGHT = {
    "a running sum": _choice(MEAN, "if len(values) == 1:\n        return values[0]\n    total = torch.zeros_like(values[0], dtype=torch.float64)\n    for each in values:\n        total += each.double()\n    return total / len(values)"),
    "a softmax by hand": _choice(SOFTMAX, "shifted = (logits.double() - logits.double().amax(-1, keepdim=True)).exp()\n    return shifted / shifted.sum(-1, keepdim=True)"),
    "argsort": _choice(ORDER, "order = torch.tensor([-each for each in alone], dtype=torch.float64).argsort(stable=True).tolist()"),
    "index of each id": _choice(REORDERED, "order = torch.tensor([list(other.ids).index(identity) for identity in first.ids])"),
    "votes by comparison": _choice(VOTES, "return torch.zeros_like(logits).scatter_(-1, logits.argmax(dim=-1, keepdim=True), 1.0)"),
}
