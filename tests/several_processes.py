"""What two processes do together for tests/tasks/test_processes.py, in one start: `torchrun --nproc-per-node 2 tests/several_processes.py DATA OUT`.

Without torchrun it forks into two, which load torch once together. DATA: a folder, filled with made-up course files when it is not there. Each regime
is run by both processes and, alone, by one of them; what differs goes into OUT.RANK.json. Everything is float64 and without dropout, so that
whatever differs by more than rounding is wrong. Batches of 6 from 7 rows: the second one has a single row, and one process none.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import importlib
import json
import os
import shutil
import signal
import socket
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from small_run import small_recipe, toy_regularizer, write_course_files

from minbert.__main__ import main as command_line
from minbert.bert import Bert
from minbert.config import BertConfig
from minbert.errors import UserError
from minbert.mlm import IGNORED, MaskedLanguageModel, MaskedWordHead
from minbert.tokenizer import Tokenizer
from tasks import checkpoint, score_epoch, setup_run, start_run, surgery_updates
from tasks import train as train_module
from tasks.agreement import everyones, expect_same_weights, leaders, together, watch
from tasks.collectives import gather_uneven, gather_with_gradient, reduce_gradients, take_rows
from tasks.dropout_state import seed_dropout
from tasks.encode_run import encode_splits
from tasks.evaluate import evaluate
from tasks.interrupt import Interrupted
from tasks.joining import joined
from tasks.non_finite import NotFinite
from tasks.processes import ALONE, World
from tasks.recipe_settings import Recipe
from tasks.setup_run import Parts, build
from tasks.shards import places
from tasks.stages_mlm import part_of_loss
from tasks.train import train
from tasks.update_step import UpdateStep

SMART = {"name": "smart", "weight": 5.0, "epsilon": 1e-3, "sigma": 1e-3, "eta": 1e-2}
REGIMES: dict[str, dict[str, Any]] = {
    **{name: {"update": {"name": name}} for name in ("separate", "summed", "pcgrad", "gradvac", "gse", "summed-twice", "pcgrad-twice")},
    "gse-fresh": {"update": {"name": "gse", "reading": "fresh"}},
    "accumulation": {"training": {"accumulation": 3}},
    "no clipping": {"training": {"clip": 0.0}},
    **{f"smart {scope} {norm}": {"regularizer": {**SMART, "scope": scope, "norm": norm}} for scope, norm in (("batch", "inf"), ("batch", "2"), ("token", "2"))},
    "smart words off": {"regularizer": {**SMART, "point": "words", "dropout": "off", "steps": 2}},
    "smart gse bregman": {"regularizer": SMART, "update": {"name": "gse"}, "bregman": {"weight": 1.0}},
    "smart-mt-dnn mean": {"regularizer": {"name": "smart-mt-dnn", "weight": 1.0}},
    "smart-mt-dnn sum": {"regularizer": {"name": "smart-mt-dnn", "weight": 1.0, "reduction": "sum"}},
    "r-drop": {"regularizer": {"name": "r-drop", "weight": 1.0}},
    "bregman": {"bregman": {"weight": 1.0, "every": 2}},
    "own regularizer": {},
    **{name: {"sampler": {"name": name, "batch_size": 6, "window": 3}} for name in ("shuffled", "round-robin", "proportional", "square-root", "annealed")},
    "cross": {"model": {"pairs": "cross", "pair_order": "random"}},
    "joined smart": {"model": {"pairs": "joined", "second_cls": "dropped"}, "regularizer": SMART},
    "joined exits": {"model": {"pairs": "joined", "joined_types": "zeros", "pooling": "mean"}, "exits": {"train": "weighted"}, "update": {"name": "pcgrad"}},
    "cross-attention": {"model": {"pairs": "cross-attention"}, "update": {"name": "gse"}, "regularizer": SMART},
    "relation": {"model": {"relation": "shared"}},
    "cosine": {"model": {"heads": ("sts=cosine-2d+1",)}},
    "cosine-embedding": {"model": {"heads": ("sts=cosine-embedding",), "pooling": "mean"}},
    "heads alone": {"model": {"fine_tune_mode": "last-linear-layer"}},
    "exits joint lte": {"exits": {"train": "joint", "lte": True, "reduce": "sum"}},
    "exits alternating smart": {"exits": {"train": "alternating", "smart_on": "final"}, "regularizer": SMART, "update": {"name": "gse"}, "model": {"pairs": "cross"}},
    "cerbertus-1 pals": {"sharing": {"name": "cerbertus-1", "adapters": "pal"}, "sampler": {"name": "shuffled", "batch_size": 6, "window": 3}},
}
ONE_TASK = ("shuffled", "round-robin", "proportional", "square-root", "annealed")
# Whole runs, whose parts change on the way: who learns, from which tasks, through which exits, from how many rows.
WHOLE: dict[str, dict[str, Any]] = {
    "phases": {"exits": {"train": "joint"}, "training": {"epochs": 4}, "phase": {
        "one": {"tasks": ["sst"], "epochs": 1, "trainable": "heads", "patience": 1}, "layers": {"each_layer": "bottom-up", "epochs": 2},
        "together": {"epochs": 1, "sampler": "shuffled", "regularized": False}}, "regularizer": SMART},
    "two-stage exits": {"exits": {"train": "two-stage"}},
    "unfreezing": {"optimizer": {"lr": 1e-3, "unfreeze": "gradual"}, "training": {"epochs": 3}},
    "extra rows": {"sampler": {"name": "shuffled", "batch_size": 6, "window": 3}, "training": {"epochs": 1},
                   "extra": {"more": {"task": "quora", "file": "more.csv", "every": 1}}},
}
COMMAND = ["train", "--weights", "tiny", "--device", "cpu", "--epochs", "1", "--set", "data.limit=8", "--set", "data.dev_limit=8", "--set", "tasks=practice_sentiment"]
STILL = {"hidden_dropout": 0.0, "attention_dropout": 0.0, "head_dropout": 0.0}


TOKENIZER = Tokenizer.from_pretrained("tiny")
CONFIG = BertConfig(vocab_size=TOKENIZER.vocab_size, hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=40,
                    max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)


def encoder(dropout: float = 0.0) -> Bert:
    """A small random BERT, the same every time."""
    return Bert(replace(CONFIG, hidden_dropout_prob=dropout), generator=torch.Generator().manual_seed(1))


@functools.cache
def encoded(pairs: str, order: str, rows: int) -> dict[str, Any]:
    """Filled by `encode_once`: what pairs of that kind are encoded to."""
    return {}


def encode_once(recipe: Recipe, *arguments: Any) -> dict[str, Any]:
    """As `encode_splits`, of which most regimes want the same."""
    known = encoded(recipe.model.pairs, recipe.model.evaluate_order, recipe.data.limit)
    if not known:
        known.update(encode_splits(recipe, *arguments))
    return {split: dict(tasks) for split, tasks in known.items()}


def parts_of(data: str, sections: dict[str, Any], world: World, rows: int = 7) -> Parts:
    """A run of three tasks with `rows` rows each, built but not begun."""
    settled = {**sections, "model": {**STILL, **sections.get("model", {})}}
    settled["training"] = {"epochs": 2, "clip": 0.5, "device": "cpu", **sections.get("training", {})}
    recipe = small_recipe(Path(data), data={"folder": data, "max_length": 32, "limit": rows, "test": False}, **{"sampler": {"batch_size": 6, "window": 3}, **settled})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(setup_run, "encode_splits", encode_once)
        parts = build(recipe, encoder(), TOKENIZER, say=lambda sentence: None, world=world)
    parts.learner.train()
    return parts


def run(data: str, name: str, world: World) -> dict[str, Any]:
    """A few steps of one regime: weights, losses and lengths of gradients."""
    parts = parts_of(data, REGIMES[name], world)
    update = UpdateStep(parts, *((toy_regularizer, 2.0) if name == "own regularizer" else ()))
    start = [parameter.detach().clone() for parameter in parts.model.parameters()]
    losses, norms = [], []
    for _ in range(3 if parts.sampler.name in ONE_TASK else 2):
        losses.append(update(next(parts.sampler)))
        norms.append(update.gradient_norm or 0.0)
    expect_same_weights(parts.model, world)
    assert max(float((parameter - before).detach().abs().max()) for parameter, before in zip(parts.model.parameters(), start)) > 1e-4, "nothing was learned"
    targets = [] if parts.surgeon.targets is None else parts.surgeon.targets.flatten().tolist()
    return {"weights": dict(parts.model.state_dict()), "losses": losses, "norms": norms, "targets": targets}


def differences(one: dict[str, Any], other: dict[str, Any]) -> dict[str, float]:
    """The largest difference of weights, losses, lengths and GradVac's targets."""
    def largest(pairs: Any) -> float:
        return max((abs(a - b) for a, b in pairs), default=0.0)

    assert [list(each) for each in one["losses"]] == [list(each) for each in other["losses"]]
    return {
        "weights": max(float((one["weights"][name] - tensor).abs().max()) for name, tensor in other["weights"].items()),
        "losses": largest((a[task], b[task]) for a, b in zip(one["losses"], other["losses"]) for task in a),
        "norms": largest(zip(one["norms"], other["norms"])), "targets": largest(zip(one["targets"], other["targets"])),
    }  # fmt: skip


