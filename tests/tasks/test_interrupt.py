"""A first signal lets the step finish, a second one does not; and the exit status is what a shell expects."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tasks.interrupt import Interrupt, Interrupted, exit_status

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted_and_does_not_break_what_is_running(number: int, capfd: pytest.CaptureFixture[str]) -> None:
    done = []
    with Interrupt() as interrupt:
        interrupt.check()
        os.kill(os.getpid(), number)
        done.append("the rest of the step")
        with pytest.raises(Interrupted) as stopped:
            interrupt.check()
    assert done and interrupt.received == stopped.value.signal_number == number
    assert "finishing this step and saving first; press again to stop at once" in capfd.readouterr().err


def test_the_handlers_of_before_come_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Interrupt():
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] != before
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_second_ctrl_c_stops_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), Interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)


def test_where_nothing_changes_the_first_signal_is_enough() -> None:
    with Interrupt() as interrupt:
        with pytest.raises(Interrupted), interrupt.at_once():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        assert interrupt.received == signal.SIGTERM
        with pytest.raises(Interrupted), interrupt.at_once():
            pytest.fail("a signal noted before must not wait for the next one")


def test_outside_the_main_thread_nothing_is_watched_and_nothing_fails() -> None:
    seen = []
    before = signal.getsignal(signal.SIGINT)

    def watch() -> None:
        with Interrupt() as interrupt:
            seen.append(interrupt.received)

    thread = threading.Thread(target=watch)
    thread.start()
    thread.join()
    assert seen == [None] and signal.getsignal(signal.SIGINT) is before


# A run that would take minutes, as a child of its own, told to say when each epoch has begun.
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from small_run import small_recipe
from tasks.interrupt import exit_status
from tasks.train import train

def bar(*args, **options):
    print(options["desc"], flush=True)
    from tqdm import tqdm
    return tqdm(*args, **options, disable=True)

recipe = small_recipe(Path(sys.argv[1]), training={"epochs": 900, "save_every": 5})
result = train(recipe, sys.argv[2], bar=bar, say=lambda sentence: print(sentence, flush=True))
sys.exit(exit_status(result.stopped_by) if result.stopped_by else 0)
"""


def start_child(*arguments: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen([sys.executable, "-c", CHILD, *map(str, arguments)], cwd=ROOT, env=environment, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while "epoch 2/900" not in (line := child.stdout.readline()) and line:
        pass
    return child


def test_a_stopped_run_saves_says_how_to_go_on_and_goes_on(tmp_path: Path) -> None:
    from small_run import small_recipe, write_course_files
    from tqdm import tqdm

    from tasks.checkpoint import load
    from tasks.run_folder import RunFolder
    from tasks.train import train

    data, run = write_course_files(tmp_path / "data"), RunFolder(tmp_path / "run")
    child = start_child(data, run.path)
    child.send_signal(signal.SIGTERM)
    said, complained = child.communicate(timeout=60)
    assert child.returncode == exit_status(signal.SIGTERM) == 143, complained
    assert f"Go on with: minbert train --resume {run.path}" in said
    step = load(run.last)["progress"]["step"]
    assert f"Stopped after step {step}, everything is saved." in said and step > 12

    def bar(*arguments: Any, **options: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return tqdm(*arguments, **options, disable=True)

    again = train(small_recipe(data, training={"epochs": 900, "save_every": 5}), run.path, resume=True, bar=bar, say=lambda sentence: None)
    assert exit_status(again.stopped_by) == 130
    assert load(run.last)["progress"]["step"] > step
