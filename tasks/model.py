"""The multitask model: one encoder, one head per task.

    logits = head_task(combine(pool(encode(embed(ids)))))

Nothing here asks which task it serves: the batch carries the task's name, and the name only picks a head.
Letters: B batch, R rows (B, or 2B for siamese pairs), T tokens, C model width, F feature width, k scores.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from minbert.bert import Bert
from minbert.entry_points import onward, up_to
from minbert.errors import UserError
from tasks.batching import Batch
from tasks.head_table import head_loss, make_head
from tasks.logits_of import LogitsOf
from tasks.pairs import PAIR_FEATURES, combine, split_siamese
from tasks.pooling import FIRST_ONLY, POOLINGS
from tasks.recipe_settings import ModelSettings
from tasks.registry import Task
from tasks.seeds import named_generator


class MultitaskModel(nn.Module):
    """`bert` shared by all tasks and `heads[name]` for each: state names start with "bert." and "heads.NAME.".

    tasks: name -> Task; settings: the [model] part of a recipe; generator: where the heads' first weights come from (None: torch's own).
    `settings.heads` ("task=head") names the heads that are not "linear".  Raises `UserError` for an unknown head, or one that does not suit its task.
    """

    def __init__(
        self,
        bert: Bert,
        tasks: Mapping[str, Task],
        settings: ModelSettings,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.bert, self.tasks, self.settings, self.frozen = bert, dict(tasks), settings, False
        # One draw, whatever the tasks: each head then has its own generator, and a fourth task leaves the other three heads as they were.
        seed = int(torch.randint(2**31, (), generator=generator))
        names = heads_of(tasks, settings)
        self.heads = nn.ModuleDict({name: self._new_head(task, seed, names[name]) for name, task in tasks.items()})
        self._losses = {name: head_loss(names[name], task, settings) for name, task in tasks.items()}
        if settings.fine_tune_mode == "last-linear-layer":
            self.freeze_encoder()

    def _new_head(self, task: Task, seed: int, head_name: str) -> nn.Module:
        generator = named_generator(seed, f"head.{task.name}")
        return make_head(head_name, self.feature_width(task), task, self.settings, self.is_siamese(task), generator)

    def is_siamese(self, task: Task) -> bool:
        """True when the rows of this task's batches are first sentences above second ones, (2B, T)."""
        return self.settings.pairs == "siamese" and task.is_pair

    def feature_width(self, task: Task) -> int:
        """F, what the head of `task` reads: C, or n C for siamese pairs with n parts."""
        parts = len(PAIR_FEATURES[self.settings.pair_features]) if self.is_siamese(task) else 1
        return parts * self.bert.config.hidden_size

    def embed(self, batch: Batch, point: str = "output") -> Tensor:
        """Token embeddings of a batch, (R, T, C), as they are at `point` of minbert/entry_points.py."""
        return up_to(self.bert.embeddings, point, batch.input_ids, batch.token_type_ids)

    def features(self, batch: Batch, embeddings: Tensor) -> Tensor:
        """Everything between embeddings and head: (R, T, C) -> (B, F)."""
        siamese = self.is_siamese(self.tasks[batch.task])
        self._expect_rows(batch, 2 * batch.size if siamese else batch.size)
        output = self.bert.encode(embeddings, batch.attention_mask, first_only=self.settings.pooling in FIRST_ONLY, keep_states=False)
        pooled = POOLINGS[self.settings.pooling](output, batch.attention_mask)  # (R, C)
        return combine(*split_siamese(pooled), self.settings.pair_features) if siamese else pooled  # (2B, C) -> (B, n C)

    def _expect_rows(self, batch: Batch, expected: int) -> None:
        if len(batch.input_ids) != expected:
            raise UserError(
                f"a batch of {batch.size} {batch.task!r} examples has {len(batch.input_ids)} rows, this model with pairs={self.settings.pairs!r} "
                f"expects {expected}: encode the split with the same `pairs`."
            )

    def logits_of(self, batch: Batch, point: str = "output") -> LogitsOf:
        """The rest of the model as a function of the embeddings at `point`: (R, T, C) -> (B, k), or (B,) for one score.

        This closure is all that a regularizer sees; it may call it with any tensor of the same shape.
        """
        if batch.task not in self.heads:
            raise UserError(f"the batch is of task {batch.task!r}, this model has heads for {', '.join(self.heads)}.")

        def rest(embeddings: Tensor) -> Tensor:
            read = onward(self.bert.embeddings, point, embeddings, batch.input_ids, batch.token_type_ids)  # (R, T, C)
            return self.heads[batch.task](self.features(batch, read))

        return LogitsOf(rest, self)

    def loss(self, batch: Batch, logits: Tensor) -> Tensor:
        """The loss of a batch with labels, a scalar: that of the task's kind, or the one its head brings."""
        return self._losses[batch.task](logits, batch.labels)

    def forward(self, batch: Batch) -> Tensor:
        """Logits (B, k) or (B,), the same numbers as `logits_of(batch)(embed(batch))`."""
        return self.logits_of(batch)(self.embed(batch))

    def freeze_encoder(self) -> None:
        """Train the heads alone ("last-linear-layer"): no gradient for the encoder, and no dropout in it, from now on.

        The course starter leaves the frozen encoder's dropout on in training, so its features are a new noisy sample in every epoch; here a
        sentence has one feature vector, the one that evaluation will see.  Gradients with respect to embeddings still pass through.
        """
        self.frozen = True
        self.bert.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> MultitaskModel:
        """As `nn.Module.train`, except that a frozen encoder stays in eval mode."""
        super().train(mode)
        if self.frozen:
            self.bert.eval()
        return self


def heads_of(tasks: Mapping[str, Task], settings: ModelSettings) -> dict[str, str]:
    """Task name -> name of its head; `UserError` for a head of a task that is not there."""
    chosen = dict(pair.split("=") for pair in settings.heads)
    strange = [name for name in chosen if name not in tasks]
    if strange:
        raise UserError(f"model.heads names a head for task {strange[0]!r}, and there are {', '.join(tasks)}.")
    return {name: chosen.get(name, "linear") for name in tasks}
