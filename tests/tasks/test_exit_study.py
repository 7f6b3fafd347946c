"""A threshold is chosen on one half of the rows and looked at on the other, which share none."""

from __future__ import annotations

import pytest
import torch
from exits_small import some_logits
from tasks_small import TRIO, seeded

from minbert.errors import UserError
from tasks.exit_study import Heard, halves, study, thresholds_of

ROWS = 301


def heard(kind: str, depth: int = 5) -> Heard:
    """Made-up exits of rising worth, on random labels."""
    labels = torch.randint(5, (ROWS,), generator=seeded(1)) if kind == "classes" else torch.randint(2, (ROWS,), generator=seeded(1)).float()
    if kind == "regression":
        labels = 5 * torch.rand(ROWS, generator=seeded(1))
    centre = torch.nn.functional.one_hot(labels, 5).double() * 4 if kind == "classes" else labels.double() if kind == "regression" else 4 * labels.double() - 2
    noise = some_logits(kind, depth, ROWS, scale=1.5)
    return Heard(torch.stack([centre * (layer + 1) / depth + each * (depth - layer) / depth for layer, each in enumerate(noise)], dim=1), None, labels)


def test_halves_share_no_row_and_leave_none_out():
    ours, theirs = halves(ROWS, 11, "sst")
    assert sorted([*ours.tolist(), *theirs.tolist()]) == list(range(ROWS)) and abs(len(ours) - len(theirs)) <= 1
    assert torch.equal(halves(ROWS, 11, "sst")[0], ours) and not torch.equal(halves(ROWS, 11, "quora")[0], ours)


@pytest.mark.parametrize("task, rule", [("sst", "confidence"), ("quora", "entropy"), ("sts", "patience")])
def test_the_rows_that_are_looked_at_have_no_say_in_what_is_chosen(task, rule):
    first = heard(TRIO[task].kind)
    _, theirs = halves(ROWS, 11, task)
    other = Heard(first.history.clone(), None, first.labels)
    other.history[theirs] = other.history[theirs].flip(0)  # answers of half B go to other rows of half B
    one, two = (study(each, TRIO[task], rule, 0.02, 11) for each in (first, other))
    assert (one.chosen, one.temperatures, one.points_chosen_on) == (two.chosen, two.temperatures, two.points_chosen_on) and one.points != two.points
    assert one.chosen > 0 and one.full[0] - one.points_chosen_on[one.chosen].score <= 0.02


@pytest.mark.parametrize("rule", ["confidence", "entropy", "patience"])
def test_the_first_threshold_is_never_and_depth_falls_from_there(rule):
    found = study(heard("classes"), TRIO["sst"], rule, 0.5, 11)
    layers = [point.mean_layer for point in found.points]
    assert layers[0] == 5 and found.points[0].score == found.full[1] and layers == sorted(layers, reverse=True) and layers[-1] < 5
    assert all(sum(point.fractions) == pytest.approx(1, abs=1e-12) for point in found.points)
    assert thresholds_of("patience", 5) == (5, 4, 3, 2, 1)


def test_the_sweep_of_the_report_can_be_asked_for():
    """Steps of .01 from .90, and .999."""
    sweep = [0.999, *(hundredth / 100 for hundredth in range(90, 100))]
    found = study(heard("classes"), TRIO["sst"], "confidence", 0.5, 11, asked=sweep)
    assert [point.threshold for point in found.points] == [1.0, 0.999, 0.99, 0.98, 0.97, 0.96, 0.95, 0.94, 0.93, 0.92, 0.91, 0.9]
    assert thresholds_of("entropy", 5, [0.3, 0.1, 0.3]) == (0.0, 0.1, 0.3) and thresholds_of("patience", 5, [2, 5, 3]) == (5, 3, 2)


def test_temperatures_mend_the_calibration_of_rows_that_had_no_say():
    loud = heard("classes")
    found = study(Heard(4 * loud.history, None, loud.labels), TRIO["sst"], "confidence", 0.5, 11)
    assert found.errors is not None and sum(after for _, after in found.errors) < 0.6 * sum(before for before, _ in found.errors)
    assert study(loud, TRIO["sst"], "confidence", 0.5, 11, calibrate=False).temperatures is None


def test_too_few_rows_are_told():
    with pytest.raises(UserError, match="^task 'sst' has 15 rows, and choosing on one half to look at the other takes at least 16.$"):
        halves(15, 1, "sst")
