"""The composed model under every sharing: names, starts, who is moved by whose step, what a step costs, and what may enter and leave it."""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
import torch
from minbert_small import SMALL, randomise, small_bert
from tasks_small import DROPOUT, SETTINGS, TRIO, seeded, small_batch, small_split

from minbert.bert import Bert
from minbert.branches import encode_for_all
from minbert.config import BertConfig
from minbert.entry_points import POINTS
from minbert.errors import UserError
from minbert.layer import EncoderLayer
from optim import AdamW, parameter_groups
from optim.pcgrad import pcgrad
from optim.task_gradients import take_gradients
from regularizers import Smart, SmartSettings, divergence
from tasks.features import CachedModel, precompute_features
from tasks.model import MultitaskModel
from tasks.pooling import POOLINGS
from tasks.recipe_settings import BregmanSettings, ModelSettings
from tasks.recipe_sharing import SharingSettings
from tasks.teacher import Teacher
from tasks.weight_counts import weight_counts, weights_in_words

SHARINGS: dict[str, dict[str, Any]] = {
    "multi": {}, "cerbertus-0": {"name": "cerbertus-0"}, "cerbertus-1": {"name": "cerbertus-1"}, "cerbertus-2, one pooler": {"name": "cerbertus-2", "pooler": "shared"},
    "cerbertus-3": {"name": "cerbertus-3"}, "triple": {"name": "triple"}, "multi+triple": {"name": "multi+triple"}, "static+finetune": {"name": "static+finetune"},
    "pal": {"adapters": "pal", "adapter_size": 12}, "pal-code": {"adapters": "pal-code", "adapter_size": 6}, "low-rank": {"adapters": "low-rank", "adapter_size": 7},
    "top": {"adapters": "top", "adapter_size": 12}, "pals in towers": {"name": "cerbertus-1", "adapters": "pal", "adapter_size": 12},
    "pals beside static": {"name": "static+finetune", "adapters": "pal", "adapter_size": 12},
}  # fmt: skip
WIDE = {"multi+triple", "static+finetune", "pals beside static"}


def shared_model(name: str, config: BertConfig = SMALL, moved: bool = False, **settings: Any) -> MultitaskModel:
    """A float64 model in eval mode under that sharing, heads with large weights; moved: every tensor that learns is random."""
    chosen = ModelSettings(**{"head_dropout": 0.0, **settings})
    model = MultitaskModel(small_bert(seeded(), config), TRIO, chosen, seeded(), SharingSettings(**SHARINGS[name])).double()
    for part in (model.heads, *([module for key, module in model.paths.owners.items() if key != "static"] if moved else [])):
        randomise(part, seeded(4))
    return model.eval()


def groups_of(model: MultitaskModel, **options: Any) -> list[dict[str, Any]]:
    return parameter_groups(model.named_parameters(), 0.1, 0.1, **options)


def owned_by_others(task: str, key: str) -> bool:
    return key.split(".")[0] in ("towers", "adapters", "heads") and f".{task}." not in key


@pytest.mark.parametrize("name", SHARINGS)
def test_no_tensor_has_two_names_and_names_say_who_owns_it(name: str) -> None:
    model = shared_model(name)
    whole = [key for key, _ in model.named_parameters(remove_duplicate=False)]
    assert len({id(parameter) for parameter in model.parameters()}) == len(whole) == len(model.state_dict())
    first = {"bert", "heads"} - ({"bert"} if name == "triple" else set())
    first |= {"towers"} if "cerbertus" in name or "tri" in name or "towers" in name else set()
    first |= {"static"} if "static" in name else set()
    first |= {"adapters"} if "adapters" in SHARINGS[name] else set()
    assert {key.split(".")[0] for key in whole} == first
    assert all(key.startswith(("bert.", "heads.", "static.bert.", *(f"{owner}.{task}." for task in TRIO for owner in ("towers", "adapters.functions")))) for key in whole)
    assert [key for key in whole if key.startswith("bert.")] == [f"bert.{key}" for key, _ in model.bert.named_parameters()]


