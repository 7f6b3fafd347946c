"""Wrong and rewritten versions of the encoder layer; what is said about each is in bank/layer.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.layer", old, new),)


ROWS = "rows = hidden[:, :1] if first_only else hidden"
ATTEND = "attended = self.attention(rows, hidden, bias, need_weights)"
FIRST = "y = add_norm(rows, attended.output, self.attention_dropout, self.attention_norm)"
SECOND = "z = add_norm(y, self.feed_forward(y), self.feed_forward_dropout, self.feed_forward_norm)"
RETURN = "return Attended(z, attended.weights)"
FUNCTIONS = "import torch; import torch.nn.functional as F; "


def _inner(bent: str) -> tuple[Edit, ...]:
    # the feed-forward network written out inside the layer, as starter code has it; wide is what the first map gives
    steps = f"{FUNCTIONS}wide = self.feed_forward.expand(y); z = add_norm(y, {bent}, self.feed_forward_dropout, self.feed_forward_norm)"
    return _edit(SECOND, steps)


def _first(summed: str) -> tuple[Edit, ...]:
    return _edit(FIRST, f"branch, drop, norm = attended.output, self.attention_dropout, self.attention_norm; y = {summed}")


def _second(summed: str) -> tuple[Edit, ...]:
    return _edit(SECOND, f"branch, drop, norm = self.feed_forward(y), self.feed_forward_dropout, self.feed_forward_norm; z = {summed}")


WRITTEN_OUT = FUNCTIONS + """a = self.attention; cut = lambda x: x.unflatten(-1, (a.num_heads, -1)).transpose(1, 2)
        scores = cut(a.query(rows)) @ cut(a.key(hidden)).mT / (rows.size(-1) // a.num_heads) ** 0.5
        weights = F.dropout((scores if bias is None else scores + bias).softmax(-1), a.dropout, self.training)
        attended = Attended(a.output((weights @ cut(a.value(hidden))).transpose(1, 2).flatten(2)), weights if need_weights else None)"""

WRONG = {
    "dropout-shared": _edit("self.feed_forward_dropout, self", "self.attention_dropout, self"),
    "dropouts-swapped": _edit("attended.output, self.attention_dropout", "attended.output, self.feed_forward_dropout")
    + _edit("self.feed_forward(y), self.feed_forward_dropout", "self.feed_forward(y), self.attention_dropout"),
    "attention-dropout-missing": _first("norm(rows + branch)"),
    "feed-forward-dropout-missing": _second("norm(y + branch)"),
    "dropout-missing": _first("norm(rows + branch)") + _second("norm(y + branch)"),
    "dropout-on-sum": _first("norm(drop(rows + branch))") + _second("norm(drop(y + branch))"),
    "dropout-last": _first("drop(norm(rows + branch))") + _second("drop(norm(y + branch))"),
    "dropout-on-activation": _inner("self.feed_forward.contract(self.feed_forward_dropout(F.gelu(wide)))"),
    "dropout-in-eval": _second("norm(y + __import__('torch').nn.functional.dropout(branch, drop.p))"),
    "activation-missing": _inner("self.feed_forward.contract(wide)"),
    "activation-relu": _inner("self.feed_forward.contract(wide.relu())"),
    "activation-tanh-gelu": _inner("self.feed_forward.contract(F.gelu(wide, approximate='tanh'))"),
    "activation-last": _inner("F.gelu(self.feed_forward.contract(wide))"),
    "activation-twice": _inner("F.gelu(self.feed_forward.contract(F.gelu(wide)))"),
    "second-residual-from-input": _second("add_norm(rows, branch, drop, norm)"),
    "feed-forward-of-input": _edit("self.feed_forward(y)", "self.feed_forward(rows)"),
    "feed-forward-of-attention": _edit("self.feed_forward(y)", "self.feed_forward(attended.output)"),
    "norms-swapped": _edit("self.attention_dropout, self.attention_norm", "self.attention_dropout, self.feed_forward_norm")
    + _edit("self.feed_forward_dropout, self.feed_forward_norm", "self.feed_forward_dropout, self.attention_norm"),
    "norm-shared": _edit("self.feed_forward_dropout, self.feed_forward_norm", "self.feed_forward_dropout, self.attention_norm"),
    "output-map-twice": _edit("attended.output, self", "self.attention.output(attended.output), self"),
    "output-map-missing": _edit(ATTEND, WRITTEN_OUT.replace("a.output", "")),
    "feed-forward-first": _edit(
        ATTEND, "early = lambda x: add_norm(x, self.feed_forward(x), self.feed_forward_dropout, self.feed_forward_norm); rows, hidden = early(rows), early(hidden)\n"
        "        " + ATTEND) + _edit(SECOND, "z = y"),
    "feed-forward-missing": _edit(SECOND, "z = y"),
    "attention-missing": _edit(FIRST, "y = rows"),
    "mask-missing": _edit("(rows, hidden, bias, need_weights)", "(rows, hidden, None, need_weights)"),
    "residual-missing-at-attention": _first("norm(drop(branch))"),
    "residual-missing-at-feed-forward": _second("norm(drop(branch))"),
    "residuals-missing": _first("norm(drop(branch))") + _second("norm(drop(branch))"),
    "norm-missing-at-attention": _first("rows + drop(branch)"),
    "norm-missing-at-feed-forward": _second("y + drop(branch)"),
    "norms-missing": _first("rows + drop(branch)") + _second("y + drop(branch)"),
    "norm-on-branch": _first("rows + norm(drop(branch))") + _second("y + norm(drop(branch))"),
    "norm-before": _edit(ATTEND, "normed = self.attention_norm(hidden); attended = self.attention(normed[:, : rows.size(1)], normed, bias, need_weights)")
    + _first("rows + drop(branch)")
    + _edit(SECOND, "z = y + self.feed_forward_dropout(self.feed_forward(self.feed_forward_norm(y)))"),
    "norm-made-anew": _second("__import__('torch').nn.functional.layer_norm(y + drop(branch), y.shape[-1:])"),
    "residual-detached": _second("norm(y.detach() + drop(branch))"),
    "input-overwritten": _edit(FIRST, "hidden *= 1.5; " + FIRST),
    "attends-across-sentences": _edit(ATTEND, "turned = hidden.transpose(0, 1); attended = self.attention(turned, turned, None, need_weights)")
    + _edit("add_norm(rows, attended.output,", "add_norm(rows, attended.output.transpose(0, 1)[:, : rows.size(1)],"),
    "returns-tuple": _edit(RETURN, "return z, attended.weights"),
    "returns-tensor": _edit(RETURN, "return z"),
    "returns-nothing": _edit(RETURN, "Attended(z, attended.weights)"),
    "returns-first-half": _edit(RETURN, "return Attended(y, attended.weights)"),
    "first-only-ignored": _edit(ROWS, "rows = hidden"),
    "first-only-sees-itself": _edit(ATTEND, "attended = self.attention(rows, rows, bias[..., : rows.size(1)] if bias is not None else None, need_weights)"),
    "first-only-last-token": _edit(ROWS, "rows = hidden[:, -1:] if first_only else hidden"),
    "weights-missing": _edit(RETURN, "return Attended(z, None)"),
    "weights-always": _edit("bias, need_weights)", "bias, True)"),
}

RIGHT = {
    "add_norm written out": _first("norm(rows + drop(branch))") + _second("norm(drop(branch) + y)"),
    "the feed-forward network written out": _inner("self.feed_forward.contract(F.gelu(wide))"),
    "GELU by the error function": _inner("self.feed_forward.contract(wide * (1 + torch.erf(wide / 2**0.5)) / 2)"),
    "functional dropout and norm": _edit(FIRST, FUNCTIONS + "y = F.layer_norm(rows + F.dropout(attended.output, self.attention_dropout.p, self.training), "
                                         "rows.shape[-1:], self.attention_norm.weight, self.attention_norm.bias, self.attention_norm.eps)"),
    "attention written out": _edit(ATTEND, WRITTEN_OUT),
    "position 0 gathered by index": _edit(ROWS, "rows = hidden.index_select(1, hidden.new_zeros(1).long()) if first_only else hidden"),
    "everything computed, then cut": _edit(RETURN, "return Attended(z[:, :1] if first_only else z, attended.weights)"),
    "keyword arguments": _edit(FIRST, "y = add_norm(residual=rows, branch=attended.output, dropout=self.attention_dropout, norm=self.attention_norm)"),
}
