"""A first thousand of the fuzzed files; `python tests/fuzz/readers.py --cases 50000` runs more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.readers import records, run_case


def test_no_fuzzed_file_loses_a_row_or_fails_without_a_sentence(tmp_path: Path) -> None:
    outcomes = {run_case(number, tmp_path) for number in range(1000)}
    assert outcomes == {f"{sort}: {end}" for sort in ("table", "predictions", "task") for end in ("read", "refused")}


@pytest.mark.parametrize(("text", "rows"), [("a,b\n", 1), ("a,b\n\n1,2", 2), ('a,b\n"x\n\ny",2\n', 2), ('a,b\n"x ""\n"",",2\n3"4,5\n', 3), ("a\tb\r\r\n1\t2\r", 2),
                                            ('a,b\n"x,y\n', -1), ('a,b\n"x"y,1\n', -1)])
def test_the_row_counter_of_the_fuzzer_counts_rows(text: str, rows: int) -> None:
    assert records(text) == rows
