"""Check one checkout: findings(folder), one finding after the other, each as soon as it is known.

Loading comes first ("files"). A component whose file cannot be read is not checked, one that a layout does not have is looked at inside the
larger part, and a difference that may come from a part that is already known to be wrong waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from sanity_checks.crashes import crash_sentence, meaning
from sanity_checks.finding import Finding
from sanity_checks.look import raised
from sanity_checks.order import has_probe
from sanity_checks.place import place_of
from sanity_checks.starter import predictions, training
from sanity_checks.starter.adapters import SUBJECTS
from sanity_checks.starter.course import Desk
from sanity_checks.starter.course_names import COMPONENTS, FILE_OF, NEEDS
from sanity_checks.starter.loading import Checkout, loaded
from sanity_checks.starter.second_opinion import opinion

MERGED = "BertLayer or BertModel does this itself here, so it is checked there."


def findings(folder: Path, components: Sequence[str] = COMPONENTS) -> Iterator[Finding]:
    """Check `components` of the checkout in `folder`, in this process."""
    outcomes: dict[str, str] = {}
    with loaded(folder) as checkout:
        for name in components:
            found = check(name, checkout, outcomes)
            outcomes[name] = found.outcome
            yield found


def check(name: str, checkout: Checkout, outcomes: Mapping[str, str]) -> Finding:
    """What is to be said about one component; outcomes: those of the components before it, as far as they are known."""
    start = time.perf_counter()
    return replace(_one(name, checkout, outcomes), seconds=round(time.perf_counter() - start, 3))


def _one(name: str, checkout: Checkout, outcomes: Mapping[str, str]) -> Finding:
    file = FILE_OF.get(name)
    if file in checkout.problems:
        if "files" not in outcomes:  # nobody asked for that, so it is told here
            return Finding(name, "raised", checkout.problems[file], "error", certainty="named", mistakes=("cannot-be-read",))
        return Finding(name, "not checked", f"{file}.py cannot be read, see files.", waits_for=("files",))
    if file in checkout.absent:
        return Finding(name, "not checked", f"there is no {file}.py in this folder.")
    desk = Desk(checkout)
    try:
        return _waiting(CHECKS.get(name, _probed)(name, desk), outcomes, desk)
    except NotImplementedError as error:
        return Finding(name, "not started", str(error) or "not started")
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a constructor under work may raise anything; the other components go on)
        said = raised(error)
        return Finding(name, "raised", crash_sentence(said, place_of(error)), "error", look=meaning(said))


def _probed(name: str, desk: Desk) -> Finding:
    if not has_probe(name) or name not in SUBJECTS:
        return Finding(name, "not checked", "this version has no check for it.")
    subject = SUBJECTS[name](desk)
    if subject is None:
        return Finding(name, "not checked", MERGED)
    seen = opinion(name, subject)
    told = Finding(**{each.name: getattr(seen, each.name) for each in fields(seen) if each.name in {field.name for field in fields(Finding)}})
    slips = tuple(sorted(desk.findings.slips))
    if slips and told.outcome == "correct":
        return replace(told, outcome="wrong", severity="error", certainty="named", mistakes=("writes-into-its-input",), says=slips[0].capitalize() + ".")
    return told


def _waiting(told: Finding, outcomes: Mapping[str, str], desk: Desk) -> Finding:
    """A difference that an earlier component may explain waits for it, unless a stand-in was asked in its place."""
    if told.outcome not in ("wrong", "raised"):
        return told
    guilty = [name for name in NEEDS.get(told.component, ()) if outcomes.get(name) in ("wrong", "raised", "not started")]
    waits = tuple(name for name in guilty if name not in desk.findings.called)
    if not waits:
        return told
    return Finding(told.component, "not checked", f"what differs here may come from {' and '.join(waits)}: mend that first.", waits_for=waits, difference=told.difference)


def _files(name: str, desk: Desk) -> Finding:
    checkout = desk.checkout
    if checkout.problems:
        first, *others = checkout.problems.values()
        return Finding(name, "raised", first, "error", certainty="named", mistakes=("cannot-be-read",), notes=(*others, *checkout.notes))
    read = ", ".join(f"{file}.py" for file in checkout.modules)
    return Finding(name, "correct", f"{read} can be read", certainty="right", notes=checkout.notes)


CHECKS: dict[str, Callable[[str, Desk], Finding]] = {
    "files": _files, "training": training.check, **{name: predictions.check for name in ("classifier", "sentiment", "paraphrase", "similarity")},
}  # fmt: skip
