"""The best weights seen so far, kept beside the model and put back at the end of a stage.

    decision = controller.observe(steps, score);   keeper.follow(decision, model)

A new stage begins with a fresh optimizer: what an optimizer remembers is of weights that were left behind.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from minbert.errors import UserError
from tasks.stage_plan import Decision


class BestWeights:
    """A copy of a model's tensors, empty at first; on the model's own device, in its own precision."""

    def __init__(self) -> None:
        self.tensors: dict[str, Tensor] = {}

    def follow(self, decision: Decision, model: nn.Module) -> None:
        """Keep the weights of `model` when they are the best, and put the best back when the decision says so."""
        if decision.is_best:
            self.keep(model)
        if decision.restore:
            self.put_back(model)

    def keep(self, model: nn.Module) -> None:
        """Copy every tensor: `state_dict` alone holds the live ones, and "the best" would move on with training."""
        self.tensors = {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}

    def put_back(self, model: nn.Module) -> None:
        """Write the copy over the model's tensors, in place, so that optimizers and borrowed parts still hold them.  `UserError` without a copy."""
        if not self.tensors:
            raise UserError("there are no best weights to put back: no score of this stage was followed.")
        with torch.no_grad():
            for name, tensor in model.state_dict().items():
                tensor.copy_(self.tensors[name])

    def state_dict(self) -> dict[str, Tensor]:
        """The copy by name, for a checkpoint; empty when nothing was kept."""
        return dict(self.tensors)

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take a saved copy over, as it is."""
        self.tensors = {name: tensor.clone() for name, tensor in state.items()}
