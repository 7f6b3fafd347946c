"""The report: opens as one well-formed page whatever is missing, loads nothing, and shows every figure of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from run_example import NASTY, RESULTS, epoch_line, write_example

from minbert.errors import UserError
from tasks.report import render, write_report
from tasks.report_words import recipe_sentences
from tasks.run_facts import read_run


def page(folder: Path) -> tuple[str, str]:
    """The report as HTML and as the text a reader sees; parsing it proves that it is well-formed."""
    html = write_report(folder).read_text(encoding="utf-8")
    tree = ElementTree.fromstring(html.encode("utf-8"))
    return html, " ".join(" ".join(tree.itertext()).split())


def test_every_figure_of_the_run_is_on_the_page(tmp_path: Path) -> None:
    _, text = page(write_example(tmp_path / "first"))
    for shown in ("0.712", "0.679", "0.211", "0.433", "0.655", "0.222 above the better baseline", "0.023 BELOW the better baseline",
                  "epoch 1: 1.5, epoch 2: 0.75", "98.7% sure", "off by 2.75", "One. Two.", "3.11.9", "cpu.threads", "a b", "a17", "minbert train recipe.toml --run-folder ../first-again"):
        assert shown in text, shown


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    html, _ = page(write_example(tmp_path))
    tree = ElementTree.fromstring(html.encode("utf-8"))
    loading = {"src", "href", "data", "action", "poster", "{http://www.w3.org/1999/xlink}href"}
    assert not [element.tag for element in tree.iter() if loading & set(element.attrib)]
    assert not re.search(r"url\(|@import|<script|<link|<iframe", html)


def test_text_of_the_data_is_shown_as_text(tmp_path: Path) -> None:
    html, text = page(write_example(tmp_path))
    assert "<b>Not bad" not in html
    assert " ".join(NASTY.replace("\x00", "\ufffd").split()) in text


def test_the_page_follows_dark_mode_and_print(tmp_path: Path) -> None:
    html, _ = page(write_example(tmp_path))
    assert "prefers-color-scheme: dark" in html and "@media print" in html


@pytest.mark.parametrize("missing", ["recipe.toml", "environment.json", "metrics.jsonl", "results.json"])
def test_a_missing_file_is_named_and_the_rest_is_shown(tmp_path: Path, missing: str) -> None:
    write_example(tmp_path)
    (tmp_path / missing).unlink()
    _, text = page(tmp_path)
    assert f"Note: {missing} could not be read" in text
    assert sum(title in text for title in ("What was trained", "Scores on dev", "Learning, epoch by epoch", "Environment")) == 3


def test_an_empty_folder_still_gives_a_page(tmp_path: Path) -> None:
    _, text = page(tmp_path)
    assert text.count("Note:") == 4 and "Do it again" in text


@pytest.mark.parametrize(("name", "content"), [("recipe.toml", "seed = = 3"), ("environment.json", "{"), ("results.json", "nonsense")])
def test_a_broken_file_is_named_with_its_reason(tmp_path: Path, name: str, content: str) -> None:
    write_example(tmp_path)
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert f"{name} could not be understood" in page(tmp_path)[1]


def test_half_a_line_at_the_end_of_the_log_is_left_out_and_said(tmp_path: Path) -> None:
    write_example(tmp_path)
    with (tmp_path / "metrics.jsonl").open("a", encoding="utf-8") as log:
        log.write('{"kind": "epoch", "epo')
    _, text = page(tmp_path)
    assert "1 line of metrics.jsonl was left out because it could not be understood" in text and "2 epochs logged" in text


def test_a_run_stopped_before_its_results_still_shows_its_curves(tmp_path: Path) -> None:
    (write_example(tmp_path) / "results.json").unlink()
    _, text = page(tmp_path)
    assert "mood: training loss" in text and "Scores on dev" not in text


def test_results_without_a_baseline_say_none(tmp_path: Path) -> None:
    write_example(tmp_path)
    results = json.loads(json.dumps(RESULTS))
    results["tasks"] = {"mood": {"metric": "accuracy", "ours": 0.5, "majority": None, "bag_of_words": None}}
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    assert "accuracy none none 0.500" in page(tmp_path)[1]


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_report(write_example(tmp_path)).read_bytes()
    assert write_report(tmp_path).read_bytes() == first


def test_a_path_that_is_no_folder_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a run folder: give the folder that `minbert train` wrote"):
        write_report(tmp_path / "nowhere")


def test_tasks_that_only_the_log_knows_are_shown_too(tmp_path: Path) -> None:
    (tmp_path / "metrics.jsonl").write_text(json.dumps(epoch_line(1)) + "\n", encoding="utf-8")
    assert read_run(tmp_path).tasks == ["mood", "match", "near"]
    assert "near: training loss" in render(read_run(tmp_path))


def test_the_recipe_in_words_names_each_choice() -> None:
    words = " ".join(recipe_sentences({
        "weights": "tiny", "tasks": ["mood"], "seed": 3, "data": {"folder": "course", "share": 0.25, "limit": 70},
        "model": {"fine_tune_mode": "last-linear-layer", "pairs": "cross", "head_dropout": 0.3},
        "sampler": {"name": "shuffled", "batch_size": 7}, "update": {"name": "summed"}, "regularizer": {"name": "smart", "weight": 5},
        "optimizer": {"lr": 2e-5, "form": "torch", "head_lr_multiplier": 10.0, "weight_decay": 0.01},
        "schedule": {"name": "linear", "warmup": 0.2}, "training": {"epochs": 1, "precision": "bf16", "score": "plain"}}))
    for shown in ("starts from tiny and learns mood from the files in course, 25% of the training rows, at most 70", "only the heads are trained",
                  "read together", "dropout before a head is 0.3", "hold 7 examples", "shuffled together", "are added and move", "SMART is added with weight 5",
                  "torch form, learning rate 2e-05 (times 10 for the heads), rising over the first 20%", "weight decay 0.01",
                  "1 epoch in bf16, seed 3", "best plain overall dev score"):
        assert shown in words, shown


def test_an_unknown_choice_is_shown_by_its_own_name() -> None:
    assert "Something-new" in " ".join(recipe_sentences({"model": {"fine_tune_mode": "something-new"}}))


def test_no_recipe_gives_no_sentences() -> None:
    assert recipe_sentences({}) == []


def test_a_part_that_cannot_be_drawn_is_named_and_the_rest_is_shown(tmp_path: Path) -> None:
    write_example(tmp_path)
    (tmp_path / "results.json").write_text('{"tasks": {"sst": {"wrong": [{"id": "<7>"}]}}}', encoding="utf-8")
    _, text = page(tmp_path)
    assert "Note: the part of this page called hardest is missing: the files of the run do not hold what it needs (KeyError: 'label')." in text
    assert "Environment" in text and "Do it again" in text


def test_every_sampler_has_words() -> None:
    from tasks import report_words, samplers

    assert set(report_words.SAMPLERS) == set(samplers.SAMPLERS)
