"""Broken recipes and command lines by the thousand: each is understood, or refused with one sentence; nothing else may come out.

    python tests/fuzz/recipes.py --cases 20000

A case is a TOML file (right ones with letters changed, keys moved, values swapped; and plain noise), a list of --set changes, or a whole command line
of `minbert train`, `evaluate` or `predict` up to the point where files would be read. Each is made from its own number: `--only NUMBER` repeats one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from minbert.errors import UserError
from tasks.commands import evaluate, predict
from tasks.commands.choose_recipe import choose_recipe
from tasks.commands.course_options import outputs
from tasks.commands.options import parse
from tasks.commands.train_options import INSTEAD, train_parser
from tasks.recipe import built_in_recipes, load_recipe, to_toml
from tasks.recipe_reading import KEYS
from tasks.recipe_writing import toml_value

VALUES = ["1", "0", "-1", "1e-5", "2e-5", "1e400", "nan", "-inf", "true", "True", '"x"', "x", "''", "[]", "[1]", '["sst"]', "[sst, quora]", "sst,sts", "{a = 1}",
          "1979-05-27", "9" * 30, "9" * 5000, "1\nseed = 2", "\udc80", "\x00", "caf\u00e9", "lock-step", "shuffled", "cross", "summed", "512", "=", "", "[" * 50,
          "0x1F", "1_000", '"""', "\\", "'", "#", "a b", "fp16", "cpu", "last-linear-layer", "head+tail", "practice_sentiment", "%s", "{}", "bert-base-uncased"]
KEY_LIKE = [*KEYS, "lr", "optimiser.lr", "task.sst.train", "task.mine", "task.mine.columns", "task..x", "task", ".", "tasks.mine", "optimizer.", "seed.x", "\x1b[31m"]
NOISE = "[]{}=\"'.,#\n\t\\ aelrst019-_+\x00\x7f\u00e9\U0001f600"
OPTIONS = ["--data", "--weights", "--tasks", "--set", "--show", "--device", "--use_gpu", "--epochs", "--lr", "--batch_size", "--batch-size", "--seed", "--option",
           "--hidden_dropout_prob", "--fine-tune-mode", "--sst_train", "--para-dev", "--sts_dev_out", "--train", "--dev_out", "--filepath", "--clip", "--zz", "-x", "--",
           "--split", "--checkpoint", "--task", "--input", "--out", "--run-folder", "--data=", "--lr=3", "--set=optimizer.lr=2"]
WORDS = [*VALUES, *built_in_recipes(), "no.toml", ".", "runs/x", "pretrain", "finetune", "optimizer.lr=2e-5", "tasks=[sst]", "dev", "test", "best", "last", "auto"]
ORIGINALS = [path.read_text(encoding="utf-8") for path in built_in_recipes().values()] + [to_toml(load_recipe("practice"))]


def toml_case(rng: random.Random, folder: Path) -> object:
    """Load a recipe file that was right once, with lines changed, or noise."""
    lines = rng.choice(ORIGINALS).splitlines() if rng.random() < 0.9 else ["".join(rng.choices(NOISE, k=rng.randrange(60)))]
    for _ in range(rng.randrange(4)):
        change = rng.choice([change_value, change_letter, move_line, add_line])
        change(rng, lines)
    (folder / "r.toml").write_bytes("\n".join(lines).encode("utf-8", "surrogateescape" if rng.random() < 0.5 else "replace"))
    recipe = load_recipe(folder / "r.toml")
    (folder / "again.toml").write_text(to_toml(recipe), encoding="utf-8")
    assert load_recipe(folder / "again.toml") == recipe, "written and read again it differs"
    return recipe


def change_value(rng: random.Random, lines: list[str]) -> None:
    """Put another value behind some key."""
    place = rng.randrange(len(lines))
    lines[place] = lines[place].partition("=")[0] + "= " + rng.choice(VALUES)


