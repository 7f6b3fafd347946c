"""How the components of an edition stand, found by running the edition's own checks in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable

from minbert.errors import UserError
from sanity_checks.edition import Edition, environment

RIGHT, UNCHECKED = "correct", "not checked"


def standing(edition: Edition, components: Iterable[str]) -> dict[str, str]:
    """Component -> "correct", or what it is instead: "wrong", "not started", "raised", ... in the order given; "not checked": there is no check.

    Components with a body still to write are known without running anything. Raises UserError when the checks themselves cannot run.
    """
    names = list(components)
    written = [name for name in names if not edition.unwritten(name)]
    probed = [name for name in written if (edition.root / "sanity_checks" / "answers" / f"{name}.json").exists()]
    found = _checked(edition, probed) if probed else {}
    return {name: found.get(name, UNCHECKED if name in written else "not started") for name in names}


def _checked(edition: Edition, components: list[str]) -> dict[str, str]:
    words = [sys.executable, "-m", "minbert.sanity", "--json", *components]
    done = subprocess.run(words, cwd=edition.root, env=environment(edition), capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
        return {each["component"]: each["outcome"] for each in (report["components"] if isinstance(report, dict) else report)}
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["it printed nothing that can be read"])[-1]
        raise UserError(f"the checks of {edition.root} could not be run ({last[:200]!a}); try python -m minbert.sanity there.") from None
