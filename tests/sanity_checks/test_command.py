"""What a reader of `python -m minbert.sanity` sees, and the exit status a script sees; what a child would find is made up here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from minbert.errors import UserError
from sanity_checks import command, show
from sanity_checks.command import main
from sanity_checks.finding import Finding
from sanity_checks.bodies import BODIES
from sanity_checks.order import COMPOSED_OF, about, chosen, components, with_parts

Finds = Callable[..., None]
RIGHT = Finding("attention", "correct", "right in 35 looks", certainty="right")
WRONG = Finding("attention", "wrong", "The attention probabilities are never dropped.", "train", "named", ("dropout-missing",), "Look for the dropout: is it called?",
                ("In the formula.", "softmax, then dropout, then the values.", "The line behind the softmax."), difference="the output in train mode differs")
UNKNOWN = Finding("layer", "wrong", "Not a mistake that this check knows. The first thing that differs: x is 3.", "error", "unknown", difference="x is 3")
RAISED = Finding("layer", "raised", "Your code raised TypeError: no (minbert/layer.py, line 3).", printed=3, prints=("a", "b\x1b[31m", "c"))
STUB = Finding("layer", "not started", "0 of 1 body written; next is minbert/layer.py: EncoderLayer.forward.")
ABSENT = Finding("pretrained", "not checked", "no weights are on this machine")
WAITS = Finding("model", "not checked", "It waits for layer.", waits_for=("layer",))


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Finds:
    """finds(finding, ...) makes the next runs find these; what is remembered lies in tmp_path, and the terminal is wide."""
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "110")

    def put(*findings: Finding) -> None:
        def supervise(names: list[str], limits: object, progress: object) -> Iterator[Finding]:
            return iter(findings)

        monkeypatch.setattr(command, "supervise", supervise)

    return put


def shown(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, list[str]]:
    """Exit status and lines of one run."""
    status = main(argv)
    return status, capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("findings", "status"), [([RIGHT], 0), ([RIGHT, ABSENT], 0), ([WRONG], 1), ([RAISED], 1), ([STUB], 1), ([RIGHT, WAITS], 1)])
def test_the_exit_status_is_0_only_when_nothing_is_left_to_do(finds: Finds, findings: list[Finding], status: int) -> None:
    finds(*findings)
    assert main([]) == status


def test_a_mistake_is_told_in_words_with_what_to_look_at_and_how_to_get_a_hint(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    finds(WRONG)
    assert shown(capsys, "attention") == (1, [
        "attention:     wrong (train-mode error). The attention probabilities are never dropped.",
        "  Look at: Look for the dropout: is it called?",
        "  First difference: the output in train mode differs",
        "For a hint: python -m minbert.sanity attention --hint"])  # fmt: skip


def test_a_difference_that_the_sentence_tells_already_is_not_told_twice(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    finds(UNKNOWN)
    assert shown(capsys)[1] == ["layer:         wrong (error). Not a mistake that this check knows. The first thing that differs: x is 3."]


def test_only_what_changed_is_loud(finds: Finds, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    finds(WRONG, RAISED)
    assert "  Look at: Look for the dropout: is it called?" in shown(capsys)[1]
    again = shown(capsys)[1]
    assert again[:3] == ["attention:     wrong (train-mode error), as before. The attention probabilities are never dropped.",
                         "layer:         raised, as before. Your code raised TypeError: no (minbert/layer.py, line 3).", ""]  # fmt: skip
    monkeypatch.setenv("COLUMNS", "60")
    assert shown(capsys)[1][0] == "attention:     wrong (train-mode error), as before. The ..."
    monkeypatch.setenv("COLUMNS", "110")
    assert [line for line in shown(capsys, "--all")[1] if "Look at" in line], "--all shows it"
    assert [line for line in shown(capsys, "attention")[1] if "Look at" in line], "a component that is named is shown"
    finds(RIGHT, RAISED)
    assert shown(capsys)[1][0] == "attention:     correct (it was wrong). Right in 35 looks."
    finds(WRONG, RAISED)
    assert [line for line in shown(capsys)[1] if "Look at: Look for" in line], "what comes back is news"


def test_hints_go_a_step_deeper_each_time_and_begin_again_with_another_mistake(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    finds(WRONG)
    for depth in (1, 2, 3, 3):
        lines = [line for line in shown(capsys, "--hint")[1] if "Hint" in line]
        assert lines == ["  Hint 1 of 3, where: In the formula.", "  Hint 2 of 3, which equation: softmax, then dropout, then the values.",
                         "  Hint 3 of 3, which line: The line behind the softmax."][:depth]  # fmt: skip
    assert not [line for line in shown(capsys)[1] if "Hint" in line], "nobody asked"
    finds(Finding(**{**vars(WRONG), "says": "The mask is inverted.", "mistakes": ("mask-inverted",)}))
    assert len([line for line in shown(capsys, "--hint")[1] if "Hint" in line]) == 1


def test_a_hint_is_given_for_the_first_mistake_only_unless_components_are_named(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    other = Finding(**{**vars(WRONG), "component": "layer"})
    finds(WRONG, other)
    assert len([line for line in shown(capsys, "--hint")[1] if "Hint" in line]) == 1
    assert len([line for line in shown(capsys, "--hint", "attention", "layer")[1] if "Hint" in line]) == 3
    finds(UNKNOWN)
    assert shown(capsys, "--hint")[1][-1] == "There is no hint: hints are for mistakes that are known by name."


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"format": 1, "components": {"attention": 3}}', '{"format": 99, "components": {}}', "\0", '{"format": 1}'])
def test_a_broken_memory_is_ignored_and_written_anew(finds: Finds, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str) -> None:
    finds(WRONG)
    shown(capsys)
    (file,) = tmp_path.glob("sanity-*.json")
    file.write_text(content, encoding="utf-8")
    assert [line for line in shown(capsys)[1] if "Look at" in line]
    assert json.loads(file.read_text(encoding="utf-8"))["format"] == 1


def test_where_nothing_can_be_written_everything_is_shown_each_time(finds: Finds, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path / "file" / "cache"))
    finds(WRONG)
    assert shown(capsys) == shown(capsys)


def test_prints_are_counted_and_shown_when_asked_for_without_what_a_terminal_would_obey(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    finds(RAISED)
    assert "  Your code printed 3 lines; --show-prints shows them." in shown(capsys, "layer")[1]
    assert shown(capsys, "layer", "--show-prints")[1][-3:] == ["    a", "    b\\x1b[31m", "    c"]


@pytest.mark.parametrize("columns", ["10", "40", "57", "110"])
def test_lines_fit_the_terminal_and_are_ascii(finds: Finds, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    finds(WRONG, RAISED, Finding("model", "wrong", "caf\u00e9 \u2203 " * 20, look="\x1b[2J"))
    for argv in ((), (), ("--hint",)):
        lines = shown(capsys, *argv)[1]
        assert max(map(len, lines)) <= max(40, int(columns)) and all(line.isascii() and line.isprintable() for line in lines)


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("1", False)])
def test_colour_only_decorates_a_terminal_and_obeys_no_color(monkeypatch: pytest.MonkeyPatch, variable: str, coloured: bool) -> None:
    monkeypatch.setenv("NO_COLOR", variable)
    monkeypatch.setattr(show.sys.stdout, "isatty", lambda: True, raising=False)
    (first, *_) = show.lines(WRONG, show.Showing())
    assert "wrong" in first and ("\033" in first) == coloured


def test_json_holds_everything_but_the_hints_that_were_not_given(finds: Finds, capsys: pytest.CaptureFixture[str]) -> None:
    finds(WRONG, Finding("layer", "correct"))
    main(["--hint"])
    capsys.readouterr()
    assert main(["--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["format"] == 1 and content["counts"] == {"wrong": 1, "correct": 1} and content["versions"]["minbert"]
    first = content["components"][0]
    assert (first["component"], first["certainty"], first["mistakes"], first["severity"]) == ("attention", "named", ["dropout-missing"], "train")
    assert first["hints"] == ["In the formula."]
    finds(Finding(**{**vars(WRONG), "says": "Another mistake."}))
    main(["--json"])
    assert json.loads(capsys.readouterr().out)["components"][0]["hints"] == [], "hints are for one mistake"


def test_gradescope_s_file_scores_what_is_correct_and_leaves_out_what_cannot_be_checked(finds: Finds, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    finds(RIGHT, STUB, WAITS, ABSENT)
    assert main(["--gradescope", str(tmp_path / "results.json"), "--weights", "attention=3,layer=2"]) == 1
    content = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [(each["name"], each["score"], each["max_score"], each["status"]) for each in content["tests"]] == [
        ("attention", 3, 3, "passed"), ("layer", 0, 2, "failed"), ("model", 0, 1, "failed"), ("pretrained", 0, 0, "passed")]
    assert content["score"] == 3 and all(each["visibility"] == "visible" and each["output"] for each in content["tests"])


@pytest.mark.parametrize(("argv", "words"), [
    (["atention"], "there is no check called 'atention', expected for example 'attention'"),
    (["--weights", "attention"], "--weights has 'attention', expected COMPONENT=POINTS"),
    (["--weights", "attention=-1"], "points of 0 or more"),
    (["--weights", "nothing=1"], "there is no check called 'nothing'"),
    (["--time-limit", "-1"], "--time-limit is -1"),
    (["--memory-limit", "nan"], "--memory-limit is nan"),
])
def test_a_line_that_is_not_understood_is_one_sentence(argv: list[str], words: str) -> None:
    with pytest.raises(UserError) as told:
        main(argv)
    assert words in str(told.value)


def test_a_dash_is_as_good_as_an_underscore_and_the_order_is_that_of_learning() -> None:
    assert chosen(["layer", "feed-forward"]) == ["feed_forward", "layer"]
    assert chosen(["everything"]) == list(components()) and components()[0] == "feed_forward"


def test_what_nobody_has_to_write_is_checked_when_it_is_asked_for() -> None:
    usual = chosen([])
    assert set(BODIES) < set(usual) < set(components()) and {"groups", "checkpoint", "dropout"} <= set(usual)
    assert not {"adapters", "simcse", "teacher"} & set(usual) and chosen(["simcse"]) == ["simcse"]


def test_a_whole_is_checked_after_its_parts() -> None:
    order = with_parts(["model"])
    assert order[-1] == "model" and set(order) == {"model", *COMPOSED_OF["model"]} and order == [name for name in components() if name in order]


def test_list_names_every_component(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(components()) and all(map(about, components()))


def test_the_parent_loads_no_torch() -> None:
    program = "import sys; import sanity_checks.command, sanity_checks.class_report; assert not {'torch', 'numpy'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parent.parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
