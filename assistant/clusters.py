"""Clusters of messages that the knowledge did not serve, each with the entry that would serve it half written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Kind
from knowledge.sketches import Sketch
from knowledge.snapshot import Snapshot
from knowledge.unmet_messages import UnmetMessage
from models.encoder import Encoder
from models.intents import intents
from models.text import normalise

# Cosines of vectors without what all texts have in common; measured on our utterances, where three of four messages of
# a cluster share their intent. Two that were taken for the same thing may be somewhat less alike.
ALIKE, SAME_INTENT = 0.5, 0.08
SAMPLES, MAX_QUESTIONS, LONGEST, LONGEST_TITLE = 8, 30, 100, 60
MASKED = "****"
UNCLEAR = "other.unclear"
_VAGUE = frozenset({UNCLEAR, "other.chitchat", "flow.info"})
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voiced:
    """One wording, however often it was said; `intent` is what it was mostly taken for."""

    text: str
    said: tuple[UnmetMessage, ...]
    intent: str | None

    @property
    def times(self) -> int:
        """How often it was said."""
        return len(self.said)

    @property
    def last_at(self) -> datetime:
        """When it was said last."""
        return max(message.at for message in self.said)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Wordings that ask the same, the most typical first; `entries` are those whose answers were disliked."""

    wordings: tuple[Voiced, ...]
    intent: str | None
    entries: tuple[tuple[str, int], ...]
    draft: Sketch

    @property
    def id(self) -> str:
        """The same as long as the most typical wording is."""
        return f"c-{blake2b(self.title.encode(), digest_size=6).hexdigest()}"

    @property
    def title(self) -> str:
        """The most typical wording."""
        return self.wordings[0].text

    @property
    def size(self) -> int:
        """How many messages it has."""
        return sum(wording.times for wording in self.wordings)


def cluster(messages: Sequence[UnmetMessage], snapshot: Snapshot, encoder: Encoder, shop_id: str) -> list[Cluster]:
    """All clusters, largest first; the same for the same messages in any order."""
    wordings = _wordings(messages)
    if not wordings:
        return []
    vectors = _centred(encoder.encode_queries([normalise(each.text) for each in wordings]), snapshot)
    alike = vectors @ vectors.T
    codes = np.array([each.intent or "" for each in wordings])
    near = alike + SAME_INTENT * ((codes[:, None] == codes) & (codes != "")) >= ALIKE
    np.fill_diagonal(near, val=True)
    times = np.array([each.times for each in wordings])
    kinds, found = _kinds(snapshot), []
    for members in _leaders(near, times):
        typical = alike[np.ix_(members, members)] @ times[members]
        order = members[np.argsort(-typical, kind="stable")]
        found.append(_cluster([wordings[place] for place in order], kinds, shop_id))
    return sorted(found, key=lambda each: (-each.size, each.title))


def _wordings(messages: Sequence[UnmetMessage]) -> list[Voiced]:
    """Every wording once, the most frequent first."""
    said = sorted(messages, key=lambda each: (normalise(each.text), each.at, each.text))
    groups = (tuple(group) for _, group in groupby(said, key=lambda each: normalise(each.text)))
    wordings = [Voiced(group[0].text.strip(), group, _likely(group)) for group in groups if normalise(group[0].text)]
    return sorted(wordings, key=lambda each: (-each.times, each.text))


def _leaders(near: NDArray[np.bool_], times: NDArray[np.int64]) -> Iterable[NDArray[np.int64]]:
    """Members (n,) of each cluster: again and again the wording with the most said near it, and all that is near it."""
    counts = near @ times
    free = np.ones(len(times), np.bool_)
    while free.any():
        leader = int(np.where(free, counts, -1).argmax())
        members = np.flatnonzero(near[leader] & free)
        free[members] = False
        counts = counts - near[:, members] @ times[members]
        yield members


def _centred(vectors: Vectors, snapshot: Snapshot) -> Vectors:
    """The vectors without what all phrasings of the knowledge have in common."""
    apart = vectors - snapshot.phrasings.base.mean
    centred: Vectors = apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
    return centred


def _likely(messages: Iterable[UnmetMessage]) -> str | None:
    """What the messages were taken for on the whole; None where that says nothing."""
    weights: Counter[str] = Counter()
    for message in messages:
        for code, confidence in message.intents:
            if code in intents() and intents()[code].voice == "buyer" and code not in _VAGUE:
                weights[code] += round(confidence * 10_000)  # whole numbers add up to the same in any order
    return min(weights, key=lambda code: (-weights[code], code)) if weights else None


def _cluster(wordings: Sequence[Voiced], kinds: Mapping[str, Kind], shop_id: str) -> Cluster:
    messages = [message for wording in wordings for message in wording.said]
    disliked = Counter(message.entry_id for message in messages if message.entry_id)
    intent = _likely(messages)
    return Cluster(
        wordings=tuple(wordings),
        intent=intent,
        entries=tuple(sorted(disliked.items(), key=lambda pair: (-pair[1], pair[0]))[:3]),
        draft=_draft(wordings, messages, intent or UNCLEAR, kinds, shop_id),
    )


def _draft(
    wordings: Sequence[Voiced],
    messages: Sequence[UnmetMessage],
    intent: str,
    kinds: Mapping[str, Kind],
    shop_id: str,
) -> Sketch:
    """An entry that lacks nothing but its answer; what was masked is no phrasing."""
    texts = [wording.text[:LONGEST] for wording in wordings]
    clear = [text for text in texts if MASKED not in text] or [text.replace(MASKED, "") or "？" for text in texts]
    title = next((text for text in clear if len(text) <= LONGEST_TITLE), clear[0])
    phrasings = list(dict.fromkeys(text for text in clear if text != title))[:MAX_QUESTIONS]
    kind, items = kinds.get(intent, "policy"), {message.item_id for message in messages}
    return Sketch(
        shop_id=shop_id,
        kind=kind,
        intent=intent,
        title=title,
        questions=tuple(phrasings or [title]),
        items=tuple(item for item in items if item) if kind == "product_spec" and len(items) == 1 else (),
        status="draft",
    )


def _kinds(snapshot: Snapshot) -> dict[str, Kind]:
    """What the knowledge mostly has for each intent."""
    counts: dict[str, Counter[Kind]] = {}
    for entry in snapshot.entries.values():
        counts.setdefault(entry.intent, Counter())[entry.kind] += 1
    return {intent: min(kinds, key=lambda kind: (-kinds[kind], kind)) for intent, kinds in counts.items()}
