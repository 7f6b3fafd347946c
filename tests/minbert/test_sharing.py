"""Who owns which layer: the ends of the scale are plain BERT and separate towers, and no task moves what another owns."""

from __future__ import annotations

import copy

import pytest
import torch
from minbert_small import SMALL, inputs, randomise, small_bert

from minbert.bert import Bert
from minbert.branches import encode_for_all
from minbert.config import BertConfig
from minbert.entry_points import POINTS
from minbert.errors import UserError
from minbert.layer import EncoderLayer
from minbert.sharing import SharedEncoder, Sharing, sharing_of
from minbert.task_adapters import TaskAdapters
from optim import AdamW

TASKS = ("sst", "quora", "sts")
NAMES = ("multi", "cerbertus-0", "cerbertus-1", "cerbertus-2", "cerbertus-3", "triple", "multi+triple", "static+finetune")
NOISY = SMALL.replace(hidden_dropout_prob=0.3, attention_probs_dropout_prob=0.2)


def shared_encoder(bert, name, own_pooler=True):
    return SharedEncoder(bert, TASKS, sharing_of(name, len(bert.layers), own_pooler))


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def run(shared, task, ids, mask, types, **switches):
    path = shared.of(task)
    return path.encode(path.embed(ids, types), mask, **switches)


def test_parameters_at_bert_base_are_those_of_the_report():
    """109,482,240 + 2 k 7,087,872 for three tasks, + 2 x 590,592 with a pooler each; 3 and 4 whole encoders; a static second one."""
    with torch.device("meta"):
        bert = Bert(BertConfig())
        for own_layers in (0, 2, 3, 4, 6, 12):
            for own_pooler in (False, True):
                shared = shared_encoder(bert, f"cerbertus-{own_layers}", own_pooler)
                assert count(shared) == 109_482_240 + 2 * own_layers * 7_087_872 + 2 * own_pooler * 590_592
        sizes = {name: count(shared_encoder(bert, name)) for name in ("multi", "triple", "multi+triple", "static+finetune")}
    assert sizes == {"multi": 109_482_240, "triple": 328_446_720, "multi+triple": 437_928_960, "static+finetune": 218_964_480}


@pytest.mark.parametrize("train", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize("name", NAMES)
def test_every_tower_starts_as_plain_bert_bit_for_bit(generator, name, train):
    bert = small_bert(generator, NOISY)
    shared = shared_encoder(bert, name).train(train)
    bert.train(train)
    ids, mask, types = inputs(generator)
    for task in TASKS:
        torch.manual_seed(5)
        expected = bert(ids, mask, types)
        torch.manual_seed(5)
        own = shared.of(task).parts[0](ids, mask, types)
        assert torch.equal(own.pooler_output, expected.pooler_output)
        assert all(torch.equal(one, other) for one, other in zip(own.hidden_states, expected.hidden_states))


def test_without_own_layers_it_is_multi_in_outputs_names_and_gradients(generator):
    bert = small_bert(generator)
    twin, shared = copy.deepcopy(bert), shared_encoder(bert, "cerbertus-0", own_pooler=False)
    ids, mask, types = inputs(generator)
    for task in TASKS:
        run(shared, task, ids, mask, types).pooler_output.pow(3).sum().backward()
        twin(ids, mask, types).pooler_output.pow(3).sum().backward()
    assert [name for name, _ in shared.named_parameters()] == [f"bert.{name}" for name, _ in twin.named_parameters()]
    assert all(torch.equal(ours.grad, theirs.grad) for ours, theirs in zip(shared.parameters(), twin.parameters()))


def test_with_all_layers_own_the_towers_are_separate_but_for_the_embeddings(generator):
    """Three updates of k = L, the embeddings held still, equal those of three separate encoders; triple needs no such help."""
    ids, mask, types = inputs(generator)
    for name, frozen in (("cerbertus-3", True), ("triple", False)):
        bert = small_bert(generator)
        bert.embeddings.requires_grad_(not frozen)
        separate, shared = {task: copy.deepcopy(bert) for task in TASKS}, shared_encoder(bert, name)
        optimizers = [AdamW([each for each in owner.parameters() if each.requires_grad], lr=0.01) for owner in (*separate.values(), shared)]
        for step in range(3):
            for power, task in enumerate(TASKS, start=3):
                for encode in (separate[task], shared.of(task).parts[0]):
                    encode(ids, mask, types).pooler_output.pow(power).sum().backward()
            for optimizer in optimizers:
                optimizer.step()
                optimizer.zero_grad()
        outputs = [run(shared, task, ids, mask, types).pooler_output for task in TASKS]
        assert all(torch.equal(output, separate[task](ids, mask, types).pooler_output) for task, output in zip(TASKS, outputs))
        assert not torch.equal(outputs[0], outputs[1])


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("multi", "static+finetune")])
def test_a_step_of_one_task_leaves_the_towers_of_the_others_bitwise_unchanged(generator, name):
    """None and not zero: AdamW with decay would move a tensor whose gradient is zero."""
    shared = shared_encoder(small_bert(generator), name)
    before = {key: tensor.clone() for key, tensor in shared.state_dict().items()}
    optimizer = AdamW(shared.parameters(), lr=0.1, weight_decay=0.1)
    ids, mask, types = inputs(generator)
    run(shared, "quora", ids, mask, types).pooler_output.pow(3).sum().backward()
    optimizer.step()
    assert all(torch.equal(tensor, before[key]) for key, tensor in shared.state_dict().items() if key.startswith(("towers.sst.", "towers.sts.")))
    assert all(parameter.grad is None for key, parameter in shared.named_parameters() if key.startswith(("towers.sst.", "towers.sts.")))
    assert all(parameter.grad is not None for key, parameter in shared.named_parameters() if key.startswith(("towers.quora.", "bert.")))


