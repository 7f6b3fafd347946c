"""`minbert predict RUN`: write a trained model's answers in the course's file format, each file read back and checked before it counts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from minbert.errors import UserError
from tasks.commands.course_options import add_course_options, copy_predictions, outputs
from tasks.commands.options import parse
from tasks.commands.run_options import load, run_parser, task_of

if TYPE_CHECKING:
    from tasks.data import Split
    from tasks.load_run import LoadedRun
    from tasks.registry import Task

DESCRIPTION = """\
Write the answers of a trained model as files: the course's names and format, one file per task, or the answers for a file of your own.
Each file is read back and compared with the ids it should have."""
EXAMPLES = """\
examples:
  minbert predict runs/baseline --split test
  minbert predict runs/baseline --split dev --out predictions
  minbert predict runs/sst --input reviews.csv --task sst     a tab-separated file with the columns id and sentence"""


def main(argv: list[str]) -> int:
    """Run `minbert predict` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    parser = run_parser("predict", DESCRIPTION, EXAMPLES, ("test", "dev"), "test")
    parser.add_argument("--out", metavar="DIR", help="folder for the files (default: predictions/ in the run folder)")
    parser.add_argument("--input", metavar="FILE", help="predict for this file instead of a split; labels in it are not looked at")
    parser.add_argument("--task", metavar="NAME", help="which task the --input file is for (default: the run's only one), or the one task to predict")
    add_course_options(parser, outputs_only=True)
    options = parse(parser, argv)
    run = load(options)
    folder = Path(options.out) if options.out else run.folder.predictions
    wanted = outputs(options, tuple(run.tasks))
    _expect_written(options, wanted, run)
    rows = _rows(options, run)
    for name, (split, target) in rows.items():
        print(write_answers(run, run.tasks[name], split, folder / target))
    print(*copy_predictions(wanted, run.recipe, folder), sep="\n", end="\n" if wanted else "")
    return 0


def write_answers(run: LoadedRun, task: Task, split: Split, path: Path) -> str:
    """Predict every row of `split`, write `path`, check it, and return the sentence that says so."""
    from tasks.predictions import preflight, write_predictions

    evaluation = run.evaluate(task, run.encode(task, split))
    write_predictions(path, task, evaluation.ids, evaluation.predictions.tolist())
    return f"{path}: {preflight(path, task, evaluation.ids).describe().partition(': ')[2]}"


def _rows(options: argparse.Namespace, run: LoadedRun) -> dict[str, tuple[Split, str]]:
    """Task name -> its rows and the name of its prediction file; everything is read before anything is written."""
    from tasks.predictions import prediction_path

    if options.input is not None:
        task = task_of(run, options.task or _only_task(run))
        return {task.name: (run.read(task, "test", Path(options.input)), f"{task.prediction_name}-{Path(options.input).stem}-output.csv")}
    tasks = [task_of(run, options.task)] if options.task else list(run.tasks.values())
    return {task.name: (run.read(task, options.split), prediction_path(".", task, options.split).name) for task in tasks}


def _only_task(run: LoadedRun) -> str:
    if len(run.tasks) != 1:
        raise UserError(f"--input needs --task NAME, because the run {run.folder.path} was trained on several: {', '.join(run.tasks)}.")
    return next(iter(run.tasks))


def _expect_written(options: argparse.Namespace, wanted: dict[tuple[str, str], Path], run: LoadedRun) -> None:
    for (task, split), path in wanted.items():
        if options.input is not None or split != options.split or options.task not in (None, task):
            raise UserError(f"the {split} predictions of {task} are asked for in {path}, but this command makes others; "
                            f"say --split {split} without --input, or leave the option out.")
