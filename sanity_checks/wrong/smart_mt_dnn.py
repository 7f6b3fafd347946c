"""Wrong and rewritten versions of mt-dnn's SMART; what is said about each is in bank/smart_mt_dnn.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

NOISE = "noise = self.settings.sigma * torch.randn(embeddings.shape, generator=self.generator, device=self.generator.device).to(embeddings)"
FIRST = "answer = logits_of(embeddings.detach() + noise)"
SLOPE = "(slope,) = torch.autograd.grad(self._inner(answer, logits.detach()), noise)"
RAW = "raw = noise.detach() + self.settings.eta * slope"
DELTA = "delta = raw / (raw.abs().amax(-1, keepdim=True) + self.settings.epsilon)"
LAST = "return self._outer(logits_of(embeddings + delta), logits)"
CLASSES = "torch.stack([torch.zeros_like(logits), logits], dim=-1)"
ODDS = "odds_p, odds_q = (-(1 / (each.detach() + guard) - 1 + guard).log() for each in (p, q))"
INNER = "return (2 * p * (odds_p - odds_q)).sum(-1).mean()"
ONE, TWO = "F.kl_div(log_p, log_q.detach(), reduction=reduce, log_target=True)", "F.kl_div(log_q, log_p.detach(), reduction=reduce, log_target=True)"
OUTER = f"return {ONE} + {TWO}"
REDUCE = 'reduce = {"mean": "batchmean", "sum": "sum"}[reduction]'
SQUARES = "return F.mse_loss(answer, clean.detach(), reduction=self.settings.reduction)"
INNER_SQUARES = 'return F.mse_loss(answer, clean) if self.kind == "regression" else'


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit("regularizers.smart_mt_dnn", old, new) for old, new in zip(changes[::2], changes[1::2]))


def _last(new: str) -> tuple[Edit, ...]:
    return _edit(LAST, "return " + new)


WRONG = {
    "noise-missing": _edit(NOISE, "noise = torch.zeros_like(embeddings)"),
    "noise-not-scaled": _edit(NOISE, NOISE.replace("self.settings.sigma * ", "")),
    "noise-scaled-by-variance": _edit(NOISE, NOISE.replace("sigma *", "sigma ** 2 *")),
    "noise-scaled-by-epsilon": _edit(NOISE, NOISE.replace("sigma *", "epsilon *")),
    "noise-uniform": _edit(NOISE, NOISE.replace("randn", "rand")),
    "noise-not-from-generator": _edit(NOISE, NOISE.replace("generator=self.generator, ", "")),
    "noise-for-a-row": _edit(NOISE, NOISE.replace("embeddings.shape", "embeddings.shape[1:]") + ".expand_as(embeddings).contiguous()"),
    "noise-kept-in-graph": _edit(RAW, RAW.replace("noise.detach()", "noise")),
    "ascent-missing": _edit(RAW, "raw = noise.detach()"),
    "descent": _edit(RAW, RAW.replace("+", "-")),
    "start-forgotten": _edit(RAW, "raw = self.settings.eta * slope"),
    "eta-missing": _edit(RAW, RAW.replace("self.settings.eta * ", "")),
    "slope-normalised-first": _edit(RAW, RAW + " / slope.abs().amax(-1, keepdim=True)"),
    "slope-sign": _edit(RAW, RAW.replace("slope", "slope.sign()")),
    "ascent-writes-gradients": _edit(SLOPE, "self._inner(answer, logits.detach()).backward()\n        slope = noise.grad"),
    "ascent-kept-in-graph": _edit(SLOPE, SLOPE.replace(", noise)", ", noise, create_graph=True)")),
    "ascent-by-the-distance-of-the-value": _edit(SLOPE, SLOPE.replace("_inner", "_outer")),
    "size-of-the-batch": _edit(DELTA, DELTA.replace("amax(-1, keepdim=True)", "amax()")),
    "size-of-a-sentence": _edit(DELTA, DELTA.replace("amax(-1,", "amax((-2, -1),")),
    "size-of-a-number": _edit(DELTA, DELTA.replace(".amax(-1, keepdim=True)", "")),
    "size-with-sign": _edit(DELTA, DELTA.replace("raw.abs().amax", "raw.amax")),
    "size-two-norm": _edit(DELTA, DELTA.replace("raw.abs().amax(", "raw.norm(dim=")),
    "size-mean": _edit(DELTA, DELTA.replace("amax", "mean")),
    "epsilon-missing": _edit(DELTA, "delta = raw / raw.abs().amax(-1, keepdim=True)"),
    "epsilon-inside-the-size": _edit(DELTA, "delta = raw / (raw + self.settings.epsilon).abs().amax(-1, keepdim=True)"),
    "epsilon-as-a-radius": _edit(DELTA, "delta = self.settings.epsilon * raw / raw.abs().amax(-1, keepdim=True)"),
    "ball-obeyed": _edit(DELTA, "delta = raw.clamp(-self.settings.epsilon, self.settings.epsilon)"),
    "size-missing": _edit(DELTA, "delta = raw"),
    "inner-factor-missing": _edit(INNER, INNER.replace("2 * ", "")),
    "inner-summed": _edit(INNER, INNER.replace(".mean()", ".sum()")),
    "inner-negated": _edit(INNER, INNER.replace("odds_p - odds_q", "odds_q - odds_p")),
    "inner-guard-missing": _edit(ODDS, "odds_p, odds_q = (-(1 / each.detach() - 1).log() for each in (p, q))"),
    "inner-logarithms-for-odds": _edit(ODDS, "odds_p, odds_q = ((each.detach() + guard).log() for each in (p, q))"),
    "inner-odds-not-held": _edit(ODDS, ODDS.replace("each.detach()", "each")),
    "symmetric-halved": _edit(OUTER, f"return ({ONE} + {TWO}) / 2"),
    "first-half-only": _edit(OUTER, f"return {ONE}"),
    "second-half-only": _edit(OUTER, f"return {TWO}"),
    "targets-not-held": _edit(OUTER, OUTER.replace(".detach()", "")),
    "answers-held-instead-of-targets": _edit(OUTER, OUTER.replace(".detach()", "").replace("(log_p,", "(log_p.detach(),").replace("(log_q,", "(log_q.detach(),")),
    "reduction-always-sum": _edit(REDUCE, 'reduce = "sum"', SQUARES, SQUARES.replace("self.settings.reduction", '"sum"')),
    "reduction-always-mean": _edit(REDUCE, 'reduce = "batchmean"', SQUARES, SQUARES.replace("self.settings.reduction", '"mean"')),
    "mean-over-classes-too": _edit(REDUCE, 'reduce = reduction'),
    "one-score-as-one-class": _edit(CLASSES, "logits[:, None]"),
    "one-score-counted-twice": _edit(CLASSES, CLASSES.replace("torch.zeros_like(logits)", "-logits")),
    "regression-clean-not-held": _edit(SQUARES, SQUARES.replace(".detach()", "")),
    "regression-ascent-of-a-sum": _edit(INNER_SQUARES, INNER_SQUARES.replace("clean)", 'clean, reduction="sum")')),
    "clean-detached": _last("self._outer(logits_of(embeddings + delta), logits.detach())"),
    "perturbed-detached": _last("self._outer(logits_of(embeddings + delta).detach(), logits)"),
    "value-detached": _last("self._outer(logits_of(embeddings + delta), logits).detach()"),
    "embeddings-detached": _last("self._outer(logits_of(embeddings.detach() + delta), logits)"),
    "value-of-the-noise-alone": _last("self._outer(logits_of(embeddings + noise.detach()), logits)"),
    "value-by-the-measure-of-the-ascent": _last("self._inner(logits_of(embeddings + delta), logits)"),
    "perturbed-against-itself": _edit(LAST, "answer = logits_of(embeddings + delta)\n        return self._outer(answer, answer)"),
    "perturbation-subtracted": _last("self._outer(logits_of(embeddings - delta), logits)"),
    "masks-same": _last('self._outer(logits_of(embeddings + delta, masks="same"), logits)'),
    "masks-off": _last('self._outer(logits_of(embeddings + delta, masks="off"), logits)'),
    "masks-off-in-the-ascent": _edit(FIRST, 'answer = logits_of(embeddings.detach() + noise, masks="off")'),
}

RIGHT = {
    "noise of normal_": _edit(NOISE, "noise = torch.empty_like(embeddings).detach().normal_(0.0, self.settings.sigma, generator=self.generator)"),
    "slope by backward of the noise alone": _edit(SLOPE, "self._inner(answer, logits.detach()).backward(inputs=[noise])\n        slope = noise.grad"),
    "the size by another norm's name": _edit(DELTA, 'delta = raw / (torch.linalg.vector_norm(raw, float("inf"), -1, keepdim=True) + self.settings.epsilon)'),
    "the perturbation detached once more": _edit(LAST, LAST.replace("delta", "delta.detach()")),
    "log-odds as a difference of logarithms": _edit(ODDS, "odds_p, odds_q = ((each.detach() + guard).log() - ((1 - each.detach() - guard) + guard * (each.detach() + guard)).log() for each in (p, q))"),
    "the distance through probabilities": _edit(OUTER, "p, q = log_p.exp().detach(), log_q.exp().detach()\n    whole = q * (log_q.detach() - log_p) + p * (log_p.detach() - log_q)\n    return whole.sum() if reduction == \"sum\" else whole.sum(-1).mean()"),
    "one score through logsigmoid's pair": _edit(CLASSES, "torch.stack([-logits / 2, logits / 2], dim=-1)"),
    "squares by hand": _edit(SQUARES, "squares = (answer - clean.detach()).square()\n            return squares.sum() if self.settings.reduction == \"sum\" else squares.mean()"),
}
