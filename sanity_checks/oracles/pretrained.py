"""Released weights, where they are on this machine: their published outputs and token ids. Nothing is ever fetched.

Letters: B batch, T tokens, C width.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from minbert.bert import Bert
from minbert.known_weights import KNOWN
from minbert.sources import present
from minbert.tokenizer import Tokenizer
from sanity_checks.judge import CheckFailed, Skipped, expect
from sanity_checks.reference import FOLDER

ATOL, RTOL = 1e-5, 1e-3  # what the course itself asks for in float32


def figures(name: str) -> dict[str, Any]:
    """The short list of published numbers of a release: texts, ids, masks, three tokens x six numbers, two pooled vectors x three."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def local(name: str, role: str) -> Path:
    """The folder on this machine with the verified files of one role, "weights" or "vocabulary"; `Skipped` when there is none."""
    known = KNOWN[name]
    folder = present(known, [file for file in known.files if file.role == role])
    if folder is None:
        raise Skipped(f"{name} is not on this machine (`minbert weights fetch {name}` gets it)")
    return folder


def compare(name: str) -> float:
    """The largest difference between a release's outputs here and its published figures."""
    local(name, "weights")
    listed = figures(name)
    with torch.no_grad():
        output = Bert.from_pretrained(name)(torch.tensor(listed["input_ids"]), torch.tensor(listed["attention_mask"]))
    worst = 0.0
    for each in listed["tokens"]:
        what, got = f"token {each['position']} of {listed['texts'][each['row']]!r}", output.last_hidden_state[each["row"], each["position"]]
        worst = max(worst, _near(what, got, each["first_numbers"]))
    for each in listed["pooled"]:
        worst = max(worst, _near(f"pooler_output of {listed['texts'][each['row']]!r}", output.pooler_output[each["row"]], each["first_numbers"]))
    return worst


def _near(what: str, got: torch.Tensor, published: list[float]) -> float:
    expected, got = torch.tensor(published), got[: len(published)]
    if not torch.allclose(got, expected, rtol=RTOL, atol=ATOL):
        found, wanted = ([round(number, 5) for number in numbers.tolist()] for numbers in (got, expected))
        raise CheckFailed(f"{what} starts with {found}, published are {wanted}")
    return float((got - expected).abs().max())


def bert_base_gives_its_published_outputs() -> float:
    """BERT-base uncased gives the outputs that the course published."""
    return compare("bert-base-uncased")


def minilm_gives_its_reference_outputs() -> float:
    """The released minilm gives the outputs that transformers computed."""
    return compare("minilm")


def hello_world_has_its_published_ids() -> None:
    """With the real vocabulary, "hello world" is 101 7592 2088 102."""
    names = [name for name in KNOWN if _has_vocabulary(name)]
    if not names:
        raise Skipped("no real vocabulary is on this machine")
    for name in names:
        listed = figures(name)
        ids = Tokenizer.from_pretrained(name)(listed["texts"]).input_ids.tolist()
        expect(ids == listed["input_ids"], f"{listed['texts']} became {ids}, published is {listed['input_ids']}")


def _has_vocabulary(name: str) -> bool:
    try:
        return bool(local(name, "vocabulary"))
    except Skipped:
        return False


PROBES = (bert_base_gives_its_published_outputs, minilm_gives_its_reference_outputs, hello_world_has_its_published_ids)
