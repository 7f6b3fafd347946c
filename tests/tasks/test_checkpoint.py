"""What is saved comes back bit for bit; what cannot be used is refused in one sentence and runs no code."""

from __future__ import annotations

import json
import pickle
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from minbert.errors import UserError
from tasks.checkpoint import VERSION, copy_tensors, load, save


def a_state(generator: torch.Generator) -> dict:
    base = torch.randn(7, 5, generator=generator)
    return {
        "step": 12, "best": None, "name": "run \N{SNOWMAN}", "rate": 0.1 + 0.2, "worst": float("inf"),
        "model": {"a.weight": base, "tied.weight": base, "strided": base.t(), "empty": torch.empty(0, 3), "scalar": torch.tensor(2.5)},
        "optimizer": {"a.weight": {"step": 3, "moment": torch.randn(7, 5, dtype=torch.float64, generator=generator)}},
        "generators": [generator.get_state(), torch.Generator().manual_seed(3).get_state()],
        "half": {"b": torch.randn(11, generator=generator).bfloat16(), "h": torch.arange(13).half(), "flags": torch.tensor([True, False])},
    }


def assert_same(one: object, two: object) -> None:
    assert type(one) is type(two)
    if isinstance(one, torch.Tensor):
        assert one.dtype == two.dtype and torch.equal(one, two)
    elif isinstance(one, dict):
        assert list(one) == list(two)
        for key in one:
            assert_same(one[key], two[key])
    elif isinstance(one, list):
        assert len(one) == len(two)
        for left, right in zip(one, two):
            assert_same(left, right)
    else:
        assert one == two


def test_what_is_saved_comes_back_bit_for_bit(tmp_path: Path, generator: torch.Generator) -> None:
    state = a_state(generator)
    save(tmp_path / "deep" / "last.safetensors", state)
    assert_same(load(tmp_path / "deep" / "last.safetensors"), state)


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(tmp_path / name, a_state(torch.Generator().manual_seed(5)))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))))
def test_any_plain_state_comes_back(tmp_path_factory: pytest.TempPathFactory, state: dict) -> None:
    path = tmp_path_factory.getbasetemp() / "plain.safetensors"
    save(path, state)
    assert_same(load(path), state)


def test_the_file_opens_in_any_safetensors_reader_under_dotted_names(tmp_path: Path) -> None:
    from safetensors import safe_open

    save(tmp_path / "x.safetensors", {"model": {"pooler.dense.bias": torch.arange(3.0)}})
    with safe_open(tmp_path / "x.safetensors", framework="pt") as file:
        assert torch.equal(file.get_tensor("model.pooler.dense.bias"), torch.arange(3.0))


def test_the_file_may_be_read_by_whom_the_umask_allows(tmp_path: Path) -> None:
    save(tmp_path / "x.safetensors", {"a": torch.zeros(2)})
    (tmp_path / "plain").touch()
    assert (tmp_path / "x.safetensors").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_is_neither_number_nor_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"plain values, but model\.sizes is a set; leave it out\."):
        save(tmp_path / "x.safetensors", {"model": {"sizes": {1, 2}}})
    with pytest.raises(UserError, match=r"two tensors of the state share the name a\.b"):
        save(tmp_path / "x.safetensors", {"a.b": torch.zeros(1), "a": {"b": torch.zeros(1)}})
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_anywhere_is_refused(tmp_path: Path, generator: torch.Generator) -> None:
    path = tmp_path / "last.safetensors"
    save(path, a_state(generator))
    whole = path.read_bytes()
    for length in [0, 1, 7, 8, 9, 100, len(whole) // 2, len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(UserError, match="cannot be read as a checkpoint .* cut short"):
            load(path)


def test_one_flipped_bit_is_noticed(tmp_path: Path, generator: torch.Generator) -> None:
    path = tmp_path / "last.safetensors"
    save(path, a_state(generator))
    damaged = bytearray(path.read_bytes())
    damaged[-10] ^= 4
    path.write_bytes(damaged)
    with pytest.raises(UserError, match="is damaged: its bytes do not give the checksum"):
        load(path)


class Malicious:
    def __reduce__(self) -> tuple:
        return (Path.touch, (Path("code-was-run"),))


def test_files_of_another_kind_are_refused_and_run_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "x.safetensors"
    with pytest.raises(UserError, match=r"no checkpoint at .*x\.safetensors: expected a file that `minbert train` saved"):
        load(path)
    for content in [b"text", b"\x80" * 100, pickle.dumps(Malicious())]:
        path.write_bytes(content)
        with pytest.raises(UserError, match="cannot be read as a checkpoint"):
            load(path)
    torch.save(Malicious(), path)
    with pytest.raises(UserError, match="cannot be read as a checkpoint"):
        load(path)
    assert not (tmp_path / "code-was-run").exists()
    for strange in ("[]", "{}", '{"version": "1"}', "no JSON"):
        save_file({"a": torch.zeros(1)}, path, {"minbert checkpoint": strange})
        with pytest.raises(UserError, match="cannot be read as a checkpoint"):
            load(path)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(UserError, match="a safetensors file but not a minbert checkpoint"):
        load(path)


def test_a_file_from_the_future_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    save_file({"a": torch.zeros(1)}, path, {"minbert checkpoint": json.dumps({"version": VERSION + 1, "by then": "unknown"})})
    with pytest.raises(UserError, match=f"format {VERSION + 1}, this minbert reads up to {VERSION}: install a newer"):
        load(path)


@pytest.mark.parametrize("saved, sentence", [
    ({}, "last: tensor a is missing"),
    ({"a": torch.ones(2, 3), "b": torch.ones(1)}, "last: tensor b is not part of this model"),
    ({"a": torch.ones(3, 2)}, r"last: tensor a has shape \(3, 2\), expected \(2, 3\)"),
    ({"a": torch.ones(2, 3, dtype=torch.float64)}, "last: tensor a is torch.float64, expected torch.float32"),
    ({"a": torch.tensor([[1, 1, 1], [1, float("nan"), 1]])}, "last: tensor a holds NaN or infinity"),
    ({"a": torch.tensor([[1, 1, 1], [1, float("-inf"), 1]])}, "last: tensor a holds NaN or infinity"),
])
def test_tensors_that_do_not_fit_are_named_and_nothing_is_changed(saved: dict, sentence: str) -> None:
    mine = {"a": torch.zeros(2, 3)}
    with pytest.raises(UserError, match=sentence):
        copy_tensors(saved, mine, "last")
    assert torch.equal(mine["a"], torch.zeros(2, 3))


def test_large_finite_numbers_are_not_mistaken_for_infinity() -> None:
    mine = {"a": torch.zeros(3)}
    copy_tensors({"a": torch.full((3,), 3e38)}, mine, "last")
    assert torch.equal(mine["a"], torch.full((3,), 3e38))


def test_killed_saves_lose_nothing(tmp_path: Path) -> None:
    spec = spec_from_file_location("kill_saves", Path(__file__).parents[1] / "reliability" / "kill_saves.py")
    kill_saves = module_from_spec(spec)
    spec.loader.exec_module(kill_saves)
    counts = kill_saves.kill_many(tmp_path, kills=15, seed=5)
    assert counts["kills"] == counts["loaded"] == counts["clean"] == 15
    assert counts["in the middle of a save"] > 0
