"""`minbert start DIR` writes a student edition; `minbert start --component NAME` begins one component of an edition again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from minbert.errors import UserError
from sanity_checks.bodies import BODIES
from sanity_checks.edition import edition_at_work, find_edition
from sanity_checks.refreshing import refresh
from tasks.commands.options import make_parser, parse

EPILOG = f"""\
The edition is a folder with the whole library, in which the bodies of {len(BODIES)} components are yours to write:
  {", ".join(BODIES)}
Inside it, minbert and python -m minbert.sanity work on your code."""


def main(argv: Sequence[str]) -> int:
    """Run `minbert start`; 0, or UserError."""
    parser = make_parser("start", "DIR", "Write the student edition: the library with its bodies blanked, in an order of learning.", EPILOG)
    parser.add_argument("folder", nargs="?", metavar="DIR", help="a new or empty folder for the edition")
    parser.add_argument("--component", metavar="NAME", help="in an edition: blank this component's bodies again; your files as they were are kept in backups/")
    return _run(parse(parser, argv))


def _run(options: argparse.Namespace) -> int:
    if bool(options.folder) == bool(options.component):
        raise UserError("start expects either the name of a new folder, as in minbert start my-bert, or --component NAME inside an edition.")
    return _again(options.component.replace("-", "_")) if options.component else _begin(options.folder)


def _begin(folder: str) -> int:
    if find_edition():
        raise UserError(f"this is itself a student edition ({find_edition().root}); run minbert start outside of it, with the library installed.")
    from sanity_checks.edition_writing import write_edition  # late: an edition does not hold it

    path = Path(folder).expanduser()
    files = write_edition(path)
    first = next(iter(BODIES))
    print(f"Wrote {files} files to {folder}. {sum(map(len, BODIES.values()))} bodies in {len(BODIES)} components are yours to write.")
    print(f"Read {folder}/README.md, then:\n\n  cd {folder}\n  python -m minbert.sanity {first}")
    return 0


def _again(component: str) -> int:
    edition = edition_at_work()
    if edition is None:
        raise UserError("there is no student edition here; go to its folder, or write one with minbert start DIR.")
    for done in refresh(edition, component):
        if done.backup is None:
            print(f"{done.file}: nothing of {component} was written yet.")
        else:
            what = "could not be read, so all of it is as it was handed out" if done.whole else f"the bodies of {component} are blank again"
            print(f"{done.file}: {what}; your file as it was: {done.backup}")
    return 0
