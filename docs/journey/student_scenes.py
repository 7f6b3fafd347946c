"""What docs/student.md shows: one edition, in which one thing after the other is wrong."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from journey import adamw_chapter, attention_chapter
from journey.page import console
from journey.workplace import LIBRARY, Workplace

Scene = Callable[[Workplace], str]
SANITY = "python -m minbert.sanity"
FIXTURES = LIBRARY / "tests" / "sanity_checks" / "starter_fixtures"


def shows(prepare: Callable[[Workplace], object], *commands: str) -> Scene:
    """A scene that prepares something and then runs commands."""

    def scene(place: Workplace) -> str:
        prepare(place)
        return console([place.run(command) for command in commands])

    return scene


def nothing(place: Workplace) -> None:
    """Leave everything as it is."""


def start(place: Workplace) -> str:
    """The edition is written."""
    return console([place.run("python -m minbert start my-bert", inside=False)])


def either(place: Workplace) -> None:
    """AdamW with its return in the loop and one step count for all: with one parameter moving, two ways to count cannot be told apart."""
    place.finish("adamw")
    place.write("adamw", "AdamW.step", adamw_chapter.STEP)


def partly(place: Workplace) -> None:
    """Attention without dropout that also averages its weights over the heads."""
    place.mistake("attention", "dropout-missing")
    place.change("minbert/attention.py", "return probabilities @ value, probabilities  #", "return probabilities @ value, probabilities.mean(dim=1)  #")


def unknown(place: Workplace) -> None:
    """Attention with three mistakes, those of the student's journey."""
    for name, code in (("formula_attention", attention_chapter.FORMULA), ("MultiHeadAttention.merge_heads", attention_chapter.MERGE)):
        place.write("attention", name, code)
    place.write("attention", "attention_bias", "return ((1.0 - attention_mask.to(dtype)) * -10000.0)[:, None, None, :]")


def bracket(place: Workplace) -> None:
    """A bracket that is never closed."""
    place.write("pairs", "combine", "return torch.cat([u, v], dim=-1")


def printing(place: Workplace) -> None:
    """A print that was left in, and a call that torch does not know."""
    place.finish("metrics")
    place.write("metrics", "accuracy", 'predicted, true = _columns(predictions, labels)\nprint("hello", predicted.shape)\nreturn (predicted == true).mean(axis=0).item()')


def watch(place: Workplace) -> str:
    """`--watch` while a file is mended, and Ctrl-C."""
    place.mistake("pooling", "mean-over-padding")
    printed = place.home / "watched"
    with printed.open("w", encoding="utf-8") as file:
        run = subprocess.Popen([sys.executable, "-m", "minbert.sanity", "pooling", "--watch"], cwd=place.edition, env=place.environment(), stdout=file, stderr=file,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))  # noqa: PLW1509 (one thread; and a shell makes background jobs ignore Ctrl-C)
    _wait(lambda: "Watching" in printed.read_text(encoding="utf-8"))
    place.finish("pooling")
    _wait(lambda: "correct" in printed.read_text(encoding="utf-8"))
    time.sleep(1)
    run.send_signal(signal.SIGINT)
    run.wait(60)
    return f"```console\n$ {SANITY} pooling --watch\n{place.neutral(printed.read_text(encoding='utf-8'))}\n```"


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not until():
        if time.monotonic() > end:
            raise ValueError("the watch said nothing for two minutes")
        time.sleep(0.2)


def starter(place: Workplace) -> str:
    """A made-up CS224N checkout: attention without its dropout, STS labels cut to whole numbers."""
    for layer in ("base", "helpers"):
        shutil.copytree(FIXTURES / layer, place.home / "minbert-default-final-project", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    bert = place.home / "minbert-default-final-project" / "bert.py"
    bert.write_text(bert.read_text(encoding="utf-8").replace("    probs = self.dropout(probs)\n", ""), encoding="utf-8")
    done = place.run(f"{SANITY} --starter minbert-default-final-project", inside=False)
    shutil.rmtree(place.home / "minbert-default-final-project")
    return console([done])


STUDENT: dict[str, Scene] = {
    "start": start,
    "not-started": shows(lambda place: place.write("attention", "attention_bias", "return None"), f"{SANITY} attention"),
    "correct": shows(lambda place: place.finish("add_norm"), f"{SANITY} add_norm"),
    "named": shows(lambda place: place.mistake("losses", "squared-labels-cut"), f"{SANITY} losses"),
    "train": shows(lambda place: place.mistake("attention", "dropout-missing"), f"{SANITY} attention"),
    "hint": shows(lambda place: place.mistake("attention", "dropout-missing"), f"{SANITY} attention --hint", f"{SANITY} attention --hint"),
    "two": shows(lambda place: (place.mistake("attention", "dropout-missing"), place.write("attention", "MultiHeadAttention.merge_heads", attention_chapter.MERGE)), f"{SANITY} attention"),
    "either": shows(either, f"{SANITY} adamw"),
    "partly": shows(partly, f"{SANITY} attention"),
    "unknown": shows(unknown, f"{SANITY} attention"),
    "bracket": shows(bracket, f"{SANITY} pairs"),
    "printing": shows(printing, f"{SANITY} metrics --show-prints"),
    "not-checked": shows(nothing, f"{SANITY} weights"),
    "again": shows(nothing, f"{SANITY} add_norm attention", SANITY),
    "json": shows(nothing, f"{SANITY} losses --json"),
    "watch": watch,
    "component": shows(nothing, "python -m minbert start --component losses"),
    "solution": shows(nothing, "python -m minbert solution attention", "python -m minbert solution add_norm"),
    "starter": starter,
}
