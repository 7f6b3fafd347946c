"""Wrong and rewritten versions of attention; what is said about each is in bank/attention.py."""

from __future__ import annotations

from dataclasses import replace

from sanity_checks.subjects.attention import Attention
from sanity_checks.wrong import Edit, Swap


def _edit(*olds_and_news: str) -> tuple[Edit, ...]:
    return tuple(Edit("minbert.attention", old, new) for old, new in zip(olds_and_news[::2], olds_and_news[1::2]))


QK, ROOT = "query @ key.transpose(-2, -1)", "math.sqrt(query.size(-1))"
SCALED = f" / {ROOT}"
SCORES = f"scores = {QK}{SCALED}"
ADDED = "scores = scores + bias"
SOFTMAX = "probabilities = scores.softmax(dim=-1)"
DROPPED = "probabilities = drop(probabilities, dropout)"
MIXED = "return probabilities @ value, probabilities"
SPLIT = "states.unflatten(-1, (self.num_heads, -1)).transpose(1, 2)"
MERGED = "states.transpose(1, 2).flatten(-2)"
RATE = "rate = self.dropout if self.training else 0.0"
OUTPUT = "self.output(self.merge_heads(mixed))"
QUERY, KEY, VALUE = (f"self.split_heads(self.{name}({who}))" for name, who in (("query", "asking"), ("key", "answering"), ("value", "answering")))
HIDDEN, LOWEST, BROADCAST = "hidden = attention_mask == 0", "torch.finfo(dtype).min / 2", "bias[:, None, None, :]"
KERNEL = "(query, key, value, bias, rate)"


def _plain(name: str, who: str) -> str:
    return f"self.split_heads(F.linear({who}, self.{name}.weight))"


