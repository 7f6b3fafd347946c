"""`python -m minbert.sanity`: is every component right? The checks themselves live in sanity_checks/.

    ok   attention    matches the reference in 9 probes (largest difference 1e-15)
    FAIL layer        ...one sentence that says what differs
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run the checks named in `argv` (none: all) and return the exit status: 0 right, 1 wrong, 2 not understood."""
    from sanity_checks.command import main as run_checks  # looked up late: minbert itself never depends on its checks

    return run_checks(argv)


if __name__ == "__main__":
    from minbert.__main__ import go_home  # below a student edition, that edition's code is meant

    go_home(["sanity", *sys.argv[1:]])
    raise SystemExit(main(sys.argv[1:]))
