"""Wrong and rewritten versions of the five divergences; what is said about each is in bank/divergences.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

CLASSES, ONE_CLASSES, YES_NO, ONE_YES_NO, SQUARED = "symmetric_categorical", "categorical", "symmetric_bernoulli", "bernoulli", "squared_error"
FORMULAS = {"classes": CLASSES, "one-sided-classes": ONE_CLASSES, "binary": YES_NO, "one-sided-binary": ONE_YES_NO, "squared": SQUARED}
SOURCE = {  # what stands there now, as one expression
    "classes": "((a.softmax(-1) - b.softmax(-1)) * (a - b)).sum(-1).mean()",
    "one-sided-classes": "(a.softmax(-1) * (a.log_softmax(-1) - b.log_softmax(-1))).sum(-1).mean()",
    "binary": "((a.sigmoid() - b.sigmoid()) * (a - b)).mean()",
    "one-sided-binary": "(a.sigmoid() * (a - b) - F.softplus(a) + F.softplus(b)).mean()",
    "squared": "(a - b).square().mean()",
}


def _body(kind: str, new: str) -> tuple[Edit, ...]:
    return (Edit("regularizers.divergences", "", "return " + new, body=FORMULAS[kind]),)


def _of(kind: str, **table: str) -> dict[str, tuple[Edit, ...]]:
    """Wrong versions of one formula; {right} is what stands there."""
    return {f"{kind}-{name.replace('_', '-')}": _body(kind, new.replace("{right}", SOURCE[kind])) for name, new in table.items()}


def _all(name: str, old: str, new: str) -> dict[str, tuple[Edit, ...]]:
    return {f"{kind}-{name}": _body(kind, source.replace(old, new)) for kind, source in SOURCE.items()}


PROBABILITIES = "(lambda p, q: {})(a.{s}, b.{s})"
KL = "F.kl_div({}, {}, reduction='batchmean', log_target=True)"
FIRST, SECOND = KL.format("b.log_softmax(-1)", "a.log_softmax(-1)"), KL.format("a.log_softmax(-1)", "b.log_softmax(-1)")
TARGET = "F.kl_div({}.log_softmax(-1), {}.softmax(-1), reduction='batchmean')"
FROM_FIRST, FROM_SECOND = TARGET.format("b", "a"), TARGET.format("a", "b")
YES_NO_KL = "({p} * ({p} / {q}).log() + (1 - {p}) * ((1 - {p}) / (1 - {q})).log())"
ONE_WAY, OTHER_WAY = YES_NO_KL.format(p="p", q="q"), YES_NO_KL.format(p="q", q="p")

WRONG = {
    **_all("summed", ".mean()", ".sum()"),
    **{f"{kind}-negated": _body(kind, "-" + source) for kind, source in SOURCE.items()},
    **{f"{kind}-second-detached": _body(kind, f"(lambda b: {source})(b.detach())") for kind, source in SOURCE.items()},
    **{f"{kind}-first-detached": _body(kind, f"(lambda a: {source})(a.detach())") for kind, source in SOURCE.items()},
    **_of("classes", one_sided=FIRST, one_sided_backwards=SECOND, halved="0.5 * {right}", over_batch=SOURCE["classes"].replace("softmax(-1)", "softmax(0)"),
          divided_by_classes="((a.softmax(-1) - b.softmax(-1)) * (a - b)).mean()", of_scores="(a - b).square().mean()",
          of_probabilities="(a.softmax(-1) - b.softmax(-1)).square().sum(-1).mean()", softmax_twice="(lambda a, b: {right})(a.softmax(-1), b.softmax(-1))",
          log_missing="((a.softmax(-1) - b.softmax(-1)) * (a.softmax(-1) - b.softmax(-1)).abs()).sum(-1).mean()",
          log_on_wrong_argument="F.kl_div(a.softmax(-1), b.log_softmax(-1), reduction='batchmean') + F.kl_div(b.softmax(-1), a.log_softmax(-1), reduction='batchmean')",
          log_clamped=PROBABILITIES.format("((p - q) * (p.clamp(0.1).log() - q.clamp(0.1).log())).sum(-1).mean()", s="softmax(-1)"),
          log_of_zero=PROBABILITIES.format("((p - q) * (p.log() - q.log())).sum(-1).mean()", s="softmax(-1)"),
          jensen_shannon=PROBABILITIES.format("(p * (p / (p + q)).log() + q * (q / (p + q)).log()).sum(-1).mean() / 2 + 0.6931471805599453", s="softmax(-1)")),
    **_of("one-sided-classes", backwards=SECOND, symmetric=FIRST + " + " + SECOND, over_batch=SOURCE["one-sided-classes"].replace("softmax(-1)", "softmax(0)"),
          divided_by_classes=SOURCE["one-sided-classes"].replace(".sum(-1)", ""), cross_entropy="-(a.softmax(-1) * b.log_softmax(-1)).sum(-1).mean()",
          log_on_wrong_argument="F.kl_div(b.softmax(-1), a.log_softmax(-1), reduction='batchmean')", softmax_twice="(lambda a, b: {right})(a.softmax(-1), b.softmax(-1))",
          of_scores="(a.softmax(-1) * (a - b)).sum(-1).mean()", log_of_zero=PROBABILITIES.format("(p * (p / q).log()).sum(-1).mean()", s="softmax(-1)")),
    **_of("binary", softmax_of_one="((a[:, None].softmax(-1) - b[:, None].softmax(-1)) * (a - b)[:, None]).sum(-1).mean()",
          over_batch="((a.softmax(-1) - b.softmax(-1)) * (a - b)).sum(-1).mean()", one_sided="(a.sigmoid() * (a - b) - F.softplus(a) + F.softplus(b)).mean()",
          one_sided_backwards="(b.sigmoid() * (b - a) - F.softplus(b) + F.softplus(a)).mean()", halved="0.5 * {right}", of_scores="(a - b).square().mean()",
          of_probabilities="(a.sigmoid() - b.sigmoid()).square().mean()", sigmoid_twice="(lambda a, b: {right})(a.sigmoid(), b.sigmoid())",
          yes_only="((a.sigmoid() - b.sigmoid()) * (F.logsigmoid(a) - F.logsigmoid(b))).mean()",
          log_of_zero=PROBABILITIES.format(f"({ONE_WAY} + {OTHER_WAY}).mean()", s="sigmoid()")),
    **_of("one-sided-binary", backwards="(b.sigmoid() * (b - a) - F.softplus(b) + F.softplus(a)).mean()", symmetric="((a.sigmoid() - b.sigmoid()) * (a - b)).mean()",
          softmax_of_one="(a[:, None].softmax(-1) * (a[:, None].log_softmax(-1) - b[:, None].log_softmax(-1))).mean()",
          over_batch="(a.softmax(-1) * (a.log_softmax(-1) - b.log_softmax(-1))).sum()", yes_only="(a.sigmoid() * (F.logsigmoid(a) - F.logsigmoid(b))).mean()",
          cross_entropy="F.binary_cross_entropy_with_logits(b, a.sigmoid())", log_of_zero=PROBABILITIES.format(f"{ONE_WAY}.mean()", s="sigmoid()")),
    **_of("squared", halved="0.5 * {right}", root="{right}.sqrt()", absolute="(a - b).abs().mean()", not_squared="(a - b).mean()", broadcast="(a[:, None] - b).square().mean()",
          of_probabilities="(a.sigmoid() - b.sigmoid()).square().mean()", softmax_of_one="((a[:, None].softmax(-1) - b[:, None].softmax(-1)) * (a - b)[:, None]).mean()"),
    "classes-two-sums": _body("classes", f"{FROM_FIRST} + {FROM_SECOND}"),
    "binary-two-sums": _body("binary", "(a.sigmoid() * (a - b) - F.softplus(a) + F.softplus(b)).mean() + (b.sigmoid() * (b - a) - F.softplus(b) + F.softplus(a)).mean()"),
}

RIGHT = {
    "classes: two kl_div": _body("classes", f"{FIRST} + {SECOND}"),
    "classes: two kl_div of probabilities": _body("classes", f"{FROM_FIRST} + {FROM_SECOND}"),
    "classes: differences of logarithms": _body("classes", "((a.softmax(-1) - b.softmax(-1)) * (a.log_softmax(-1) - b.log_softmax(-1))).sum(-1).mean()"),
    "classes: einsum": _body("classes", "torch.einsum('bk,bk->', a.softmax(1) - b.softmax(1), a - b) / len(a)"),
    "classes: a loop over examples": _body("classes", "torch.stack([(x.softmax(0) - y.softmax(0)) @ (x - y) for x, y in zip(a, b)]).mean()"),
    "one-sided classes: kl_div": _body("one-sided-classes", FIRST),
    "one-sided classes: summed, divided by the batch": _body("one-sided-classes", "F.kl_div(b.log_softmax(-1), a.log_softmax(-1), reduction='sum', log_target=True) / a.size(0)"),
    "one-sided classes: cross-entropy minus entropy": _body("one-sided-classes", "F.cross_entropy(b, a.softmax(-1)) - F.cross_entropy(a, a.softmax(-1))"),
    "binary: two classes, 0 and the score": _body("binary", "(lambda a, b: ((a.softmax(-1) - b.softmax(-1)) * (a - b)).sum(-1).mean())(*(torch.stack([torch.zeros_like(z), z], -1) for z in (a, b)))"),
    "binary: logsigmoid": _body("binary", "((a.sigmoid() - b.sigmoid()) * (F.logsigmoid(a) - F.logsigmoid(-a) - F.logsigmoid(b) + F.logsigmoid(-b))).mean()"),
    "binary: product of vectors": _body("binary", "(a.sigmoid() - b.sigmoid()) @ (a - b) / len(a)"),
    "one-sided binary: logsigmoid": _body("one-sided-binary", "(a.sigmoid() * (F.logsigmoid(a) - F.logsigmoid(b)) + (-a).sigmoid() * (F.logsigmoid(-a) - F.logsigmoid(-b))).mean()"),
    "one-sided binary: loss minus entropy": _body("one-sided-binary", "F.binary_cross_entropy_with_logits(b, a.sigmoid()) - F.binary_cross_entropy_with_logits(a, a.sigmoid())"),
    "squared: mse_loss": _body("squared", "F.mse_loss(a, b)"),
    "squared: product of vectors": _body("squared", "(a - b) @ (a - b) / a.numel()"),
    "squared: power": _body("squared", "((b - a) ** 2).sum() / a.size(0)"),
}
