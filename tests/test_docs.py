"""Every page of docs/ is executable: python blocks run in order, and an `output` block is exactly what the block above it printed."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def blocks(text: str) -> list[tuple[str, str, int]]:
    """(language, body, line of its first line) of every fenced block."""
    return [(match[1], match[2], text[: match.start()].count("\n") + 2) for match in BLOCK.finditer(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_the_page_runs_and_prints_what_the_page_says(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("MINBERT_DATA",):  # pages speak of the practice data, whatever this machine holds
        monkeypatch.delenv(variable, raising=False)
    # What the end of a run draws and compares with takes longer than the runs of the pages, and no page prints it.
    monkeypatch.setattr("tasks.finish.write_plots", lambda folder: [])
    monkeypatch.setattr("tasks.finish.bag_of_words_baseline", lambda train, dev, task: 0.0)
    text = page.read_text(encoding="utf-8")
    namespace: dict = {"__name__": page.stem}
    printed = None
    for language, body, line in blocks(text):
        if language == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile("\n" * (line - 1) + body, str(page), "exec"), namespace)
            printed = out.getvalue()
        elif language == "output":
            assert printed is not None, f"{page.name}:{line}: output without a block above it"
            assert printed.rstrip() == body.rstrip(), f"{page.name}:{line}: the page and the program differ"


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_every_link_inside_the_project_leads_somewhere(page):
    prose = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [page.parent / target for target in LINK.findall(prose)]
    assert [str(target) for target in targets if not target.exists()] == []


def test_pages_are_there_to_be_run():
    assert sum(language == "python" for page in PAGES for language, _, _ in blocks(page.read_text(encoding="utf-8"))) >= 8
