"""The command line: `minbert COMMAND ...`, the same as `python -m minbert COMMAND ...`.

This file only finds the command; each command is a module with `main(argv) -> exit status`, imported when it is asked for, so that
`minbert --help` answers before torch is loaded. A mistake of the user is one sentence and status 2; MINBERT_DEBUG=1 adds the traceback.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence

import minbert
from minbert.errors import UserError, nearest

# command -> (module, one line of help). The one table that looks up, to rooms that minbert itself does not know.
COMMANDS = {
    "train": ("tasks.commands.train", "train a recipe and leave scores, predictions, pictures and a report in a run folder"),
    "pretrain": ("tasks.commands.pretrain", "let an encoder read bare texts before any task: masked words, SimCSE"),
    "recipes": ("tasks.commands.recipes", "list the built-in recipes, or print the whole of one"),
    "compare": ("tasks.commands.compare", "train recipes over several seeds; a table says what differs beyond noise, and a chart shows it"),
    "evaluate": ("tasks.commands.evaluate", "score a finished run again, on any split that has labels"),
    "exits": ("tasks.commands.exits", "what each exit of a run knows, and where leaving early loses at most so much"),
    "predict": ("tasks.commands.predict", "write prediction files in the course's format, checked before you hand them in"),
    "export": ("tasks.commands.export", "write the encoder of a run as a folder that transformers opens, or that another run starts from"),
    "ensemble": ("tasks.commands.ensemble", "choose which finished runs answer better together, on dev, and write their mean answers"),
    "weights": ("minbert.weights_command", "list, fetch and check pretrained weights"),
    "sanity": ("minbert.sanity", "check every component; where one is wrong, name the mistake; no download"),
    "class-report": ("sanity_checks.class_report", "for teachers: which mistakes how many students have"),
    "start": ("sanity_checks.start_command", "write the student edition: this library with its bodies blanked, for you to write"),
    "solution": ("sanity_checks.solution_command", "in a student edition: how the library does a component that you have got right"),
}
FROM_ANYWHERE = {"start", "solution"}  # these know of editions; all others run with the code of the edition that one stands in
COMPOSING = {"train", "pretrain", "compare"}  # these put components together, which in an edition must be right first
SHARED = {"train", "pretrain"}  # what several processes, started by torchrun, do together
MISUSED = 2  # exit status for a mistake of the user, as argparse has it
INTERRUPTED, BROKEN_PIPE = 128 + 2, 128 + 13  # what a shell reports for SIGINT and SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: sys.argv) and return its exit status: 0, 2 for a user's mistake, 130 after Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a path with an umlaut must not break an ASCII terminal
    try:
        if argv is None:
            go_home(sys.argv[1:])
        status = run_command(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()  # so that a reader who left shows here, not while Python shuts down
        return status
    except UserError as error:
        return tell(error)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # `minbert ... | head`: the reader has what it wanted. Python would complain when it flushes at exit, so give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def run_command(argv: list[str]) -> int:
    """Find the command in `argv` and run it; `UserError` naming the nearest one when there is none of that name."""
    first = argv[0] if argv else "--help"  # no word at all is a question too
    if first in ("-h", "--help", "help"):
        print(help_text())
        return 0
    if first in ("-V", "--version"):
        print(f"minbert {minbert.__version__}")
        return 0
    if first not in COMMANDS:
        kind, meant = ("option" if first.startswith("-") else "command"), nearest(first, [*COMMANDS, "--help", "--version"])
        tip = f"did you mean {meant}?" if meant else f"there are {', '.join(COMMANDS)}."
        raise UserError(f"there is no {kind} {first!a}; {tip}")
    if "RANK" in os.environ and first not in SHARED:
        importlib.import_module("tasks.processes").expect_one_process(first)
    if first in COMPOSING and not {"-h", "--help", "--show"} & set(argv):
        importlib.import_module("sanity_checks.gate").expect_right_components(argv[1:])
    status = importlib.import_module(COMMANDS[first][0]).main(argv[1:])
    return int(status or 0)


def go_home(argv: Sequence[str]) -> None:
    """Inside a student edition, or below one, start again with the edition's own code, whichever minbert the shell found; else return."""
    if not FROM_ANYWHERE & set(argv[:1]) and any(os.path.isfile(os.path.join(folder, "minbert-edition.json")) for folder in _folders_above()):
        importlib.import_module("sanity_checks.edition").go_home("minbert", argv)


def _folders_above() -> list[str]:
    parts = os.getcwd().split(os.sep)
    return [os.sep.join(parts[:length]) or os.sep for length in range(len(parts), 0, -1)]


def tell(error: UserError) -> int:
    """Print the one sentence of a user's mistake on standard error; with MINBERT_DEBUG=1 where it came from as well."""
    if os.environ.get("MINBERT_DEBUG", "") not in ("", "0"):
        import traceback  # here, since no other path needs it

        traceback.print_exception(type(error), error, error.__traceback__)
    print(f"minbert: {error}", file=sys.stderr)
    return MISUSED


def help_text() -> str:
    """What `minbert --help` prints."""
    commands = "\n".join(f"  {name:<12} {help_line}" for name, (_, help_line) in COMMANDS.items())
    return f"""\
usage: minbert COMMAND [options]        (or: python -m minbert COMMAND [options])

BERT written by hand, small enough to read: train it on three tasks, check every part of it.

commands:
{commands}

options:
  --help    show this; minbert COMMAND --help shows the options of a command
  --version show the version

examples:
  minbert train                                            the first run: minutes on a laptop, no GPU
  minbert train --data DIR --weights bert-base-uncased     the course's baseline on the course's files
  minbert train --resume runs/practice                     go on where a run was stopped
  minbert evaluate runs/practice                           its scores again
  minbert predict runs/practice --split test               files to hand in
  minbert sanity                                           is every part right?

environment:
  MINBERT_DATA     folder of the course files, as --data       MINBERT_CACHE  where fetched weights are kept
  MINBERT_DEBUG=1  traceback beside an error sentence          NO_COLOR       honoured: no output depends on colour"""


if __name__ == "__main__":
    # A pipe whose reader left raises BrokenPipeError, which main answers; some parents have turned that off.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    raise SystemExit(main())
