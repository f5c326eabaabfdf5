"""The encoder that is shipped: a quantised ONNX graph on onnxruntime, without torch."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.errors import WeightsDamaged

# Cells (texts × padded length) of one run: larger runs are no faster on a core and only take more memory.
RUN_TOKENS = 512
# No piece of the vocabulary is longer, so what lies beyond max_length pieces of this length cannot be read anyway.
LONGEST_PIECE = 16
RESTORE = "请重新安装小二，或恢复 models/weights 目录后再启动。"


@dataclass(frozen=True)
class EncoderConfig:
    """What `config.json` of a weights folder says."""

    id: str
    dim: int
    max_length: int
    pad_id: int
    query_prefix: str
    document_prefix: str
    sha256: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> "EncoderConfig":
        """Read `config.json`.

        :raises WeightsDamaged: it is missing or incomplete.
        """
        try:
            values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            return cls(**{name: values[name] for name in cls.__dataclass_fields__})
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsDamaged(f"编码模型的配置 {folder / 'config.json'} 缺失或损坏。{RESTORE}") from error


class OnnxEncoder:
    """Encodes with the folder that `python -m models.build_encoder` writes.

    Safe for concurrent calls. A text's vector depends on neither its batch nor the padding, because the graph scales
    the activations of each token by themselves (see `models/building/graph.py`).

    :param threads: threads inside one run. One suits a service: a short query takes about 3 ms, and concurrent
        requests use the other cores better than one request split in two.
    :param workers: runs at the same time when one call carries more texts than one run; every core by default.
    :raises WeightsDamaged: a file is missing or its checksum differs.
    """

    def __init__(self, folder: Path, *, threads: int = 1, workers: int | None = None) -> None:
        self._config = EncoderConfig.read(folder)
        for name, digest in self._config.sha256.items():
            _verify(folder / name, digest)
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(self._config.max_length)
        # By path: a session made from bytes was measured to keep 40 MB more.
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", _session_options(threads), providers=["CPUExecutionProvider"]
        )
        self._workers = workers or os.cpu_count() or 1

    @property
    def id(self) -> str:
        """Name and content hash of the weights."""
        return self._config.id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._config.dim

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode buyers' messages: unit rows, shape (len(texts), dim). Text beyond `max_length` pieces is not read."""
        return self._encode([self._config.query_prefix + text for text in texts])

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode phrasings or replies: unit rows, shape (len(texts), dim)."""
        return self._encode([self._config.document_prefix + text for text in texts])

    def _encode(self, texts: list[str]) -> NDArray[np.float32]:
        pieces = self._pieces(texts)
        vectors = np.empty((len(texts), self.dim), np.float32)

        def run(rows: list[int]) -> None:
            vectors[rows] = self._run([pieces[row] for row in rows])

        batches = list(_batches(pieces))
        if len(batches) < 2 or self._workers < 2:
            for rows in batches:
                run(rows)
        else:
            with ThreadPoolExecutor(self._workers) as pool:
                list(pool.map(run, batches))
        return vectors

    def _pieces(self, texts: list[str]) -> list[list[int]]:
        """Vocabulary ids of each text; characters that have no UTF-8 form (lone surrogates) are read as '?'."""
        limit = self._config.max_length * LONGEST_PIECE
        clean = [text[:limit].encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(clean)]

    def _run(self, pieces: list[list[int]]) -> NDArray[np.float32]:
        longest = max(map(len, pieces))
        input_ids = np.full((len(pieces), longest), self._config.pad_id, np.int64)
        attention_mask = np.zeros_like(input_ids)
        for row, ids in enumerate(pieces):
            input_ids[row, : len(ids)] = ids
            attention_mask[row, : len(ids)] = 1
        outputs = self._session.run(None, {"input_ids": input_ids, "attention_mask": attention_mask})
        return np.asarray(outputs[0], np.float32)


def _batches(pieces: list[list[int]]) -> Iterator[list[int]]:
    """Row numbers in runs of at most RUN_TOKENS cells (or one text), alike in length so that little is padding."""
    rows: list[int] = []
    for row in sorted(range(len(pieces)), key=lambda row: len(pieces[row])):
        if rows and (len(rows) + 1) * len(pieces[row]) > RUN_TOKENS:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _verify(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise WeightsDamaged(f"编码模型文件 {path} 读不到。{RESTORE}") from error
    if actual != digest:
        raise WeightsDamaged(f"编码模型文件 {path} 的校验和不对，文件可能不完整。{RESTORE}")


def _session_options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The graph is written in fused operators already. The further fusions would join Add and LayerNormalization into
    # SkipLayerNormalization, whose kernel was measured to be four times as slow as the two apart.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # The arena keeps the largest run's memory for ever; without it the process stays small at the same speed.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return options
