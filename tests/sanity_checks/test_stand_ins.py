"""What stands in for the other components computes what they compute: outputs, gradients, and dropouts in the same order."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest
import torch
from torch import Tensor

from minbert.bert import Bert
from minbert.config import BertConfig
from sanity_checks.recorder import recorded_dropout
from sanity_checks.stand_ins import others_standing_in
from sanity_checks.subjects.sizes import Sizes, leaves, settle

SIZES = Sizes()
SWITCHES = ({}, {"first_only": True}, {"need_weights": True}, {"token_type_ids": torch.arange(14).view(2, 7) % 2}, {"position_ids": torch.arange(7).flip(0)})


def encoder() -> Bert:
    """An encoder whose norms, rates and weights are all its own."""
    bert = Bert(BertConfig(vocab_size=SIZES.vocabulary, hidden_size=SIZES.width, num_hidden_layers=2, num_attention_heads=SIZES.heads,
                           intermediate_size=SIZES.inner, max_position_embeddings=SIZES.positions, attention_probs_dropout_prob=SIZES.attention_rate))  # fmt: skip
    return settle(bert, leaves(bert))  # type: ignore[return-value]


def seen(bert: Bert, inside: AbstractContextManager[None], switches: dict[str, object]) -> tuple[list[Tensor], list[float]]:
    """All outputs and gradients, and the rates of the dropouts, with the bodies that `inside` puts in place."""
    ids, mask = torch.arange(14).view(2, 7) * 3 % SIZES.vocabulary, torch.tensor([[1] * 7, [1] * 4 + [0] * 3])
    bert.zero_grad()
    with inside, recorded_dropout() as calls:
        output = bert(ids, mask, **switches)
        (output.pooler_output.pow(3).sum() + (output.last_hidden_state * mask[:, : output.last_hidden_state.size(1), None]).pow(3).sum()).backward()
    tensors = [output.last_hidden_state, output.pooler_output, *(output.attentions or ()), *(parameter.grad for parameter in bert.parameters())]
    return [tensor.detach().clone() for tensor in tensors], [call.rate for call in calls]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("switches", SWITCHES, ids=lambda switches: next(iter(switches), "plain"))
def test_stand_ins_compute_what_they_stand_in_for(switches: dict[str, object], training: bool) -> None:
    bert = encoder().train(training)
    (standing, rates), (ours, our_rates) = (seen(bert, inside, switches) for inside in (others_standing_in("nothing"), nullcontext()))
    assert rates == our_rates
    assert len(rates) == (7 if training else 0)
    for one, other in zip(standing, ours):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)
