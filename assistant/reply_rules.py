"""Reply rules: empathy before facts, no opener twice, different topics among the few, and silence when nothing suits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.conversation import Conversation
from assistant.rendering import render
from assistant.replies import Reply
from assistant.response import Part, Understanding
from assistant.understanding import UNCLEAR
from knowledge.entries import EMPATHY_TAG, Entry
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot
from models.calibration import Calibration

GENERAL_TAG = "general"  # an opener for troubles that have none of their own
CHITCHAT = "other.chitchat"
HOLDING = "flow.wait"
NOBODY_WAITS = "没有等待回复的买家消息。"
NOTHING_KNOWN = "知识库里还没有能回答这条消息的内容，请人工回复；也可以把它加为新的知识条目。"
NOTHING_FITS = "知识库里没有足够贴切的内容，请人工回复；常见的话可以把它加为新的知识条目。"
OFF_TOPIC = "这条消息与购物无关，请按店铺习惯礼貌回应。"
# An intent less likely than this does not choose the buyer's trouble; a reply less likely is not worth a card.
_TROUBLE_FLOOR, _CARD_FLOOR = 0.1, 0.03


def empathy_opener(snapshot: Snapshot, scope: Scope, understanding: Understanding, said: Sequence[str]) -> Part | None:
    """The opener that names the buyer's own trouble, when they complain; one not yet used in this conversation."""
    if not understanding.complaint.value:
        return None
    wordings = [
        (entry, answer.text)
        for entry in _openers(snapshot, scope, understanding)
        for answer in sorted(entry.answers, key=lambda answer: _fit(answer.tone, understanding))
        if render(answer.text, entry.id, {})
    ]
    fresh = [(entry, text) for entry, text in wordings if not any(text in sent for sent in said)]
    entry, text = next(iter(fresh or wordings), (None, None))
    return Part(role="empathy", text=text, entry_id=entry.id) if entry and text else None


def _openers(snapshot: Snapshot, scope: Scope, understanding: Understanding) -> Iterable[Entry]:
    """Openers of the likeliest trouble first, of the less likely ones then, general ones of the emotion last."""
    for guess in understanding.intents:
        if guess.confidence >= _TROUBLE_FLOOR or guess is understanding.intents[0]:
            yield from (e for e in snapshot.phrases(scope, intent=guess.code, tag=EMPATHY_TAG) if GENERAL_TAG not in e.tags)
    general = snapshot.phrases(scope, intent=UNCLEAR, tag=GENERAL_TAG)
    yield from sorted(general, key=lambda entry: understanding.emotion.label not in entry.tags)


def _fit(tone: str | None, understanding: Understanding) -> bool:
    """False sorts first: the grave wording for upset and angry buyers, the light one for the rest."""
    grave = understanding.emotion.label in ("upset", "angry")
    return tone is not None and (tone == "重") != grave


def silence(replies: Sequence[Reply], conversation: Conversation, calibration: Calibration) -> str | None:
    """Why nothing of the knowledge is suggested, or None when something is; for the agent to read."""
    if not replies:
        return NOTHING_KNOWN if conversation.turn or not conversation.said else NOBODY_WAITS
    if replies[0].entry.intent == CHITCHAT:
        return OFF_TOPIC
    return NOTHING_FITS if replies[0].ranked.confidence < calibration.abstain_below else None


def choose(replies: Iterable[Reply], limit: int) -> list[Reply]:
    """At most `limit` replies, best first: different topics where the topic is in doubt, else other wordings of it."""
    first, others, topics = [], [], set()
    for reply in replies:
        repeated = reply.entry.intent in topics or (first and reply.ranked.confidence < _CARD_FLOOR)
        (others if repeated else first).append(reply)
        topics.add(reply.entry.intent)
    same_topic = [each for each in others if first and each.entry.intent in {r.entry.intent for r in first}]
    return (first + same_topic)[:limit]
