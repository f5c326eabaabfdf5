"""Reader of the E5S1 file: multilingual-e5-small in llama.cpp's Q4_0, little-endian.

Layout: magic and version; the model's sizes; the vocabulary; a directory of tensors; the tensors.
A Q4_0 block is an fp16 scale and 16 bytes: low nibbles are weights 0-15, high nibbles 16-31, each minus 8, times the
scale.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.errors import BuildError

BLOCK = 32
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True)
class Sizes:
    """The model's dimensions, in the file's order."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int


@dataclass(frozen=True)
class _Tensor:
    quantised: bool
    count: int
    offset: int
    size: int


class _Cursor:
    """Reads one packed structure after another."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self._content, self._at)
        self._at += struct.calcsize("<" + layout)
        return values

    def bytes(self, count: int) -> bytes:
        (chunk,) = self.take(f"{count}s")
        return bytes(chunk)


class E5File:
    """The file's sizes, vocabulary and tensors."""

    def __init__(self, sizes: Sizes, pieces: list[str], tensors: dict[str, _Tensor], content: bytes) -> None:
        self.sizes = sizes
        self.pieces = pieces
        self._tensors = tensors
        self._content = content
        self._replaced: Mapping[str, NDArray[np.float32]] = {}

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the whole file.

        :raises BuildError: it is not an E5S1 file, or it is cut short.
        """
        content = path.read_bytes()
        cursor = _Cursor(content)
        try:
            magic, _version = cursor.take("4sI")
            if magic != b"E5S1":
                raise BuildError(f"{path} is not an E5S1 file")
            sizes = Sizes(*cursor.take("7i"))
            cursor.take("fi")  # layer-norm epsilon, block size
            pieces = _read_pieces(cursor)
            return cls(sizes, pieces, _read_directory(cursor), content)
        except struct.error as error:
            raise BuildError(f"{path} is cut short") from error

    def tuned(self, tensors: Mapping[str, NDArray[np.float32]]) -> Self:
        """The file with these tensors, flat, in place of its own."""
        unknown = tensors.keys() - self._tensors.keys()
        if unknown:
            raise BuildError(f"no such tensors: {', '.join(sorted(unknown))}")
        copy = type(self)(self.sizes, self.pieces, self._tensors, self._content)
        copy._replaced = {**self._replaced, **tensors}
        return copy

    def floats(self, name: str) -> NDArray[np.float32]:
        """One tensor as float32, flat."""
        if name in self._replaced:
            return self._replaced[name]
        tensor = self._tensors[name]
        if not tensor.quantised:
            return np.frombuffer(self._content, "<f4", tensor.count, tensor.offset)
        nibbles, scales = self.blocks(name)
        values: NDArray[np.float32] = nibbles * scales.astype(np.float32)[:, None]
        return values.reshape(-1)

    def blocks(self, name: str) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
        """One Q4_0 tensor as it is stored: integers in -8..7 of shape (blocks, 32), and a scale a block."""
        tensor = self._tensors[name]
        blocks = np.frombuffer(self._content, _Q4_0, tensor.count // BLOCK, tensor.offset)
        packed = blocks["nibbles"]
        nibbles = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.int8) - 8
        return nibbles.astype(np.int8), blocks["scale"].astype(np.float16)


def _read_pieces(cursor: _Cursor) -> list[str]:
    count, *_special_ids = cursor.take("5i")
    (blob_length,) = cursor.take("Q")
    offsets = cursor.take(f"{count + 1}I")
    cursor.take(f"{count}f")  # scores; the tokenizer file has them too
    blob = cursor.bytes(blob_length)
    _entries, map_length = cursor.take("iI")
    cursor.bytes(map_length)  # normalisation map; the tokenizer file has it too
    return [blob[start:end].decode("utf-8") for start, end in pairwise(offsets)]


def _read_directory(cursor: _Cursor) -> dict[str, _Tensor]:
    tensors = {}
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode("ascii")
        kind, values, offset, size = cursor.take("BIQQ")
        tensors[name] = _Tensor(kind == 1, values, offset, size)
    return tensors
