"""`minbert export`: the encoder of a task leaves its run whole, opens elsewhere with the same outputs, and what cannot leave is told in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from small_run import small_recipe, write_course_files

from minbert import Bert, Tokenizer
from minbert.errors import UserError
from tasks import checkpoint, run_folder
from tasks.commands import export
from tasks.load_run import load_run
from tasks.run_state import capture_model
from tasks.setup_run import build

TEXTS = ["the dog was very good .", "a boy"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of several sharings whose weights were moved apart, as far as a checkpoint."""
    folder = tmp_path_factory.mktemp("exports")
    data = write_course_files(folder / "data")
    for name, sharing in {"multi": {}, "cerbertus-1": {"name": "cerbertus-1"}, "poolers": {"name": "cerbertus-0"}, "multi+triple": {"name": "multi+triple"},
                          "static": {"name": "static+finetune"}, "pals": {"adapters": "pal", "adapter_size": 12}}.items():
        parts = build(small_recipe(data, sharing=sharing), say=lambda sentence: None)
        generator = torch.Generator().manual_seed(3)
        with torch.no_grad():
            for key, parameter in parts.model.named_parameters():
                if not key.startswith("static"):
                    parameter.add_(0.05 * torch.randn(parameter.shape, generator=generator))
        made = run_folder.RunFolder(folder / name)
        checkpoint.save(made.best, capture_model(parts))
        parts.tokenizer.save_pretrained(made.tokenizer)
    return folder


def pooled(encoder: object) -> torch.Tensor:
    batch = Tokenizer.from_pretrained("tiny")(TEXTS)
    return encoder(batch.input_ids, batch.attention_mask).pooler_output


@pytest.mark.parametrize(("name", "words", "part"), [("multi", [], 0), ("cerbertus-1", ["--task", "quora"], 0), ("poolers", ["--task", "sts"], 0),
                                                     ("multi+triple", ["--task", "sst"], 0), ("multi+triple", ["--part", "companion"], 1), ("static", [], 0)])
def test_what_was_written_opens_in_transformers_and_here_with_the_same_outputs(runs: Path, tmp_path: Path, name: str, words: list[str], part: int,
                                                                             capsys: pytest.CaptureFixture[str]) -> None:
    transformers = pytest.importorskip("transformers")
    target = tmp_path / "encoder"
    assert export.main([str(runs / name), str(target), *words]) == 0
    task = words[1] if words[:1] == ["--task"] else "sst"
    with torch.no_grad():
        expected = pooled(load_run(runs / name, device="cpu").model.paths.of(task).parts[part])
        assert torch.equal(pooled(Bert.from_pretrained(target)), expected)
        torch.testing.assert_close(pooled(transformers.AutoModel.from_pretrained(target).eval()), expected, rtol=0, atol=1e-5)
    assert Tokenizer.from_pretrained(target)(TEXTS).input_ids.equal(Tokenizer.from_pretrained("tiny")(TEXTS).input_ids)
    said = capsys.readouterr().out
    assert f"{target}: the encoder of {'task ' + task if '--task' in words else 'all tasks'}, 2 layers, 32 wide, with its tokenizer and without heads" in said
    assert ("heads read 2 encoders side by side" in said) == (name in ("multi+triple", "static"))


def test_the_encoders_of_two_tasks_differ_where_each_has_its_own(runs: Path) -> None:
    paths = load_run(runs / "cerbertus-1", device="cpu").model.paths
    assert not torch.equal(pooled(paths.of("sst").parts[0]), pooled(paths.of("quora").parts[0]))


@pytest.mark.parametrize(("name", "words", "sentence"), [
    ("pals", [], ('have adapters beside them (sharing.adapters = "pal"), for which a plain BERT has no place; use the run as it is: minbert predict, or '
     "tasks.load_run.load_run in Python.")),
    ("cerbertus-1", [], 'has an encoder of its own (sharing.name = "cerbertus-1"): say which with --task, one of sst, quora, sts.'),
    ("poolers", [], 'has an encoder of its own (sharing.name = "cerbertus-0"): say which with --task'),
    ("multi", ["--task", "qora"], "was trained on sst, quora, sts; did you mean quora?"),
    ("multi", ["--part", "companion"], '(sharing.name = "multi"), expected own.'),
    ("multi", ["--part", "half"], '--part is "half", but must be own or companion; try own.'),
    ("multi", ["--checkpoint", "first"], '--checkpoint is "first", but must be best or last; try best.'),
])
def test_what_cannot_leave_is_told_and_nothing_is_written(runs: Path, tmp_path: Path, name: str, words: list[str], sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        export.main([str(runs / name), str(tmp_path / "encoder"), *words])
    assert sentence in str(caught.value) and not (tmp_path / "encoder").exists()


def test_nothing_is_overwritten(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match=r"is there already and not an empty folder; give a new one, so that nothing is overwritten\.$"):
        export.main([str(runs / "multi"), str(tmp_path)])
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
