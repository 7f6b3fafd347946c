"""A student's way from an empty skeleton to a trained baseline: what makes docs/student_journey.md and the console blocks of other pages."""
