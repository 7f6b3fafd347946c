"""A name is given only when everything that was seen agrees with it; what agrees with nothing is unknown, and two at once are both named."""

from __future__ import annotations

import torch

from sanity_checks.answers import Answers
from sanity_checks.diagnose import diagnose
from sanity_checks.fingerprint import fingerprint
from sanity_checks.look import Observation

RIGHT = {"one token": (torch.tensor([1.0, 2.0]), "error"), "a batch": (torch.tensor([3.0, 5.0, 7.0]), "error"), "dropout": (torch.tensor([11.0, 13.0]), "train"),
         "the input stays": ("yes", "error"), "a soft mask": (torch.tensor([17.0]), "note")}  # fmt: skip
WRONG = {  # mistake -> the looks that it changes
    "halved": {"one token": torch.tensor([0.5, 1.0]), "a batch": torch.tensor([1.5, 2.5, 3.5]), "dropout": torch.tensor([5.5, 6.5])},
    "first sentence only": {"a batch": torch.tensor([3.0, 0.0, 0.0])},
    "no dropout": {"dropout": torch.tensor([1.0, 1.0])},
    "input overwritten": {"the input stays": "no"},
    "first sentence only + no dropout": {"a batch": torch.tensor([3.0, 0.0, 0.0]), "dropout": torch.tensor([1.0, 1.0])},
    "soft": {"a soft mask": torch.tensor([19.0])},
}
STORED = Answers(
    {}, {name: Observation(seen, level, ()) for name, (seen, level) in RIGHT.items()}, {name: fingerprint(seen) for name, (seen, _) in RIGHT.items()},
    {mistake: {name: fingerprint(seen) for name, seen in changed.items()} for mistake, changed in WRONG.items()}, frozenset())  # fmt: skip
FACTS = {"the input stays": "input overwritten"}


def seen(**changed: object) -> dict[str, Observation]:
    """What right code shows, except for the looks given (their names with _ for spaces)."""
    shown = {name: value for name, (value, _) in RIGHT.items()} | {name.replace("_", " "): value for name, value in changed.items()}
    return {name: Observation(value, RIGHT[name][1], ()) for name, value in shown.items() if value is not None}


def shows(mistake: str) -> dict[str, Observation]:
    return seen(**{name.replace(" ", "_"): value for name, value in WRONG[mistake].items()})


def test_right_is_right_within_rounding_only():
    assert diagnose(seen(), STORED).certainty == "right"
    assert diagnose(seen(one_token=torch.tensor([1.0, 2.0 + 1e-9])), STORED).certainty == "right"
    assert diagnose(seen(one_token=torch.tensor([1.0, 2.0 + 1e-4])), STORED).certainty == "unknown"


def test_each_mistake_is_named_and_weighed():
    for mistake, severity in {"halved": "error", "first sentence only": "error", "no dropout": "train"}.items():
        found = diagnose(shows(mistake), STORED)
        assert (found.certainty, found.mistakes, found.severity) == ("named", (mistake,), severity)
        assert found.differing == tuple(name for name in RIGHT if name in WRONG[mistake]), "in the order of the looks, smallest input first"


def test_a_mistake_and_anything_more_is_not_that_mistake_alone():
    found = diagnose(seen(a_batch=WRONG["first sentence only"]["a batch"], one_token=torch.tensor([4.0, 4.0])), STORED)
    assert found.certainty == "partly" and found.mistakes == ("first sentence only",)
    found = diagnose(seen(a_batch=WRONG["first sentence only"]["a batch"], one_token=torch.tensor([4.0, 4.0]), dropout=torch.tensor([4.0, 4.0])), STORED)
    assert found.certainty == "unknown" and found.mistakes == ()


def test_part_of_a_mistake_is_not_that_mistake():
    found = diagnose(seen(one_token=WRONG["halved"]["one token"]), STORED)
    assert found.certainty == "unknown", "halved would have shown in the batch too"


def test_two_mistakes_are_both_named():
    found = diagnose(shows("first sentence only + no dropout"), STORED)
    assert (found.certainty, found.mistakes, found.severity) == ("two", ("first sentence only", "no dropout"), "error")


def test_a_fact_names_its_mistake_beside_anything_finite():
    strange = {"one_token": torch.tensor([4.0, 4.0]), "a_batch": torch.tensor([4.0, 4.0, 4.0])}
    assert diagnose(seen(the_input_stays="no", **strange), STORED, FACTS).mistakes == ("input overwritten",)
    assert diagnose(seen(the_input_stays="no", **strange), STORED).certainty == "unknown"
    assert diagnose(seen(the_input_stays="raised TypeError: no", **strange), STORED, FACTS).certainty == "unknown", "a look that raised has not shown the fact"
    strange["a_batch"] = torch.tensor([4.0, torch.nan, 4.0])
    assert diagnose(seen(the_input_stays="no", **strange), STORED, FACTS).certainty == "unknown", "NaN differs from itself, so every fact fails"


def test_a_note_is_told_and_right():
    found = diagnose(shows("soft"), STORED)
    assert (found.certainty, found.notes, found.severity) == ("right", ("soft",), "")
    assert diagnose(seen(a_soft_mask=torch.tensor([23.0])), STORED).certainty == "right", "a choice nobody has named is accepted too"


def test_looks_that_a_layout_does_not_offer_are_left_out():
    assert diagnose(seen(a_batch=None), STORED).certainty == "right"
    found = diagnose({name: each for name, each in shows("halved").items() if name != "dropout"}, STORED)
    assert (found.certainty, found.mistakes) == ("named", ("halved",))


def test_what_cannot_be_told_apart_is_said_to_be_one_of_several():
    twins = Answers(STORED.certificate, STORED.right, STORED.prints, dict(STORED.wrong) | {"divided by two": STORED.wrong["halved"]}, frozenset())
    found = diagnose(shows("halved"), twins)
    assert (found.certainty, set(found.mistakes)) == ("either", {"halved", "divided by two"})


def test_words_shapes_and_lost_numbers_are_never_taken_for_numbers():
    for strange in ("raised ValueError: no", torch.tensor([0.5]), torch.tensor([torch.nan, 1.0]), torch.tensor([[0.5, 1.0]])):
        found = diagnose({**shows("halved"), "one token": Observation(strange, "error", ())}, STORED)
        assert found.certainty in ("partly", "unknown")
