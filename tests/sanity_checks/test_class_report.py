"""A teacher's report of a class: what is counted, and that no file of a student can stop it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from minbert.__main__ import main as minbert
from minbert.errors import UserError
from sanity_checks.class_report import main
from sanity_checks.finding import Finding
from sanity_checks.gradescope import results
from sanity_checks.record import record, written

MASK = Finding("attention", "wrong", "The mask is inverted.", "error", "named", ("mask-of-my-own",))
BOTH = Finding("attention", "wrong", "Two mistakes at once.", "error", "two", ("mask-of-my-own", "scale-missing"))
FORMULA = Finding("layer", "raised", '=HYPERLINK("http://x")')
PARTLY = Finding("attention", "wrong", "Something else.", "error", "partly", ("scale-missing",))
UNKNOWN = Finding("layer", "wrong", "Not known.", "error", "unknown", difference="x | y\nis 3")
RAISED = Finding("layer", "raised", "Your code raised TypeError: no.")
RIGHT = Finding("layer", "correct", certainty="right")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five students, and four files that are none."""
    students = {"ann": (MASK, RIGHT), "bob": (BOTH, UNKNOWN), "eve": (PARTLY, RAISED), "joe": (MASK, UNKNOWN)}
    for name, findings in students.items():
        (tmp_path / f"{name}.json").write_text(written(record(findings, {}, 1.0, {})), encoding="utf-8")
    content = record((RIGHT,), {}, 1.0, {})
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "results.json").write_text(written(results((RIGHT,), {}, content)), encoding="utf-8")
    for name, text in {"cut": "{", "other": '{"a": 1}', "later": '{"format": 2, "components": []}', "odd": '{"format": 1, "components": [{"component": 3}]}',
                       "deep": "[" * 100_000, "list": '{"format": 1, "components": [3]}'}.items():  # fmt: skip
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\0")
    return tmp_path


def test_mistakes_outcomes_and_unknowns_are_counted_by_student(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder)]) == 0
    report = capsys.readouterr().out
    assert report.startswith("# Class report\n\n5 students, one file each.") and report.isascii()
    assert "| attention | 0 | 4 | 0 | 0 | 0 |\n| layer | 2 | 2 | 0 | 1 | 0 |" in report
    assert "| attention | mask-of-my-own | 3 | The mask is inverted. |" in report
    assert "| attention | scale-missing | 1 |" in report and "| attention | scale-missing (perhaps) | 1 |" in report
    assert "| layer | wrong | 2 | x / y is 3 |" in report and "| layer | raised | 1 | Your code raised TypeError: no. |" in report


def test_files_that_are_none_are_counted_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder), str(folder / "missing.json")])
    refused = capsys.readouterr().out.partition("## Not read: ")[2]
    assert refused.startswith("8\n")
    for name, why in {"cut": "no JSON", "other": "no record", "later": "format 2, expected 1", "odd": "damaged", "missing": "No such file", "binary": "", "deep": "", "list": "damaged"}.items():
        assert [line for line in refused.splitlines() if f"{name}.json: " in line and why in line], (name, refused)


def test_csv_holds_the_same_numbers(folder: Path) -> None:
    main([str(folder), "--csv", str(folder / "class.csv")])
    rows = list(csv.DictReader((folder / "class.csv").read_text(encoding="utf-8").splitlines()))
    assert {"kind": "mistake", "component": "attention", "item": "mask-of-my-own", "students": "3", "words": "The mask is inverted."} in rows
    assert sum(int(row["students"]) for row in rows if row["kind"] == "outcome") == 9 and sum(row["kind"] == "not read" for row in rows) == 7


def test_no_file_at_all_is_a_mistake_of_the_user(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="none of 1 files can be read .*cut.json: no JSON"):
        main([str(folder / "cut.json")])
    assert minbert(["class-report", str(folder / "cut.json")]) == 2 and "expected what minbert sanity --json" in capsys.readouterr().err


def test_one_student_is_one_student(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "one").mkdir()
    (folder / "one" / "a.json").write_text(json.dumps(record((RIGHT,), {}, 0.0, {})), encoding="utf-8")
    main([str(folder / "one")])
    assert "1 student, one file each." in (report := capsys.readouterr().out) and "## Mistakes\n\nNone." in report


def test_no_formula_reaches_the_teacher_s_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(record((FORMULA,), {}, 0.0, {})), encoding="utf-8")
    main([str(tmp_path), "--csv", str(tmp_path / "class.csv")])
    assert "'=HYPERLINK" in (tmp_path / "class.csv").read_text(encoding="utf-8")


def test_a_mistake_is_told_in_the_words_of_the_bank_and_no_name_in_a_file_imports_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two = Finding("pooling", "wrong", "Two mistakes at once.", "error", "two", ("mean-over-padding", "max-over-padding"))
    odd = Finding("os", "wrong", "Odd.", "error", "named", ("path",))
    (tmp_path / "a.json").write_text(json.dumps(record((two, odd), {}, 0.0, {})), encoding="utf-8")
    main([str(tmp_path)])
    report = capsys.readouterr().out
    assert "Two mistakes" not in report and "| os | path | 1 | Odd. |" in report
