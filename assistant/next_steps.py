"""Next steps: what the agent should do besides replying, from an editable table of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.appeal import offered, timeline
from assistant.conversation import PICTURE
from assistant.order_changes import read_changes
from assistant.promises import Promise, promises
from assistant.reasons import read_reason
from assistant.request import Message
from assistant.response import NextStep, Understanding
from assistant.step_table import Case, Step, StepTable, step_table
from knowledge.catalogue import ItemFacts
from knowledge.conditions import Facts
from knowledge.context import ORDER_STATE_ZH, Order
from knowledge.placeholders import PLACEHOLDER
from models.text import normalise

MAX_NOTE_BYTES = 1000  # what an order note of the platform holds
MAX_APPEAL_BYTES = 3000  # an outline for an appeal is no order note
MAX_STEPS = 4
_LEAD, _LIKELY = 0.2, 0.4  # what the first and the second topic must reach to count
_QUOTE, _LONG_QUOTE = 60, 120
_REMEMBERED, _READ = 60, 2000  # messages, and characters of each, that drafts are read from
_URGENT_FIRST = ("escalate", "evidence", "order_note", "handover", "ask_buyer", "record")


@dataclass(frozen=True, slots=True)
class Scene:
    """What the steps are drafted from besides the facts.

    `turn` is the buyer's last turn as written (empty when the shop opens), `messages` the whole conversation oldest
    first, `now` the shop's local time.
    """

    turn: str
    now: datetime
    messages: tuple[Message, ...] = ()
    item: ItemFacts | None = None
    order: Order | None = None

    @property
    def heard(self) -> tuple[str, ...]:
        """The buyer's words, the newest first."""
        said = (message.text for message in reversed(self.messages) if message.role == "buyer")
        return tuple(text for text in (self.turn, *said) if text.strip())

    @property
    def earlier(self) -> str:
        """Everything said in the conversation, normalised."""
        return normalise("\n".join(message.text for message in self.messages))


def next_steps(understanding: Understanding, facts: Facts, scene: Scene) -> tuple[NextStep, ...]:
    """At most four drafts for this turn, the most useful first; none for a plain question that needs none."""
    table, scene = step_table(), _recent(scene)
    topics = _topics(understanding)
    if not (topics or scene.turn.strip()):
        return ()
    severity = _severity(understanding, scene, table)
    made = promises(scene.messages, scene.now)
    words = _words(facts, scene, severity, made, table)
    given = [step for case in _matching(table, understanding, topics, severity, words, scene) for step in case.steps]
    drafts = [_draft(step, words) for step in given if step.wanted(words)]
    told = any("{promised}" in (step.text or "") for step in given if step.wanted(words))
    drafts += _promise_drafts(made, table, words, handed_over=told)
    merged = list(_merged(drafts))
    return tuple(sorted(merged, key=lambda step: _URGENT_FIRST.index(step.kind))[:MAX_STEPS])


def _recent(scene: Scene) -> Scene:
    """The scene without what is too long ago or too long to be read for drafts."""
    messages = tuple(each.model_copy(update={"text": each.text[:_READ]}) for each in scene.messages[-_REMEMBERED:])
    return replace(scene, turn=scene.turn[:_READ], messages=messages)


def _topics(understanding: Understanding) -> list[str]:
    """The codes of the topics that the turn is about, likeliest first."""
    floors = (_LEAD, _LIKELY)
    return [
        guess.code for guess, floor in zip(understanding.intents, floors, strict=False) if guess.confidence >= floor
    ]


def _severity(understanding: Understanding, scene: Scene, table: StepTable) -> str:
    """严重 when a complaint tells of harm, 较重 with a threat or in anger, else 一般."""
    threats = set(understanding.risks) - {"risk.off_platform"}
    complains = understanding.complaint.value
    if (complains and table.danger.search(normalise(scene.turn))) or len(threats) > 1:
        return "严重"
    angry = complains and understanding.emotion.label == "angry"
    return "较重" if angry or threats - {"risk.service"} else "一般"


