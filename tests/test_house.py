"""The house keeps its own rules: who may import whom, how long a file may be, what every public name must have."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
# room -> the rooms of ours it may import; the two doors of minbert that look up import lazily
MAY_IMPORT = {
    "minbert": set(),
    "optim": set(),
    "regularizers": set(),
    "tasks": {"minbert", "optim", "regularizers"},
    "sanity_checks": {"minbert", "optim", "regularizers", "tasks"},
}
DOORS = {"minbert/sanity.py", "minbert/__main__.py"}
FILES = sorted(path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py"))
LONGEST = 150
# file -> why it may be longer
LONGER: dict[str, str] = {}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_rooms(tree: ast.AST) -> set[str]:
    """The rooms of ours that a file imports anywhere, inside functions too."""
    found = set()
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        found |= {module.split(".")[0] for module in modules} & set(MAY_IMPORT)
    return found


def imports_up(path: Path) -> set[str]:
    """The rooms of ours that a file imports and may not."""
    room, tree = path.relative_to(ROOT).parts[0], tree_of(path)
    if name_of(path) in DOORS:
        return imported_rooms(ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])) - {"minbert"}
    return imported_rooms(tree) - {room} - MAY_IMPORT[room]


def test_imports_point_down():
    assert {name_of(path): rooms for path in FILES if (rooms := imports_up(path))} == {}


def test_files_stay_short():
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST and name not in LONGER} == {}
    assert [name for name in LONGER if lengths[name] <= LONGEST] == [], "these are short again: take them off the list"


def missing_words(path: Path) -> Iterator[str]:
    """What of a file has no docstring, and the parameters that have no type."""
    tree = tree_of(path)
    if not ast.get_docstring(tree):
        yield "the file does not say what it is"
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            parameters = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            yield from (f"{node.name}({each.arg}) has no type" for each in parameters if each.annotation is None and each.arg not in ("self", "cls"))
    public = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_")]
    yield from (f"{node.name} has no docstring" for node in public if not ast.get_docstring(node))


def test_public_names_are_documented_and_every_parameter_is_typed():
    assert {name_of(path): missing for path in FILES if (missing := list(missing_words(path)))} == {}


def test_no_inheritance_beyond_module_optimizer_and_errors():
    allowed = {"nn.Module", "Module", "torch.nn.Module", "Optimizer", "torch.optim.Optimizer", "NamedTuple", "ValueError", "UserError", "Exception", "Protocol", "Enum"}
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef):
                assert {ast.unparse(base) for base in node.bases} <= allowed, f"{name_of(path)}: {node.name}"


def test_the_project_speaks_of_itself_alone():
    """No path of the machine that built it and no host of a registry."""
    words = ("/" + "work" + "/", "/root" + "/", "pypi" + ".org", "files.python" + "hosted")
    texts = [path for path in ROOT.rglob("*") if path.suffix in {".py", ".md", ".cfg", ".toml", ".txt", ".json"} and not {".git", "runs", ".venv"} & set(path.relative_to(ROOT).parts)]
    assert [name_of(path) for path in texts if any(word in path.read_text(encoding="utf-8") for word in words)] == []
