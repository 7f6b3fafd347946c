"""PCGrad: golden examples, a literal version of the algorithm, and what must hold for any gradients (10,000 of them)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from optim.pcgrad import merged_weights, pcgrad, pcgrad_weights
from optim.task_gradients import combine, inner_products, presence, total

CASES, FAST = 10_000, 1_000  # all of them with -m slow


def one(*numbers: float) -> list[Tensor]:
    """One task's gradient of a single parameter."""
    return [torch.tensor(numbers, dtype=torch.float64)]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def projected(gradients, generator) -> list[list[Tensor]]:
    """Every p_i on its own, over the parameters of task i."""
    present = presence(gradients)
    weights = pcgrad_weights(inner_products(gradients), present, generator)
    return [[entry if here else None for entry, here in zip(combine(gradients, weights[i].expand(len(present), -1)), present[:, i])] for i in range(len(gradients))]


def literally(gradients: list[Tensor], generator: torch.Generator) -> Tensor:
    """Algorithm 1 of the paper word for word, on flat vectors."""
    results = []
    for i, own in enumerate(gradients):
        p = own.clone()
        for j in torch.randperm(len(gradients), generator=generator).tolist():
            if j != i and p @ gradients[j] < 0:
                p = p - (p @ gradients[j]) / (gradients[j] @ gradients[j]) * gradients[j]
        results.append(p)
    return torch.stack(results).sum(0)


def test_two_conflicting_tasks_give_the_golden_numbers():
    gradients = [one(1, 0), one(-1, 1)]
    assert [p[0].tolist() for p in projected(gradients, seeded())] == [[0.5, 0.5], [0.0, 1.0]]
    assert pcgrad(gradients, seeded())[0].tolist() == [0.5, 1.5]
    assert pcgrad(gradients, seeded(), "mean")[0].tolist() == [0.25, 0.75]


def test_three_tasks_depend_on_the_order_exactly_as_in_the_golden_example():
    gradients = [one(1, 0, 0), one(-1, 1, 0), one(0, -1, 1)]
    seen = {tuple(tuple(p[0].tolist()) for p in projected(gradients, seeded(seed))) for seed in range(60)}
    firsts, seconds, thirds = (0.5, 0.25, 0.25), (0.5, 0.5, 0.0), ((-0.5, -0.5, 1.0), (0.0, -0.5, 1.0))
    assert {p[0] for p in seen} == {firsts, seconds} and {p[1] for p in seen} == {(0.0, 0.5, 0.5)} and {p[2] for p in seen} == set(thirds)


def test_a_task_is_never_projected_on_its_own_gradient():
    angles = [math.radians(degrees) for degrees in (0, 100, 185)]
    gradients = [one(math.cos(angle), math.sin(angle)) for angle in angles]
    seen = {tuple(round(number, 5) for number in projected(gradients, seeded(seed))[0][0].tolist()) for seed in range(40)}
    assert (-0.00748, 0.08551) in seen and (0.0, 0.08551) not in seen


def test_heads_keep_their_own_gradient_and_do_not_count_as_shared():
    gradients = [[torch.tensor([1.0, 0.0]), torch.tensor([2.0, 0.0]), None], [torch.tensor([-1.0, 1.0]), None, torch.tensor([0.0, 3.0])]]
    for reduction, shared in (("mean", [0.25, 0.75]), ("sum", [0.5, 1.5])):
        assert [entry.tolist() for entry in pcgrad(gradients, seeded(), reduction)] == [shared, [2.0, 0.0], [0.0, 3.0]]


def test_the_whole_vector_is_projected_and_not_each_tensor():
    whole = pcgrad([[torch.tensor([1.0]), torch.tensor([-2.0])], [torch.tensor([1.0]), torch.tensor([1.0])]], seeded())
    assert torch.cat(whole).tolist() == pytest.approx([2.7, -0.9])


def test_a_parameter_that_two_of_three_tasks_use_is_projected_between_those_two():
    gradients = [[torch.tensor([1.0, 0.0])], [torch.tensor([-1.0, 1.0])], [None]]
    assert pcgrad(gradients, seeded())[0].tolist() == [0.5, 1.5]
    assert pcgrad(gradients, seeded(), "mean")[0].tolist() == [0.25, 0.75]


def test_what_no_task_uses_stays_absent():
    assert pcgrad([[torch.ones(2), None], [torch.ones(2), None]], seeded())[1] is None


def test_one_task_is_left_as_it_is_bit_for_bit():
    gradient = [torch.randn(5, 3, generator=seeded(1)), None]
    for reduction in ("sum", "mean"):
        assert torch.equal(pcgrad([gradient], seeded(), reduction)[0], gradient[0])


def test_a_zero_gradient_changes_nothing_and_divides_nothing():
    other = one(-1, 2)
    assert torch.equal(pcgrad([one(0, 0), other], seeded())[0], other[0])


@pytest.mark.parametrize("wrong", ["Sum", "average", True, None])
def test_an_unknown_reduction_is_refused(wrong):
    with pytest.raises(ValueError, match="expected one of 'sum', 'mean'"):
        pcgrad([one(1)], seeded(), wrong)


@pytest.mark.parametrize("gradients", [[], [[torch.ones(1)], []]])
def test_no_task_and_unequal_lengths_are_refused(gradients):
    with pytest.raises(ValueError, match="expected one for each parameter"):
        pcgrad(gradients, seeded())