def change_letter(rng: random.Random, lines: list[str]) -> None:
    """Replace or insert one letter somewhere."""
    place = rng.randrange(len(lines))
    at = rng.randrange(len(lines[place]) + 1)
    lines[place] = lines[place][:at] + rng.choice(NOISE) + lines[place][at + rng.randrange(2) :]


def move_line(rng: random.Random, lines: list[str]) -> None:
    """Move a line to another place, often into the wrong section."""
    lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))


def add_line(rng: random.Random, lines: list[str]) -> None:
    """Add a section or a key that may not be there."""
    lines.insert(rng.randrange(len(lines) + 1), rng.choice([f"[{rng.choice(KEY_LIKE)}]", f"{rng.choice(KEY_LIKE)} = {rng.choice(VALUES)}"]))


def set_case(rng: random.Random, folder: Path) -> object:
    """Load a built-in recipe with a few --set changes."""
    changes = [right_change(rng) if rng.random() < 0.6 else wrong_change(rng) for _ in range(rng.randrange(1, 4))]
    recipe = load_recipe(rng.choice(list(built_in_recipes())), changes)
    (folder / "again.toml").write_text(to_toml(recipe), encoding="utf-8")
    assert load_recipe(folder / "again.toml") == recipe, "written and read again it differs"
    return recipe


def right_change(rng: random.Random) -> str:
    """A known key with its own default or one of its choices."""
    key = rng.choice(list(KEYS))
    return f"{key}={toml_value(rng.choice([KEYS[key].default, *(KEYS[key].metadata['rule'].choices if isinstance(KEYS[key].default, str) else [])]))}"


def wrong_change(rng: random.Random) -> str:
    """Anything that somebody might type after --set."""
    return f"{rng.choice(KEY_LIKE)}{rng.choice(['=', '=', '=', ' = ', ''])}{rng.choice(VALUES)}"


def line_case(rng: random.Random, folder: Path) -> object:
    """Read a command line, as far as its words go."""
    argv = [rng.choice(OPTIONS if rng.random() < 0.6 else WORDS) for _ in range(rng.randrange(1, 7))]
    if rng.random() < 0.7:
        options = parse(train_parser(), argv, INSTEAD)
        recipe, _ = choose_recipe(options, {"MINBERT_DATA": str(folder) if rng.random() < 0.5 else ""})
        outputs(options, recipe.tasks)
        return recipe
    return rng.choice([evaluate, predict]).main([str(folder / "no-run"), *argv])


CASES: dict[str, Callable[[random.Random, Path], object]] = {"toml file": toml_case, "--set": set_case, "command line": line_case}


def one_case(number: int, folder: Path) -> str:
    """Run case `number`; returns what kind it was and how it ended. Anything but a result or one sentence is an AssertionError."""
    rng = random.Random(number)
    kind = rng.choice(list(CASES))
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            CASES[kind](rng, folder)
    except UserError as error:
        sentence = str(error)
        assert sentence.isprintable() and sentence.isascii(), f"case {number}: not one line of plain text: {sentence!a}"
        assert re.search(r"[^.?][.?]$", sentence), f"case {number}: not one sentence: {sentence}"
        assert len(sentence) < 900, f"case {number}: too long to read: {sentence}"
        return f"{kind}: refused with one sentence"
    except SystemExit as left:
        assert left.code == 0, f"case {number}: left with {left.code}"  # --help
    except Exception as error:
        raise AssertionError(f"case {number}: {type(error).__name__}: {error!a}") from error
    return f"{kind}: understood"


def main() -> int:
    """Run the cases, print how they ended; status 1 when one ended in no documented way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--only", type=int, help="run this one case")
    options = parser.parse_args()
    numbers = range(options.cases) if options.only is None else [options.only]
    counts, failures = Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            try:
                counts[one_case(number, Path(folder))] += 1
            except AssertionError as failure:
                failures.append(str(failure))
    for ending, count in sorted(counts.items()):
        print(f"{count:>7,}  {ending}")
    print(f"{len(failures):>7,}  ended in any other way")
    print(*failures[:20], sep="\n")
    return int(bool(failures))


if __name__ == "__main__":
    raise SystemExit(main())