def _matching(
    table: StepTable, understanding: Understanding, topics: list[str], severity: str, words: Facts, scene: Scene
) -> list[Case]:
    """The cases that apply: risks first, then those of the likelier topic, in the table's order."""
    complains = understanding.complaint.value
    turn, earlier = normalise(scene.turn), scene.earlier
    named = [*understanding.risks, *topics]
    cases = [
        case
        for case in table.cases
        if case.about(named) and case.fits(words.get("order.state"), complains, severity) and case.heard(turn, earlier)
    ]
    return sorted(cases, key=lambda case: case.rank(named))


def _words(facts: Facts, scene: Scene, severity: str, made: tuple[Promise, ...], table: StepTable) -> dict[str, object]:
    """What a draft may quote: the facts, and what was read out of the conversation for it; only what is known."""
    heard = scene.heard
    local = {
        "summary": _short(heard[0], _QUOTE) if heard else "",
        "severity": severity,
        "time": scene.now.strftime("%m-%d %H:%M"),
        "promised": _joined(made),
        "sent.picture": "是" if any(PICTURE in text for text in heard) else None,
        "reason.unsold": read_reason("unsold", heard),
        "reason.cancel": read_reason("cancel", heard),
        "order.state_zh": scene.order and scene.order.state and ORDER_STATE_ZH[scene.order.state],
        "timeline": timeline(scene.order, scene.now),
        "offered": offered(scene.messages, table.solutions),
        **{name: _short(text, _LONG_QUOTE) for name, text in read_changes(scene.turn, scene.item, facts).items()},
    }
    return {**facts, **{name: value for name, value in local.items() if value}}


def _promise_drafts(
    made: tuple[Promise, ...], table: StepTable, words: Mapping[str, object], *, handed_over: bool
) -> Iterator[NextStep | None]:
    """An order note of what the agent promised, and a hand-over of what others must do, unless one already tells it."""
    for kind, step in table.promised.items():
        mine = [promise for promise in made if promise.kind.step == kind]
        if not mine or (kind == "handover" and handed_over):
            continue
        told = made if kind == "order_note" else mine
        departments = "、".join(dict.fromkeys(each.kind.department for each in mine if each.kind.department))
        draft = _draft(step, {**words, "promised": _joined(told), "department": departments})
        yield draft and draft.model_copy(update={"flag": mine[0].kind.flag if kind == "order_note" else None})


def _joined(made: Iterable[Promise]) -> str:
    return _short("；".join(f"{promise.kind.kind}：{promise.text}" for promise in made), _LONG_QUOTE)


def _draft(step: Step, words: Mapping[str, object]) -> NextStep | None:
    """The step with its text filled in and what is known taken off its list; None when nothing is left."""
    text = _filled(step.text, words, MAX_APPEAL_BYTES if step.kind == "escalate" else MAX_NOTE_BYTES)
    items = step.questions(words)
    if not text and not items:
        return None
    return NextStep(kind=step.kind, title=step.title, items=items or None, text=text or None, flag=step.flag)


def _filled(text: str | None, words: Mapping[str, object], limit: int) -> str:
    """Fill a draft line by line; of the parts between bars, one of which nothing is known is left out."""
    lines = (
        " | ".join(_fill(part, words) for part in line.split(" | ") if _says_something(part, words))
        for line in (text or "").split("\n")
    )
    return "\n".join(filter(None, lines)).encode()[:limit].decode(errors="ignore")


def _says_something(part: str, words: Mapping[str, object]) -> bool:
    names = PLACEHOLDER.findall(part)
    return not names or any(words.get(name) not in (None, "") for name in names)


def _fill(part: str, words: Mapping[str, object]) -> str:
    filled = PLACEHOLDER.sub(lambda match: _as_text(words.get(match.group(1))), part)
    return " ".join(filled.split())


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _short(text: str, limit: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _merged(steps: Iterable[NextStep | None]) -> Iterator[NextStep]:
    """Each kind and title once; lists of the same kind and title become one."""
    seen: dict[tuple[str, str], NextStep] = {}
    for step in filter(None, steps):
        known = seen.setdefault((step.kind, step.title), step)
        if known.items and step.items and known is not step:
            items = tuple(dict.fromkeys((*known.items, *step.items)))
            seen[step.kind, step.title] = known.model_copy(update={"items": items})
    yield from seen.values()
