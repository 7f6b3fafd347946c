"""Parameter groups: every trainable tensor once, at its own rate, decayed or not, on the names of the real model."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from optim import AdamW, parameter_groups

LAYERS = 3
BLOCK = ("attention.query", "attention.key", "attention.value", "attention.output", "attention_norm", "feed_forward.expand", "feed_forward_norm")


def named_tensors() -> list[tuple[str, nn.Parameter]]:
    """The names of a multitask model of three layers, each with a small tensor of its own."""
    names = ["bert.embeddings.word.weight", "bert.embeddings.position.weight", "bert.embeddings.norm.weight", "bert.embeddings.norm.bias"]
    names += [f"bert.layers.{i}.{part}.{leaf}" for i in range(LAYERS) for part in BLOCK for leaf in ("weight", "bias")]
    names += ["bert.pooler.dense.weight", "bert.pooler.dense.bias", "heads.sst.weight", "heads.sst.bias", "heads.unbiased.weight"]
    return [(name, nn.Parameter(torch.full((2,), 1.0 + i))) for i, name in enumerate(names)]


def settings_by_name(named, groups) -> dict[str, tuple[float, float]]:
    """name -> (lr, weight_decay); fails if a tensor is in two groups."""
    by_id = {}
    for group in groups:
        for parameter in group["params"]:
            assert id(parameter) not in by_id
            by_id[id(parameter)] = (group["lr"], group["weight_decay"])
    return {name: by_id[id(parameter)] for name, parameter in named if id(parameter) in by_id}


def test_every_trainable_tensor_is_in_exactly_one_group_and_frozen_ones_in_none():
    named = named_tensors()
    for _, parameter in named[:2]:
        parameter.requires_grad_(False)
    groups = parameter_groups(named, lr=1e-5, weight_decay=0.01, layer_decay=0.95, head_lr_multiplier=2.0)
    assert set(settings_by_name(named, groups)) == {name for name, _ in named[2:]}
    assert len({group["name"] for group in groups}) == len(groups)


def test_biases_and_norms_are_not_decayed_and_nothing_else_is_spared():
    named = named_tensors()
    for name, (_, decay) in settings_by_name(named, parameter_groups(named, lr=1.0, weight_decay=0.1)).items():
        assert decay == (0.0 if name.endswith(".bias") or "norm." in name else 0.1), name


def test_the_top_layer_learns_at_the_base_rate_and_each_layer_below_at_xi_times_the_one_above():
    named = named_tensors()
    rates = {name: lr for name, (lr, _) in settings_by_name(named, parameter_groups(named, lr=1e-5, layer_decay=0.9)).items()}
    for name, rate in rates.items():
        exponent = LAYERS - 1 - int(name.split(".")[2]) if name.startswith("bert.layers.") else 0
        assert rate == pytest.approx(1e-5 * 0.9**exponent, rel=1e-15), name


def test_twelve_layers_give_the_published_rates():
    named = [(f"bert.layers.{i}.attention_norm.bias", nn.Parameter(torch.ones(1))) for i in range(12)]
    rates = [group["lr"] for group in parameter_groups(named, lr=1e-5, layer_decay=0.95)]
    assert rates[11] == 1e-5 and [f"{rate:.4g}" for rate in rates[::-1][:3] + rates[:1]] == ["1e-05", "9.5e-06", "9.025e-06", "5.688e-06"]


def test_embeddings_may_lie_one_layer_below_the_lowest():
    named = named_tensors()
    found = settings_by_name(named, parameter_groups(named, lr=1.0, layer_decay=0.5, decay_embeddings=True))
    assert found["bert.embeddings.word.weight"][0] == found["bert.embeddings.norm.bias"][0] == 0.5**LAYERS
    assert found["bert.layers.0.attention.query.weight"][0] == 0.5 ** (LAYERS - 1) and found["bert.pooler.dense.weight"][0] == 1.0


@pytest.mark.parametrize("kind, factors", [("ulmfit", [2.6**-4, 2.6**-3, 2.6**-2, 2.6**-1, 1.0]), ("thirds", [1 / 2.6, 1 / 2.6, 1.0, 1.0, 2.6])])
def test_discriminative_rates_of_five_layers(kind, factors):
    names = ["bert.embeddings.norm.bias", *(f"bert.layers.{i}.attention_norm.bias" for i in range(5)), "bert.pooler.dense.bias", "heads.sst.bias"]
    named = [(name, nn.Parameter(torch.ones(1))) for name in names]
    found = [lr for lr, _ in settings_by_name(named, parameter_groups(named, lr=3.0, no_decay=("bias",), layer_rates=kind)).values()]
    embeddings = 2.6**-5 if kind == "ulmfit" else 1.0
    assert found == pytest.approx([3.0 * factor for factor in (embeddings, *factors, 1.0, 1.0)], rel=1e-15)


def test_twelve_layers_fall_into_three_equal_thirds():
    named = [(f"bert.layers.{i}.attention_norm.bias", nn.Parameter(torch.ones(1))) for i in range(12)]
    rates = [group["lr"] for group in parameter_groups(named, lr=2e-5, layer_rates="thirds", no_decay=("bias",))]
    assert rates == pytest.approx([2e-5 / 2.6] * 4 + [2e-5] * 4 + [2e-5 * 2.6] * 4, rel=1e-15)


@pytest.mark.parametrize("parts, moved", [("tables", {"word", "position"}), ("all", {"word", "position", "token_type", "norm"})])
def test_the_embeddings_rate_is_about_the_two_tables_or_about_all_of_them(parts, moved):
    named = [*named_tensors(), ("bert.embeddings.token_type.weight", nn.Parameter(torch.ones(2))), ("towers.sts.embeddings.word.weight", nn.Parameter(torch.ones(2)))]
    found = settings_by_name(named, parameter_groups(named, lr=1.0, embedding_lr_multiplier=0.5, embedding_parts=parts))
    for name, (lr, _) in found.items():
        assert lr == (0.5 if ".embeddings." in name and name.split(".embeddings.")[1].split(".")[0] in moved else 1.0), name


def test_the_embeddings_rate_multiplies_that_of_their_place_in_the_stack():
    named = named_tensors()
    found = settings_by_name(named, parameter_groups(named, lr=1.0, layer_rates="ulmfit", embedding_lr_multiplier=0.5))
    assert found["bert.embeddings.word.weight"][0] == pytest.approx(0.5 * 2.6**-LAYERS) and found["bert.embeddings.norm.weight"][0] == pytest.approx(2.6**-LAYERS)


def test_heads_learn_at_their_own_multiple():
    named = named_tensors()
    found = settings_by_name(named, parameter_groups(named, lr=2.0, head_lr_multiplier=1.5))
    assert all(lr == (3.0 if name.startswith("heads.") else 2.0) for name, (lr, _) in found.items())


def owned_tensors() -> list[tuple[str, nn.Parameter]]:
    """Three layers of which the top one is each task's own, adapters of two tasks, a layer that two heads share, and a frozen copy."""
    shared = [pair for pair in named_tensors() if ".layers.2." not in pair[0] and ".pooler." not in pair[0]]
    names = [f"towers.{task}.{rest}" for task in ("sst", "sts") for rest in ("layers.2.attention.query.weight", "layers.2.attention_norm.weight", "pooler.dense.weight", "embeddings.word.weight")]
    names += [f"adapters.functions.{task}.{rest}" for task in ("sst", "sts") for rest in ("down.weight", "attentions.1.query.weight", "norm.0.weight", "up.bias")]
    own = [(name, nn.Parameter(torch.ones(2))) for name in [*names, "relation.linear.weight"]]
    return [*shared, *own, ("static.bert.layers.2.attention.query.weight", nn.Parameter(torch.ones(2), requires_grad=False))]


