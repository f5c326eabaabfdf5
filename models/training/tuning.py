"""Tuning the encoder on our utterances: messages of one intent move together, general likeness is kept.

Three linear heads (intent, complaint, emotion) on the unit vector are trained together with the layers below by
cross-entropy; a penalty on the angle to the untuned vector keeps what the model knew (a simple form of learning without
forgetting, Li & Hoiem 2016). The embedding table stays as it is, so it can be shipped in the 4 bits of its source.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.building.checkpoint import load_bert, source_name
from models.building.e5s1 import E5File
from models.cues import EMOTIONS

if TYPE_CHECKING:
    import torch
    from transformers import BertModel

Progress = Callable[[int, int, float], None]
Tensor: TypeAlias = NDArray[np.float32]
PAD = 1
LONGEST = 80  # pieces of a text that are read while tuning; a buyer's turn has about fifteen, with context sixty
TABLE = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the encoder gets it, prefix included, with its labels; None where they are not known.

    `weight` is how much it counts: a message that was torn out of its conversation says less of what it means.
    """

    text: str
    intent: str
    complaint: bool | None = None
    emotion: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of a tuning. Rates are per step; `keep` weighs the penalty on the angle to the untuned vector.

    Of the weights that come out, `share` are the tuned and the rest the original ones (Wortsman et al. 2022: robust
    fine-tuning by averaging in weight space).
    """

    epochs: int = 2
    batch: int = 64
    rate: float = 1e-4
    head_rate: float = 5e-3
    scale: float = 20.0
    keep: float = 4.0
    feelings: float = 0.6
    smoothing: float = 0.05
    dropout: float = 0.1
    share: float = 0.85
    seed: int = 7


def tune(
    file: E5File, pieces: Sequence[Sequence[int]], texts: Sequence[Text], recipe: Recipe, on_progress: Progress
) -> dict[str, Tensor]:
    """Tensors that replace those of the file, flat, by the file's names; `on_progress` hears (step, steps, loss).

    `pieces` are the vocabulary ids of the texts, prefix and special ids included. About 0.8 s a step on two cores.
    """
    import torch

    torch.manual_seed(recipe.seed)
    model = load_bert(file)
    _set_dropout(model, recipe.dropout)
    model.get_parameter(TABLE).requires_grad_(False)
    cut = [list(ids[:LONGEST]) for ids in pieces]
    untuned = _untuned(model, cut, recipe.batch)
    heads = _Heads(texts, file.sizes.hidden, recipe)
    batches = list(_batches(cut, recipe))
    tuned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": tuned, "lr": recipe.rate}, {"params": heads.parameters(), "lr": recipe.head_rate}],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _warm_then_down(step, len(batches)))
    model.train()
    for step, rows in enumerate(batches, start=1):
        vectors = _vectors(model, [cut[row] for row in rows])
        loss = heads.loss(vectors, rows) + recipe.keep * (1 - (vectors * untuned[rows]).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(tuned, 1.0)
        optimiser.step()
        schedule.step()
        on_progress(step, len(batches), loss.item())
    return averaged(file, _tensors(model), recipe.share)


class _Heads:
    """Linear heads on the vector, and their loss over the rows of a batch."""

    def __init__(self, texts: Sequence[Text], dim: int, recipe: Recipe) -> None:
        import torch

        self._recipe = recipe
        intents = {code: number for number, code in enumerate(sorted({each.intent for each in texts}))}
        self._columns = {
            "intent": [intents[each.intent] for each in texts],
            "complaint": [-100 if each.complaint is None else int(each.complaint) for each in texts],
            "emotion": [EMOTIONS.index(e) if (e := each.emotion) in EMOTIONS else -100 for each in texts],
        }
        self._weights = torch.tensor([each.weight for each in texts])
        sizes = {"intent": len(intents), "complaint": 2, "emotion": len(EMOTIONS)}
        self._layers = {name: torch.nn.Linear(dim, size) for name, size in sizes.items()}

    def parameters(self) -> list[torch.nn.Parameter]:
        return [parameter for layer in self._layers.values() for parameter in layer.parameters()]

    def loss(self, vectors: torch.Tensor, rows: Sequence[int]) -> torch.Tensor:
        import torch

        total = torch.zeros(())
        for name, layer in self._layers.items():
            wanted = torch.tensor([self._columns[name][row] for row in rows])
            known = wanted >= 0
            if known.any():
                smoothing = self._recipe.smoothing if name == "intent" else 0.0
                weight = 1.0 if name == "intent" else self._recipe.feelings
                scores = layer(vectors[known] * self._recipe.scale)
                losses = torch.nn.functional.cross_entropy(
                    scores, wanted[known], label_smoothing=smoothing, reduction="none"
                )
                total = total + weight * (losses * self._weights[rows][known]).mean()
        return total


def _vectors(model: BertModel, pieces: Sequence[Sequence[int]]) -> torch.Tensor:
    """Unit vectors (n, hidden) of texts; bfloat16 inside is three times as fast where the processor has it."""
    import torch

    length = max(map(len, pieces))
    ids = torch.tensor([[*row, *[PAD] * (length - len(row))] for row in pieces])
    mask = (ids != PAD).float()
    with torch.set_grad_enabled(model.training), torch.autocast("cpu", torch.bfloat16):
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    mean = (hidden.float() * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return torch.nn.functional.normalize(mean, dim=1)


def averaged(file: E5File, tensors: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    """Tensors between those of the file (`share` 0) and these (1)."""
    return {name: share * tensor + (1 - share) * file.floats(name).reshape(-1) for name, tensor in tensors.items()}


def _untuned(model: BertModel, pieces: Sequence[Sequence[int]], batch: int) -> torch.Tensor:
    """The vectors (n, hidden) before tuning; texts that are about as long are read together."""
    import torch

    order = sorted(range(len(pieces)), key=lambda row: len(pieces[row]))
    vectors = [_vectors(model, [pieces[row] for row in order[at : at + batch]]) for at in range(0, len(order), batch)]
    return torch.cat(vectors)[torch.tensor(order).argsort()]


def _batches(pieces: Sequence[Sequence[int]], recipe: Recipe) -> Iterator[list[int]]:
    """Every row once an epoch, in an order that the seed decides; rows of one batch are about as long."""
    chance = random.Random(recipe.seed)  # noqa: S311 - an order that looks like none, no secret
    for _ in range(recipe.epochs):
        order = list(range(len(pieces)))
        chance.shuffle(order)
        chunk = recipe.batch * 16
        chunks = [
            sorted(order[at : at + chunk], key=lambda row: len(pieces[row])) for at in range(0, len(order), chunk)
        ]
        batches = [rows[at : at + recipe.batch] for rows in chunks for at in range(0, len(rows), recipe.batch)]
        chance.shuffle(batches)
        yield from batches


def _warm_then_down(step: int, steps: int) -> float:
    """A tenth of the steps up, then down to nothing."""
    return min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)


def _set_dropout(model: BertModel, share: float) -> None:
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = share


def _tensors(model: BertModel) -> dict[str, Tensor]:
    state: Mapping[str, torch.Tensor] = dict(model.named_parameters())
    return {
        source_name(name): value.detach().numpy().astype(np.float32).reshape(-1)
        for name, value in state.items()
        if name != TABLE
    }
