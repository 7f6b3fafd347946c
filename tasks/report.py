"""report.html: one page that tells the whole run, without a network, on screen, in the dark and on paper.

    write_report(Path("runs/first"))  ->  runs/first/report.html

It reads recipe.toml, environment.json, metrics.jsonl (tasks/run_folder.py describes its lines) and results.json (tasks/results.py).
Any of them may be missing: the page then says so and shows the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from minbert.files import write_text
from tasks import phase_report, report_sections, stages_report
from tasks.run_facts import RunFacts, read_run
from tasks.svg_parts import clean

STYLE = """
:root { color-scheme: light dark;
  --ink: #1b1f24; --paper: #ffffff; --line: #d5d9de; --soft: #f3f5f7; --quiet: #545d68; --accent: #0072b2; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e6e9ec; --paper: #14171a; --line: #3a4148; --soft: #1e2328; --quiet: #a5adb6; --accent: #56b4e9; } }
@media print { :root { --ink: #000; --paper: #fff; --line: #999; --soft: #fff; --quiet: #333; --accent: #0072b2; }
  svg, tr, .card { break-inside: avoid; } h2, h3 { break-after: avoid; } details:not([open]) { display: none; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; margin: 0 0 1rem; } h3 { font-size: 1.05rem; margin: 1.2rem 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
.cards { display: flex; flex-wrap: wrap; gap: 1rem; } .card small { display: block; color: var(--quiet); }
.card { flex: 1 1 15rem; margin: 0; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--soft); }
.card b { font-size: 1.7rem; margin-right: .3rem; } .note { border-left: 4px solid var(--quiet); padding-left: .7rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
.t { white-space: pre-line; } th.n, td.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.figure { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; } svg { max-width: 100%; height: auto; }
.curves svg { flex: 1 1 20rem; max-width: 29rem; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: .7rem 1rem; overflow-x: auto;
  white-space: pre-wrap; overflow-wrap: anywhere; }
"""

# The order of the page: first what came out, then why, then how to repeat it.
SECTIONS = (report_sections.headline, report_sections.scores, report_sections.recipe, stages_report.stages, phase_report.phases, report_sections.curves,
            report_sections.confusions, report_sections.hardest, report_sections.environment, report_sections.reproduce)


def write_report(run_folder: Path) -> Path:
    """Write `run_folder`/report.html and return its path. Raises UserError when the folder is not one or cannot be written."""
    page = render(read_run(run_folder))
    target = run_folder / "report.html"
    write_text(target, page)
    return target


def render(facts: RunFacts) -> str:
    """The whole page as text: well-formed XML after the doctype, nothing loaded from elsewhere."""
    title = clean(f"minbert: {facts.recipe.get('name', 'run')}, {facts.name}")
    meta = '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
    head = f"<head>{meta}<title>{title}</title><style>{STYLE}</style></head>"
    body = "\n".join(part for build in SECTIONS if (part := _built(build, facts)))
    return f'<!DOCTYPE html>\n<html lang="en">\n{head}\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n'


def _built(build: Callable[[RunFacts], str], facts: RunFacts) -> str:
    try:
        return build(facts)
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # a file that was edited by hand, or by another version
        reason = f"the files of the run do not hold what it needs ({type(error).__name__}: {error})"
        return f'<p class="note">Note: the part of this page called {build.__name__} is missing: {clean(reason)}.</p>'
