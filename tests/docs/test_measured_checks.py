"""The table of how good the checks are is put together from whole runs and from runs of some components."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).resolve().parents[2] / "docs" / "make_measured_checks.py"
OLD = ["| component | slips |", "| --- | ---: |", "| attention | 3 |", "| groups | 4 |"]


@pytest.fixture
def maker(tmp_path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_measured_checks", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.HERE = tmp_path
    (tmp_path / "diagnosis.md").write_text("Above.\n<!-- measured: here -->\n<!-- end of measured -->\nBelow.\n", encoding="utf-8")
    (tmp_path / "measured_checks.md").write_text("\n".join(OLD) + "\n", encoding="utf-8")
    return module


def test_rows_of_components_measured_anew_take_the_place_of_the_old_ones(maker):
    assert maker.merged(OLD, [*OLD[:2], "| attention | 5 |", "| mlm | 6 |"]) == [*OLD[:2], "| attention | 5 |", "| groups | 4 |", "| mlm | 6 |"]


def test_a_table_of_a_file_replaces_both_tables_and_nothing_else(maker, tmp_path):
    (tmp_path / "new.md").write_text("\n".join([*OLD[:2], "| mlm | 6 |"]), encoding="utf-8")
    assert maker.main([str(tmp_path / "new.md")]) == 0
    page = (tmp_path / "diagnosis.md").read_text(encoding="utf-8")
    assert page.startswith("Above.\n") and page.endswith("Below.\n") and "| mlm | 6 |" in page
    assert [line for line in (tmp_path / "measured_checks.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")] == [*OLD[:2], "| mlm | 6 |"]


def test_the_status_is_that_of_the_measure(maker, tmp_path):
    loud = tmp_path / "measure.py"
    loud.write_text("import sys\nprint('\\n'.join(['| component | slips |', '| --- | ---: |', *(f'| {name} | 9 |' for name in sys.argv[1:])]))\nsys.exit(1)\n", encoding="utf-8")
    maker.COMMAND = f"python {loud}"
    assert maker.main(["groups", "mlm"]) == 1
    assert "| attention | 3 |\n| groups | 9 |\n| mlm | 9 |" in (tmp_path / "diagnosis.md").read_text(encoding="utf-8")


def test_a_run_without_a_table_changes_no_page(maker, tmp_path):
    before = (tmp_path / "diagnosis.md").read_text(encoding="utf-8")
    (tmp_path / "quiet.py").write_text("print('nothing')\n", encoding="utf-8")
    maker.COMMAND = f"python {tmp_path / 'quiet.py'}"
    with pytest.raises(ValueError, match="printed no table"):
        maker.main(["groups"])
    assert (tmp_path / "diagnosis.md").read_text(encoding="utf-8") == before
