"""Everything a recipe can say: one frozen dataclass per section, one comment per setting, checked on construction.

The names of choices are written out here, so that a wrong one is told before torch is loaded; a test keeps them equal to the tables' own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tasks.recipe_combinations import check_combinations
from tasks.recipe_doors import BregmanSettings, RegularizerSettings, SamplerSettings, UpdateSettings
from tasks.recipe_exits import ExitSettings
from tasks.recipe_rates import OptimizerSettings, ScheduleSettings
from tasks.recipe_rules import ABOVE_0, ANY, DROPOUTS, FEATURES, FROM_0, HEADS, NAMES, RATE, SHARE, check_fields, choice, setting, text, truth, whole
from tasks.recipe_sharing import SharingSettings
from tasks.recipe_stages import MlmSettings, SimcseSettings, StageSettings

TABLES = ("task", "extra", "phase")  # sections of tables under names of the user's own: [task.NAME], [extra.NAME], [phase.NAME]


@dataclass(frozen=True)
class DataSettings:
    """[data]: which rows are read and how they are cut."""

    folder: str = setting("", text(), 'folder of the data files; "" is the practice data that comes along')
    max_length: int = setting(128, whole(8, 512), "longest sequence in word pieces, [CLS] and [SEP] included")
    truncation: str = setting("longest-first", choice("longest-first", "head+tail"), "what gives way when a text is longer")
    share: float = setting(1.0, SHARE, "fraction of the training rows that is used, drawn with the seed")
    limit: int = setting(0, whole(0, note="0 = all"), "at most this many training rows per task; 0 = all")
    dev_limit: int = setting(0, whole(0, note="0 = all"), "at most this many dev rows per task, the same for every seed; 0 = all")
    test: bool = setting(True, truth(), "whether test files are predicted at the end, where they are there")

    def __post_init__(self) -> None:
        check_fields(self, "data")


@dataclass(frozen=True)
class ModelSettings:
    """[model]: what stands on the encoder and how much of it learns."""

    fine_tune_mode: str = setting("full-model", choice("full-model", "last-linear-layer", "adapters"), "what learns: everything, the heads alone, or adapters, LayerNorms and heads")
    pairs: str = setting("siamese", choice("siamese", "cross", "joined", "cross-attention"),
                         "two texts: encoded apart, read as one sequence, embedded apart and read together, or encoded apart with a look at each other")
    joined_types: str = setting("segments", choice("segments", "zeros"), "joined only: segments 0 and 1 of the two texts, or 0 of both")
    second_cls: str = setting("kept", choice("kept", "dropped"), "joined only: whether the second text keeps its [CLS]")
    pair_features: str = setting("concat", FEATURES, "siamese only: concat [u;v], sbert [u;v;|u-v|], ... (SBERT, table 6)")
    pooling: str = setting("pooler", choice("pooler", "cls", "mean", "max"), "how T token vectors become one sentence vector")
    relation: str = setting("none", choice("none", "shared"), "siamese only: a hidden layer that all tasks of pairs share under their heads")
    head_dropout: float = setting(0.3, RATE, "dropout before each head (the course's --hidden_dropout_prob)")
    head_dropouts: tuple[str, ...] = setting((), DROPOUTS, 'other rates for single tasks, "task=rate": ["sts=0.9", "sst=0"]')
    heads: tuple[str, ...] = setting((), HEADS, 'heads other than linear, "task=head": ["sts=cosine-2d+1"]; see tasks/head_table.py')
    cosine_scale: float = setting(20.0, ABOVE_0, "cosine-d: what the cosine is multiplied by before the sigmoid")
    cosine_output: str = setting("sigmoid", choice("sigmoid", "affine", "relu"), "cosine-d: from cosine to label: sigmoid, (cos+1)/2 or relu")
    cosine_threshold: float = setting(2.5, ANY, "cosine-embedding: labels above it count as similar")
    cosine_margin: float = setting(0.0, RATE, "cosine-embedding: dissimilar pairs are pushed below this cosine")
    keep_cosine: bool = setting(False, truth(), "cosine-2d+1: leave the one cosine out of dropout")
    pair_order: str = setting("fixed", choice("fixed", "random"), "cross only: in training, a then b always, or either by a coin")
    evaluate_order: str = setting("fixed", choice("fixed", "averaged"), "cross only: score (a, b), or the mean of both orders")
    attention: str = setting("fused", choice("fused", "formula"), "torch's kernel, or the formula as written; equal results")
    hidden_dropout: float = setting(0.1, RATE, "dropout inside the encoder, on embeddings and sub-layer outputs")
    attention_dropout: float = setting(0.1, RATE, "dropout on attention probabilities")

    def __post_init__(self) -> None:
        check_fields(self, "model")


@dataclass(frozen=True)
class TrainingSettings:
    """[training]: the loop."""

    epochs: int = setting(10, whole(1), "passes, each followed by one evaluation on dev")
    clip: float = setting(0.0, FROM_0, "largest gradient norm; 0 = no clipping")
    accumulation: int = setting(1, whole(1), "batches whose gradients are averaged before one update")
    precision: str = setting("fp32", choice("fp32", "bf16", "fp16"), "fp32, or autocast on CUDA")
    device: str = setting("auto", choice("auto", "cpu", "cuda", "mps"), "auto = cuda, else mps, else cpu")
    score: str = setting("normalised", choice("normalised", "plain"), "overall score that picks the best epoch: (r+1)/2 or r for Pearson")
    evaluate_batch_size: int = setting(32, whole(1), "rows per batch where nothing is learned")
    save_every: int = setting(0, whole(0, note="0 = after each epoch"), "steps between checkpoints; 0 = after each epoch")

    def __post_init__(self) -> None:
        check_fields(self, "training")


@dataclass(frozen=True)
class Recipe:
    """One choice for each door: everything that decides a run, except where it runs from and writes to."""

    name: str = setting("unnamed", text("a name", empty=False), "what this recipe is called")
    description: str = setting("", text(), "what it is for, in a sentence")
    source: str = setting("", text(), "where its numbers come from")
    weights: str = setting("minilm", text("a name of weights or a folder", empty=False), "minilm, bert-base-uncased, tiny, or a folder")
    tasks: tuple[str, ...] = setting(("practice_sentiment", "practice_paraphrase", "practice_similarity"), NAMES, "what is learned, in turn")
    seed: int = setting(11711, whole(0, 2**32 - 1), "every random choice follows from it")
    data: DataSettings = field(default_factory=DataSettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    sharing: SharingSettings = field(default_factory=SharingSettings)
    exits: ExitSettings = field(default_factory=ExitSettings)
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    update: UpdateSettings = field(default_factory=UpdateSettings)
    regularizer: RegularizerSettings = field(default_factory=RegularizerSettings)
    bregman: BregmanSettings = field(default_factory=BregmanSettings)
    optimizer: OptimizerSettings = field(default_factory=OptimizerSettings)
    schedule: ScheduleSettings = field(default_factory=ScheduleSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    stages: StageSettings = field(default_factory=StageSettings)
    simcse: SimcseSettings = field(default_factory=SimcseSettings)
    mlm: MlmSettings = field(default_factory=MlmSettings)
    task: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # [task.NAME]: rows of the user's own, or changes to a known task
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # [extra.NAME]: more training rows for a task, see recipe_extra.py
    phase: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # [phase.NAME]: one after the other, see recipe_phases.py

    def __post_init__(self) -> None:
        check_fields(self)
        check_combinations(self)
