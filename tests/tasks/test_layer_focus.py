"""Sequential layer focus on a model: who learns in a turn, what runs, what is differentiated, and what is as before afterwards."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from focus_small import NOISY, C, Exits, L, batch, seeded
from minbert_small import SMALL, small_bert
from torch import Tensor, nn

from minbert.errors import UserError
from minbert.sharing import SharedEncoder, sharing_of
from minbert.side_by_side import SideBySide
from optim import AdamW, parameter_groups
from tasks.focus_plan import ORDERS, Visit, focus_plan
from tasks.layer_focus import focus, stage_one, state_after
from tasks.trainable import turn_of


def adamw(pupils: list[tuple[str, nn.Parameter]]) -> AdamW:
    """Groups with decay, so that anything handed to the optimizer by mistake would move."""
    return AdamW(parameter_groups(pupils, lr=1e-2, weight_decay=0.1, no_decay=()))


def snapshot(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def changed(model: nn.Module, before: dict[str, Tensor]) -> set[str]:
    return {name for name, tensor in model.state_dict().items() if not torch.equal(tensor, before[name])}


def run(model: Exits, plan: tuple[Visit, ...], below: str = "eval") -> list[tuple[int, float]]:
    ids, mask, labels = batch()
    return stage_one(model, L, plan, lambda layer: nn.functional.cross_entropy(model.logits(ids, mask, layer), labels), adamw, below)


def counting(bert: nn.Module) -> Counter:
    """Counts calls of each layer, 1..L."""
    calls: Counter = Counter()
    for number, layer in enumerate(bert.layers, start=1):
        layer.register_forward_hook(lambda *_, number=number: calls.update([number]))
    return calls


@pytest.mark.parametrize("layer", range(1, L + 1))
def test_after_a_turn_only_that_layer_and_its_exit_differ(layer):
    model = Exits()
    before = snapshot(model)
    run(model, (Visit(layer, 3),))
    own = [f"bert.layers.{layer - 1}."] + ([f"exits.sst.{layer - 1}."] if layer < L else ["heads.sst.", "bert.pooler."])
    expected = {name for name in before if name.startswith(tuple(own))}
    # decay is on, so that even a key's bias moves: softmax cancels it, and its gradient is 0
    assert changed(model, before) == expected


@pytest.mark.parametrize("layer", range(1, L + 1))
def test_the_layers_above_are_never_called_and_those_below_once(layer):
    model = Exits()
    calls = counting(model.bert)
    run(model, (Visit(layer, 2),))
    assert calls == {number: 2 for number in range(1, layer + 1)}


def test_only_one_layer_is_differentiated():
    model, (ids, mask, _) = Exits(), batch()
    touched = []
    for number, layer in enumerate(model.bert.layers, start=1):
        layer.attention.query.register_forward_hook(lambda module, inputs, output, number=number: touched.append((number, output.requires_grad, inputs[0].requires_grad)))
    with focus(model, 2, L):
        state = model.logits(ids, mask, 2)
    assert touched == [(1, False, False), (2, True, False)]  # layer 2 has a graph, what it reads has none
    assert state.requires_grad


def test_layers_below_have_no_gradient_even_where_nothing_is_frozen():
    model, (ids, mask, _) = Exits(), batch()
    model.logits(ids, mask, 2).sum().backward()
    assert {name.split(".")[2] for name, each in model.named_parameters() if each.grad is not None and name.startswith("bert.")} == {"1"}


def test_a_regularizer_can_reach_the_embeddings_through_resting_layers():
    model, (ids, mask, _) = Exits(), batch()
    with focus(model, 3, L):
        moved = model.bert.embed(ids).detach().requires_grad_()
        (slope,) = torch.autograd.grad(state_after(model.bert, moved, mask, 3, through=True).sum(), moved)
        assert slope.abs().max() > 1e-3
        assert all(parameter.grad is None for parameter in model.parameters())
        plain, open_way = (state_after(model.bert, moved, mask, 3, through=way) for way in (False, True))
        assert torch.equal(plain, open_way)


@pytest.mark.parametrize("layer", range(1, L + 1))
def test_the_state_is_that_of_the_whole_encoder(layer):
    model, (ids, mask, _) = Exits(), batch()
    assert torch.equal(state_after(model.bert, model.bert.embed(ids), mask, layer), model.bert(ids, mask).hidden_states[layer])


def test_bottom_up_a_finished_exit_stays_as_it_was_top_down_it_goes_stale():
    """Head k learns from states that later turns change (top-down) or do not (bottom-up); stage 2 changes them either way."""
    (ids, mask, _), gaps = batch(), {}
    for order in ("bottom-up", "top-down"):
        model, seen = Exits().eval(), {}
        for visit in focus_plan(L, 2, order):
            run(model, (visit,))
            seen[visit.layer] = model.logits(ids, mask, visit.layer).detach()
        gaps[order] = [(model.logits(ids, mask, layer) - seen[layer]).abs().max().item() for layer in range(1, L + 1)]
    assert gaps["bottom-up"] == [0, 0, 0]
    assert gaps["top-down"][0] == 0 and min(gaps["top-down"][1:]) > 1e-4


@pytest.mark.parametrize("order", ORDERS)
def test_every_exit_can_be_used_after_stage_one_without_further_training(order):
    """Exits of stage 1 answer better than untrained ones, each at its own layer."""
    model, (ids, mask, labels) = Exits().eval(), batch()
    before = [loss.item() for loss in model.losses(ids, mask, labels)]
    run(model, focus_plan(L, 23, order, seeded()))
    after = [loss.item() for loss in model.losses(ids, mask, labels)]
    assert all(now < then for now, then in zip(after, before)), (before, after)


def test_with_no_steps_stage_one_is_nothing_at_all():
    model = Exits(NOISY).train()
    before, state = snapshot(model), torch.get_rng_state()
    assert run(model, focus_plan(L, 0)) == []
    assert not changed(model, before) and torch.equal(torch.get_rng_state(), state)


def test_the_model_s_own_head_learns_in_the_last_layer_s_turn_alone():
    names = [name for name, _ in Exits().named_parameters()]
    assert {turn_of(name, L) for name in names if name.startswith(("heads.", "bert.pooler."))} == {L}


def test_names_tell_whose_turn_it_is():
    table = {
        "bert.layers.0.attention.query.weight": 1, "bert.layers.11.feed_forward_norm.bias": 12, "towers.sst.layers.10.attention_norm.weight": 11,
        "exits.quora.4.linear.weight": 5, "exits.my_task.10.pooler.dense.bias": 11, "heads.sst.linear.weight": 12, "relation.linear.weight": 12,
        "bert.pooler.dense.weight": 12, "towers.sst.pooler.dense.bias": 12, "bert.embeddings.word.weight": None, "bert.embeddings.norm.bias": None,
        "towers.sst.embeddings.word.weight": None, "static.bert.layers.3.attention.query.weight": None, "adapters.functions.sst.down.weight": None,
    }  # fmt: skip
    assert {name: turn_of(name, 12) for name in table} == table


def test_numbers_of_the_real_encoder():
    """SST: 7,087,872 of a layer and 3,845 of a linear exit, 590,592 more with a pooler."""
    from minbert import Bert, BertConfig

    with torch.device("meta"):
        model = nn.Module()
        model.bert = Bert(BertConfig())
        model.exits = nn.ModuleDict({"sst": nn.ModuleDict({"4": nn.ModuleDict({"linear": nn.Linear(768, 5)})})})
        with focus(model, 5, 12) as pupils:
            assert sum(parameter.numel() for _, parameter in pupils) == 7_087_872 + 3_845
        model.exits["sst"]["4"]["pooler"] = nn.Linear(768, 768)
        with focus(model, 5, 12) as pupils:
            assert sum(parameter.numel() for _, parameter in pupils) == 7_087_872 + 3_845 + 590_592


def test_dropout_rests_below_or_not_as_asked():
    model = Exits(NOISY).train()
    with focus(model, 2, L):
        modes = [model.bert.embeddings.dropout.training, *(layer.feed_forward_dropout.training for layer in model.bert.layers)]
        assert modes == [False, False, True, False]
        assert torch.equal(*(state_after(model.bert, model.bert.embed(batch()[0]), None, 1) for _ in range(2)))
    with focus(model, 2, L, below="train"):
        assert not torch.equal(*(state_after(model.bert, model.bert.embed(batch()[0]), None, 1) for _ in range(2)))


def test_flags_modes_and_gradients_are_as_before_even_after_an_error():
    model = Exits(NOISY).train()
    model.bert.layers[0].attention.query.bias.requires_grad_(False)
    model.heads.eval()
    flags, modes = {n: p.requires_grad for n, p in model.named_parameters()}, {n: m.training for n, m in model.named_modules()}
    with pytest.raises(RuntimeError, match="broken"), focus(model, 1, L) as pupils:
        assert "bert.layers.0.attention.query.bias" not in dict(pupils)  # frozen before, frozen now
        for _, parameter in pupils:
            parameter.grad = torch.ones_like(parameter)
        raise RuntimeError("broken")
    assert {n: p.requires_grad for n, p in model.named_parameters()} == flags
    assert {n: m.training for n, m in model.named_modules()} == modes
    assert all(parameter.grad is None for parameter in model.parameters())


def test_an_old_gradient_or_momentum_moves_nothing_that_rests():
    model, (ids, mask, labels) = Exits(), batch()
    careless = AdamW(model.parameters(), lr=1e-2, weight_decay=0.1)  # one optimizer for everything, as one should not
    sum(model.losses(ids, mask, labels)).backward()
    careless.step()  # momentum everywhere now, and gradients still there
    before = snapshot(model)
    with focus(model, 2, L):
        assert all(parameter.grad is None for parameter in model.parameters())
        nn.functional.cross_entropy(model.logits(ids, mask, 2), labels).backward()
        careless.step()
    assert all(name.startswith(("bert.layers.1.", "exits.sst.1.")) for name in changed(model, before))


def test_each_turn_has_an_optimizer_of_its_own():
    model, made = Exits(), []

    def make(pupils):
        made.append(adamw(pupils))
        assert not made[-1].state
        return made[-1]

    ids, mask, labels = batch()
    stage_one(model, L, focus_plan(L, 2), lambda layer: nn.functional.cross_entropy(model.logits(ids, mask, layer), labels), make)
    held = [{id(parameter) for group in optimizer.param_groups for parameter in group["params"]} for optimizer in made]
    assert len(held) == L and not set.intersection(*held[:2]) and all({state["step"] for state in each.state.values()} == {2} for each in made)


def test_towers_and_encoders_side_by_side_stop_at_the_same_layer():
    shared = SharedEncoder(small_bert(seeded()), ("sst", "sts"), sharing_of("cerbertus-1", L))
    ids, mask, _ = batch()
    path = shared.of("sst")
    with focus(shared, L, L) as pupils:
        assert {name.split(".layers.")[0] for name, _ in pupils if ".layers." in name} == {"towers.sst", "towers.sts"}
        state_after(path, path.embed(ids), mask, L).sum().backward()
        assert {name.split(".")[1] for name, parameter in shared.named_parameters() if parameter.grad is not None} == {"sst"}
    both = SideBySide((small_bert(seeded(1)), small_bert(seeded(2))))
    calls = [counting(part) for part in both.parts]
    assert state_after(both, both.embed(ids), mask, 2).shape == (*ids.shape, 2 * C)
    assert calls == [{1: 1, 2: 1}] * 2


def test_what_makes_no_sense_is_refused():
    model, (ids, mask, _) = Exits(), batch()
    for layer in (0, L + 1):
        with pytest.raises(UserError, match=f"nothing learns with trainable = 'layer {layer}': this model has 3 layers"), focus(model, layer, L):
            pass
        with pytest.raises(UserError, match=f"there is no layer {layer} to stop after"):
            state_after(model.bert, model.bert.embed(ids), mask, layer)
    with pytest.raises(UserError, match="below is 'off', expected one of eval, train"), focus(model, 1, L, below="off"):
        pass
    assert SMALL.num_hidden_layers == L
