"""What a reader of `python -m minbert.sanity` sees, and the exit status a script sees."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from minbert.sanity import main
from sanity_checks import command, runner
from sanity_checks.judge import CheckFailed, Skipped
from sanity_checks.runner import CHECKS, run

Probe = Callable[[], "float | None"]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """fake("attention", probe, ...) puts made-up probes in place of a component's."""
    def put(component: str, *probes: Probe) -> None:
        monkeypatch.setitem(sys.modules, f"sanity_checks.oracles.{component}", types.SimpleNamespace(PROBES=probes))

    return put


def right() -> float:
    """Two and two is four."""
    return 2e-16


def wrong() -> float:
    """The sum is that of the reference."""
    raise CheckFailed("the sum is 5, expected 4")


def raising() -> float:
    """The sum can be computed."""
    raise RuntimeError("size of tensor a (4)\nmust match b (9)")


def leaving() -> float:
    """The sum does not end the program."""
    raise SystemExit(3)


def absent() -> float:
    """The weights give their outputs."""
    raise Skipped("the weights are not on this machine")


def test_every_component_listed_has_probes_with_a_sentence_each() -> None:
    for component in CHECKS:
        module = __import__(f"sanity_checks.oracles.{component}", fromlist=["PROBES"])
        assert module.PROBES and all(probe.__doc__ and probe.__doc__.strip().endswith(".") for probe in module.PROBES), component


def test_a_right_component_is_one_line_with_its_largest_difference(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake("attention", right, right)
    assert main(["attention"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "ok   attention    matches the reference in 2 probes (largest difference 2e-16)"


def test_a_wrong_component_is_named_with_what_differs_and_status_1(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake("attention", right, wrong, wrong)
    assert main(["attention"]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert first == "FAIL attention    The sum is that of the reference. But the sum is 5, expected 4. (1 more of 3 probes fail)"
    assert last == "1 of 1 components fails: attention"


@pytest.mark.parametrize(("probe", "told"), [(raising, "the code raised RuntimeError: size of tensor a (4) must match b (9)"), (leaving, "the code raised SystemExit: 3")])
def test_a_component_that_raises_is_reported_and_the_rest_goes_on(fake: Callable[..., None], probe: Probe, told: str) -> None:
    fake("attention", probe)
    fake("layer", right)
    outcomes = list(run(["attention", "layer"]))
    assert [outcome.status for outcome in outcomes] == ["FAIL", "ok"] and told in outcomes[0].text


def test_the_place_named_is_in_the_component_and_not_in_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    from minbert.layer import EncoderLayer

    monkeypatch.setattr(EncoderLayer, "forward", lambda self, hidden, bias, first_only=False, need_weights=False: self.feed_forward(hidden[..., 1:]))
    (outcome,) = run(["layer"])
    assert outcome.status == "FAIL" and "(minbert/feed_forward.py, line " in outcome.text


def test_a_component_that_cannot_be_imported_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sanity_checks.oracles.attention", None)
    (outcome,) = run(["attention"])
    assert outcome.status == "FAIL" and outcome.text.startswith("it cannot be imported: ModuleNotFoundError")


def test_what_cannot_be_checked_here_is_skipped_with_its_reason(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake("pretrained", absent)
    assert main(["pretrained"]) == 0
    assert capsys.readouterr().out.startswith("skip pretrained   the weights are not on this machine")
    fake("pretrained", absent, right)
    assert "1 probe (largest difference 2e-16); the weights are not" in next(iter(run(["pretrained"]))).text


def test_json_holds_every_outcome(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake("attention", wrong)
    assert main(["attention", "--json"]) == 1
    (outcome,) = json.loads(capsys.readouterr().out)
    assert outcome["component"] == "attention" and outcome["status"] == "FAIL" and len(outcome["failures"]) == 1


def test_list_names_every_component(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(CHECKS)


def test_an_unknown_component_is_refused_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atention"]) == 2
    assert "there is no check called 'atention'" in (told := capsys.readouterr().err) and "did you mean 'attention'?" in told


def test_a_dash_is_as_good_as_an_underscore(fake: Callable[..., None]) -> None:
    fake("feed_forward", right)
    assert main(["feed-forward"]) == 0


def test_the_caller_s_random_numbers_and_threads_are_left_alone() -> None:
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    list(run(["attention"]))
    assert torch.equal(torch.get_rng_state(), before) and torch.get_num_threads() == threads


def test_output_is_ascii_and_without_colour_into_a_pipe(fake: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    fake("attention", wrong)
    main(["attention"])
    out = capsys.readouterr().out
    assert out.isascii() and "\033" not in out


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("1", False)])
def test_colour_only_decorates_a_terminal_and_obeys_no_color(monkeypatch: pytest.MonkeyPatch, variable: str, coloured: bool) -> None:
    monkeypatch.setenv("NO_COLOR", variable)
    monkeypatch.setattr(command.sys.stdout, "isatty", lambda: True, raising=False)
    shown = command._coloured("FAIL")
    assert "FAIL" in shown and ("\033" in shown) == coloured


def test_the_module_runs_from_a_shell_without_a_cache_or_a_network(tmp_path: Path) -> None:
    environment = {"MINBERT_CACHE": str(tmp_path), "HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9", "PATH": "", "OMP_NUM_THREADS": "1"}
    project = Path(runner.__file__).parent.parent
    done = subprocess.run([sys.executable, "-m", "minbert.sanity"], cwd=project, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skip pretrained" in done.stdout and done.stdout.count("\nok ") + done.stdout.startswith("ok ") == len(CHECKS) - 1
    assert not list(tmp_path.iterdir()), "the checks must not fetch or write anything"
