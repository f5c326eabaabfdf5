"""Reply rules: empathy before facts, no opener twice, different topics among the few, silence when nothing suits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice

from assistant.ranking import Ranked
from assistant.rendering import render
from assistant.repetition import was_said
from assistant.replies import Reply
from assistant.response import Part, Understanding
from assistant.understanding import CHITCHAT, UNCLEAR
from knowledge.conditions import Facts, applicable
from knowledge.entries import EMPATHY_TAG, Entry
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot
from models.calibration import Calibration
from models.cues import EMOTIONS
from models.intents import intents

GENERAL_TAG = "general"  # an opener for troubles that have none of their own
HOLDING = "flow.wait"
NOBODY_WAITS = "没有等待回复的买家消息。"
NOTHING_KNOWN = "知识库里还没有能回答这条消息的内容，请人工回复；也可以把它加为新的知识条目。"
NOTHING_FITS = "知识库里没有足够贴切的内容，请人工回复；常见的话可以把它加为新的知识条目。"
OFF_TOPIC = "这条消息与购物无关，请按店铺习惯礼貌回应。"
# An intent less likely than this does not choose the buyer's trouble.
_TROUBLE_FLOOR, _BEHIND_A_THREAT, _LEAD_FLOOR = 0.1, 0.08, 0.3
# A topic less likely than this is not worth a card: another wording of the first is. Of 838 labelled messages as many
# had a right answer among three as with a tenth of it.
_CARD_FLOOR = 0.02
# What looks like small talk is answered when the knowledge has an answer with one chance in three: a card beside the
# point costs the agent a glance, silence costs the answer.
_MAY_BE_MORE_THAN_SMALL_TALK = 1 / 3


@dataclass(frozen=True, slots=True)
class EmpathyRule:
    """When the buyer complains, a reply opens with words for their own trouble, not yet used in this conversation.

    `text` is the buyer's turn, normalised; `said` what the agent sent before.
    """

    snapshot: Snapshot
    scope: Scope
    understanding: Understanding
    text: str
    said: tuple[str, ...]
    facts: Facts

    def opener(self, intent: str) -> Part | None:
        """The opener before a reply about `intent`; None when the buyer does not complain."""
        if not self.understanding.complaint.value:
            return None
        wordings = [
            (entry, rendered.text)
            for entry in self._openers(intent)
            for answer in sorted(applicable(entry.answers, self.facts), key=lambda a: _fit(a.tone, self.understanding))
            if (rendered := render(answer.text, entry.id, self.facts)) and not rendered.missing
        ]
        fresh = ((entry, text) for entry, text in wordings if not was_said(text, self.said))
        entry, text = next(fresh, None) or next(iter(wordings), (None, ""))
        return Part(role="empathy", text=text, entry_id=entry.id) if entry else None

    def _openers(self, intent: str) -> Iterator[Entry]:
        """Openers of the reply's own trouble, then of the likeliest others, then general ones of the emotion."""
        guesses = self.understanding.intents
        likely = [guess.code for guess in guesses if guess.confidence >= _TROUBLE_FLOOR]
        # A threat hides the trouble behind it, which is what the buyer wants to hear named.
        behind = [g.code for g in guesses if g.confidence >= _BEHIND_A_THREAT and intents()[g.code].phase != "risk"]
        troubles = (*behind, intent, *likely) if intents()[intent].phase == "risk" else (intent, *likely)
        for code in dict.fromkeys(troubles):
            yield from sorted(filter(self._named, self._phrases(code, EMPATHY_TAG)), key=lambda e: len(e.tags) == 1)
        label = self.understanding.emotion.label
        # For the emotion, else for any; one for another emotion only where there is nothing else.
        yield from sorted(
            self._phrases(UNCLEAR, GENERAL_TAG), key=lambda e: (label not in e.tags, any(t in EMOTIONS for t in e.tags))
        )

    def _named(self, entry: Entry) -> bool:
        """Whether the opener suits: one with further tags (过敏, 赠品) is for buyers who name one of them."""
        tags = set(entry.tags) - {EMPATHY_TAG}
        return not tags or any(tag in self.text for tag in tags)

    def _phrases(self, intent: str, tag: str) -> list[Entry]:
        return self.snapshot.phrases(self.scope, intent=intent, tag=tag)


def _fit(tone: str | None, understanding: Understanding) -> bool:
    """False sorts first: the grave wording for upset and angry buyers, the light one for the rest."""
    grave = understanding.emotion.label in ("upset", "angry")
    return tone is not None and (tone == "重") != grave


def silence(replies: Sequence[Reply], *, waited_for: bool, answerable: float, calibration: Calibration) -> str | None:
    """Why nothing of the knowledge is suggested, or None when something is; for the agent to read.

    `waited_for` says whether anybody waits for a message: a buyer's turn, or an intent that the agent opens with;
    `answerable` (of the understanding) how probably the knowledge has an answer.
    """
    if not replies:
        return NOTHING_KNOWN if waited_for else NOBODY_WAITS
    if replies[0].entry.intent == CHITCHAT:
        return OFF_TOPIC
    return NOTHING_FITS if answerable < calibration.abstain_below else None


def without_small_talk(ranked: Sequence[Ranked], answerable: float) -> Sequence[Ranked]:
    """The candidates for a turn that may well be more than small talk: none that takes it for that, unless all do.

    `answerable` as for `silence`; a turn that is less so keeps all of them, and small talk in front silences it.
    """
    if answerable < _MAY_BE_MORE_THAN_SMALL_TALK:
        return ranked
    return [each for each in ranked if each.entry.intent != CHITCHAT] or ranked


def choose(ranked: Iterable[Ranked], write: Callable[[Ranked], Reply | None], limit: int) -> list[Reply]:
    """At most `limit` replies, best first: different topics where the topic is in doubt, else other wordings of it.

    `ranked` has the entries of a topic together. A reply is only written when it is needed; one that was sent before
    comes after those that were not. An emergency entry that has a reply stands in for all others of its topic.
    """
    chosen: list[Reply] = []
    more: list[Iterator[Reply]] = []
    for _, topic in groupby(ranked, key=lambda each: each.entry.intent):
        entries = list(topic)
        if len(chosen) == limit or (chosen and max(each.confidence for each in entries) < _CARD_FLOOR):
            break
        replies = _fresh_first(_in_force(entries, write))
        if first := next(replies, None):
            chosen.append(first)
            more.append(replies)
    # The best fresh reply leads; a doubtful one of another topic does not push aside the right one for being fresh.
    lead = next((each for each in chosen if not each.said and each.ranked.confidence >= _LEAD_FLOOR), None)
    best = lead or next(iter(chosen), None)
    topics = sorted(chosen, key=lambda reply: (reply is not best, reply.said, -reply.ranked.confidence))
    # Further wordings come after all topics, so that the first few are the same whatever the limit.
    return topics + list(islice(chain.from_iterable(more), limit - len(topics)))


def _in_force(topic: Sequence[Ranked], write: Callable[[Ranked], Reply | None]) -> Iterator[Reply]:
    """The replies of a topic, each written when it is needed; those of an emergency alone while it has any."""
    urgent = [reply for each in topic if each.entry.is_emergency and (reply := write(each))]
    everyday = (reply for each in topic if not each.entry.is_emergency and (reply := write(each)))
    return iter(urgent) if urgent else everyday


def _fresh_first(replies: Iterable[Reply]) -> Iterator[Reply]:
    said = []
    for reply in replies:
        if reply.said:
            said.append(reply)
        else:
            yield reply
    yield from said
