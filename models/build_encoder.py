"""Build an encoder's folder from the two pinned packages, untuned: `python -m models.build_encoder --output FOLDER`.

The shipped one is tuned first: `python -m assistant.train_encoder`.
"""

import hashlib
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from tokenizers import Tokenizer

from models.building.card import Measured, config_json, model_card
from models.building.checkpoint import load_bert, reference_vectors
from models.building.e5s1 import E5File
from models.building.graph import build_graph
from models.building.sources import TOKENIZER, WEIGHTS
from models.building.vocabulary import choose_pieces, is_exact, trim_tokenizer
from models.errors import BuildError, ModelError
from models.onnx_encoder import OnnxEncoder

NAME = "e5-small-zh-q8"
SENTENCES = Path(__file__).parent / "building" / "reference_sentences.txt"
LEAST_MEAN_COSINE = 0.99


def reference_sentences() -> list[str]:
    """The sentences on which the quantised encoder is compared with full precision."""
    return SENTENCES.read_text(encoding="utf-8").splitlines()


def read_sources() -> E5File:
    """The original weights; BuildError when the package is missing or altered."""
    return E5File.read(WEIGHTS.locate())


def build(output: Path, console: Console, file: E5File | None = None, trained_on: str = "") -> Measured:
    """Write model, tokenizer, reference vectors, config and card to `output`; takes about 20 seconds.

    `file` holds the weights (default: the original ones), `trained_on` says what tuned them.

    :raises BuildError: a source is missing or altered, or the result is too far from full precision.
    """
    output.mkdir(parents=True, exist_ok=True)
    console.print("1/4 verifying and reading the sources")
    file = file or read_sources()
    source = TOKENIZER.locate().read_text(encoding="utf-8")
    console.print("2/4 trimming the vocabulary")
    keep = choose_pieces(file.pieces)
    (output / "tokenizer.json").write_text(trim_tokenizer(source, file.pieces, keep), encoding="utf-8")
    console.print("3/4 quantising and writing the graph")
    (output / "model.onnx").write_bytes(build_graph(file, np.array(keep)))
    console.print("4/4 comparing with full precision")
    reference = _reference(file, source, keep, output, console)
    np.save(output / "reference.npy", reference)
    return _describe(output, file, keep, reference, trained_on)


def _reference(file: E5File, source: str, keep: list[int], output: Path, console: Console) -> NDArray[np.float32]:
    """Vectors of the original vocabulary in float32, once it is sure that the trimmed one reads the same pieces."""
    original, trimmed = Tokenizer.from_str(source), Tokenizer.from_file(str(output / "tokenizer.json"))
    texts = ["query: " + text for text in reference_sentences()]
    pieces = [original.encode(text).ids for text in texts]
    for text, ids in zip(texts, pieces, strict=True):
        if is_exact(text.removeprefix("query: ")) and [keep[new] for new in trimmed.encode(text).ids] != ids:
            raise BuildError(f"the trimmed vocabulary reads other pieces: {text}")
    model = load_bert(file)
    progress = track(pieces, "    full precision", console=console)
    return np.concatenate([reference_vectors(model, [ids]) for ids in progress])


def _describe(output: Path, file: E5File, keep: list[int], reference: NDArray[np.float32], trained_on: str) -> Measured:
    """Write config and card; measured figures need a loadable folder, so the config is written twice."""
    sha256 = {name: _sha256(output / name) for name in ("model.onnx", "tokenizer.json")}
    identity = f"{NAME}@{hashlib.sha256(''.join(sha256.values()).encode()).hexdigest()[:12]}"
    megabytes = (output / "model.onnx").stat().st_size / 1e6

    def write(measured: Measured) -> None:
        config = config_json(identity, file.sizes.hidden, file.sizes.positions, sha256, measured)
        (output / "config.json").write_text(config, encoding="utf-8")

    write(Measured(len(reference), 0.0, 0.0, len(keep), megabytes))
    cosines = (OnnxEncoder(output).encode_queries(reference_sentences()) * reference).sum(axis=1)
    measured = Measured(
        len(reference), round(float(cosines.mean()), 5), round(float(cosines.min()), 5), len(keep), round(megabytes, 2)
    )
    if measured.mean_cosine < LEAST_MEAN_COSINE:
        raise BuildError(f"mean cosine to full precision is {measured.mean_cosine}, below {LEAST_MEAN_COSINE}")
    write(measured)
    (output / "README.md").write_text(model_card(identity, sha256, measured, trained_on), encoding="utf-8")
    return measured


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(output: Annotated[Path, typer.Option(help="Folder to write.")]) -> None:
    """Build the untuned encoder from the two pinned packages of the extra `train`."""
    console = Console(stderr=True)
    try:
        measured = build(output, console)
    except ModelError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error
    console.print(f"{output}: {measured}")


if __name__ == "__main__":
    typer.run(main)
