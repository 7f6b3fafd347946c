"""Where the second of two stages begins: from the best model of the first, which then stands still while its exits learn.

Without that, exits would be fitted to the last epoch of the first stage, and a better epoch before would be lost or left without exits.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from torch import Tensor

from tasks import checkpoint
from tasks.agreement import everyones
from tasks.checkpoint import copy_tensors
from tasks.progress import Progress
from tasks.put_to_use import put_to_use
from tasks.run_folder import RunFolder
from tasks.setup_run import Parts


def who_learns(parts: Parts, progress: Progress, folder: RunFolder) -> AbstractContextManager[None]:
    """A block for the steps of one epoch; the model is in train mode already. The first time in the second stage it goes back to the best model."""
    if parts.exits is None:
        return nullcontext()
    begins = progress.step == progress.evaluated * parts.sampler.steps_per_epoch
    # Told from numbers that a checkpoint holds: a run that was stopped at this very place does it again, and one stopped later does not.
    if parts.recipe.exits.train == "two-stage" and progress.evaluated == parts.exits.first_stage and begins:
        go_back_to_the_best(parts, progress, folder)
    return parts.exits.epoch(progress.evaluated)


def go_back_to_the_best(parts: Parts, progress: Progress, folder: RunFolder) -> None:
    """Put the weights of the best epoch into the model, and let the epochs to come be judged afresh, by their exits."""
    everyones(None, parts.world)  # the leader may still be writing the best model
    best = checkpoint.load(folder.best)["model"]
    with put_to_use(str(folder.best)):
        # Without the exits, which have not learned yet: a kill after the next epoch's scores leaves a best model here whose exits have.
        copy_tensors(without_exits(best), without_exits(parts.model.state_dict()), str(folder.best))
    progress.best = None


def without_exits(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of the model itself: what the second stage leaves as it is."""
    return {name: tensor for name, tensor in tensors.items() if not name.startswith(("exits.", "certainty."))}
