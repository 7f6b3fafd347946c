"""Taking a loaded checkpoint apart: what a file that is whole, but not what this version saves, says instead of a traceback."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from minbert.errors import UserError, first_line


@contextlib.contextmanager
def put_to_use(where: str) -> Iterator[None]:
    """Inside, a loaded state is taken apart; whatever goes wrong there becomes a UserError that names `where`, the checkpoint's path.

    The file itself is whole, `load` has made sure of that, so another version of minbert or another program wrote it.
    """
    try:
        yield
    except UserError as error:
        raise error if where in str(error) else UserError(f"{where}: {error}") from error
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError) as error:
        raise UserError(f"{where} does not hold what this minbert saves ({type(error).__name__}: {first_line(error)}); use the minbert "
                        "that wrote it, or another checkpoint.") from error
