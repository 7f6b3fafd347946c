"""Optimisation: AdamW in the course's and in torch's form, gradient surgery, learning-rate schedules, and parameter groups."""

from .adamw import AdamW, course_update, torch_update
from .gradvac import gradvac
from .groups import parameter_groups
from .pcgrad import pcgrad
from .schedules import SCHEDULES, Schedule, constant, linear, slanted_triangular
from .surgery import PCGrad

__all__ = ["SCHEDULES", "AdamW", "PCGrad", "Schedule", "constant", "course_update", "gradvac", "linear", "parameter_groups", "pcgrad", "slanted_triangular",
           "torch_update"]
