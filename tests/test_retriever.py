"""Retrieval on the shipped encoder and on the stand-in: three lists, all signals, no other shop's words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.changes import Delta
from knowledge.entries import Entry
from knowledge.fusion import COMMON, LEXICAL
from knowledge.retriever import Candidate, Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.encoder import Encoder
from models.text import normalise
from tests.counting_encoder import CountingEncoder
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def entry(entry_id: str, title: str, **fields: object) -> Entry:
    return Entry.model_validate({**draft(entry_id, title=title, **fields).model_dump(), "version": 1})


def snapshot_of(encoder: Encoder, *entries: Entry) -> Snapshot:
    return Snapshot.empty(encoder).advanced(Delta(1, entries, frozenset(), (), {}), encoder)


def ask(snapshot: Snapshot, encoder: Encoder, text: str, scope: Scope, k: int = 50) -> list[Candidate]:
    normal = normalise(text)
    return retrieve(snapshot, Query(normal, encoder.encode_queries([normal])[0]), scope, k)


def test_the_right_entry_comes_first_with_its_phrasing(encoder: Encoder) -> None:
    snapshot = snapshot_of(
        encoder,
        entry("ship", "什么时候发货", questions=["几天能发出来", "今天能发吗"]),
        entry("invoice", "可以开发票吗", questions=["能开票不"], answers=["可以开电子发票的亲。"]),
        entry("return", "怎么退货", questions=["我不想要了想退"], answers=["七天内可以申请退货。"]),
    )
    best = ask(snapshot, encoder, "可以開發票嗎", Scope(None, NOW))[0]
    assert (best.entry.id, best.phrasing) == ("invoice", "可以开发票吗")
    assert best.dense > 0.9
    assert best.lexical > 0.5
    assert 0.5 < best.answer < 1
    assert ask(snapshot, encoder, "啥时候能发出来", Scope(None, NOW))[0].entry.id == "ship"


def test_no_other_shops_entry_ever(counting_encoder: CountingEncoder) -> None:
    entries = [
        entry(f"e{n}", "什么时候发货", shop_id=[None, "s1", "s2"][n % 3], answers=["亲，马上发货"]) for n in range(90)
    ]
    snapshot = snapshot_of(counting_encoder, *entries)
    for shop, shops in (("s1", {None, "s1"}), ("s2", {None, "s2"}), ("s3", {None}), (None, {None})):
        candidates = ask(snapshot, counting_encoder, "什么时候发货", Scope(shop, NOW), 100)
        assert {candidate.entry.shop_id for candidate in candidates} == shops
        assert len(candidates) == 30 * len(shops)


def test_items_of_others_do_not_crowd_out(counting_encoder: CountingEncoder) -> None:
    entries = [entry(f"e{n}", "尺码怎么选", shop_id="s1", items=[f"i{n}"]) for n in range(300)]
    snapshot = snapshot_of(counting_encoder, *entries, entry("all", "怎么选尺码呀"))
    seen = [one.entry.id for one in ask(snapshot, counting_encoder, "尺码怎么选", Scope("s1", NOW, "i77"), 5)]
    assert seen == ["e77", "all"]
    assert [one.entry.id for one in ask(snapshot, counting_encoder, "尺码怎么选", Scope("s1", NOW), 5)] == ["all"]


@pytest.mark.parametrize("k", [1, 7, 100])
def test_k_and_complete_signals(counting_encoder: CountingEncoder, k: int) -> None:
    entries = [entry(f"e{n}", f"问题{n}号", questions=[f"第{n}个", "怎么办"], answers=[f"回答{n}"]) for n in range(120)]
    snapshot = snapshot_of(counting_encoder, *entries)
    candidates = ask(snapshot, counting_encoder, "问题7号怎么办", Scope(None, NOW), k)
    assert len(candidates) == k
    assert [one.fused for one in candidates] == sorted((one.fused for one in candidates), reverse=True)
    query = counting_encoder.encode_queries(["问题7号怎么办"])[0]
    for one in candidates:
        cosines = counting_encoder.encode_queries([normalise(text) for text in one.entry.phrasings]) @ query
        assert one.dense == pytest.approx(float(cosines.max()), abs=1e-5)
        assert one.phrasing in one.entry.phrasings
        assert cosines[one.entry.phrasings.index(one.phrasing)] == pytest.approx(one.dense, abs=1e-5)
        answers = counting_encoder.encode_documents([normalise(answer.text) for answer in one.entry.answers]) @ query
        assert one.answer == pytest.approx(float(answers.max()), abs=1e-5)
        assert 0 <= one.lexical <= 1


def test_an_empty_knowledge_and_an_empty_query_find_nothing_or_something_harmless(
    counting_encoder: CountingEncoder,
) -> None:
    assert ask(Snapshot.empty(counting_encoder), counting_encoder, "在吗", Scope("demo", NOW)) == []
    candidates = ask(snapshot_of(counting_encoder, entry("a", "在吗")), counting_encoder, "", Scope("demo", NOW))
    assert [one.lexical for one in candidates] == [0.0]


def test_the_score_is_the_fusion_of_the_signals(counting_encoder: CountingEncoder) -> None:
    entries = [entry(f"e{n}", f"问题{n}号", answers=[f"回答{n}"]) for n in range(20)]
    snapshot = snapshot_of(counting_encoder, *entries)
    text = normalise("问题7号怎么办")
    query = counting_encoder.encode_queries([text])[0]
    phrasings, answers = snapshot.phrasings.delta.mean, snapshot.answers.delta.mean
    for one in retrieve(snapshot, Query(text, query), Scope(None, NOW)):
        phrasing = counting_encoder.encode_queries([normalise(one.entry.title)])[0]
        answer = counting_encoder.encode_documents([normalise(one.entry.answers[0].text)])[0]
        sides = [one.dense - COMMON * float(phrasing @ phrasings), one.answer - COMMON * float(answer @ answers)]
        assert one.fused == pytest.approx((1 - LEXICAL) * sum(sides) / 2 + LEXICAL * one.lexical, abs=1e-5)


def test_likely_intents_that_no_search_found_come_after_the_rest(counting_encoder: CountingEncoder) -> None:
    near = [entry(f"e{n}", f"问题{n}号") for n in range(40)]
    far = entry("far", "完全无关的一句话", intent="risk.report", answers=["另一件事"])
    snapshot = snapshot_of(counting_encoder, *near, far)
    text = normalise("问题7号")
    query = Query(text, counting_encoder.encode_queries([text])[0])
    found = retrieve(snapshot, query, Scope(None, NOW), 5)
    more = retrieve(snapshot, query, Scope(None, NOW), 5, likely=["risk.report", near[0].intent])
    assert more[:5] == found
    assert [one.entry.id for one in more[5:]] == ([] if far in [one.entry for one in found] else ["far"])
