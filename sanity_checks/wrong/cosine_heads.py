"""Wrong and rewritten versions of the cosine heads and their loss; what is said about each is in bank/cosine_heads.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

COSINE = "return F.cosine_similarity(u, v, dim=-1)"
MAPPED = "u, v = self.linear(self.dropout(features.unflatten(-1, (2, -1)))).unbind(-2)  # (B, 2, C) -> (B, C) each"
STRETCHED = "return OUTPUTS[self.output](cosine(u, v), self.top, self.scale)"
ANGLE = "angle = cosine(*features.chunk(2, -1))[:, None]"
KEPT, JOINED = "torch.cat([self.dropout(features), angle], -1)", "self.dropout(torch.cat([features, angle], -1))"
TOLD = f"{KEPT} if self.keep_cosine else {JOINED}"
ONE = "return scores if scores.size(-1) > 1 else scores[:, 0]"
LOSS = "return torch.where(labels > threshold, 1 - cosines, F.relu(cosines - margin)).mean()"


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.cosine_heads", old, new),)


def _cosine(new: str) -> tuple[Edit, ...]:
    return _edit(COSINE, "return " + new)


def _mapped(new: str) -> tuple[Edit, ...]:
    return _edit(MAPPED, "first, second = features.unflatten(-1, (2, -1)).unbind(-2)\n        u, v = " + new)


def _stretched(new: str) -> tuple[Edit, ...]:
    return _edit(STRETCHED, "return " + new)


def _plain(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.cosine_heads", "", "return " + new, body="CosineEmbeddingHead.forward"),)


def _loss(similar: str = "1 - cosines", other: str = "F.relu(cosines - margin)", which: str = "labels > threshold", reduced: str = ".mean()") -> tuple[Edit, ...]:
    return (Edit("tasks.cosine_loss", LOSS, f"return torch.where({which}, {similar}, {other}){reduced}"),)


WRONG = {
    "cosine-is-dot-product": _cosine("(u * v).sum(-1)"),
    "cosine-divided-by-one-length": _cosine("(u * v).sum(-1) / u.norm(dim=-1).clamp(min=1e-8)"),
    "cosine-divided-by-squares": _cosine("(u * v).sum(-1) / (u.square().sum(-1) * v.square().sum(-1)).clamp(min=1e-8)"),
    "cosine-of-zero-is-nan": _cosine("(u * v).sum(-1) / (u.norm(dim=-1) * v.norm(dim=-1))"),
    "cosine-over-batch": _cosine("F.cosine_similarity(u, v, dim=0)"),
    "cosine-of-all-with-all": _cosine("F.normalize(u, dim=-1) @ F.normalize(v, dim=-1).T"),
    "cosine-is-distance": _cosine("1 - F.cosine_similarity(u, v, dim=-1)"),
    "cosine-without-sign": _cosine("F.cosine_similarity(u, v, dim=-1).abs()"),
    "cosine-of-centred-vectors": _cosine("F.cosine_similarity(u - u.mean(-1, keepdim=True), v - v.mean(-1, keepdim=True), dim=-1)"),
    "cosine-eps-too-large": _cosine("F.cosine_similarity(u, v, dim=-1, eps=1.0)"),
    "cosine-detached": _cosine("F.cosine_similarity(u.detach(), v.detach(), dim=-1)"),
    "cosine-second-detached": _cosine("F.cosine_similarity(u, v.detach(), dim=-1)"),
    "stretched-scale-missing": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, 1.0)"),
    "stretched-scale-fixed": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, 2.0)"),
    "stretched-scale-divides": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, 1 / self.scale)"),
    "stretched-scale-outside": _stretched("self.scale * OUTPUTS[self.output](cosine(u, v), self.top, 1.0)"),
    "stretched-top-missing": _stretched("OUTPUTS[self.output](cosine(u, v), 1.0, self.scale)"),
    "stretched-top-fixed": _stretched("OUTPUTS[self.output](cosine(u, v), 5.0, self.scale)"),
    "stretched-output-ignored": _stretched("OUTPUTS['sigmoid'](cosine(u, v), self.top, self.scale)"),
    "stretched-sigmoid-missing": _stretched("self.top * cosine(u, v)"),
    "stretched-sigmoid-twice": _stretched("self.top * (OUTPUTS[self.output](cosine(u, v), self.top, self.scale) / self.top).sigmoid()"),
    "stretched-rounded": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, self.scale).round()"),
    "stretched-not-squeezed": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, self.scale)[:, None]"),
    "stretched-detached": _stretched("OUTPUTS[self.output](cosine(u, v), self.top, self.scale).detach()"),
    "stretched-not-mapped": _mapped("self.dropout(first), self.dropout(second)"),
    "stretched-first-mapped-only": _mapped("self.linear(self.dropout(first)), self.dropout(second)"),
    "stretched-bias-missing": _mapped("self.dropout(first) @ self.linear.weight.T, self.dropout(second) @ self.linear.weight.T"),
    "stretched-first-twice": _mapped("self.linear(self.dropout(first)), self.linear(self.dropout(first))"),
    "stretched-tanh-after-map": _edit(MAPPED, "u, v = self.linear(self.dropout(features.unflatten(-1, (2, -1)))).tanh().unbind(-2)"),
    "stretched-interleaved": _edit(MAPPED, "u, v = self.linear(self.dropout(features.unflatten(-1, (-1, 2)).transpose(-1, -2))).unbind(-2)"),
    "stretched-dropout-missing": _edit(MAPPED, "u, v = self.linear(features.unflatten(-1, (2, -1))).unbind(-2)"),
    "stretched-dropout-after-map": _edit(MAPPED, "u, v = self.dropout(self.linear(features.unflatten(-1, (2, -1)))).unbind(-2)"),
    "stretched-dropout-on-first-only": _mapped("self.linear(self.dropout(first)), self.linear(second)"),
    "told-cosine-zero": _edit(ANGLE, ANGLE.replace("[:, None]", "[:, None] * 0")),
    "told-dot-product": _edit(ANGLE, "first, second = features.chunk(2, -1)\n        angle = (first * second).sum(-1, keepdim=True)"),
    "told-cosine-of-first-with-itself": _edit(ANGLE, "first, second = features.chunk(2, -1)\n        angle = cosine(first, first)[:, None]"),
    "told-cosine-detached": _edit(ANGLE, "angle = cosine(*features.detach().chunk(2, -1))[:, None]"),
    "told-cosine-after-dropout": (*_edit(ANGLE, "features = self.dropout(features)\n        " + ANGLE), *_edit(TOLD, "torch.cat([features, angle], -1)")),
    "told-cosine-first": _edit(TOLD, TOLD.replace("[self.dropout(features), angle]", "[angle, self.dropout(features)]").replace("[features, angle]", "[angle, features]")),
    "told-vectors-normalised": _edit(TOLD, "(lambda features: " + TOLD + ")(F.normalize(features.unflatten(-1, (2, -1)), dim=-1).flatten(-2))"),
    "told-dropout-missing": _edit(TOLD, "torch.cat([features, angle], -1)"),
    "told-dropout-on-scores": _edit(TOLD, "torch.cat([features, angle], -1)") + _edit(ONE, ONE.replace("return scores if", "scores = self.dropout(scores)\n        return scores if")),
    "told-cosine-always-kept": _edit(TOLD, KEPT),
    "told-keep-ignored": _edit(TOLD, JOINED),
    "told-not-squeezed": _edit(ONE, "return scores"),
    "told-squeeze-without-dimension": _edit(ONE, "return scores.squeeze()"),
    "told-detached": _edit(ONE, "return (scores if scores.size(-1) > 1 else scores[:, 0]).detach()"),
    "plain-stretched": _plain("5 * cosine(*features.chunk(2, -1))"),
    "plain-affine": _plain("(cosine(*features.chunk(2, -1)) + 1) / 2"),
    "plain-interleaved": _plain("cosine(features[:, ::2], features[:, 1::2])"),
    "plain-not-squeezed": _plain("cosine(*features.chunk(2, -1))[:, None]"),
    "loss-words-zero-and-one": _loss(other="0 * cosines"),
    "loss-inverted": _loss("F.relu(cosines - margin)", "1 - cosines"),
    "loss-similar-only-by-sign": _loss("-cosines"),
    "loss-not-cut": _loss(other="cosines - margin"),
    "loss-towards-opposite": _loss(other="1 + cosines"),
    "loss-without-sign": _loss(other="cosines.abs()"),
    "loss-of-labels": (Edit("tasks.cosine_loss", LOSS, "return (cosines - labels).square().mean()"),),
    "loss-of-scaled-labels": (Edit("tasks.cosine_loss", LOSS, "return (cosines - labels / 5).square().mean()"),),
    "loss-summed": _loss(reduced=".sum()"),
    "loss-detached": _loss("1 - cosines.detach()", "F.relu(cosines.detach() - margin)"),
    "loss-margin-ignored": _loss(other="F.relu(cosines)"),
    "loss-margin-added": _loss(other="F.relu(cosines + margin)"),
    "loss-margin-for-similar-too": _loss("1 - margin - cosines"),
    "loss-threshold-fixed": _loss(which="labels > 2.5"),
    "loss-threshold-zero": _loss(which="labels > 0"),
    "loss-threshold-included": _loss(which="labels >= threshold"),
}

RIGHT = {
    "cosine: einsum": _cosine("torch.einsum('bf,bf->b', F.normalize(u, dim=-1), F.normalize(v, dim=-1))"),
    "cosine: normalised vectors": _cosine("(F.normalize(u, dim=-1) * F.normalize(v, dim=-1)).sum(-1)"),
    "cosine: lengths by hand": _cosine("(u * v).sum(-1) / (u.square().sum(-1).sqrt() * v.square().sum(-1).sqrt()).clamp(min=1e-8)"),
    "cosine-d: both sentences one after the other": _edit(MAPPED, "u, v = (self.linear(each) for each in self.dropout(features.unflatten(-1, (2, -1))).unbind(-2))"),
    "cosine-d: two chunks": _edit(MAPPED, "u, v = (self.linear(each) for each in self.dropout(features).chunk(2, -1))"),
    "cosine-2d+1: squeezed": _edit(ONE, "return scores.squeeze(-1)"),
    "cosine-2d+1: concatenated with a slice": _edit(ANGLE, "width = features.size(-1) // 2\n        angle = cosine(features[:, :width], features[:, width:]).unsqueeze(-1)"),
    "cosine-embedding: two slices": _plain("cosine(features[:, : features.size(-1) // 2], features[:, features.size(-1) // 2 :])"),
    "loss: torch's own": (Edit("tasks.cosine_loss", LOSS, "words = (labels > threshold).to(cosines) * 2 - 1\n    return torch.where(words > 0, 1 - cosines, (cosines - margin).clamp(min=0)).mean()"),),
    "loss: by a mask": (Edit("tasks.cosine_loss", LOSS, "similar = (labels > threshold).to(cosines)\n    return (similar * (1 - cosines) + (1 - similar) * F.relu(cosines - margin)).sum() / len(labels)"),),
}
