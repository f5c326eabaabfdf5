"""A small writer of ONNX graphs: operators are called like functions, tensors are named by what they hold."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

FUSED = "com.microsoft"  # onnxruntime's own operators


class GraphWriter:
    """Collects nodes and constants; each operator returns its output's name for the next one."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, values: NDArray[Any] | np.generic) -> str:
        """Add a constant (once a name)."""
        self._constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def packed_int4(self, name: str, shape: list[int], packed: bytes) -> str:
        """Add a constant of type INT4 from its packed bytes."""
        self._constants[name] = helper.make_tensor(name, TensorProto.INT4, shape, packed, raw=True)
        return name

    def node(self, operator: str, *inputs: str, output: str = "", domain: str = "", **attributes: int | float) -> str:
        """Add an operator with one output. An empty input name leaves an optional input out."""
        return self.nodes(operator, inputs, [output or self._fresh(operator)], domain, **attributes)[0]

    def nodes(
        self, operator: str, inputs: tuple[str, ...], outputs: list[str], domain: str = "", **attributes: int | float
    ) -> list[str]:
        """Add an operator with several named outputs."""
        node = helper.make_node(operator, inputs, outputs, name=self._fresh(operator), domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(attributes.items()))
        self._nodes.append(node)
        return outputs

    def model(self, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> bytes:
        """The finished model. The same calls give the same bytes."""
        graph = helper.make_graph(self._nodes, "encoder", inputs, outputs, list(self._constants.values()))
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="xiaoer")
        return bytes(model.SerializeToString(deterministic=True))

    def _fresh(self, operator: str) -> str:
        return f"{operator}_{len(self._nodes)}"
