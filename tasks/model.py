"""The multitask model: an encoder for each task, shared as far as the recipe says, and one head per task.

    logits = head_task(combine(pool(encode(embed(ids)))))

Nothing here asks which task it serves: the batch carries the task's name, and the name only picks a path through the encoder and a head.
Letters: B batch, R rows (B, or 2B for siamese pairs), T tokens, C model width, F feature width, k scores.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from minbert.bert import Bert
from minbert.errors import UserError
from minbert.side_by_side import SideBySide
from tasks.batching import Batch
from tasks.head_table import head_loss, heads_of, make_head
from tasks.joined_path import JoinedPath, joined_paths, made_ready, make_crossings
from tasks.logits_of import LogitsOf
from tasks.pairs import PAIR_FEATURES, combine, split_siamese
from tasks.paths import make_paths
from tasks.pooling import FIRST_ONLY, POOLINGS
from tasks.recipe_settings import ModelSettings
from tasks.recipe_sharing import SharingSettings
from tasks.registry import Task
from tasks.relation import BLOCKS, make_relation, relational_features
from tasks.seeds import named_generator

PLAIN = SharingSettings()  # one BERT for all tasks


class MultitaskModel(nn.Module):
    """`paths.of(name)` and `heads[name]` for each task: state names start with "bert." and "heads.NAME.", others as tasks/paths.py says.

    tasks: name -> Task; settings: the [model] part of a recipe; generator: where first weights come from (None: torch's own); sharing: [sharing].
    `settings.heads` ("task=head") names the heads that are not "linear".  Raises `UserError` for an unknown head, or one that does not suit its task.
    """

    def __init__(self, bert: Bert, tasks: Mapping[str, Task], settings: ModelSettings, generator: torch.Generator | None = None,
                 sharing: SharingSettings = PLAIN) -> None:
        super().__init__()
        self.tasks, self.settings, self.frozen = dict(tasks), settings, False
        # One draw, whatever the tasks: each head then has its own generator, and a fourth task leaves the other three heads as they were.
        seed = int(torch.randint(2**31, (), generator=generator))
        self.paths = joined_paths(make_paths(bert, tasks, sharing, seed), tasks, settings)
        for name, owner in self.paths.owners.items():
            self.add_module(name, owner)  # the paths themselves are plain objects: registered, they would give every tensor a second name
        self.relation = make_relation(tasks.values(), settings, next(iter(self.paths.by_task.values())).width, seed)
        self.crossing = make_crossings(self.paths, tasks, settings, seed)
        names = heads_of(tasks, settings)
        self.heads = nn.ModuleDict({name: make_head(names[name], self.head_width(task), task, settings, self.is_siamese(task),
                                                    named_generator(seed, f"head.{task.name}")) for name, task in tasks.items()})
        self._losses = {name: head_loss(names[name], task, settings) for name, task in tasks.items()}
        {"last-linear-layer": self.freeze_encoder, "adapters": self.paths.train_adapters_alone}.get(settings.fine_tune_mode, lambda: None)()

    def is_siamese(self, task: Task) -> bool:
        """True when the rows of this task's batches are first sentences above second ones, (2B, T)."""
        return self.settings.pairs == "siamese" and task.is_pair

    def is_related(self, task: Task) -> bool:
        """True when the relational layer stands between the features of this task and its head."""
        return self.relation is not None and self.is_siamese(task)

    def feature_width(self, task: Task) -> int:
        """F, the features of `task`: the width of its path, C or 2C, or n times that for siamese pairs with n parts."""
        if task.name in self.crossing:
            return self.crossing[task.name].features
        parts = BLOCKS if self.is_related(task) else len(PAIR_FEATURES[self.settings.pair_features]) if self.is_siamese(task) else 1
        return parts * self.paths.of(task.name).width

    def head_width(self, task: Task) -> int:
        """What the head of `task` reads: F, or the width of its path behind the relational layer."""
        return self.paths.of(task.name).width if self.is_related(task) else self.feature_width(task)

    def embed(self, batch: Batch, point: str = "output") -> Tensor:
        """Token embeddings of a batch, (R, T, C), as they are at `point` of minbert/entry_points.py; (R, T, 2C) where a path has two encoders."""
        return self._path(batch).embed(batch.input_ids, batch.token_type_ids, point)

    def features(self, batch: Batch, embeddings: Tensor, states: list[Tensor] | None = None) -> Tensor:
        """Everything between embeddings and what is a head's own or shared by heads: (R, T, C) -> (B, F).

        states: a list that, if it is empty, receives the states (R, T, C) of the layers below the last, for exits.
        """
        task = self.tasks[batch.task]
        self._expect_rows(batch, 2 * batch.size if task.is_pair and self.settings.pairs != "cross" else batch.size)
        path, embeddings, mask = made_ready(self._path(batch), embeddings, batch.attention_mask)  # joined: (2B, T, C) -> (B, T', C)
        if batch.task in self.crossing:
            return self.crossing[batch.task](path.encode, embeddings, mask)  # (2B, T, C) -> (B, 4C)
        output = path.encode(embeddings, mask, first_only=self.settings.pooling in FIRST_ONLY, keep_states=states == [])
        if states == []:
            states += output.hidden_states[1:-1]
        pooled = POOLINGS[self.settings.pooling](output, mask)  # (R, C)
        if self.is_related(task):
            return relational_features(*split_siamese(pooled))  # (2B, C) -> (B, 4C)
        return combine(*split_siamese(pooled), self.settings.pair_features) if self.is_siamese(task) else pooled  # (2B, C) -> (B, n C)

    def answer(self, task: str, features: Tensor) -> Tensor:
        """Logits of `task` from its features: (B, F) -> (B, k) or (B,)."""
        return self.heads[task](self.relation(features) if self.is_related(self.tasks[task]) else features)

    def _path(self, batch: Batch) -> SideBySide | JoinedPath:
        if batch.task not in self.heads:
            raise UserError(f"the batch is of task {batch.task!r}, this model has heads for {', '.join(self.heads)}.")
        return self.paths.of(batch.task)

    def _expect_rows(self, batch: Batch, expected: int) -> None:
        if len(batch.input_ids) != expected:
            raise UserError(f"a batch of {batch.size} {batch.task!r} examples has {len(batch.input_ids)} rows, this model with "
                            f"pairs={self.settings.pairs!r} expects {expected}: encode the split with the same `pairs`.")

    def logits_of(self, batch: Batch, point: str = "output", states: list[Tensor] | None = None) -> LogitsOf:
        """The rest of the model as a function of the embeddings at `point`: (R, T, C) -> (B, k), or (B,) for one score.

        This closure is all that a regularizer sees, which may call it with any tensor of that shape; states: see `features`, of its first call.
        """
        path = self._path(batch)

        def rest(embeddings: Tensor) -> Tensor:
            read = path.onward(point, embeddings, batch.input_ids, batch.token_type_ids)  # (R, T, C)
            return self.answer(batch.task, self.features(batch, read, states))

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
        for owner in self.paths.owners.values():
            owner.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> MultitaskModel:
        """As `nn.Module.train`, except that a frozen encoder stays in eval mode."""
        super().train(mode)
        for owner in self.paths.owners.values() if self.frozen else ():
            owner.eval()
        return self
