"""Ensembles from candidates to files: answers to dev, the choice, and then, of the members chosen and of nobody else, answers to test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tasks.ensemble import Member
from tasks.ensemble_candidates import Asked, Candidate, members_of
from tasks.ensemble_choice import Rules, TaskEnsemble, choose
from tasks.predictions import prediction_path, preflight, write_predictions

Answers = dict[str, list[Member]]


def answers_of(candidates: Sequence[Candidate], wanted: Mapping[str, Sequence[Candidate]], split: str, asked: Asked) -> Answers:
    """Task -> answers to `split` of those of the `candidates` that `wanted` names for it and that know it; one model is in memory at a time."""
    found: Answers = {name: [] for name in wanted}
    for candidate in candidates:
        names = [name for name, whose in wanted.items() if candidate in whose and name in candidate.tasks]
        for name, member in members_of(candidate, names, split, asked).items():
            found[name].append(member)
    return found


def choose_all(candidates: Sequence[Candidate], dev: Answers, rules: Rules, bars: Mapping[str, float]) -> dict[str, TaskEnsemble]:
    """Task -> its ensemble, from answers to dev."""
    task_of = {name: candidate.tasks[name] for candidate in candidates for name in candidate.tasks}
    return {name: choose(task_of[name], members, rules, bars.get(name)) for name, members in dev.items()}


def write_answers(found: Mapping[str, TaskEnsemble], candidates: Sequence[Candidate], dev: Answers, asked: Asked, folder: Path) -> list[str]:
    """Write the files of dev and of test, each read back against its ids; a sentence for each file, also for one that cannot be."""
    chosen = {name: [each for each in candidates if each.name in ensemble.chosen.names] for name, ensemble in found.items()}
    cannot = {name: next(filter(None, (each.cannot_answer(each.tasks[name], "test") for each in members)), None) for name, members in chosen.items()}
    said = [_write(each, dev[name], "dev", folder) for name, each in found.items()]
    # Only now: what the test files hold cannot have been part of the choice.
    test = answers_of(candidates, {name: members for name, members in chosen.items() if cannot[name] is None}, "test", asked)
    said += [_write(found[name], members, "test", folder) for name, members in test.items()]
    return said + [f"Warning: no test answers to {name} were written, because {reason}." for name, reason in cannot.items() if reason]


def _write(ensemble: TaskEnsemble, members: Sequence[Member], split: str, folder: Path) -> str:
    path, (ids, answers) = prediction_path(folder, ensemble.task, split), ensemble.answers(members)
    write_predictions(path, ensemble.task, ids, answers.tolist())
    return f"{path}: {preflight(path, ensemble.task, ids).describe().partition(': ')[2]}"
