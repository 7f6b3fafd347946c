"""What docs/teacher.md shows: a small class, its records, and the autograder."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

from journey import attention_chapter
from journey.page import console
from journey.workplace import LIBRARY, Workplace

AUTOGRADER = LIBRARY / "docs" / "autograder"


def _new(place: Workplace) -> None:
    shutil.rmtree(place.edition, ignore_errors=True)
    place.run("python -m minbert start my-bert", inside=False)
    place.finish()


def _ada(place: Workplace) -> None:
    place.mistake("attention", "dropout-missing")


def _bo(place: Workplace) -> None:
    place.mistake("attention", "dropout-missing")
    place.mistake("adamw", "correct-bias-ignored")
    place.mistake("losses", "squared-labels-cut")


def _chi(place: Workplace) -> None:
    place.mistake("adamw", "first-parameter-only")
    place.run("python -m minbert start --component layer")
    place.write("pairs", "combine", "return torch.cat([u, v], dim=-1")


def _dee(place: Workplace) -> None:
    place.write("attention", "formula_attention", attention_chapter.FORMULA)
    place.write("attention", "MultiHeadAttention.merge_heads", attention_chapter.MERGE)
    place.mistake("heads", "squeeze-without-dimension")


STUDENTS: dict[str, Callable[[Workplace], None]] = {"ada": _ada, "bo": _bo, "chi": _chi, "dee": _dee}


def start(place: Workplace) -> str:
    """An edition, and what is in it."""
    return console([place.run("python -m minbert start my-bert", inside=False), place.run("ls -A")])


def record(place: Workplace) -> str:
    """Every student of the class keeps a record; the command is shown once."""
    (place.home / "class").mkdir()
    for name, wrong in STUDENTS.items():
        _new(place)
        wrong(place)
        (place.home / "class" / f"{name}.json").write_text(place.run("python -m minbert.sanity --json").printed + "\n", encoding="utf-8")
    return "```console\n$ python -m minbert.sanity --json > ada.json\n```"


def report(place: Workplace) -> str:
    """What the class has not got right yet."""
    return console([place.run("python -m minbert class-report class", inside=False)])


def table(place: Workplace) -> str:
    """The same for a spreadsheet."""
    place.run("python -m minbert class-report class --csv class.csv", inside=False)
    return console([place.run("tail -9 class.csv", inside=False)])


def script(name: str) -> Callable[[Workplace], str]:
    """A file of docs/autograder/, as it is."""
    return lambda place: f"```bash\n{(AUTOGRADER / name).read_text(encoding='utf-8').strip()}\n```"


def graded(place: Workplace) -> str:
    """The autograder on the last student's submission, outside of Gradescope."""
    work = place.home / "autograder"
    (work / "results").mkdir(parents=True)
    shutil.copytree(place.edition, work / "submission")
    shutil.copy(AUTOGRADER / "run_autograder", work / "run_autograder")
    done = place.run("./autograder/run_autograder", inside=False, more={"AUTOGRADER": str(work), "PYTHON": sys.executable})
    return console([done, place.run("head -20 autograder/results/results.json", inside=False)])


TEACHER: dict[str, Callable[[Workplace], str]] = {
    "start": start, "record": record, "report": report, "table": table, "setup": script("setup.sh"), "run": script("run_autograder"), "graded": graded,
}  # fmt: skip
