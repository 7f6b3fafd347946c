"""The student edition holds everything but the solutions, is the same whenever it is written, and is written whole or not at all."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from edition_small import EVERY_BODY, ROOT, fill

from minbert.errors import UserError
from sanity_checks import edition_writing
from sanity_checks.blanking import blanked, body_lines, file_of
from sanity_checks.bodies import BODIES
from sanity_checks.edition import MARKER, edition_around, find_edition
from sanity_checks.edition_contents import FILES, LEFT_OUT, bodies_by_file, contents, module_of
from sanity_checks.edition_writing import write_edition

SHORTEST = 12  # a shorter line ("return x") says nothing
# (file, line) -> why it is no leak: the same words in the service of something else
COINCIDENCES = {
    ("sanity_checks/gradescope.py", "return weights"): "the points of a course, not the weights of gradients",
    ("sanity_checks/bank/adamw_loop.py", "loss = closure()"): "the last but one hint, given to those who ask for it",
}


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    return contents(ROOT)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editions") / "mine"
    write_edition(folder)
    return folder


def squeezed(line: str) -> str:
    return " ".join(re.sub(r"\s#\s.*$", "", line).split())


def solution_lines() -> set[str]:
    """Every line of every body that says something, without its comment and with single spaces."""
    lines = {squeezed(line) for body in EVERY_BODY for line in body_lines((ROOT / file_of(body.module)).read_text(encoding="utf-8"), body.name)}
    return {line for line in lines if len(line) >= SHORTEST and not line.startswith("#")}


def test_no_line_of_a_solution_is_anywhere_in_the_edition(whole):
    solutions = solution_lines()
    assert len(solutions) > 60
    texts = {name: " ".join(content.decode("utf-8").split()) for name, content in whole.items() if not name.endswith(".safetensors")}
    found = [(name, solution) for name, text in texts.items() for solution in solutions if solution in text and (name, solution) not in COINCIDENCES]
    assert found == []
    assert [pair for pair in COINCIDENCES if pair[1] not in texts[pair[0]]] == [], "these are gone: take them off the list"


def test_everything_outside_of_the_bodies_is_kept_byte_for_byte(edition):
    for file in bodies_by_file():
        assert (edition / file).read_bytes() == (edition / "sanity_checks/skeletons" / file).read_bytes() != (ROOT / file).read_bytes()
    fill(edition, EVERY_BODY)
    try:
        assert [file for file in bodies_by_file() if (edition / file).read_bytes() != (ROOT / file).read_bytes()] == []
    finally:
        for file in bodies_by_file():
            (edition / file).write_bytes((edition / "sanity_checks/skeletons" / file).read_bytes())


def test_what_spells_an_answer_is_left_out(whole):
    assert [name for name in whole if re.search(r"/wrong/|/oracles/(attention|adamw)|make_|by_hand|compiled|one_line|mutants|survivors|/measure", name)] == []
    assert [pattern for pattern in LEFT_OUT if "/measure" not in pattern and not list(ROOT.glob(pattern)) and Path(pattern).stem not in BODIES] == []


def test_what_a_student_needs_is_there(whole):
    wanted = {"README.md", "setup.cfg", "pyproject.toml", "constraints.txt", "LICENSE", ".gitignore", MARKER, "tasks/recipes/practice.toml",
              "tasks/practice/practice-sentiment-train.csv", "sanity_checks/references/encoder.safetensors", "minbert/__main__.py", "sanity_checks/oracles/tokenizer.py"}
    wanted |= {f"sanity_checks/{path.relative_to(ROOT / 'sanity_checks').as_posix()}" for kind in ("probes", "subjects", "bank", "answers")
               for path in (ROOT / "sanity_checks" / kind).iterdir() if path.suffix in (".py", ".json")}
    unasked = {name for name in wanted for pattern in LEFT_OUT if pattern.startswith("sanity_checks/*/") and fnmatch(name, pattern)}  # checks of what is not there either
    assert wanted - whole.keys() == unasked


def test_nothing_that_stays_imports_what_is_left_out(whole):
    """Functions too, except where the library's half of a command is asked for."""
    there = {module_of(name) for name in whole if name.endswith(".py")}
    rooms = {"minbert", "optim", "regularizers", "tasks", "sanity_checks"}
    lost = set()
    for name, content in whole.items():
        for node in ast.walk(ast.parse(content)) if name.endswith(".py") else ():
            if isinstance(node, ast.ImportFrom) and not node.level and node.module.split(".")[0] in rooms and node.module not in there:
                lost.add((name, node.module))
    of_the_library = {(name, module) for name, module in lost if module.startswith("sanity_checks.starter")}  # its half of --starter
    assert {name for name, _ in of_the_library} <= {"sanity_checks/menu.py", "sanity_checks/under_work.py"}
    told = {("tasks/paths.py", "minbert.task_adapters")}  # who asks for adapters in an edition is told that they are not part of it
    assert lost - of_the_library - told == {("sanity_checks/start_command.py", "sanity_checks.edition_writing")}