WRONG: dict[str, tuple[Edit, ...]] = {
    "dropout-missing": _edit(DROPPED, "pass"),
    "dropout-missing~forward": _edit(RATE, "rate = 0.0"),
    "dropout-on-scores": _edit(SOFTMAX, "probabilities = drop(scores, dropout).softmax(dim=-1); dropout = 0.0"),
    "dropout-on-scores-before-the-mask": _edit(SCORES, f"scores = drop({QK}{SCALED}, dropout)", DROPPED, "pass"),
    "dropout-on-output": _edit(DROPPED, "pass", MIXED, "return drop(probabilities @ value, dropout), probabilities"),
    "dropout-on-output~merged": _edit(RATE, "rate = 0.0", OUTPUT, "self.output(drop(self.merge_heads(mixed), self.dropout, self.training))"),
    "dropout-on-values": _edit(DROPPED, "value = drop(value, dropout)"),
    "dropout-in-eval": _edit(RATE, "rate = self.dropout"),
    "dropout-rate": _edit(DROPPED, "probabilities = drop(probabilities, 1 - dropout if dropout else 0.0)"),
    "dropout-rate-fixed": _edit(RATE, "rate = 0.1 if self.training else 0.0"),
    "dropout-twice": _edit(DROPPED, "probabilities = drop(drop(probabilities, dropout), dropout)"),
    "mask-missing": _edit(ADDED, "pass"),
    "mask-missing~forward": _edit(KERNEL, "(query, key, value, None, rate)"),
    "mask-missing~bias": _edit("return bias[", "return None and bias["),
    "mask-inverted": _edit(HIDDEN, "hidden = attention_mask != 0"),
    "mask-inverted~fill": _edit(ADDED, "scores = scores.masked_fill(bias == 0, -1e9)"),
    "mask-inverted~infinity": _edit(ADDED, "scores = scores.masked_fill(bias == 0, -torch.inf)"),
    "mask-multiplied": _edit(ADDED, "scores = scores * bias"),
    "mask-multiplied~always": _edit("if not hidden.any():", "if False:", ADDED, "scores = scores * bias"),
    "mask-inverted~subtracted": _edit(ADDED, "scores = scores - bias"),
    "mask-after-softmax": _edit(ADDED, "pass", SOFTMAX, SOFTMAX + " + (0 if bias is None else bias)"),
    "mask-without-renormalising": _edit(ADDED, "pass", SOFTMAX, SOFTMAX + " * (1 if bias is None else (bias == 0))"),
    "mask-fills-zero": _edit(ADDED, "scores = scores.masked_fill(bias != 0, 0.0)"),
    "mask-not-optional": _edit("    if bias is not None:\n        scores = scores + bias", "    scores = scores + bias"),
    "mask-too-weak~public": _edit("return bias[", "return attention_mask.to(dtype)["),
    "mask-too-weak": _edit(LOWEST, "-1.0"),
    "mask-missing~tiny": _edit(LOWEST, "-1e-9"),
    "mask-moderate": _edit(LOWEST, "-100.0"),
    "mask-inverted~sign": _edit(LOWEST, "1e4"),
    "mask-missing~on-queries": _edit(BROADCAST, "bias[:, None, :, None]"),
    "mask-overwritten": _edit(HIDDEN, "hidden = attention_mask == 0; attention_mask[hidden] = -1"),
    "mask-overwritten~formula": _edit(ADDED, "scores = scores + bias.clamp_(min=-1000.0)"),
    "input-overwritten": _edit(OUTPUT, "self.output(answering.copy_(self.merge_heads(mixed)) if asking.shape == answering.shape else self.merge_heads(mixed))"),
    "scale-missing": _edit(SCALED, ""),
    "scale-by-width": _edit(SCALED, " / math.sqrt(query.size(1) * query.size(-1))"),
    "scale-multiplied": _edit(SCALED, f" * {ROOT}"),
    "scale-by-length": _edit(SCALED, " / math.sqrt(key.size(-2))"),
    "scale-by-heads": _edit(SCALED, " / math.sqrt(query.size(1))"),
    "scale-without-root": _edit(SCALED, " / query.size(-1)"),
    "scale-after-softmax": _edit(SCALED, "", SOFTMAX, f"{SOFTMAX}{SCALED}"),
    "softmax-over-queries": _edit(SOFTMAX, "probabilities = scores.softmax(dim=-2)"),
    "softmax-over-heads": _edit(SOFTMAX, "probabilities = scores.softmax(dim=1)"),
    "softmax-over-batch": _edit(SOFTMAX, "probabilities = scores.softmax(dim=0)"),
    "softmax-missing": _edit(SOFTMAX, "probabilities = scores"),
    "softmax-log": _edit(SOFTMAX, "probabilities = scores.log_softmax(dim=-1)"),
    "softmax-sigmoid": _edit(SOFTMAX, "probabilities = scores.sigmoid()"),
    "softmax-without-sum": _edit(SOFTMAX, "probabilities = scores.exp()"),
    "softmax-twice": _edit(SOFTMAX, "probabilities = scores.softmax(dim=-1).softmax(dim=-1)"),
    "softmax-in-bfloat16": _edit(SOFTMAX, "probabilities = scores.bfloat16().softmax(dim=-1).to(value.dtype)"),
    "softmax-in-float16": _edit(SOFTMAX, "probabilities = scores.half().softmax(dim=-1).to(value.dtype)"),
    "causal": _edit(SOFTMAX, "probabilities = scores.masked_fill(torch.ones_like(scores[0, 0]).triu(1).bool(), -1e5).softmax(dim=-1)"),
    "query-key-swapped": _edit(f"key = {KEY}", f"key = {KEY}; query, key = key, query"),
    "query-key-swapped~scores": _edit(QK, "key @ query.transpose(-2, -1)"),
    "query-is-key": _edit(QUERY, "self.split_heads(self.key(asking))"),
    "key-is-query": _edit(KEY, "self.split_heads(self.query(answering))"),
    "value-is-key": _edit(VALUE, "self.split_heads(self.key(answering))"),
    "value-is-query": _edit(VALUE, "self.split_heads(self.query(answering))"),
    "key-value-swapped": _edit(f"value = {VALUE}", f"value = {VALUE}; key, value = value, key"),
    "maps-missing": _edit(QUERY, "self.split_heads(asking)", KEY, "self.split_heads(answering)", VALUE, "self.split_heads(answering)"),
    "maps-without-bias": _edit(QUERY, _plain("query", "asking"), KEY, _plain("key", "answering"), VALUE, _plain("value", "answering")),
    "heads-not-transposed-back": _edit(MERGED, "states.reshape(states.size(0), states.size(2), -1)"),
    "heads-merged-in-wrong-order": _edit(MERGED, "states.permute(0, 2, 3, 1).flatten(-2)"),
    "heads-split-by-view": _edit(SPLIT, "states.reshape(states.size(0), self.num_heads, states.size(1), -1)"),
    "heads-split-in-wrong-order": _edit(SPLIT, "states.unflatten(-1, (-1, self.num_heads)).permute(0, 3, 1, 2)"),
    "heads-missing": _edit(SPLIT, "states[:, None]"),
    "heads-not-transposed": _edit(SPLIT, "states.unflatten(-1, (self.num_heads, -1))", MERGED, "states.flatten(-2)"),
    "heads-averaged": _edit(MERGED, "states.mean(1).repeat(1, 1, states.size(1))"),
    "output-4d": _edit(MERGED, "states"),
    "output-projection-missing": _edit(OUTPUT, "self.merge_heads(mixed)"),
    "output-projection-twice": _edit(OUTPUT, "self.output(self.output(self.merge_heads(mixed)))"),
    "residual-inside": _edit(OUTPUT, "asking + self.output(self.merge_heads(mixed))"),
    "asking-answers": _edit(KEY, "self.split_heads(self.key(asking))", VALUE, "self.split_heads(self.value(asking))"),
    "all-ask": _edit(QUERY, "self.split_heads(self.query(answering))"),
    "weights-not-returned": _edit("need_weights or (rate > 0", "(rate > 0"),
    "scores-returned": _edit(MIXED, "return probabilities @ value, scores"),
    "scores-detached": _edit(SOFTMAX, "probabilities = scores.detach().softmax(dim=-1)"),
    "output-detached": _edit(MIXED, "return (probabilities @ value).detach(), probabilities"),
    "values-detached": _edit(MIXED, "return probabilities @ value.detach(), probabilities"),
    "return-missing": _edit(MIXED, "probabilities @ value, probabilities"),
    "return-missing~forward": _edit("return Attended(self", "Attended(self"),
    "mask-before-scale": _edit(SCALED, "", ADDED, f"scores = (scores + bias){SCALED}\n    else:\n        scores = scores{SCALED}"),
    "mask-as-switch": _edit(ADDED, "scores = scores.masked_fill(bias != 0, torch.finfo(scores.dtype).min / 2)"),
}


