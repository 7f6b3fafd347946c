"""Label maps: what the labels of somebody else's file mean for a task of ours.

    named      snli-paraphrase     entailment -> 1, neutral and contradiction -> 0, "-" left out
               cfimdb-sentiment    0 -> 0, 1 -> 4
               sick                relatedness 1 to 5 -> 0 to 5, in a line
               all-paraphrases     every row -> 1

"My PAL BERT" adds SNLI to paraphrases and CFIMDB to sentiment, and says of the maps nothing; these are our readings.  Both bend the question:
entailment goes one way only ("a dog runs" follows from "two dogs run in the snow" and does not mean the same), and CFIMDB knows no classes 1
to 3, so whatever learns from it learns never to answer them.  There the scores fell, SST from .516 to .446.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# name -> what it fills in of an [extra.NAME] table; whatever the table says itself wins
NAMED_MAPS: Mapping[str, Mapping[str, Any]] = {
    "snli-paraphrase": {"columns": ("premise", "hypothesis"), "label": "label", "map": {"entailment": 1, "neutral": 0, "contradiction": 0}, "drop": ("-",)},
    "cfimdb-sentiment": {"columns": ("sentence",), "label": "sentiment", "map": {"0": 0, "1": 4}},
    "sick": {"columns": ("sentence1", "sentence2"), "label": "relatedness", "range": (1.0, 5.0)},
    "all-paraphrases": {"columns": ("sentence1", "sentence2"), "every": 1},
}
