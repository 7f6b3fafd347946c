"""The bars that the checks must clear, held by the same counts that `python -m sanity_checks.measure` prints."""

from __future__ import annotations

import functools

import pytest

from sanity_checks.bank import mistakes
from sanity_checks.bodies import BODIES, READY
from sanity_checks.measure import COLUMNS, main, table
from sanity_checks.mutants import mutants
from sanity_checks.probing import has_probe
from sanity_checks.row import Row, row
from sanity_checks.survivors import FOLDER, reasons
from sanity_checks.tally import real, survivors
from sanity_checks.wrong import tables

COMPONENTS = [component for component in BODIES if has_probe(component)]
GIVEN = [component for component in READY if (FOLDER / f"{component}.txt").exists()]  # what an edition brings along, once somebody has looked at every survivor
SLIPS, SEVERAL = 10, 6  # random samples, the same ones each time; the slow tests take all slips
pytestmark = pytest.mark.filterwarnings("ignore")  # wrong code may warn
# Half a minute for the table. In every run test_bank.py holds each mistake to its name and each rewrite to "correct", one by one.
BARS = pytest.mark.slow


@functools.cache
def measured() -> tuple[Row, ...]:
    return tuple(row(component, SLIPS, SEVERAL) for component in COMPONENTS)


def test_every_component_that_students_write_is_diagnosed():
    assert COMPONENTS == list(BODIES)


@BARS
def test_every_known_mistake_is_caught():
    assert {each.component: each.mistakes - each.caught for each in measured() if each.caught < each.mistakes} == {}


@BARS
def test_nineteen_of_twenty_mistakes_are_named_at_first_guess_and_none_wrongly():
    assert sum(each.named for each in measured()) >= 0.95 * sum(each.mistakes for each in measured())
    assert [each.misnamed for each in measured() if each.misnamed] == []


@BARS
def test_several_mistakes_at_once_are_never_given_a_wrong_name():
    found = {each.component: counts for each in measured() for counts in (each.pairs, each.threes, each.beside_a_slip) if counts.get("misnamed")}
    assert found == {}


@BARS
def test_two_mistakes_at_once_are_mostly_both_named():
    assert sum(each.pairs.get("all", 0) for each in measured()) >= 0.7 * sum(sum(each.pairs.values()) for each in measured())


@BARS
def test_every_right_rewrite_is_accepted_and_there_are_many():
    assert [each.component for each in measured() if each.accepted < each.right] == []
    assert sum(each.right for each in measured()) >= 25


def test_banks_are_large():
    assert sum(len(real(component)) for component in COMPONENTS) >= 60
    assert min(len(real(component)) for component in COMPONENTS) >= 6


@BARS
def test_a_sample_of_slips_is_noticed_or_explained():
    assert [each.unexplained for each in measured() if each.unexplained] == []
    assert sum(each.killed for each in measured()) >= 0.95 * sum(each.slips - each.equivalent for each in measured())


@pytest.mark.slow
@pytest.mark.parametrize("component", COMPONENTS)
def test_every_slip_is_noticed_or_explained(component):
    assert [difference for difference, (kind, _) in survivors(component, -1).items() if not kind] == []
    assert row(component, -1, 0).killed_share >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("component", GIVEN)
def test_every_slip_in_what_is_given_is_noticed_or_explained(component):
    assert sorted(reasons(component).keys() - {mutant.difference for mutant in mutants(component)}) == []
    assert [difference for difference, (kind, _) in survivors(component, -1).items() if not kind] == []
    assert row(component, -1, 0).killed_share >= 0.85  # words of refusals stand in these bodies, too: they are most of what is unseen in extra_data, one of the lowest


@pytest.mark.parametrize("component", COMPONENTS)
def test_survivors_are_slips_of_the_source_of_today(component):
    assert sorted(reasons(component).keys() - {mutant.difference for mutant in mutants(component)}) == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_slips_are_many_enough_to_mean_something_and_all_different(component):
    every = [mutant.difference for mutant in mutants(component)]
    assert len(every) >= 18 and len({mutant.edit for mutant in mutants(component)}) == len(every)


def test_the_table_has_a_line_for_each_component(capsys):
    each = row("add_norm", 3, 2)
    assert table([each], False).splitlines()[1].startswith("add_norm") and table([each], True).splitlines()[1].count("---:") == len(COLUMNS) - 1
    assert main(["add_norm", "--mutants", "3", "--several", "2"]) == 0
    shown = capsys.readouterr().out
    assert all(variant in shown for variant in tables("add_norm")[1]) and str(len(mistakes("add_norm"))) in shown


def test_measure_wants_a_component_with_a_probe(capsys):
    with pytest.raises(SystemExit):
        main(["tokenizer"])
    assert "there is no probe for tokenizer" in capsys.readouterr().err
