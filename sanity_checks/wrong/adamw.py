"""Wrong and rewritten versions of AdamW: of its formulas here, of its loop over parameters in adamw_loops.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit
from sanity_checks.wrong.adamw_loops import RIGHT_LOOPS, WRONG_LOOPS
from sanity_checks.wrong.adamw_torch import WRONG_TORCH


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("optim.adamw", old, new) for old, new in zip(changes[::2], changes[1::2]))


MEAN = "mean.lerp_(gradient, 1 - betas[0])"
SQUARE = "square.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])"
POWERS = "(1 - betas[0] ** step, 1 - betas[1] ** step)"
SWITCH = " if correct_bias else (1.0, 1.0)"
AVERAGED = "    moving_averages(gradient, mean, square, betas)\n    c1, c2 = bias_corrections(step, betas, correct_bias)\n    denominator = torch.sqrt(square, out=scratch).add_(eps)\n"
ROOT = "torch.sqrt(square, out=scratch)"
RATE = "math.sqrt(c2) / c1"
STEP = "    parameter.addcdiv_(mean, denominator, value=-lr * math.sqrt(c2) / c1)\n"
DECAY = "    if weight_decay:\n        parameter.mul_(1 - lr * weight_decay)"
AFTER = "  # after the step, so that it shrinks the new value\n"
SHARE = "(1 - lr * weight_decay)" + AFTER
L2 = "    gradient = gradient + weight_decay * parameter\n"

# First what is also right, because another change of the same place must still find it as it was.
WRONG = {
    "decay-on-old-value": _edit(STEP + DECAY + AFTER, DECAY + AFTER + STEP),
    "epsilon-after-correction": _edit(ROOT + ".add_(eps)", ROOT + ".add_(eps * math.sqrt(c2))"),
    "torch-form": _edit(STEP + DECAY + AFTER, DECAY + AFTER + STEP, ROOT + ".add_(eps)", ROOT + ".add_(eps * math.sqrt(c2))"),
    "decay-missing": _edit(DECAY + AFTER, "    pass\n"),
    "decay-by-corrected-rate": _edit(SHARE, f"(1 - lr * {RATE} * weight_decay)\n"),
    "decay-without-rate": _edit(SHARE, "(1 - weight_decay)\n"),
    "decay-rate-squared": _edit(SHARE, "(1 - lr * lr * weight_decay)\n"),
    "decay-grows": _edit(SHARE, "(1 + lr * weight_decay)\n"),
    "decay-constant": _edit("parameter.mul_(1 - lr * weight_decay)" + AFTER, "parameter.sub_(lr * weight_decay)\n"),
    "decay-in-gradient": _edit(AVERAGED, L2 + AVERAGED, DECAY + AFTER, "    pass\n"),
    "decay-twice": _edit(AVERAGED, L2 + AVERAGED),
    "gradient-changed": _edit(AVERAGED, L2.replace("gradient + ", "gradient.add_(").replace("parameter\n", "parameter)\n") + AVERAGED, DECAY + AFTER, "    pass\n"),
    "betas-swapped-in-averages": _edit(MEAN, "mean.lerp_(gradient, 1 - betas[1])", SQUARE, SQUARE.replace("betas[1]", "betas[0]")),
    "average-weights-exchanged": _edit(MEAN, "mean.lerp_(gradient, betas[0])", SQUARE, "square.mul_(1 - betas[1]).addcmul_(gradient, gradient, value=betas[1])"),
    "mean-unweighted": _edit(MEAN, "mean.mul_(betas[0]).add_(gradient)"),
    "square-unweighted": _edit(SQUARE, "square.mul_(betas[1]).addcmul_(gradient, gradient)"),
    "gradient-not-squared": _edit(SQUARE, "square.mul_(betas[1]).add_(gradient, alpha=1 - betas[1])"),
    "square-of-mean": _edit(SQUARE, "square.mul_(betas[1]).addcmul_(mean, mean, value=1 - betas[1])"),
    "averages-not-written": _edit(MEAN, "mean = mean.lerp(gradient, 1 - betas[0])", SQUARE, "square = square * betas[1] + gradient**2 * (1 - betas[1])"),
    "gradient-for-mean": _edit("addcdiv_(mean, denominator, value=-lr *", "addcdiv_(gradient, denominator, value=-lr *"),
    "correct-bias-ignored": _edit(SWITCH, ""),
    "correct-bias-crashes": _edit(SWITCH, " if correct_bias else (c1, c2)"),
    "correct-bias-stops": _edit(RATE + ")\n    if", RATE + " * correct_bias)\n    if"),
    "correct-bias-inverted": _edit(SWITCH, " if not correct_bias else (1.0, 1.0)"),
    "correction-missing": _edit(POWERS + SWITCH, "(1.0, 1.0)"),
    "correction-without-power": _edit(POWERS, "(1 - betas[0], 1 - betas[1])"),
    "correction-of-mean-only": _edit(POWERS, "(1 - betas[0] ** step, 1.0)"),
    "correction-of-square-only": _edit(POWERS, "(1.0, 1 - betas[1] ** step)"),
    "correction-swapped": _edit(POWERS, "(1 - betas[1] ** step, 1 - betas[0] ** step)"),
    "correction-without-one-minus": _edit(POWERS, "(betas[0] ** step, betas[1] ** step)"),
    "correction-without-root": _edit("-lr * " + RATE, "-lr * c2 / c1"),
    "correction-halved": _edit("-lr * " + RATE, "-lr * c2 / 2 / c1"),
    "correction-upside-down": _edit("-lr * " + RATE, "-lr * c1 / math.sqrt(c2)"),
    "correction-twice": _edit("-lr * " + RATE, f"-lr * ({RATE}) ** 2", ROOT + ".add_(eps)", ROOT + ".add_(eps * math.sqrt(c2))"),
    "corrected-averages-kept": _edit("    denominator = torch.sqrt(square, out=scratch).add_(eps)\n", "    mean.div_(c1), square.div_(c2)\n    denominator = torch.sqrt(square, out=scratch).add_(eps)\n", "-lr * " + RATE, "-lr"),
    "rate-missing": _edit("value=-lr * " + RATE, "value=-" + RATE),
    "update-uphill": _edit("value=-lr * " + RATE, "value=lr * " + RATE),
    "root-missing": _edit(ROOT + ".add_(eps)", "square.clone().add_(eps)"),
    "root-halved": _edit(ROOT + ".add_(eps)", "square.div(2).add_(eps)"),
    "epsilon-inside-root": _edit(ROOT + ".add_(eps)", "torch.sqrt(square + eps, out=scratch)"),
    "epsilon-missing": _edit(ROOT + ".add_(eps)", ROOT),
    "epsilon-outside-fraction": _edit(ROOT + ".add_(eps)", ROOT, "/ c1)\n    if weight_decay", "/ c1)\n    parameter.sub_(lr * math.sqrt(c2) / c1 * eps)\n    if weight_decay"),
    "update-applied-twice": _edit(STEP, STEP + STEP),
    "default-epsilon": _edit("eps: float = 1e-6", "eps: float = 1e-8"),
    "default-decay": _edit("weight_decay: float = 0.0", "weight_decay: float = 0.01"),
    "default-rate": _edit("lr: float = 1e-3", "lr: float = 2e-5"),
    "default-betas": _edit("= (0.9, 0.999), eps", "= (0.9, 0.99), eps"),
    "default-correct-bias": _edit("correct_bias: bool = True", "correct_bias: bool = False"),
    **WRONG_TORCH,
    **WRONG_LOOPS,
}

RIGHT = {
    "averages written out": _edit(MEAN, "mean.copy_(betas[0] * mean + (1 - betas[0]) * gradient)", SQUARE, "square.copy_(betas[1] * square + (1 - betas[1]) * gradient**2)"),
    "one step size": _edit(STEP, "    alpha = lr * (1 - betas[1] ** step) ** 0.5 / (1 - betas[0] ** step) if correct_bias else lr\n    parameter.add_(mean / denominator, alpha=-alpha)\n"),
    "decay as a difference": _edit("parameter.mul_(1 - lr * weight_decay)" + AFTER, "parameter.sub_(lr * weight_decay * parameter)\n"),
    "corrected averages in new tensors": _edit(AVERAGED + STEP, AVERAGED + "    mean_hat, square_hat = mean / c1, square / c2\n    parameter.sub_(lr * mean_hat / (square_hat.sqrt() + eps / math.sqrt(c2)))\n"),
    **RIGHT_LOOPS,
}