def regimes(data: str, world: World) -> dict[str, Any]:
    """Regime -> differences, of those whose reference this process computes."""
    found = {}
    for number, name in enumerate(REGIMES):
        shared = run(data, name, world)
        if number % world.size == world.rank:
            found[name] = differences(shared, run(data, name, ALONE))
    return found


def single_precision(data: str, world: World) -> float:
    """The gradient of one step in float32, as runs compute: largest difference to one process, as a share of the largest number in it."""
    torch.set_default_dtype(torch.float32)
    gradients = []
    for each in (world, ALONE):
        parts = parts_of(data, {"update": {"name": "summed"}, "training": {"clip": 0.0}}, each, 13)
        UpdateStep(parts)(next(parts.sampler))
        gradients.append(torch.cat([parameter.grad.flatten() for parameter in parts.model.parameters()]))
    torch.set_default_dtype(torch.float64)
    return float((gradients[0] - gradients[1]).abs().max() / gradients[1].abs().max())


def control(data: str, world: World) -> float:
    """What projecting first and summing then would change in the weights: that the comparison above can fail."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(surgery_updates, "reduce_gradients", lambda parameters, world: None)
        late = parts_of(data, {"update": {"name": "pcgrad"}}, world, 13)
        update = UpdateStep(late)
        move = update._move
        update._move = lambda: (reduce_gradients(update._parameters, world), move())  # type: ignore[assignment]
        update(next(late.sampler))
    right = parts_of(data, {"update": {"name": "pcgrad"}}, ALONE, 13)
    UpdateStep(right)(next(right.sampler))
    return max(float((a - b).detach().abs().max()) for a, b in zip(late.model.parameters(), right.model.parameters()))


def whole_runs(data: str, out: Path, world: World) -> dict[str, Any]:
    """Runs from start to end: stopped by a signal to one process, gone on with, and gone on with by another number of processes."""
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "finish", lambda *arguments: {"by": world.rank})
        if not world.leads:
            for module, name in ((checkpoint, "save"), (start_run, "write_text"), (train_module, "append_line"), (score_epoch, "append_line")):
                patched.setattr(module, name, forbidden)
        for dropout in (0.0, 0.3):
            patched.setattr(setup_run, "load_encoder", lambda recipe, dropout=dropout: encoder(dropout))
            recipe = short(data, dropout)
            whole, stopped = out / f"whole{dropout}", out / f"stopped{dropout}"
            said: list[str] = []
            ends = train(recipe, whole, say=said.append)
            with pytest.MonkeyPatch.context() as for_now:
                for_now.setattr(train_module.UpdateStep, "__call__", with_signal(world.rank == 1))
                stop = train(recipe, stopped, say=said.append)
            everyones(None, world)
            if world.leads:
                shutil.copytree(stopped, out / f"alone{dropout}")
            train(recipe, stopped, resume=True, say=said.append)
            found[str(dropout)] = {"said": said, "steps": [ends.progress.step, stop.progress.step, stop.stopped_by], "results": ends.results}
        patched.setattr(setup_run, "load_encoder", lambda recipe: encoder())
        if world.leads:
            found["others"] = other_worlds(data, out)
        everyones(None, world)
        train(short(data, 0.0), out / "grown", resume=True, say=lambda sentence: None)
    return found


def changing_runs(data: str, out: Path, world: World) -> dict[str, float]:
    """Name of WHOLE -> the largest difference of the weights in the end, of those that this process trains once more alone."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(train_module, "finish", lambda *arguments: {})
        patched.setattr(setup_run, "load_encoder", lambda recipe: encoder())
        for number, (name, sections) in enumerate(WHOLE.items()):
            settled = {"training": {**sections.get("training", {}), "device": "cpu", "clip": 0.5}, "model": STILL}
            recipe = small_recipe(Path(data), data={"folder": data, "max_length": 32, "limit": 7, "test": False},
                                  **{"sampler": {"batch_size": 6, "window": 3}, **sections, **settled})
            recipe = replace(recipe, extra=sections.get("extra", {}))
            train(recipe, out / f"two {name}", say=lambda sentence: None)
            if number % world.size == world.rank:
                with pytest.MonkeyPatch.context() as alone:
                    alone.setenv("WORLD_SIZE", "1")
                    train(recipe, out / f"one {name}", say=lambda sentence: None)
            everyones(None, world)  # the leader has written its last file
            if number % world.size == world.rank:
                found[name] = apart(*(checkpoint.load(out / f"{size} {name}" / "checkpoints" / "last.safetensors")["model"] for size in ("one", "two")))
    return found


