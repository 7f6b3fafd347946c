"""The story as a page: prose, what was typed as a diff, and what the commands printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from journey.play import Played
from journey.workplace import Ran
from sanity_checks.bank import mistakes


def console(runs: Iterable[Ran]) -> str:
    """A console block: every command behind a $, and what it printed."""
    return "```console\n" + "\n\n".join(f"$ {ran.command}\n{ran.printed}".rstrip() for ran in runs) + "\n```"


def told(played: Sequence[Played]) -> str:
    """The chapters, one after the other."""
    parts, title = [], ""
    for each in played:
        if each.chapter.title != title:
            title = each.chapter.title
            parts.append(f"## {title}")
        parts += _step(each)
    return "\n\n".join(parts)


def _step(each: Played) -> list[str]:
    copied = f"Written as the library has it, and not shown here: {', '.join(f'`{name}`' for name in each.copied)}." if each.copied else ""
    diffs = [f"```diff\n{file}\n{diff}\n```" for file, diff in each.diffs.items()]
    return [part for part in (each.step.says, copied, *diffs, console(each.ran) if each.ran else "") if part]


def counted(played: Sequence[Played]) -> list[str]:
    """The rows of a table of every mistake that was made, how the check first told it, and how many real submissions had it."""
    rows: dict[tuple[str, str], str] = {}
    for each in played:
        step = each.step
        how = "by name, two at once" if len(step.mistakes) > 1 else "by name"
        found = {mistakes(step.component)[name].says: (f"{how}: `{name}`", mistakes(step.component)[name].seen) for name in step.mistakes}
        if step.short:
            found[step.short] = ("what the code did, with file and line" if step.outcome == "raised" else "no name: too many at once", 0)
        for says, (told_how, seen) in found.items():
            rows.setdefault((step.component, says), f"| {step.component} | {says} | {told_how} | {seen or ''} |")
    return list(rows.values())
