"""What there is to check: the components of this library, or those of a course starter's checkout. Loads no torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError, nearest
from sanity_checks import order
from sanity_checks.place import ALSO


@dataclass(frozen=True)
class Menu:
    """chosen(names) -> the components meant, in order, none meaning all; with_parts(names) -> these and what has to be known before them;
    about(name) -> a few words; starter: the folder of the checkout, or "" for this library."""

    chosen: Callable[[list[str]], list[str]]
    with_parts: Callable[[list[str]], list[str]]
    about: Callable[[str], str]
    starter: str = ""

    @property
    def command(self) -> str:
        """How the checks are called."""
        return "python -m minbert.sanity" + (f" --starter {self.starter}" if self.starter else "")


def menu(starter: str) -> Menu:
    """The menu of the checkout in the folder `starter`, or of this library where that is "". `UserError` when the folder holds none."""
    if not starter:
        return Menu(order.chosen, order.with_parts, order.about)
    try:
        from sanity_checks.starter import course_names, folder  # here, because student editions come without
    except ImportError:
        raise UserError("a student edition cannot check a starter checkout: run the installed library, outside of the edition's folder.") from None
    found, there = folder.find_checkout(Path(starter).expanduser()).resolve(), course_names.COMPONENTS
    ALSO.append(found)  # where a process that dies says it was
    wanted = lambda names: {name for each in names for name in (each, *course_names.NEEDS.get(each, ()))}
    return Menu(lambda names: _chosen(names, there), lambda names: [name for name in there if name in wanted(names)], course_names.ABOUT.__getitem__, str(found))


def _chosen(names: Sequence[str], there: Sequence[str]) -> list[str]:
    meant = {name.replace("-", "_") for name in names}
    for name in sorted(meant - set(there)):
        near = nearest(name, there)
        raise UserError(f"a checkout has no component {name!a}, expected {'one of ' + ', '.join(there) if not near else 'for example ' + repr(near)}.")
    return [name for name in there if not meant or name in meant]