def test_a_tower_is_as_high_in_the_stack_as_the_layers_it_stands_for():
    """L is 3 with towers of two tasks: one that counted each task's layer would be deeper, and slow the lowest too much."""
    named = owned_tensors()
    rates = {name: lr for name, (lr, _) in settings_by_name(named, parameter_groups(named, lr=1.0, layer_decay=0.5, decay_embeddings=True)).items()}
    found = {rates[name] for name in rates if ".layers.2." in name}, {rates[name] for name in rates if ".layers.0." in name}, {rates[name] for name in rates if ".embeddings." in name}
    assert found == ({1.0}, {0.25}, {0.125})
    assert rates["towers.sst.pooler.dense.weight"] == rates["adapters.functions.sst.attentions.1.query.weight"] == 1.0


def test_adapters_learn_at_their_own_multiple_and_a_frozen_copy_is_in_no_group():
    named = owned_tensors()
    found = settings_by_name(named, parameter_groups(named, lr=1e-5, weight_decay=0.1, layer_decay=0.9, head_lr_multiplier=3.0, adapter_lr_multiplier=100.0))
    adapters = {name: value for name, value in found.items() if name.startswith("adapters.")}
    assert len(adapters) == 8 and {lr for lr, _ in adapters.values()} == {1e-5 * 100.0}
    assert {name for name, (_, decay) in adapters.items() if decay == 0} == {name for name in adapters if "norm" in name or "bias" in name}
    assert found["relation.linear.weight"][0] == found["heads.sst.weight"][0] == 1e-5 * 3.0
    assert set(found) == {name for name, _ in named if not name.startswith("static.")}


def test_neutral_settings_reproduce_a_single_group_bitwise(generator):
    grouped, single = named_tensors(), named_tensors()
    first = AdamW(parameter_groups(grouped, lr=1e-2, weight_decay=0.0, layer_decay=1.0, head_lr_multiplier=1.0))
    second = AdamW([parameter for _, parameter in single], lr=1e-2)
    for _ in range(5):
        for (_, a), (_, b) in zip(grouped, single, strict=True):
            a.grad = torch.randn(2, generator=generator)
            b.grad = a.grad.clone()
        first.step()
        second.step()
    assert all(torch.equal(a, b) for (_, a), (_, b) in zip(grouped, single, strict=True))