def _padded_queries_too(subject: Attention) -> Attention:
    return replace(subject, mix=lambda module, hidden, mask: subject.mix(module, hidden, mask) * mask[..., None])


THREE = "three = torch.cat([m.{0} for m in (self.query, self.key, self.value)])"
RIGHT: dict[str, tuple[Edit | Swap, ...]] = {
    "einsum": _edit(SCORES, "scores = torch.einsum('bhqd,bhkd->bhqk', query, key) * query.size(-1) ** -0.5"),
    "query scaled first": _edit(SCORES, f"scores = (query{SCALED}) @ key.transpose(-2, -1)"),
    "scores by a batched product of three-dimensional tensors": _edit(SCORES, "scores = torch.bmm(query.flatten(0, 1), key.flatten(0, 1).mT)"
                                                                      f".unflatten(0, query.shape[:2]){SCALED}"),
    "mask of -10000": _edit(LOWEST, "-10000.0"),
    "mask of -1e9": _edit(LOWEST, "-1e9"),
    "mask of -inf": _edit(LOWEST, "-torch.inf"),
    "mask by arithmetic": _edit("torch.zeros(attention_mask.shape, dtype=dtype, device=attention_mask.device).masked_fill(hidden, torch.finfo(dtype).min / 2)",
                                "(1.0 - attention_mask.to(dtype)) * -10000.0"),
    "zeros where nothing is hidden": _edit("if not hidden.any():", "if False:"),
    "padded queries hidden too": (Swap("attention", _padded_queries_too),),
    "functional dropout": _edit(DROPPED, "probabilities = F.dropout(probabilities, dropout, dropout > 0)"),
    "softmax by hand": _edit(SOFTMAX, "raised = (scores - scores.amax(-1, keepdim=True)).exp()\n    probabilities = raised / raised.sum(-1, keepdim=True)"),
    "softmax in float32": _edit(SOFTMAX, "probabilities = scores.float().softmax(dim=-1).to(value.dtype)"),
    "torch's fused kernel": _edit(MIXED, "return F.scaled_dot_product_attention(query, key, value, bias, dropout), probabilities", DROPPED, "pass"),
    "heads by view and permute": _edit(SPLIT, "states.view(states.size(0), states.size(1), self.num_heads, -1).permute(0, 2, 1, 3)",
                                       MERGED, "states.permute(0, 2, 1, 3).contiguous().view(states.size(0), states.size(2), -1)"),
    "heads by chunk and cat": _edit(SPLIT, "torch.stack(states.chunk(self.num_heads, -1), 1)", MERGED, "torch.cat(states.unbind(1), -1)"),
    "the formula for every kernel": _edit('KERNELS["formula" if by_formula else self.kernel]', "formula_attention"),
    "one matrix for query, key and value": _edit(
        f"query = {QUERY}", f"{THREE.format('weight')}, torch.cat([m.bias for m in (self.query, self.key, self.value)])\n"
        "        together = F.linear(answering, *three).chunk(3, -1)\n        query = self.split_heads(together[0] if asking is answering else self.query(asking))"),
}
