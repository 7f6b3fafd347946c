"""`python docs/make_student_journey.py` writes docs/student_journey.md: a student's way, played again with real commands.

Takes minutes, for a model is trained at the end. `--check` plays the story without training and writes nothing: it fails where a check
says something else than the story tells.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from journey.encoder_chapters import ENCODER
from journey.page import console, counted, told
from journey.play import Played, play
from journey.training_chapters import TRAINING
from journey.workplace import workplace

PAGE = Path(__file__).parent / "student_journey.md"
HEAD = """\
# From an empty skeleton to a trained baseline

One student, one edition, {mistakes} mistakes. Every command on this page was really run, every verdict is what was printed, and the mistakes are those that real students make. (This page
shows solutions. If you are about to write the components yourself, read [how to work](student.md) first and come back later.)

The page is made by `python docs/make_student_journey.py`. Paths and timings are made neutral; nothing else is edited."""
AFTER = """\
## Everything at once

One last look at all of it. What did not change since the last run takes one line."""
TRAIN = "python -m minbert train --epochs 2"
TRAINED = """\
## Training

Now the door is open. Two passes are enough to see that it learns."""
END = """\
The student's own code has trained a BERT on three tasks: better than a constant answer in all of them. [Your first run](first_run.md) tells what is in the run folder, and `python -m minbert
solution COMPONENT` shows how the library does what the student did.

## What went wrong on the way"""
TABLE = "| component | what was wrong | how it was told first | real submissions with it |\n| --- | --- | --- | ---: |"


def journey(train: str = TRAIN) -> tuple[list[Played], list[str]]:
    """Play everything; what was played, and the page's parts. train: the last command, "" for none."""
    with workplace() as place:
        start = place.run("python -m minbert start my-bert", inside=False)
        empty = [place.run("python -m minbert.sanity"), place.run("python -m minbert train")]
        played = list(play(place, (*ENCODER, *TRAINING)))
        end = [place.run("python -m minbert.sanity")]
        trained = [place.run(train)] if train else []
    rows = counted(played)
    first = [HEAD.format(mistakes=len(rows)), "## The edition", console([start]), "In the new folder nothing is written yet, and training is not possible:", console(empty)]
    last = [AFTER, console(end), TRAINED, console(trained), END, "\n".join([TABLE, *rows])]
    return played, [*first, told(played), *last]


def main(argv: Sequence[str]) -> int:
    """Write the page, or with --check only play the story."""
    if list(argv) == ["--check"]:
        played, _ = journey(train="")
        print(f"{len(played)} steps, all as told")
        return 0
    PAGE.write_text("\n\n".join(journey()[1]) + "\n", encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
