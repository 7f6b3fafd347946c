"""`minbert export RUN FOLDER`: a trained encoder as a folder that `transformers` opens, and that can be the weights of another run."""

from __future__ import annotations

from pathlib import Path

from minbert.errors import UserError, nearest
from tasks.commands.options import make_parser, parse
from tasks.commands.run_options import CHOICES
from tasks.export import PARTS, export
from tasks.recipe_words import tip, written

DESCRIPTION = """\
Write the encoder of a trained model as a folder with the released names: config.json, model.safetensors and the tokenizer's files.
transformers.AutoModel.from_pretrained opens it, and minbert train --weights FOLDER goes on from it. Heads are not part of it."""
EXAMPLES = """\
examples:
  minbert export runs/baseline my-bert
  minbert export runs/cerbertus-2 my-sst-bert --task sst         where each task has layers of its own
  minbert export runs/multi+triple shared --part companion       the encoder that stands beside the tasks' own"""


def main(argv: list[str]) -> int:
    """Run `minbert export` with these arguments; returns the exit status. `UserError` for every mistake in them."""
    parser = make_parser("export", "RUN FOLDER", DESCRIPTION, EXAMPLES)
    parser.add_argument("run", metavar="RUN", help="the folder of a run, such as runs/baseline")
    parser.add_argument("folder", metavar="FOLDER", help="where to write the encoder: a new or an empty folder")
    parser.add_argument("--task", metavar="NAME", help="whose encoder, where each task has one")
    parser.add_argument("--part", default="own", metavar="WHICH", help="own or companion, where two encoders stand side by side (default: own)")
    parser.add_argument("--checkpoint", default="best", metavar="WHICH", help="best or last (default: best)")
    options = parse(parser, argv)
    for name, choices in {"part": PARTS, "checkpoint": CHOICES["checkpoint"]}.items():
        if getattr(options, name) not in choices:
            value = getattr(options, name)
            raise UserError(tip(f"--{name} is {written(value)}, but must be {' or '.join(choices)}", nearest(value, choices), f"try {choices[0]}"))
    from tasks.load_run import load_run  # torch comes with it

    print(export(load_run(Path(options.run), options.checkpoint, "cpu"), Path(options.folder), options.task, options.part))
    return 0
