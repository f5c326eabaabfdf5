"""The report: everything of the result is on the page, nothing of it is markup, and the page needs nothing else."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.service.wiring import Parts
from eval.dialog_evaluation import Dialogs, evaluate_dialogs
from eval.errors import OutputUnwritable
from eval.progress import silent
from eval.report import report_html, write_report
from eval.report_misses import kinds_of, misses
from eval.report_signals import pulls
from eval.report_tables import complaint_table, emotion_table, intent_bars, operating_points, rows_table, tiles
from eval.report_words import words
from eval.result import Judged
from tests.saved_result_examples import WHY, case, dialogs_result, outside, suggested, with_tables
from tests.starter_fixtures import starter_parts as starter_parts

CASES = [case("c-1#0"), case("c-2#0", right=False), outside("o-1#0", abstained=True), outside("o-2#0", abstained=False)]
HOSTILE = """<script>alert(1)</script><img src=x onerror="alert('2')">&{{ 7 * 7 }}"""
LOADING = {"src", "srcset", "href", "xlink:href", "data", "action", "poster", "background"}


class _Page(HTMLParser):
    """The elements of a page with their attributes, its text, and the ids."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def test_the_page_holds_every_miss_with_context_suggestion_and_signals() -> None:
    missed = case(
        "c-9#0", right=False, context=["客服：在的亲"], suggestions=[suggested("pre.size", "亲，建议选 M 码。")]
    )
    page = _Page(report_html(dialogs_result([case("c-1#0"), missed])))
    for told in ("能不能便宜点 c-9#0", "客服：在的亲", "亲，建议选 M 码。", "与问法的语义相近", "议价"):
        assert told in page.text
    assert "能不能便宜点 c-1#0" not in page.text


def test_text_of_buyers_entries_and_files_is_never_markup() -> None:
    hostile = case(
        HOSTILE,
        right=False,
        text=HOSTILE,
        context=[HOSTILE],
        tags=[HOSTILE],
        file=HOSTILE,
        suggestions=[suggested("pre.size", HOSTILE)],
    )
    given = with_tables(dialogs_result([hostile], by_file={HOSTILE: {"turns": 1.0}, "b": {"turns": 1.0}}))
    rows = [row.model_copy(update={"note": HOSTILE}) for row in given.ablation or []]
    leaks = [leak.model_copy(update={"text": HOSTILE, "found": [HOSTILE], "case": HOSTILE}) for leak in given.leaks]
    page = _Page(report_html(given.model_copy(update={"ablation": rows, "leaks": leaks})))
    assert page.text.count(HOSTILE) >= 8
    assert page.count("script") == 1
    assert page.count("img") == 0
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_the_page_loads_nothing() -> None:
    content = report_html(with_tables(dialogs_result(CASES)))
    loads = [
        value for _, attributes in _Page(content).elements for name, value in attributes.items() if name in LOADING
    ]
    assert loads
    assert [value for value in loads if not (value or "").startswith("#")] == []
    assert not re.search(r"https?://|@import|url\((?!#)", content)
    assert _Page(content).count("link") == 0


def test_the_page_allows_no_script_but_its_own() -> None:
    content = report_html(dialogs_result(CASES))
    script = re.findall(r"<script>(.*?)</script>", content, re.S)
    digest = b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    policy = next(each["content"] for tag, each in _Page(content).elements if tag == "meta" and "http-equiv" in each)
    assert len(script) == 1
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def test_no_id_occurs_twice_and_every_reference_is_there() -> None:
    elements = _Page(report_html(with_tables(dialogs_result(CASES)))).elements
    ids = [each["id"] for _, each in elements if "id" in each]
    wanted = {value[1:] for _, each in elements for name in ("href", "xlink:href") if (value := each.get(name))}
    assert len(ids) == len(set(ids))
    assert wanted <= set(ids)


def test_the_same_result_gives_the_same_page_from_values_or_from_json() -> None:
    result = with_tables(dialogs_result(CASES))
    assert report_html(result) == report_html(result.model_dump(mode="json"))


