"""Wrong and rewritten versions of training exits; what is said about each is in bank/exit_training.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

WEIGHTS, STEPS, CERTAIN, TURNS = "tasks.exit_weights", "tasks.exit_training", "tasks.exit_certainty", "tasks.alternating"
SHARES = "shares = RULES[rule](exits, steps_taken)"
TOTAL = 'total = 1 if reduce == "sum" and rule != "weighted" else sum(shares)'
OVER = "return tuple(share / total for share in shares)"
COUNTED = "counted = list(compress(losses, weights))"
SUM = "return sum(weight * loss for weight, loss in zip(filter(None, weights), counted))"
WANTED = "return frozenset(number for number, weight in enumerate(self.weights, start=1) if weight)"
FIRST = "if steps_taken < first_stage:"
SECOND = 'return ExitStep((*exit_weights("joint", exits - 1, steps_taken, reduce), 0.0), "heads")'
ONE_STAGE = "return ExitStep(exit_weights(regime, exits, steps_taken, reduce))"
EVEN = "even = (steps_taken + 1) % PERIOD == 0"
FINAL = 'final_only = {"final": True, "all": False, "parity": not even}[self.exits]'
SMART = '"final": final_only, "all": True, "even": even}[self.smart_on]'
COST = "(1.0 if turn.final_only else all_exits) + (smart - 1 if turn.smart else 0.0)"
READ = "read = features if self.through else features.detach()"
SAYS = "return self.linear(self.dropout(read)).squeeze(-1).sigmoid()"
ANSWERS = "answers = decide(kind, logits.detach())"
ERROR = "return 1 - torch.tanh((answers - labels).abs() / scale)"
RIGHT_ONES = "return (answers == labels).to(logits.dtype)"
LOSSES = "losses = [F.mse_loss(certainty(each.features), certainty_target(kind, each.logits, labels, scale).to(each.features.dtype)) for each in found]"
MEAN = "return torch.stack(losses).mean()"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _shares(rule: str, new: str) -> tuple[Edit, ...]:
    return _in(WEIGHTS, SHARES, f'shares = {new} if rule == "{rule}" else RULES[rule](exits, steps_taken)')


WRONG = {
    "weights-from-the-top": _shares("weighted", "list(range(exits, 0, -1))"),
    "weights-from-0": _shares("weighted", "list(range(exits)) if exits > 1 else [1]"),
    "weights-squared": _shares("weighted", "[(number + 1) ** 2 for number in range(exits)]"),
    "weights-are-equal": _shares("weighted", "[1] * exits"),
    "weights-not-divided": _in(WEIGHTS, TOTAL, 'total = 1 if rule == "weighted" else 1 if reduce == "sum" else sum(shares)'),
    "weights-over-the-largest": _in(WEIGHTS, TOTAL, TOTAL.replace("else sum(shares)", 'else max(shares) if rule == "weighted" else sum(shares)')),
    "weights-over-n-n-minus-1": _in(WEIGHTS, TOTAL, TOTAL.replace("else sum(shares)", 'else exits * (exits - 1) / 2 if rule == "weighted" and exits > 1 else sum(shares)')),
    "always-summed": _in(WEIGHTS, TOTAL, 'total = 1 if rule != "weighted" else sum(shares)'),
    "always-averaged": _in(WEIGHTS, TOTAL, "total = sum(shares)"),
    "joint-without-the-last": _shares("joint", "[1] * (exits - 1) + [int(exits == 1)]"),
    "first-exit-for-the-last": _shares("final", "[1] + [0] * (exits - 1)"),
    "all-steps-without-the-last": _shares("alternating", "RULES['final' if steps_taken % 2 == 0 else 'joint'](exits, 0) if steps_taken % 2 == 0 else [1] * (exits - 1) + [0]"),
    "weighted-in-turns": _shares("alternating", "RULES['final' if steps_taken % 2 == 0 else 'weighted'](exits, 0)"),
    "zeros-for-no-gradient": _in(WEIGHTS, SUM, "return sum(weight * loss for weight, loss in zip(weights, losses) if loss is not None)"),
    "weights-ignored": _in(WEIGHTS, SUM, "return sum(counted)"),
    "divided-twice": _in(WEIGHTS, SUM, SUM.replace("return ", "return 1 / len(counted) * ")),
    "weights-meet-other-losses": _in(WEIGHTS, SUM, SUM.replace("zip(filter(None, weights), counted)", "zip(weights, counted)")),
    "weights-in-reverse": _in(WEIGHTS, SUM, SUM.replace("filter(None, weights)", "filter(None, weights[::-1])")),
    "missing-loss-accepted": _in(WEIGHTS, COUNTED, "counted = [loss for loss, weight in zip(losses, weights) if weight and loss is not None]"),
    "exits-from-0": _in(STEPS, WANTED, WANTED.replace("start=1", "start=0")),
    "everyone-asked": _in(STEPS, WANTED, WANTED.replace(" if weight)", ")")),
    "last-alone-asked": _in(STEPS, WANTED, "return frozenset({len(self.weights)})"),
    "first-stage-too-long": _in(STEPS, FIRST, "if steps_taken <= first_stage:"),
    "first-stage-too-short": _in(STEPS, FIRST, "if steps_taken + 1 < first_stage:"),
    "stages-exchanged": _in(STEPS, FIRST, "if steps_taken >= first_stage:"),
    "second-stage-never-comes": _in(STEPS, FIRST, "if True:"),
    "second-stage-moves-the-backbone": _in(STEPS, SECOND, SECOND.replace(', "heads")', ")")),
    "second-stage-trains-the-last": _in(STEPS, SECOND, 'return ExitStep(exit_weights("joint", exits, steps_taken, reduce), "heads")'),
    "second-stage-over-all-exits": _in(STEPS, SECOND, 'return ExitStep((*exit_weights("joint", exits, steps_taken, reduce)[1:], 0.0), "heads")'),
    "second-stage-weighted": _in(STEPS, SECOND, SECOND.replace('"joint"', '"weighted"')),
    "second-stage-leaves-the-first-out": _in(STEPS, SECOND, 'return ExitStep((0.0, *exit_weights("joint", exits - 2, steps_taken, reduce), 0.0), "heads")'),
    "reduce-not-handed-on": _in(STEPS, SECOND, SECOND.replace(", reduce)", ")")),
    "alternating-without-turns": _in(STEPS, ONE_STAGE, ONE_STAGE.replace("steps_taken", "1")),
    "all-exits-first": _in(TURNS, EVEN, "even = steps_taken % PERIOD == 0"),
    "steps-counted-afresh": _in(TURNS, EVEN, "even = (steps_taken % 5 + 1) % PERIOD == 0"),
    "period-of-three": _in(TURNS, EVEN, "even = (steps_taken + 1) % 3 == 0"),
    "turns-in-blocks": _in(TURNS, EVEN, "even = steps_taken // PERIOD % PERIOD == 1"),
    "smart-on-all-exits": _in(TURNS, SMART, SMART.replace('"final": final_only', '"final": not final_only')),
    "smart-on-odd-steps": _in(TURNS, SMART, SMART.replace('"even": even', '"even": not even')),
    "smart-in-every-step": _in(TURNS, SMART, SMART.replace('"final": final_only', '"final": True')),
    "final-exit-in-turns": _in(TURNS, FINAL, FINAL.replace('"final": True', '"final": not even')),
    "smart-costs-itself-and-a-step": _in(TURNS, COST, COST.replace("smart - 1", "smart")),
    "certainty-without-sigmoid": _in(CERTAIN, SAYS, SAYS.replace(".sigmoid()", "")),
    "uncertainty-for-certainty": _in(CERTAIN, SAYS, "return (-self.linear(self.dropout(read)).squeeze(-1)).sigmoid()"),
    "certainty-of-the-batch": _in(CERTAIN, SAYS, "return self.linear(self.dropout(read)).squeeze(-1).sigmoid().mean().expand(len(features))"),
    "certainty-keeps-a-dimension": _in(CERTAIN, SAYS, SAYS.replace(".squeeze(-1)", "")),
    "certainty-of-one-example-is-a-scalar": _in(CERTAIN, SAYS, SAYS.replace(".squeeze(-1)", ".squeeze()")),
    "features-always-detached": _in(CERTAIN, READ, "read = features.detach()"),
    "features-never-detached": _in(CERTAIN, READ, "read = features"),
    "target-with-a-gradient": _in(CERTAIN, ANSWERS, "answers = decide(kind, logits)"),
    "target-of-the-error": _in(CERTAIN, ERROR, "return torch.tanh((answers - labels).abs() / scale)", RIGHT_ONES, "return (answers != labels).to(logits.dtype)"),
    "error-for-the-regression-alone": _in(CERTAIN, ERROR, "return torch.tanh((answers - labels).abs() / scale)"),
    "scale-ignored": _in(CERTAIN, ERROR, ERROR.replace(" / scale", "")),
    "scale-multiplied": _in(CERTAIN, ERROR, ERROR.replace("/ scale", "* scale")),
    "tanh-forgotten": _in(CERTAIN, ERROR, "return 1 - (answers - labels).abs() / scale"),
    "tanh-of-the-square": _in(CERTAIN, ERROR, "return 1 - torch.tanh((answers - labels) ** 2 / scale)"),
    "sign-of-the-error": _in(CERTAIN, ERROR, "return 1 - torch.tanh((answers - labels) / scale)"),
    "regression-must-be-equal": _in(CERTAIN, 'if kind == "regression":', "if False:"),
    "probability-for-a-target": _in(CERTAIN, RIGHT_ONES, "return (logits.sigmoid() if logits.dim() == 1 else logits.softmax(-1).amax(-1)).detach() * (answers == labels)"),
    "target-of-the-batch": _in(CERTAIN, RIGHT_ONES, "return (answers == labels).to(logits.dtype).mean().expand(len(logits))"),
    "exits-summed": _in(CERTAIN, MEAN, "return torch.stack(losses).sum()"),
    "examples-summed": _in(CERTAIN, LOSSES, LOSSES.replace("each.features.dtype))", 'each.features.dtype), reduction="sum")')),
    "cross-entropy-for-squares": _in(CERTAIN, LOSSES, LOSSES.replace("F.mse_loss", "F.binary_cross_entropy")),
    "distance-for-squares": _in(CERTAIN, LOSSES, LOSSES.replace("F.mse_loss", "F.l1_loss")),
    "last-exit-alone-learns": _in(CERTAIN, MEAN, "return losses[-1]"),
    "features-of-the-first-exit": _in(CERTAIN, LOSSES, LOSSES.replace("certainty(each.features)", "certainty(found[0].features)")),
    "target-of-the-last-exit": _in(CERTAIN, LOSSES, LOSSES.replace("kind, each.logits", "kind, found[-1].logits")),
    "loss-ignores-the-scale": _in(CERTAIN, LOSSES, LOSSES.replace("labels, scale)", "labels)")),
    "scale-of-0-accepted": _in(CERTAIN, "if not scale > 0:", "if False:"),
}  # fmt: skip

RIGHT = {
    "weights: by formula": _shares("weighted", "[2 * (number + 1) / (exits * (exits + 1)) for number in range(exits)]"),
    "loss: a stack": _in(WEIGHTS, SUM, "import torch\n\n    return torch.stack([weight * loss for weight, loss in zip(weights, losses) if weight]).sum()"),
    "loss: a running sum": _in(WEIGHTS, SUM, "total = 0\n    for weight, loss in zip(weights, losses):\n        if weight:\n            total = total + weight * loss\n    return total"),
    "turns: bits": _in(TURNS, EVEN, "even = bool(steps_taken & 1)"),
    "certainty: a sum of products": _in(CERTAIN, SAYS, "return ((self.dropout(read) * self.linear.weight[0]).sum(-1) + self.linear.bias).sigmoid()"),
    "target: detached at the end": _in(CERTAIN, ANSWERS, "answers = decide(kind, logits).detach()"),
    "target: sigmoids for tanh": _in(CERTAIN, ERROR, "return 2 * torch.sigmoid(-2 * (answers - labels).abs() / scale)"),
    "certainty's loss: squares written out": _in(CERTAIN, LOSSES, "losses = [(certainty(each.features) - certainty_target(kind, each.logits, labels, scale)).square().mean() for each in found]"),
}  # fmt: skip
