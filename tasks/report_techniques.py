"""The techniques of a recipe in words: updates, regularizers, the teacher, heads, pooling and the order of pairs, for tasks/report_words.py.

Each function takes one section of the recipe and returns its phrases, none for what a plain recipe has.  A setting that an older run's recipe
does not name is taken at its default.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from tasks.recipe_doors import BregmanSettings, RegularizerSettings, SamplerSettings, UpdateSettings
from tasks.recipe_settings import ModelSettings
from tasks.recipe_sharing import SharingSettings, own_layers

Section = Mapping[str, Any]

UPDATES = {"separate": "each task's loss moves the weights on its own",
           "summed": "the losses of a step are added and move the weights once",
           "pcgrad": "gradients of tasks that conflict are projected onto each other's normal plane (PCGrad) and move the weights once",
           "gradvac": "gradients less alike than they usually are get turned towards each other (Gradient Vaccine) and move the weights once",
           "gse": "the weights move twice a step, along the mean of the projected gradients and along the plain sum (GSE), {reading}",
           "summed-twice": "the weights move twice a step along the sum of the gradients, {reading}",
           "pcgrad-twice": "the weights move twice a step along the projected gradients (PCGrad), {reading}"}
READINGS = {"stale": "both at the gradients of the step's first weights", "fresh": "the second time at gradients taken anew"}
REGULARIZERS = {
    "none": "",
    "smart": ("SMART is added with weight {weight:g}: predictions should not change when embeddings move within {epsilon:g} ({norm}-norm over each {scope}; "
              "{steps} ascent step{plural} of {eta:g} from noise of {sigma:g}, at the {point} embeddings, dropout {dropout})"),
    "smart-mt-dnn": ("SMART as mt-dnn has it is added with weight {weight:g}: predictions should not change under noise whose largest number is 1 for each token, held in no ball "
                     "(start {sigma:g}, one slope of {eta:g}, {reduction} over the batch)"),
    "r-drop": "R-Drop is added with weight {weight:g}: two passes with different dropout should agree"}
TEACHER = ("a teacher that follows slowly pulls the predictions with weight {weight:g} (Bregman proximal point, momentum {momentum:g}, {late_momentum:g} after "
           "{switch:.0%} of the updates, moved every {every}update{plural})")
HEADS = {"linear": "a linear layer", "cosine-d": "{scale:g} times the cosine of two projected vectors ({output})", "cosine-2d+1": "a linear layer that is told the cosine of both vectors",
         "cosine-embedding": "the cosine of both vectors itself (similar above label {threshold:g}, margin {margin:g})"}
ORDERS = {"random": "joined in either order by a coin", "averaged": "scored in both orders and averaged"}
POOLINGS = {"pooler": "", "cls": "a sentence is the last vector of [CLS], without the pooler", "mean": "a sentence is the mean of its token vectors",
            "max": "a sentence is the largest of its token vectors, number by number"}

SHARINGS = {"multi": "", "triple": "every task has a BERT of its own", "multi+triple": "every task has a BERT of its own, and its head reads that beside one shared by all",
            "static+finetune": "heads read the fine-tuned encoder beside a frozen copy of it"}
TOWERS = "every task has the top {layers} of its own above the shared ones, {pooler}"
POOLERS = {"own": "and a pooler", "shared": "and all share one pooler"}
ADAPTERS = {"none": "", "pal": "every task has projected attention layers (PALs{size}) beside the layers",
            "pal-code": "every task has projected attention layers (PALs as in their authors' code{size}) beside the layers",
            "low-rank": "every task has a pair of narrow matrices{size} beside every layer", "top": "every task has narrow attention layers{size} above the last layer"}


def sharing_words(section: Section) -> list[str]:
    """What each task has for itself in the encoder."""
    chosen = _filled(section, SharingSettings)
    layers, size = own_layers(str(chosen["name"])), f", {chosen['adapter_size']} wide" if chosen["adapter_size"] else ""
    above = TOWERS.format(layers="layer" if layers == 1 else f"{layers} layers", pooler=POOLERS.get(chosen["pooler"], chosen["pooler"]))
    found = [SHARINGS.get(chosen["name"], str(chosen["name"])) if layers is None else above, ADAPTERS.get(chosen["adapters"], str(chosen["adapters"])).format(size=size)]
    return [words for words in found if words]


def relation_words(section: Section) -> list[str]:
    """The hidden layer that tasks of pairs share."""
    return ["tasks of pairs share a hidden layer under their heads"] if section.get("relation", "none") == "shared" else []


def update_words(section: Section) -> list[str]:
    """How the tasks' gradients move the weights."""
    chosen = _filled(section, UpdateSettings)
    return [UPDATES.get(chosen["name"], str(chosen["name"])).format(reading=READINGS.get(chosen["reading"], chosen["reading"]))] if section else []


def regularizer_words(section: Section) -> list[str]:
    """What is added to every task's loss."""
    chosen = _filled(section, RegularizerSettings)
    if not chosen["weight"]:
        return []  # never called, whatever its name
    template = REGULARIZERS.get(chosen["name"], f"the regularizer {chosen['name']} is added with weight {{weight:g}}")
    return [template.format(**chosen, plural="" if chosen["steps"] == 1 else "s")]


def teacher_words(section: Section) -> list[str]:
    """The teacher of the Bregman proximal point."""
    chosen = _filled(section, BregmanSettings)
    return [TEACHER.format(**{**chosen, "every": "" if chosen["every"] == 1 else f"{chosen['every']} "}, plural="" if chosen["every"] == 1 else "s")] if chosen["weight"] else []


def head_words(section: Section) -> list[str]:
    """Heads other than linear, task by task."""
    chosen = _filled(section, ModelSettings)
    numbers = {"scale": chosen["cosine_scale"], "output": chosen["cosine_output"], "threshold": chosen["cosine_threshold"], "margin": chosen["cosine_margin"]}
    pairs = [str(each).partition("=")[::2] for each in chosen["heads"]]
    kept = ", which dropout leaves alone" if chosen["keep_cosine"] else ""
    return [f"the head of {task} is {HEADS.get(head, head).format(**numbers)}{kept if head == 'cosine-2d+1' else ''}" for task, head in pairs]


def order_words(section: Section) -> list[str]:
    """In which order the texts of a pair that is read as one are joined."""
    chosen = _filled(section, ModelSettings)
    found = [f"{when} they are {ORDERS[chosen[key]]}" for key, when in (("pair_order", "in training"), ("evaluate_order", "on dev and test")) if chosen[key] in ORDERS]
    return [", ".join(found)] if found else []


def pooling_words(section: Section) -> list[str]:
    """What stands for a sentence, where that is not the pooler."""
    return [words] if (words := POOLINGS.get(str(section.get("pooling", "pooler")), str(section.get("pooling")))) else []


def times_words(section: Section) -> list[str]:
    """A multiple of the sampler's own number of steps."""
    chosen = _filled(section, SamplerSettings)
    fixed = f"an epoch has {chosen['iterations']} steps" if chosen["iterations"] else ""
    return [f"an epoch has {chosen['times']} times as many steps, so small sets begin again"] if chosen["times"] != 1 else [fixed] * bool(fixed)


def _filled(section: Section, kind: type) -> dict[str, Any]:
    return {**{field.name: field.default for field in dataclasses.fields(kind)}, **section}
