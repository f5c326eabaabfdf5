"""8-bit weights for MatMulInteger, and the packing of the embedding table."""

import numpy as np
from numpy.typing import NDArray

# 7 bits of the 8. Processors without VNNI add two products of an unsigned activation and a signed weight in 16 bits,
# and 2 × 255 × 64 = 32,640 still fits; the full range would saturate silently.
WEIGHT_LIMIT = 64


def quantise_weight(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Signed integers within ±WEIGHT_LIMIT and one scale a row (output channel), for a weight (outputs, inputs)."""
    scales = np.abs(weight).max(axis=1) / WEIGHT_LIMIT
    return np.rint(weight / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def pack_int4(values: NDArray[np.int8]) -> bytes:
    """ONNX's INT4 layout of integers in -8..7: two's complement, the earlier value in the low half of each byte."""
    nibbles = values.reshape(-1, 2).astype(np.uint8) & 15
    return bytes(nibbles[:, 0] | (nibbles[:, 1] << 4))
