"""Two settings that cannot work together are told as such: each row of the table by its own sentence, and no built-in recipe meets one."""

from __future__ import annotations

from impossible_settings import each_of, expect_impossible

from tasks.recipe_combinations import COMBINATIONS

IMPOSSIBLE = [
    (["update.name=pcgrad", "sampler.name=annealed"], ('update.name = "pcgrad" joins the gradients of several tasks in one step, but sampler.name = '
     '"annealed" makes steps of a single task; try sampler.name = "lock-step" or update.name = "separate".')),
    (["update.name=pcgrad", "update.reading=fresh"], ('update.reading = "fresh" is about the second of two updates, but update.name = "pcgrad" makes one; '
     'try update.name = "gse" or leave reading at "stale".')),
    (["update.name=gse", "training.precision=fp16"], ('training.precision = "fp16" rescales between updates, but update.name = "gse" makes two of one '
     'backward; try precision = "bf16" or "fp32".')),
    (["regularizer.name=smart", "regularizer.sigma=0"], ('regularizer.sigma = 0 starts the ascent where the slope is exactly 0, so it never leaves; '
     'try regularizer.sigma = 1e-5.')),
    (["sampler.times=3", "sampler.iterations=100"], ("sampler.times = 3 multiplies the sampler's own number of steps, but sampler.iterations = 100 "
     'replaces it; set one of the two.')),
    (["model.pair_order=random"], ('model.pair_order and model.evaluate_order are about pairs read as one sequence, but model.pairs = "siamese" encodes the '
     'texts apart; try model.pairs = "cross" or leave both at "fixed".')),
    (["bregman.weight=1", "bregman.momentum=0", "bregman.late_momentum=0"], ('bregman.momentum = 0 makes the teacher the model of the step before, to '
     'which the distance is 0 when it is differentiated; try bregman.every = 10, or bregman.momentum = 0.99.')),
    (["regularizer.weight=0.5"], 'regularizer.weight = 0.5 weighs nothing while regularizer.name = "none"; try regularizer.weight = 0.'),
    (["model.pairs=cross", "model.pair_features=sbert"], ('model.pair_features = "sbert" joins two sentence vectors, but model.pairs = "cross" reads '
     'both texts as one sequence and has a single vector; try model.pairs = "siamese" or leave pair_features at "concat".')),
    (["model.head_dropouts=para=0.9"], ('model.head_dropouts, para=0.9, names a task that is not among tasks, sst, quora, sts; '
     'try model.head_dropouts = ["sst=0.1"].')),
    (["model.head_dropouts=sts=0.9", "model.heads=sts=cosine-embedding"], ("model.head_dropouts gives a rate to a task whose head is cosine-embedding "
     "by model.heads, and that head has no dropout; leave that task out of model.head_dropouts.")),
    (["training.precision=fp16", "training.device=cpu"], ('training.precision = "fp16" needs a CUDA device, but training.device = "cpu"; '
     'try precision = "fp32" or "bf16".')),
    (["training.precision=bf16", "training.device=mps"], ('training.precision = "bf16" needs the CPU or a CUDA device, but training.device = "mps"; '
     'try precision = "fp32".')),
]


@each_of(IMPOSSIBLE)
def test_an_impossible_pair_of_settings_has_its_sentence_and_without_the_last_is_possible(overrides: list[str], sentence: str) -> None:
    expect_impossible(overrides, sentence)


def test_every_row_of_the_table_is_tested() -> None:
    assert len(IMPOSSIBLE) == len(COMBINATIONS)
