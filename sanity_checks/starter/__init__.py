"""Checks of a course starter checkout: a student's own bert.py, optimizer.py, classifier.py and multitask_classifier.py, where they lie.

    folder.py       which folder is meant                 loading.py      import its files, whatever packages are missing
    adapters.py     its classes as the subjects of subjects/     predictions.py  its heads, looked at without any reference
    check.py        verdicts(folder): one verdict after the other

It needs neither weights nor data nor the packages that the course pins. Like wrong/, it stays out of student editions: its stand-ins are solutions.
"""
