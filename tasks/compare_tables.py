"""The tables of a comparison: what scored how, against the first row, and at what cost. One description, printed as text, Markdown and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.console import NOTHING, score, table

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A title, the head of its columns, and rows of text."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables_of(summary: Mapping[str, Any]) -> list[Table]:
    """Scores, comparison with the first row (if there is a second), cost."""
    rows, first = summary["rows"], summary["first"]
    tasks = list(dict.fromkeys(task for entry in rows for task in entry["examples"]))
    made = [Table(f"Scores on dev: mean (standard deviation over seeds); overall is {summary['formula']}, {summary['formula_in_words'] or 'not known yet'}",
                  ["row", "seeds", *tasks, "overall"], [line for entry in rows for line in _scores(entry, tasks, summary["formula"])])]
    if len(rows) > 1:
        made.append(Table(f"Overall score against {first}: paired bootstrap over dev examples, {summary['resamples']:,} resamples",
                          ["row", "difference", "95% interval", "not better", "sd over seeds", "in words"], [_against(entry) for entry in rows[1:]]))
        made.append(Table(f"Task by task against {first}", ["row, task", "difference", "95% interval", "not better", "sd over seeds", "in words"],
                          [line for entry in rows[1:] for line in _against_by_task(entry)]))
    made = [each for each in made if each.rows]
    return [*made, Table("Cost of one run (mean over seeds; memory: the largest)",
                         ["row", "updates", "examples", *tasks, "passes", "parameters", "that learn", "training", "evaluation", "peak memory", "of it on CUDA"], [_cost(entry, tasks) for entry in rows])]


def _done(entry: Entry) -> str:
    states = [run["state"] for run in entry["runs"]]
    finished, failed = states.count("finished"), states.count("failed")
    return f"{finished}" if finished == len(states) else f"{finished} of {len(states)}" + (f", {failed} FAILED" if failed else "")


def _scores(entry: Entry, tasks: Sequence[str], formula: str) -> Iterator[list[str]]:
    yield [entry["row"], _done(entry), *(_spread(entry["scores"].get(task)) for task in tasks), _spread(entry["overall"])]
    published = entry["published"]
    if published:
        overall = published["overall"] if published["formula"] == formula else None  # the other formula's number would not compare
        yield [f"{entry['row']} (published)", "1", *(score(published["scores"].get(task)) for task in tasks), score(overall)]


def _spread(value: Mapping[str, Any] | None) -> str:
    return NOTHING if value is None else f"{score(value['mean'])} ({score(value['deviation'])})"


def _against(entry: Entry) -> list[str]:
    return [entry["row"], *_difference(entry["against_first"] and entry["against_first"]["overall"])]


def _against_by_task(entry: Entry) -> Iterator[list[str]]:
    for task, found in (entry["against_first"] or {"tasks": {}})["tasks"].items():
        yield [f"{entry['row']}, {task}", *_difference(found)]


def _difference(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return [NOTHING] * 4 + ["not comparable, or not made yet"]
    return [signed(found["difference"]), f"{signed(found['low'])} to {signed(found['high'])}", f"{found['not_better']:.1%}",
            NOTHING if found["seed_deviation"] is None else f"{found['seed_deviation']:.4f}", found["words"]]


def signed(value: float) -> str:
    """Four digits and a sign; what rounds to zero is +0.0000, since -0.0000 reads like a loss."""
    return f"{round(value, 4) + 0.0:+.4f}"


def _cost(entry: Entry, tasks: Sequence[str]) -> list[str]:
    return [entry["row"], count(entry["updates"]), count(sum(entry["examples"].values())), *(count(entry["examples"].get(task)) for task in tasks), count(entry["passes"]),
            count(entry["parameters"]), count(entry["learning"]), seconds(entry["train_seconds"]), seconds(entry["evaluate_seconds"]), memory(entry["peak_bytes"]), memory(entry["cuda_bytes"])]


def seconds(value: float | None) -> str:
    """A time as a reader wants it: 3.2 s, 4 min, 1.5 h.

    >>> seconds(3.21), seconds(250), seconds(5400), seconds(None)
    ('3.2 s', '4.2 min', '1.5 h', '-')
    """
    if value is None:
        return NOTHING
    return next(f"{value / size:.1f} {unit}" for size, unit in ((3600, "h"), (60, "min"), (1, "s")) if value >= 2 * size or size == 1 or (size == 3600 and value >= size))


def count(value: float | None) -> str:
    """A whole number with commas; a mean is rounded to one."""
    return NOTHING if value is None else f"{value:,.0f}"


def memory(value: int | None) -> str:
    """Bytes in GB (10^9) with two digits."""
    return NOTHING if value is None else f"{value / 1e9:.2f} GB"


def as_text(summary: Mapping[str, Any], width: int | None = None) -> str:
    """What is printed: tables in plain text, in a narrow terminal as lists; then the rule and every note."""
    parts = [f"{each.title}\n\n{table(each.head, each.rows, width)}" for each in tables_of(summary)]
    return "\n\n".join([*parts, *_ending(summary)])


def as_markdown(summary: Mapping[str, Any], command: str) -> str:
    """table.md: the same tables, and the command that makes them."""
    parts = [f"**{each.title}**\n\n{_grid(each)}" for each in tables_of(summary)]
    return "\n\n".join([f"`{command}`", *parts, *_ending(summary)]) + "\n"


def _ending(summary: Mapping[str, Any]) -> list[str]:
    rule = [f"In words: {summary['rule']}."] if len(summary["rows"]) > 1 else []
    return rule + [f"Note: {note}" for note in summary["notes"]]


def _grid(each: Table) -> str:
    lines = [each.head, ["---", *["---:"] * (len(each.head) - 1)], *([cell.replace("|", "\\|") for cell in row] for row in each.rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def as_csv(summary: Mapping[str, Any]) -> str:
    """table.csv: one line a row with every number unrounded; empty where there is none."""
    lines = [_flat(entry) for entry in summary["rows"]]
    columns = list(dict.fromkeys(column for line in lines for column in line))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()


def _flat(entry: Entry) -> dict[str, Any]:
    line = {"row": entry["row"], "recipe": entry["recipe"], "seeds_finished": sum(run["state"] == "finished" for run in entry["runs"])}
    for name, value in [*entry["scores"].items(), ("overall", entry["overall"])]:
        line |= {f"{name}_{key}": value[key] for key in ("mean", "deviation")} if value else {}
    line |= {f"published_{task}": value for task, value in {**entry["published"]["scores"], "overall": entry["published"]["overall"]}.items()} if entry["published"] else {}
    found = (entry["against_first"] or {}).get("overall") or {}
    line |= {f"against_first_{key}": value for key, value in found.items()}
    line |= {"updates": entry["updates"], "examples": sum(entry["examples"].values()), **{f"examples_{task}": count for task, count in entry["examples"].items()}}
    return line | {key: entry[key] for key in ("forward", "backward", "passes", "parameters", "learning", "train_seconds", "evaluate_seconds", "peak_bytes", "cuda_bytes")}
