"""Optimisation: AdamW in the course's and in torch's form, learning-rate schedules, and parameter groups."""

from .adamw import AdamW, course_update, torch_update
from .groups import parameter_groups
from .schedules import SCHEDULES, Schedule, constant, linear

__all__ = ["SCHEDULES", "AdamW", "Schedule", "constant", "course_update", "linear", "parameter_groups", "torch_update"]
