"""Wrong and rewritten versions of SimCSE; what is said about each is in bank/simcse.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "regularizers.simcse"
COSINES = "return F.normalize(first, dim=-1) @ F.normalize(second, dim=-1).T"
LOGITS = "logits = cosines(first, second) / temperature"
PLACES = "places = torch.arange(len(first), device=first.device)"
LOSS = "return F.cross_entropy(logits, places)"
HARD = "hard = cosines(first, negatives) / temperature"
ADDED = "hard + hard_weight * torch.eye(len(first), dtype=hard.dtype, device=hard.device)"
MASKED = "logits = logits.masked_fill(_duplicates(groups), -torch.inf)"
VIEWS = "first, second = encode(*(torch.cat([each, each]) for each in inputs)).chunk(2)"
HEAD = "return vectors if self.train_only and not self.training else torch.tanh(self.dense(vectors))"


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _loss(new: str) -> tuple[Edit, ...]:
    return _edit(LOSS, new)


WRONG = {
    "temperature-multiplied": _edit(LOGITS, "logits = cosines(first, second) * temperature", HARD, HARD.replace("/", "*")),
    "temperature-missing": _edit(LOGITS, "logits = cosines(first, second)", HARD, "hard = cosines(first, negatives)"),
    "temperature-fixed": _edit(LOGITS, "logits = cosines(first, second) / TEMPERATURE", HARD, "hard = cosines(first, negatives) / TEMPERATURE"),
    "temperature-missing-for-hard-negatives": _edit(HARD, "hard = cosines(first, negatives)"),
    "not-normalised": _edit(COSINES, "return first @ second.T"),
    "first-view-only-normalised": _edit(COSINES, "return F.normalize(first, dim=-1) @ second.T"),
    "second-view-only-normalised": _edit(COSINES, "return first @ F.normalize(second, dim=-1).T"),
    "normalised-across-the-batch": _edit(COSINES, "return F.normalize(first, dim=0) @ F.normalize(second, dim=0).T"),
    "distances-for-cosines": _edit(COSINES, "return -torch.cdist(first, second)"),
    "own-view-left-out-below": _loss("own = logits[:, : len(first)].diag()\n    if len(first) == 1:\n        return F.cross_entropy(logits, places)\n"
                                     "    logits = logits.scatter(1, places[:, None], -torch.inf)\n    return (logits.logsumexp(1) - own).mean()"),
    "own-view-twice-below": _loss("return F.cross_entropy(torch.cat([logits, logits.diag()[:, None]], 1), places)"),
    "neighbours-are-pairs": _edit(PLACES, "places = (torch.arange(len(first)) ^ 1).clamp(max=len(first) - 1)"),
    "first-sentence-is-everyones-pair": _edit(PLACES, "places = torch.zeros(len(first), dtype=torch.long)"),
    "both-directions": _loss("return (F.cross_entropy(logits, places) + F.cross_entropy(logits[:, : len(first)].T, places)) / 2"),
    "other-direction": _loss("return F.cross_entropy(logits[:, : len(first)].T, places)"),
    "all-views-in-one": _loss("both = torch.cat([first, second])\n    within = (cosines(both, both) / temperature).masked_fill(torch.eye(len(both), dtype=torch.bool), -torch.inf)\n"
                              "    return F.cross_entropy(within, torch.cat([places + len(first), places]))"),
    "own-view-as-negative": _loss("return F.cross_entropy(torch.cat([logits, cosines(first, first) / temperature], 1), places)"),
    "denominator-of-the-whole-batch": _loss("return (logits.logsumexp((0, 1)) - logits.diag()).mean()"),
    "summed": _loss("return F.cross_entropy(logits, places, reduction='sum')"),
    "negatives-missing": _loss("return -logits.diag().mean()"),
    "softmax-twice": _loss("return F.cross_entropy(logits.softmax(1), places)"),
    "cosine-loss": _loss("return (1 - logits.diag() * temperature).mean()"),
    "first-view-detached": _edit("logits = cosines(first, second)", "logits = cosines(first.detach(), second)"),
    "second-view-detached": _edit("logits = cosines(first, second)", "logits = cosines(first, second.detach())"),
    "loss-detached": _loss(LOSS + ".detach().requires_grad_()"),
    "hard-negatives-ignored": _edit("if negatives is not None:", "if False:"),
    "own-hard-negative-only": _edit(ADDED, "hard.diag()[:, None]"),
    "hard-weight-ignored": _edit(ADDED, "hard"),
    "hard-weight-for-all": _edit(ADDED, "hard + hard_weight"),
    "hard-weight-multiplied": _edit(ADDED, "hard * (1 + hard_weight * torch.eye(len(first), dtype=hard.dtype))"),
    "duplicates-are-negatives": _edit("if groups is not None:", "if False:"),
    "others-masked": _edit("same = groups[:, None] == groups[None]", "same = groups[:, None] != groups[None]"),
    "duplicates-are-zeros": _edit(MASKED, MASKED.replace("-torch.inf", "0.0")),
    "views-interleaved": _edit(VIEWS, "both = encode(*(each.repeat_interleave(2, 0) for each in inputs))\n    first, second = both.chunk(2)"),
    "views-equal": _edit(VIEWS, "first = second = encode(*inputs)"),
    "first-input-only-doubled": _edit(VIEWS, "doubled = torch.cat([inputs[0], inputs[0]])\n    first, second = encode(doubled, *(each.roll(1, 0).repeat(2, 1) for each in inputs[1:])).chunk(2)"),
    "two-passes": _edit(VIEWS, "first, second = encode(*inputs), encode(*inputs)"),
    "head-kept-at-test": _edit(HEAD, "return torch.tanh(self.dense(vectors))"),
    "head-left-out-in-training": _edit(HEAD, HEAD.replace("and not self", "and self")),
    "head-always-left-out-at-test": _edit(HEAD, HEAD.replace("self.train_only and ", "")),
    "head-without-tanh": _edit(HEAD, HEAD.replace("torch.tanh(self.dense(vectors))", "self.dense(vectors)")),
    "head-with-relu": _edit(HEAD, HEAD.replace("torch.tanh", "torch.relu")),
    "head-without-map": _edit(HEAD, HEAD.replace("self.dense(vectors)", "vectors")),
}

RIGHT = {
    "logsumexp": _loss("return (logits.logsumexp(1) - logits[:, : len(first)].diag()).mean()"),
    "log-softmax and negative log likelihood": _loss("return F.nll_loss(logits.log_softmax(1), places)"),
    "cosine_similarity of every pair": _edit(COSINES, "return F.cosine_similarity(first[:, None], second[None], dim=-1)"),
    "norms by hand": _edit(COSINES, "return (first / first.norm(dim=-1, keepdim=True)) @ (second / second.norm(dim=-1, keepdim=True)).transpose(0, 1)"),
    "einsum": _edit(COSINES, "return torch.einsum('ic,jc->ij', F.normalize(first), F.normalize(second))"),
    "halves by hand": _edit(VIEWS, "both = encode(*(each.repeat(2, *[1] * (each.dim() - 1)) for each in inputs))\n    half = len(both) // 2\n    first, second = both[:half], both[half:]"),
    "hard negatives with a diagonal": _edit(ADDED, "hard + torch.diag(torch.full((len(first),), hard_weight, dtype=hard.dtype))"),
}
