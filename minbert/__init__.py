"""minbert: a BERT encoder written by hand, small enough to read and equal to the released one.

    from minbert import Bert, BertConfig, Tokenizer
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

# Public name -> the file that defines it.  Loaded on first use, so that `minbert --help` answers before torch is imported.
PUBLIC = {
    "Bert": "minbert.bert",
    "BertConfig": "minbert.config",
    "BertOutput": "minbert.bert",
    "Encoding": "minbert.tokenizer",
    "Tokenizer": "minbert.tokenizer",
    "UserError": "minbert.errors",
}
__all__ = [*PUBLIC, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"minbert has no public name {name!r}; it has {', '.join(PUBLIC)}.")
    return getattr(importlib.import_module(PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)  # so that a notebook's tab key offers names that are not imported yet
