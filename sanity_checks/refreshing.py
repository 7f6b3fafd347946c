"""Begin one component again: its bodies become stubs, everything else in its files stays, and the files as they were are kept in backups/."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from minbert.errors import UserError, nearest
from minbert.files import write_bytes
from sanity_checks.blanking import blanked, file_of, find
from sanity_checks.bodies import BODIES
from sanity_checks.edition import Edition


@dataclass(frozen=True)
class Refreshed:
    """file: below the edition's root; backup: where the old one lies, None where nothing changed; whole: the whole file was set back,
    because the bodies could not be found in it."""

    file: str
    backup: str | None
    whole: bool = False


def refresh(edition: Edition, component: str) -> list[Refreshed]:
    """Blank the bodies of `component` again. UserError for a name that the edition does not know, or a file that cannot be written."""
    expect_component(component)
    return [_refresh_file(edition, module, component) for module in dict.fromkeys(body.module for body in BODIES[component])]


def expect_component(component: str) -> None:
    """Raise UserError, with the nearest name, unless `component` is one that a student writes."""
    if component not in BODIES:
        near = nearest(component, BODIES)
        raise UserError(f"there is no component {component!a}" + (f"; did you mean {near}?" if near else f"; there are {', '.join(BODIES)}."))


def _refresh_file(edition: Edition, module: str, component: str) -> Refreshed:
    file, skeleton = file_of(module), edition.skeleton(module)
    path = edition.root / file
    if not skeleton.is_file():
        raise UserError(f"{skeleton} is missing, which holds {file} as it was handed out; write a new edition with minbert start and copy your files into it.")
    old = path.read_bytes() if path.is_file() else b""
    new, whole = _blanked_again(old, skeleton.read_bytes(), [body.name for body in BODIES[component] if body.module == module], file)
    if new == old:
        return Refreshed(file, None)
    backup = _keep(edition.root, Path(file), old) if old else None
    write_bytes(path, new)
    return Refreshed(file, backup, whole)


def _blanked_again(old: bytes, skeleton: bytes, names: list[str], file: str) -> tuple[bytes, bool]:
    try:
        source = old.decode("utf-8")
        tree = ast.parse(source)
        if all(find(tree, name) for name in names):
            return blanked(source, names, file).encode("utf-8"), False
    except (SyntaxError, ValueError):
        pass  # a file that is no Python, or has a body on the line of its signature
    return skeleton, True


def _keep(root: Path, file: Path, content: bytes) -> str:
    """Write `content` to the first free backups/FOLDER/NAME-1.py, NAME-2.py, ...; returns that name."""
    names = (Path("backups") / file.with_name(f"{file.stem}-{number}{file.suffix}") for number in count(1))
    name = next(name for name in names if not (root / name).exists())
    write_bytes(root / name, content)
    return name.as_posix()
