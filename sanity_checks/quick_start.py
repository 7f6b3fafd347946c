"""Start without torch's compiler: nothing here is compiled, and loading it takes longer than all the checks together."""

from __future__ import annotations

import torch


def leave_the_compiler_out() -> None:
    """From now on in this process, making an optimizer no longer loads torch._dynamo, which it does only to be left alone by it.

    torch marks such a function once it is loaded; it finds the mark here already. Where torch does this in another way, nothing changes.
    """
    for name in dir(torch.optim.Optimizer):
        plain = getattr(getattr(torch.optim.Optimizer, name), "__wrapped__", None)
        if plain is not None:
            plain.__dynamo_disable = plain
