"""Any sentence-transformers model as the encoder, by name or folder."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.errors import EncoderUnavailable
from models.extras import install_command

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# The E5 family needs these (Wang et al. 2024), but its published folders do not record them as prompts.
E5_PROMPTS = {"query": "query: ", "document": "passage: "}


class SentenceTransformerEncoder:
    """Encodes with a model folder, or a model name that is in the local cache already; nothing is ever downloaded.

    The model's own prompts are used: "query" for messages, "document" (or "passage") for phrasings. An E5 model without
    any gets E5's.

    :raises EncoderUnavailable: the extra `hub` is not installed, or the model is not on this machine.
    """

    def __init__(self, name_or_path: str) -> None:
        self._model = _load(name_or_path)
        name = Path(name_or_path).name
        if _is_e5(name) and not any(self._model.prompts.values()):
            self._model.prompts.update(E5_PROMPTS)
        self._id = f"{name}@{_fingerprint(self._model)}"
        self._dim = int(self._model.encode_query(["在吗"], show_progress_bar=False).shape[1])

    @property
    def id(self) -> str:
        """Last part of the name, and a hash of weights, prompts and maximum length."""
        return self._id

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self._dim

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode buyers' messages: unit rows, shape (len(texts), dim)."""
        if not texts:
            return np.empty((0, self._dim), np.float32)
        return _unit(self._model.encode_query(_utf8(texts), show_progress_bar=False))

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Encode phrasings or replies: unit rows, shape (len(texts), dim)."""
        if not texts:
            return np.empty((0, self._dim), np.float32)
        return _unit(self._model.encode_document(_utf8(texts), show_progress_bar=False))


def _load(name_or_path: str) -> "SentenceTransformer":
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderUnavailable(
            f"编码模型 {name_or_path} 需要额外的组件，请先在小二的文件夹里运行：{install_command('hub')}"
        ) from error
    try:
        return SentenceTransformer(name_or_path, device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise EncoderUnavailable(
            f"本机没有编码模型 {name_or_path}，或模型文件不完整。运行时不会联网下载，"
            "请先把模型下载到本机，再把 XIAOER_ENCODER 设为它的目录；不设则使用自带的模型。"
        ) from error


def _is_e5(name: str) -> bool:
    parts = name.lower().split("-")
    return "e5" in parts and "instruct" not in parts


def _fingerprint(model: "SentenceTransformer") -> str:
    """Hash of all that decides a vector except the tokenizer, so that a retrained model of one name is another."""
    import torch

    digest = hashlib.sha256(repr((sorted(model.prompts.items()), model.max_seq_length)).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()[:12]


def _utf8(texts: Sequence[str]) -> list[str]:
    """Replace lone surrogates, at which the tokenizers stop."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows of length one; a model that gives a zero row is left with it."""
    rows = np.asarray(vectors, np.float32)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(norms, np.finfo(np.float32).tiny)
    return unit
