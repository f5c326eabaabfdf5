"""The build of the shipped weights: sources, Q4_0 reader, vocabulary, quantisation, and the committed folder."""

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from tokenizers import Tokenizer

from models.build_encoder import reference_sentences
from models.building.e5s1 import E5File
from models.building.quantisation import WEIGHT_LIMIT, pack_int4, quantise_weight
from models.building.sources import TOKENIZER, WEIGHTS
from models.building.vocabulary import choose_pieces, is_exact, trim_tokenizer
from models.encoder import SHIPPED_FOLDER
from models.errors import BuildError


def test_a_missing_source_names_the_extra() -> None:
    with pytest.raises(BuildError, match=r"-e '\.\[train\]'"):
        replace(WEIGHTS, distribution="no-such-distribution").locate()


def test_an_altered_source_is_refused() -> None:
    with pytest.raises(BuildError, match="differs from the pinned one"):
        replace(TOKENIZER, sha256="0" * 64).locate()


def write_tiny_e5s1(path: Path) -> None:
    """Two pieces, one float tensor of 2 values, one Q4_0 tensor of one block: weight i is (i % 16 - 8) / 2."""
    blob = "在吗".encode()
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 64, 2, 8, 2, 1e-12, 32)
    pieces = struct.pack("<5iQ3I2f", 2, 0, 2, 1, 3, len(blob), 0, 3, 6, 0.0, -1.0) + blob + struct.pack("<iI", 0, 0)
    size = len(head) + len(pieces) + 4 + 2 * (2 + 1 + struct.calcsize("<BIQQ"))
    directory = struct.pack("<i", 2)
    directory += struct.pack("<H", 1) + b"f" + struct.pack("<BIQQ", 0, 2, size, 8)
    directory += struct.pack("<H", 1) + b"q" + struct.pack("<BIQQ", 1, 32, size + 8, 18)
    block = np.float16(0.5).tobytes() + bytes(value | value << 4 for value in range(16))
    path.write_bytes(head + pieces + directory + struct.pack("<2f", 1.5, -2.5) + block)


def test_reads_pieces_floats_and_blocks(tmp_path: Path) -> None:
    write_tiny_e5s1(tmp_path / "tiny.bin")
    file = E5File.read(tmp_path / "tiny.bin")
    assert file.pieces == ["在", "吗"]
    assert (file.sizes.hidden, file.sizes.types) == (32, 2)
    np.testing.assert_array_equal(file.floats("f"), [1.5, -2.5])
    np.testing.assert_array_equal(file.floats("q"), (np.arange(32) % 16 - 8) / 2)


@pytest.mark.parametrize("content", [b"", b"E5S1\x01\x00", b"GGUF" + bytes(100)])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.bin").write_bytes(content)
    with pytest.raises(BuildError):
        E5File.read(tmp_path / "other.bin")


def test_weights_are_quantised_within_seven_bits_and_half_a_step() -> None:
    weight = np.random.default_rng(0).normal(size=(8, 64)).astype(np.float32)
    integers, scales = quantise_weight(weight)
    assert np.abs(integers).max() == WEIGHT_LIMIT
    assert (np.abs(integers * scales[:, None] - weight) <= scales[:, None] / 2 + 1e-6).all()


def test_int4_packs_the_earlier_value_low() -> None:
    assert pack_int4(np.array([[1, -1, -8, 7]], np.int8)) == bytes([0xF1, 0x78])


def test_shipped_weights_cannot_saturate_16_bits() -> None:
    model = onnx.load(SHIPPED_FOLDER / "model.onnx")
    weights = [numpy_helper.to_array(tensor) for tensor in model.graph.initializer if tensor.data_type == 3]
    matrices = [weight for weight in weights if weight.ndim == 2]
    assert len(matrices) == 12 * 4
    assert 2 * 255 * max(int(np.abs(matrix.astype(np.int16)).max()) for matrix in matrices) < 2**15


def test_chosen_pieces() -> None:
    pieces = ["<s>", "▁", "的", "可以吗", "▁2024", "！！", "я", "▁привет", "です", "▁the", "👍"]
    kept = {pieces[index] for index in choose_pieces(pieces)}
    assert kept == set(pieces) - {"▁привет", "です"}


def test_a_rare_latin_piece_is_kept_for_the_shop_only() -> None:
    pieces = ["的"] * 50_000 + ["▁Refund", "▁zwischen"]
    assert 50_000 in choose_pieces(pieces)
    assert 50_001 not in choose_pieces(pieces)


def test_the_shipped_tokenizer_reads_exact_text_as_the_original_does() -> None:
    source = TOKENIZER.locate().read_text(encoding="utf-8")
    original = Tokenizer.from_str(source)
    shipped = Tokenizer.from_file(str(SHIPPED_FOLDER / "tokenizer.json"))
    texts = [text for text in reference_sentences() if is_exact(text)]
    assert len(texts) > 150
    for text in texts:
        assert shipped.encode(text).tokens == original.encode(text).tokens


def test_a_foreign_tokenizer_is_refused() -> None:
    with pytest.raises(BuildError, match="not those of the weights"):
        trim_tokenizer(json.dumps({"model": {"vocab": [["a", 0.0]]}}), ["b"], [0])


def test_the_shipped_folder_is_whole_and_described() -> None:
    config = json.loads((SHIPPED_FOLDER / "config.json").read_text(encoding="utf-8"))
    card = (SHIPPED_FOLDER / "README.md").read_text(encoding="utf-8")
    for name, digest in config["sha256"].items():
        assert hashlib.sha256((SHIPPED_FOLDER / name).read_bytes()).hexdigest() == digest
        assert digest in card
    assert config["id"] in card
    assert config["measured"]["mean_cosine"] >= 0.99
    assert len(reference_sentences()) == len(np.load(SHIPPED_FOLDER / "reference.npy")) == 200
