"""Task functions beside the layers: where they enter, where they start, what they count, and who may change them."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from minbert_small import SMALL, inputs, randomise, small_bert

from minbert.adapters import AdaptedLayer, LowRank, Pals
from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.task_adapters import VARIANTS, TaskAdapters, train_norms_alone
from optim import AdamW

TASKS = ("sst", "quora", "sts")
NOISY = SMALL.replace(hidden_dropout_prob=0.3, attention_probs_dropout_prob=0.2)
SIZE = 12  # the least that 12 and 6 heads divide


def adapters(variant, config=SMALL, seed=7, tasks=TASKS):
    return TaskAdapters(config, {task: torch.Generator().manual_seed(seed) for task in tasks}, variant, size=SIZE).double()


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_parameters_are_those_of_the_paper():
    """BERT-base: per task 314,316 of projections and 12 x 125,460 of attention; 8 tasks are 1.133 of BERT-base."""
    base = BertConfig()
    with torch.device("meta"):
        per_task = {name: count(build(base)) for name, build in VARIANTS.items()}
        pals, low_rank = Pals(base), LowRank(base)
        eight = count(TaskAdapters(base, dict.fromkeys("abcdefgh")))
    assert per_task == {"pal": 1_819_836, "pal-code": 1_819_836, "low-rank": 12 * 154_468, "top": 1_320_444}
    assert count(pals.down) + count(pals.up) == 314_316
    assert [count(attention) for attention in pals.attentions] == 12 * [125_460]
    assert count(low_rank.down[3]) + count(low_rank.up[3]) == 154_468
    assert eight == 14_558_688 and round(1 + eight / 109_482_240, 3) == 1.133 and round(1 + 3 * per_task["pal"] / 109_482_240, 3) == 1.05
    assert 12 * (314_316 + 125_460) == 5_277_312 > 2.8 * per_task["pal"]  # what V_E and V_D of their own in every layer would cost


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_does_not_start_at_zero_is_drawn_as_bert_itself(variant, generator):
    """N(0, .02^2): about 0.02 of every matrix but V_D, and no bias."""
    made = VARIANTS[variant](BertConfig(hidden_size=96, num_hidden_layers=2, num_attention_heads=12), size=96, generator=generator)
    matrices = {name: tensor for name, tensor in made.named_parameters() if tensor.dim() == 2}
    drawn = {name: tensor for name, tensor in matrices.items() if not name.startswith("up.")}
    assert len(matrices) - len(drawn) == len([name for name in made.state_dict() if name.startswith("up.") and name.endswith("weight")])
    assert all(abs(tensor.std() - 0.02) < 0.001 and abs(tensor.mean()) < 0.001 for tensor in drawn.values())
    assert not any(tensor.any() for name, tensor in made.named_parameters() if name.startswith("up.") or name.endswith("bias"))


@pytest.mark.parametrize("train", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_fresh_adapter_is_plain_bert_bit_for_bit(generator, variant, train):
    bert, made = small_bert(generator, NOISY).train(train), adapters(variant, NOISY).train(train)
    ids, mask, types = inputs(generator)
    # With attention above it, BERT's last layer must compute every row: the same numbers up to rounding, and other dropout masks.
    for first_only in (False,) if variant == "top" else (False, True):
        torch.manual_seed(5)
        expected = bert(ids, mask, types, first_only=first_only)
        after = torch.get_rng_state()
        torch.manual_seed(5)
        output = made.of("sst", bert)(ids, mask, types, first_only=first_only)
        assert torch.equal(torch.get_rng_state(), after), "an adapter drew from torch's generator"
        assert torch.equal(output.last_hidden_state, expected.last_hidden_state) and torch.equal(output.pooler_output, expected.pooler_output)


@pytest.mark.parametrize("train", [False, True], ids=["eval", "train"])
def test_a_layer_beside_which_nothing_is_added_keeps_its_output_and_gradients(generator, train):
    layer = small_bert(generator, NOISY).layers[1].train(train)
    adapted = AdaptedLayer(layer, Pals(NOISY, SIZE, generator=generator).double(), 1).train(train)
    hidden = torch.randn(2, 7, 15, generator=generator, dtype=torch.float64)
    found = []
    for each in (layer, adapted):
        torch.manual_seed(3)
        output = each(hidden, None).output
        found.append([output, *torch.autograd.grad(output.pow(3).sum(), list(layer.parameters()))])
    assert all(torch.equal(one, other) for one, other in zip(*found))


def test_making_adapters_leaves_torchs_generator_alone(generator):
    bert, before = small_bert(generator), torch.get_rng_state()
    for variant in VARIANTS:
        adapters(variant).of("sts", bert)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("variant", ["pal", "pal-code"])
def test_a_pal_equals_the_formula_and_enters_before_the_last_norm(generator, variant):
    """z = LN(y + TS(h) + FFN(y)), TS(h) = [softmax(Q K^T / sqrt D) V over the heads] V_D, written out with plain matrices."""
    heads = {"pal": 12, "pal-code": 6}[variant]
    bert, made = small_bert(generator), randomise(adapters(variant), generator)
    layer, pals = bert.layers[2], made.functions["quora"]
    h = torch.randn(1, 7, 15, generator=generator, dtype=torch.float64)
    low = h @ pals.down.weight.T + pals.down.bias
    query, key, value = (part(low).view(7, heads, -1).transpose(0, 1) for part in (pals.attentions[2].query, pals.attentions[2].key, pals.attentions[2].value))
    mixed = (query @ key.transpose(1, 2) / (SIZE / heads) ** 0.5).softmax(-1) @ value  # (H, T, D)
    added = mixed.transpose(0, 1).reshape(7, SIZE) @ pals.up.weight.T + pals.up.bias
    added = F.gelu(added) if variant == "pal-code" else added
    y = layer.attention_norm(h + layer.attention(h, h, None).output)
    expected = layer.feed_forward_norm(y + added + layer.feed_forward(y))
    torch.testing.assert_close(made.of("quora", bert).layers[2](h, None).output, expected, rtol=0, atol=1e-12)


def test_low_rank_and_top_equal_their_formulas(generator):
    low, top = (randomise(adapters(variant), generator).functions["quora"] for variant in ("low-rank", "top"))
    h = torch.randn(1, 7, 15, generator=generator, dtype=torch.float64)
    expected = F.gelu(h @ low.down[1].weight.T + low.down[1].bias) @ low.up[1].weight.T + low.up[1].bias
    torch.testing.assert_close(low(1, h, None), expected, rtol=0, atol=1e-12)
    states = top.down(h)
    for attention, norm in zip(top.attentions, top.norm):
        states = F.layer_norm(states + attention(states, states, None).output, (SIZE,), norm.weight, norm.bias, 1e-12)
    assert len(top.attentions) == 6
    torch.testing.assert_close(top(h, None).output, h + states @ top.up.weight.T + top.up.bias, rtol=0, atol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_first_only_equals_the_first_row(generator, variant):
    bert, made = small_bert(generator), randomise(adapters(variant), generator)
    ids, mask, types = inputs(generator)
    path = made.of("sst", bert)
    whole, first = path(ids, mask, types), path(ids, mask, types, first_only=True)
    assert (whole.pooler_output - bert(ids, mask, types).pooler_output).abs().max() > 1e-3, "the adapter does nothing, so this test shows nothing"
    torch.testing.assert_close(first.last_hidden_state, whole.last_hidden_state[:, :1], rtol=0, atol=1e-12)
    torch.testing.assert_close(first.pooler_output, whole.pooler_output, rtol=0, atol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_padding_never_changes_a_real_token_and_no_row_another(generator, variant):
    path = randomise(adapters(variant), generator).of("sts", small_bert(generator))
    ids, mask, types = inputs(generator, rows=5)
    padded = path(ids, mask, types)
    others = torch.where(mask.bool(), ids, (ids + 41) % 101)
    torch.testing.assert_close(path(others, mask, types).last_hidden_state[mask.bool()], padded.last_hidden_state[mask.bool()], rtol=0, atol=1e-13)
    for row, length in enumerate(mask.sum(1).tolist()):
        alone = path(ids[row : row + 1, :length], None, types[row : row + 1, :length]).last_hidden_state
        torch.testing.assert_close(alone[0], padded.last_hidden_state[row, :length], rtol=0, atol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_step_of_one_task_leaves_the_adapters_of_the_others_bitwise_unchanged(generator, variant):
    """Not even weight decay reaches them: they took no part, so they have no gradient at all."""
    bert, made = small_bert(generator), randomise(adapters(variant), generator)
    before = {name: tensor.clone() for name, tensor in made.state_dict().items()}
    optimizer = AdamW([*bert.parameters(), *made.parameters()], lr=0.1, weight_decay=0.1)
    ids, mask, types = inputs(generator)
    made.of("sst", bert)(ids, mask, types).last_hidden_state.pow(3).sum().backward()
    optimizer.step()
    moved = {name.split(".")[1] for name, tensor in made.state_dict().items() if not torch.equal(tensor, before[name])}
    assert moved == {"sst"}
    assert {name.split(".")[1] for name, parameter in made.named_parameters() if parameter.grad is not None} == {"sst"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_at_the_zero_start_only_the_way_up_learns_and_then_everything_does(generator, variant):
    bert, made = small_bert(generator), adapters(variant)
    function = made.functions["sst"]
    ids, mask, types = inputs(generator)
    path, optimizer = made.of("sst", bert), AdamW(function.parameters(), lr=0.1)
    for learned in (lambda name: name.startswith("up."), lambda name: not name.endswith("key.bias")):  # softmax ignores what all keys share
        optimizer.zero_grad()
        path(ids, mask, types).last_hidden_state.pow(3).sum().backward()
        optimizer.step()
        dead = [name for name, parameter in function.named_parameters() if learned(name) and not parameter.grad.any()]
        early = [name for name, parameter in function.named_parameters() if not learned(name) and parameter.grad.abs().max() > 1e-9]
        assert (dead, early) == ([], [])


def test_projections_are_shared_by_layers_and_not_by_tasks():
    made = adapters("pal")
    names = [name for name, _ in made.named_parameters() if ".down." in name or ".up." in name]
    assert sorted(names) == sorted(f"functions.{task}.{way}.{part}" for task in TASKS for way in ("down", "up") for part in ("weight", "bias"))
    assert len({parameter.data_ptr() for parameter in made.parameters()}) == len(list(made.parameters()))


def test_a_fourth_task_leaves_the_first_weights_of_the_others_as_they_were():
    three, four = adapters("pal").state_dict(), adapters("pal", tasks=("snli", *TASKS)).state_dict()
    assert all(torch.equal(tensor, four[name]) for name, tensor in three.items())


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_adapted_path_is_bert_with_all_its_doors_and_owns_nothing(generator, variant):
    bert, made = small_bert(generator), randomise(adapters(variant), generator)
    names = list(bert.state_dict())
    ids, mask, types = inputs(generator)
    path = made.of("sst", bert)
    output = path(ids, mask, types, need_weights=True)
    steps = list(path.walk(path.embed(ids, types), mask, need_weights=True))
    assert torch.equal(steps[-1].output, output.last_hidden_state) and len(steps) == len(output.attentions) == len(path.layers)
    assert list(bert.state_dict()) == names and {id(part) for part in path.parameters()} == {id(part) for part in (*bert.parameters(), *made.functions["sst"].parameters())}


def test_norms_alone_learn_in_the_frugal_mode(generator):
    bert = small_bert(generator)
    train_norms_alone(bert)
    assert {name.rsplit(".", 1)[0].rsplit(".", 1)[-1] for name, parameter in bert.named_parameters() if parameter.requires_grad} == {"norm", "attention_norm", "feed_forward_norm"}


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (lambda: adapters("pals"), "there is no adapter 'pals', expected one of pal, pal-code, low-rank, top; did you mean 'pal'?"),
        (lambda: adapters("pal").of("qora", Bert(SMALL)), "there is no adapter for task 'qora', expected one of sst, quora, sts; did you mean 'quora'?"),
        (lambda: Pals(SMALL, size=205), "a task function 205 wide cannot have 12 heads, expected a multiple of 12, such as 204."),
        (lambda: adapters("pal").of("sst", Bert(SMALL.replace(num_hidden_layers=2))), "the adapters are made for 3 layers, this encoder has 2: adapt the whole path of a task, once."),
        (lambda: adapters("pal").of("sst", adapters("low-rank").of("sst", Bert(SMALL))), "a task function goes beside the layers of BERT, got AdaptedLayer: adapt a path once."),
    ],
)  # fmt: skip
def test_mistakes_are_told_in_one_sentence(mistake, sentence):
    with pytest.raises(UserError) as error:
        mistake()
    assert str(error.value) == sentence
