"""Tune and build the shipped encoder on everything we have written: `python -m assistant.train_encoder`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from tokenizers import Tokenizer

from assistant.examples import Example, own_examples
from knowledge.starter import starter_changes
from models.build_encoder import build, read_sources
from models.building.sources import TOKENIZER
from models.encoder import SHIPPED_FOLDER
from models.errors import ModelError
from models.intents import intents
from models.text import normalise
from models.training.tuning import Recipe, Text, tune

QUERY = "query: "


PASSAGE = "passage: "
TORN = 0.5  # the weight of a message without the conversation that it was said in


def training_texts() -> list[Text]:
    """Our utterances but for those kept back, and the starter's phrasings and answers; each once.

    An utterance with lines before it is there twice, alone and with them, as the suggester encodes it. Answers are of
    the intent they answer, so that a message and what answers it come together.
    """
    texts = [text for each in own_examples() if not each.kept_back for text in _forms(each)]
    for draft in starter_changes().drafts:
        if intents()[draft.intent].voice == "buyer" and draft.questions:
            texts += [Text(QUERY + normalise(asked), draft.intent) for asked in (draft.title, *draft.questions)]
            texts += [Text(PASSAGE + normalise(answer.text), draft.intent) for answer in draft.answers]
    return list({(each.text, each.intent): each for each in reversed(texts)}.values())[::-1]


def _forms(example: Example) -> list[Text]:
    said, labels = example.conversation, (example.intents[0], example.complaint, example.emotion)
    if said.in_context == said.query:
        return [Text(QUERY + said.query, *labels)]
    return [Text(QUERY + said.query, *labels, weight=TORN), Text(QUERY + said.in_context, *labels)]


@dataclass(slots=True)
class Training:
    """What a tuning was, for the model card."""

    texts: int
    steps: int = 0
    losses: list[float] = field(default_factory=list)
    started: float = field(default_factory=perf_counter)

    def __str__(self) -> str:
        tenth = max(1, self.steps // 10)
        first, last = fmean(self.losses[:tenth]), fmean(self.losses[-tenth:])
        minutes = (perf_counter() - self.started) / 60
        return (
            f"Tuned here on {self.texts:,} texts of our own (`models/training/README.md`): {Recipe()}, {self.steps:,} "
            f"steps, {minutes:.0f} minutes on two cores. Loss over the first tenth of the steps {first:.2f}, over the "
            f"last {last:.2f}."
        )


def train(output: Path, console: Console) -> None:
    """Tune for about half an hour on two cores, then build the folder."""
    file, texts = read_sources(), training_texts()
    tokenizer: Tokenizer = Tokenizer.from_file(str(TOKENIZER.locate()))
    pieces = [encoding.ids for encoding in tokenizer.encode_batch([each.text for each in texts])]
    training = Training(len(texts))
    columns = (TextColumn("tuning, loss {task.fields[loss]:.3f}"), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("tuning", total=None, loss=0.0)

        def show(step: int, steps: int, loss: float) -> None:
            training.steps = steps
            training.losses.append(loss)
            progress.update(task, completed=step, total=steps, loss=loss)

        tensors = tune(file, pieces, texts, Recipe(), show)
    console.print(build(output, console, file.tuned(tensors), str(training)))


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
