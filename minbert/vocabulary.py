"""Vocabulary files in and out: vocab.txt or tokenizer.json -> the `tokenizers` object that does the work."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as Backend
from tokenizers import decoders, models, normalizers, pre_tokenizers

from minbert.errors import UserError, first_line, shown
from minbert.files import write_text
from minbert.sources import resolve
from minbert.tiny import is_tiny, tiny_vocabulary

VOCABULARIES = ("tokenizer.json", "vocab.txt")  # the first one found is read
SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def load_backend(name_or_folder: str | os.PathLike[str]) -> Backend:
    """The WordPiece tokenizer of a known name or of a folder; tokenizer.json wins over vocab.txt."""
    if is_tiny(name_or_folder):
        return from_vocabulary(tiny_vocabulary())
    folder = resolve(name_or_folder, needs=("vocabulary",))
    single_file, text_file = (folder / name for name in VOCABULARIES)
    if single_file.is_file():
        return from_json_file(single_file)
    if text_file.is_file():
        return from_text_file(text_file, lowercase=_is_uncased(folder))
    raise UserError(f"{folder} holds neither {' nor '.join(VOCABULARIES)}, expected one of them; Tokenizer.save_pretrained writes both.")


def from_vocabulary(vocabulary: list[str], lowercase: bool = True, where: str = "the vocabulary") -> Backend:
    """Build uncased WordPiece over a list of V pieces, the position of each being its id; `where` names it in errors."""
    backend = Backend(models.WordPiece({piece: i for i, piece in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100))
    backend.normalizer = normalizers.BertNormalizer(lowercase=lowercase)  # accents go together with capitals
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()  # splits at spaces and at every mark: pieces never cross those
    backend.decoder = decoders.WordPiece()
    special_ids(backend, where)  # first, because adding a special token that is missing would invent an id for it
    backend.add_special_tokens(list(SPECIALS))
    return backend


def from_text_file(path: Path, lowercase: bool = True) -> Backend:
    """Read vocab.txt: one piece a line, the line number (from 0) is the id."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not splitlines: the vocabulary holds characters that it would split at
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as UTF-8 text ({first_line(error)}), expected one word piece a line.") from None
    pieces = [line.rstrip("\r") for line in (lines[:-1] if lines[-1] == "" else lines)]
    line_of: dict[str, int] = {}
    for line, piece in enumerate(pieces, start=1):
        if line_of.setdefault(piece, line) != line:
            raise UserError(f"{path}, line {line}: {shown(piece)} stands in line {line_of[piece]} already, expected every word piece once.")
    return from_vocabulary(pieces, lowercase, str(path))


def from_json_file(path: Path) -> Backend:
    """Read tokenizer.json, the single-file form that `tokenizers` writes."""
    try:
        backend = Backend.from_file(str(path))
    except Exception as error:  # noqa: BLE001  (the library raises bare Exception for whatever is wrong with the file)
        raise UserError(f"{path} cannot be read as a tokenizer ({first_line(error)}); fetch it again, or remove it to use vocab.txt.") from None
    if not isinstance(backend.model, models.WordPiece):  # another kind loads just as well and gives ids of other words
        raise UserError(f"{path} holds a {type(backend.model).__name__} tokenizer, expected WordPiece, which BERT uses.")
    special_ids(backend, str(path))
    return backend


def without_limits(backend: Backend) -> Backend:
    """Switch off truncation and padding that a file may carry (the released `minilm` cuts at 128): the caller says what fits."""
    backend.no_truncation()
    backend.no_padding()
    return backend


def special_ids(backend: Backend, where: str = "the vocabulary") -> list[int]:
    """Ids of [PAD] [UNK] [CLS] [SEP] [MASK]; raises `UserError` naming the ones that the vocabulary lacks."""
    missing = [token for token in SPECIALS if backend.token_to_id(token) is None]
    if missing:
        raise UserError(f"{where} has no {' '.join(missing)}, expected all of {' '.join(SPECIALS)}; is it BERT's?")
    return [backend.token_to_id(token) for token in SPECIALS]


def save_backend(backend: Backend, folder: str | os.PathLike[str]) -> None:
    """Write the vocabulary in both forms, and what `transformers` wants to know beside it."""
    by_id = sorted(backend.get_vocab().items(), key=lambda item: item[1])  # the line number is the id, so the order is the file's meaning
    lowercase = bool(getattr(backend.normalizer, "lowercase", True))
    config = {"tokenizer_class": "BertTokenizer", "do_lower_case": lowercase, **{f"{t[1:-1].lower()}_token": t for t in SPECIALS}}
    texts = {
        "vocab.txt": "".join(f"{piece}\n" for piece, _ in by_id),
        "tokenizer.json": backend.to_str(pretty=False),
        "tokenizer_config.json": json.dumps(config, indent=2, sort_keys=True) + "\n",
    }
    for name, text in texts.items():
        write_text(Path(folder) / name, text)


def _is_uncased(folder: Path) -> bool:
    try:
        config: Any = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        return bool(config.get("do_lower_case", True))
    except FileNotFoundError:
        return True
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UserError(f"{folder / 'tokenizer_config.json'} cannot be read as a JSON object ({first_line(error)}); repair or remove it.") from None
