"""The sections of report.html: each function turns the facts of a run into one piece of HTML, "" where there is nothing to show."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.report_words import recipe_sentences
from tasks.run_facts import RunFacts
from tasks.svg import confusion_chart, line_chart, scatter_chart
from tasks.svg_parts import clean

OVERALL = {"normalised": "accuracies and (r + 1) / 2, averaged over the tasks",
           "plain": "accuracies and Pearson's r as they are, averaged over the tasks"}


def headline(facts: RunFacts) -> str:
    """The overall dev scores, each with its formula in words, and the epoch that the best model comes from."""
    overall = facts.results.get("overall") or {}
    cards = "".join(f'<p class="card"><b>{number(overall[name])}</b> {name} overall dev score<small>{words}</small></p>'
                    for name, words in OVERALL.items() if overall.get(name) is not None)
    best = [epoch["epoch"] for epoch in facts.epochs if epoch.get("best")]
    count = f"{len(facts.epochs)} epoch{'s' if len(facts.epochs) != 1 else ''} logged"
    told = f"{count}; the best came after epoch {best[-1]}." if best else f"{count}."
    return f'<div class="cards">{cards}</div><p>{told}</p>' + "".join(f'<p class="note">Note: {clean(note)}</p>' for note in facts.notes)


def recipe(facts: RunFacts) -> str:
    """The recipe in words, the file itself folded away below."""
    words = "".join(f"<li>{clean(sentence)}</li>" for sentence in recipe_sentences(facts.recipe))
    file = f"<details><summary>recipe.toml, complete</summary><pre>{clean(facts.recipe_text)}</pre></details>" if facts.recipe_text else ""
    return section("What was trained", f"<p>{clean(facts.recipe.get('description', ''))}</p><ul>{words}</ul>{file}") if words else ""


def scores(facts: RunFacts) -> str:
    """The table of tasks: majority, bag of words, ours, and in words who won."""
    rows = [[task, result.get("metric", ""), *(number(result.get(key)) for key in ("majority", "bag_of_words", "ours")), verdict(result)]
            for task in facts.tasks if (result := facts.result(task))]
    note = "<p>Majority always gives the most common answer; bag of words sees which words occur, never their order.</p>"
    head = ["task", "dev metric", "majority", "bag of words", "ours", "in words"]
    return section("Scores on dev", table(head, rows, numeric=(2, 3, 4)) + note) if rows else ""


def verdict(result: Mapping[str, Any]) -> str:
    """One phrase on how the trained model stands beside the better of its two baselines."""
    ours, others = result.get("ours"), [result[key] for key in ("majority", "bag_of_words") if result.get(key) is not None]
    if ours is None or not others:
        return ""
    gap = ours - max(others)
    return "level with the better baseline" if abs(gap) < 0.0005 else f"{abs(gap):.3f} {'above' if gap > 0 else 'BELOW'} the better baseline"


def curves(facts: RunFacts) -> str:
    """Two charts a task: mean training loss, and dev score with the baselines as dashed lines."""
    charts = ""
    for task in facts.tasks if facts.epochs else []:
        result = facts.result(task)
        levels = {words: result[key] for key, words in (("majority", "majority"), ("bag_of_words", "bag of words")) if result.get(key) is not None}
        metric = result.get("metric", "score")  # a run that was stopped early has curves and no results
        charts += figure(line_chart(f"{task}: training loss", facts.loss_curve(task)),
                         line_chart(f"{task}: dev {metric}", facts.dev_curve(task), references=levels), kind="figure curves")
    overall = [(epoch["epoch"], epoch["overall"]) for epoch in facts.epochs if epoch.get("overall") is not None]
    charts += figure(line_chart("all tasks: overall dev score", overall), kind="figure curves") if len(facts.tasks) > 1 and overall else ""
    return section("Learning, epoch by epoch", charts) if charts else ""


def confusions(facts: RunFacts) -> str:
    """A confusion matrix for each task with classes, a scatter of predictions for each regression."""
    drawn = [confusion_chart(f"{task}: label and prediction", result["confusion"], result.get("labels", []))
             for task in facts.tasks if (result := facts.result(task)).get("confusion")]
    drawn += [scatter_chart(f"{task}: prediction against label", points) for task in facts.tasks if (points := facts.result(task).get("points"))]
    return section("Where the answers went", "<p>Rows are labels; a framed cell is a right answer.</p>" + figure(*drawn)) if drawn else ""


def hardest(facts: RunFacts) -> str:
    """For each task the dev examples most confidently wrong, with their text."""
    body = ""
    for task in facts.tasks:
        wrong = facts.result(task).get("wrong") or []
        if wrong:
            how = "distance" if wrong[0].get("confidence") is None else "how sure"
            body += f"<h3>{clean(task)}</h3>" + table(["id", "text", "label", "prediction", how], map(_wrong_row, wrong), numeric=(2, 3, 4))
    return section("Most confidently wrong", "<p>Worth reading: some labels are wrong too.</p>" + body) if body else ""


def _wrong_row(example: Mapping[str, Any]) -> list[str]:
    sure, label, said = example.get("confidence"), example["label"], example["prediction"]
    told = f"{100 * sure:.1f}% sure" if sure is not None else f"off by {abs(label - said):.2f}"
    return [str(example.get("id", "")), "\n".join(map(str, example.get("texts", []))), f"{label:g}", f"{said:.3g}", told]


def environment(facts: RunFacts) -> str:
    """What the run ran on, one row a fact; facts of facts are written with a dot."""
    rows = [[key, value] for key, value in _flat(facts.environment)]
    return section("Environment", table(["what", "value"], rows)) if rows else ""


def reproduce(facts: RunFacts) -> str:
    """The command that repeats the run."""
    command = f"minbert train recipe.toml --run-folder {shlex.quote(f'../{facts.name}-again')}"
    note = "<p>Typed in this folder. The recipe is complete: the same seed, versions and machine give the same numbers.</p>"
    return section("Do it again", f"<pre>{clean(command)}</pre>{note}")


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, str]]:
    for key, item in value.items():
        if isinstance(item, Mapping):
            yield from _flat(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", " ".join(map(str, item)) if isinstance(item, list) else "unknown" if item is None else str(item)


def section(title: str, body: str) -> str:
    """A titled section; the title is ours and needs no escaping, the body is HTML."""
    return f"<section><h2>{title}</h2>{body}</section>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[int] = ()) -> str:
    """An HTML table; every cell is escaped, `numeric` columns are set flush right."""
    def line(cells: Sequence[str], tag: str) -> str:
        kinds = ['n' if at in numeric else 't' for at in range(len(cells))]
        return "<tr>" + "".join(f'<{tag} class="{kind}">{clean(cell)}</{tag}>' for kind, cell in zip(kinds, cells)) + "</tr>"

    body = "".join(line(row, "td") for row in rows)
    return f'<div class="wide"><table><thead>{line(head, "th")}</thead><tbody>{body}</tbody></table></div>'


def figure(*pictures: str, kind: str = "figure") -> str:
    """Pictures side by side as far as the page is wide; `kind` is their CSS class."""
    return f'<div class="{kind}">{"".join(pictures)}</div>'


def number(value: float | None) -> str:
    """Three digits after the point, or a dash in words."""
    return "none" if value is None else f"{value:.3f}"