def test_the_static_copy_never_moves_has_no_dropout_and_no_gradient(generator):
    bert = small_bert(generator, NOISY)
    pretrained, shared = copy.deepcopy(bert), shared_encoder(bert, "static+finetune").train()
    ids, mask, types = inputs(generator)
    expected = pretrained(ids, mask, types).pooler_output
    optimizer = AdamW([each for each in shared.parameters() if each.requires_grad], lr=0.1, weight_decay=0.1)
    for _ in range(2):
        pooled = run(shared, "sst", ids, mask, types).pooler_output  # (B, 2 C)
        assert torch.equal(pooled[:, 15:], expected) and not torch.equal(pooled[:, :15], expected)
        pooled.pow(3).sum().backward()
        optimizer.step()
    assert all(parameter.grad is None for parameter in shared.static.parameters())
    assert shared.training and shared.bert.training and not any(part.training for part in shared.static.modules())


@pytest.mark.parametrize("name", NAMES)
def test_the_doors_compose_at_every_entry_point(generator, name):
    """encode(onward(up to the point)), walk and forward of the parts all say the same; states lie own first, companion second."""
    shared = randomise(shared_encoder(small_bert(generator), name), generator)
    ids, mask, types = inputs(generator)
    path = shared.of("sts")
    expected = torch.cat([part(ids, mask, types).pooler_output for part in path.parts], -1)
    assert path.width == expected.size(-1) == 15 * (1 + ("+" in name))
    for point in POINTS:
        output = path.encode(path.onward(point, path.embed(ids, types, point), ids, types), mask)
        torch.testing.assert_close(output.pooler_output, expected, rtol=0, atol=1e-12)
    for step, state in zip(path.walk(path.embed(ids, types), mask), output.hidden_states[1:]):
        torch.testing.assert_close(step.output, state, rtol=0, atol=1e-12)
    first = run(shared, "sts", ids, mask, types, first_only=True, need_weights=True)
    torch.testing.assert_close(first.pooler_output, expected, rtol=0, atol=1e-12)
    assert first.attentions[0].shape == (4, 5 * len(path.parts), 11, 11)


def test_names_tell_who_owns_a_tensor_and_count_layers_from_the_bottom_of_the_whole_stack(generator):
    names = list(shared_encoder(small_bert(generator), "cerbertus-1").state_dict())
    assert {name.split(".attention.")[0] for name in names if ".attention." in name} == {"bert.layers.0", "bert.layers.1", *(f"towers.{task}.layers.2" for task in TASKS)}
    assert {name for name in names if "pooler" in name} == {f"towers.{task}.pooler.dense.{part}" for task in TASKS for part in ("weight", "bias")}
    assert {name.split(".")[0] for name in shared_encoder(small_bert(generator), "triple").state_dict()} == {"towers"}
    assert {".".join(name.split(".")[:2]) for name in shared_encoder(small_bert(generator), "static+finetune").state_dict() if name.startswith("static")} == {"static.bert"}


