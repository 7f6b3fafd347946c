"""Wrong and rewritten versions of extra rows; what is said about each is in bank/extra_data.py."""

from __future__ import annotations

from sanity_checks.wrong import Edit

ROWS, SAME = "tasks.extra_data", "tasks.overlap"
ONLY = "if any(row[column].strip() not in words for column, words in extra.only):"
DROPPED = "if label in extra.drop:"
UNLABELLED = 'return UNLABELLED if not label else "" if all(texts) else EMPTY'
MAPPED = "value = _mapped(extra, cell.strip(), path, line)"
SCALED = "value = _scaled(extra, task, cell, path, line)"
FOUND = "    if not found:\n"
NAMES = 'names = (cell, f"{number:g}") if number is not None else (cell,)'
CHECKED = "if number is None or not low <= number <= high:"
LINE = "return lowest + (number - low) * (highest - lowest) / (high - low)"
PLAIN = 'plain = sorted(_REST.sub("", text.casefold()) for text in texts)'
MARK = 'return hashlib.sha256("\\n".join(plain).encode()).digest() if all(plain) else None'
REFUSED = 'if places and extra.overlap == "refuse":'
KEPT = "kept = tuple(example for example in rows.examples if example.line not in places)"


def _in(module: str, *changes: str) -> tuple[Edit, ...]:
    return tuple(Edit(module, old, new) for old, new in zip(changes[::2], changes[1::2]))


def _rows(*changes: str) -> tuple[Edit, ...]:
    return _in(ROWS, *changes)


WRONG = {
    "map-ignored": _rows("if extra.map is not None:", "if extra.map is not None and False:"),
    "all-labels-one": _rows(MAPPED, "value = float(bool(_mapped(extra, cell.strip(), path, line)) or task.kind == 'binary')"),
    "labels-inverted": _rows(MAPPED, "value = max(extra.map.values()) - _mapped(extra, cell.strip(), path, line)"),
    "labels-by-number": _rows(MAPPED, "value = float(list(extra.map).index(cell.strip())) if cell.strip() in extra.map else _mapped(extra, cell.strip(), path, line)"),
    "unknown-labels-are-zero": _rows(FOUND, "    if not found:\n        return 0.0\n    if False:\n"),
    "whole-numbers-not-found": _rows(NAMES, "names = (cell,)"),
    "every-ignored": _rows("value = extra.every\n", "value = 0 if extra.every is not None else None\n"),
    "labels-not-shifted": _rows(LINE, "return number * (highest - lowest) / (high - low)"),
    "labels-not-stretched": _rows(LINE, "return lowest + number - low"),
    "labels-divided-by-the-highest": _rows(LINE, "return lowest + number * (highest - lowest) / high"),
    "range-upside-down": _rows(LINE, "return lowest + (high - number) * (highest - lowest) / (high - low)"),
    "labels-left-on-their-scale": _rows(LINE, "return number"),
    "labels-out-of-range-accepted": _rows(CHECKED, "if number is None:"),
    "classes-as-decimals": _rows('return int(value) if task.kind == "classes" else float(value)', "return float(value)"),
    "only-ignored": _rows(ONLY, "if False:"),
    "only-inverted": _rows(ONLY, ONLY.replace("not in", "in")),
    "drop-ignored": _rows(DROPPED, "if False:", MAPPED, "value = _mapped(extra, cell.strip(), path, line) if cell.strip() not in extra.drop else 0.0"),
    "unlabelled-rows-are-zero": _rows(UNLABELLED, 'return "" if all(texts) else EMPTY', MAPPED, "value = _mapped(extra, cell.strip(), path, line) if cell.strip() else 0.0"),
    "empty-texts-kept": _rows(UNLABELLED, 'return UNLABELLED if not label else ""'),
    "left-out-rows-not-counted": _rows("counts.update([reason] if reason else [])", "counts.update([])"),
    "ids-of-lines": _rows('f"{extra.name}:{line}"', 'f"{line}"'),
    "first-text-twice": _rows("texts = tuple(clean_text(row[column])[0] for column in extra.columns)", "texts = tuple(clean_text(row[extra.columns[0]])[0] for column in extra.columns)"),
    "order-of-a-pair-counts": _in(SAME, PLAIN, PLAIN.replace("sorted(", "list(")),
    "case-counts": _in(SAME, PLAIN, PLAIN.replace(".casefold()", "")),
    "punctuation-counts": _in(SAME, PLAIN, 'plain = sorted(text.casefold() for text in texts)'),
    "first-text-alone-compared": _in(SAME, PLAIN, PLAIN.replace("for text in texts", "for text in texts[:1]")),
    "texts-run-together": _in(SAME, MARK, MARK.replace('"\\n"', '""')),
    "empty-marks-are-equal": _in(SAME, MARK, MARK.replace(" if all(plain) else None", "")),
    "overlap-never-refused": _rows(REFUSED, "if False:"),
    "overlap-always-refused": _rows(REFUSED, "if places:"),
    "overlap-kept": _rows(KEPT, "kept = rows.examples"),
    "only-overlap-kept": _rows(KEPT, "kept = tuple(example for example in rows.examples if example.line in places)"),
}

RIGHT = {
    "the line as a weighted mean": _rows(LINE, "share = (number - low) / (high - low)\n    return (1 - share) * lowest + share * highest"),
    "letters one by one": _in(SAME, PLAIN, 'plain = sorted("".join(letter for letter in text.casefold() if letter.isalnum()) for text in texts)'),
    "the two orders compared": _in(SAME, PLAIN, 'plain = [_REST.sub("", text.casefold()) for text in texts]\n    plain.sort()'),
    "a loop over rows": _rows(KEPT, "found = []\n    for example in rows.examples:\n        if example.line not in places:\n            found.append(example)\n    kept = tuple(found)"),
}
