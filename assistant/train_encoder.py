"""Tune and build the shipped encoder on everything we have written: `python -m assistant.train_encoder`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from tokenizers import Tokenizer

from assistant.conversation import read_conversation
from assistant.fitting import messages_of
from knowledge.starter import starter_changes
from models.build_encoder import build, read_sources
from models.building.sources import TOKENIZER
from models.encoder import SHIPPED_FOLDER
from models.errors import ModelError
from models.intents import intents
from models.text import normalise
from models.training.tuning import Recipe, Text, tune
from models.training.utterances import utterances

QUERY = "query: "


def training_texts() -> list[Text]:
    """Our utterances as the suggester reads them, but for those kept back, and the starter's phrasings; each once."""
    texts = [
        Text(read_conversation(messages_of(each)).query, each.intent, each.complaint, each.emotion)
        for each in utterances()
        if not each.kept_back
    ]
    for draft in starter_changes().drafts:
        if intents()[draft.intent].voice == "buyer" and draft.questions:
            texts += [Text(normalise(phrasing), draft.intent) for phrasing in (draft.title, *draft.questions)]
    return list({(each.text, each.intent): each for each in reversed(texts)}.values())[::-1]


def train(output: Path, console: Console) -> None:
    """Tune for about a quarter of an hour on two cores, then build the folder."""
    file, texts = read_sources(), training_texts()
    tokenizer: Tokenizer = Tokenizer.from_file(str(TOKENIZER.locate()))
    pieces = [encoding.ids for encoding in tokenizer.encode_batch([QUERY + each.text for each in texts])]
    columns = (TextColumn("tuning, loss {task.fields[loss]:.3f}"), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("tuning", total=None, loss=0.0)

        def show(step: int, steps: int, loss: float) -> None:
            progress.update(task, completed=step, total=steps, loss=loss)

        tensors = tune(file, pieces, texts, Recipe(), show)
    trained_on = f"Tuned here on {len(texts):,} labelled messages of our own (`models/training`)."
    console.print(build(output, console, file.tuned(tensors), trained_on))


def main(output: Annotated[Path, typer.Option(help="Folder to write.")] = SHIPPED_FOLDER) -> None:
    """Tune the encoder and write the shipped weights."""
    console = Console(stderr=True)
    try:
        train(output, console)
    except ModelError as error:
        console.print(f"[red]{error}[/red]")
        raise typer.Exit(1) from error


if __name__ == "__main__":
    typer.run(main)
