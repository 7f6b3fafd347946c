"""Wrong and rewritten versions of exit rules; what is said about each is in bank/exit_rules.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "tasks.exit_rules"
LOGS = "return torch.stack([F.logsigmoid(-scores), F.logsigmoid(scores)], dim=-1) if kind == \"binary\" else scores.log_softmax(dim=-1)"
WIDER = "scores = logits.to(torch.promote_types(logits.dtype, torch.float32))"
SURE = "return log_probabilities(logits, kind).amax(dim=-1).exp()"
SUM = "return (logs.exp() * -logs).sum(dim=-1)"
SAID = "said = [decide(kind, logits) for logits in history]"
COUNT = "count = unbroken = torch.ones_like(said[-1], dtype=torch.int64)"
PAIRS = "for before, after in zip(said[-2::-1], said[:0:-1]):"
SAME = "same = (after - before).abs() < tolerance if kind == \"regression\" else after == before"
UNBROKEN = "unbroken = unbroken * same"
CALL = "return LEAVES[self.name](seen, self)"
FITS = "if not fits(threshold):"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _rule(name: str, new: str) -> tuple[Edit, ...]:
    return _edit(CALL, f'return {new} if self.name == "{name}" else LEAVES[self.name](seen, self)')


WRONG = {
    "zero-times-log-of-zero": _edit(SUM, "return -(logs.exp() * logs.exp().log()).sum(dim=-1)"),
    "exponentials-overflow": _edit(SUM, 'if kind == "binary":\n        return (logs.exp() * -logs).sum(dim=-1)\n    raised = logits.double().exp()\n'
                                        "    return raised.sum(-1).log() - (logits * raised).sum(-1) / raised.sum(-1)"),
    "sign-of-the-entropy": _edit(SUM, "return (logs.exp() * logs).sum(dim=-1)"),
    "entropy-in-bits": _edit(SUM, "return (logs.exp() * -logs).sum(dim=-1) / 0.6931471805599453"),
    "entropy-averaged": _edit(SUM, "return (logs.exp() * -logs).mean(dim=-1)"),
    "entropy-over-the-most": _edit(SUM, "return (logs.exp() * -logs).sum(dim=-1) / torch.tensor(float(logs.size(-1))).log()"),
    "entropy-of-the-likeliest": _edit(SUM, "return -logs.amax(dim=-1)"),
    "logarithms-without-probabilities": _edit(SUM, "return -logs.sum(dim=-1)"),
    "half-of-a-binary-entropy": _edit(SUM, 'return (logs.exp() * -logs)[..., 1] if kind == "binary" else (logs.exp() * -logs).sum(dim=-1)'),
    "entropy-of-the-batch": _edit(SUM, "return (logs.exp() * -logs).sum(dim=-1).mean().expand(len(logs))"),
    "probability-of-yes": _edit(SURE, 'return logits.sigmoid() if kind == "binary" else log_probabilities(logits, kind).amax(dim=-1).exp()'),
    "largest-score": _edit(SURE, 'return logits.abs() if kind == "binary" else logits.amax(dim=-1)'),
    "least-likely": _edit(SURE, "return log_probabilities(logits, kind).amin(dim=-1).exp()"),
    "margin-for-confidence": _edit(SURE, "best = log_probabilities(logits, kind).exp().topk(2, dim=-1).values\n    return best[..., 0] - best[..., 1]"),
    "logarithm-of-the-confidence": _edit(SURE, "return log_probabilities(logits, kind).amax(dim=-1)"),
    "confidence-of-the-batch": _edit(SURE, "return log_probabilities(logits, kind).amax(dim=-1).exp().mean().expand(len(logits))"),
    "softmax-over-the-batch": _edit(LOGS, LOGS.replace("log_softmax(dim=-1)", "log_softmax(dim=0)")),
    "softmax-not-shifted": _edit(LOGS, LOGS.replace("scores.log_softmax(dim=-1)", "scores - scores.exp().sum(dim=-1, keepdim=True).log()")),
    "softmax-of-one-score": _edit(LOGS, "return scores.log_softmax(dim=-1)[:, None].expand(-1, 2) if kind == \"binary\" else scores.log_softmax(dim=-1)"),
    "sigmoid-of-classes": _edit(LOGS, LOGS.replace("scores.log_softmax(dim=-1)", "F.logsigmoid(scores)")),
    "half-precision-kept": _edit(WIDER, "scores = logits"),
    "agreements-counted": _edit("    return count\n", "    return count - 1\n"),
    "breaks-forgotten": _edit(UNBROKEN, "unbroken = same"),
    "count-from-the-bottom": _edit(PAIRS, "for before, after in zip(said, said[1:]):"),
    "all-against-the-newest": _edit(SAME, SAME.replace("after", "said[-1]")),
    "all-against-the-first": _edit(SAME, SAME.replace("before", "said[0]")),
    "tolerance-included": _edit(SAME, SAME.replace(".abs() < tolerance", ".abs() <= tolerance")),
    "downwards-always-agrees": _edit(SAME, SAME.replace("(after - before).abs()", "(after - before)")),
    "regression-must-be-equal": _edit(SAME, "same = after == before"),
    "tolerance-ignored": _edit(SAME, SAME.replace("< tolerance", "< 0.5")),
    "confidence-not-strict": _rule("confidence", "confidence(seen.history[-1], seen.kind) >= self.threshold"),
    "confidence-reversed": _rule("confidence", "confidence(seen.history[-1], seen.kind) < self.threshold"),
    "entropy-not-strict": _rule("entropy", "entropy(seen.history[-1], seen.kind) <= self.threshold"),
    "entropy-reversed": _rule("entropy", "entropy(seen.history[-1], seen.kind) > self.threshold"),
    "learned-not-strict": _rule("learned", "seen.learned >= self.threshold"),
    "learned-reversed": _rule("learned", "seen.learned < self.threshold"),
    "patience-an-exit-more": _rule("patience", "agreeing(seen.history, seen.kind, self.tolerance) > self.threshold"),
    "patience-an-exit-less": _rule("patience", "agreeing(seen.history, seen.kind, self.tolerance) >= self.threshold - 1"),
    "patience-exactly": _rule("patience", "agreeing(seen.history, seen.kind, self.tolerance) == self.threshold"),
    "patience-with-its-own-tolerance": _rule("patience", "agreeing(seen.history, seen.kind) >= self.threshold"),
    "first-exit-asked": _edit(CALL, "return LEAVES[self.name](Seen(seen.history[:1], seen.kind, seen.learned), self)"),
    "exits-averaged": _edit(CALL, 'if self.name == "patience":\n            return LEAVES[self.name](seen, self)\n'
                                  "        return LEAVES[self.name](Seen([sum(seen.history) / len(seen.history)], seen.kind, seen.learned), self)"),
    "all-wait-for-the-last": _edit(CALL, "return LEAVES[self.name](seen, self).all().expand(len(seen.history[-1]))"),
    "all-leave-with-the-first": _edit(CALL, "return LEAVES[self.name](seen, self).any().expand(len(seen.history[-1]))"),
    "stays-and-leaves-exchanged": _edit(CALL, "return ~LEAVES[self.name](seen, self)"),
    "negative-entropy-accepted": _edit(FITS, 'if not fits(threshold) and name != "entropy":'),
    "percent-accepted": _edit(FITS, 'if not fits(threshold) and name != "confidence":'),
    "any-patience-accepted": _edit(FITS, 'if not fits(threshold) and name != "patience":'),
    "any-threshold-accepted": _edit(FITS, "if False:"),
    "regression-with-a-confidence": _edit('if kind == "regression" and name not in WITHOUT_PROBABILITIES:', "if False:"),
    "tolerance-of-0-accepted": _edit("if not tolerance > 0:", "if tolerance < 0:"),
}  # fmt: skip

RIGHT = {
    "entropy: the logarithm of a sum minus a mean": _edit(SUM, "scores = torch.stack([torch.zeros_like(logits), logits], -1) if kind == \"binary\" else logits\n"
                                                               "    scores = scores.double()\n    return scores.logsumexp(-1) - (scores.softmax(-1) * scores).sum(-1)"),
    "entropy: torch.special.entr": _edit(SUM, "return torch.special.entr(logs.exp()).sum(dim=-1)"),
    "entropy: xlogy": _edit(SUM, "return -torch.xlogy(logs.exp(), logs.exp()).sum(dim=-1)"),
    "confidence: a softmax": _edit(SURE, 'wide = logits.to(torch.promote_types(logits.dtype, torch.float32))\n    if kind == "binary":\n        return wide.abs().sigmoid()\n'
                                         "    return wide.softmax(dim=-1).max(dim=-1).values"),
    "confidence: of both answers": _edit(SURE, 'if kind == "binary":\n        yes = logits.sigmoid()\n        return torch.maximum(yes, 1 - yes)\n' + "    " + SURE),
    "agreement: a loop with a count for each example": _edit("    return count\n", "    count = torch.ones_like(count)\n    for row in range(len(count)):\n"
        "        for step in range(len(said) - 1, 0, -1):\n            moved = abs(float(said[step][row]) - float(said[step - 1][row]))\n"
        '            if not (moved < tolerance if kind == "regression" else moved == 0):\n                break\n            count[row] += 1\n    return count\n'),
    "agreement: broken by a boolean": _edit(UNBROKEN, "unbroken = unbroken.bool() & same"),
    "leaving: below instead of above": _rule("confidence", "self.threshold < confidence(seen.history[-1], seen.kind)"),
}  # fmt: skip