@pytest.mark.parametrize(("fields", "absent"), [
    ({"reliability": []}, "把握与实际正确率"),
    ({"risk_coverage": []}, "回复得越多，错得越多"),
    ({"confusions": []}, "最常混淆的意图"),
    ({"baselines": None}, "与简单办法相比"),
    ({"ablation": None}, "关掉一部分之后"),
    ({"leaks": []}, "不该出现在回复里的"),
])  # fmt: skip
def test_what_a_run_does_not_have_is_left_out(fields: dict[str, object], absent: str) -> None:
    whole = with_tables(dialogs_result(CASES))
    assert absent in report_html(whole)
    assert absent not in report_html(whole.model_copy(update=fields))


def test_a_run_without_any_miss_says_so() -> None:
    assert "没有判错的消息" in report_html(dialogs_result([case("c-1#0")]))


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="写不了"):
        write_report(dialogs_result(CASES), tmp_path / "absent" / "report.html")


def test_a_real_run_becomes_a_page(starter_parts: Parts, tmp_path: Path) -> None:
    dialogs = tmp_path / "dialogs.jsonl"
    dialogs.write_text(
        '{"dialog_id": "d", "messages": [{"role": "buyer", "text": "可以便宜点吗", "labels": {"intents": ["pre.size"],'
        ' "complaint": 1, "emotion": "angry"}}]}\n',
        "utf-8",
    )
    result = evaluate_dialogs(starter_parts.suggester, Dialogs.read([dialogs]), silent)
    write_report(result.model_dump(mode="json"), tmp_path / "report.html")
    page = _Page((tmp_path / "report.html").read_text("utf-8"))
    assert "可以便宜点吗" in page.text
    assert "投诉漏判" in page.text
    assert page.count("svg") >= 1


@pytest.mark.parametrize(("given", "kinds"), [
    (case("c"), []),
    (case("c", right=False), ["three"]),
    (case("c", right=False, right_three=True), ["first"]),
    (case("c", right=False, abstained=True, suggestions=[]), ["silent"]),
    (outside("o", abstained=False), ["outside"]),
    (outside("o", abstained=True), []),
    (case("c", said=Judged(complaint=True, emotion="upset")), ["complaint_false", "emotion"]),
    (case("c", labelled=Judged(complaint=True, emotion=None)), ["complaint_missed"]),
    (case("c", labelled=Judged(complaint=None, emotion=None), right_first=None, right_three=None), []),
])  # fmt: skip
def test_what_is_wrong_with_a_case(given: object, kinds: list[str]) -> None:
    assert kinds_of(given) == kinds  # type: ignore[arg-type]


def test_wrong_topics_come_first_and_the_surest_mistakes_foremost() -> None:
    given = [
        case("e", said=Judged(complaint=False, emotion="angry"), suggestions=[suggested("pre.bargain", sure=0.99)]),
        case("p", said=Judged(complaint=True, emotion="neutral"), suggestions=[suggested("pre.bargain", sure=0.3)]),
        case("low", right=False, suggestions=[suggested("pre.size", sure=0.4)]),
        case("high", right=False, suggestions=[suggested("pre.size", sure=0.9)]),
        case("fine"),
    ]
    assert [each.case.id for each in misses(given)] == ["high", "low", "p", "e"]


def test_signals_are_told_by_how_far_they_pull_towards_winner_or_right() -> None:
    told = pulls({"dense": 2.0, "lexical": 0.5, "exact": 1.0}, {"dense": 1.0, "lexical": 1.0, "exact": 1.0})
    assert [(each.name, each.share) for each in told] == [("与问法的语义相近", 1.0), ("与问法的字面相近", -0.5)]
    assert pulls({}, {}) == []


def test_a_miss_compares_the_winner_with_the_right_intent() -> None:
    duel = misses([case("c", right=False)])[0].intents
    assert duel is not None
    assert (duel.winner, duel.right) == ("尺码与型号选择", "议价")
    assert (duel.winner_score, duel.right_score) == ("70.0%", "20.0%")


def test_a_right_intent_that_was_no_candidate_is_told() -> None:
    miss = misses([case("c", right=False, wanted=["after.return"])])[0]
    assert miss.intents is None
    assert "没有进入候选" in miss.remark


