"""The texts that a stage learns from: training texts of tasks and lines of files; never a text of dev or test.

    texts = texts_of_stage(recipe.mlm, "mlm", ground)        rows, and sentences that say where they came from
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from minbert.errors import UserError, nearest
from minbert.tokenizer import Tokenizer
from tasks.data import Split, read_split
from tasks.encoding import EncodedSplit
from tasks.masking import special_ids
from tasks.processes import ALONE, World, silent
from tasks.recipe_settings import Recipe
from tasks.recipe_stages import MlmSettings, SimcseSettings
from tasks.recipe_tasks import known_tasks
from tasks.registry import PRACTICE_FOLDER, Task
from tasks.seeds import named_generator
from tasks.splits import choose_rows
from tasks.stages_files import Row, divide, read_lines_of_text, read_triples, same_text, triples_path, without


@dataclass(frozen=True)
class Ground:
    """What all stages of a run stand on."""

    recipe: Recipe
    tasks: Mapping[str, Task]
    train: Mapping[str, Split]  # task name -> training rows; no other split is here
    dev: Mapping[str, Split]  # looked at to see how a stage goes, never learned from
    tokenizer: Tokenizer
    device: torch.device
    say: Callable[[str], object]
    world: World = ALONE  # this process among those that train together

    @property
    def folder(self) -> Path:
        """Where the data files lie."""
        return Path(self.recipe.data.folder) if self.recipe.data.folder else PRACTICE_FOLDER


def texts_of_stage(settings: SimcseSettings | MlmSettings, name: str, ground: Ground) -> list[Row]:
    """The rows that the stage `name` learns from, in the order of its sources; each source is said with its count."""
    triples = getattr(settings, "triples", "")
    if triples:
        return _of_file(triples_path(triples, Path(ground.recipe.data.folder)), name, ground, read_triples)
    sources = [each for source in settings.texts for each in (ground.tasks if source == "tasks" else [source])]
    known = known_tasks(ground.recipe)
    rows: list[Row] = []
    for source in dict.fromkeys(sources):
        rows += _of_task(known[source], name, ground) if source in known else _of_file(_file(source, name, ground, known), name, ground, read_lines_of_text)
    return rows


def _of_task(task: Task, name: str, ground: Ground) -> list[Row]:
    rows = ground.train.get(task.name)
    if rows is None:  # a task that the run does not train: the same rows as if it did
        recipe = ground.recipe
        rows = choose_rows(read_split(ground.folder, task, "train"), recipe.data, named_generator(recipe.seed, f"rows.{task.name}"))
    texts = [(text,) for example in rows.examples for text in example.texts]  # both sides of a pair, each a text of its own
    ground.say(f"{name}: {len(texts):,} text{'' if len(texts) == 1 else 's'} from the training rows of {task.name}.")
    return texts


def _of_file(path: Path, name: str, ground: Ground, read: Callable[[Path], list[Row]]) -> list[Row]:
    found = read(path)
    kept = without(found, unseen_texts(ground))
    left = f"; {len(found) - len(kept):,} more are left out, because dev or test of this run hold them" if len(kept) < len(found) else ""
    kind = "triple" if read is read_triples else "text"
    ground.say(f"{name}: {len(kept):,} {kind}{'' if len(kept) == 1 else 's'} from {path.name}{left}.")
    return kept


def _file(source: str, name: str, ground: Ground, known: Mapping[str, Task]) -> Path:
    path = Path(ground.recipe.data.folder) / source  # as files of tasks: below the data folder, or a full path
    if not path.is_file():
        meant = nearest(source, ["tasks", *known])
        hint = f"did you mean {meant}?" if meant else "give the full path of a text file, or the name of a task."
        raise UserError(f'{name}.texts names "{source}", which is no task and no file ({path} is not there); {hint}')
    return path


def unseen_texts(ground: Ground) -> set[str]:
    """Every text of dev and test of the run's tasks, whole files whatever the recipe's limits, as `same_text` gives them."""
    splits = [read_split(ground.folder, task, split, split_has_labels=False) for task in ground.tasks.values() for split in ("dev", "test")
              if split in task.files and (ground.folder / task.files[split]).exists()]
    return {same_text(text) for split in splits for example in split.examples for text in example.texts}


def encode_texts(rows: Sequence[Row], name: str, tokenizer: Tokenizer, max_length: int) -> tuple[EncodedSplit, list[Row]]:
    """Token ids of the rows, each text a sequence of its own, and the rows themselves without those that hold a text of no known word.

    UserError when fewer than two are left.
    """
    pieces, special, width = tokenizer.pieces([text for row in rows for text in row]), set(special_ids(tokenizer)), len(rows[0]) if rows else 1
    grouped = [pieces[start : start + width] for start in range(0, len(pieces), width)]
    # Of a text of [UNK] alone there is nothing to learn.
    kept = [place for place, row in enumerate(grouped) if all(set(text) - special for text in row)]
    expect_two(len(kept), name, "text" if width == 1 else "triple")
    sequences = tuple(tuple(tokenizer.assemble(text, max_length=max_length)[0] for text in grouped[place]) for place in kept)
    lengths = tuple(max(map(len, row)) for row in sequences)
    encoded = EncodedSplit(
        task=name, sequences=sequences, token_types=tuple(tuple([0] * len(text) for text in row) for row in sequences), labels=None,
        ids=tuple(map(str, kept)), lengths=lengths, truncated=sum(any(len(text) > max_length - 2 for text in grouped[place]) for place in kept), pad_id=tokenizer.pad_id,
    )
    return encoded, [rows[place] for place in kept]


def held_out_generator(recipe: Recipe) -> torch.Generator:
    """What draws the texts that masked words are only looked at in."""
    return named_generator(recipe.seed, "stage.mlm.held out")


def expect_texts(ground: Ground) -> None:
    """Read, say nothing and forget: what any stage of the recipe could not learn from is told before the first of them begins.

    Two stages may lie hours apart, and the second should not only then find its file empty.
    """
    quiet = replace(ground, say=silent)
    for name in ground.recipe.stages.run:
        rows = texts_of_stage(getattr(ground.recipe, name), name, quiet)
        expect_two(len(rows), name, "triple" if getattr(getattr(ground.recipe, name), "triples", "") else "text")
        if name == "mlm":
            divide(rows, ground.recipe.mlm.held_out, held_out_generator(ground.recipe))


def expect_two(count: int, name: str, kind: str = "text") -> None:
    """Raise `UserError` where the stage `name` would have fewer than two texts, or triples."""
    if count < 2:
        raise UserError(f"{name}: there {f'is 1 {kind}' if count == 1 else f'are no {kind}s'} to learn from, expected two or more; name others in {name}.{kind}s.")
