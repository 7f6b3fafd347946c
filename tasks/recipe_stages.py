"""The sections of a recipe about what the encoder learns from bare texts before the tasks: [stages], [simcse] and [mlm].

    [stages]
    run = ["mlm", "simcse"]          # in this order; none by default

    [simcse]
    texts = ["tasks", "more.txt"]    # training texts of the recipe's tasks, and a file with one text a line
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.recipe_rules import ABOVE_0, ANY, FROM_0, RATE, SHARE, UNIT, Rule, check_fields, choice, number, setting, several, text, whole

if TYPE_CHECKING:
    from tasks.recipe_settings import Recipe

STAGES = ("mlm", "simcse")
NLI = "nli"  # the word for the triples that lie beside the course's files, see tasks/stages_files.py


def _one_or_more(value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not names or len(set(names)) != len(names):
        raise ValueError
    return tuple(text(empty=False).convert(each) for each in names)


RUN = several('a list of stages, each once: mlm, simcse, or both in the order in which they run', choice(*STAGES), lambda names: len(set(names)) == len(names))
TEXTS = Rule('"tasks", the name of a task, or a text file, or a list of those, each once', _one_or_more)
HALF = number("a number from 0 to 0.5", lambda value: 0 <= value <= 0.5)
SCHEDULE = choice("constant", "linear")
STEPS, EVERY = whole(0, note="0 = whole epochs"), whole(0, note="0 = before the first step and after the last")


@dataclass(frozen=True)
class StageSettings:
    """[stages]: which stages run, and in which order."""

    run: tuple[str, ...] = setting((), RUN, 'what the encoder learns from bare texts before the tasks: ["simcse"], ["mlm"] or both')

    def __post_init__(self) -> None:
        check_fields(self, "stages")


@dataclass(frozen=True)
class SimcseSettings:
    """[simcse]: sentences apart (Gao et al. 2021); defaults are those of its authors' unsupervised BERT-base."""

    texts: tuple[str, ...] = setting(("tasks",), TEXTS, 'whose training texts: "tasks", names of tasks, text files with one text a line')
    triples: str = setting("", text(), 'supervised: a CSV with anchor, positive, negative, or "nli"; "" = unsupervised')
    duplicates: str = setting("grouped", choice("grouped", "negatives", "once"), "equal texts: never each other's negatives, like others, or kept once")
    epochs: int = setting(1, whole(1), "passes over the texts")
    steps: int = setting(0, STEPS, "exactly so many steps instead; 0 = whole epochs")
    batch_size: int = setting(64, whole(2), "B, sentences that are told apart; a part of the loss, not of its speed alone")
    window: int = setting(1, whole(1), "batches sorted by length together; 1 = plain random batches, so length gives nothing away")
    max_length: int = setting(32, whole(8, 512), "longest text in word pieces, [CLS] and [SEP] included")
    temperature: float = setting(0.05, ABOVE_0, "what cosines are divided by")
    hard_weight: float = setting(0.0, ANY, "triples: added to the logit of a sentence's own hard negative")
    pooling: str = setting("cls", choice("cls", "mean"), "the sentence vector: [CLS], or the mean over tokens")
    head: str = setting("drop", choice("drop", "keep", "none"), "tanh layer on that vector: for training alone, kept as the pooler, or none")
    lr: float = setting(3e-5, ABOVE_0, "learning rate")
    weight_decay: float = setting(0.0, FROM_0, "decoupled decay; biases and LayerNorm are left out")
    layer_decay: float = setting(1.0, SHARE, "each layer's rate over that of the layer above it")
    schedule: str = setting("linear", SCHEDULE, "constant, or linear warm-up then linear decay to 0")
    warmup: float = setting(0.0, RATE, "fraction of the stage's steps that warms up; linear only")
    clip: float = setting(1.0, FROM_0, "largest gradient norm; 0 = no clipping")
    evaluate_every: int = setting(0, EVERY, "steps between two looks at the cosines on dev; 0 = before the first and after the last")

    def __post_init__(self) -> None:
        check_fields(self, "simcse")