def test_among_several_right_entries_the_surest_is_compared() -> None:
    def entry(intent: str, confidence: float) -> dict[str, object]:
        known = {"entry_id": "e", "phrasing": "", "match": 0.0, "signals": {}, "contributions": {"dense": confidence}}
        return known | {"title": f"{intent} {confidence}", "intent": intent, "confidence": confidence}

    entries = [entry("pre.size", 0.8), entry("pre.coupon", 0.1), entry("pre.bargain", 0.3)]
    given = case("c", right=False, wanted=["pre.coupon", "pre.bargain"], why={**WHY, "entries": entries})
    duel = misses([given])[0].entries
    assert duel is not None
    assert (duel.winner, duel.right) == ("pre.size 0.8", "pre.bargain 0.3")


def test_silence_is_compared_with_what_the_knowledge_does_not_have() -> None:
    none = {"code": "none", "probability": 0.9, "signals": {}, "contributions": {"none": 3.0}}
    why = {**WHY, "intents": [none, *WHY["intents"]]}
    duel = misses([case("c", right=False, abstained=True, suggestions=[], why=why)])[0].intents
    assert duel is not None
    assert (duel.winner, duel.right, duel.pulls[0].name) == ("知识里没有", "议价", "知识里没有")


def test_a_misread_complaint_tells_what_spoke_for_it_and_against_it() -> None:
    contributions = {"head": -1.0, "calm_words": 0.5}
    why = {"complaint": {"code": "complaint", "probability": 0.3, "signals": {}, "contributions": contributions}}
    labelled = Judged(complaint=True, emotion=None)
    told = misses([case("c", labelled=labelled, why=why)])[0].complaint
    assert told is not None
    assert told[0] == "30.0%"
    assert [(each.name, each.share) for each in told[1]] == [("这句话的分类器", -1.0), ("平和的词", 0.5)]
    assert "算出来是投诉的可能：30.0%" in report_html(dialogs_result([case("c", labelled=labelled, why=why)]))


def test_feelings_are_counted_labelled_against_said() -> None:
    given = [
        case("1", labelled=Judged(complaint=True, emotion="angry")),
        case("2", said=Judged(complaint=True, emotion="upset")),
        case("3"),
        case("4", labelled=Judged(complaint=None, emotion=None)),
    ]
    assert complaint_table(given).counts == [[0, 1], [1, 1]]
    emotions = emotion_table(given)
    assert (emotions.total, emotions.most) == (3, 1)
    assert emotions.counts[emotions.labels.index("愤怒")][emotions.labels.index("平静")] == 1


def test_differences_to_the_whole_system_say_which_way_is_better() -> None:
    table = rows_table("", "", with_tables(dialogs_result(CASES)).baselines or [])
    assert table.columns == ["首条对"]
    assert [(cell.text, cell.change, cell.way) for _, cells in table.rows for cell in cells] == [
        ("25.0%", "-50.0", "worse"), ("75.0%", "", ""),
    ]  # fmt: skip


def test_operating_points_are_as_things_are_and_at_95_percent() -> None:
    now, at_95 = operating_points(dialogs_result(CASES))
    assert (now.point.coverage, now.outside) == (0.97, 0.5)
    assert (at_95.point.coverage, at_95.outside) == (0.9, 0.25)


def test_the_weakest_intents_come_first() -> None:
    result = dialogs_result(CASES)
    weak = result.by_intent["pre.bargain"]
    better = weak.model_copy(update={"first": 0.99})
    given = result.model_copy(update={"by_intent": {"a": better, "b": weak}})
    assert [code for code, _ in intent_bars(given)] == ["b", "a"]


def test_tiles_show_what_was_measured_only() -> None:
    assert [each.name for each in tiles(dialogs_result(CASES))] == ["首条对", "把握的校准误差", "泄漏合计"]


def test_every_word_of_the_report_has_a_metric_stage_and_leak_of_that_name() -> None:
    from typing import get_args

    from assistant.response import EmotionLabel
    from assistant.stages import STAGES
    from eval.metric_names import metric_names
    from eval.result import LeakKind

    assert {tile.metric for tile in words().tiles} <= set(metric_names())
    assert set(words().stages) == {"total", *STAGES}
    assert set(words().leaks) == set(get_args(LeakKind))
    assert set(words().emotions) == set(get_args(EmotionLabel))
