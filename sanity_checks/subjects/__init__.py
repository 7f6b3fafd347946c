"""Subjects: what a probe needs of a component, and how this library's code offers it; a course starter's code offers the same elsewhere.

A subject is a frozen dataclass of callables. Where a layout has no such part, the field is None and the probe looks at the rest.
"""