def draw(case: int) -> list[list[Tensor | None]]:
    """A case: 2 to 5 tasks, 1 to 3 parameters, some absent, some zero, sizes from 1e-6 to 1e6."""
    numbers = np.random.RandomState(case)
    sizes, tasks = numbers.randint(1, 6, size=numbers.randint(1, 4)), numbers.randint(2, 6)
    scale = [10.0 ** numbers.randint(-6, 7) * (numbers.rand() > 0.05) for _ in range(tasks)]
    return [[torch.from_numpy(scale[task] * numbers.standard_normal(size)) if place == 0 or numbers.rand() > 0.3 else None for place, size in enumerate(sizes)]
            for task in range(tasks)]


def lengths(vector) -> float:
    return math.sqrt(sum(float(entry @ entry) for entry in vector if entry is not None))


def dot(one_task, other) -> float:
    return sum(float(a @ b) for a, b in zip(one_task, other) if a is not None and b is not None)


@pytest.mark.parametrize("cases", [range(FAST), pytest.param(range(FAST, CASES), marks=pytest.mark.slow)], ids=["first", "rest"])
def test_ten_thousand_drawn_cases_keep_every_invariant(cases):
    for case in cases:
        gradients = draw(case)
        kept = [[None if entry is None else entry.clone() for entry in gradient] for gradient in gradients]
        merged = pcgrad(gradients, seeded(case))
        parts = projected(gradients, seeded(case))
        for before, after in zip(kept, gradients):  # the originals are read only
            assert all((a is None) == (b is None) and (a is None or torch.equal(a, b)) for a, b in zip(before, after)), case
        for place in range(len(merged)):  # the result is the sum of the p_i of those that use the parameter
            own = [part[place] for part in parts if part[place] is not None]
            assert (merged[place] is None) == (not own), case
            assert not own or torch.allclose(merged[place], torch.stack(own).sum(0), rtol=1e-9, atol=1e-9 * max(lengths(g) for g in gradients)), case
        for part, gradient in zip(parts, gradients):
            assert lengths(part) <= lengths(gradient) * (1 + 1e-9), case  # a projection never makes longer
        if len(gradients) == 2:
            _two_tasks(case, gradients, parts, merged)
        if all(dot(a, b) >= 0 for a in gradients for b in gradients):
            assert all(torch.equal(a, b) for a, b in zip(merged, total(gradients)) if a is not None), case


def _two_tasks(case, gradients, parts, merged) -> None:
    (one_task, other), conflict = gradients, dot(*gradients) < 0
    size = lengths(one_task) * lengths(other)
    assert not conflict or abs(dot(parts[0], other)) <= 1e-9 * size and abs(dot(parts[1], one_task)) <= 1e-9 * size, case
    assert torch.equal(torch.cat([entry for entry in merged if entry is not None]), torch.cat([e for e in pcgrad(gradients, seeded(case + 1)) if e is not None])), case  # no order


def test_flat_gradients_equal_the_algorithm_word_for_word():
    for case in range(500):
        numbers = np.random.RandomState(case)
        gradients = [torch.from_numpy(numbers.standard_normal(7)) for _ in range(numbers.randint(2, 6))]
        got = pcgrad([[gradient] for gradient in gradients], seeded(case))[0]
        assert torch.allclose(got, literally(gradients, seeded(case)), rtol=0, atol=1e-12), case


def test_scaling_one_task_leaves_the_others_projections_alone_and_scaling_all_scales_the_result():
    for case in range(200):
        gradients = [[torch.from_numpy(np.random.RandomState(100 * case + task).standard_normal(5))] for task in range(3)]
        scaled = [gradients[0], [gradients[1][0] * 37.0], gradients[2]]
        for i in (0, 2):
            assert torch.allclose(projected(gradients, seeded(case))[i][0], projected(scaled, seeded(case))[i][0], rtol=0, atol=1e-12)
        tripled = [[gradient[0] * 3] for gradient in gradients]
        assert torch.allclose(pcgrad(tripled, seeded(case))[0], 3 * pcgrad(gradients, seeded(case))[0], rtol=1e-12, atol=1e-12)


def test_a_rotation_of_all_gradients_rotates_the_result():
    turn = torch.linalg.qr(torch.from_numpy(np.random.RandomState(5).standard_normal((5, 5)))).Q
    for case in range(200):
        gradients = [torch.from_numpy(np.random.RandomState(100 * case + task).standard_normal(5)) for task in range(3)]
        straight = pcgrad([[gradient] for gradient in gradients], seeded(case))[0]
        turned = pcgrad([[turn @ gradient] for gradient in gradients], seeded(case))[0]
        assert torch.allclose(turn @ straight, turned, rtol=0, atol=1e-12)


def test_two_exactly_opposed_tasks_cancel():
    assert pcgrad([one(1, 2), one(-3, -6)], seeded())[0].abs().max() < 1e-12


def test_weights_of_absent_tasks_do_not_count():
    present = torch.tensor([[True, True], [True, False]])
    weights = torch.tensor([[1.0, 0.5], [0.25, 1.0]], dtype=torch.float64)
    assert merged_weights(weights, present).tolist() == [[1.25, 1.5], [1.0, 0.5]]  # where task 2 is absent its own p_2 is not added
