"""From the bytes of a CSV file to its rows: encoding, separator, quoting, header and line numbers, and nothing about tasks.

Every refusal is one `UserError` that begins with the file and the line, counted from 1 as an editor does. Nothing is repaired in silence:
what was passed over (a byte-order mark, blank lines, columns that nobody asked for) is counted in the table that comes back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from minbert.errors import UserError, nearest

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Table:
    """The wanted cells of every row in file order, with the line each row begins on, and the counts of what was passed over."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    counts: dict[str, int]


def mistake(path: Path, line: int, sentence: str) -> UserError:
    """The error for `line` of `path`: "FILE, line N: sentence"."""
    return UserError(f"{path}, line {line}: {sentence}")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, or a UserError that says why there are none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        hint = nearest(path.name, sorted(other.name for other in path.parent.glob("*.csv"))) if path.parent.is_dir() else None
        near = f"; {hint} lies beside it" if hint else f"; the folder {path.parent} {'has no such file' if path.parent.is_dir() else 'is missing too'}"
        raise UserError(f"{path}: there is no such file{near}.") from None
    except OSError as error:
        raise UserError(f"{path}: the file cannot be read ({error.strerror}).") from None


def decode(path: Path) -> tuple[str, bool]:
    """The text of a UTF-8 file and whether a byte-order mark was taken off its front."""
    raw = read_bytes(path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise mistake(path, 1, "the file is written in UTF-16; save it as UTF-8.")
    if b"\0" in raw:
        raise mistake(path, _line_of(raw, raw.index(b"\0")), "there is a NUL byte; expected plain UTF-8 text, so this may be another kind of file.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        got = raw[error.start]
        raise mistake(path, _line_of(raw, error.start), f"the byte 0x{got:02x} is not UTF-8; save the file as UTF-8.") from None
    if not text.strip("\ufeff \t\r\n"):
        raise mistake(path, 1, "the file is empty; expected a header line and at least one row.")
    return text.removeprefix("\ufeff"), text.startswith("\ufeff")


def _line_of(raw: bytes, position: int) -> int:
    return len(_LINE_END.findall(raw, 0, position)) + 1


def read_table(path: Path, wanted: Sequence[str], advice: str = "") -> Table:
    """The columns `wanted`, by name and in that order, of a tab- or comma-separated file; other columns are ignored and counted.

    advice: what to try where one of them is missing, behind a semicolon.
    """
    text, had_mark = decode(path)
    # The header decides: the course separates with tabs, and a header without one can only be separated with commas.
    delimiter = "\t" if "\t" in re.split("[\r\n]", text, maxsplit=1)[0] else ","
    records = _records(path, text, delimiter)
    header = [name.strip() for name in next(records)[1]]
    places = _places(path, header, wanted, delimiter, advice)
    rows, blank = [], 0
    for line, cells in records:
        if not cells:
            blank += 1
            continue
        _check_row(path, line, cells, header, delimiter)
        rows.append((line, tuple(cells[place] for place in places)))
    if not rows:
        raise mistake(path, 1, "there is a header but no row under it; expected at least one row.")
    ignored = len(header) - len(places)
    return Table(tuple(rows), {"byte order mark": int(had_mark), "columns ignored": ignored, "blank lines": blank})


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # newline="" leaves line ends inside quoted cells alone; strict=True refuses a quote that is never closed, where the default would
    # swallow the rest of the file into one cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise mistake(path, line, f"the quoting of this row is broken ({error}); expected a cell's own quotes to be doubled.") from None


def _places(path: Path, header: list[str], wanted: Sequence[str], delimiter: str, advice: str) -> list[int]:
    if len(header) < 2:
        raise mistake(path, 1, f"the header {(header[0] if header else '')[:60]!r} has neither a tab nor a comma; "
                               f"expected the columns {', '.join(wanted)} separated by tabs or commas.")
    named = [name for name in header if name]
    for name in wanted:
        if named.count(name) > 1:
            raise mistake(path, 1, f"the header has the column {name!r} {named.count(name)} times; expected it once.")
        if name not in named:
            hint = nearest(name, named)
            raise mistake(path, 1, f"the header has no column {name!r}; it has {_listed(named)}" + (f" (did you mean {hint!r}?)" if hint else "") + f"{advice and '; ' + advice}.")
    return [header.index(name) for name in wanted]


def _listed(names: list[str]) -> str:
    # repr, because a header broken by a stray quote can hold line ends, and a message is one line.
    return (", ".join(repr(name[:30]) for name in names[:10]) + (", ..." if len(names) > 10 else "")) or "no names"


def _check_row(path: Path, line: int, cells: list[str], header: list[str], delimiter: str) -> None:
    if len(cells) != len(header):
        raise mistake(path, line, f"the row has {len(cells)} cells and the header {len(header)}; a separator inside the text needs quotes around it.")
    # In a tab-separated file such a cell is not a long text: a stray quote has swallowed whole rows.
    if delimiter == "\t" and any("\t" in cell and ("\n" in cell or "\r" in cell) for cell in cells):
        raise mistake(path, line, "a quote opened in this row is closed only on a later line, with whole rows between; double or remove it.")
