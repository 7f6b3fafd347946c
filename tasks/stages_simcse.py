"""SimCSE as a stage: the encoder learns to tell sentences apart before it learns the tasks (regularizers/simcse.py holds the loss).

    unsupervised   two passes over each text, different by dropout alone
    supervised     anchor, positive and hard negative of each triple, one pass over each

Letters: B texts of a batch, R rows (B, or 3B for triples), T tokens, C width.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from minbert.bert import Bert
from regularizers.simcse import SimcseHead, simcse_loss, two_views
from tasks.batching import Batch
from tasks.collectives import gather_with_gradient
from tasks.encoding import EncodedSplit, encode_split
from tasks.pooling import FIRST_ONLY, POOLINGS
from tasks.recipe_stages import SimcseSettings
from tasks.shards import part_of
from tasks.stages_files import groups_of
from tasks.stages_scores import cosine_scores
from tasks.stages_texts import Ground, encode_texts, texts_of_stage

KEPT = {"keep": False, "drop": True}  # head -> whether it is for training alone


class SentenceEncoder(nn.Module):
    """input_ids, attention_mask (R, T) -> one vector per row (R, C): encoder, pooling, and the head unless it is for training alone."""

    def __init__(self, bert: Bert, settings: SimcseSettings, generator: torch.Generator) -> None:
        super().__init__()
        self.bert, self.pooling = bert, settings.pooling
        self.head = SimcseHead(bert.config.hidden_size, KEPT[settings.head], generator) if settings.head in KEPT else nn.Identity()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(R, T) twice -> (R, C)."""
        output = self.bert(input_ids, attention_mask, first_only=self.pooling in FIRST_ONLY, keep_states=False)
        return self.head(POOLINGS[self.pooling](output, attention_mask))  # (R, C)


class SimcseStage:
    """What tasks/stages_loop.py asks of a stage: `model`, `texts`, `loss`, `look`, `encoder`."""

    def __init__(self, ground: Ground, bert: Bert, generator: torch.Generator) -> None:
        """bert: where the stage starts from, changed in place; generator: draws the head."""
        self.ground, self.settings = ground, ground.recipe.simcse
        rows = texts_of_stage(self.settings, "simcse", ground)
        if self.settings.duplicates == "once":
            rows = [rows[place] for place in first_places(groups_of(rows))]
        self.texts, rows = encode_texts(rows, "simcse", ground.tokenizer, self.settings.max_length)
        self.groups = groups_of(rows).to(ground.device) if self.settings.duplicates == "grouped" else None  # (N,)
        self.model = SentenceEncoder(bert, self.settings, generator).to(ground.device)
        self.pairs = pairs_of(ground)
        self.generators: dict[str, torch.Generator] = {}

    def loss(self, batch: Batch, epoch: int) -> Tensor:
        """The mean loss of a batch (R, T), a scalar; epoch: which walk through the texts it belongs to, not asked for here."""
        views = self.views(batch.to(self.ground.device))
        groups = None if self.groups is None else self.groups[list(batch.indices)]  # (B,)
        return simcse_loss(*views, temperature=self.settings.temperature, hard_weight=self.settings.hard_weight, groups=groups)

    def views(self, batch: Batch) -> list[Tensor]:
        """Both views of each text, or anchors, positives and negatives: (B, C) each, in float32, since cosines are divided by a small number.

        Of several processes each encodes its part, and all get the vectors of the whole batch: every sentence is everybody's negative.
        """
        part = part_of(batch, self.ground.world) if self.ground.world.is_spread else batch
        inputs = part.input_ids, part.attention_mask
        found = self.model(*inputs).chunk(3) if self.settings.triples else two_views(self.model, *inputs)
        return [gather_with_gradient(each.float(), self.ground.world, batch.size) for each in found]

    def look(self) -> dict[str, dict[str, float]]:
        """Task -> Pearson and Spearman of cosines on dev, for each task about how similar two sentences are; {} where there is none."""
        rows = self.ground.recipe.training.evaluate_batch_size
        return {name: cosine_scores(self.model, pairs, rows, self.ground.device) for name, pairs in self.pairs.items()}

    def encoder(self) -> Bert:
        """The encoder for the tasks. A head that is kept becomes its pooler, which has the same form: tanh(h[CLS] W + b)."""
        if self.settings.head == "keep":
            self.model.bert.pooler.dense.load_state_dict(self.model.head.dense.state_dict())
        return self.model.bert

    def released_head(self) -> dict[str, Tensor]:
        """Nothing: no released model has a head of this kind."""
        return {}


def pairs_of(ground: Ground) -> dict[str, EncodedSplit]:
    """The dev pairs of every task with a similarity as its label, encoded apart whatever the recipe does in training."""
    data = ground.recipe.data
    return {name: encode_split(ground.dev[name], ground.tokenizer, task, data.max_length, "siamese", data.truncation)
            for name, task in ground.tasks.items() if task.kind == "regression" and task.is_pair}


def first_places(groups: Tensor) -> list[int]:
    """Where each number of `groups` (N,) stands for the first time, in order."""
    seen: dict[int, int] = {}
    for place, group in enumerate(groups.tolist()):
        seen.setdefault(group, place)
    return list(seen.values())
