"""Wrong versions of torch_update, the other form of AdamW."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.adamw", old, new) for old, new in zip(changes[::2], changes[1::2]))


BEFORE = "  # before the step, so that it shrinks the old value\n"
DECAY = "    if weight_decay:\n        parameter.mul_(1 - lr * weight_decay)" + BEFORE
SHARE = "(1 - lr * weight_decay)" + BEFORE
AVERAGED = "    moving_averages(gradient, mean, square, betas)\n    c1, c2 = bias_corrections(step, betas, correct_bias)\n"
ROOT = "torch.sqrt(square, out=scratch).div_(math.sqrt(c2))"
STEP = "    parameter.addcdiv_(mean, denominator, value=-lr / c1)\n"

WRONG_TORCH = {
    "decay-on-new-value": _edit(DECAY + AVERAGED, AVERAGED, STEP, STEP + DECAY),
    "epsilon-before-correction": _edit(ROOT + ".add_(eps)", "torch.sqrt(square, out=scratch).add_(eps).div_(math.sqrt(c2))"),
    "course-form": _edit(DECAY + AVERAGED, AVERAGED, STEP, STEP + DECAY, ROOT + ".add_(eps)", "torch.sqrt(square, out=scratch).add_(eps).div_(math.sqrt(c2))"),
    "decay-missing~torch": _edit(DECAY, ""),
    "decay-without-rate~torch": _edit(SHARE, "(1 - weight_decay)\n"),
    "decay-by-corrected-rate~torch": _edit(DECAY + AVERAGED, AVERAGED + DECAY.replace("lr *", "lr * math.sqrt(c2) / c1 *")),
    "decay-grows~torch": _edit(SHARE, "(1 + lr * weight_decay)\n"),
    "decay-in-gradient~torch": _edit(DECAY, "    gradient = gradient + weight_decay * parameter\n"),
    "correction-of-mean-only~torch": _edit(ROOT, "torch.sqrt(square, out=scratch)"),
    "correction-of-square-only~torch": _edit("value=-lr / c1)", "value=-lr)"),
    "correction-without-root~torch": _edit(ROOT, "torch.sqrt(square, out=scratch).div_(c2)"),
    "rate-missing~torch": _edit("value=-lr / c1)", "value=-1 / c1)"),
    "update-uphill~torch": _edit("value=-lr / c1)", "value=lr / c1)"),
    "root-missing~torch": _edit(ROOT, "square.div(c2)"),
    "epsilon-inside-root~torch": _edit(ROOT + ".add_(eps)", "torch.sqrt(square / c2 + eps, out=scratch)"),
    "epsilon-missing~torch": _edit(ROOT + ".add_(eps)", ROOT),
}
