"""Wrong and rewritten versions of Gradient Vaccine; what is said about each is in bank/gradvac.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

GRAM = "gram = products[present[:, i]].sum(0)"
PAIRS = "if j != i and gram[i, j] != 0 and gram[j, j] > 0:"
TURN = "_vaccinate(weights[i], gram, j, float(targets[i, j]))"
COSINE = "cosine = float(gram[i, j] / (gram[i, i] * gram[j, j]).sqrt())"
TARGET = "targets[i, j] += rate * (cosine - targets[i, j])"
STEP = "row[j] += length * (target * sine - cosine * target_sine) / (other * target_sine)"
BELOW = "if cosine < target < 1:"
SINES = "sine, target_sine = math.sqrt(1 - cosine**2), math.sqrt(1 - target**2)"
COPIED = "products, targets = inner_products(gradients), targets.clone()"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.gradvac", old, new) for old, new in zip(changes[::2], changes[1::2]))


WRONG = {
    "never-turned": _edit(TURN, "pass"),
    "projected-as-by-pcgrad": _edit(TURN, TURN.replace("float(targets[i, j])", "0.0")),
    "target-of-the-other": _edit(TURN, TURN.replace("[i, j]", "[j, i]")),
    "turned-when-above": _edit(BELOW, "if cosine > target and target < 1:"),
    "turned-always": _edit(BELOW, "if target < 1:"),
    "turned-in-conflicts-only": _edit(BELOW, "if cosine < 0 and cosine < target < 1:"),
    "away-instead-of-towards": _edit(STEP, STEP.replace("+=", "-=")),
    "own-length-missing": _edit(STEP, STEP.replace("length * (", "(")),
    "other-length-missing": _edit(STEP, STEP.replace("(other * target_sine)", "target_sine")),
    "lengths-exchanged": _edit(STEP, "row[j] += other * (target * sine - cosine * target_sine) / (length * target_sine)"),
    "target-sine-missing": _edit(STEP, STEP.replace("(other * target_sine)", "other")),
    "squares-for-sines": _edit(SINES, "sine, target_sine = 1 - cosine**2, 1 - target**2"),
    "sines-exchanged": _edit(SINES, "target_sine, sine = math.sqrt(1 - cosine**2), math.sqrt(1 - target**2)"),
    "cosines-difference": _edit(STEP, "row[j] += length * (target - cosine) / other"),
    "heads-in-lengths": _edit(GRAM, "gram = products.sum(0)"),
    "own-gradient-scaled": _edit(STEP, STEP.replace("row[j] +=", "row +=")),
    "mean-of-all": _edit("return combine(gradients, merged_weights(weights, present)), targets", "return combine(gradients, merged_weights(weights, present) / len(gradients)), targets"),
    "targets-stay": _edit(TARGET, "pass"),
    "targets-jump": _edit(TARGET, "targets[i, j] = cosine"),
    "targets-rate-exchanged": _edit(TARGET, "targets[i, j] += (1 - rate) * (cosine - targets[i, j])"),
    "targets-added-up": _edit(TARGET, "targets[i, j] += rate * cosine"),
    "targets-of-turned-gradients": _edit(COSINE, COSINE + "\n                now = weights[i]\n                cosine = float(now @ gram[:, j] / ((now @ gram @ now) * gram[j, j]).sqrt())"),
    "targets-follow-dot-products": _edit(COSINE, "cosine = float(gram[i, j])"),
    "targets-follow-conflicts-only": _edit(TARGET, "targets[i, j] += rate * (min(cosine, 0.0) - targets[i, j])"),
    "targets-before-the-turn": _edit(TURN, "pass", TARGET, TARGET + "\n                " + TURN),
    "targets-made-symmetric": _edit("return combine(gradients, merged_weights(weights, present)), targets", "return combine(gradients, merged_weights(weights, present)), (targets + targets.T) / 2"),
    "targets-given-overwritten": _edit(COPIED, "products = inner_products(gradients)"),
    "no-cosine-counts-as-zero": _edit(PAIRS, "if j != i and gram[i, i] >= 0:", COSINE, "cosine = float((gram[i, j] / (gram[i, i] * gram[j, j]).sqrt().clamp(min=1e-30)))",
                                      "if length == 0:", "if length == 0 or other == 0:"),
}

RIGHT = {
    "the cosine through lengths": _edit(COSINE, "cosine = float(gram[i, j]) / (math.sqrt(float(gram[i, i])) * math.sqrt(float(gram[j, j])))"),
    "targets by a weighted mean": _edit(TARGET, "targets[i, j] = (1 - rate) * targets[i, j] + rate * cosine"),
    "sines by angles": _edit(SINES, "sine, target_sine = math.sin(math.acos(cosine)), math.sin(math.acos(target))"),
    "einsum": _edit("return combine(gradients, merged_weights(weights, present)), targets", "return combine(gradients, torch.einsum('pk,kj->pj', present.double(), weights)), targets"),
    "one order for all tasks": _edit("    for i in range(len(gradients)):\n", "    order = torch.randperm(len(gradients), generator=generator).tolist()\n    for i in range(len(gradients)):\n",
                                     "for j in torch.randperm(len(gradients), generator=generator).tolist():", "for j in order:"),
}
