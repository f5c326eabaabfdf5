"""The encoders: the shipped one against full precision, odd input, padding, damage; and any model by its folder."""

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, pre_tokenizers, processors
from tokenizers.models import WordLevel
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from models.encoder import SHIPPED_FOLDER, Encoder, load_encoder
from models.errors import EncoderUnavailable, WeightsDamaged
from models.extras import install_command
from models.onnx_encoder import OnnxEncoder

SENTENCES = Path("models/building/reference_sentences.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def assert_unit_rows(vectors: NDArray[np.float32], rows: int, dim: int) -> None:
    assert vectors.dtype == np.float32
    assert vectors.shape == (rows, dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_agrees_with_full_precision_on_200_sentences(encoder: Encoder) -> None:
    reference = np.load(SHIPPED_FOLDER / "reference.npy")
    cosines = (encoder.encode_queries(SENTENCES) * reference).sum(axis=1)
    assert cosines.shape == (200,)
    assert cosines.mean() >= 0.998
    assert cosines.min() >= 0.99


def test_batch_mates_and_padding_change_nothing(encoder: Encoder) -> None:
    together = encoder.encode_queries(SENTENCES)
    alone = np.concatenate([encoder.encode_queries([text]) for text in SENTENCES])
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_the_order_of_texts_is_kept(encoder: Encoder) -> None:
    backwards = encoder.encode_documents(SENTENCES[::-1])
    np.testing.assert_allclose(backwards[::-1], encoder.encode_documents(SENTENCES), atol=1e-3)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("发票可以开吗", "發票可以開嗎"),
        ("收到的商品有问题，怎么退货", "收到的商品有問題，怎麼退貨"),
        ("这件衣服还有货吗", "這件衣服還有貨嗎"),
    ],
)
def test_traditional_is_near_simplified(encoder: Encoder, simplified: str, traditional: str) -> None:
    same, other, unrelated = encoder.encode_queries([simplified, traditional, "今天天气怎么样"])
    assert same @ other > 0.9
    assert same @ other > same @ unrelated + 0.04


def test_a_question_is_nearest_to_its_own_phrasing(encoder: Encoder) -> None:
    documents = encoder.encode_documents(["运费由谁承担", "多久可以发货", "可以修改收货地址吗"])
    queries = encoder.encode_queries(["退货邮费谁出啊", "啥时候发货", "地址填错了想改一下"])
    assert (queries @ documents.T).argmax(axis=1).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "text", ["", " ", "😀", "😭🙏🏻❤️👨‍👩‍👧", "\x00", "a\x00b", "\ud83d", "好\udc00的", "这" * 5000, "</s><mask>"]
)
def test_odd_text_gives_a_unit_vector(encoder: Encoder, text: str) -> None:
    assert_unit_rows(encoder.encode_queries([text]), 1, encoder.dim)
    assert_unit_rows(encoder.encode_documents([text, "在吗"]), 2, encoder.dim)


def test_no_text_gives_no_rows(encoder: Encoder) -> None:
    assert_unit_rows(encoder.encode_queries([]), 0, encoder.dim)
    assert_unit_rows(encoder.encode_documents([]), 0, encoder.dim)


@settings(deadline=None, max_examples=60)
@given(texts=st.lists(st.text(st.characters(exclude_categories=())), max_size=4))
def test_any_text_gives_unit_rows(encoder: Encoder, texts: list[str]) -> None:
    assert_unit_rows(encoder.encode_queries(texts), len(texts), encoder.dim)


def test_queries_and_documents_are_marked_differently(encoder: Encoder) -> None:
    cosine = float((encoder.encode_queries(["在吗"]) @ encoder.encode_documents(["在吗"]).T)[0, 0])
    assert 0.8 < cosine < 0.9999


def test_concurrent_calls_agree_with_calls_in_turn(encoder: Encoder) -> None:
    expected = [encoder.encode_queries([text]) for text in SENTENCES[:40]]
    with ThreadPoolExecutor(8) as pool:
        actual = list(pool.map(lambda text: encoder.encode_queries([text]), SENTENCES[:40]))
    np.testing.assert_allclose(np.stack(actual), np.stack(expected), atol=1e-5)


def test_identity_and_dimension_are_those_of_the_config(encoder: Encoder) -> None:
    config = json.loads((SHIPPED_FOLDER / "config.json").read_text(encoding="utf-8"))
    assert (encoder.id, encoder.dim) == (config["id"], config["dim"])


