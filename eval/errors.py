"""What can go wrong in an evaluation, said to the person who runs it."""

from __future__ import annotations


class EvaluationError(Exception):
    """Root of the errors of this package."""


class DialogsUnreadable(EvaluationError):
    """A file of labelled dialogs cannot be read; the message names line, field and remedy."""
