"""`python -m minbert.sanity`: is every component right, and if not, which mistake is it? The checks themselves live in sanity_checks/.

    attention:     correct. Right in 35 looks and 9 comparisons.
    layer:         wrong (error). ...one sentence that names the mistake
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run the checks named in `argv` (none: all); the exit status is 0 when all is right, 1 when something is not. `UserError` when not understood."""
    from sanity_checks.command import main as run_checks  # looked up late: minbert itself never depends on its checks

    return run_checks(argv)


if __name__ == "__main__":
    from minbert import __main__ as line  # which knows what to do about a user's mistake, Ctrl-C, a closed pipe and a student edition

    line.go_home(["sanity", *sys.argv[1:]])
    raise SystemExit(line.main(["sanity", *sys.argv[1:]]))
