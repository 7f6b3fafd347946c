"""A copy of the library that tests may break, and `python -m minbert.sanity` in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sanity_checks.wrong import Edit, change, tables

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Lab:
    """root: the copy."""

    root: Path

    def body(self, module: str, name: str, new: str) -> None:
        """Put `new` in place of the body of a function."""
        self.edit(Edit(module, "", new, body=name))

    def mistake(self, component: str, name: str) -> None:
        """Make a mistake of the bank."""
        for each in tables(component)[0][name]:
            self.edit(each)

    def edit(self, edit: Edit) -> None:
        """Change a file."""
        path = self.file(edit.module)
        path.write_text(change(path.read_text(encoding="utf-8"), edit), encoding="utf-8")

    def restore(self, module: str) -> None:
        """Put the file of a module back."""
        self.file(module).write_text((ROOT / self.file(module).relative_to(self.root)).read_text(encoding="utf-8"), encoding="utf-8")

    def file(self, module: str) -> Path:
        """The file of a module."""
        return self.root / (module.replace(".", "/") + ".py")

    def environment(self) -> dict[str, str]:
        """No network, no weights, a cache of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MINBERT", "HF_", "PYTHON", "NO_COLOR"))}
        return kept | {"MINBERT_CACHE": str(self.root / "cache"), "HF_HOME": str(self.root / "hub"), "HF_ENDPOINT": "http://127.0.0.1:9",
                       "OMP_NUM_THREADS": "1", "COLUMNS": "1000"}  # fmt: skip

    def words(self, *argv: str) -> list[str]:
        """The command line."""
        return [sys.executable, "-m", "minbert.sanity", *argv]

    def run(self, *argv: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(self.words(*argv), cwd=self.root, env=self.environment() | environment, capture_output=True, text=True, timeout=300, check=False)


def make_lab(folder: Path) -> Lab:
    """A fresh copy in `folder`; Python's compiled files come along, which saves a second."""
    for room in ("minbert", "optim", "regularizers", "tasks", "sanity_checks"):
        shutil.copytree(ROOT / room, folder / room)
    return Lab(folder)


def told(output: str) -> dict[str, str]:
    """Component -> all that was printed of it, with every wrap and indent as one space."""
    found: dict[str, str] = {}
    name = ""
    for line in output.splitlines():
        head = line.split(":")[0]
        name = head if line[:1].isalpha() and head.replace("_", "").isalnum() and " " not in head else "" if not line.startswith("  ") else name
        if name:
            found[name] = "\n".join(filter(None, [found.get(name), line]))
    return {name: " ".join(text.split()) for name, text in found.items()}
