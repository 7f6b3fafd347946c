"""Both spellings of an option are one option; what is no option is told with the nearest one or with what to do instead."""

from __future__ import annotations

import pytest

from minbert.errors import UserError
from tasks.commands import evaluate, predict, train
from tasks.commands.options import parse, with_dashes
from tasks.commands.train_options import INSTEAD, train_parser
from tasks.recipe_reading import KEYS


def test_underscores_in_names_become_dashes_and_values_stay_as_they_are() -> None:
    assert with_dashes(["--batch_size=a_b", "x_y", "-a_b", "--set", "data.max_length=3"]) == ["--batch-size=a_b", "x_y", "-a_b", "--set", "data.max_length=3"]
    options = parse(train_parser(), ["--hidden_dropout_prob", "0.1", "--use_gpu", "--sst_dev_out=o_o.csv", "--fine_tune_mode", "full-model"])
    assert (options.hidden_dropout_prob, options.use_gpu, options.sst_dev_out, options.fine_tune_mode) == ("0.1", True, "o_o.csv", "full-model")


@pytest.mark.parametrize(("argv", "sentence"), [
    (["--epoch", "3"], 'minbert train has no option "--epoch"; did you mean --epochs?'),
    (["--sst_tran", "x"], 'minbert train has no option "--sst-tran"; did you mean --sst-train?'),
    (["--zzzzzz"], 'minbert train has no option "--zzzzzz"; minbert train --help shows all.'),
    (["--learning_rate", "1"], "minbert train has no option --learning-rate; say --lr VALUE."),
    (["--clip=1"], "minbert train has no option --clip; say --set training.clip=VALUE."),
    (["--filepath", "x"], "minbert train has no option --filepath; name the folder of the whole run with --run-folder."),
    (["--label_names", "x"], ("minbert train has no option --label-names; labels are numbers from 0 upwards, and other data is a task of your own in a "
     "recipe: see docs/recipes.md.")),
    (["--local_files_only"], "minbert train has no option --local-files-only; set the environment variable HF_HUB_OFFLINE=1."),
    (["sst", "quora"], 'minbert train expected nothing more after its arguments, got "quora"; a value with blanks needs quotes around it.'),
    (["--set"], "train: argument --set: expected one argument; minbert train --help shows what there is."),
], ids=lambda value: value[0] if isinstance(value, list) else "")
def test_an_argument_that_is_none_is_told(argv: list[str], sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        train.main(argv)
    assert str(caught.value) == sentence


def test_missing_arguments_are_told() -> None:
    with pytest.raises(UserError, match=r"^evaluate: the following arguments are required: RUN; minbert evaluate --help shows what there is\.$"):
        evaluate.main([])
    with pytest.raises(UserError, match=r'^minbert predict has no option "--splitt"; did you mean --split\?$'):
        predict.main(["run", "--splitt", "dev"])


def test_every_setting_that_sounds_like_an_option_leads_somewhere() -> None:
    options = {name for action in train_parser()._actions for name in action.option_strings}
    for key in KEYS:
        option = f"--{key.rpartition('.')[2].replace('_', '-')}"
        assert option in options or option in INSTEAD or key.endswith(".name"), key
