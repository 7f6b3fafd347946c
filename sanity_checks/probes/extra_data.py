"""The probe of extra rows: labels by map, by range and as they are, rows that are left out, and rows that dev or test has."""

from __future__ import annotations

from sanity_checks.look import Look
from sanity_checks.probes.facts import refused
from sanity_checks.subjects.extra_data import ExtraRows

SNLI = ("id\tsplit\tpremise\thypothesis\tlabel", "1\ttrain\ta dog runs\tan animal moves\tentailment", "2\ttrain\ta dog runs\ta dog sleeps\tcontradiction",
        "3\tdev\ta man sings\tit is loud\tneutral", "4\ttrain\tno one agrees\ton this\t-", "5\ttrain\ta cat\ta pet\t", "6\ttrain\t  \tnothing\tneutral")  # fmt: skip
SPACED = (SNLI[0], "1\t train \ta dog runs\tan animal moves\t entailment ", "2\ttrain\ta cat\ta pet\t - ")
FILMS = ("id\tsentence\tsentiment", "7\tgreat\t1", "8\tawful\t0", "9\tfine\t1.0")
PLAIN = {"columns": ("premise", "hypothesis"), "label": "label"}
SICK = ("id\tsentence1\tsentence2\trelatedness", "1\tone\tuno\t5", "2\ttwo\tdeux\t1", "3\tthree\ttri\t2.5")
PAIR = ("A dog runs.", "An animal moves")
SPELLINGS = {"the same pair": PAIR, "the pair in the other order": PAIR[::-1], "other cases": (PAIR[0].upper(), PAIR[1].lower()), "other punctuation and spaces": ("a dog  runs!", "an animal, moves"),
             "one other text": ("A dog runs.", "A plant moves"), "texts that are cut elsewhere": ("A dog", "runs. An animal moves")}  # fmt: skip


def probe(subject: ExtraRows, look: Look) -> None:
    """Look at labels, at rows left out and at overlaps."""
    words = lambda *given, **table: "; ".join(subject.read(*given, **table))
    look("the rows of SNLI as paraphrases", lambda: words("quora", SNLI, named="snli-paraphrase"))
    look("the rows of SNLI by a map of one's own", lambda: words("quora", SNLI, **PLAIN, map={"entailment": 1, "neutral": 1, "contradiction": 0}, drop=("-",)))
    look("the rows of one split", lambda: words("quora", SNLI, named="snli-paraphrase", only=(("split", ("dev", "test")),)))
    look("film reviews as sentiments", lambda: words("sst", FILMS, named="cfimdb-sentiment"))
    look("film reviews with the task's own labels", lambda: words("sst", FILMS[:3]))
    look("a map of numbers in two spellings", lambda: words("sst", FILMS, map={"1": 4.0, "0": 0.0, "1.0": 3.0}), "option")
    look("cells with spaces around them", lambda: words("quora", SPACED, **PLAIN, map={"entailment": 1}, drop=("-",), only=(("split", ("train",)),)), "option")
    look("relatedness from 1 to 5 as similarity from 0 to 5", lambda: words("sts", SICK, named="sick"))
    look("relatedness by another range", lambda: words("sts", SICK, columns=("sentence1", "sentence2"), label="relatedness", range=(0.0, 10.0)), "option")
    look("rows that are all paraphrases", lambda: words("quora", SICK, named="all-paraphrases"), "option")
    look("a label that the map lacks is refused", lambda: refused(lambda: words("quora", SNLI, **PLAIN, map={"entailment": 1})))
    look("a label out of range is refused", lambda: refused(lambda: words("sts", SICK, columns=("sentence1", "sentence2"), label="relatedness", range=(2.0, 5.0))))
    look("a file of which no row is left is refused", lambda: refused(lambda: words("quora", SNLI, named="snli-paraphrase", only=(("split", ("test",)),))), "option")
    for how, texts in SPELLINGS.items():
        look(f"whether a pair counts as held out with {how}", lambda texts=texts: subject.mark(PAIR) == subject.mark(texts))
    look("whether texts without letters count as the same", lambda: subject.mark(("?", "!")) is not None, "option")
    held_out = [("An animal moves!", "A dog runs")]
    look("the rows where dev has others", lambda: "; ".join(subject.apart("quora", SNLI, [("A cat moves!", "A dog runs")], named="snli-paraphrase")))
    look("a row that dev has is refused", lambda: refused(lambda: subject.apart("quora", SNLI, held_out, named="snli-paraphrase")))
    look("the rows without one that dev has", lambda: "; ".join(subject.apart("quora", SNLI, held_out, named="snli-paraphrase", overlap="drop")))