def apart(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    """The largest difference of two models."""
    assert one.keys() == other.keys()
    return max(float((tensor - other[name]).abs().max()) for name, tensor in one.items())


def leaves_nothing() -> bool:
    """Whether a group ends with its block although torch loads there what keeps the group of that moment as a default: else its threads live on."""
    sys.modules.pop("torch.distributed.nn.functional", None)
    with joined():
        importlib.import_module("torch.distributed.nn.functional")
        group = weakref.ref(torch.distributed.group.WORLD)
    gc.collect()
    return group() is None


def other_worlds(data: str, out: Path) -> list[str]:
    """Go on alone with what two processes had saved; begin alone, to the end and to a stop. Returns what was said."""
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("WORLD_SIZE", "1")
        train(short(data, 0.0), out / "alone0.0", resume=True, say=said.append)
        train(short(data, 0.0), out / "one", say=lambda sentence: None)
        patched.setattr(train_module.UpdateStep, "__call__", with_signal(True))
        train(short(data, 0.0), out / "grown", say=lambda sentence: None)
    return said


def short(data: str, dropout: float) -> Recipe:
    """Two epochs of two steps."""
    training = {"epochs": 2, "clip": 0.5, "device": "cpu", "save_every": 1}
    return small_recipe(Path(data), data={"folder": data, "max_length": 32, "limit": 13, "test": False}, sampler={"batch_size": 6, "window": 3}, training=training,
                        model={**STILL, "hidden_dropout": dropout})


def with_signal(told: bool) -> Callable[..., Any]:
    """An update after whose third step this process is told to stop, or is not."""
    kept = train_module.UpdateStep.__call__

    def update(self: Any, names: Any) -> Any:
        losses = kept(self, names)
        if told and self.updates == 9:
            os.kill(os.getpid(), signal.SIGTERM)
        return losses

    return update


def forbidden(*arguments: Any, **options: Any) -> None:
    """In place of whatever writes a file, where nobody may."""
    raise AssertionError("only the leader writes")


def evaluation(data: str, world: World) -> dict[str, Any]:
    """Whether logits, ids and score are those of one process, bit for bit, and how many rows this process read."""
    parts = parts_of(data, {"model": {"pairs": "cross", "evaluate_order": "averaged"}}, world)
    found = {}
    for batch_size in (3, 4, 32):  # 5 batches, 4, and a single one, which leaves a process without
        read: list[str] = []
        hook = parts.model.register_forward_pre_hook(lambda module, inputs, read=read: read.extend(inputs[0].ids))
        shared = evaluate(parts.model, parts.encoded["dev"]["sts"], parts.tasks["sts"], batch_size, world=world)
        hook.remove()
        alone = evaluate(parts.model, parts.encoded["dev"]["sts"], parts.tasks["sts"], batch_size)
        same = torch.equal(shared.logits, alone.logits) and torch.equal(shared.predictions, alone.predictions)
        found[str(batch_size)] = {"same": same and shared.ids == alone.ids and shared.score == alone.score, "read": len(read)}
    return found


def rows(world: World) -> dict[str, Any]:
    """Gathering forth and back, on five rows of made-up numbers."""
    generator = torch.Generator().manual_seed(3)
    whole, weights = torch.randn(5, 7, dtype=torch.float64, generator=generator), torch.randn(5, 7, dtype=torch.float64, generator=generator)
    part = whole[places(5, world)].requires_grad_()
    gathered = gather_with_gradient(part, world, 5)
    (gathered * weights).sum().backward()
    moved = whole.clone().requires_grad_()
    taken = take_rows(moved, places(5, world), world)
    (gather_with_gradient(taken, world, 5) * weights).sum().backward()
    own = [place for place in range(5) if place // 3 == world.rank]
    parameters = [torch.zeros(3, requires_grad=True), torch.zeros(2, requires_grad=True)]
    parameters[0].grad = torch.full((3,), world.rank + 1.0)
    reduce_gradients(parameters, world)
    return {
        "gathered": torch.equal(gathered, whole), "own slopes": torch.equal(part.grad[: len(own)], weights[own]), "surplus": float(part.grad[len(own) :].abs().sum()),
        "all slopes": torch.equal(moved.grad, weights), "sum": parameters[0].grad.tolist(), "none stays none": parameters[1].grad is None,
        "uneven": gather_uneven(torch.full((3 - world.rank, 1), world.rank), [3, 2], world).flatten().tolist(),
    }  # fmt: skip


def simcse(world: World) -> dict[str, float]:
    """SimCSE on gathered views, with and without hard negatives, against one process: differences of loss and gradient."""
    from regularizers.simcse import simcse_loss

    layer = torch.nn.Linear(7, 5, bias=False).double()
    with torch.no_grad():
        layer.weight.copy_(torch.linspace(-1, 1, 35, dtype=torch.float64).view(5, 7).sin())
    views = torch.randn(3, 6, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(5))
    found = {}
    for name, count in (("unsupervised", 2), ("hard negatives", 3)):
        results = []
        for each in (ALONE, world):
            layer.zero_grad()
            loss = simcse_loss(*(gather_with_gradient(layer(view[places(6, each)]), each) for view in views[:count]))
            loss.backward()
            reduce_gradients(layer.parameters(), each)
            results.append((float(loss.detach()), layer.weight.grad.clone()))
        found[name] = max(abs(results[0][0] - results[1][0]), float((results[0][1] - results[1][1]).abs().max()))
    return found


def masked_words(world: World) -> dict[str, float]:
    """The loss of masked words in seven texts, and in one that a process lacks: differences of loss and gradient to one process."""
    generator = torch.Generator().manual_seed(7)
    model = MaskedLanguageModel(encoder(), MaskedWordHead(CONFIG, generator)).eval()
    found = {}
    for count in (7, 1):
        ids, mask = torch.randint(5, 50, (count, 11), generator=generator), torch.ones(count, 11, dtype=torch.int64)
        labels = torch.where(torch.rand(count, 11, generator=generator) < 0.4, ids, torch.tensor(IGNORED))
        results = []
        for shared in (False, True):
            model.zero_grad()
            loss = part_of_loss(model, ids, labels, mask, world) if shared else model.loss(ids, labels, mask)
            loss.backward()
            reduce_gradients(model.parameters(), world if shared else ALONE)
            results.append([loss.detach(), *(each.grad.clone() for each in model.parameters() if each.grad is not None)])
        found[str(count)] = max(float((a - b).abs().max()) for a, b in zip(*results))
    return found


def agreement(data: str, world: World) -> dict[str, Any]:
    """Errors of one process reach all; a signal to one stops all; a NaN in one part is everybody's."""
    def fails_on(rank: int) -> Callable[[], None]:
        def work() -> None:
            if world.rank >= rank:
                raise UserError("there is no such file.")
        return work

    told = {}
    for name, rank in (("all", 0), ("one", 1)):
        try:
            together(fails_on(rank), world)
        except UserError as error:
            told[name] = str(error)
    with watch(world) as interrupt:
        interrupt.check()
        if world.rank == 1:
            os.kill(os.getpid(), signal.SIGTERM)
        try:
            interrupt.check()
        except Interrupted as stopped:
            told["signal"] = stopped.signal_number
    parts = parts_of(data, {}, world)
    parts.encoded["train"]["sts"].labels[parts.streams["sts"]._walk._plan[0][0][-1]] = torch.nan  # the last row of the first batch: of the second process
    encoded.cache_clear()  # nobody else should meet that label
    try:
        UpdateStep(parts)(("sts",))
    except NotFinite as stopped:
        told["not finite"] = [stopped.what, len(stopped.batches[0].ids)]
    seed_dropout(parts.recipe.seed, world)
    noise = everyones(torch.rand(1).item(), world)
    told["noise differs"] = noise[0] != noise[1]
    told["leaders"] = leaders(lambda: world.rank + 40, world)
    with torch.no_grad():
        next(parts.model.parameters()).add_(world.rank)
    try:
        expect_same_weights(parts.model, world)
    except UserError as error:
        told["drift"] = str(error)
    return told


def tell(of_all: list[dict[str, Any]], found: dict[str, Any], say: Callable[[str], object]) -> None:
    """The table of docs/processes.md."""
    together = {name: differences for each in of_all for name, differences in each.items()}
    say(f"{'largest difference of':<24}{'weights':>10}{'losses':>10}{'norms':>10}")
    for name in REGIMES:
        say(f"{name:<24}" + "".join(f"{together[name][what]:10.0e}" for what in ("weights", "losses", "norms")))
    say(f"\ngradients of one step in float32, relative: {found['single']:.0e}")
    say(f"weights when surgery comes before the sum:   {found['control']:.0e}")


def main(data: str, out: str) -> None:
    """Everything, in the world that the environment describes."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    with joined() as world:
        leaders(lambda: Path(data).exists() or course(data), world)
        found = {"rows": rows(world), "simcse": simcse(world), "masked words": masked_words(world), "agreement": agreement(data, world), "evaluation": evaluation(data, world),
                 "regimes": regimes(data, world), "control": control(data, world), "single": single_precision(data, world),
                 "runs": whole_runs(data, Path(out), world), "changing runs": changing_runs(data, Path(out), world)}
        tell(everyones(found["regimes"], world), found, world.voice(print))
    with joined() as world:
        found["met again"] = everyones(world.rank, world)
    found["leaves nothing"] = leaves_nothing()
    torch.set_default_dtype(torch.float32)
    with writing() as found["wrote"], pytest.MonkeyPatch.context() as patched:
        patched.setattr("tasks.finish.write_plots", lambda folder: [])  # a second of matplotlib
        found["command"] = command_line(COMMAND)
    found["mistake"] = command_line([*COMMAND, "--set", "sampler.batch_size=7"])
    Path(f"{out}.{world.rank}.json").write_text(json.dumps(found))


def course(data: str) -> str:
    """Write the course files, and a few rows more for one task."""
    rows = [f"{place}\tmore-{place}\tthe great dog {place}\ta great boy {place}\t1.0" for place in range(5)]
    write_course_files(Path(data))
    (Path(data) / "more.csv").write_text("\n".join(["\tid\tsentence1\tsentence2\tis_duplicate", *rows, ""]), encoding="utf-8")
    return data


@contextlib.contextmanager
def writing() -> Iterator[list[str]]:
    """Paths in this folder that the block opens to write, makes or renames; an audit hook sees all of them, whoever does it."""
    here, seen, is_on = os.getcwd(), [], [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event in ("os.mkdir", "os.rename") or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if is_on and writes and isinstance(arguments[0], (str, os.PathLike)) and os.path.abspath(arguments[0]).startswith(here):
            seen.append(os.path.abspath(arguments[0]))

    sys.addaudithook(hook)
    yield seen
    is_on.clear()


def left_alone(out: str) -> None:
    """One process is killed while the other waits for it, which writes how that ended and after how many seconds."""
    started = time.monotonic()
    try:
        with joined() as world:
            everyones(None, world)
            if not world.leads:
                os.kill(os.getpid(), signal.SIGKILL)
            everyones(None, world)
    except UserError as error:
        Path(f"{out}.alone.json").write_text(json.dumps([str(error), time.monotonic() - started]))


def two(work: Callable[..., None], *arguments: str) -> list[int]:
    """Do `work` in two processes, forked from this one, which has torch loaded and warm; returns their exit statuses."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        os.environ.update(WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(listening.getsockname()[1]))
    children = []
    for rank in ("0", "1"):
        os.environ.update(RANK=rank, LOCAL_RANK=rank)
        children.append(os.fork())
        if not children[-1]:
            work(*arguments)
            raise SystemExit(0)  # through Python's end, as every process
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def all_in_turn(data: str, out: str) -> int:
    """The whole of this file, from one process; returns 0 when every process ended as it should."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    run(course(data), "summed", ALONE)
    ended = [*two(main, data, out), *two(left_alone, out)]
    print("exit statuses", ended)
    return int(ended != [0, 0, 0, -signal.SIGKILL])


if __name__ == "__main__":
    raise SystemExit(all_in_turn(*sys.argv[1:]) if "WORLD_SIZE" not in os.environ else main(*sys.argv[1:]))
