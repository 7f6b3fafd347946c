"""Wrong and rewritten versions of attention; what is said about each is in bank/attention.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.attention", old, new),)


SCALED = " / math.sqrt(query.size(-1))"
SOFTMAX = "probabilities = scores.softmax(dim=-1)"
DROPPED = "probabilities = drop(probabilities, dropout)"
MIXED = "return probabilities @ value, probabilities"
MERGED = "states.transpose(1, 2).flatten(-2)"

WRONG = {
    "dropout-missing": _edit(DROPPED, "pass"),
    "dropout-on-scores": _edit(SOFTMAX, "probabilities = drop(scores, dropout).softmax(dim=-1); dropout = 0.0"),
    "dropout-on-output": _edit(DROPPED, "pass") + _edit(MIXED, "return drop(probabilities @ value, dropout), probabilities"),
    "dropout-in-eval": _edit("rate = self.dropout if self.training else 0.0", "rate = self.dropout"),
    "dropout-rate": _edit(DROPPED, "probabilities = drop(probabilities, 1 - dropout if dropout else 0.0)"),
    "dropout-twice": _edit(DROPPED, "probabilities = drop(drop(probabilities, dropout), dropout)"),
    "mask-inverted": _edit("hidden = attention_mask == 0", "hidden = attention_mask != 0"),
    "mask-multiplied": _edit("scores = scores + bias", "scores = scores * bias"),
    "mask-missing": _edit("scores = scores + bias", "pass"),
    "mask-after-softmax": _edit("scores = scores + bias", "pass") + _edit(SOFTMAX, SOFTMAX + " + (0 if bias is None else bias)"),
    "mask-without-renormalising": _edit("scores = scores + bias", "pass") + _edit(SOFTMAX, SOFTMAX + " * (1 if bias is None else (bias == 0))"),
    "mask-too-weak": _edit("torch.finfo(dtype).min / 2", "-1.0"),
    "scale-missing": _edit(SCALED, ""),
    "scale-by-width": _edit(SCALED, " / math.sqrt(query.size(1) * query.size(-1))"),
    "scale-multiplied": _edit(SCALED, " * math.sqrt(query.size(-1))"),
    "scale-by-length": _edit(SCALED, " / math.sqrt(key.size(-2))"),
    "scale-without-root": _edit(SCALED, " / query.size(-1)"),
    "softmax-over-queries": _edit(SOFTMAX, "probabilities = scores.softmax(dim=-2)"),
    "softmax-over-heads": _edit(SOFTMAX, "probabilities = scores.softmax(dim=1)"),
    "softmax-over-batch": _edit(SOFTMAX, "probabilities = scores.softmax(dim=0)"),
    "softmax-missing": _edit(SOFTMAX, "probabilities = scores"),
    "softmax-log": _edit(SOFTMAX, "probabilities = scores.log_softmax(dim=-1)"),
    "softmax-sigmoid": _edit(SOFTMAX, "probabilities = scores.sigmoid()"),
    "query-key-swapped": _edit("key = self.split_heads(self.key(answering))", "key = self.split_heads(self.key(answering)); query, key = key, query"),
    "value-is-key": _edit("value = self.split_heads(self.value(answering))", "value = self.split_heads(self.key(answering))"),
    "heads-not-transposed-back": _edit(MERGED, "states.reshape(states.size(0), states.size(2), -1)"),
    "heads-merged-in-wrong-order": _edit(MERGED, "states.permute(0, 2, 3, 1).flatten(-2)"),
    "heads-split-by-view": _edit("states.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)", "states.reshape(states.size(0), self.num_heads, states.size(1), -1)"),
    "heads-split-in-wrong-order": _edit("states.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)", "states.unflatten(-1, (-1, self.num_heads)).permute(0, 3, 1, 2)"),
    "causal": _edit(SOFTMAX, "probabilities = scores.masked_fill(torch.ones_like(scores[0, 0]).triu(1).bool(), -1e5).softmax(dim=-1)"),
    "detached": _edit(SOFTMAX, "probabilities = scores.detach().softmax(dim=-1)"),
    "half-precision": _edit(SOFTMAX, "probabilities = scores.bfloat16().softmax(dim=-1).to(value.dtype)"),
    "output-projection-missing": _edit("self.output(self.merge_heads(mixed))", "self.merge_heads(mixed)"),
    "output-4d": _edit(MERGED, "states"),
    "mask-before-scale": _edit("query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))", "query @ key.transpose(-2, -1)")
    + _edit("scores = scores + bias", "scores = (scores + bias) / math.sqrt(query.size(-1))\n    else:\n        scores = scores / math.sqrt(query.size(-1))"),
    "mask-as-switch": _edit("scores = scores + bias", "scores = scores.masked_fill(bias != 0, torch.finfo(scores.dtype).min / 2)"),
}

RIGHT = {
    "einsum": _edit("query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))", "torch.einsum('bhqd,bhkd->bhqk', query, key) * query.size(-1) ** -0.5"),
    "query scaled first": _edit("query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))", "(query / math.sqrt(query.size(-1))) @ key.transpose(-2, -1)"),
    "mask of -10000": _edit("torch.finfo(dtype).min / 2", "-10000.0"),
    "mask of -1e9": _edit("torch.finfo(dtype).min / 2", "-1e9"),
    "mask of -inf": _edit("torch.finfo(dtype).min / 2", "-torch.inf"),
    "functional dropout": _edit(DROPPED, "probabilities = F.dropout(probabilities, dropout, dropout > 0)"),
    "softmax by hand": _edit(SOFTMAX, "raised = (scores - scores.amax(-1, keepdim=True)).exp()\n    probabilities = raised / raised.sum(-1, keepdim=True)"),
    "torch's fused kernel": _edit(MIXED, "return F.scaled_dot_product_attention(query, key, value, bias, dropout), probabilities") + _edit(DROPPED, "pass"),
    "one matrix for query, key and value": _edit(
        "query = self.split_heads(self.query(asking))",
        "three = torch.cat([m.weight for m in (self.query, self.key, self.value)]), torch.cat([m.bias for m in (self.query, self.key, self.value)])\n"
        "        together = F.linear(answering, *three).chunk(3, -1)\n        query = self.split_heads(together[0] if asking is answering else self.query(asking))"),
}
