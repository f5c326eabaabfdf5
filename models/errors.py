"""The errors of `models/`, as one tree.

ModelError
├── EncoderUnavailable   the encoder that was asked for cannot be loaded here
├── WeightsDamaged       a file of shipped weights is missing or is not the one that was released
├── CalibrationUnusable  fitted numbers are missing, unreadable or another encoder's
└── BuildError           the weights cannot be built; shown to a developer, hence in English
"""


class ModelError(Exception):
    """Something in `models/` cannot be used; the message names the remedy."""


class EncoderUnavailable(ModelError):
    """The chosen encoder is not installed, not cached, or cannot be read."""


class WeightsDamaged(ModelError):
    """A weights folder is incomplete, or a file's checksum differs from the recorded one."""


class CalibrationUnusable(ModelError):
    """A calibration cannot be read, or was fitted on another encoder."""


class BuildError(ModelError):
    """A source of the shipped weights is missing or differs from the pinned one."""
