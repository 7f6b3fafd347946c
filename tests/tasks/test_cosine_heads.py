"""Cosine heads: published values, what scaling a vector may change, saturation, and which tasks they suit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from minbert_small import SMALL
from tasks_small import SETTINGS, TRIO, small_batch, small_model

from minbert.bert import Bert
from minbert.errors import UserError
from tasks.cosine_heads import CosineEmbeddingHead, CosineFeatureHead, CosineHead, cosine
from tasks.cosine_loss import cosine_embedding
from tasks.head_table import HEADS
from tasks.model import MultitaskModel
from tasks.pairs import combine


def angled(*cosines: float) -> torch.Tensor:
    """Features [u; v] of pairs with these cosines, C = 2, vectors of different lengths."""
    c = torch.tensor(cosines, dtype=torch.float64)
    return torch.stack([torch.full_like(c, 3.0), torch.zeros_like(c), 7 * c, 7 * (1 - c**2).sqrt()], -1)


def identity(head: CosineHead) -> CosineHead:
    with torch.no_grad():
        head.linear.weight.copy_(torch.eye(2))
    return head.double().eval()


def test_the_paper_s_head_gives_the_published_values_and_slopes():
    head = identity(CosineHead(2, top=5.0))
    assert head(angled(0.1, 0.2, 0.5, 0.9)).tolist() == pytest.approx([4.40, 4.91, 4.99977, 4.99999992], abs=5e-3)
    assert head(angled(0.5))[0].item() == pytest.approx(4.99977, abs=1e-5)
    c = torch.tensor([0.0, 0.2, 0.5, 0.9], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad((5 * torch.sigmoid(20 * c)).sum(), c)
    assert slope.tolist() == pytest.approx([25, 1.77, 4.5e-3, 1.5e-6], rel=0.02)


def test_every_output_reaches_both_ends_of_the_label_range():
    ends = angled(-1.0, 1.0)
    for output, (low, high) in {"sigmoid": (0.0, 5.0), "affine": (0.0, 5.0), "relu": (0.0, 5.0)}.items():
        assert identity(CosineHead(2, 5.0, output=output))(ends).tolist() == pytest.approx([low, high], abs=1e-6), output


def test_a_longer_vector_changes_no_cosine_and_zero_has_cosine_zero():
    u, v = torch.randn(2, 5, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(cosine(3.0 * u, 0.01 * v), cosine(u, v), rtol=0, atol=1e-12)
    assert cosine(torch.zeros(1, 7), torch.ones(1, 7)).item() == 0
    assert torch.allclose(cosine(u, u), torch.ones(5, dtype=torch.float64))


def test_saturation_is_said_and_a_useful_spread_is_not():
    head = CosineHead(2, top=5.0)
    assert "almost no slope" in head.warning(torch.full((20,), 4.9999)) and "cosine_scale = 5" in head.warning(torch.full((20,), 0.001))
    assert head.warning(torch.linspace(0, 5, 20)) == "" and CosineHead(2, 5.0, output="affine").warning(torch.full((20,), 5.0)) == ""


def test_with_cosine_weight_zero_the_feature_head_is_the_linear_head():
    features = torch.randn(5, 14, generator=torch.Generator().manual_seed(2))
    head = CosineFeatureHead(14, 1).eval()
    with torch.no_grad():
        head.linear.weight[0, -1] = 0
    assert torch.allclose(head(features), features @ head.linear.weight[0, :-1], rtol=0, atol=1e-7)


def test_the_feature_head_reads_the_cosine_of_whole_vectors_and_may_keep_it_from_dropout():
    features = angled(0.25, -0.5)
    for keep in (False, True):
        head = CosineFeatureHead(4, 1, dropout=0.5, keep_cosine=keep).double().train()
        with torch.no_grad():
            head.linear.weight.zero_()
            head.linear.weight[0, -1] = 1
        seen = {tuple(round(number, 6) for number in head(features).tolist()) for _ in range(60)}
        assert (seen == {(0.25, -0.5)}) == keep
        assert keep or seen == {(a, b) for a in (0.0, 0.5) for b in (0.0, -1.0)}


def test_swapping_the_sentences_changes_the_feature_head_unless_its_blocks_are_equal():
    u, v = torch.randn(2, 5, 3, generator=torch.Generator().manual_seed(3))
    head = CosineFeatureHead(6, 1).eval()
    assert not torch.allclose(head(combine(u, v)), head(combine(v, u)))
    with torch.no_grad():
        head.linear.weight[0, 3:6] = head.linear.weight[0, :3]
    assert torch.allclose(head(combine(u, v)), head(combine(v, u)), rtol=0, atol=1e-6)


@pytest.mark.parametrize("label, losses", [(5.0, [0, 1, 2]), (0.0, [1, 0, 0]), (2.5, [1, 0, 0])])
def test_the_embedding_loss_gives_the_published_values_and_equals_torch(label, losses):
    cosines = torch.tensor([1.0, 0.0, -1.0], dtype=torch.float64)
    found = [cosine_embedding(each[None], torch.tensor([label]), 2.5).item() for each in cosines]
    assert found == losses
    features, sign = angled(0.3, -0.2, 0.9), torch.tensor([1.0, -1.0, -1.0])
    theirs = torch.nn.functional.cosine_embedding_loss(*features.chunk(2, -1), sign, margin=0.1)
    ours = cosine_embedding(CosineEmbeddingHead()(features), torch.where(sign > 0, 4.0, 1.0), 2.5, 0.1)
    assert torch.allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", sorted(set(HEADS) - {"linear"}))
def test_every_head_trains_the_encoder_of_its_task(name):
    model, batch = small_model(heads=(f"sts={name}",)), small_batch("sts")
    model.loss(batch, model(batch)).backward()
    assert model(batch).shape == (5,) and model.bert.layers[0].attention.query.weight.grad.abs().max() > 0
    assert all(parameter.grad is not None for parameter in model.heads["sts"].parameters())


@pytest.mark.parametrize("settings, sentence", [
    ({"heads": ("sst=cosine-2d+1",)}, r"head 'cosine-2d\+1' of task 'sst' compares \[u; v\]"),
    ({"heads": ("sts=cosine-d",), "pairs": "cross"}, r"needs a task of pairs, model.pairs = \"siamese\""),
    ({"heads": ("sts=cosine-d",), "pair_features": "sbert"}, "pair_features = \"concat\""),
    ({"heads": ("quora=cosine-d",)}, "the task is of kind 'binary'; use \"cosine-2d\\+1\""),
    ({"heads": ("stss=cosine-d",)}, "names a head for task 'stss', and there are sst, quora, sts"),
    ({"heads": ("sts=cosine",)}, "asks for head 'cosine', expected one of linear, cosine-d, .*; did you mean cosine-d"),
])
def test_a_head_that_does_not_suit_its_task_is_refused(settings, sentence):
    with pytest.raises(UserError, match=sentence):
        MultitaskModel(Bert(SMALL), TRIO, replace(SETTINGS, **settings))
