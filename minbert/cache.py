"""Where minbert keeps files of its own between runs; apart from sources.py so that it can be asked before torch is loaded."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """Our own cache: MINBERT_CACHE, else minbert/ in XDG_CACHE_HOME, else ~/.cache/minbert."""
    named = os.environ.get("MINBERT_CACHE")
    return Path(named or os.path.join(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "minbert")).expanduser()