def test_two_runs_write_the_same_bytes(edition, tmp_path):
    write_edition(tmp_path / "again")
    files = lambda root: {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert files(edition) == files(tmp_path / "again") == contents(ROOT)


def test_another_process_with_another_order_of_sets_writes_the_same_bytes(whole):
    program = ("import hashlib; from pathlib import Path; from sanity_checks.edition_contents import contents;"
               "print(hashlib.sha256(repr(contents(Path('.').resolve())).encode()).hexdigest())")
    runs = {subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout for seed in "123"}
    assert runs == {hashlib.sha256(repr(whole).encode()).hexdigest() + "\n"}


def test_licence_and_pins_are_those_of_the_library():
    for name in ("LICENSE", "constraints.txt", "pyproject.toml"):
        assert (ROOT / FILES / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_readme_names_every_body_and_no_command_that_is_not_there(edition):
    text = (edition / "README.md").read_text(encoding="utf-8")
    assert [str(body) for body in EVERY_BODY if f"`{body.name}`" not in text] == [] and text.isascii()
    assert [target for target in re.findall(r"\]\(([^)]+)\)", text) if not (edition / target).exists()] == []
    assert "{" not in text


def test_the_marker_is_found_from_every_folder_inside_and_not_outside(edition):
    found = edition_around(edition / "tasks" / "practice")
    assert found is not None and found.root == edition and found.components == tuple(BODIES)
    assert edition_around(edition.parent) is None and find_edition() is None and find_edition(edition / "tasks") is None


@pytest.mark.parametrize(("content", "sentence"), [
    ("{", "is damaged"), ('{"format": 1}', "is damaged"), ('{"format": 7, "version": "9.0", "components": []}', r"has format 7, expected 1: .* \(9.0\)")])
def test_a_damaged_marker_is_one_sentence(tmp_path, content, sentence):
    (tmp_path / MARKER).write_text(content)
    with pytest.raises(UserError, match=sentence):
        find_edition(tmp_path)


def test_progress_counts_the_bodies_that_are_written(tmp_path):
    write_edition(tmp_path / "mine")
    fill(tmp_path / "mine", BODIES["attention"][:2])
    edition = find_edition(tmp_path / "mine")
    assert edition.progress("attention") == "2 of 5 bodies written" and edition.unwritten("attention") == BODIES["attention"][2:]
    assert edition.progress("add_norm") == "0 of 1 body written"
    (tmp_path / "mine/minbert/attention.py").write_text("def broken(:\n")
    assert edition.unwritten("attention") == ()


def refusals(tmp_path: Path) -> dict[str, tuple[Path, Path, str]]:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "work.py").write_text("precious")
    (tmp_path / "file").write_text("precious")
    write_edition(tmp_path / "edition")
    return {
        "taken": (tmp_path / "taken", ROOT, "holds files already"), "file": (tmp_path / "file", ROOT, "is a file"),
        "inside an edition": (tmp_path / "edition" / "more", ROOT, "lies in the student edition"), "over an edition": (tmp_path / "edition", ROOT, "minbert start --component NAME"),
        "edition of an edition": (tmp_path / "new", tmp_path / "edition", "is itself a student edition"), "inside the library": (ROOT / "tasks" / "x", ROOT, "lies in the library"),
    }


def test_what_is_there_is_never_written_over(tmp_path):
    cases = refusals(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for words, (target, library, sentence) in cases.items():
        with pytest.raises(UserError, match=sentence):
            write_edition(target, library)
        assert sorted(tmp_path.rglob("*")) == before, words


@pytest.mark.parametrize("failing", ["write_bytes", "rename"])
def test_a_writing_that_fails_leaves_nothing(tmp_path, monkeypatch, failing):
    calls = []

    def full(*arguments: object) -> None:
        calls.append(arguments)
        if failing == "rename" or len(calls) > 9:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "rename") if failing == "rename" else (edition_writing.Path, "write_bytes")), full)
    with pytest.raises(UserError, match="cannot write .*No space left on device"):
        write_edition(tmp_path / "mine")
    assert calls and list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir()
    assert write_edition(tmp_path / "mine") == len(contents(ROOT))


def test_blanking_the_blanked_changes_nothing(edition):
    for file, names in bodies_by_file().items():
        assert blanked((edition / file).read_text(encoding="utf-8"), names, file).encode("utf-8") == (edition / file).read_bytes()
