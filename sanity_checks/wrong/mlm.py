"""Wrong and rewritten versions of masked language modelling; what is said about each is in bank/mlm.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

MODULE = "minbert.mlm"
HEAD = "return F.linear(self.norm(F.gelu(self.dense(hidden))), words, self.bias)"
TABLE = "return self.bert.embeddings.word.weight"
RUN = "return self.head(self.bert(input_ids, attention_mask, token_type_ids, keep_states=False).last_hidden_state, self.words)"
HIDDEN = "hidden = self.bert(input_ids, attention_mask, token_type_ids, keep_states=False).last_hidden_state[chosen]"
READ = "self.bert(input_ids, attention_mask, token_type_ids, keep_states=False)"
LOSS = "return F.cross_entropy(self.head(hidden, self.words), labels[chosen])"
WHOLE = "scores = self.head(self.bert(input_ids, attention_mask, token_type_ids).last_hidden_state, self.words)\n        "
RENAMED = 'renamed = {"cls.predictions.bias": heads["cls.predictions.decoder.bias"]} if "cls.predictions.decoder.bias" in heads else {}'


def _edit(*changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(MODULE, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _head(old: str, new: str) -> tuple[Edit, ...]:
    return _edit(HEAD, HEAD.replace(old, new))


def _loss(new: str) -> tuple[Edit, ...]:
    return _edit(LOSS, WHOLE + "return " + new)


ALL = "F.cross_entropy(scores.flatten(0, 1), labels.flatten()"

WRONG = {
    "gelu-missing": _head("F.gelu(self.dense(hidden))", "self.dense(hidden)"),
    "relu-for-gelu": _head("F.gelu", "F.relu"),
    "tanh-for-gelu": _head("F.gelu", "torch.tanh"),
    "gelu-of-tanh": _head("F.gelu(self.dense(hidden))", 'F.gelu(self.dense(hidden), approximate="tanh")'),
    "norm-missing": _head("self.norm(F.gelu(self.dense(hidden)))", "F.gelu(self.dense(hidden))"),
    "norm-before-gelu": _head("self.norm(F.gelu(self.dense(hidden)))", "F.gelu(self.norm(self.dense(hidden)))"),
    "norm-before-map": _head("self.norm(F.gelu(self.dense(hidden)))", "F.gelu(self.dense(self.norm(hidden)))"),
    "map-missing": _head("self.dense(hidden)", "hidden"),
    "head-missing": _head("self.norm(F.gelu(self.dense(hidden)))", "hidden"),
    "residual-added": _head("F.gelu(self.dense(hidden))", "hidden + F.gelu(self.dense(hidden))"),
    "bias-missing": _head(", words, self.bias", ", words"),
    "bias-subtracted": _head("words, self.bias", "words, -self.bias"),
    "words-normalised": _head("words,", "F.normalize(words, dim=-1),"),
    "decoder-is-a-copy": _edit(TABLE, 'if not hasattr(self, "_copied"):\n            self._copied = [self.bert.embeddings.word.weight.detach().clone().requires_grad_()]\n        return self._copied[0]'),
    "decoder-detached": _edit(TABLE, TABLE + ".detach()"),
    "decoder-reversed": _edit(TABLE, TABLE + ".flip(0)"),
    "mask-forgotten": _edit(READ, READ.replace("attention_mask, ", "None, ")),
    "mask-forgotten-in-the-loss": _edit(HIDDEN, HIDDEN.replace("attention_mask, ", "None, ")),
    "token-types-forgotten": _edit(READ, READ.replace("token_type_ids, ", "None, ")),
    "token-types-forgotten-in-the-loss": _edit(HIDDEN, HIDDEN.replace("token_type_ids, ", "None, ")),
    "mask-and-token-types-exchanged": _edit(READ, READ.replace("attention_mask, token_type_ids", "token_type_ids, attention_mask")),
    "pooled-vector-read": _edit(HIDDEN, HIDDEN.replace(".last_hidden_state[chosen]", ".pooler_output[:, None].expand(-1, input_ids.size(1), -1)[chosen]")),
    "all-places-counted": _loss(ALL + ".clamp(min=0))"),
    "padding-for-nothing-asked": _loss(ALL + ".clamp(min=0), ignore_index=0)"),
    "divided-by-all-places": _loss(ALL + ', ignore_index=IGNORED, reduction="sum") / labels.numel()'),
    "summed": _loss(ALL + ', ignore_index=IGNORED, reduction="sum")'),
    "averaged-over-texts": _loss("torch.stack([F.cross_entropy(row, own, ignore_index=IGNORED) for row, own in zip(scores, labels) if (own != IGNORED).any()]).mean()"),
    "answers-shifted": _loss("F.cross_entropy(scores[:, :-1].flatten(0, 1), labels[:, 1:].flatten(), ignore_index=IGNORED)"),
    "ids-for-labels": _edit(LOSS, LOSS.replace("labels[chosen]", "input_ids[chosen]")),
    "softmax-twice": _edit(LOSS, LOSS.replace("self.words), ", "self.words).softmax(-1), ")),
    "sign-wrong": _edit(LOSS, LOSS.replace("return ", "return -")),
    "loss-detached": _edit(LOSS, LOSS + ".detach().requires_grad_()"),
    "encoder-detached": _edit(LOSS, LOSS.replace("hidden, self", "hidden.detach(), self")),
    "decoder-bias-of-a-file-lost": _edit(RENAMED, "renamed = {}"),
    "head-of-a-file-lost": _edit("    if found and missing:", "    found, missing = {}, []\n    if found and missing:"),
    "half-a-head-accepted": _edit("if found and missing:", "if False:"),
    "untied-decoder-accepted": _edit("if found and COPY in heads and", "if False and"),
}

RIGHT = {
    "a product and a sum": _head("F.linear(self.norm(F.gelu(self.dense(hidden))), words, self.bias)", "self.norm(F.gelu(self.dense(hidden))) @ words.T + self.bias"),
    "einsum": _head("F.linear(self.norm(F.gelu(self.dense(hidden))), words, self.bias)", "torch.einsum('...c,vc->...v', self.norm(F.gelu(self.dense(hidden))), words).add(self.bias)"),
    "every place scored, others left out of the loss": _loss(ALL + ", ignore_index=IGNORED)"),
    "cross-entropy over transposed scores": _loss("F.cross_entropy(scores.transpose(1, 2), labels, ignore_index=-100)"),
    "log-softmax and gather": _loss("-scores.log_softmax(-1)[chosen].gather(1, labels[chosen][:, None]).mean()"),
}
