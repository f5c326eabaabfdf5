"""The encoder as an 8-bit ONNX graph: BERT (Devlin et al. 2019), mean pooling, unit length (E5: Wang et al. 2024).

Written by hand rather than exported from torch, for three reasons.
- Activations get one scale a token. Dynamic quantisation as in onnxruntime's tool takes one scale over the whole
  batch, so that batch mates and padding change a text's vector.
- The output of GELU is never below -0.17, so nearly all 8 bits go to its positive side.
- It is faster and small: one product for query, key and value, and the embedding table stays in the 4 bits of its
  source, hence exact.
"""

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper

from models.building.e5s1 import BLOCK, E5File
from models.building.onnx_graph import FUSED, GraphWriter
from models.building.quantisation import pack_int4, quantise_weight

EPSILON = 1e-12
# GELU's minimum is -0.16997. With this zero point and smallest scale it lands on 0, the least unsigned value.
GELU_ZERO_POINT = 16
GELU_SMALLEST_SCALE = 0.17 / GELU_ZERO_POINT


def build_graph(file: E5File, keep: NDArray[np.int64]) -> bytes:
    """ONNX model: int64 `input_ids` and `attention_mask` (batch, length) to unit float32 rows (batch, hidden).

    :param keep: the vocabulary ids whose embeddings go in, in their new order.
    """
    return _EncoderGraph(file).write(keep)


class _EncoderGraph:
    def __init__(self, file: E5File) -> None:
        self._file = file
        self._hidden = file.sizes.hidden
        self._graph = GraphWriter()
        self._one = self._graph.constant("one", np.float32(1))
        self._last_axis = self._graph.constant("last_axis", np.array([-1], np.int64))

    def write(self, keep: NDArray[np.int64]) -> bytes:
        hidden = self._embed(keep)
        mask = self._graph.node("Cast", "attention_mask", to=TensorProto.INT32)
        for layer in range(self._file.sizes.layers):
            hidden = self._layer(f"l{layer}", hidden, mask)
        self._pool(hidden)
        ids = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
            for name in ("input_ids", "attention_mask")
        ]
        vectors = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", self._hidden])
        return self._graph.model(ids, [vectors])

    def _embed(self, keep: NDArray[np.int64]) -> str:
        graph, width = self._graph, self._hidden
        nibbles, scales = self._file.blocks("emb.word")
        rows = graph.packed_int4("emb.word", [len(keep), width], pack_int4(nibbles.reshape(-1, width)[keep]))
        row_scales = graph.constant("emb.word.scale", scales.reshape(-1, width // BLOCK)[keep])
        words = graph.node(
            "GatherBlockQuantized", rows, "input_ids", row_scales,
            domain=FUSED, gather_axis=0, quantize_axis=1, block_size=BLOCK,
        )  # fmt: skip
        words = graph.node("Cast", words, to=TensorProto.FLOAT)
        # All text is of segment 0, so its type embedding joins the position table.
        positions = self._file.floats("emb.pos").reshape(-1, width) + self._file.floats("emb.type")[:width]
        table = graph.constant("emb.pos", positions)
        start = graph.constant("first", np.array([0], np.int64))
        length = graph.node("Shape", "input_ids", start=1, end=2)
        return self._norm("emb.ln", graph.node("Add", words, graph.node("Slice", table, start, length, start)))

    def _layer(self, name: str, hidden: str, mask: str) -> str:
        graph = self._graph
        joined = self._linear(hidden, f"{name}.q", f"{name}.k", f"{name}.v")
        parts = graph.nodes("Split", (joined,), [f"{name}.{part}" for part in "qkv"], axis=-1, num_outputs=3)
        biases = graph.constant(
            f"{name}.qkv.b", np.concatenate([self._file.floats(f"{name}.{part}.b") for part in "qkv"])
        )
        heads = self._file.sizes.heads
        attended = graph.node("MultiHeadAttention", *parts, biases, mask, domain=FUSED, num_heads=heads)
        hidden = self._residual(self._linear(attended, f"{name}.ao"), hidden, f"{name}.ao", f"{name}.aln")
        inner = graph.node("BiasGelu", self._linear(hidden, f"{name}.fi"), self._floats(f"{name}.fi.b"), domain=FUSED)
        return self._residual(self._linear(inner, f"{name}.fo", gelu=True), hidden, f"{name}.fo", f"{name}.oln")

    def _linear(self, source: str, *names: str, gelu: bool = False) -> str:
        """Product of the activations with one or more stacked weights, without bias."""
        graph = self._graph
        stacked = np.concatenate([self._file.floats(f"{name}.w").reshape(len(self._bias(name)), -1) for name in names])
        integers, scales = quantise_weight(stacked)
        scale, zero_point = self._gelu_scale(source) if gelu else self._token_scale(source)
        activations = graph.node("QuantizeLinear", graph.node("Div", source, scale), self._one, zero_point)
        product = graph.node(
            "MatMulIntegerToFloat",
            activations,
            graph.constant(f"{names[0]}.w", integers.T),
            self._one,
            graph.constant(f"{names[0]}.w.scale", scales),
            zero_point,
            graph.constant(f"{names[0]}.w.zero", np.zeros(len(scales), np.int8)),
            domain=FUSED,
        )
        return graph.node("Mul", product, scale)

    def _token_scale(self, source: str) -> tuple[str, str]:
        """Scale (batch, length, 1) and zero point for values of both signs."""
        graph = self._graph
        largest = graph.node("ReduceMax", graph.node("Abs", source), self._last_axis, keepdims=1)
        scale = graph.node("Mul", largest, graph.constant("token_step", np.float32(1 / 127)))
        return scale, graph.constant("token_zero_point", np.uint8(128))

    def _gelu_scale(self, source: str) -> tuple[str, str]:
        """Scale (batch, length, 1) and zero point for the output of GELU."""
        graph = self._graph
        largest = graph.node("ReduceMax", source, self._last_axis, keepdims=1)
        step = graph.node("Mul", largest, graph.constant("gelu_step", np.float32(1 / (255 - GELU_ZERO_POINT))))
        scale = graph.node("Max", step, graph.constant("gelu_smallest", np.float32(GELU_SMALLEST_SCALE)))
        return scale, graph.constant("gelu_zero_point", np.uint8(GELU_ZERO_POINT))

    def _residual(self, product: str, skip: str, linear: str, norm: str) -> str:
        biased = self._graph.node("Add", product, self._floats(f"{linear}.b"))
        return self._norm(norm, self._graph.node("Add", biased, skip))

    def _norm(self, name: str, source: str) -> str:
        weight, bias = self._floats(f"{name}.w"), self._floats(f"{name}.b")
        return self._graph.node("LayerNormalization", source, weight, bias, axis=-1, epsilon=EPSILON)

    def _pool(self, hidden: str) -> None:
        """Sum over the text's own tokens; the mean's divisor would vanish in the unit length."""
        graph = self._graph
        axis = graph.constant("length_axis", np.array([1], np.int64))
        mask = graph.node("Unsqueeze", graph.node("Cast", "attention_mask", to=TensorProto.FLOAT), axis)
        total = graph.node("Squeeze", graph.node("MatMul", mask, hidden), axis)
        graph.node("LpNormalization", total, output="sentence_embedding", axis=-1, p=2)

    def _floats(self, name: str) -> str:
        return self._graph.constant(name, self._file.floats(name))

    def _bias(self, name: str) -> NDArray[np.float32]:
        return self._file.floats(f"{name}.b")