def test_frozen_tensors_stay_bitwise_and_get_no_state():
    named = named_tensors()
    frozen = named[0][1].requires_grad_(False)
    before = frozen.clone()
    optimizer = AdamW(parameter_groups(named, lr=0.1, weight_decay=0.3))
    for _, parameter in named:
        parameter.grad = torch.ones(2) if parameter.requires_grad else None
    optimizer.step()
    assert torch.equal(frozen, before) and frozen not in optimizer.state and len(optimizer.state) == len(named) - 1


def test_a_shared_tensor_counts_once_under_its_first_name():
    named = named_tensors()
    groups = parameter_groups([*named, ("heads.lm.weight", named[0][1])], lr=1.0, head_lr_multiplier=5.0)
    assert settings_by_name(named, groups)["bert.embeddings.word.weight"][0] == 1.0


def test_a_frozen_encoder_leaves_a_list_that_still_matches():
    named = named_tensors()
    for name, parameter in named:
        parameter.requires_grad_(name.startswith("heads."))
    groups = parameter_groups(named, lr=1e-3, weight_decay=0.1)
    assert [group["name"] for group in groups] == ["heads", "heads, no decay"]


def test_a_single_word_may_stand_without_a_tuple():
    named = named_tensors()
    found = settings_by_name(named, parameter_groups(named, lr=1.0, weight_decay=0.1, no_decay="bias"))
    assert found["heads.sst.bias"][1] == 0.0 and found["bert.embeddings.norm.weight"][1] == 0.1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"no_decay": ("bias", "LayerNorm")}, r"no_decay='LayerNorm', which matches no parameter; expected a part of a name, such as attention_norm, bias"),
        ({"layer_decay": 0.0}, r"layer_decay=0\.0, expected a factor above 0 and at most 1; try 0\.95"),
        ({"layer_decay": 1.5}, r"layer_decay=1\.5, expected a factor above 0 and at most 1"),
        ({"head_lr_multiplier": 0.0}, r"head_lr_multiplier=0\.0, expected a factor above 0; freeze heads by requires_grad"),
        ({"adapter_lr_multiplier": -1.0}, r"adapter_lr_multiplier=-1\.0, expected a factor above 0; freeze adapters by requires_grad"),
        ({"adapter_lr_multiplier": 2.0}, r"adapter_lr_multiplier=2\.0 but no name starts with 'adapters\.', only such as bert\.embeddings\.word\.weight"),
        ({"embedding_lr_multiplier": 0.0}, r"embedding_lr_multiplier=0\.0, expected a factor above 0; freeze embeddings by requires_grad"),
        ({"embedding_parts": "word"}, r"embedding_parts='word', expected one of 'tables', 'all'"),
        ({"layer_rates": "halves"}, r"layer_rates='halves', expected one of 'decay', 'ulmfit', 'thirds'"),
        ({"layer_rates": "ulmfit", "num_layers": 2}, r"num_layers=2 but the names go up to layer 2"),
        ({"layer_decay": 0.9, "num_layers": 2}, r"num_layers=2 but the names go up to layer 2; leave num_layers out"),
    ],
)
def test_settings_out_of_range_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        parameter_groups(named_tensors(), lr=1.0, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"layer_decay": 0.9}, r"layer_decay=0\.9 but no name starts with 'bert\.layers\.', only such as 0\.weight, 0\.bias; use 1\.0"),
        ({"layer_rates": "thirds"}, r"layer_rates='thirds' but no name starts with 'bert\.layers\.', only such as 0\.weight, 0\.bias; use 'decay'"),
        ({"embedding_lr_multiplier": 2.0}, r"embedding_lr_multiplier=2\.0 but no name starts with 'bert\.embeddings\.', only such as 0\.weight"),
        ({"head_lr_multiplier": 2.0}, r"head_lr_multiplier=2\.0 but no name starts with 'heads\.', only such as 0\.weight, 0\.bias; use 1\.0"),
    ],
)
def test_rates_for_parts_that_are_not_there_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        parameter_groups(nn.Sequential(nn.Linear(2, 3)).named_parameters(), lr=1.0, no_decay=("bias",), **options)


def test_two_layers_have_no_thirds():
    named = [(f"bert.layers.{i}.attention_norm.bias", nn.Parameter(torch.ones(1))) for i in range(2)]
    with pytest.raises(ValueError, match="layer_rates='thirds', and 2 layers have no three thirds; use 'ulmfit' or 'decay'"):
        parameter_groups(named, lr=1.0, layer_rates="thirds", no_decay=("bias",))


def test_nothing_trainable_is_refused():
    model = nn.Linear(2, 3).requires_grad_(False)
    with pytest.raises(ValueError, match="got 2 parameters of which none is trainable; set requires_grad"):
        parameter_groups(model.named_parameters(), lr=1.0, no_decay=("bias",))