@pytest.mark.parametrize("name", NAMES)
def test_state_is_saved_and_loaded_strictly_and_a_deep_copy_stands_alone(generator, name):
    trained, fresh = randomise(shared_encoder(small_bert(generator), name), generator), shared_encoder(small_bert(generator), name)
    ids, mask, types = inputs(generator)
    expected = {task: run(trained, task, ids, mask, types).pooler_output for task in TASKS}
    fresh.load_state_dict(trained.state_dict(), assign=True)
    copied = copy.deepcopy(trained)
    randomise(trained, generator)
    for task in TASKS:
        assert torch.equal(run(copied, task, ids, mask, types).pooler_output, expected[task])
    fresh.load_state_dict(copied.state_dict())
    assert all(torch.equal(run(fresh, task, ids, mask, types).pooler_output, expected[task]) for task in TASKS)


def test_the_tower_of_a_task_saves_as_a_whole_released_encoder(generator, tmp_path):
    shared = randomise(shared_encoder(small_bert(generator), "cerbertus-2"), generator).float()
    shared.of("quora").parts[0].save_pretrained(tmp_path)
    ids, mask, types = inputs(generator)
    assert torch.equal(Bert.from_pretrained(tmp_path)(ids, mask, types).pooler_output, run(shared, "quora", ids, mask, types).pooler_output)


@pytest.mark.parametrize(("own_layers", "calls"), [(0, 3), (1, 2 + 3), (3, 9)])
def test_all_tasks_on_one_sentence_cost_the_trunk_once(generator, own_layers, calls):
    shared = randomise(shared_encoder(small_bert(generator), f"cerbertus-{own_layers}"), generator)
    ids, mask, types = inputs(generator)
    expected = {task: run(shared, task, ids, mask, types).pooler_output for task in TASKS}
    walked = []
    for part in shared.modules():
        if isinstance(part, EncoderLayer):
            part.register_forward_hook(lambda *_: walked.append(1))
    outputs = encode_for_all(shared, shared.of("sst").embed(ids, types), mask)
    assert len(walked) == calls and all(torch.equal(outputs[task].pooler_output, expected[task]) for task in TASKS)


def test_pals_go_beside_the_layers_of_a_tower(generator):
    """Two choices, one door: a fresh PAL on a path of a CerBERTus changes no bit, and a trained one changes its own task alone."""
    shared = randomise(shared_encoder(small_bert(generator), "cerbertus-1"), generator)
    pals = TaskAdapters(SMALL, dict.fromkeys(TASKS), "pal", size=12).double()
    ids, mask, types = inputs(generator)
    plain = {task: run(shared, task, ids, mask, types).pooler_output for task in TASKS}
    paths = {task: pals.of(task, shared.of(task).parts[0]) for task in TASKS}
    assert all(torch.equal(paths[task](ids, mask, types).pooler_output, plain[task]) for task in TASKS)
    randomise(pals.functions["sst"], generator)
    assert [torch.equal(paths[task](ids, mask, types).pooler_output, plain[task]) for task in TASKS] == [False, True, True]


def test_the_given_encoder_stays_as_it_was(generator):
    bert = small_bert(generator)
    names, rng = list(bert.state_dict()), torch.get_rng_state()
    for name in NAMES:
        shared_encoder(bert, name)
    assert list(bert.state_dict()) == names and len(bert.layers) == 3 and torch.equal(torch.get_rng_state(), rng)
    assert all(parameter.requires_grad for parameter in bert.parameters())


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (lambda: sharing_of("cerbertus", 12), "there is no sharing 'cerbertus', expected one of multi, triple, multi+triple, static+finetune, cerbertus-k (k from 0 to 12); did you mean 'cerbertus-k'?"),
        (lambda: shared_encoder(Bert(SMALL), "cerbertus-4"), "sharing asks for 4 own layers, this encoder has 3."),
        (lambda: Sharing(own_layers=-1), "own_layers is -1, expected a whole number from 0 to the number of layers."),
        (lambda: Sharing(companion="frozen"), "companion is 'frozen', expected one of none, shared, static."),
        (lambda: shared_encoder(Bert(SMALL), "multi").of("qora"), "there is no encoder for task 'qora', expected one of sst, quora, sts; did you mean 'quora'?"),
        (lambda: shared_encoder(Bert(SMALL), "cerbertus-1").bert(torch.ones(1, 2, dtype=torch.int64)),
         "this encoder has no pooler of its own, each task has one: ask for the encoder of a task, as `shared.of(task)`."),
        (lambda: encode_for_all(shared_encoder(Bert(SMALL), "triple"), torch.zeros(1, 2, 15)),
         "Sharing(own_layers=3, own_pooler=True, own_embeddings=True, companion='none') has no common trunk to walk once: call of(task).encode for each task."),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_one_sentence(mistake, sentence):
    with pytest.raises(UserError) as error:
        mistake()
    assert str(error.value) == sentence