@pytest.mark.parametrize("train", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize("name", SHARINGS)
def test_every_path_starts_as_plain_bert_bit_for_bit(name: str, train: bool) -> None:
    """All towers equal at the start, adapters add nothing yet, in train mode too: none of them draws a random number.

    Under attentions above the top, the layers below compute every row, so plain BERT is asked for every row too: other shapes, other last bits.
    """
    pooling = "mean" if name == "top" else "pooler"
    plain, model = (shared_model(each, DROPOUT, pooling=pooling).train(train) for each in ("multi", name))
    for task in TRIO:
        batch = small_batch(task)
        torch.manual_seed(5)
        expected = plain.features(batch, plain.embed(batch))
        torch.manual_seed(5)
        found = model.features(batch, model.embed(batch))
        if name in WIDE:  # [own ; companion] of each sentence; the companion draws dropout too, or no gradient, and then other kernels are at work
            halves = [half.chunk(2, -1) for half in found.split(30, -1)]
            own, companion = (torch.cat(each, -1) for each in zip(*halves))
            torch.testing.assert_close(companion, own, rtol=0, atol=torch.inf if train else 1e-12)
            found = expected if train else own
        assert torch.equal(found, expected)
        assert name in WIDE or all(torch.equal(one, other) for one, other in zip(plain.heads.parameters(), model.heads.parameters()))


@pytest.mark.parametrize("name", SHARINGS)
def test_a_step_of_one_task_leaves_what_others_own_bitwise_unchanged_without_gradient_or_state(name: str) -> None:
    model = shared_model(name, moved=True)
    before = copy.deepcopy(model.state_dict())
    optimizer = AdamW(groups_of(model), lr=0.1)
    batch = small_batch("quora")
    model.loss(batch, model(batch)).backward()
    optimizer.step()
    for key, parameter in model.named_parameters():
        untouched = owned_by_others("quora", key) or key.startswith("static.")
        assert torch.equal(parameter, before[key]) >= untouched, key
        assert (parameter.grad is None and parameter not in optimizer.state) == untouched, key


@pytest.mark.parametrize("name", ["cerbertus-1", "multi+triple", "pals in towers", "low-rank"])
def test_gradient_surgery_projects_what_tasks_share_and_leaves_what_one_owns(name: str) -> None:
    model, gradients = shared_model(name, moved=True), []
    parameters = {key: parameter for key, parameter in model.named_parameters() if parameter.requires_grad}
    for task in TRIO:
        batch = small_batch(task)
        model.loss(batch, model(batch)).backward()
        gradients.append([None if each is None else each.clone() for each in take_gradients(list(parameters.values()))])
    merged = pcgrad([[None if each is None else each.clone() for each in gradient] for gradient in gradients], seeded())
    moved = 0
    for key, found, *own in zip(parameters, merged, *gradients):
        used = [each for each in own if each is not None]
        assert len(used) == (1 if key.split(".")[0] in ("towers", "adapters", "heads") else 3), key
        torch.testing.assert_close(found, used[0], rtol=1e-12, atol=1e-12) if len(used) == 1 else None
        moved += len(used) == 3 and not torch.allclose(found, torch.stack(used).sum(0))
    assert moved > 0  # some tasks conflict, or this would test nothing


@pytest.mark.parametrize("name", [name for name in SHARINGS if name not in ("multi", "cerbertus-0")])
def test_layer_decay_gives_every_layer_of_every_path_the_rate_it_has_in_plain_bert(name: str) -> None:
    model = shared_model(name)
    rates = {id(each): group["lr"] for group in groups_of(model, layer_decay=0.5, num_layers=3) for each in group["params"]}
    for task in TRIO:
        for number, layer in enumerate(model.paths.of(task).parts[0].layers[:3]):
            own = getattr(layer, "layer", layer)  # the layer itself, where something stands beside it
            assert {rates[id(each)] for each in own.parameters()} == {0.1 * 0.5 ** (2 - number)}
    assert {rates[id(each)] for key, each in model.named_parameters() if key.startswith(("adapters", "heads")) or ".pooler." in key and "static" not in key} == {0.1}


@pytest.mark.parametrize("name", [name for name in SHARINGS if "static" in name])
def test_the_static_copy_is_in_eval_mode_in_no_group_and_never_moves(name: str) -> None:
    model = shared_model(name, DROPOUT).train()
    before = copy.deepcopy(dict(model.static.named_parameters()))
    groups = groups_of(model, layer_decay=0.5)
    assert not {id(each) for each in model.static.parameters()} & {id(each) for group in groups for each in group["params"]}
    optimizer, batch = AdamW(groups, lr=0.1), small_batch("sst")
    frozen = model.features(batch, model.embed(batch))[:, 15:]
    for _ in range(2):
        optimizer.zero_grad()
        model.loss(batch, model(batch)).backward()
        optimizer.step()
    assert model.bert.training and not any(part.training for part in model.static.modules())
    assert all(torch.equal(each, before[key]) for key, each in model.static.named_parameters())
    assert torch.equal(model.features(batch, model.embed(batch))[:, 15:], frozen)


def test_with_all_layers_own_it_is_triple_with_shared_embeddings() -> None:
    """The same step, k = L against triple with the embeddings held still in both: the same bits in every layer of the task."""
    batch, found = small_batch("sst"), []
    for name in ("cerbertus-3", "triple"):
        model = shared_model(name)
        for key, parameter in model.named_parameters():
            parameter.requires_grad_("embeddings" not in key)
        optimizer = AdamW(groups_of(model), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            model.loss(batch, model(batch)).backward()
            optimizer.step()
        found.append({key: tensor for key, tensor in model.state_dict().items() if key.startswith(("towers", "heads")) and "embeddings" not in key})
    assert found[0].keys() == found[1].keys() and all(torch.equal(found[0][key], found[1][key]) for key in found[0])


@pytest.mark.parametrize(("name", "own"), [("multi", 0), ("cerbertus-1", 1), ("cerbertus-3", 3)])
def test_a_batch_walks_l_layers_and_all_tasks_on_one_text_l_minus_k_plus_three_k(name: str, own: int) -> None:
    model, batch, walked = shared_model(name, moved=True), small_batch("sst"), []
    for part in model.modules():
        if isinstance(part, EncoderLayer):
            part.register_forward_hook(lambda *_: walked.append(1))
    model(batch)
    assert len(walked) == 3
    walked.clear()
    outputs = encode_for_all(model.paths.shared, model.embed(batch), batch.attention_mask)
    assert list(outputs) == list(TRIO) and len(walked) == 3 - own + 3 * own


@pytest.mark.parametrize("pooling", sorted(POOLINGS))
@pytest.mark.parametrize("name", SHARINGS)
def test_every_pooling_works_padding_and_the_way_in_do_not_matter(name: str, pooling: str) -> None:
    model = shared_model(name, moved=True, pooling=pooling)
    assert model.heads["sts"].linear.in_features == 2 * 15 * (1 + (name in WIDE)) and model.heads["sst"].linear.in_features == 15 * (1 + (name in WIDE))
    for task in ("sst", "sts"):
        batch = small_batch(task)
        logits = model(batch)
        torch.testing.assert_close(model(small_batch(task, padding=3)), logits, rtol=0, atol=1e-10)
        for point in POINTS if pooling == "pooler" else ():
            torch.testing.assert_close(model.logits_of(batch, point)(model.embed(batch, point)), logits, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", SHARINGS)
def test_smart_moves_the_embeddings_of_every_encoder_and_its_gradient_stays_with_the_task(name: str) -> None:
    model, batch = shared_model(name, DROPOUT, moved=True).train(), small_batch("sst")
    smart = Smart(divergence("classes"), seeded(), SmartSettings(epsilon=1.0, sigma=0.1, eta=1.0))
    embeddings, logits_of = model.embed(batch, "normalised"), model.logits_of(batch, "normalised")
    term = smart(logits_of, embeddings, logits_of(embeddings))
    term.backward()
    assert embeddings.size(-1) == 15 * (1 + (name in WIDE)) and term > 0
    assert all(parameter.grad is None for key, parameter in model.named_parameters() if owned_by_others("sst", key) or key.startswith("static."))
    assert all(parameter.grad is not None for key, parameter in model.named_parameters() if key.startswith(("towers.sst.layers", "adapters.functions.sst")))


@pytest.mark.parametrize("name", SHARINGS)
def test_a_teacher_copies_the_sharing_and_follows_it_and_a_static_copy_stays_still_in_it(name: str) -> None:
    model = shared_model(name, moved=True)
    teacher = Teacher(model, BregmanSettings(weight=1.0, momentum=0.3), total=10)
    copied = teacher.model
    assert not {id(each) for each in copied.parameters()} & {id(each) for each in model.parameters()}
    assert {id(each) for task in TRIO for part in copied.paths.of(task).parts for each in part.parameters()} <= {id(each) for each in copied.parameters()}
    batch, frozen = small_batch("sts"), {key: tensor.clone() for key, tensor in copied.state_dict().items() if key.startswith("static.")}
    with torch.no_grad():
        torch.testing.assert_close(copied(batch), model(batch), rtol=0, atol=1e-12)  # torch's kernels for tensors that never learn differ in the last bit
        assert teacher.pull(batch, model(batch)) < 1e-20
    randomise(model.heads, seeded(9))
    randomise(model.paths.owners["bert"] if name != "triple" else model.towers, seeded(9))
    teacher.after_update(5)
    assert not torch.equal(copied(batch), model(batch)) and all(torch.equal(copied.state_dict()[key], frozen[key]) for key in frozen)


@pytest.mark.parametrize("name", SHARINGS)
def test_a_deep_copy_and_a_loaded_state_give_the_same_answers(name: str) -> None:
    model, fresh = shared_model(name, moved=True), shared_model(name)
    fresh.load_state_dict(model.state_dict())
    for task in TRIO:
        batch = small_batch(task)
        expected = model(batch)
        assert torch.equal(fresh(batch), expected) and torch.equal(copy.deepcopy(model)(batch), expected)


@pytest.mark.parametrize("name", SHARINGS)
def test_frozen_it_has_one_vector_for_a_sentence_and_cached_features_give_the_same_logits(name: str) -> None:
    model = shared_model(name, DROPOUT, fine_tune_mode="last-linear-layer", moved=True)
    model.freeze_encoder()  # randomising filled tensors in place, which changes no flag
    model.train()
    assert {key.split(".")[0] for key, parameter in model.named_parameters() if parameter.requires_grad} == {"heads"}
    assert not any(part.training for owner in model.paths.owners.values() for part in owner.modules())
    split, batch = small_split("sts"), small_batch("sts")
    cached = CachedModel(model, {"sts": precompute_features(model, split)})
    assert cached.embed(batch).shape == (5, model.feature_width(TRIO["sts"]))
    torch.testing.assert_close(model.answer("sts", model.features(batch, model.embed(batch))), model(batch), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", [name for name in SHARINGS if "adapters" in SHARINGS[name]])
def test_adapters_alone_train_adapters_norms_and_heads(name: str) -> None:
    model = shared_model(name, fine_tune_mode="adapters").train()
    before, optimizer = copy.deepcopy(model.state_dict()), AdamW(groups_of(model, adapter_lr_multiplier=10.0), lr=0.1)
    for task in TRIO:
        batch = small_batch(task)
        optimizer.zero_grad()
        model.loss(batch, model(batch)).backward()
        optimizer.step()
    changed = {key for key, tensor in model.state_dict().items() if not torch.equal(tensor, before[key])}
    assert not [key for key in changed if not key.startswith(("adapters.", "heads.")) and "norm" not in key]
    assert {f"adapters.functions.{task}" for task in TRIO} <= {".".join(key.split(".")[:3]) for key in changed}
    assert any(key.startswith("bert.") for key in changed) and not any(key.startswith("static.") for key in changed)


def test_a_fourth_task_leaves_the_adapters_of_the_others_as_they_were() -> None:
    few, all_three = (MultitaskModel(small_bert(seeded()), {name: TRIO[name] for name in names}, SETTINGS, seeded(), SharingSettings(adapters="pal", adapter_size=12))
                      for names in (("sts",), tuple(TRIO)))
    assert few.adapters.functions["sts"].down.weight.shape == (12, 15)  # as wide as the recipe says
    assert torch.equal(few.adapters.functions["sts"].down.weight, all_three.adapters.functions["sts"].down.weight)
    assert not torch.equal(all_three.adapters.functions["sst"].down.weight, all_three.adapters.functions["sts"].down.weight)


def test_more_own_layers_than_there_are_is_told_with_both_numbers() -> None:
    with pytest.raises(UserError) as caught:
        MultitaskModel(small_bert(seeded()), TRIO, SETTINGS, seeded(), SharingSettings(name="cerbertus-4"))
    assert str(caught.value) == ('sharing.name = "cerbertus-4" gives each task the top 4 layers, but this encoder has 3; try sharing.name = "cerbertus-1", or "triple" '
                                 "for an encoder each.")
    with pytest.raises(UserError, match="there is no encoder for task 'qora', expected one of sst, quora, sts; did you mean 'quora'"):
        shared_model("cerbertus-1").paths.of("qora")


def test_where_adapters_are_left_out_who_asks_for_them_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "minbert.task_adapters", None)
    with pytest.raises(UserError, match=r'^sharing\.adapters = "pal" is not part of this student edition; try sharing\.adapters = "none"\.$'):
        shared_model("pal")


BASE, LAYER, POOLER, PAL = 109_482_240, 7_087_872, 590_592, 1_819_836


@pytest.mark.parametrize(("sharing", "whole"), [
    ({}, BASE), ({"name": "cerbertus-2", "pooler": "shared"}, 137_833_728), ({"name": "cerbertus-2"}, 139_014_912), ({"name": "cerbertus-3"}, 153_190_656),
    ({"name": "cerbertus-4", "pooler": "shared"}, BASE + 8 * LAYER), ({"name": "cerbertus-6", "pooler": "shared"}, 194_536_704), ({"name": "triple"}, 3 * BASE),
    ({"name": "multi+triple"}, 437_928_960), ({"name": "static+finetune"}, 2 * BASE), ({"adapters": "pal"}, BASE + 3 * PAL), ({"adapters": "pal-code"}, BASE + 3 * PAL),
    ({"adapters": "low-rank"}, BASE + 3 * 1_853_616), ({"adapters": "top"}, BASE + 3 * 1_320_444), ({"name": "cerbertus-2", "adapters": "pal"}, 139_014_912 + 3 * PAL),
])
def test_at_bert_base_size_the_weights_are_those_of_the_reports(sharing: dict[str, Any], whole: int) -> None:
    with torch.device("meta"):
        bert = Bert(BertConfig())
    model = MultitaskModel(bert, TRIO, SETTINGS, seeded(), SharingSettings(**sharing))
    counts = weight_counts(model)
    assert sum(count for owner, count in counts.items() if owner not in ("heads", "learning")) == whole
    assert counts["learning"] == whole + counts["heads"] - counts.get("static (frozen)", 0)


@pytest.mark.parametrize(("name", "said"), [
    ("multi", "Weights: 7,614 shared, 142 in heads; all 7,756 learn."),
    ("cerbertus-2, one pooler", "{each} each for sst, quora, sts, 142 in heads; all"),
    ("triple", "Weights: none shared, 7,614 each for sst, quora, sts, 142 in heads; all 22,984 learn."),
    ("static+finetune", "Weights: 7,614 shared, 7,614 in a copy that stays as it was, 277 in heads; 7,891 of 15,505 learn."),
])
def test_whose_the_weights_are_is_said_in_words(name: str, said: str) -> None:
    layer = sum(parameter.numel() for parameter in small_bert(seeded()).layers[0].parameters())
    found = weights_in_words(weight_counts(shared_model(name)))
    assert said.format(each=f"{2 * layer:,}") in found, found
