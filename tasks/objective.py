"""The objective: one task's whole loss, built when asked for.

    objective(task) = loss(logits, labels) + lambda * regularizer(logits_of, embeddings, logits) + mu * D(logits, teacher's logits)

`objective` returns numbers with a graph behind them, so it is called right before its own backward and not earlier: this is what keeps one
graph in memory at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

from minbert.errors import UserError
from tasks.batching import Batch
from tasks.exit_objective import ExitTraining
from tasks.model import MultitaskModel

# (logits_of, embeddings (R, T, C), logits (B, k) or (B,)) -> scalar.  It never sees the model, the head or the task.
Regularizer = Callable[[Callable[..., Tensor], Tensor, Tensor], Tensor]
Proximal = Callable[[Batch, Tensor], Tensor]  # (batch, logits) -> mu D, the pull of a teacher, see tasks/teacher.py


def make_objective(
    model: MultitaskModel,
    next_batch: Callable[[str], Batch],
    regularizer: Regularizer | Mapping[str, Regularizer | None] | None = None,
    weight: float = 0.0,
    point: str = "output",
    proximal: Proximal | None = None,
    exits: ExitTraining | None = None,
) -> Callable[[str], Tensor]:
    """Return objective(task name) -> scalar loss of that task's next batch.

    next_batch: task name -> its next Batch; regularizer: one function for all tasks, or task name -> function, because what counts as "the same
    answer" differs between five classes and one number; weight: lambda; point: where a regularizer enters the embeddings, see minbert/entry_points.py; proximal: adds the teacher's pull;
    exits: whose losses count in which step, with regularizer and teacher on the final exit alone.
    With weight 0 the regularizer is never called, so no random number is drawn and the loss is the plain one bit for bit.  `UserError` when
    the mapping forgets a task of the model.
    """
    regularizers = _of_every_task(regularizer, model)

    def objective(task: str) -> Tensor:
        batch = next_batch(task)
        if exits and exits.layer:
            return exits.loss_of_turn(batch)
        turn = exits.turn(task) if exits else None
        regularized = regularizers[task] is not None and weight != 0 and (turn is None or turn.smart)
        entry = point if regularized else "output"
        # Embedded once: with dropout on, a second call would give other numbers, and a regularizer would measure that difference.
        embeddings = model.embed(batch, entry)  # (R, T, C)
        logits_of = model.logits_of(batch, entry, turn.states) if turn and turn.below else model.logits_of(batch, entry)
        logits = logits_of(embeddings)  # (B, k) or (B,)
        loss = model.loss(batch, logits)
        if turn:
            loss = exits.loss(batch, loss, turn)
        if regularized:
            loss = loss + weight * regularizers[task](logits_of, embeddings, logits)
        return loss if proximal is None or (turn and not turn.final) else loss + proximal(batch, logits)

    return objective


def _of_every_task(regularizer: Regularizer | Mapping[str, Regularizer | None] | None, model: MultitaskModel) -> Mapping[str, Regularizer | None]:
    regularizers = regularizer if isinstance(regularizer, Mapping) else dict.fromkeys(model.tasks, regularizer)
    forgotten = [task for task in model.tasks if task not in regularizers]
    if forgotten:
        raise UserError(f"no regularizer for task {forgotten[0]!r}, got {', '.join(regularizers)}: name one, or None to leave the task without.")
    return regularizers
