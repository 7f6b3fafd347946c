"""A file is read to its last row or refused with file and line; separators, quotes and encodings are never guessed past."""

from __future__ import annotations

from pathlib import Path

import pytest
from tasks_data import write

from minbert.errors import UserError
from tasks.csv_rows import read_table

WANTED = ("id", "sentence")


def cells(folder: Path, content: str | bytes) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_table(write(folder, content), WANTED).rows)


def test_columns_are_found_by_name_wherever_they_stand(tmp_path: Path) -> None:
    assert cells(tmp_path, "\tid\tsentence\tsentiment\n0\ta\tx y\t3\n") == [(2, ("a", "x y"))]
    assert cells(tmp_path, "0\t\tid\tsentence\n1\t0.0\ta\tx y\n") == [(2, ("a", "x y"))]
    assert cells(tmp_path, "sentence\t id \nx y\ta\n") == [(2, ("a", "x y"))]


def test_commas_separate_when_the_header_has_no_tab(tmp_path: Path) -> None:
    assert cells(tmp_path, 'id,sentence\na,"one, two\tthree"\nb,"say ""hi"""\n') == [(2, ("a", "one, two\tthree")), (3, ("b", 'say "hi"'))]
    assert cells(tmp_path, "id\tsentence\na\tone, two\n") == [(2, ("a", "one, two"))]


def test_lines_are_counted_as_an_editor_does(tmp_path: Path) -> None:
    assert [line for line, _ in cells(tmp_path, 'id,sentence\n\na,"x\ny"\nb,z\n')] == [3, 5]
    assert [line for line, _ in cells(tmp_path, "id,sentence\r\na,x\r\nb,z\r\n")] == [2, 3]
    assert [line for line, _ in cells(tmp_path, "id,sentence\ra,x\rb,tab\there")] == [2, 3]


def test_what_is_passed_over_is_counted(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b"\xef\xbb\xbf\tid\tsentence\textra\n0\ta\tx\t9\n\n\n1\tb\ty\t9\n"), WANTED)
    assert table.counts == {"byte order mark": 1, "columns ignored": 2, "blank lines": 2} and len(table.rows) == 2


@pytest.mark.parametrize(("content", "line", "words"), [
    (b"", 1, "the file is empty; expected a header line"),
    (b" \n\r\n", 1, "the file is empty"),
    (b"\xef\xbb\xbf", 1, "the file is empty"),
    ("id\tsentence\n", 1, "there is a header but no row under it"),
    ("id\tsentence\n\n\n", 1, "there is a header but no row under it"),
    ("id\tsentence\na\tx\n".encode("utf-16"), 1, "written in UTF-16; save it as UTF-8"),
    (b"id\tsentence\na\tx\nb\ty\0z\n", 3, "there is a NUL byte"),
    (b"id\tsentence\r\na\tx\r\nb\tcaf\xe9\r\n", 3, "the byte 0xe9 is not UTF-8; save the file as UTF-8"),
    ("\tid\ttext\n0\ta\tx\n", 1, r"the header has no column 'sentence'; it has 'id', 'text'\.$"),
    ("id\tsentense\na\tx\n", 1, r"no column 'sentence'; it has 'id', 'sentense' \(did you mean 'sentense'\?\)"),
    ("\t\n1\t2\n", 1, "no column 'id'; it has no names"),
    (",".join(f"c{place}" for place in range(11)) + "\nx\n", 1, r"'c9', \.\.\.\.$"),
    ("id\tid\tsentence\na\tb\tx\n", 1, "the header has the column 'id' 2 times; expected it once"),
    ("id;sentence\na;x\n", 1, "the header 'id;sentence' has neither a tab nor a comma; expected the columns id, sentence separated"),
    ("\nid\tsentence\na\tx\n", 1, "the header '' has neither a tab nor a comma"),
    ("id\tsentence\na\tx\nb\ty\tz\n", 3, "the row has 3 cells and the header 2; a separator inside the text needs quotes"),
    ("id\tsentence\na\tx\nb\n", 3, "the row has 1 cells and the header 2"),
    ('id\tsentence\na\tx\nb\t"never closed\nc\tz\n', 3, r"the quoting of this row is broken \(unexpected end of data\)"),
    ('id\tsentence\na\t"x" y\n', 2, "the quoting of this row is broken"),
    ("id\tsentence\na\t" + "x" * 140_000 + "\n", 2, r"the quoting of this row is broken \(field larger than field limit"),
    ('id\tsentence\na\t"x\nb\ty\nc\tz"\n', 2, "a quote opened in this row is closed only on a later line"),
])
def test_what_cannot_be_read_is_refused_with_file_and_line(tmp_path: Path, content: str | bytes, line: int, words: str) -> None:
    with pytest.raises(UserError, match=words) as caught:
        cells(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 'made-up.csv'}, line {line}: ") and "\n" not in str(caught.value)


def test_a_missing_file_is_told_with_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, "x", "ids-sst-train.csv")
    with pytest.raises(UserError, match="there is no such file; ids-sst-train.csv lies beside it"):
        read_table(tmp_path / "ids-sst-trian.csv", WANTED)
    with pytest.raises(UserError, match="there is no such file; the folder .* has no such file"):
        read_table(tmp_path / "unlike.tsv", WANTED)
    with pytest.raises(UserError, match="there is no such file; the folder .* is missing too"):
        read_table(tmp_path / "nowhere" / "a.csv", WANTED)
    with pytest.raises(UserError, match=r"the file cannot be read \(Is a directory\)"):
        read_table(tmp_path, WANTED)
