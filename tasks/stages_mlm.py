"""Masked words as a stage: the encoder goes on with what BERT was first trained for, on the texts of the tasks (minbert/mlm.py, tasks/masking.py).

A share of the texts is held out and only looked at: whatever is learned shows there, and dev and test of the tasks stay unread.
Letters: R texts of a batch, T tokens.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from minbert.bert import Bert
from minbert.mlm import IGNORED, RELEASED, MaskedLanguageModel, MaskedWordHead, head_state
from minbert.weights import load_released
from tasks.batching import Batch
from tasks.collectives import gather
from tasks.masking import Masked, MaskSettings, mask_words, static_masks
from tasks.processes import World
from tasks.seeds import named_generator, named_seed
from tasks.shards import kept, places
from tasks.stages_files import divide
from tasks.stages_scores import masked_word_scores
from tasks.stages_texts import Ground, encode_texts, held_out_generator, texts_of_stage


class MlmStage:
    """What tasks/stages_loop.py asks of a stage: `model`, `texts`, `loss`, `look`, `encoder`."""

    def __init__(self, ground: Ground, bert: Bert, generator: torch.Generator, head: MaskedWordHead | None = None) -> None:
        """bert: where the stage starts from, changed in place; head: used instead of the released one; generator: draws one where there is none."""
        self.ground, self.settings, seed = ground, ground.recipe.mlm, ground.recipe.seed
        learned, held_out = divide(texts_of_stage(self.settings, "mlm", ground), self.settings.held_out, held_out_generator(ground.recipe))
        self.texts, _ = encode_texts(learned, "mlm", ground.tokenizer, self.settings.max_length)
        self.held_out = encode_texts(held_out, "mlm", ground.tokenizer, self.settings.max_length)[0] if held_out else None
        self.masks = mask_settings(ground)
        self.model = MaskedLanguageModel(bert, head or released_head(ground, bert, generator)).to(ground.device)
        self.generators = {"masks": named_generator(seed, "stage.mlm.masks")}

    def loss(self, batch: Batch, epoch: int) -> Tensor:
        """The mean loss over the chosen words of a batch (R, T), a scalar; epoch: which walk through the texts it belongs to."""
        masked, device, world = self.mask(batch, epoch), self.ground.device, self.ground.world
        inputs = masked.input_ids.to(device), masked.labels.to(device), batch.attention_mask.to(device)
        return part_of_loss(self.model, *inputs, world) if world.is_spread else self.model.loss(*inputs)

    def mask(self, batch: Batch, epoch: int) -> Masked:
        """Choose and hide words: anew each time, or as the text's own masks say."""
        if self.settings.masks == "static":
            return static_masks(batch.input_ids, batch.indices, epoch, self.ground.tokenizer, named_seed(self.ground.recipe.seed, "stage.mlm.static"), self.masks)
        return mask_words(batch.input_ids, self.ground.tokenizer, self.generators["masks"], self.masks)

    def look(self) -> dict[str, dict[str, float]]:
        """{"held out": loss and accuracy} of masked words in the texts that are not learned from; {} where there are none."""
        if self.held_out is None:
            return {}
        rows, seed = self.ground.recipe.training.evaluate_batch_size, named_seed(self.ground.recipe.seed, "stage.mlm.look")

        def same(ids: Tensor, places: Sequence[int]) -> Masked:  # at every look
            return static_masks(ids, places, 0, self.ground.tokenizer, seed, self.masks)

        return {"held out": masked_word_scores(self.model, self.held_out, same, rows, self.ground.device)}

    def encoder(self) -> Bert:
        """The encoder for the tasks; the head is written beside it and stays behind."""
        return self.model.bert

    def released_head(self) -> dict[str, Tensor]:
        """The head under its released names, so that transformers' BertForMaskedLM opens the folder."""
        state = self.model.head.state_dict()
        return {theirs: state[ours] for ours, theirs in RELEASED.items()}


def part_of_loss(model: MaskedLanguageModel, input_ids: Tensor, labels: Tensor, attention_mask: Tensor, world: World) -> Tensor:
    """The loss of the whole batch, a scalar, whose graph reaches this process's texts alone: all of them (R, T) come in, masked alike everywhere.

    Processes choose different numbers of words, so it is no mean of their means: each sums its own, and all divide by the words of the batch.
    """
    mine = places(len(input_ids), world)
    first = labels[mine].clone()
    first[kept(len(input_ids), world) :] = IGNORED  # a text that is read once more, to fill up, counts once
    hidden = model.bert(input_ids[mine], attention_mask[mine], keep_states=False).last_hidden_state
    chosen = labels[mine] != IGNORED  # (b, T), of all that is read, so that every process has a graph
    each = F.cross_entropy(model.head(hidden[chosen], model.words), first[chosen], ignore_index=IGNORED, reduction="none")  # (m,)
    own = each.sum() / (labels != IGNORED).sum()
    return own + (sum(gather(own.detach(), world)) - own.detach())  # the value of all, the slopes of our own


def mask_settings(ground: Ground) -> MaskSettings:
    """The part of [mlm] that tasks/masking.py reads."""
    chosen = ground.recipe.mlm
    return MaskSettings(chosen.rate, chosen.masked, chosen.replaced, chosen.choose, chosen.most, chosen.copies)


def released_head(ground: Ground, bert: Bert, generator: torch.Generator) -> MaskedWordHead:
    """The head that came with the weights, where they have one: a new one needs thousands of steps to learn what that knows, so it is said."""
    weights, head = ground.recipe.weights, MaskedWordHead(bert.config, generator)
    released = load_released(weights, torch.Generator())
    state = head_state(released.heads, released.state["embeddings.word.weight"], weights)
    if state:
        head.load_state_dict(state)
    else:
        ground.say(f"mlm: {weights} has no head for masked words (cls.predictions.*), so a new one is drawn; until it has learned, the encoder learns little of use.")
    return head
