"""What goes into a student edition: name of each file -> its bytes, computed from the library's own source and from nothing else.

    blanked     files with bodies to write, here and once more in sanity_checks/skeletons/
    left out    whatever spells an answer: wrong versions, the checks of written components against their oracles, the makers of answers
    replaced    files of edition_files/, one for one: AdamW's table of backends without the kernels that would do the student's work
    added       the rest of edition_files/: README, setup.cfg, ...
"""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import minbert
from sanity_checks.blanking import blanked, file_of
from sanity_checks.bodies import BODIES
from sanity_checks.edition import FORMAT, MARKER

ROOMS = ("minbert", "optim", "regularizers", "tasks", "sanity_checks")
KINDS = {".py", ".toml", ".csv", ".md", ".json", ".safetensors"}
FILES = "sanity_checks/edition_files"  # the edition's own files; they lie there as they will lie in its root
LEFT_OUT = (
    "sanity_checks/starter/*",
    "sanity_checks/wrong/*", "sanity_checks/make_*", "sanity_checks/mutants.py", "sanity_checks/mutations.py", "sanity_checks/survivors*", "sanity_checks/measure*",
    "sanity_checks/trials.py", "sanity_checks/tally.py", "sanity_checks/row.py",
    "sanity_checks/edition_contents.py", "sanity_checks/edition_writing.py", f"{FILES}/*", "sanity_checks/oracles/*_by_hand.py",
    *(f"sanity_checks/oracles/{component}.py" for component in BODIES),
    "minbert/adapters.py", "sanity_checks/*/adapters.*", "sanity_checks/*/gradvac.*", "sanity_checks/*/surgery_updates.*",  # a layer with a branch beside it repeats the layer, as GradVac repeats PCGrad
    "optim/adamw_compiled.py", "optim/adamw_fused.py", "optim/adamw_one_line.py",
)  # fmt: skip


def contents(library: Path) -> dict[str, bytes]:
    """Every file of an edition, by its path below the root, sorted; library: the folder that holds the five packages."""
    own = {path.relative_to(library / FILES).as_posix().replace("dot-", "."): path.read_bytes() for path in _files(library / FILES)}
    sources = {path.relative_to(library).as_posix(): path.read_bytes() for room in ROOMS for path in _files(library / room) if path.suffix in KINDS}
    kept = without_answers(sources) | {name: content for name, content in own.items() if not name.endswith(".template")}
    bodies = bodies_by_file()
    stubs = {name: blanked(kept[name].decode("utf-8"), names, name).encode("utf-8") for name, names in bodies.items()}
    readme = own["README.md.template"].decode("utf-8").replace("{components}", learning_order()).replace("{version}", minbert.__version__)
    marker = json.dumps({"format": FORMAT, "version": minbert.__version__, "components": list(BODIES)}, indent=1) + "\n"
    skeletons = {f"sanity_checks/skeletons/{name}": content for name, content in stubs.items()}
    whole = kept | stubs | skeletons | {"README.md": readme.encode("utf-8"), MARKER: marker.encode("utf-8")}
    return dict(sorted(whole.items()))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def bodies_by_file() -> dict[str, list[str]]:
    """File -> the names of its bodies, as bodies.py lists them."""
    found: dict[str, list[str]] = {}
    for body in (body for bodies in BODIES.values() for body in bodies):
        found.setdefault(file_of(body.module), []).append(body.name)
    return found


def without_answers(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """`sources` without the files of LEFT_OUT, and without those that cannot be imported where these are missing."""
    kept = {name: content for name, content in sources.items() if not any(fnmatch(name, pattern) for pattern in LEFT_OUT)}
    imports = {name: frozenset(_imports(name, content)) for name, content in kept.items() if name.endswith(".py")}
    replaced = {name for name in sources if f"{FILES}/{name}" in sources}  # what these import is not what their replacement imports
    while True:
        lost = {module_of(name) for name in sources.keys() - kept.keys() if name.endswith(".py")}
        stranded = [name for name in kept if name in imports and name not in replaced and lost & imports[name]]
        if not stranded:
            return kept
        kept = {name: content for name, content in kept.items() if name not in stranded}


def module_of(file: str) -> str:
    """The module of a file: "optim/adamw.py" -> "optim.adamw", "optim/__init__.py" -> "optim"."""
    return ".".join(PurePosixPath(file).with_suffix("").parts).removesuffix(".__init__")


@functools.cache
def _imports(file: str, source: bytes) -> tuple[str, ...]:
    """The modules that `file` imports as soon as it is imported itself; those that functions import later do not count."""
    return tuple(_imported(file, source))


def _imported(file: str, source: bytes) -> Iterable[str]:
    package = PurePosixPath(file).parent.as_posix().replace("/", ".")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = f"{package}.{node.module}" if node.level else node.module or ""
            yield start
            yield from (f"{start}.{alias.name}" for alias in node.names)


def learning_order() -> str:
    """The rows of the README's table: component, its file, its bodies."""
    rows = []
    for number, (component, bodies) in enumerate(BODIES.items(), start=1):
        names = ", ".join(f"`{body.name}`" for body in bodies)
        rows.append(f"| {number} | {component} | [{file_of(bodies[0].module)}]({file_of(bodies[0].module)}) | {names} |")
    return "\n".join(rows)
