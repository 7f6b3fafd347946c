"""Run the checks: each component comes out ok, FAIL with the sentence that tells what differs, or skip with the reason.

A component that cannot be imported, or raises, is reported as such and the rest goes on.
"""

from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from sanity_checks.judge import CheckFailed, Skipped

# Component -> what its check is about; the module of the same name in this folder holds the probes. The order is that of learning.
CHECKS = {
    "dropout": "off in eval mode, the right share in train mode",
    "attention": "softmax(Q K^T / sqrt(D) + mask) V, its heads, mask and dropout",
    "embeddings": "words, positions and segments, normalised",
    "feed_forward": "two linear maps around an exact GELU",
    "layer": "add and normalise, twice",
    "model": "all layers and the pooler; padding, batches and order",
    "tokenizer": "WordPiece ids, special tokens, pairs, truncation",
    "weights": "released names both ways, save and load",
    "pretrained": "published BERT-base outputs, where its weights are on this machine",
    "adamw": "both forms of AdamW, step by step",
    "schedules": "warm-up and decay of the learning rate",
    "groups": "every parameter in one group, with its own rate and decay",
    "heads": "dropout and one linear map",
    "pooling": "one vector a sentence, whatever the padding",
    "losses": "cross-entropy, binary cross-entropy and squared error",
    "metrics": "accuracy, Pearson's r, decisions and overall scores",
    "batching": "every example once an epoch, little padding, resumable",
    "checkpoint": "what is saved comes back, what is damaged is refused",
}
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """What one component's check found."""

    component: str
    status: str  # "ok", "FAIL" or "skip"
    text: str  # one sentence
    probes: int  # how many were run
    failures: tuple[str, ...]  # one sentence for each probe that failed
    largest_difference: float | None
    seconds: float


def run(components: Iterable[str]) -> Iterable[Outcome]:
    """Check one component after the other, in the order given; an iterator of `Outcome`, each as soon as it is known."""
    for component in components:
        start = time.perf_counter()
        # Train-mode probes draw from torch's own generator: seeded for them, put back for whoever called.
        with torch.random.fork_rng(devices=[]), _one_thread():
            torch.manual_seed(11711)
            outcome = _check(component)
        yield Outcome(**{**asdict(outcome), "seconds": round(time.perf_counter() - start, 3)})


@contextmanager
def _one_thread() -> Iterator[None]:
    # The tensors are tiny: threads that wait for each other cost more than half of the time.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _check(component: str) -> Outcome:
    try:
        probes: Sequence[Callable[[], float | None]] = importlib.import_module(f"sanity_checks.oracles.{component}").PROBES
    except (Exception, SystemExit) as error:  # noqa: BLE001 (a broken file must not stop the other checks)
        return Outcome(component, "FAIL", f"it cannot be imported: {_raised(error)}", 0, (_raised(error),), None, 0.0)
    differences, failures, skipped = [], [], []
    for probe in probes:
        try:
            differences.append(probe() or 0.0)
        except Skipped as reason:
            skipped.append(str(reason))
        except CheckFailed as difference:
            failures.append(f"{_aim(probe)} But {difference}.")
        except (Exception, SystemExit) as error:  # noqa: BLE001 (whatever code under work may raise, the others go on)
            failures.append(f"{_aim(probe)} But the code raised {_raised(error)}.")
    status = "FAIL" if failures else "ok" if differences else "skip"
    return Outcome(component, status, _told(status, len(differences), max(differences, default=0.0), failures, skipped),
                   len(probes) - len(skipped), tuple(failures), max(differences, default=None), 0.0)


def _told(status: str, right: int, worst: float, failures: Sequence[str], skipped: Sequence[str]) -> str:
    if status == "FAIL":
        return failures[0] + (f" ({len(failures) - 1} more of {right + len(failures)} probes fail)" if len(failures) > 1 else "")
    if status == "skip":
        return "; ".join(skipped)
    how = f"largest difference {worst:.0e}" if worst else "exactly"
    return f"matches the reference in {right} probe{'s' if right > 1 else ''} ({how})" + "".join(f"; {reason}" for reason in skipped)


def _aim(probe: Callable[[], float | None]) -> str:
    return " ".join((probe.__doc__ or f"{probe.__name__}.").split("\n\n")[0].split())


def _raised(error: BaseException) -> str:
    # The innermost place in the project, not in torch and not in a check, is where to look.
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame.filename)]
    place = f" ({Path(frames[-1].filename).relative_to(PROJECT).as_posix()}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {' '.join(str(error).split()) or 'no message'}{place}"


def _is_ours(file: str) -> bool:
    path = Path(file).resolve()
    return path.is_relative_to(PROJECT) and path.relative_to(PROJECT).parts[0] in ("minbert", "optim", "regularizers", "tasks")
