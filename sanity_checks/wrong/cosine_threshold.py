"""Wrong and rewritten versions of the threshold of a cosine; what is said about each is in bank/cosine_threshold.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

ANSWERS = "return (scores > threshold).long()"
LEVELS = "levels, place = scores.unique(return_inverse=True)"
DOUBLE = "scores = scores.detach().double().cpu()"
RIGHTS = "right = ones.sum() + torch.cat([start, (zeros - ones).cumsum(0)])"
KEY = "key=lambda gap: (0 < gap < len(levels), _width(ends, gap), -gap))"
RETURN = "return Threshold(_between(low, high), right[best].item() / len(scores), max(right[0].item(), right[-1].item()) / len(scores), low, high)"
MIDDLE = "return middle if middle < high else low"
CONSTANT = "return math.isinf(self.low) or math.isinf(self.high)"
FORWARD = "return cosine(*features.chunk(2, -1)) - (0 if self.training else self.threshold)"
BUFFER = 'self.register_buffer("threshold", torch.zeros(()))'
BEFORE = "scores = logits + self.threshold.to(logits.device)"
FILL = "self.threshold.fill_(max(best_threshold(scores, labels).value, BELOW_ALL))"
AFTER = "return scores - self.threshold.to(logits.device)"
SAME = "if not len(predictions) or (predictions != predictions[0]).any():"
SHARE = '(labels == value).double().mean().item()'
CHECK = "    _check(scores, labels)\n"
TUNED = 'return judged(head.tune(found.logits, found.labels), found.ids, parts.encoded["dev"][name], parts.tasks[name])'


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("tasks.cosine_threshold", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _epoch(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.score_epoch", TUNED, new),)


WRONG = {
    "threshold-itself-is-a-yes": _edit(ANSWERS, ANSWERS.replace(">", ">=")),
    "answers-inverted": _edit(ANSWERS, ANSWERS.replace(">", "<")),
    "answers-of-zero": _edit(ANSWERS, ANSWERS.replace("threshold", "0")),
    "labels-inverted": _edit(RIGHTS, "right = zeros.sum() + torch.cat([start, (ones - zeros).cumsum(0)])"),
    "scan-from-0-to-1-alone": _edit(DOUBLE, DOUBLE.replace(".cpu()", ".cpu().clamp(0, 1)")),
    "scan-in-steps-of-a-tenth": _edit(DOUBLE, DOUBLE.replace(".cpu()", ".cpu().mul(10).round().div(10)")),
    "equal-scores-come-apart": _edit(LEVELS, "(levels, order), place = scores.sort(stable=True), scores.argsort(stable=True).argsort(stable=True)"),
    "lowest-score-of-the-gap": _edit(MIDDLE, "return low"),
    "highest-score-of-the-gap": _edit(MIDDLE, "return high"),
    "widest-gap-ignored": _edit(KEY, "key=lambda gap: (0 < gap < len(levels), -gap))"),
    "narrowest-gap-first": _edit(KEY, "key=lambda gap: (0 < gap < len(levels), -_width(ends, gap), -gap))"),
    "highest-gap-first": _edit(KEY, "key=lambda gap: (0 < gap < len(levels), _width(ends, gap), gap))"),
    "constant-answers-first": _edit(KEY, "key=lambda gap: (_width(ends, gap), -gap))"),
    "constant-answers-left-out": _edit(RIGHTS, RIGHTS + "\n    right[[0, -1]] = -1.0 if len(levels) > 1 else right[[0, -1]]"),
    "accuracy-is-a-count": _edit(RETURN, RETURN.replace("right[best].item() / len(scores)", "right[best].item()")),
    "majority-is-the-share-of-ones": _edit(RETURN, RETURN.replace("max(right[0].item(), right[-1].item())", "right[0].item()")),
    "majority-is-the-accuracy": _edit(RETURN, RETURN.replace("max(right[0].item(), right[-1].item())", "right[best].item()")),
    "constant-from-below-not-told": _edit(CONSTANT, "return math.isinf(self.high)"),
    "constant-never-told": _edit(CONSTANT, "return False"),
    "scores-and-labels-not-checked": _edit(CHECK, ""),
    "threshold-in-training-too": _edit(FORWARD, FORWARD.replace("(0 if self.training else self.threshold)", "self.threshold")),
    "threshold-ignored-by-the-head": _edit(FORWARD, "return cosine(*features.chunk(2, -1))"),
    "threshold-in-training-alone": _edit(FORWARD, FORWARD.replace("if self.training", "if not self.training")),
    "threshold-added": _edit(FORWARD, FORWARD.replace(") - (", ") + (")),
    "threshold-not-saved": _edit(BUFFER, 'self.register_buffer("threshold", torch.zeros(()), persistent=False)'),
    "threshold-learns": _edit(BUFFER, 'self.threshold = nn.Parameter(torch.zeros(()))', FILL, "self.threshold.data.fill_(max(best_threshold(scores, labels).value, BELOW_ALL))"),
    "threshold-on-the-threshold": _edit(BEFORE, "scores = logits"),
    "threshold-not-applied-at-once": _edit(AFTER, "return logits"),
    "threshold-of-minus-infinity": _edit(FILL, "self.threshold.fill_(best_threshold(scores, labels).value)"),
    "threshold-of-the-mean": _edit(FILL, "self.threshold.fill_(scores.mean())"),
    "tuned-on-training-rows": _epoch(TUNED.replace("found.labels", 'parts.encoded["train"][name].labels')),
    "tuned-on-test-rows": _epoch(TUNED.replace("found.labels", 'parts.encoded["test"][name].labels')),
    "never-tuned": _epoch("return found"),
    "tuned-and-not-used": _epoch("head.tune(found.logits, found.labels)\n    return judged(found.logits, " + TUNED.partition("labels), ")[2]),
    "constant-of-0-alone-told": _edit(SAME, "if not len(predictions) or predictions.any():"),
    "constant-predictions-not-told": _edit(SAME, "if len(predictions):"),
    "mixed-predictions-told-as-constant": _edit(SAME, "if not len(predictions) or (predictions != predictions[0]).all():"),
    "neighbours-taken-for-all": _edit(SAME, "if not len(predictions) or predictions[0] != predictions[-1]:"),
    "share-of-the-other-label": _edit(SHARE, SHARE.replace("==", "!=")),
}  # fmt: skip

RIGHT = {
    "answers by gt": _edit(ANSWERS, "return torch.gt(scores, threshold).to(torch.int64)"),
    "the middle as a mean": _edit("middle = low + (high - low) / 2", "middle = (low + high) / 2"),
    "right answers by counting": _edit(RIGHTS, "right = torch.stack([ones[number:].sum() + zeros[:number].sum() for number in range(len(levels) + 1)])"),
    "the head with split": _edit(FORWARD, "u, v = features.split(features.size(-1) // 2, -1)\n        angle = cosine(u, v)\n        return angle if self.training else angle - self.threshold"),
    "the same by a set": _edit(SAME, "if len(set(predictions.tolist())) != 1:"),
}
