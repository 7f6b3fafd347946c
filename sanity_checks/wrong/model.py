"""Wrong and rewritten versions of the whole encoder; what is said about each is in bank/model.py and bank/model_pooler.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit


def _edit(old: str, new: str) -> tuple[Edit, ...]:
    return (Edit("minbert.bert", old, new),)


POOLED = "return torch.tanh(self.dense(hidden[:, 0]))"
BIAS = "bias = None if attention_mask is None else attention_bias(attention_mask, _score_dtype(hidden))"
LOOP = "for number, layer in enumerate(self.layers, start=1):"
STEP = "step = layer(hidden, bias, first_only=first_only and number == len(self.layers), need_weights=need_weights)"
ON = "hidden = step.output"
FIRST_STATE = "last, states, weights = embeddings, [embeddings], []"
NEXT_STATE = "states = [*states, last] if keep_states else []"
OUTPUT = "return BertOutput(last, self.pooler(last), tuple(states), tuple(weights) if need_weights else None)"
EXTENDED = "None if attention_mask is None else attention_mask[:, None, None, :].to(hidden.dtype)"

WRONG = {
    "pooler-tanh-missing": _edit(POOLED, "return self.dense(hidden[:, 0])"),
    "pooler-relu": _edit(POOLED, "return torch.relu(self.dense(hidden[:, 0]))"),
    "pooler-gelu": _edit(POOLED, "return nn.functional.gelu(self.dense(hidden[:, 0]))"),
    "pooler-sigmoid": _edit(POOLED, "return torch.sigmoid(self.dense(hidden[:, 0]))"),
    "pooler-map-missing": _edit(POOLED, "return torch.tanh(hidden[:, 0])"),
    "pooler-tanh-first": _edit(POOLED, "return self.dense(torch.tanh(hidden[:, 0]))"),
    "pooler-raw-cls": _edit(POOLED, "return hidden[:, 0]"),
    "pooler-last-token": _edit(POOLED, "return torch.tanh(self.dense(hidden[:, -1]))"),
    "pooler-mean": _edit(POOLED, "return torch.tanh(self.dense(hidden.mean(1)))"),
    "pooler-mean-raw": _edit(POOLED, "return hidden.mean(1)"),
    "pooler-max": _edit(POOLED, "return torch.tanh(self.dense(hidden.amax(1)))"),
    "pooler-max-raw": _edit(POOLED, "return hidden.amax(1)"),
    "pooler-first-sentence": _edit(POOLED, "return torch.tanh(self.dense(hidden[0, : len(hidden)]))"),
    "pooler-all-tokens": _edit(POOLED, "return torch.tanh(self.dense(hidden))"),
    "pooler-detached": _edit(POOLED, "return torch.tanh(self.dense(hidden[:, 0].detach()))"),
    "pooler-of-embeddings": _edit(OUTPUT, OUTPUT.replace("self.pooler(last)", "self.pooler(embeddings)")),
    "pooler-of-first-layer": _edit(OUTPUT, OUTPUT.replace("self.pooler(last)", "self.pooler(states[1])")),
    "pooler-of-layer-before-last": _edit(OUTPUT, OUTPUT.replace("self.pooler(last)", "self.pooler(states[-2])")),
    "mask-missing": _edit(BIAS, "bias = None"),
    "mask-inverted": _edit("attention_bias(attention_mask,", "attention_bias(1 - attention_mask,"),
    "mask-raw": _edit(BIAS, f"bias = {EXTENDED}"),
    "mask-raw-inverted": _edit(BIAS, f"bias = {EXTENDED.replace('attention_mask[', '(1 - attention_mask)[')}"),
    "mask-sign-flipped": _edit(BIAS, f"bias = {EXTENDED.replace('attention_mask[', '10000 * (1 - attention_mask)[')}"),
    "mask-on-queries": _edit(BIAS, BIAS + "; bias = None if bias is None else bias.transpose(-1, -2).clamp(min=-1e4).expand(-1, -1, -1, hidden.size(1))"),
    "mask-of-first-sentence": _edit(BIAS, BIAS + "; bias = None if bias is None else bias[:1].expand_as(bias)"),
    "mask-first-layer-only": _edit("layer(hidden, bias,", "layer(hidden, bias if number == 1 else None,"),
    "mask-missing-in-last-layer": _edit("layer(hidden, bias,", "layer(hidden, bias if number < len(self.layers) else None,"),
    "mask-multiplied-into-states": _edit(BIAS, BIAS + "; hidden = hidden if attention_mask is None else hidden * attention_mask[..., None]")
    + _edit("layer(hidden, bias,", "layer(hidden, None,"),
    "mask-overwritten": _edit(BIAS, BIAS + "; attention_mask = attention_mask if attention_mask is None else attention_mask.zero_()"),
    "layers-reversed": _edit("enumerate(self.layers, start=1)", "enumerate(reversed(self.layers), start=1)"),
    "first-layer-skipped": _edit("enumerate(self.layers, start=1)", "enumerate(self.layers[1:], start=2)"),
    "last-layer-skipped": _edit("enumerate(self.layers, start=1)", "enumerate(self.layers[:-1], start=1)"),
    "one-layer-only": _edit("enumerate(self.layers, start=1)", "enumerate(self.layers[:1], start=1)"),
    "same-layer-again": _edit("step = layer(", "step = self.layers[0]("),
    "last-layer-again": _edit("step = layer(", "step = self.layers[-1]("),
    "layer-applied-twice": _edit(ON, "hidden = layer(step.output, bias).output if number == 1 else step.output"),
    "last-layer-applied-twice": _edit("enumerate(self.layers, start=1)", "enumerate([*self.layers, self.layers[-1]], start=1)"),
    "layers-side-by-side": _edit(ON, "pass"),
    "extra-residual": _edit(ON, "hidden = hidden[:, : step.output.size(1)] + step.output; step = Attended(hidden, step.weights)"),
    "extra-norm": _edit(ON, "hidden = nn.functional.layer_norm(step.output, step.output.shape[-1:]); step = Attended(hidden, step.weights)"),
    "extra-dropout": _edit(ON, "hidden = nn.functional.dropout(step.output, layer.feed_forward_dropout.p, self.training)"),
    "dropout-in-eval": _edit(ON, "hidden = nn.functional.dropout(step.output, 0.25)"),
    "detached": _edit(ON, "hidden = step.output.detach()"),
    "no-gradient": _edit(BIAS, BIAS + "; hidden = hidden.detach()"),
    "attends-across-sentences": _edit(STEP, "step = layer(hidden.transpose(0, 1), None); step = Attended(step.output.transpose(0, 1)[:, : 1 if first_only and "
                                            "number == len(self.layers) else None], step.weights)"),
    "first-only-ignored": _edit("first_only and number == len(self.layers)", "False"),
    "first-only-too-early": _edit("first_only and number == len(self.layers)", "first_only"),
    "weights-not-asked-for": _edit(", need_weights=need_weights)\n            hidden", ")\n            hidden"),
    "states-without-embeddings": _edit(FIRST_STATE, FIRST_STATE.replace("[embeddings]", "[]")),
    "states-one-late": _edit(NEXT_STATE, "states = [*states, states[-1]]; states[-2] = last"),
    "yields-input": _edit(ON, "hidden, step = step.output, Attended(hidden[:, : step.output.size(1)], step.weights)"),
    "token-types-not-passed-on": _edit("self.embeddings(input_ids, token_type_ids,", "self.embeddings(input_ids, None,"),
    "positions-not-passed-on": _edit("token_type_ids, position_ids)  # (B, T, C)", "token_type_ids, None)  # (B, T, C)"),
    "output-tuple": _edit(OUTPUT, "return last, self.pooler(last)"),
    "output-keys": _edit(OUTPUT, "return {'last_hidden_state': last, 'pooled_output': self.pooler(last)}"),
    "output-nothing": _edit(OUTPUT, "BertOutput(last, self.pooler(last), tuple(states), None)"),
    "mask-unchecked": _edit("_expect_mask(hidden, attention_mask)\n        bias", "bias"),
    "all-layers-at-once": _edit("            yield step", "            every = [*every, step] if number > 1 else [step]\n        yield from every"),
}

RIGHT = {
    "first position by select": _edit(POOLED, "return self.dense(hidden.select(1, 0)).tanh()"),
    "tanh from the exponential": _edit(POOLED, "twice = torch.exp(2 * self.dense(hidden[:, 0])); return (twice - 1) / (twice + 1)"),
    "pooled over all positions, then cut": _edit(POOLED, "return torch.tanh(self.dense(hidden))[:, 0]"),
    "mask of -10000": _edit(BIAS, f"bias = {EXTENDED.replace('attention_mask[', '-10000.0 * (1 - attention_mask)[')}"),
    "mask of zeros where there is none": _edit(BIAS, BIAS.replace("None if attention_mask is None else attention_bias(attention_mask",
                                                                  "attention_bias(hidden.new_ones(hidden.shape[:2]).long() if attention_mask is None else attention_mask")),
    "layers by number": _edit(LOOP, "for number in range(1, len(self.layers) + 1):\n            layer = self.layers[number - 1]"),
    "last layer told by identity": _edit("number == len(self.layers)", "layer is self.layers[-1]"),
    "yield before the states move on": _edit("            hidden = step.output\n            yield step", "            yield step\n            hidden = step.output"),
}
