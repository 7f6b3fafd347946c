"""Check one component, in this process: diagnose it; and once that finds it correct, compare it with torch and transformers where that is possible.

The order of the questions is that of the answers' use: cannot be loaded, not started, what is wrong, what it waits for.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace

from sanity_checks.blanking import NOT_STARTED, file_of
from sanity_checks.bodies import DIAGNOSED, READY
from sanity_checks.crashes import crash_sentence, meaning
from sanity_checks.finding import Finding, from_dict
from sanity_checks.loading import Trouble, waits_for
from sanity_checks.look import raised
from sanity_checks.order import COMPOSED_OF, has_oracle, has_probe
from sanity_checks.place import place_of
from sanity_checks.runner import Outcome, run
from sanity_checks.started import told, unwritten
from sanity_checks.verdict import verdict

Outcomes = Mapping[str, str]  # component -> its outcome, as far as they are known
Troubles = Mapping[str, Trouble]


def check(component: str, outcomes: Outcomes, troubles: Troubles) -> Finding:
    """What is to be said about `component`; whatever its code raises becomes a finding too."""
    start = time.perf_counter()
    try:
        found = _check(component, outcomes, troubles)
    except BaseException as error:  # noqa: BLE001 (code under work may raise anything, and the other checks go on)
        found = _raised(component, error, troubles)
    return replace(found, seconds=round(time.perf_counter() - start, 3))


def _check(component: str, outcomes: Outcomes, troubles: Troubles) -> Finding:
    trouble = next((troubles[body.module] for body in DIAGNOSED.get(component, ()) if body.module in troubles), None)
    if trouble:
        return _waiting_for_file(component, trouble.because) if trouble.because else Finding(component, "raised", trouble.says, look=trouble.look)
    stubs = unwritten(component)
    if stubs:
        return Finding(component, "not started", told(component, stubs))
    found = _diagnosed(component) if has_probe(component) else None
    if found and found.outcome != "correct" or not has_oracle(component):
        return found or Finding(component, "not checked", "There is no check for it yet.")
    waits = tuple(part for part in COMPOSED_OF.get(component, ()) if outcomes.get(part, "correct") != "correct")
    if waits:
        return _waiting(component, found, waits, outcomes)
    return _compared(component, found, troubles)


def _diagnosed(component: str) -> Finding:
    known = asdict(verdict(component))
    if known["outcome"] == "not started" and component in READY:  # a stub of another component, deep inside: this one has none
        return Finding(component, "not checked", f"It waits for what is {known['says']}.", waits_for=("others",))
    outcome = "not checked" if known["outcome"] == "skipped" else known["outcome"]
    return from_dict({**known, "outcome": outcome})


def _waiting(component: str, found: Finding | None, waits: tuple[str, ...], outcomes: Outcomes) -> Finding:
    # a part that waits itself is no news
    roots = [part for part in waits if outcomes[part] != "not checked"] or list(waits)
    parts = " and ".join([", ".join(roots[:-1]), roots[-1]] if roots[1:] else roots)
    if found:  # its own code is right; only the comparison of the whole is not possible yet
        return replace(found, notes=(*found.notes, f"The comparison with other implementations waits for {parts}."))
    return Finding(component, "not checked", f"It is composed of other components and waits for {parts}.", waits_for=waits)


def _compared(component: str, found: Finding | None, troubles: Troubles) -> Finding:
    outcome = next(iter(run([component])))
    cause = next((file for file in troubles if outcome.status == "FAIL" and f"import of {file} halted" in outcome.text), "")
    if cause:
        waiting = _waiting_for_file(component, troubles[cause].because or cause)
        return replace(found, notes=(*found.notes, f"The comparison with other implementations waits. {waiting.says}")) if found else waiting
    if outcome.status == "skip":
        return found or Finding(component, "not checked", outcome.text)
    if outcome.status == "FAIL":
        return _failed(component, outcome)
    compared = f"{outcome.probes} comparison{'' if outcome.probes == 1 else 's'}"
    says = f"{found.says} and {compared}" if found else f"right in {compared}"
    return replace(found or Finding(component, "correct", certainty="right"), says="; ".join([says, *outcome.skipped]))


def _failed(component: str, outcome: Outcome) -> Finding:
    if NOT_STARTED in outcome.raised:  # a stub of another component, deep inside
        return Finding(component, "not checked", f"It waits for what is {outcome.raised.partition(': ')[2]}.", waits_for=("others",))
    if outcome.raised:
        return Finding(component, "raised", crash_sentence(outcome.raised, outcome.place), "error", look=meaning(outcome.raised))
    return Finding(component, "wrong", outcome.text, "error", "unknown", difference=outcome.failures[0])


def _waiting_for_file(component: str, module: str) -> Finding:
    others = tuple(name for name, bodies in DIAGNOSED.items() if module in {body.module for body in bodies})
    return Finding(component, "not checked", f"It needs {file_of(module)}, which cannot be loaded.", waits_for=others or (module,))


def _raised(component: str, error: BaseException, troubles: Troubles) -> Finding:
    cause = waits_for(error, troubles)
    if cause:
        return _waiting_for_file(component, troubles[cause].because or cause)
    said = raised(error)
    return Finding(component, "raised", crash_sentence(said, place_of(error)), "error", look=meaning(said))
