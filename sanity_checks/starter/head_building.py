"""Build a student's classifier around the fake BERT, and fill its own weights."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import torch
from torch import nn

from sanity_checks.fingerprint import numbers
from sanity_checks.starter.course import Desk
from sanity_checks.starter.fake_bert import FakeBert


@dataclass(frozen=True)
class Head:
    """file and method that predict; classes: the names that courses gave the class; sentences: 1 or 2; scores: numbers for each example."""

    file: str
    method: str
    classes: tuple[str, ...]
    sentences: int
    scores: int


HEADS = {
    "classifier": Head("classifier", "forward", ("BertSentimentClassifier", "BertSentClassifier"), 1, 5),
    "sentiment": Head("multitask_classifier", "predict_sentiment", ("MultitaskBERT",), 1, 5),
    "paraphrase": Head("multitask_classifier", "predict_paraphrase", ("MultitaskBERT",), 2, 1),
    "similarity": Head("multitask_classifier", "predict_similarity", ("MultitaskBERT",), 2, 1),
}


@contextmanager
def faked(desk: Desk) -> Iterator[None]:
    """Inside, the checkout's files find the fake BERT under the name BertModel."""
    with ExitStack() as patches:
        for module in filter(None, [*desk.checkout.modules.values(), sys.modules.get("bert")]):
            if hasattr(module, "BertModel"):
                patches.enter_context(mock.patch.object(module, "BertModel", FakeBert))
        yield


class Settings:
    """What a head is configured with: the names that the courses' scripts set, and those that this checkout's own scripts set (None).

    AttributeError for any other name, as in training.
    """

    def __init__(self, own: set[str], full: bool) -> None:
        known = {"hidden_dropout_prob": 0.3, "num_labels": 5, "hidden_size": 768, "data_dir": ".", "fine_tune_mode": "full-model" if full else "last-linear-layer",
                 "option": "finetune" if full else "pretrain"}  # fmt: skip
        vars(self).update({**{name: None for name in own}, **known})

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the configuration has no {name!r}; the scripts of this folder set {', '.join(sorted(vars(self)))}")


def built(name: str, desk: Desk, full: bool = True) -> Any:
    """The student's model in eval mode with its own weights filled; None when there is no such class. full: fine-tune all, or the last layer."""
    head = HEADS[name]
    found = [desk.offers(head.file, each) for each in head.classes]
    theirs = next((each for each in found if each is not None), None) or _by_method(desk, head)
    if theirs is None:
        return None
    model = theirs(Settings(_set_by_scripts(desk, head.file), full)).eval()
    fill(model, 1)
    return model


def _by_method(desk: Desk, head: Head) -> Any:
    """A class of the file that was renamed: the first module with the method that is asked for, and a BERT inside."""
    module = desk.checkout.modules.get(head.file)
    for each in vars(module).values() if module else ():
        is_theirs = isinstance(each, type) and issubclass(each, nn.Module) and each.__module__ == head.file and head.method in vars(each)
        if is_theirs and (head.method != "forward" or "bert" in inspect.getsource(each).lower()):
            return each
    return None


def _set_by_scripts(desk: Desk, file: str) -> set[str]:
    """Every text that is a key of a dictionary in the file, or the name of a command-line option: what a configuration may hold."""
    nodes = desk.nodes(file)
    keys = {key.value for node in nodes if isinstance(node, ast.Dict) for key in node.keys if isinstance(key, ast.Constant)}
    calls = (node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add_argument")
    options = {str(each.value).lstrip("-").replace("-", "_") for call in calls for each in call.args if isinstance(each, ast.Constant)}
    return {key for key in keys | options if isinstance(key, str)}


def fill(model: nn.Module, seed: int) -> bool:
    """Give the head's own parameters large fixed numbers, so that scores spread; the encoder's stay. Returns True."""
    with torch.no_grad():
        for place, (name, parameter) in enumerate(model.named_parameters()):
            if not is_encoder(model, name) and parameter.is_floating_point():
                drawn = numbers(*parameter.shape, seed=500 * seed + place).to(parameter.dtype)
                parameter.copy_(0.3 * drawn if parameter.dim() > 1 or name.endswith("bias") else 1 + 0.3 * drawn)
    return True


def is_encoder(model: nn.Module, name: str) -> bool:
    """Whether the parameter or part called `name` lies in the fake BERT."""
    owner: Any = model
    for part in name.split("."):
        if isinstance(owner, FakeBert):
            return True
        owner = getattr(owner, part) if part else owner
    return False
