"""Looking at a folder tells every count, and costs no tokenizer unless one is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tasks_data import SST_HEADER, write

from tasks.look import main


def test_every_file_of_the_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, SST_HEADER + "0\ta\t fine\t3\n1\tb\tx\t\n", "ids-sst-train.csv")
    write(tmp_path, "0\t\tid\tsentence\n1\t0.0\ta\tx\n", "ids-sst-test-student.csv")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == (
        "ids-sst-train.csv: 2 rows read, 1 kept, 1 skipped for an empty label (line 3); columns ignored: 1; outer white space stripped: 1.\n"
        "ids-sst-test-student.csv: 1 rows read, 1 kept; columns ignored: 2.\n")


def test_lengths_truncation_and_padding_are_told_with_a_tokenizer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{row}\ti{row}\t{'a ' * (1 + row % 23)}\t3\n" for row in range(601))
    write(tmp_path, SST_HEADER + rows, "ids-sst-train.csv")
    assert main([str(tmp_path), "--tokenizer", "tiny", "--max-length", "19"]) == 0
    told = capsys.readouterr().out
    # 601 = 26 * 23 + 3: lengths 18 to 23 come 26 times each, and only those with more than 17 words are cut.
    assert f"word pieces: median 14, longest 19; {26 * 6} examples truncated" in told
    random, grouped = map(float, re.search(r"batch 8   random ([\d.]+)   window 50 ([\d.]+)", told).groups())
    assert 1.0 <= grouped < 1.1 < random


def test_a_folder_without_known_files_or_a_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "has no file of a known task; expected names such as ids-sst-train.csv." in capsys.readouterr().err
    assert main([str(tmp_path), "--task", "sst"]) == 2
    assert "ids-sst-train.csv: there is no such file" in capsys.readouterr().err
