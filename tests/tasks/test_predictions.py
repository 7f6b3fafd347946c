"""Prediction files have the course's names and format, come back as they were written, and are refused when they do not fit their split."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tasks_data import QUORA, SST, STS, write

from minbert.errors import UserError
from tasks.predictions import prediction_path, preflight, read_predictions, write_predictions
from tasks.registry import TASKS

HEADER = "id \t Predicted_Sentiment\n"


def test_files_are_called_as_the_course_calls_them() -> None:
    multitask = {str(prediction_path("predictions", TASKS[name], split)) for name in ("sst", "quora", "sts") for split in ("dev", "test")}
    assert multitask == {f"predictions/{name}-{split}-output.csv" for name in ("sst", "para", "sts") for split in ("dev", "test")}
    single = prediction_path("predictions", TASKS["cfimdb"], "test", mode="last-linear-layer")
    assert str(single) == "predictions/last-linear-layer-cfimdb-test-out.csv"


@pytest.mark.parametrize(("task", "values", "content"), [
    (SST, torch.tensor([3, 0]), "id \t Predicted_Sentiment\na1 , 3\nb2 , 0\n"),
    (QUORA, torch.tensor([1.0, 0.0]), "id \t Predicted_Is_Paraphrase\na1 , 1.0\nb2 , 0.0\n"),
    (STS, [3.25, -0.5], "id \t Predicted_Similiary\na1 , 3.25\nb2 , -0.5\n"),
])
def test_files_are_written_to_the_letter(tmp_path: Path, task, values, content: str) -> None:
    path = write_predictions(tmp_path / "predictions" / "out.csv", task, ["a1", "b2"], values)
    assert path.read_bytes() == content.encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["out.csv"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=17))
def test_float32_scores_come_back_exactly(tmp_path: Path, values: list[float]) -> None:
    ids = [f"id,{place}" for place in range(len(values))]  # even a comma in an id is no obstacle
    path = write_predictions(tmp_path / "out.csv", STS, ids, values)
    found = preflight(path, STS, ids[::-1])
    assert torch.equal(torch.tensor(found.values, dtype=torch.float32), torch.tensor(values)) and found.ids == tuple(ids)


def test_spacing_of_other_writers_is_accepted(tmp_path: Path) -> None:
    path = write(tmp_path, "id \t Predicted_Sentiment \r\na1 , 3 \r\nb2,4.0\r\n")
    assert read_predictions(path, SST).values == (3.0, 4.0)


def test_similarities_outside_the_range_are_counted_and_kept(tmp_path: Path) -> None:
    found = preflight(write(tmp_path, "id \t Predicted_Similiary\na , 5.5\nb , -1e3\nc , 2\n"), STS, ["a", "b", "c"])
    assert found.outside_range == 2
    assert found.describe() == "made-up.csv: 3 predictions, every id once; 2 values lie outside the range of the labels, which Pearson's r allows."
    assert preflight(write(tmp_path, HEADER + "a , 3\n"), SST, ["a"]).describe() == "made-up.csv: 1 predictions, every id once."


@pytest.mark.parametrize(("content", "line", "words"), [
    ("id,Predicted_Sentiment\na , 3\n", 1, r"the header is 'id,Predicted_Sentiment'; expected 'id \\t Predicted_Sentiment'"),
    ("a , 3\nb , 4\n", 1, "the header is 'a , 3'"),
    ("id \t Predicted_Similiary\na , 3\n", 1, "the header is"),
    (HEADER + "a , 3\nb\t4\n", 3, r"the row is 'b\\t4'; expected 'id , value' with a number"),
    (HEADER + "a , \n", 2, "the row is 'a , '"),
    (HEADER + " , 3\n", 2, "the row is ' , 3'"),
    (HEADER + "a , nan\n", 2, "the row is 'a , nan'"),
    (HEADER + "a , 3\n\nb , 4\n", 3, "the line is blank; expected a row"),
    (HEADER + "a , 5\n", 2, "the prediction is 5; expected a whole number from 0 to 4"),
    (HEADER + "a , 2.5\n", 2, "the prediction is 2.5; expected a whole number"),
    (HEADER + "a , 3\nb , 4\na , 3\n", 4, "the id 'a' stands on line 2 already; expected every id once"),
    (b"", 1, "the file is empty"),
    (HEADER.encode() + b"a , 3\nb\xff , 3\n", 3, "the byte 0xff is not UTF-8"),
])
def test_a_malformed_file_is_refused_with_file_and_line(tmp_path: Path, content: str | bytes, line: int, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        preflight(write(tmp_path, content), SST, ["a", "b"])
    assert str(caught.value).startswith(f"{tmp_path / 'made-up.csv'}, line {line}: ")


def test_a_paraphrase_is_zero_or_one(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="line 2: the prediction is 0.7; expected 0 or 1"):
        read_predictions(write(tmp_path, "id \t Predicted_Is_Paraphrase\na , 0.7\n"), QUORA)


@pytest.mark.parametrize(("rows", "words"), [
    ("a , 3\n", r"1 ids where 2 were expected: 1 missing \('b'\); check that the predictions were made for this split"),
    ("a , 3\nb , 3\nc\rd , 3\n", r"3 ids where 2 were expected: 1 unexpected \('c\\rd' on line 4\)"),
    ("v , 1\nw , 1\nx , 1\ny , 1\n", r"2 missing \('a', 'b'\) and 4 unexpected \('v' on line 2, 'w' on line 3, 'x' on line 4, \.\.\.\)"),
    ("", r"0 ids where 2 were expected: 2 missing \('a', 'b'\)"),
])
def test_ids_of_another_split_are_refused(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        preflight(write(tmp_path, HEADER + rows), SST, ["a", "b"])


@pytest.mark.parametrize(("task", "ids", "values", "words"), [
    (SST, ["a", "b"], [3], "got 1 predictions for 2 different ids; expected exactly one for each"),
    (SST, ["a", "a"], [3, 3], "got 2 predictions for 1 different ids"),
    (SST, ["a"], [5], "the prediction for a is 5; expected a whole number from 0 to 4"),
    (QUORA, ["a"], [0.3], "the prediction for a is 0.3; expected 0 or 1"),
    (STS, ["a"], [float("nan")], "the prediction for a is nan; expected a finite number"),
])
def test_what_could_not_be_handed_in_is_not_written(tmp_path: Path, task, ids: list[str], values: list[float], words: str) -> None:
    path = write(tmp_path, "what was there before", "out.csv")
    with pytest.raises(UserError, match=words):
        write_predictions(path, task, ids, values)
    assert path.read_text() == "what was there before" and len(list(tmp_path.iterdir())) == 1
