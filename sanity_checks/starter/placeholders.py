"""Placeholders for packages that a checkout imports and this machine lacks: anything can be imported from them, and nothing happens.

A course checkout pins packages (transformers, boto3, ...) that only its download and its data code use. The checks run neither.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

# Replaced even where installed: slow to import, and used by no code that is checked.
NEVER_NEEDED = ("transformers", "sklearn", "tensorboard", "tensorboardX", "wandb", "pandas", "scipy", "nltk", "matplotlib", "seaborn", "boto3", "botocore",
                "requests", "importlib_metadata", "filelock", "tokenizers", "huggingface_hub", "sentence_transformers", "peft", "explainaboard_client", "optuna", "ray")

WINDOWS = ("turtle", "tkinter")


class Nothing:
    """Stands for whatever was asked of a missing package: it can be called, used as a base class, a decorator or a context, and compared."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # Python asks for these to learn what an object can do
        return Nothing(f"{self._name}.{name}")

    def __call__(self, *given: Any, **named: Any) -> Any:
        # a decorator gives the function back; tqdm(rows) gives the rows back
        gives_back = given and (isinstance(given[0], (types.FunctionType, type)) or (hasattr(given[0], "__iter__") and not isinstance(given[0], str)))
        return given[0] if gives_back else Nothing(f"{self._name}()")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __getitem__(self, key: Any) -> Any:
        return Nothing(f"{self._name}[]")

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __or__

    def __lt__(self, other: Any) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<a placeholder for {self._name}>"


class MissingPackages:
    """A finder for sys.meta_path: a package that a file of `folder` asks for and nobody has becomes a placeholder; its name is kept in `found`.

    wanted: which names it offers itself for; asked after all other finders, it can take all. Other people's imports are left alone: torch tries
    many packages, and takes what it finds for the real one.  Nor is a part of Python itself replaced, or a name that lives in `typing`: such
    an import is a slip, and its error is worth reading.
    """

    def __init__(self, folder: Path, wanted: Callable[[str], bool] = lambda name: True) -> None:
        self.folder, self.wanted, self.found = str(folder), wanted, set[str]()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """The spec of a placeholder, or None where Python's own error is wanted."""
        top = name.partition(".")[0]
        if top in WINDOWS and self._asked_by_checkout():
            raise ImportError(f"{top} opens windows, and fails on a machine without a screen")  # the same here, whatever this machine has
        if top in sys.stdlib_module_names or hasattr(typing, top) or top == "torch" or not self.wanted(top) or not self._asked_by_checkout():
            return None
        self.found.add(top)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def _asked_by_checkout(self) -> bool:
        frame = sys._getframe(2)
        while frame.f_back is not None and ("importlib" in frame.f_code.co_filename or frame.f_code.co_filename == __file__):
            frame = frame.f_back
        return frame.f_code.co_filename.startswith(self.folder)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """An empty module whose every attribute is `Nothing`."""
        return placeholder(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""
        return None


def placeholder(name: str) -> types.ModuleType:
    """A module from which every name can be imported."""
    module = types.ModuleType(name)
    module.__getattr__ = lambda attribute: Nothing(f"{name}.{attribute}") if not attribute.startswith("__") else _refuse(attribute)  # type: ignore[method-assign]
    module.__path__ = []  # a package, so that its submodules can be imported too
    return module


def is_placeholder(module: types.ModuleType) -> bool:
    """Whether `module` was made by `placeholder`."""
    return getattr(vars(module).get("__getattr__"), "__module__", "") == __name__


def _refuse(attribute: str) -> Any:
    raise AttributeError(attribute)
