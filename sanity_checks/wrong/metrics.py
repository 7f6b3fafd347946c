"""Wrong and rewritten versions of the metrics and decisions; what is said about each is in bank/metrics.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _accuracy(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.metrics", "return (predicted == true).double().mean().item()", new),)


def _pearson(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.metrics", "return float(torch.dot(_unit(predicted), _unit(true)).clamp(-1.0, 1.0))", new),)


def _constant(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.metrics", "            return 0.0", new),)


def _decide(kind: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.metrics", "    return rule(logits)", f"    return {new} if kind == {kind!r} else rule(logits)"),)


R = "torch.corrcoef(torch.stack([predicted, true]))"
PARTS = "p, y = predicted - predicted.mean(), true - true.mean()\n    "
MACRO = """
    scores = []
    for label in true.unique():
        hits = ((predicted == label) & (true == label)).sum()
        scores.append(2 * hits / ((predicted == label).sum() + (true == label).sum()))
    return float(torch.stack(scores).mean())"""
BALANCED = "return float(torch.stack([(predicted[true == label] == label).double().mean() for label in true.unique()]).mean())"

TENSORS_ONLY = """
p, y = predictions - predictions.mean(), labels - labels.mean()
return float((p * y).sum() / (p.norm() * y.norm())) if p.any() and y.any() else 0.0"""

WRONG = {
    "accuracy-counted": _accuracy("return float((predicted == true).sum())"),
    "accuracy-in-percent": _accuracy("return 100 * (predicted == true).double().mean().item()"),
    "accuracy-of-wrong-answers": _accuracy("return (predicted != true).double().mean().item()"),
    "accuracy-of-near-answers": _accuracy("return ((predicted - true).abs() <= 1).double().mean().item()"),
    "accuracy-rounds": _accuracy("return (predicted.round() == true).double().mean().item()"),
    "accuracy-all-or-nothing": _accuracy("return float(torch.equal(predicted, true))"),
    "accuracy-macro-f1": _accuracy(MACRO.strip()),
    "accuracy-balanced": _accuracy(BALANCED),
    "accuracy-of-yes-answers": _accuracy("return ((predicted == 1) & (true == 1)).double().mean().item()"),
    "accuracy-rounded": _accuracy("return round((predicted == true).double().mean().item(), 3)"),
    "accuracy-of-tensors-only": (Edit("tasks.metrics", "", "return (predictions == labels).double().mean().item()", body="accuracy"),),
    "pearson-of-tensors-only": (Edit("tasks.metrics", "", TENSORS_ONLY, body="pearson"),),
    "pearson-spearman": _pearson("predicted, true = predicted.argsort().argsort().double(), true.argsort().argsort().double()\n    return float(" + R + "[0, 1])"),
    "pearson-covariance": _pearson(PARTS + "return float((p * y).mean())"),
    "pearson-covariance-unbiased": _pearson(PARTS + "return float((p * y).sum() / (len(p) - 1))"),
    "pearson-mixed-divisors": _pearson(PARTS + "return float((p * y).mean() / (predicted.std() * true.std()))"),
    "pearson-not-centred": _pearson("return float(torch.dot(predicted, true) / (predicted.norm() * true.norm()))"),
    "pearson-one-centred": _pearson(PARTS + "return float(torch.dot(p, true) / (p.norm() * true.norm()))"),
    "pearson-squared": _pearson("return float(" + R + "[0, 1] ** 2)"),
    "pearson-absolute": _pearson("return float(" + R + "[0, 1].abs())"),
    "pearson-negated": _pearson("return float(-" + R + "[0, 1])"),
    "pearson-slope": _pearson(PARTS + "return float((p * y).sum() / (p * p).sum())"),
    "pearson-divided-by-variances": _pearson(PARTS + "return float((p * y).mean() / ((p * p).mean() * (y * y).mean()))"),
    "pearson-diagonal": _pearson("return float(" + R + "[0, 0])"),
    "pearson-matrix": _pearson("return " + R),
    "pearson-normalised": _pearson("return float((" + R + "[0, 1] + 1) / 2)"),
    "pearson-in-percent": _pearson("return float(100 * " + R + "[0, 1])"),
    "pearson-rounded": _pearson("return round(float(" + R + "[0, 1]), 3)"),
    "pearson-nan-for-constant": _constant("            return float('nan')"),
    "pearson-silent-for-constant": (Edit("tasks.metrics", "warnings.warn(f\"every one", "str(f\"every one"), Edit("tasks.metrics", "given as 0.\", stacklevel=2)", "given as 0.\")")),
    "decide-over-batch": _decide("classes", "logits.argmax(dim=0)"),
    "decide-values-instead-of-places": _decide("classes", "logits.amax(dim=-1)"),
    "decide-smallest": _decide("classes", "logits.argmin(dim=-1)"),
    "decide-counted-from-1": _decide("classes", "logits.argmax(dim=-1) + 1"),
    "decide-sigmoid-missing": _decide("binary", "logits.round()"),
    "decide-threshold-on-score": _decide("binary", "(logits > 0.5).double()"),
    "decide-sigmoid-twice": _decide("binary", "logits.sigmoid().sigmoid().round()"),
    "decide-inverted": _decide("binary", "(logits < 0).double()"),
    "decide-not-rounded": _decide("binary", "logits.sigmoid()"),
    "decide-half-is-yes": _decide("binary", "(logits >= 0).double()"),
    "decide-similarity-rounded": _decide("regression", "logits.round()"),
    "decide-similarity-clamped": _decide("regression", "logits.clamp(0, 5)"),
    "decide-similarity-squashed": _decide("regression", "5 * logits.sigmoid()"),
}

RIGHT = {
    "accuracy: numpy": _accuracy("import numpy as np\n    return float(np.mean(predicted.numpy() == true.numpy()))"),
    "accuracy: a sum in Python": _accuracy("return sum(p == y for p, y in zip(predicted.tolist(), true.tolist())) / len(true)"),
    "accuracy: eq, float32": _accuracy("return float(predicted.eq(true).float().mean())"),
    "pearson: torch.corrcoef": _pearson("return float(" + R + "[0, 1])"),
    "pearson: numpy.corrcoef": _pearson("import numpy as np\n    return float(np.corrcoef(predicted.numpy(), true.numpy())[1][0])"),
    "pearson: covariance over deviations": _pearson(PARTS + "return float((p * y).sum() / (len(p) - 1) / (predicted.std() * true.std()))"),
    "pearson: cosine of what is left without the means": _pearson(PARTS + "return float(torch.nn.functional.cosine_similarity(p, y, dim=0))"),
    "pearson: mean of products of z-scores": _pearson("z = [(x - x.mean()) / x.std(unbiased=False) for x in (predicted, true)]\n    return float((z[0] * z[1]).mean())"),
    "pearson: one pass": _pearson("n, s = len(true), lambda a, b: (a * b).sum()\n    one = torch.ones_like(true)\n"
                                  "    top = n * s(predicted, true) - s(predicted, one) * s(true, one)\n"
                                  "    return float(top / ((n * s(predicted, predicted) - s(predicted, one) ** 2) * (n * s(true, true) - s(true, one) ** 2)).sqrt())"),
    "decide: softmax first": _decide("classes", "logits.softmax(-1).argmax(-1)"),
    "decide: score above 0": _decide("binary", "(logits > 0).double()"),
    "decide: probability above a half": _decide("binary", "(logits.sigmoid() > 0.5).long()"),
}
