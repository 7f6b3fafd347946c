"""Wrong and rewritten versions of the embeddings; what is said about each is in bank/embeddings.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.embeddings", old, new),)


SUM = "summed = self.word(input_ids) + self.position(position_ids) + self.token_type(token_type_ids)"
WORDS, POSITIONS, TYPES = "self.word(input_ids)", " + self.position(position_ids)", " + self.token_type(token_type_ids)"
COUNTED = "position_ids = torch.arange(input_ids.size(1), device=input_ids.device)"
ZEROS = "token_type_ids = torch.zeros_like(input_ids)"
NORM = "return self.norm(summed)"
DROP = "return self.dropout(self.normalised(input_ids, token_type_ids, position_ids))"
LENGTH = "_expect_ids(input_ids, self.position.num_embeddings, position_ids)"
SINES = (
    "rates = 10000.0 ** (-torch.arange(0, self.word.embedding_dim, 2) / self.word.embedding_dim); angles = position_ids[..., None] * rates; "
    "waves = torch.stack([angles.sin(), angles.cos()], -1).flatten(-2)[..., : self.word.embedding_dim].to(self.word.weight.dtype); "
)

WRONG = {
    "token-types-missing": _edit(TYPES, ""),
    "token-types-only-when-given": _edit(ZEROS, "pass") + _edit(TYPES, " + (0 if token_type_ids is None else self.token_type(token_type_ids))"),
    "token-types-default-one": _edit(ZEROS, "token_type_ids = torch.ones_like(input_ids)"),
    "token-types-ignored": _edit("if token_type_ids is None:", "if True:"),
    "token-types-inverted": _edit("self.token_type(token_type_ids)", "self.token_type(1 - token_type_ids)"),
    "token-types-are-ids": _edit("self.token_type(token_type_ids)", "self.token_type(input_ids)"),
    "token-types-are-positions": _edit("self.token_type(token_type_ids)", "self.token_type(position_ids)"),
    "positions-missing": _edit(POSITIONS, ""),
    "positions-from-one": _edit(COUNTED, COUNTED + " + 1"),
    "positions-from-two": _edit(COUNTED, COUNTED + " + 2"),
    "positions-are-ids": _edit("self.position(position_ids)", "self.position(input_ids)"),
    "positions-backwards": _edit(COUNTED, COUNTED + ".flip(0)"),
    "positions-all-zero": _edit(COUNTED, "position_ids = torch.zeros_like(input_ids)"),
    "positions-by-sentence": _edit(COUNTED, "position_ids = torch.arange(input_ids.size(0), device=input_ids.device)[:, None]"),
    "positions-over-batch": _edit(COUNTED, "position_ids = torch.arange(input_ids.numel(), device=input_ids.device).view_as(input_ids) % self.position.num_embeddings"),
    "positions-sinusoidal": _edit(SUM, SINES + SUM.replace("self.position(position_ids)", "waves")),
    "positions-ignored": _edit("if position_ids is None:\n            position_ids = torch", "if True:\n            position_ids = torch"),
    "positions-wrapped": _edit(LENGTH, "pass") + _edit("self.position(position_ids)", "self.position(position_ids % self.position.num_embeddings)"),
    "words-missing": _edit(WORDS + " + ", ""),
    "words-scaled": _edit(WORDS, WORDS + " * self.word.embedding_dim**0.5"),
    "words-detached": _edit(WORDS, WORDS + ".detach()"),
    "tables-swapped": _edit("self.position(position_ids) + self.token_type(token_type_ids)", "self.position(token_type_ids) + self.token_type(position_ids)"),
    "tables-averaged": _edit(NORM, "return self.norm(summed / 3)"),
    "tables-multiplied": _edit(POSITIONS, " * self.position(position_ids)"),
    "norm-missing": _edit(NORM, "return summed"),
    "norm-on-words": _edit(WORDS, "self.norm(self.word(input_ids))") + _edit(NORM, "return summed"),
    "norm-per-table": _edit(SUM, "summed = self.norm(self.word(input_ids)) + self.norm(self.position(position_ids)) + self.norm(self.token_type(token_type_ids))")
    + _edit(NORM, "return summed"),
    "norm-before-token-types": _edit(TYPES, "") + _edit(NORM, "return self.norm(summed) + self.token_type(token_type_ids)"),
    "norm-before-positions": _edit(POSITIONS, "") + _edit(NORM, "return self.norm(summed) + self.position(position_ids)"),
    "norm-twice": _edit(NORM, "return self.norm(self.norm(summed))"),
    "norm-made-anew": _edit(NORM, "return torch.nn.functional.layer_norm(summed, summed.shape[-1:])"),
    "norm-over-tokens": _edit(NORM, "spread = summed.std(1, correction=0, keepdim=True).square() + self.norm.eps; "
                                    "return (summed - summed.mean(1, keepdim=True)) / spread.sqrt() * self.norm.weight + self.norm.bias"),
    "dropout-missing": _edit(DROP, "return self.normalised(input_ids, token_type_ids, position_ids)"),
    "dropout-before-norm": _edit(NORM, "return self.norm(self.dropout(summed))") + _edit(DROP, "return self.normalised(input_ids, token_type_ids, position_ids)"),
    "dropout-on-words": _edit(WORDS, "self.dropout(self.word(input_ids))") + _edit(DROP, "return self.normalised(input_ids, token_type_ids, position_ids)"),
    "dropout-twice": _edit(NORM, "return self.dropout(self.norm(summed))"),
    "dropout-in-normalised": _edit(NORM, "return self.dropout(self.norm(summed))") + _edit(DROP, "return self.normalised(input_ids, token_type_ids, position_ids)"),
    "dropout-in-eval": _edit(DROP, "return nn.functional.dropout(self.normalised(input_ids, token_type_ids, position_ids), self.dropout.p)"),
}

RIGHT = {
    "another order of the sum": _edit(SUM, "summed = self.token_type(token_type_ids) + self.position(position_ids) + self.word(input_ids)"),
    "rows of the tables by index": _edit(SUM, "summed = self.word.weight[input_ids] + self.position.weight[position_ids] + self.token_type.weight[token_type_ids]"),
    "positions cut from the table": _edit(COUNTED, "position_ids = torch.arange(self.position.num_embeddings)[: input_ids.size(1)].unsqueeze(0).expand_as(input_ids)"),
    "positions counted over real tokens": _edit(COUNTED, "position_ids = ((input_ids != 0).cumsum(1) - 1) * (input_ids != 0)"),
    "the same length refused by torch": _edit(LENGTH, "pass"),
    "functional norm and dropout": _edit(NORM, "return nn.functional.layer_norm(summed, (summed.size(-1),), self.norm.weight, self.norm.bias, self.norm.eps)")
    + _edit(DROP, "return nn.functional.dropout(self.normalised(input_ids, token_type_ids, position_ids), self.dropout.p, self.training)"),
    "one-hot products": _edit(SUM, "summed = nn.functional.one_hot(input_ids, self.word.num_embeddings).to(self.word.weight.dtype) @ self.word.weight "
                                   "+ self.position(position_ids) + self.token_type(token_type_ids)"),
    "stacked and summed": _edit(SUM, "summed = torch.stack(torch.broadcast_tensors(self.word(input_ids), self.position(position_ids), "
                                     "self.token_type(token_type_ids))).sum(0)"),
}
