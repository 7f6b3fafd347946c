"""Settings are checked on construction, and their choices are those of the tables that do the work."""

from __future__ import annotations

import dataclasses

import pytest

from minbert.entry_points import POINTS
from minbert.errors import UserError
from minbert.task_adapters import VARIANTS
from minbert.truncation import KEEPERS
from optim.adamw import BACKENDS, FORMS
from optim.schedules import SCHEDULES
from regularizers.smart import MASKS, NORMS, SCOPES
from tasks.cosine_heads import OUTPUTS
from tasks.devices import DEVICES
from tasks.encoding import PAIRS
from tasks.metrics import OVERALLS
from tasks.optimizers import OPTIMIZERS
from tasks.pairs import PAIR_FEATURES
from tasks.pooling import POOLINGS
from tasks.precision import DTYPES
from tasks.recipe_reading import KEYS
from tasks.recipe_settings import ModelSettings, OptimizerSettings, Recipe, SamplerSettings, TrainingSettings
from tasks.regularizers_of import REGULARIZERS
from tasks.relation import RELATIONS
from tasks.samplers import SAMPLERS
from tasks.surgery_updates import ALL_UPDATES, READINGS

TABLES = {"data.truncation": KEEPERS, "model.pairs": PAIRS, "model.pair_features": PAIR_FEATURES, "model.pooling": POOLINGS,
          "sampler.name": SAMPLERS, "update.name": ALL_UPDATES, "update.reading": READINGS, "regularizer.name": {"none", *REGULARIZERS}, "regularizer.norm": NORMS,
          "regularizer.scope": SCOPES, "regularizer.dropout": MASKS, "regularizer.point": POINTS, "model.cosine_output": OUTPUTS, "optimizer.name": OPTIMIZERS, "optimizer.form": FORMS, "optimizer.backend": BACKENDS, "schedule.name": SCHEDULES,
          "sharing.adapters": {"none", *VARIANTS}, "model.relation": RELATIONS, "training.precision": DTYPES, "training.device": DEVICES, "training.score": OVERALLS}


@pytest.mark.parametrize("key", TABLES)
def test_the_choices_of_a_setting_are_the_rows_of_the_table_that_does_the_work(key: str) -> None:
    assert set(KEYS[key].metadata["rule"].choices) == set(TABLES[key])


@pytest.mark.parametrize("key", KEYS)
def test_every_setting_has_a_comment_and_a_default_that_fits_its_own_rule(key: str) -> None:
    field = KEYS[key]
    assert field.metadata["comment"] and "\n" not in field.metadata["comment"]
    assert field.metadata["rule"].convert(field.default) == field.default


def test_settings_made_in_python_are_checked_and_converted_too() -> None:
    made = OptimizerSettings(lr=1, betas=[0, 0.5])
    assert made.lr == 1.0 and isinstance(made.lr, float) and made.betas == (0.0, 0.5)
    with pytest.raises(UserError, match=r"^sampler\.batch_size is 0, but must be a whole number from 1 to a billion; the default is 8\.$"):
        SamplerSettings(batch_size=0)
    with pytest.raises(UserError, match=r"^tasks is \"sst\", but must be a list of one or more different task names"):
        Recipe(tasks="sst")
    with pytest.raises(UserError, match=r"^training\.epochs is 0, but"):
        dataclasses.replace(TrainingSettings(), epochs=0)


def test_settings_cannot_be_changed_after_they_were_checked() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        ModelSettings().pairs = "cross"  # type: ignore[misc]
