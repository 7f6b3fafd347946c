"""What common exceptions mean, in a student's words: a pattern in what Python or torch said -> what to do about it."""

from __future__ import annotations

import re

# pattern in "TypeName: message" -> one sentence
MEANINGS: dict[str, str] = {
    r"unexpected keyword argument 'axis'": "torch says `dim` where numpy says `axis`.",
    r"sqrt\(\): argument 'input'.* must be Tensor": "torch.sqrt takes tensors only: use math.sqrt for a Python number.",
    r"view size is not compatible": "A transposed tensor has no view of that shape: call .contiguous() first, or use reshape.",
    r"modified by an inplace operation": "A tensor that the backward pass still needs was overwritten: write x + y, not x += y.",
    r"leaf Variable that requires grad": "A parameter was changed in place while gradients are recorded: use torch.no_grad(), or parameter.data.",
}


def meaning(error: str) -> str:
    """The sentence for "raised TypeName: message", or "" when nobody has met it yet."""
    return next((sentence for pattern, sentence in MEANINGS.items() if re.search(pattern, error)), "")
