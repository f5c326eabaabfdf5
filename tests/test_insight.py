"""The figures of insight against the plainest way to count them, over made traffic."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.insight.agents import agents
from assistant.insight.export import as_csv, as_markdown
from assistant.insight.period import Period
from assistant.insight.report import Insight, insight
from assistant.insight.scope import Scope
from assistant.insight.turns import turns_of
from assistant.linting import lint
from knowledge.catalogue import Item
from knowledge.context import Context
from knowledge.records.edit_distance import edit_distance
from knowledge.records.feedback import Action
from knowledge.records.insight import Given, Response
from knowledge.store import Store
from models.intents import intents
from tests.traffic import NOON, TEXT, Said, past

SHANGHAI = ZoneInfo("Asia/Shanghai")
PERIOD = Period(date(2026, 5, 18), date(2026, 5, 24), SHANGHAI, "day")
LATER = PERIOD.end + timedelta(days=2)
TARGET = 180
MINUTES = -9 * 24 * 60, 4 * 24 * 60 + 11 * 60  # around NOON: the period and the one before
QUALITY = ("after.defect", "after.damaged", "after.mismatch", "after.missing", "after.wrong_item", "after.fake")
ITEM = Item(item_id="cup-9", shop_id="demo", title="随手杯", attributes={"容量": "350ml"})
CODES = [
    "pre.size",
    "pre.freight",
    "pre.stock",
    "order.track",
    "after.defect",
    "after.missing",
    "flow.ack",
    "risk.report",
]
ACTIONS: list[tuple[Action, ...]] = [
    (), ("shown",), ("shown", "inserted"), ("shown", "copied"), ("shown", "disliked"),
    ("shown", "inserted", "sent"), ("shown", "inserted", "edited"),
]  # fmt: skip

said = st.builds(
    Said,
    at=st.integers(*MINUTES).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    intent=st.sampled_from(CODES),
    conversation=st.sampled_from([None, "c1", "c2", "c3", "c4"]),
    item=st.sampled_from([None, "cup-9", "gone"]),
    agent=st.sampled_from([None, "小林", "阿茶"]),
    complaint=st.booleans(),
    abstained=st.booleans(),
    missing=st.sampled_from([(), ("order.tracking_no",), ("item.sku_id",)]),
    waited_s=st.none() | st.integers(0, 6000).map(float),
    actions=st.sampled_from(ACTIONS),
    sent_text=st.sampled_from([TEXT, TEXT + "哈", "全都改了"]),
)
UNHURRIED = settings(deadline=None, max_examples=50)  # a busy machine may take its time
traffic = st.lists(said, max_size=40).map(lambda all_: sorted(all_, key=lambda one: one.at))


def rows(all_said: Sequence[Said]) -> tuple[list[Response], list[Given]]:
    """The rows as the store gives them."""
    responses, feedback = [], []
    for number, turn in enumerate(past(all_said)):
        record, one = turn.record, all_said[number]
        responses.append(
            Response(number, record.request_id, record.conversation_id, record.message_id, record.at, None,
                     record.agent, record.item_id, record.message, one.intent, record.complaint, record.abstained,
                     tuple(record.missing), turn.waited_s)
        )  # fmt: skip
        for at, each in turn.feedback:
            distance = None if each.sent_text is None else edit_distance(TEXT, each.sent_text)
            feedback.append(Given(each.request_id, at, each.action, each.agent, distance, len(TEXT), each.sent_text))
    return responses, feedback


def scope_over(
    responses: Sequence[Response], feedback: Sequence[Given], ordered: frozenset[str] = frozenset()
) -> Scope:
    turns = turns_of(responses, feedback)
    now = tuple(turn for turn in turns if turn.at >= PERIOD.start)
    before = tuple(turn for turn in turns if turn.at < PERIOD.start)
    return Scope(PERIOD, now, before, ordered, NOON - timedelta(days=60), {"cup-9": ITEM}, LATER)


def report_over(all_said: Sequence[Said], ordered: frozenset[str] = frozenset()) -> Insight:
    return insight(scope_over(*rows(all_said), ordered), "demo", None, TARGET)


def of_period(all_said: Sequence[Said]) -> list[Said]:
    return [one for one in all_said if PERIOD.start <= one.at < PERIOD.end]


@UNHURRIED
@given(traffic)
def test_topics_and_their_trend_count_every_message(all_said: list[Said]) -> None:
    report, mine = report_over(all_said), of_period(all_said)
    assert report.turns == len(mine)
    assert {row.intent: row.rate.n for row in report.topics.rows if row.rate.n} == Counter(one.intent for one in mine)
    for row in report.topics.rows:
        days = Counter(one.at.astimezone(SHANGHAI).date() for one in mine if one.intent == row.intent)
        assert row.trend == [days[bucket.first] for bucket in report.buckets]
        assert row.rate.share == (round(row.rate.n / len(mine), 4) if mine else 0)
    by_item = {item.item_id: item.n for item in report.topics.by_item}
    assert by_item == Counter(one.item for one in mine)


@UNHURRIED
@given(traffic)
def test_shares_before_are_those_of_the_same_days_before(all_said: list[Said]) -> None:
    report = report_over(all_said)
    before = [one for one in all_said if one.at < PERIOD.start]
    assert report.turns_before == len(before)
    for row in report.topics.rows:
        asked = sum(one.intent == row.intent for one in before)
        assert row.rate.before == (round(asked / len(before), 4) if before else None)


@UNHURRIED
@given(traffic)
def test_complaints_and_silence_are_counted_within_each_intent(all_said: list[Said]) -> None:
    report, mine = report_over(all_said), of_period(all_said)
    for found, trait in ((report.complaints, "complaint"), (report.abstentions, "abstained")):
        with_it = [one for one in mine if getattr(one, trait)]
        assert (found.rate.n, found.rate.of) == (len(with_it), len(mine))
        assert {row.intent: row.rate.n for row in found.rows} == Counter(one.intent for one in with_it)
        assert all(row.rate.of == sum(one.intent == row.intent for one in mine) for row in found.rows)
        assert (found.empty is None) == bool(with_it)


def outcome(one: Said) -> str:
    if "sent" in one.actions or "edited" in one.actions:
        return "as_is" if one.sent_text == TEXT else "edited"
    if "inserted" in one.actions or "copied" in one.actions:
        return "as_is"
    return "ignored" if one.actions else "not_shown"


@UNHURRIED
@given(traffic)
def test_adoption_is_a_share_of_what_agents_saw(all_said: list[Said]) -> None:
    found = report_over(all_said).adoption
    outcomes = Counter(outcome(one) for one in of_period(all_said))
    assert found.shown == outcomes.total() - outcomes["not_shown"]
    assert (found.as_is.n, found.edited.n, found.ignored.n) == (
        outcomes["as_is"],
        outcomes["edited"],
        outcomes["ignored"],
    )
    assert found.adopted.n + found.ignored.n == found.shown


@UNHURRIED
@given(traffic)
def test_edits_are_measured_where_the_text_is_known(all_said: list[Said]) -> None:
    found = report_over(all_said).edits
    texts = [one.sent_text or "" for one in of_period(all_said) if {"sent", "edited"} & set(one.actions)]
    distances = [edit_distance(TEXT, text) for text in texts]
    assert found.replies == len(distances) == found.unchanged + found.few + found.some + found.many
    assert found.mean == (round(sum(distances) / len(distances), 1) if distances else 0)
    assert found.unchanged == distances.count(0)


@UNHURRIED
@given(traffic)
def test_waiting_times_are_those_of_all_answered_messages(all_said: list[Said]) -> None:
    found = report_over(all_said).response
    waits = [one.waited_s for one in of_period(all_said) if one.waited_s is not None]
    assert found.waiting.answered == len(waits)
    assert found.waiting.within.n == sum(wait <= TARGET for wait in waits)
    assert found.waiting.median_s == (round(median(waits), 1) if waits else None)
    if waits:
        assert found.waiting.p90_s == pytest.approx(np.percentile(waits, 90), abs=0.051)


@UNHURRIED
@given(traffic, st.frozensets(st.sampled_from(["c1", "c2", "c3"])))
def test_talks_that_end_before_buying_are_told_by_their_last_question(
    all_said: list[Said], ordered: frozenset[str]
) -> None:
    found = report_over(all_said, ordered).not_buying
    reasons: Counter[str] = Counter()
    asked = 0
    for talk in ("c1", "c2", "c3", "c4"):
        phases = [(one.intent, intents()[one.intent].phase) for one in of_period(all_said) if one.conversation == talk]
        asked += any(phase == "pre_sale" for _, phase in phases)
        told = [(code, phase) for code, phase in phases if phase not in ("flow", "care", "other")]
        bought = any(phase in ("in_sale", "after_sale") for _, phase in told)
        if told and told[-1][1] == "pre_sale" and not bought and talk not in ordered:
            reasons[told[-1][0]] += 1
    assert {row.intent: row.n for row in found.rows} == reasons
    assert (found.rate.n, found.rate.of) == (reasons.total(), asked)


@UNHURRIED
@given(traffic)
def test_quality_issues_count_each_conversation_once(all_said: list[Said]) -> None:
    found = report_over(all_said).quality
    talks: dict[tuple[str | None, str], set[object]] = {}
    for number, one in enumerate(of_period(all_said)):
        if one.intent in QUALITY:
            talks.setdefault((one.item, one.intent), set()).add(one.conversation or number)
    assert {(row.item_id, code): n for row in found.rows for code, n in row.issues.items()} == {
        key: len(names) for key, names in talks.items()
    }


@UNHURRIED
@given(traffic)
def test_every_agents_messages_add_up(all_said: list[Said]) -> None:
    found = agents(scope_over(*rows(all_said)), "demo", TARGET, lambda _: ())
    mine = Counter(one.agent for one in of_period(all_said) if one.agent)
    assert {row.agent: row.turns for row in found.rows} == mine
    for row in found.rows:
        outcomes = Counter(outcome(one) for one in of_period(all_said) if one.agent == row.agent)
        assert (row.as_is.n, row.edited.n, row.ignored.n) == (
            outcomes["as_is"],
            outcomes["edited"],
            outcomes["ignored"],
        )


@settings(UNHURRIED, max_examples=20)
@given(traffic)
def test_exports_are_made_of_any_report(all_said: list[Said]) -> None:
    report = report_over(all_said)
    assert as_csv(report).startswith(b"\xef\xbb\xbf")
    assert f"# 小二洞察 {PERIOD.first}" in as_markdown(report)


def test_nothing_gives_zeros_and_says_why() -> None:
    report = report_over([])
    assert report.explanation
    assert "没有记录到买家消息" in report.explanation
    assert "conversation_id" in report.explanation, "without one nothing is written down"
    assert (report.turns, report.adoption.shown, report.complaints.rate.share) == (0, 0, 0.0)
    assert report.response.waiting.median_s is None
    sections = (report.topics, report.complaints, report.adoption, report.edits, report.response, report.abstentions)
    assert all(section.empty for section in (*sections, report.gaps, report.not_buying, report.quality))
    assert report.abstentions.empty == report.context_gaps.empty == report.topics.empty, "nothing is nothing to praise"
    assert report_over([Said()]).abstentions.empty == "这段时间每条消息都有合适的回复。"


def test_suggestions_asked_for_again_are_one_message() -> None:
    responses, feedback = rows(
        [Said(actions=("shown",)), Said(at=NOON + timedelta(seconds=9), actions=("shown", "inserted"))]
    )
    again = [replace(one, message_id="m0") for one in responses]
    [turn] = turns_of(again, feedback)
    assert turn.outcome == "as_is"


def test_what_a_buyer_adds_before_the_answer_belongs_to_the_same_message() -> None:
    first, second = rows([Said(intent="flow.greeting"), Said(at=NOON + timedelta(seconds=9), intent="pre.size")])[0]
    [turn] = turns_of([replace(first, asked_at="t"), replace(second, asked_at="t")], [])
    assert (turn.intent, turn.at) == ("pre.size", NOON)
    assert len(turns_of([replace(first, asked_at="t"), replace(second, asked_at="u")], [])) == 2


def test_a_conversation_that_goes_on_has_not_ended() -> None:
    scope = scope_over(*rows([Said(intent="pre.size")]))
    assert insight(replace(scope, now=NOON + timedelta(hours=1)), "demo", None, TARGET).not_buying.rate.n == 0
    assert insight(replace(scope, now=NOON + timedelta(hours=3)), "demo", None, TARGET).not_buying.rate.n == 1


def test_conversations_whose_orders_are_forgotten_are_not_judged() -> None:
    scope = scope_over(*rows([Said(intent="pre.size")]))
    found = insight(replace(scope, orders_since=NOON + timedelta(hours=1)), "demo", None, TARGET).not_buying
    assert (found.rate.n, found.rate.of, found.rate.before) == (0, 0, None)


ASKED = Said(item="cup-9", intent="pre.material", message="什么材质的", missing=("item.attributes",))


def test_an_attribute_that_is_asked_for_and_absent_is_a_gap_of_the_page() -> None:
    [gap] = report_over([ASKED, replace(ASKED, at=NOON + timedelta(minutes=1))]).gaps.rows
    assert (gap.item_id, gap.title, gap.field, gap.n) == ("cup-9", "随手杯", "item.attributes.材质", 2)
    assert gap.examples == ["什么材质的"]


def test_a_gap_that_was_filled_is_gone() -> None:
    scope = scope_over(*rows([ASKED]))
    filled = ITEM.model_copy(update={"attributes": {**ITEM.attributes, "材质": "玻璃"}})
    assert insight(replace(scope, items={"cup-9": filled}), "demo", None, TARGET).gaps.rows == []


@pytest.mark.parametrize(
    "noise",
    [replace(ASKED, intent="pre.bargain"), replace(ASKED, item="gone"), replace(ASKED, missing=("order.tracking_no",))],
)
def test_what_only_another_reply_would_have_used_is_no_gap(noise: Said) -> None:
    assert report_over([noise]).gaps.rows == []


def test_a_question_about_no_known_attribute_is_told_by_its_words() -> None:
    [gap] = report_over([replace(ASKED, intent="pre.spec", message="放桌上会不会晃")]).gaps.rows
    assert (gap.field, gap.examples) == ("item.attributes", ["放桌上会不会晃"])


def test_order_fields_are_missed_only_where_there_is_an_order() -> None:
    missing = ("order.tracking_no",)
    assert report_over([Said(intent="pre.size", missing=missing)]).context_gaps.rows == []
    [gap] = report_over([Said(intent="order.track", missing=missing)]).context_gaps.rows
    assert (gap.name, gap.n) == ("快递单号", 1)


def test_what_agents_changed_is_read_for_what_must_not_be_said() -> None:
    bad = Said(agent="大勇", actions=("shown", "edited"), sent_text="加我微信聊")
    good = Said(at=NOON + timedelta(minutes=1), agent="大勇", actions=("shown", "edited"), sent_text=TEXT + "哈")
    scope = scope_over(*rows([bad, good]))
    [row] = agents(scope, "demo", TARGET, lambda text: lint(text, None, Context(), None)).rows
    assert (row.checked, row.with_findings) == (2, 1)
    assert [one.category for one in row.findings] == ["站外联系"]


def test_a_title_that_a_spreadsheet_would_calculate_is_guarded() -> None:
    evil = ITEM.model_copy(update={"title": '=HYPERLINK("http://x")|<b>'})
    report = insight(replace(scope_over(*rows([ASKED])), items={"cup-9": evil}), "demo", None, TARGET)
    assert "'=HYPERLINK" in as_csv(report).decode("utf-8-sig")
    assert '=HYPERLINK("http://x")\\|\\<b\\>' in as_markdown(report)


def test_the_database_gives_the_same_report_as_the_rows(store: Store) -> None:
    chance = random.Random(5)  # noqa: S311
    minutes = sorted(chance.sample(range(*MINUTES), 300))
    all_said = [
        Said(at=NOON + timedelta(minutes=at), intent=chance.choice(CODES), conversation=f"c{chance.randrange(60)}",
             item=chance.choice(["cup-9", None]), agent=chance.choice(["小林", "阿茶"]),
             complaint=chance.random() < 0.2, waited_s=chance.choice([None, 12.0, 400.5]),
             actions=chance.choice(ACTIONS), sent_text=TEXT + "哈")
        for at in minutes
    ]  # fmt: skip
    store.past.put(past(all_said))
    before = PERIOD.before()
    responses = store.insight.responses("demo", before.start, PERIOD.end)
    feedback = store.insight.feedback("demo", before.start, PERIOD.end + timedelta(days=1))
    wanted = [one for one in all_said if before.start <= one.at < PERIOD.end]
    assert insight(scope_over(responses, feedback), "demo", None, TARGET) == report_over(wanted)
