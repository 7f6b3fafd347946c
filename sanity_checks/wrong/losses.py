"""Wrong and rewritten versions of the three losses; what is said about each is in bank/losses.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

CE, BCE, SE = "cross_entropy", "binary_cross_entropy", "squared_error"
# the call that each function ends with; {} is what stands around or inside it in a wrong version
CALLS = {CE: "F.cross_entropy(logits, labels.long())", BCE: "F.binary_cross_entropy_with_logits(logits, labels.to(logits.dtype))",
         SE: "F.mse_loss(logits, labels.to(logits.dtype))"}
PREFIX = {CE: "cross-entropy", BCE: "binary", SE: "squared"}


def _call(loss: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.losses", "return " + CALLS[loss], "return " + new),)


def _body(loss: str, new: str) -> tuple[Edit, ...]:
    return (Edit("tasks.losses", "", new, body=loss),)


def _every(name: str, new: str) -> dict[str, tuple[Edit, ...]]:
    """The same mistake in all three: {call} is what stands there, {summed} its sum over the batch."""
    return {f"{PREFIX[loss]}-{name}": _call(loss, new.format(call=call, summed=call[:-1] + ", reduction='sum')")) for loss, call in CALLS.items()}


WRONG = {
    **_every("summed", "{summed}"),
    **_every("divided-twice", "{call} / len(labels)"),
    **_every("nominal-batch-size", "{summed} / 8"),
    **_every("negated", "-{call}"),
    **_every("detached", "{call}.detach()"),
    "cross-entropy-softmax-before": _call(CE, "F.cross_entropy(logits.softmax(-1), labels)"),
    "cross-entropy-nll-of-scores": _call(CE, "F.nll_loss(logits, labels)"),
    "cross-entropy-log-missing": _call(CE, "F.nll_loss(logits.softmax(-1), labels)"),
    "cross-entropy-over-batch": _call(CE, "F.nll_loss(logits.log_softmax(0), labels)"),
    "cross-entropy-divided-by-classes": _call(CE, "-(F.one_hot(labels, logits.size(-1)) * logits.log_softmax(-1)).mean()"),
    "cross-entropy-smoothed": _call(CE, "F.cross_entropy(logits, labels, label_smoothing=0.1)"),
    "cross-entropy-squared": _call(CE, "F.mse_loss(logits.softmax(-1), F.one_hot(labels, logits.size(-1)).to(logits.dtype))"),
    "cross-entropy-one-sigmoid-a-class": _call(CE, "F.binary_cross_entropy_with_logits(logits, F.one_hot(labels, logits.size(-1)).to(logits.dtype))"),
    "cross-entropy-rounded": _call(CE, "F.cross_entropy(logits.round(), labels)"),
    "cross-entropy-class-0-ignored": _call(CE, "F.cross_entropy(logits, labels, ignore_index=0)"),
    "cross-entropy-overflow": _call(CE, "-(logits.exp() / logits.exp().sum(-1, keepdim=True)).log().gather(-1, labels[:, None]).mean()"),
    "cross-entropy-of-all-against-all": _call(CE, "-logits.log_softmax(-1)[:, labels].mean()"),
    "cross-entropy-labels-cut": _body(CE, "return F.cross_entropy(logits, labels.long())"),
    "binary-sigmoid-before": _call(BCE, "F.binary_cross_entropy_with_logits(logits.sigmoid(), labels)"),
    "binary-of-raw-scores": _call(BCE, "F.binary_cross_entropy(logits, labels)"),
    "binary-batch-as-classes": _call(BCE, "F.cross_entropy(logits, labels)"),
    "binary-one-sided": _call(BCE, "-(labels * F.logsigmoid(logits)).mean()"),
    "binary-labels-inverted": _call(BCE, "F.binary_cross_entropy_with_logits(logits, 1 - labels)"),
    "binary-squared": _call(BCE, "F.mse_loss(logits.sigmoid(), labels)"),
    "binary-squared-of-scores": _call(BCE, "F.mse_loss(logits, labels)"),
    "binary-broadcast": _call(BCE, "(F.softplus(logits[:, None]) - logits[:, None] * labels).mean()"),
    "binary-rounded": _call(BCE, "F.binary_cross_entropy(logits.sigmoid().round(), labels)"),
    "binary-overflow": _call(BCE, "-(labels * logits.sigmoid().log() + (1 - labels) * (1 - logits.sigmoid()).log()).mean()"),
    "binary-probability-first": _call(BCE, "F.binary_cross_entropy(logits.sigmoid(), labels.to(logits.dtype))"),
    "binary-labels-not-converted": _call(BCE, "F.binary_cross_entropy_with_logits(logits, labels)"),
    "binary-labels-as-switch": _call(BCE, "torch.where(labels > 0.5, -F.logsigmoid(logits), -F.logsigmoid(-logits)).mean()"),
    "squared-labels-cut": _call(SE, "F.mse_loss(logits, labels.long().to(logits.dtype))"),
    "squared-broadcast": _call(SE, "((logits[:, None] - labels) ** 2).mean()"),
    "squared-absolute": _call(SE, "F.l1_loss(logits, labels)"),
    "squared-root": _call(SE, "F.mse_loss(logits, labels).sqrt()"),
    "squared-half": _call(SE, "0.5 * F.mse_loss(logits, labels)"),
    "squared-smoothed": _call(SE, "F.smooth_l1_loss(logits, labels)"),
    "squared-not-squared": _call(SE, "(logits - labels).mean()"),
    "squared-labels-scaled": _call(SE, "F.mse_loss(logits, labels / 5)"),
    "squared-scores-squashed": _call(SE, "F.mse_loss(logits.tanh(), labels)"),
    "squared-scores-squashed-to-5": _call(SE, "F.mse_loss(5 * logits.sigmoid(), labels)"),
    "squared-relu": _call(SE, "F.mse_loss(logits.relu(), labels)"),
    "squared-rounded": _call(SE, "F.mse_loss(logits.round(), labels)"),
    "squared-writes-into-scores": _call(SE, "logits.sub_(labels).square().mean()"),
    "squared-batch-mean-removed": _call(SE, "F.mse_loss(logits - logits.mean(), labels - labels.mean())"),
}

RIGHT = {
    "cross-entropy: nll of log_softmax": _call(CE, "F.nll_loss(logits.log_softmax(-1), labels)"),
    "cross-entropy: log_softmax before (harmless)": _call(CE, "F.cross_entropy(logits.log_softmax(-1), labels)"),
    "cross-entropy: logsumexp by hand": _call(CE, "(logits.logsumexp(-1) - logits.gather(-1, labels[:, None]).squeeze(-1)).mean()"),
    "cross-entropy: one-hot": _call(CE, "-(F.one_hot(labels, logits.size(-1)) * logits.log_softmax(-1)).sum(-1).mean()"),
    "cross-entropy: summed, divided by the batch that is there": _call(CE, "F.cross_entropy(logits, labels, reduction='sum') / logits.size(0)"),
    "cross-entropy: exp by hand, largest taken off": _call(CE, "torch.stack([(z - z.max()).exp().sum().log() + z.max() - z[y] for z, y in zip(logits, labels)]).mean()"),
    "binary: softplus": _call(BCE, "(F.softplus(logits) - logits * labels).mean()"),
    "binary: logsigmoid twice": _call(BCE, "-(labels * F.logsigmoid(logits) + (1 - labels) * F.logsigmoid(-logits)).mean()"),
    "binary: nn module": _call(BCE, "torch.nn.BCEWithLogitsLoss()(logits, labels.to(logits.dtype))"),
    "binary: two classes": _call(BCE, "(F.cross_entropy(torch.stack([torch.zeros_like(logits), logits], -1), torch.stack([1 - labels, labels], -1).to(logits.dtype)))"),
    "squared: by hand": _call(SE, "((logits - labels) ** 2).mean()"),
    "squared: einsum": _call(SE, "torch.einsum('b,b->', logits - labels, logits - labels) / len(labels)"),
    "squared: norm": _call(SE, "torch.linalg.vector_norm(logits - labels) ** 2 / labels.numel()"),
    "squared: summed, divided by the batch that is there": _call(SE, "(logits - labels).pow(2).sum() / logits.size(0)"),
    "squared: column against column": _call(SE, "F.mse_loss(logits.view(-1, 1), labels.view(-1, 1).to(logits.dtype))"),
}