@dataclass(frozen=True)
class MlmSettings:
    """[mlm]: masked words (Devlin et al. 2018), gone on with; batch and rate as in SerBERTus, warm-up and decay as in Sun et al. 2019."""

    texts: tuple[str, ...] = setting(("tasks",), TEXTS, 'whose training texts: "tasks", names of tasks, text files with one text a line')
    epochs: int = setting(1, whole(1), "passes over the texts")
    steps: int = setting(0, STEPS, "exactly so many steps instead; 0 = whole epochs")
    batch_size: int = setting(32, whole(1), "texts in a batch")
    window: int = setting(50, whole(1), "batches sorted by length together; 1 = plain random batches")
    max_length: int = setting(128, whole(8, 512), "longest text in word pieces, [CLS] and [SEP] included")
    masks: str = setting("dynamic", choice("dynamic", "static"), "drawn anew each time, or a few copies of each text that come round again")
    rate: float = setting(0.15, SHARE, "share of a text's words that is chosen")
    masked: float = setting(0.8, UNIT, "share of the chosen words that becomes [MASK]")
    replaced: float = setting(0.1, UNIT, "share of the chosen words that becomes a random word; the rest stays")
    choose: str = setting("each", choice("each", "count"), "every word by its own coin, or round(rate * length) of a text")
    most: int = setting(20, whole(1), "count: at most so many in one text")
    copies: int = setting(5, whole(1), "static: how many masks a text has")
    lr: float = setting(1e-5, ABOVE_0, "learning rate")
    weight_decay: float = setting(0.01, FROM_0, "decoupled decay; biases and LayerNorm are left out")
    layer_decay: float = setting(1.0, SHARE, "each layer's rate over that of the layer above it")
    schedule: str = setting("linear", SCHEDULE, "constant, or linear warm-up then linear decay to 0")
    warmup: float = setting(0.1, RATE, "fraction of the stage's steps that warms up; linear only")
    clip: float = setting(1.0, FROM_0, "largest gradient norm; 0 = no clipping")
    held_out: float = setting(0.05, HALF, "share of the texts that is only looked at, for loss and accuracy; 0 = none")
    evaluate_every: int = setting(0, EVERY, "steps between two looks at the texts held out; 0 = before the first and after the last")

    def __post_init__(self) -> None:
        check_fields(self, "mlm")


def texts_named(recipe: Recipe) -> list[str]:
    """What the stages that run read from, beside the recipe's own tasks: names of tasks, text files, triples."""
    chosen = [getattr(recipe, name) for name in recipe.stages.run]
    return [source for each in chosen for source in ((each.triples,) if getattr(each, "triples", "") else each.texts) if source != "tasks"]


def _written(name: str, kind: type) -> Callable[[Recipe], bool]:
    # A whole section that nothing reads: whoever wrote it believes that the stage runs.
    return lambda recipe: name not in recipe.stages.run and getattr(recipe, name) != kind()


STAGE_COMBINATIONS: tuple[tuple[Callable[[Recipe], bool], str], ...] = (
    *((_written(name, kind), f"[{name}] has settings, but stages.run does not name {name}, so it would never run; try stages.run = [\"{name}\"] or leave [{name}] out")
      for name, kind in (("simcse", SimcseSettings), ("mlm", MlmSettings))),
    (lambda recipe: recipe.simcse.head == "keep" and recipe.simcse.pooling == "mean",
     'simcse.head = "keep" makes the head the pooler, which reads [CLS], but simcse.pooling = "mean" trains it on means; try head = "drop" or pooling = "cls"'),
    (lambda recipe: recipe.simcse.triples != "" and recipe.simcse.texts != ("tasks",),
     'simcse.triples = "{recipe.simcse.triples}" brings its own texts, so simcse.texts would not be read; set one of the two'),
    (lambda recipe: recipe.simcse.triples == "" and recipe.simcse.hard_weight != 0,
     'simcse.hard_weight = {recipe.simcse.hard_weight} weighs hard negatives, but without simcse.triples there are none; try simcse.triples = "nli" or hard_weight = 0'),
    *((lambda recipe, name=name: getattr(recipe, name).steps > 0 and getattr(recipe, name).epochs != 1,
       f"{name}.steps = {{recipe.{name}.steps}} is the length of the stage, so {name}.epochs = {{recipe.{name}.epochs}} would not be read; set one of the two")
      for name in STAGES),
    *((lambda recipe, name=name: getattr(recipe, name).schedule == "constant" and getattr(recipe, name).warmup not in (0, 0.1),
       f'{name}.warmup = {{recipe.{name}.warmup}} belongs to the linear schedule, but {name}.schedule = "constant" never changes the rate; try {name}.schedule = "linear"')
      for name in STAGES),
    (lambda recipe: recipe.mlm.masked + recipe.mlm.replaced > 1,
     "mlm.masked = {recipe.mlm.masked} and mlm.replaced = {recipe.mlm.replaced} are shares of the same words, and their sum is above 1; try 0.8 and 0.1"),
    (lambda recipe: recipe.mlm.masks == "dynamic" and recipe.mlm.copies != MlmSettings.copies,
     'mlm.copies = {recipe.mlm.copies} counts masks that come round again, but mlm.masks = "dynamic" draws each anew; try mlm.masks = "static"'),
    (lambda recipe: recipe.mlm.choose == "each" and recipe.mlm.most != MlmSettings.most,
     'mlm.most = {recipe.mlm.most} limits a count, but mlm.choose = "each" throws a coin for every word; try mlm.choose = "count"'),
)
