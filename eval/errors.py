"""What can go wrong in an evaluation, said to the person who runs it.

EvaluationError
├── InputUnreadable         what was given cannot be read; the command ends with exit code 2
│   ├── DialogsUnreadable   a file of labelled dialogs
│   └── CollectionUnreadable  a BEIR folder
├── OutputUnwritable        the report or the run cannot be written where it should; exit code 2
└── PackagesMissing         the libraries of the extra `eval` (or `train`) are not installed; exit code 1
"""

from __future__ import annotations


class EvaluationError(Exception):
    """Root of the errors of this package."""


class InputUnreadable(EvaluationError):
    """A file cannot be read or used; the message names file, line, field and remedy."""


class DialogsUnreadable(InputUnreadable):
    """A file of labelled dialogs cannot be read; the message names line, field and remedy."""


class CollectionUnreadable(InputUnreadable):
    """A BEIR folder cannot be read; the message names file, line, field and remedy."""


class OutputUnwritable(EvaluationError):
    """A result cannot be written; the message names the file and the remedy."""


class PackagesMissing(EvaluationError):
    """A library that only evaluations need is not installed; the message says how to install it."""
