"""The practice data: shipped files equal a regeneration, nothing leaks from dev to train, and labels follow from the grammar."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from tasks.practice import event_words, generate, paraphrase_events, paraphrase_sentences, review_words, sentiment_rules
from tasks.practice.chooser import Chooser
from tasks.practice.english import comparative, normalised, plural, sentence, with_article
from tasks.practice.events import event, plainly
from tasks.practice.paraphrase import BUILDERS
from tasks.practice.review_topics import TOPICS
from tasks.practice.sentiment import CLASSES, review
from tasks.practice.sentiment_frames import could_not_be_more, rather_than
from tasks.practice.similarity import ALL_ACTIONS, pair_of_events
from tasks.practice.similarity_score import score
from tasks.registry import PRACTICE_FOLDER, TASKS

NAMES = tuple(generate.HEADERS)
HEX = re.compile(r"[0-9a-f]{25}")


def read(task: str, split: str) -> list[list[str]]:
    """The rows of one shipped file, without its header."""
    with open(PRACTICE_FOLDER / generate.file_name(task, split), newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def texts_of(task: str, split: str) -> list[str]:
    """All sentences of one shipped file."""
    return [text for row in read(task, split) for text in (row[1:] if split == "test" else row[1:-1])]


def chooser(seed: int, split: str = "train") -> Chooser:
    """A seeded chooser."""
    return Chooser(random.Random(seed), split)


def bag(text: str) -> Counter:
    """Word counts."""
    return Counter(normalised(text).split())


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory):
    """The nine files written anew by the command."""
    folder = tmp_path_factory.mktemp("practice") / "new"
    assert generate.main(["--out", str(folder)]) == 0
    return folder


@pytest.mark.parametrize("task", NAMES)
@pytest.mark.parametrize("split", generate.SIZES)
def test_shipped_files_are_what_the_command_writes(regenerated, task, split):
    name = generate.file_name(task, split)
    assert (regenerated / name).read_bytes() == (PRACTICE_FOLDER / name).read_bytes()


def test_another_seed_writes_other_sentences():
    first, second = ({row[0] for row in generate.rows_of("similarity", seed=seed)["test"]} for seed in (3, 5))
    assert not first & second


@pytest.mark.parametrize("task", NAMES)
def test_no_sentence_stands_in_two_splits_or_twice_in_one(task):
    found = Counter(normalised(text) for split in generate.SIZES for text in texts_of(task, split))
    assert [text for text, count in found.items() if count > 1] == []
    assert len(found) == sum(generate.SIZES.values()) * (1 if task == "sentiment" else 2)


@pytest.mark.parametrize("task", NAMES)
def test_ids_are_25_hex_characters_and_unique(task):
    ids = [row[0] for split in generate.SIZES for row in read(task, split)]
    assert all(HEX.fullmatch(identifier) for identifier in ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("task", NAMES)
def test_columns_are_the_ones_the_registry_asks_for(task):
    row = TASKS[f"practice_{task}"]
    for split in generate.SIZES:
        header = (PRACTICE_FOLDER / row.files[split]).read_text(encoding="utf-8").splitlines()[0].split("\t")
        assert header == ["id", *row.columns, *([] if split == "test" else [row.label])]


@pytest.mark.parametrize("split", ["train", "dev"])
def test_classes_are_balanced(split):
    sentiment = Counter(row[-1] for row in read("sentiment", split))
    assert sentiment == {str(label): generate.SIZES[split] // CLASSES for label in range(CLASSES)}
    assert set(Counter(row[-1] for row in read("paraphrase", split)).values()) == {generate.SIZES[split] // 2}


@pytest.mark.parametrize("split", ["train", "dev"])
def test_similarities_spread_over_the_whole_range(split):
    scores = [float(row[-1]) for row in read("similarity", split)]
    assert min(scores) == 0.0 and max(scores) == 5.0
    shares = [sum(low <= value < high for value in scores) / len(scores) for low, high in ((0, 1), (1, 3), (3, 4), (4, 5.01))]
    assert min(shares) > 0.1 and max(shares) < 0.45


@pytest.mark.parametrize("task", NAMES)
def test_dev_has_words_that_training_never_showed(task):
    known = set().union(*(bag(text) for text in texts_of(task, "train")))
    unseen = [text for text in texts_of(task, "dev") if set(bag(text)) - known]
    assert len(unseen) / len(texts_of(task, "dev")) > 0.3


@pytest.mark.parametrize("task", NAMES)
def test_sentences_are_short_and_well_formed(task):
    for text in (text for split in generate.SIZES for text in texts_of(task, split)):
        assert 3 <= len(text.split()) <= 20, text
        assert text[0].isupper() and text[-1] in ".?" and text.isascii(), text
        assert not re.search(r"\ba [aeio]|\ban [^aeiouh]|  | [,.;?]|\{|\b(\w+) \1\b", text.replace("a one", "")), text


def test_held_out_words_never_reach_training():
    table = tuple(range(23))
    train, dev = ({chooser(7, split).word(table) if seed == 0 else draw.word(table) for seed in range(400)}
                  for split, draw in (("train", chooser(11)), ("dev", chooser(13, "dev"))))
    assert train == set(table) - {4, 9, 14, 19}
    assert dev == set(table)


# Sentiment: the arithmetic, and that every frame obeys it.

def test_negating_a_clear_opinion_lowers_praise_and_lifts_blame():
    for value in (1, 2, 3):
        for rule in (sentiment_rules.negated, sentiment_rules.faintly_negated, sentiment_rules.reversed_):
            assert sentiment_rules.label_of(rule(value)) < sentiment_rules.label_of(value)
            assert sentiment_rules.label_of(rule(-value)) >= sentiment_rules.label_of(-value)


def test_strengthening_and_softening_move_good_words_by_one_class():
    label = sentiment_rules.label_of
    assert [label(rule(2)) for rule in (sentiment_rules.softened, float, sentiment_rules.strengthened)] == [3, 3, 4]
    assert [label(rule(-2)) for rule in (sentiment_rules.softened, float, sentiment_rules.strengthened)] == [1, 1, 0]


def test_the_clause_after_but_decides_the_side():
    for minor in (1, 2, 3):
        for major in (2, 3):
            assert sentiment_rules.label_of(sentiment_rules.contrast(-minor, major)) > 2
            assert sentiment_rules.label_of(sentiment_rules.contrast(minor, -major)) < 2


def test_no_value_lies_near_a_border_between_classes():
    values = {review(chooser(seed)).value for seed in range(3000)}
    assert min(abs(abs(value) - border) for value in values for border in (0.7, 2.45)) > 0.04


def test_every_topic_has_adjectives_for_all_its_parts():
    kinds = {aspect.split(":")[1] for topic in TOPICS for aspect in topic.aspects} | {topic.kind for topic in TOPICS}
    assert kinds == set(review_words.ADJECTIVES)
    assert all(set(values) == {-3, -2, -1, 1, 2, 3} for values in review_words.ADJECTIVES.values())


def test_no_word_praises_and_blames_the_same_kind_of_thing():
    for kind in review_words.ADJECTIVES:
        found = Counter(word for source in {kind, "any"} for words in review_words.ADJECTIVES[source].values() for word in words)
        assert [word for word, count in found.items() if count > 1] == [], kind


def test_comparisons_come_in_minimal_pairs():
    found = {}
    for seed in range(4000):
        phrase = rather_than(chooser(seed), TOPICS[0])
        found.setdefault(frozenset(bag(phrase.text).items()), set()).add(phrase.value)
    assert any(values == {-2, 2} for values in found.values())  # one bag of words, both opinions


def test_a_negated_comparative_is_as_strong_as_it_gets():
    assert {abs(could_not_be_more(chooser(seed), TOPICS[1]).value) for seed in range(100)} == {3.0}


# Paraphrase: what the builders promise.

@pytest.mark.parametrize("builder", sorted(set(BUILDERS), key=lambda builder: builder.__name__))
def test_every_builder_makes_both_labels_out_of_different_sentences(builder):
    for same in (True, False):
        for seed in range(150):
            first, second = builder(chooser(seed, "dev"), same)
            assert sentence(first).strip() and (same or normalised(first) != normalised(second))


def test_exchanged_roles_keep_the_bag_of_words():
    equal = {True: 0, False: 0}
    for same in equal:
        for seed in range(800):
            first, second = paraphrase_events.roles(chooser(seed), same)
            equal[same] += normalised(first) != normalised(second) and bag(first) == bag(second)
    assert min(equal.values()) >= 20  # both labels occur among pairs of one bag of words


def test_directions_keep_the_bag_of_words_in_both_labels():
    differences = {}
    for same in (True, False):
        pairs = [paraphrase_sentences.direction(chooser(seed), same) for seed in range(300)]
        differences[same] = {frozenset((bag(a) - bag(b)).items()) for a, b in pairs}
    assert differences[True] <= differences[False]  # no word gives the answer away


def test_wordings_of_one_quantity_are_never_shared_by_another():
    wordings = [form for forms in paraphrase_sentences.QUANTITIES.values() for form in forms]
    assert len(set(wordings)) == len(wordings)


# Similarity: the score as a function of two events.

EVENTS = [pair_of_events(chooser(seed, "dev")) for seed in range(300)]


def test_the_score_is_symmetric_and_stays_in_range():
    for first, second in EVENTS:
        assert score(first, second) == score(second, first)
        assert 0.0 <= score(first, second) <= score(first, first) == 5.0


def test_every_single_difference_costs_something():
    first = replace(event(chooser(2), event_words.SOCIAL_ACTIONS, place=1.0, time=1.0), negated=False)
    changed = {
        "looks": replace(first, agent=replace(first.agent, modifier=("sleepy",))),
        "place": replace(first, place=("on the moon",)),
        "agent": replace(first, agent=replace(first.agent, noun=("astronaut",))),
        "denied": replace(first, negated=True),
        "roles": first.swapped(),
    }
    scores = {name: round(score(first, second), 2) for name, second in changed.items()}
    assert scores == {"looks": 4.55, "place": 4.5, "agent": 3.8, "denied": 2.5, "roles": 2.9}


def test_a_shared_setting_alone_is_worth_nothing():
    lost = event(chooser(3), event_words.OBJECT_ACTIONS[10:11], place=1.0, time=1.0)
    met = replace(event(chooser(17), event_words.SYMMETRIC_ACTIONS), place=lost.place, time=lost.time)
    assert met.agent.noun != lost.agent.noun
    assert score(lost, met) == 0.0


def test_symmetric_actions_have_no_roles_to_exchange():
    for seed in range(50):
        met = event(chooser(seed), event_words.SYMMETRIC_ACTIONS)
        assert score(met, met.swapped()) == 5.0
        seen = event(chooser(seed), event_words.SOCIAL_ACTIONS)
        assert score(seen, seen.swapped()) < 4


def test_all_synonyms_of_an_action_are_told_in_both_voices():
    for action in ALL_ACTIONS:
        told = replace(event(chooser(1), (action,) * 2), negated=False)
        assert plainly(action.verbs).past in told.tell("active", plainly)
        passive = told.tell("passive", lambda synonyms: synonyms[-1])
        assert action.symmetric or any(verb.participle and f" {verb.participle} by " in passive for verb in action.verbs)


# English.

def test_articles_follow_the_sound():
    assert [with_article(word) for word in ("honest man", "useful map", "odd cat", "one-off", "dull film")] == [
        "an honest man", "a useful map", "an odd cat", "a one-off", "a dull film"]


def test_comparatives_and_plurals():
    assert [comparative(word) for word in ("dull", "funny", "good", "bad", "rude", "gripping", "second-rate", "lovely")] == [
        "duller", "funnier", "better", "worse", "ruder", "more gripping", "more second-rate", "lovelier"]
    assert [plural(word) for word in ("boy", "child", "policeman", "lorry", "dress", "scarf")] == ["boys", "children", "policemen", "lorries", "dresses", "scarves"]


def test_a_sentence_has_one_capital_and_one_stop():
    assert sentence("  the  boat sank , slowly") == "The boat sank, slowly."
    assert sentence("is it late?") == "Is it late?"
