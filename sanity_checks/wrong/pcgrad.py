"""Wrong and rewritten versions of PCGrad, GSE and the wrapper; what is said about each is in bank/pcgrad.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit
from sanity_checks.wrong.pcgrad_surgery import RIGHT_SURGERY, WRONG_SURGERY

GRAM = "gram = products[present[:, i]].sum(0)"
ORDER = "torch.randperm(num_tasks, generator=generator).tolist()"
CONFLICT = "if j != i and agreement < 0:"
PROJECT = "weights[i, j] -= agreement / gram[j, j]"
AGREEMENT = "agreement = weights[i] @ gram[:, j]"
REDUCED = "REDUCTIONS[reduction](merged_weights(weights, present), present)"
MERGED = "return combine(gradients, " + REDUCED + ")"
CHECK = "    if reduction not in REDUCTIONS:\n"
FIXED = "    weights = pcgrad_weights(inner_products(gradients), present, generator)\n"
SUM, MEAN = 'REDUCTIONS["sum"](merged_weights(weights, present), present)', 'REDUCTIONS["mean"](merged_weights(weights, present), present)'


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.pcgrad", old, new) for old, new in zip(changes[::2], changes[1::2]))


ZEROS = "    shapes = [next((each for each in entries if each is not None), None) for entries in zip(*gradients)]\n    gradients = [[" \
        "entry if entry is not None else torch.zeros(2).double() if shape is None else torch.zeros_like(shape) for entry, shape in zip(g, shapes)] for g in gradients]\n"
EACH = '''
present = presence(gradients)
products = inner_products(gradients)
merged = []
for place in range(len(present)):
    one = pcgrad_weights(products[place : place + 1], present[place : place + 1], generator)
    merged.append(merged_weights(one, present[place : place + 1]))
merged = torch.cat(merged) if merged else present.double()
return combine(gradients, REDUCTIONS[reduction](merged, present))
'''

WRONG = {
    "sum-means-mean": _edit(REDUCED, MEAN),
    "mean-means-sum": _edit(REDUCED, SUM),
    "mean-over-all-tasks": _edit(REDUCED, "merged_weights(weights, present) / (1 if reduction == 'sum' else len(gradients))"),
    "mean-of-shared-only": _edit(REDUCED, "merged_weights(weights, present) / torch.where((reduction == 'mean') & present.all(1, keepdim=True), len(gradients), 1)"),
    "own-gradient-not-skipped": _edit(CONFLICT, "if agreement < 0:"),
    "against-projected": _edit(AGREEMENT, "other = weights[j].clone()\n            agreement = weights[i] @ gram @ other", PROJECT, "weights[i] -= agreement / (other @ gram @ other) * other"),
    "agreeing-projected": _edit(CONFLICT, "if j != i and agreement > 0:"),
    "always-projected": _edit(CONFLICT, "if j != i and gram[j, j] > 0:"),
    "never-projected": _edit(CONFLICT, "if False:"),
    "conflict-of-originals": _edit(AGREEMENT, "agreement = gram[i, j]"),
    "conflict-of-originals-decides": _edit(CONFLICT, "if j != i and gram[i, j] < 0:"),
    "division-missing": _edit(PROJECT, "weights[i, j] -= agreement"),
    "division-by-length": _edit(PROJECT, "weights[i, j] -= agreement / gram[j, j].sqrt()"),
    "division-by-own-length": _edit(PROJECT, "weights[i, j] -= agreement / gram[i, i]"),
    "division-by-both-lengths": _edit(PROJECT, "weights[i, j] -= agreement / (gram[i, i] * gram[j, j]).sqrt()"),
    "division-by-zero": _edit(CONFLICT, "if j != i and agreement <= 0:"),
    "added": _edit(PROJECT, "weights[i, j] += agreement / gram[j, j]"),
    "own-gradient-subtracted": _edit(PROJECT, "weights[i, i] -= agreement / gram[j, j]"),
    "projection-alone-kept": _edit(PROJECT, "weights[i] = 0\n                weights[i, j] = agreement / gram[j, j]"),
    "half-projected": _edit(PROJECT, "weights[i, j] -= agreement / gram[j, j] / 2"),
    "first-conflict-only": _edit(PROJECT, PROJECT + "\n                break"),
    "worst-projected-away": _edit(PROJECT, "weights[i] = 0"),
    "first-task-only": _edit("    return weights\n", "        break\n    return weights\n"),
    "order-never-shuffled": _edit(ORDER, "range(num_tasks)"),
    "order-reversed": _edit(ORDER, "reversed(range(num_tasks))"),
    "order-not-from-generator": _edit(ORDER, "torch.randperm(num_tasks).tolist()"),
    "tensor-by-tensor": (Edit("optim.pcgrad", "", EACH, body="pcgrad"),),
    "heads-projected-too": _edit(GRAM, "gram = products.sum(0)", "present.double() @ weights", "torch.ones_like(present).double() @ weights"),
    "heads-in-lengths": _edit(GRAM, "gram = products.sum(0)"),
    "shared-by-all-only": _edit(GRAM, "gram = products[present.all(1)].sum(0)", "if j != i and agreement < 0:", "if j != i and agreement < 0 and gram[j, j] > 0:"),
    "absent-as-zeros": (Edit("optim.pcgrad", "    present = presence(gradients)  # (P, K)\n", ZEROS + "    present = presence(gradients)  # (P, K)\n"),),
    "gradients-overwritten": _edit(MERGED, "merged = combine(gradients, " + REDUCED + ")\n    for gradient in gradients:\n        for entry, new in zip(gradient, merged):\n"
                                   "            if entry is not None:\n                entry.copy_(new)\n    return merged"),
    **WRONG_SURGERY,
}

LITERAL = '''
present, merged = presence(gradients), [None] * len(gradients[0])
for i, own in enumerate(gradients):
    p = [None if entry is None else entry.clone() for entry in own]
    others = [j for j in range(len(gradients)) if j != i]
    for place in torch.randperm(len(others), generator=generator).tolist():
        both = [(a, b) for a, b in zip(p, gradients[others[place]]) if a is not None and b is not None]
        inner = sum(float((a * b).sum()) for a, b in both)
        if inner < 0:
            size = sum(float((b * b).sum()) for _, b in both)
            for a, b in both:
                a.sub_(b, alpha=inner / size)
    merged = [new if old is None else old if new is None else old + new for old, new in zip(merged, p)]
counts = present.sum(1).tolist()
return [entry if entry is None or reduction == "sum" else entry / count for entry, count in zip(merged, counts)]
'''
RIGHT = {
    "word for word on tensors": (Edit("optim.pcgrad", "", LITERAL, body="pcgrad"), Edit("optim.pcgrad", "    return weights\n", "    return weights.clone()\n")),
    "one order for all tasks": _edit("    for i in range(num_tasks):\n", f"    order = {ORDER}\n    for i in range(num_tasks):\n", "for j in torch.randperm(num_tasks, generator=generator).tolist():", "for j in order:"),
    "the others shuffled": _edit(f"for j in {ORDER}:", "others = [j for j in range(num_tasks) if j != i]\n        for j in (others[k] for k in torch.randperm(len(others), generator=generator)):"),
    "an order by sorting random numbers": _edit(ORDER, "torch.rand(num_tasks, generator=generator).argsort().tolist()"),
    "every part below 0 clipped": _edit("            if j != i and agreement < 0:\n                weights[i, j] -= agreement / gram[j, j]", "            if j != i and gram[j, j] > 0:\n                weights[i, j] -= agreement.clamp(max=0) / gram[j, j]"),
    "einsum": _edit("present.double() @ weights", "torch.einsum('pk,kj->pj', present.double(), weights)"),
    **RIGHT_SURGERY,
}  # fmt: skip
