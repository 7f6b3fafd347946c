"""Watch the source folders: which files were saved since the last look, and which components that concerns. Loads no torch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from sanity_checks.bodies import DIAGNOSED
from sanity_checks.place import PROJECT, ROOMS

EVERY = 0.5  # seconds between two looks; a poll works on every system and every kind of disk
Stamps = dict[str, tuple[int, int]]  # file -> when it was saved, and its size


def stamps() -> Stamps:
    """Every source file of the code under work."""
    found: Stamps = {}
    for path in (path for room in ROOMS for path in (PROJECT / room).rglob("*.py")):
        try:
            status = path.stat()
        except OSError:
            continue  # editors save by renaming: for a moment it is not there
        found[path.relative_to(PROJECT).as_posix()] = (status.st_mtime_ns, status.st_size)
    return found


def changed(before: Stamps, now: Stamps) -> list[str]:
    """The files that are new, gone or saved again."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def concerned(files: Iterable[str], components: Sequence[str]) -> list[str]:
    """The components whose bodies live in `files`; all of them when a file holds none, since anything may depend on it."""
    homes = {f"{body.module.replace('.', '/')}.py": set() for bodies in DIAGNOSED.values() for body in bodies}
    for name, bodies in DIAGNOSED.items():
        for body in bodies:
            homes[f"{body.module.replace('.', '/')}.py"].add(name)
    touched = set().union(*(homes.get(file, set(components)) for file in files))
    return [name for name in components if name in touched]


def saves(components: Sequence[str], sleep: Callable[[float], object] = time.sleep) -> Iterator[tuple[list[str], list[str]]]:
    """Endlessly: (files, components they concern) after every save that concerns one of `components`."""
    before = stamps()
    while True:
        sleep(EVERY)
        now = stamps()
        files = changed(before, now)
        before = now
        if files and (touched := concerned(files, components)):
            yield files, touched
