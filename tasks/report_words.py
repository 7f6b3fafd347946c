"""A recipe in words: the choices behind each of the seven doors as sentences a reader can follow without knowing the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.exit_words import exit_words
from tasks.phase_words import phase_sentence
from tasks.report_rates import dropout_words, extra_words, rate_words, schedule_words
from tasks.report_techniques import head_words, order_words, pooling_words, regularizer_words, relation_words, sharing_words, teacher_words, times_words, update_words
from tasks.stages_words import stage_sentence

MODES = {"full-model": "every weight of the encoder and the heads is trained",
         "last-linear-layer": "the encoder stays as it was pretrained and only the heads are trained",
         "adapters": "the encoder stays as it was pretrained but for its LayerNorms; these, the adapters and the heads are trained"}
OTHERS = {"rmsprop": "RMSprop", "sgd": "SGD"}  # optimizers beside AdamW
PAIRS = {"siamese": "the two sentences of a pair are encoded apart and their vectors joined ({features})",
         "cross": "the two sentences of a pair are read together, as one sequence",
         "joined": "the two sentences of a pair are embedded apart and read together ({joined})",
         "cross-attention": "the two sentences of a pair are encoded apart, and each looks at the other once above the encoder"}
SAMPLERS = {"lock-step": "every step draws one batch of each task, until the smallest task has been read once",
            "shuffled": "the batches of all tasks are shuffled together, one task a step",
            "round-robin": "one task a step, each in turn",
            "proportional": "one task a step, drawn in proportion to its rows",
            "square-root": "one task a step, drawn in proportion to the root of its rows",
            "annealed": "one task a step, drawn by its rows at first and more evenly from epoch to epoch"}


def recipe_sentences(recipe: Mapping[str, Any]) -> list[str]:
    """The recipe's sentences in the order of the data: weights, stages, model, steps, optimizer, choice. {} gives []."""
    if not recipe:
        return []
    return [sentence for build in (_start, stage_sentence, _model, _steps, phase_sentence, _optimizer, _choice) if (sentence := build(recipe))]


def _part(recipe: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = recipe.get(name, {})
    return value if isinstance(value, Mapping) else {}


def _start(recipe: Mapping[str, Any]) -> str:
    data, tasks = _part(recipe, "data"), recipe.get("tasks", [])
    names = ", ".join(map(str, tasks))  # a list of names, or the tables of a user's own tasks
    place = "the practice data shipped with minbert" if not data.get("folder") else f"the files in {data['folder']}"
    share = data.get("share", 1.0)
    part = "" if share == 1.0 else f", {share:.0%} of the training rows"
    limit = f", at most {data['limit']} training rows a task" if data.get("limit") else ""
    more = "".join(f"; {words}" for words in extra_words(_part(recipe, "extra")))
    return f"The encoder starts from {recipe.get('weights', 'unnamed weights')} and learns {names} from {place}{part}{limit}{more}."


def _model(recipe: Mapping[str, Any]) -> str:
    model = _part(recipe, "model")
    mode, pairs = str(model.get("fine_tune_mode", "")), str(model.get("pairs", ""))
    words = [MODES.get(mode, mode), PAIRS.get(pairs, pairs).format(features=model.get("pair_features", "concat"), joined=joined_words(model)), *order_words(model),
             *sharing_words(_part(recipe, "sharing")), *pooling_words(model), *relation_words(model), *head_words(model), *dropout_words(model),
             *exit_words(_part(recipe, "exits"))]
    return _sentence(words)


def joined_words(model: Mapping[str, Any]) -> str:
    """What tells the second text from the first where embeddings are joined: segments, or nothing; and its [CLS]."""
    segments = "one segment for both" if model.get("joined_types") == "zeros" else "a segment each"
    return f"{segments}, the second [CLS] {model.get('second_cls', 'kept')}"


def _steps(recipe: Mapping[str, Any]) -> str:
    sampler = _part(recipe, "sampler")
    return _sentence([f"Batches hold {sampler['batch_size']} examples of similar length" if "batch_size" in sampler else "",
                      SAMPLERS.get(str(sampler.get("name", "")), str(sampler.get("name", ""))), *times_words(sampler),
                      *update_words(_part(recipe, "update")), *regularizer_words(_part(recipe, "regularizer")), *teacher_words(_part(recipe, "bregman"))])


def _sentence(words: Sequence[str]) -> str:
    sentence = "; ".join(word for word in words if word)
    return sentence[:1].upper() + sentence[1:] + "." if sentence else ""


def _optimizer(recipe: Mapping[str, Any]) -> str:
    optimizer = _part(recipe, "optimizer")
    if "lr" not in optimizer:
        return ""
    rate, parts = schedule_words(_part(recipe, "schedule")), "".join(f"; {words}" for words in rate_words(optimizer))
    head = "" if optimizer.get("head_lr_multiplier", 1.0) == 1.0 else f" (times {optimizer['head_lr_multiplier']:g} for the heads)"
    decay = f"weight decay {optimizer.get('weight_decay', 0.0):g}"
    kind = OTHERS.get(str(optimizer.get("name")), f"AdamW in its {optimizer.get('form', 'course')} form")
    return f"{kind}, learning rate {optimizer['lr']:g}{head}, {rate}, {decay}{parts}."


def _choice(recipe: Mapping[str, Any]) -> str:
    training = _part(recipe, "training")
    epochs = f"{training['epochs']} epoch{'s' if training['epochs'] != 1 else ''}" if "epochs" in training else "The epochs"
    score = f"the best {training.get('score', 'normalised')} overall dev score"
    return f"{epochs} in {training.get('precision', 'fp32')}, seed {recipe.get('seed', 'unknown')}; the model kept is the one with {score}."