def test_serving_loads_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from models.encoder import load_encoder; load_encoder().encode_queries(['在吗']);"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.fixture
def copied_weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED_FOLDER, folder)
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_altered_file_is_refused(copied_weights: Path, name: str) -> None:
    content = bytearray((copied_weights / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied_weights / name).write_bytes(content)
    with pytest.raises(WeightsDamaged, match="校验和不对"):
        OnnxEncoder(copied_weights)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_refused(copied_weights: Path, name: str) -> None:
    (copied_weights / name).unlink()
    with pytest.raises(WeightsDamaged, match=name):
        OnnxEncoder(copied_weights)


@pytest.mark.parametrize("content", ["{", "[]", '{"id": "x"}', ""])
def test_a_broken_config_is_refused(copied_weights: Path, content: str) -> None:
    (copied_weights / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(WeightsDamaged, match="配置"):
        OnnxEncoder(copied_weights)


def test_a_model_that_is_not_on_this_machine_says_so() -> None:
    with pytest.raises(EncoderUnavailable, match="不会联网下载"):
        load_encoder("nobody/no-such-model")


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderUnavailable, match=re.escape(install_command("hub"))):
        load_encoder("any/model")


def save_tiny_model(folder: Path, seed: int) -> Path:
    """A one-layer BERT of 16 dimensions with one vocabulary piece a character, and a prompt for either side."""
    torch.manual_seed(seed)
    pieces = {
        piece: number for number, piece in enumerate(["[PAD]", "[UNK]", "[CLS]", *"问答:可以改地址吗在多久发货?"])
    }
    tokenizer = Tokenizer(WordLevel(pieces, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A", special_tokens=[("[CLS]", 2)])
    source = folder / "source"
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")  # type: ignore[no-untyped-call]
    fast.save_pretrained(source)
    BertModel(
        BertConfig(
            vocab_size=len(pieces), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32
        )
    ).save_pretrained(source)
    transformer = Transformer(str(source), max_seq_length=32)
    prompts = {"query": "问: ", "document": "答: "}
    model = SentenceTransformer(modules=[transformer, Pooling(16)], prompts=prompts, device="cpu")
    model.save(str(folder / "tiny"), create_model_card=False)
    return folder / "tiny"


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("hub"), seed=1)


def test_rows_are_unit_float32_and_odd_text_is_taken(tiny_model: Path) -> None:
    encoder = load_encoder(str(tiny_model))
    assert encoder.dim == 16
    vectors = encoder.encode_queries(["可以改地址吗", "", "😀", "\ud83d", "在" * 5000])
    assert vectors.dtype == np.float32
    assert vectors.shape == (5, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_queries([]).shape == encoder.encode_documents([]).shape == (0, 16)


def test_each_side_gets_its_own_prompt(tiny_model: Path) -> None:
    encoder = load_encoder(str(tiny_model))
    plain = SentenceTransformer(str(tiny_model), device="cpu")
    for encode, prompt in ((encoder.encode_queries, "问: "), (encoder.encode_documents, "答: ")):
        expected = plain.encode([prompt + "多久发货"], prompt="", normalize_embeddings=True)
        np.testing.assert_allclose(encode(["多久发货"]), expected, atol=1e-5)


def test_the_id_tells_revisions_of_one_name_apart(tiny_model: Path, tmp_path: Path) -> None:
    retrained = save_tiny_model(tmp_path, seed=2)
    assert load_encoder(str(tiny_model)).id == load_encoder(str(tiny_model)).id
    assert load_encoder(str(retrained)).id != load_encoder(str(tiny_model)).id
    assert load_encoder(str(tiny_model)).id.startswith("tiny@")


def test_an_e5_model_without_prompts_gets_those_of_e5_and_another_id(tiny_model: Path, tmp_path: Path) -> None:
    plain = SentenceTransformer(str(tiny_model), device="cpu", prompts={"query": "", "document": ""})
    plain.save(str(tmp_path / "tiny-e5-base"), create_model_card=False)
    encoder = load_encoder(str(tmp_path / "tiny-e5-base"))
    expected = plain.encode(["passage: 多久发货"], prompt="", normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode_documents(["多久发货"]), expected, atol=1e-5)
    assert encoder.id.partition("@")[2] != load_encoder(str(tiny_model)).id.partition("@")[2]
