"""The full-precision reference: the file's weights in Hugging Face's BertModel, on torch."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.building.e5s1 import E5File

if TYPE_CHECKING:
    from transformers import BertModel

_EMBEDDINGS = {
    "word_embeddings.weight": "emb.word",
    "position_embeddings.weight": "emb.pos",
    "token_type_embeddings.weight": "emb.type",
    "LayerNorm.weight": "emb.ln.w",
    "LayerNorm.bias": "emb.ln.b",
}
_LAYER = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


def load_bert(file: E5File) -> "BertModel":
    """A BertModel without pooler, filled with every weight of the file, in evaluation mode."""
    import torch
    from transformers import BertConfig, BertModel

    sizes = file.sizes
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
    )
    model = BertModel(config, add_pooling_layer=False)
    state = {
        name: torch.tensor(file.floats(source_name(name))).reshape(parameter.shape)
        for name, parameter in model.named_parameters()
    }
    # Buffers (position numbers) are computed by the model; every parameter must come from the file.
    model.load_state_dict(state, strict=False)
    model.train(False)
    return model


def source_name(parameter: str) -> str:
    """The file's name of a BertModel parameter."""
    if parameter.startswith("embeddings."):
        return _EMBEDDINGS[parameter.removeprefix("embeddings.")]
    _encoder, _layer, number, rest = parameter.split(".", 3)
    module, kind = rest.rsplit(".", 1)
    return f"l{number}.{_LAYER[module]}.{kind[0]}"


def reference_vectors(model: "BertModel", pieces: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """Mean of the last hidden states over a text's pieces, at unit length; one text at a time, so without padding."""
    import torch

    rows = []
    with torch.inference_mode():
        for ids in pieces:
            mean = model(input_ids=torch.tensor([ids])).last_hidden_state.mean(dim=1)
            rows.append(torch.nn.functional.normalize(mean)[0].numpy())
    return np.stack(rows).astype(np.float32)
