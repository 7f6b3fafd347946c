"""Wrong and rewritten versions of calibration and exit curves; what is said about each is in bank/calibration.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

HEAT, CURVE = "tasks.calibration", "tasks.exit_curve"
LOGS = "logs = log_probabilities(logits.double() / temperature, kind)  # (N, k) or (N, 2)\n"
MEAN = "return float(-logs.gather(-1, labels.long()[:, None]).mean())"
ENDS = "low, high = math.log(LOWEST), math.log(HIGHEST)"
LOWER = "if at_left <= at_right:"
FOUND = "return math.exp((low + high) / 2)"
SCALED = "scaled = logits.double() / temperature"
SURE = "sure = confidence(scaled, kind)"
PLACE = "place = (sure * bins).ceil().clamp(1, bins).long() - 1"
GAP = "place, right - sure)"
ERROR = "return float(gap.abs().sum() / len(sure))"
SAVED = "return 1 - self.mean_layer / len(self.fractions)"
DOWN = "for layer in range(len(history) - 1, 0, -1):"
LEAVES = "leaves = rule(Seen(history[:layer], kind, None if learned is None else learned[layer - 1])).cpu()"
MARK = "layers[leaves] = layer\n"
AT = "[torch.arange(len(layers)), layers - 1]"
SHARES = "return tuple((torch.bincount(layers.cpu() - 1, minlength=depth).double() / len(layers)).tolist())"
READS = "left_at(rule_reads or history, each, task.kind, learned)"
SCORE = "score = METRICS[task.metric](decide(task.kind, logits_at(history, layers)), labels)"
POINT = "return Point(rule.threshold, float(score), float(layers.double().mean()), fractions(layers, len(history)))"
GOOD = "good = [point for point in points if point.score >= full_score - lose_at_most]"
CHOSEN = "return min(good, key=lambda point: (point.mean_layer, -point.score))"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _heat(*changes: str) -> tuple[Edit, ...]:
    return _in(HEAT, *changes)


def _curve(*changes: str) -> tuple[Edit, ...]:
    return _in(CURVE, *changes)


WRONG = {
    "multiplied-by-the-temperature": _heat(LOGS, LOGS.replace("/ temperature", "* temperature")),
    "likelihood-without-temperature": _heat(LOGS, LOGS.replace(" / temperature", "")),
    "likelihood-of-the-likeliest": _heat(MEAN, "return float(-logs.amax(-1).mean())"),
    "sign-of-the-likelihood": _heat(MEAN, MEAN.replace("float(-logs", "float(logs")),
    "likelihood-summed": _heat(MEAN, MEAN.replace(".mean()", ".sum()")),
    "probability-for-its-logarithm": _heat(MEAN, MEAN.replace("float(-logs", "float(1 - logs.exp()")),
    "first-class-for-the-label": _heat(MEAN, "return float(-logs[:, 0].mean())"),
    "least-likely-temperature": _heat(LOWER, "if at_left > at_right:"),
    "heat-on-the-logarithm": _heat(FOUND, "return (low + high) / 2"),
    "inverse-temperature": _heat(FOUND, "return math.exp(-(low + high) / 2)"),
    "temperatures-below-1-alone": _heat(ENDS, "low, high = math.log(LOWEST), 0.0"),
    "temperatures-above-1-alone": _heat(ENDS, "low, high = 0.0, math.log(HIGHEST)"),
    "few-sections": _heat("for _ in range(SECTIONS):", "for _ in range(6):"),
    "error-without-temperature": _heat(SCALED, "scaled = logits.double()"),
    "error-multiplied-by-the-temperature": _heat(SCALED, "scaled = logits.double() * temperature"),
    "confidence-of-the-label": _heat(SURE, 'picked = scaled.softmax(-1) if kind == "classes" else torch.stack([1 - scaled.sigmoid(), scaled.sigmoid()], -1)\n'
                                           "    sure = picked.gather(-1, labels.long()[:, None]).squeeze(-1)"),
    "bins-closed-below": _heat(PLACE, "place = (sure * bins).floor().clamp(max=bins - 1).long()"),
    "number-of-bins-ignored": _heat(SCALED, "bins = 15\n    " + SCALED),
    "one-bin": _heat(SCALED, "bins = 1\n    " + SCALED),
    "bins-signed": _heat(ERROR, "return float(gap.sum() / len(sure))"),
    "bins-squared": _heat(ERROR, "return float((gap / len(sure)).square().sum().sqrt())"),
    "worst-bin": _heat(ERROR, "return float(gap.abs().max() / len(sure))"),
    "error-over-bins": _heat(ERROR, "return float(gap.abs().sum() / bins)"),
    "bins-weigh-the-same": _heat(ERROR, "held = torch.bincount(place, minlength=bins)\n    return float((gap.abs() / held.clamp(min=1)).sum() / held.bool().sum())"),
    "each-example-its-own-bin": _heat(ERROR, "return float((right - sure).abs().mean())"),
    "accuracy-for-the-error": _heat(GAP, "place, right)"),
    "latest-exit-taken": _curve(DOWN, "for layer in range(1, len(history)):"),
    "first-exit-never-asked": _curve(DOWN, "for layer in range(len(history) - 1, 1, -1):"),
    "all-exits-seen": _curve(LEAVES, LEAVES.replace("history[:layer]", "history")),
    "exit-above-seen": _curve(LEAVES, LEAVES.replace("history[:layer]", "history[: layer + 1]")),
    "exit-below-seen": _curve(LEAVES, LEAVES.replace("history[:layer]", "history[: max(1, layer - 1)]")),
    "one-exit-seen": _curve(LEAVES, LEAVES.replace("history[:layer]", "history[layer - 1 : layer]")),
    "certainty-of-the-first-exit": _curve(LEAVES, LEAVES.replace("learned[layer - 1]", "learned[0]")),
    "certainty-of-the-exit-above": _curve(LEAVES, LEAVES.replace("learned[layer - 1]", "learned[min(layer, len(learned) - 1)]")),
    "layers-from-0": _curve(MARK, "layers[leaves] = layer - 1\n", SHARES, SHARES.replace("layers.cpu() - 1", "layers.cpu().clamp(min=1) - 1")),
    "those-who-stay-marked": _curve(MARK, "layers[~leaves] = layer\n"),
    "answers-of-the-exit-above": _curve(AT, "[torch.arange(len(layers)), layers.clamp(max=len(history) - 1)]"),
    "answers-of-the-last-exit": _curve(AT, "[:, -1]"),
    "counts-for-shares": _curve(SHARES, SHARES.replace(" / len(layers)", "")),
    "shares-summed-up": _curve(SHARES, SHARES.replace(".tolist()", ".cumsum(0).tolist()")),
    "shares-of-who-stays": _curve(SHARES, SHARES.replace("(torch.bincount", "(1 - torch.bincount")),
    "cost-for-saving": _curve(SAVED, "return self.mean_layer / len(self.fractions)"),
    "first-layer-free": _curve(SAVED, "return 1 - (self.mean_layer - 1) / len(self.fractions)"),
    "first-layer-uncounted": _curve(SAVED, "return 1 - (self.mean_layer - 1) / (len(self.fractions) - 1)"),
    "one-layer-too-many": _curve(SAVED, "return 1 - self.mean_layer / (len(self.fractions) + 1)"),
    "times-faster-for-saving": _curve(SAVED, "return len(self.fractions) / self.mean_layer"),
    "mean-layer-from-0": _curve(POINT, POINT.replace("float(layers.double().mean())", "float(layers.double().mean()) - 1")),
    "median-layer": _curve(POINT, POINT.replace("layers.double().mean()", "layers.double().median()")),
    "score-of-the-full-model": _curve(SCORE, SCORE.replace("logits_at(history, layers)", "history[-1]")),
    "score-of-the-first-exit": _curve(SCORE, SCORE.replace("logits_at(history, layers)", "history[0]")),
    "rule-reads-plain-scores": _curve(READS, READS.replace("rule_reads or history", "history")),
    "loss-ignored": _curve(GOOD, "good = [point for point in points if point.score >= full_score]"),
    "any-loss-allowed": _curve(GOOD, "good = list(points)"),
    "loss-twice-as-large": _curve(GOOD, GOOD.replace("- lose_at_most", "- 2 * lose_at_most")),
    "loss-in-per-cent": _curve(GOOD, GOOD.replace("- lose_at_most", "- lose_at_most / 100")),
    "loss-as-a-factor": _curve(GOOD, GOOD.replace("full_score - lose_at_most", "full_score * (1 - lose_at_most)")),
    "loss-not-reached": _curve(GOOD, GOOD.replace("point.score >=", "point.score >")),
    "loss-below-the-best-point": _curve(GOOD, GOOD.replace("full_score -", "max(each.score for each in points) -")),
    "best-score-chosen": _curve(CHOSEN, "return max(good, key=lambda point: point.score)"),
    "most-layers-chosen": _curve(CHOSEN, "return max(good, key=lambda point: point.mean_layer)"),
    "lowest-threshold-chosen": _curve(CHOSEN, "return min(good, key=lambda point: point.threshold)"),
    "first-good-one-chosen": _curve(CHOSEN, "return good[0]"),
    "last-good-one-chosen": _curve(CHOSEN, "return good[-1]"),
    "worse-of-equals-chosen": _curve(CHOSEN, CHOSEN.replace("-point.score", "point.score")),
    "nearest-without-a-word": _curve("if not good:", "if not good:\n        return max(points, key=lambda point: point.score)\n    if False:"),
    "loss-below-0-accepted": _curve("if not lose_at_most >= 0:", "if False:"),
}  # fmt: skip

RIGHT = {
    "likelihood: cross-entropy": _heat(MEAN, "return float(torch.nn.functional.nll_loss(logs, labels.long()))"),
    "temperature: thirds instead of golden sections": _heat(FOUND, "low, high = math.log(LOWEST), math.log(HIGHEST)\n    for _ in range(70):\n        third = (high - low) / 3\n"
        "        if loss(low + third) <= loss(high - third):\n            high = high - third\n        else:\n            low = low + third\n    return math.exp((low + high) / 2)"),
    "error: one bin after the other": _heat(ERROR, "total = 0.0\n    for number in range(bins):\n        inside = place == number\n        if inside.any():\n"
        "            total += float(inside.double().mean() * (right[inside].mean() - sure[inside].mean()).abs())\n    return total"),
    "left: from the bottom up": _curve(DOWN + "  # from the top down, so that the earliest exit has the last word\n", "for layer in range(1, len(history)):\n",
                                       MARK, "layers[leaves & (layers == len(history))] = layer\n"),
    "answers: gathered one by one": _curve("return torch.stack([each.cpu() for each in history], dim=1)" + AT, "return torch.stack([history[int(layer) - 1][row].cpu() for row, layer in enumerate(layers)])"),
    "shares: means of comparisons": _curve(SHARES, "return tuple(float((layers == layer).double().mean()) for layer in range(1, depth + 1))"),
    "choice: sorted": _curve(CHOSEN, "return sorted(good, key=lambda point: (point.mean_layer, -point.score))[0]"),
}  # fmt: skip
