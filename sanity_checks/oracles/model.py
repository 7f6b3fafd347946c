"""The whole encoder with its pooler: against the stored reference, and against itself padded, permuted and cut.

Letters: B batch, T tokens, C width, L layers.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sanity_checks.judge import expect, same
from sanity_checks.reference import CONFIG, inputs, random, reference, reference_bert


def states_equal_reference() -> float:
    """The embeddings and every layer's states are those of transformers' BertModel, at real tokens, with both kernels."""
    worst, (ids, mask, types) = 0.0, inputs()
    for kernel in ("formula", "fused"):
        output = reference_bert(kernel)(ids, mask, types)
        expect(len(output.hidden_states) == CONFIG.num_hidden_layers + 1, f"there are {len(output.hidden_states)} hidden states, expected layers + 1")
        for number, states in enumerate(output.hidden_states):
            worst = max(worst, same(f"hidden state {number}", states[mask.bool()], reference()[f"hidden.{number}"][mask.bool()]))
        last = reference()[f"hidden.{CONFIG.num_hidden_layers}"]
        worst = max(worst, same("last_hidden_state", output.last_hidden_state[mask.bool()], last[mask.bool()]))
    return worst


def pooled_equals_reference() -> float:
    """pooler_output is tanh(h[CLS] W + b)."""
    return same("pooler_output", reference_bert()(*inputs()).pooler_output, reference()["pooled"])


def attentions_equal_reference() -> float:
    """The attention weights that can be asked for are those of transformers' BertModel."""
    attentions = reference_bert()(*inputs(), need_weights=True).attentions
    return max(same(f"the weights of layer {number}", weights, reference()[f"attention.{number}"]) for number, weights in enumerate(attentions))


def gradients_equal_reference() -> float:
    """The norm of each parameter's gradient is the one that transformers' BertModel computed."""
    bert, stored = reference_bert(), reference()
    output = bert(*inputs())
    ((output.last_hidden_state * stored["probe.last"]).sum() + (output.pooler_output * stored["probe.pooled"]).sum()).backward()
    missing = [name for name, parameter in bert.named_parameters() if parameter.grad is None]
    expect(not missing, f"no gradient reaches {', '.join(missing)}")
    return max(same(f"the gradient norm of {name}", parameter.grad.norm(), stored[f"gradient.{name}"]) for name, parameter in bert.named_parameters())


def forward_is_encode_after_embed() -> float:
    """forward(ids) equals encode(embed(ids))."""
    bert, (ids, mask, types) = reference_bert(), inputs()
    return same("encode(embed(ids))", bert.encode(bert.embed(ids, types), mask).last_hidden_state, bert(ids, mask, types).last_hidden_state)


def padding_changes_nothing() -> float:
    """More padding, whatever ids sit in it, leaves the real tokens and the pooled vector as they were."""
    bert, (ids, mask, types) = reference_bert(), inputs()
    before, real = bert(ids, mask, types), mask.bool()
    longer = [torch.cat([rows, torch.full((2, 3), fill)], dim=1) for rows, fill in ((ids, 23), (mask, 0), (types, 1))]  # (B, T + 3)
    after = bert(*longer)
    return max(same("last_hidden_state with more padding", after.last_hidden_state[:, : ids.size(1)][real], before.last_hidden_state[real]),
               same("pooler_output with more padding", after.pooler_output, before.pooler_output))


def rows_do_not_see_each_other() -> float:
    """A row alone, or in another order, gives what it gave in the batch."""
    bert, given = reference_bert(), inputs()
    together = bert(*given).pooler_output
    alone = bert(*(rows[1:] for rows in given)).pooler_output
    turned = bert(*(rows.flip(0) for rows in given)).pooler_output
    return max(same("a row alone", alone, together[1:]), same("rows in another order", turned, together.flip(0)))


def every_token_sees_the_others() -> None:
    """BERT looks both ways: changing the last real token changes the first one's state."""
    bert, (ids, mask, types) = reference_bert(), inputs()
    changed = ids.clone()
    changed[0, -1] = ids[0, -1] % (CONFIG.vocab_size - 1) + 1
    apart = bert(ids, mask, types).last_hidden_state[0, 0] - bert(changed, mask, types).last_hidden_state[0, 0]
    expect(apart.abs().max() > 1e-6, "the first token does not depend on the last one")


def cls_alone_equals_all() -> float:
    """When only [CLS] is wanted, the last layer computes it alone, with the same pooled vector and gradients."""
    bert, given, upstream = reference_bert(), inputs(), random(2, CONFIG.hidden_size)
    results: list[list[Tensor]] = []
    for first_only in (True, False):
        pooled = bert(*given, first_only=first_only).pooler_output
        results.append([pooled, torch.autograd.grad((pooled * upstream).sum(), bert.embeddings.word.weight)[0]])
    return max(same(name, short, whole) for name, short, whole in zip(("pooler_output of [CLS] alone", "its gradient"), *results))


def eval_is_deterministic_and_train_is_not() -> None:
    """Two calls agree in eval mode and differ in train mode."""
    bert, given = reference_bert(), inputs()
    expect(torch.equal(bert(*given).pooler_output, bert(*given).pooler_output), "two calls in eval mode differ")
    bert.train()
    expect(not torch.equal(bert(*given).pooler_output, bert(*given).pooler_output), "two calls in train mode are equal: dropout does nothing")


PROBES = (states_equal_reference, pooled_equals_reference, attentions_equal_reference, gradients_equal_reference, forward_is_encode_after_embed,
          padding_changes_nothing, rows_do_not_see_each_other, every_token_sees_the_others, cls_alone_equals_all,
          eval_is_deterministic_and_train_is_not)
