"""Wrong and rewritten versions of the linear head; what is said about each is in bank/heads.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

SCORES = "self.linear(self.dropout(features))"
RETURNED = "return scores.squeeze(-1) if scores.size(-1) == 1 else scores"


def _scores(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.heads", "scores = " + SCORES, "scores = " + new),)


def _returned(new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.heads", RETURNED, "return " + new),)


def _one(new: str) -> tuple[Edit, ...]:
    """Another treatment of heads with one score."""
    return _returned(new + " if scores.size(-1) == 1 else scores")


def _many(new: str) -> tuple[Edit, ...]:
    """Another treatment of heads with several scores."""
    return _returned("scores.squeeze(-1) if scores.size(-1) == 1 else " + new)


WRONG = {
    "dropout-missing": _scores("self.linear(features)"),
    "dropout-on-scores": _scores("self.dropout(self.linear(features))"),
    "dropout-twice": _scores("self.linear(self.dropout(self.dropout(features)))"),
    "dropout-on-both-sides": _scores("self.dropout(self.linear(self.dropout(features)))"),
    "dropout-in-eval": _scores("self.linear(nn.Dropout(self.dropout.p)(features))"),
    "dropout-rate": _scores("self.linear(nn.functional.dropout(features, 1 - self.dropout.p, self.training))"),
    "dropout-rate-of-a-half": _scores("self.linear(nn.functional.dropout(features, training=self.training))"),
    "softmax-returned": _many("scores.softmax(-1)"),
    "softmax-over-batch": _many("scores.softmax(0)"),
    "log-softmax-returned": _many("scores.log_softmax(-1)"),
    "classes-returned": _many("scores.argmax(-1)"),
    "probability-returned": _one("scores.squeeze(-1).sigmoid()"),
    "sigmoid-of-every-score": _scores(SCORES + ".sigmoid()"),
    "rounded": _one("scores.squeeze(-1).sigmoid().round()"),
    "scores-rounded": _scores(SCORES + ".round()"),
    "squashed-to-5": _one("5 * scores.squeeze(-1).sigmoid()"),
    "clamped-to-5": _one("scores.squeeze(-1).clamp(0, 5)"),
    "relu-on-scores": _scores(SCORES + ".relu()"),
    "tanh-on-scores": _scores(SCORES + ".tanh()"),
    "relu-on-features": _scores("self.linear(self.dropout(features.relu()))"),
    "tanh-on-features": _scores("self.linear(self.dropout(features.tanh()))"),
    "squeeze-without-dimension": _returned("scores.squeeze()"),
    "squeeze-of-batch": _one("scores.squeeze(0)"),
    "not-squeezed": _returned("scores"),
    "bias-missing": _scores("self.dropout(features) @ self.linear.weight.T"),
    "weight-not-transposed": _scores("self.dropout(features) @ self.linear.weight + self.linear.bias"),
    "linear-missing": _scores("self.dropout(features)"),
    "detached": _scores("self.linear(self.dropout(features.detach()))"),
    "gradient-off": _scores("self.linear(self.dropout(features)).detach()"),
    "batch-mean-removed": _scores("self.linear(self.dropout(features))\n        scores = scores - scores.mean(0)"),
    "features-normalised": _scores("self.linear(self.dropout(nn.functional.normalize(features)))"),
    "writes-into-features": _scores("self.linear(self.dropout(features))\n        features.zero_()"),
}

RIGHT = {
    "functional dropout": _scores("self.linear(nn.functional.dropout(features, self.dropout.p, self.training))"),
    "functional linear": _scores("nn.functional.linear(self.dropout(features), self.linear.weight, self.linear.bias)"),
    "matrix product and bias": _scores("self.dropout(features) @ self.linear.weight.T + self.linear.bias"),
    "einsum": _scores("torch.einsum('bf,kf->bk', self.dropout(features), self.linear.weight) + self.linear.bias"),
    "addmm": _scores("torch.addmm(self.linear.bias, self.dropout(features), self.linear.weight.T)"),
    "one column taken": _one("scores[:, 0]"),
    "flattened": _one("scores.flatten()"),
    "viewed as a row": _one("scores.view(-1)"),
    "a loop over examples": _scores("torch.stack([self.linear(row) for row in self.dropout(features)])"),
}
