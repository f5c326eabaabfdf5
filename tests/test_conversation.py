"""The conversation as it is read: one turn of the buyer's last messages, what was said before, what to search with."""

from __future__ import annotations

from itertools import takewhile

from hypothesis import given
from hypothesis import strategies as st

from assistant.conversation import LINE, LINES, PICTURE, WORDLESS, Conversation, read_conversation
from assistant.request import Message, Role

ROLES: tuple[Role, ...] = ("buyer", "agent", "system")
ASKED: tuple[tuple[Role, str], ...] = (("buyer", "白色有货吗"), ("agent", "白色有的亲"))


def read(*spoken: tuple[Role, str]) -> Conversation:
    return read_conversation([Message(id=f"m{i}", role=role, text=text) for i, (role, text) in enumerate(spoken, 1)])


def test_the_buyers_last_messages_are_one_turn() -> None:
    conversation = read(("buyer", "在吗"), ("agent", "在的亲"), ("buyer", "刚收到的杯子"), ("buyer", "盖子裂了"))
    assert conversation.turn == "刚收到的杯子，盖子裂了"
    assert conversation.for_message_id == "m4"
    assert conversation.earlier == ("在吗",)
    assert conversation.said == ("在的亲",)


def test_a_system_notice_does_not_split_a_turn() -> None:
    conversation = read(("buyer", "我要退货"), ("system", "买家提交了退款申请"), ("buyer", "快点处理"))
    assert conversation.turn == "我要退货，快点处理"
    assert conversation.earlier == ()


def test_no_turn_waits_when_the_agent_spoke_last() -> None:
    conversation = read(("buyer", "什么时候发货"), ("agent", "今天发出哦"))
    assert (conversation.turn, conversation.query, conversation.for_message_id) == ("", "", None)
    assert conversation.earlier == ("什么时候发货",)


def test_no_message_at_all_is_an_empty_conversation() -> None:
    assert read() == Conversation(turn="", query="", for_message_id=None, earlier=(), said=())


def test_a_greeting_before_the_question_is_not_searched_with() -> None:
    assert read(("buyer", "在吗"), ("buyer", "你好～"), ("buyer", "能开发票吗？")).query == "能开发票吗?"


def test_a_greeting_alone_is_searched_with() -> None:
    assert read(("buyer", "在嗎？")).query == "在吗?"


def test_a_bare_follow_up_borrows_the_topic_of_the_turn_before() -> None:
    assert read(*ASKED, ("buyer", "那黑色呢")).query == "白色有货吗,那黑色呢"
    assert read(*ASKED, ("buyer", "黑色的呢")).query == "白色有货吗,黑色的呢"


def test_a_whole_question_borrows_nothing() -> None:
    assert read(*ASKED, ("buyer", "发什么快递")).query == "发什么快递"
    assert read(*ASKED, ("buyer", "那你们店里周末也正常发货的吗")).query == "那你们店里周末也正常发货的吗"
    assert read(*ASKED, ("buyer", "你好")).query == "你好"


def test_a_bare_follow_up_with_nothing_before_it_stands_alone() -> None:
    assert read(("buyer", "那黑色呢")).query == "那黑色呢"


def test_the_query_is_simplified_and_folded_but_the_turn_is_as_written() -> None:
    conversation = read(("buyer", "發票可以開嗎 ＡＢＣ😊"))
    assert conversation.query == "发票可以开吗 abc"
    assert conversation.turn == "發票可以開嗎 ＡＢＣ😊"


def test_the_words_keep_the_emoji_and_marks_that_are_not_searched_with() -> None:
    assert read(("buyer", "收到了😊"), ("buyer", "[图片]")).worded == "收到了 [图片] 😊"
    assert read(("buyer", "[图片]")).worded == f"{WORDLESS} [图片]"
    assert read(("buyer", " ")).worded == f"{WORDLESS} [图片]"
    assert read(("buyer", "能开发票吗")).worded == "能开发票吗"
    assert read(*ASKED, ("buyer", "那黑色呢😭")).worded == "白色有货吗,那黑色呢 😭"


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))))
def test_every_spoken_text_is_kept_once_and_in_order(spoken: list[tuple[Role, str]]) -> None:
    conversation = read(*spoken)
    heard = [(role, text) for role, text in spoken if role != "system"]
    turn = list(takewhile(lambda message: message[0] == "buyer", reversed(heard)))[::-1]
    by_agent = [text for role, text in spoken if role == "agent" and text.strip()]
    waiting = [text.strip() or PICTURE for _, text in turn]
    earlier = [text for role, text in heard[: len(heard) - len(turn)] if role == "buyer" and text.strip()]
    assert list(conversation.earlier) == earlier
    assert conversation.turn == "，".join(waiting)
    assert list(conversation.said) == by_agent
    assert (conversation.for_message_id is None) == (not waiting)


# What comes before the turn, as it is read with it


def test_the_lines_before_a_turn_follow_it_newest_first_and_say_who_speaks() -> None:
    assert read(*ASKED, ("buyer", "發什麼快遞")).in_context == "发什么快递 客:白色有的亲 买:白色有货吗"


def test_a_turn_with_nothing_before_it_is_read_alone() -> None:
    conversation = read(("system", "买家进入会话"), ("buyer", "在吗"), ("buyer", "能开发票吗"))
    assert conversation.in_context == conversation.query == "能开发票吗"


def test_nothing_is_read_where_no_turn_waits() -> None:
    assert read(*ASKED).in_context == ""
    assert read().in_context == ""


def test_only_the_last_lines_are_read_and_messages_in_a_row_are_one() -> None:
    spoken: list[tuple[Role, str]] = [("buyer", "一"), ("agent", "二"), ("buyer", "三"), ("agent", "四")]
    assert LINES == 3
    assert read(*spoken, ("buyer", "在吗")).in_context == "在吗 客:四 买:三 客:二"
    assert read(*spoken[2:], ("agent", "五"), ("buyer", "在吗")).in_context == "在吗 客:四 五 买:三"


def test_a_system_notice_is_not_among_the_lines() -> None:
    conversation = read(("buyer", "我要退货"), ("system", "买家提交了退款申请"), ("agent", "好的亲"), ("buyer", "谢谢"))
    assert conversation.in_context == "谢谢 客:好的亲 买:我要退货"


def test_of_a_long_line_its_end_is_read_where_the_question_is() -> None:
    long = "".join(chr(0x4E00 + number) for number in range(200))
    read_with = read(("agent", long), ("buyer", "好")).in_context
    assert read_with == f"好 客:{long[-LINE:]}"


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))))
def test_the_query_opens_what_is_read_and_little_follows(spoken: list[tuple[Role, str]]) -> None:
    conversation = read(*spoken)
    assert conversation.in_context.startswith(conversation.query)
    assert len(conversation.in_context) <= len(conversation.query) + LINES * (LINE + len(" 买:"))
