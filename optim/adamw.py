"""AdamW (Loshchilov & Hutter 2019) in the two forms students meet: the update of one tensor first, then the optimizer that keeps the state.

    course (CS224N)                                 torch (torch.optim.AdamW)
                                                    theta <- theta - lr lam theta
    m <- b1 m + (1 - b1) g                          m <- b1 m + (1 - b1) g
    v <- b2 v + (1 - b2) g^2                        v <- b2 v + (1 - b2) g^2
    theta <- theta - lr sqrt(c2)/c1 m/(sqrt(v)+eps) theta <- theta - lr (m/c1) / (sqrt(v/c2) + eps)
    theta <- theta - lr lam theta

with c1 = 1 - b1^t and c2 = 1 - b2^t.  The course adds eps before the bias correction, so its eps counts eps/sqrt(c2), 31.6 times as much at
t = 1; and it decays the weight that has already moved, by lr and not by the corrected step size.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from .adamw_backends import BACKENDS, expect_usable
from .adamw_checks import check_gradient, check_saved_state, check_settings
from .adamw_pieces import Tensors, update_in_pieces


def moving_averages(gradient: Tensor, mean: Tensor, square: Tensor, betas: tuple[float, float]) -> None:
    """Move m (`mean`) towards g and v (`square`) towards g^2, in place; all three tensors have the parameter's shape."""
    mean.lerp_(gradient, 1 - betas[0])  # m = b1 m + (1 - b1) g
    square.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])  # v = b2 v + (1 - b2) g^2


def bias_corrections(step: int, betas: tuple[float, float], correct_bias: bool) -> tuple[float, float]:
    """c1 and c2: how much of a full average `step` gradients make, since m and v start at 0; (1, 1) where the correction is off."""
    return (1 - betas[0] ** step, 1 - betas[1] ** step) if correct_bias else (1.0, 1.0)


def course_update(
    parameter: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float,
    weight_decay: float, correct_bias: bool, scratch: Tensor | None = None,
) -> None:  # fmt: skip
    """One step of one tensor as CS224N defines it, in place; `step` counts from 1 and `gradient` is only read.

    parameter, gradient, mean, square: one shape, any; scratch: memory of that shape for the denominator, new memory when None.
    """
    moving_averages(gradient, mean, square, betas)
    c1, c2 = bias_corrections(step, betas, correct_bias)
    denominator = torch.sqrt(square, out=scratch).add_(eps)
    parameter.addcdiv_(mean, denominator, value=-lr * math.sqrt(c2) / c1)
    if weight_decay:
        parameter.mul_(1 - lr * weight_decay)  # after the step, so that it shrinks the new value


def torch_update(
    parameter: Tensor, gradient: Tensor, mean: Tensor, square: Tensor, step: int, lr: float, betas: tuple[float, float], eps: float,
    weight_decay: float, correct_bias: bool, scratch: Tensor | None = None,
) -> None:  # fmt: skip
    """One step of one tensor as torch.optim.AdamW does it; arguments as for `course_update`."""
    if weight_decay:
        parameter.mul_(1 - lr * weight_decay)  # before the step, so that it shrinks the old value
    moving_averages(gradient, mean, square, betas)
    c1, c2 = bias_corrections(step, betas, correct_bias)
    denominator = torch.sqrt(square, out=scratch).div_(math.sqrt(c2)).add_(eps)
    parameter.addcdiv_(mean, denominator, value=-lr / c1)


FORMS = {"course": course_update, "torch": torch_update}
SETTINGS = ("lr", "betas", "eps", "weight_decay", "correct_bias")  # what a group may set for itself, besides its form


class AdamW(Optimizer):
    """AdamW with the course's defaults; every parameter has its own m, v and step count, and is left alone while its gradient is None.

    form: "course" or "torch", the order of operations above.  backend: who does the arithmetic, all of them equal to 1e-12 in float64:
    "eager" (the formulas, in pieces that fit the cache), "compiled" (torch.compile; needs a C++ compiler), "fused" (torch's own kernel) or
    "auto": fused where a short trial on this device and dtype agrees with the formula, else eager.  "compiled" and "fused" leave tensors
    that do not suit them (half precision, odd strides, and for "compiled" small ones) to "eager".
    Raises ValueError for settings out of range, sparse or complex tensors, and a saved state of another kind of optimizer.

        optimizer = AdamW(model.parameters(), lr=1e-5)
        loss.backward(); optimizer.step(); optimizer.zero_grad()
    """

    def __init__(
        self, params: Iterable[Any], lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-6,
        weight_decay: float = 0.0, correct_bias: bool = True, *, form: str = "course", backend: str = "eager",
    ) -> None:  # fmt: skip
        settings = (lr, betas, eps, weight_decay, correct_bias)
        defaults = dict(zip(SETTINGS, settings)) | {"form": form}
        check_settings(defaults | {"backend": backend}, FORMS, BACKENDS)
        expect_usable(backend)
        self.backend = backend
        super().__init__(params, defaults)
        self.register_load_state_dict_pre_hook(check_saved_state)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group, `{"params": tensors}` and the settings in which it differs, after checking those; its tensors start at step 0."""
        check_settings(param_group, FORMS, BACKENDS)
        super().add_param_group(param_group)

    @torch.no_grad()
    def step(self, closure: Callable[[], Tensor] | None = None) -> Tensor | None:
        """Move every parameter that has a gradient, once; returns the loss of `closure`, called first and with gradients on, or None."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        present = [[parameter for parameter in group["params"] if parameter.grad is not None] for group in self.param_groups]
        for parameter in chain.from_iterable(present):
            check_gradient(parameter)  # all of them before the first one moves, so that a refusal leaves nothing half done
        for group, parameters in zip(self.param_groups, present):
            settings = {key: group[key] for key in SETTINGS} | {"lr": float(group["lr"])}
            update = FORMS[group["form"]]
            for (step, _, _), work in self._buckets(parameters).items():
                rest = BACKENDS[self.backend](group["form"], update, work, step, settings)
                update_in_pieces(update, rest, step, settings)
        return loss

    def _buckets(self, parameters: list[Tensor]) -> dict[tuple[Any, ...], list[Tensors]]:
        """Parameters with their gradient and state, by (the step they are about to take, device, dtype); counts that step."""
        buckets = defaultdict(list)
        for parameter in parameters:
            state = self.state[parameter]
            if not state:  # zeros_like: same device, dtype and strides as the parameter
                state.update(step=0, mean=torch.zeros_like(parameter), square=torch.zeros_like(parameter))
            state["step"] += 1
            tensors = Tensors(parameter.detach(), parameter.grad.detach(), state["mean"], state["square"])
            # a kernel takes one step number per call, and tensors that joined or rested at other times have other numbers
            buckets[state["step"], parameter.device, parameter.dtype].append(tensors)
        return buckets

    def __getstate__(self) -> dict[str, Any]:  # torch's own list of what a copy takes along does not know the backend
        return super().__getstate__() | {"backend": self.backend}
