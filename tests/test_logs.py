"""Logs: one line an event on standard error, and nobody can be told from it."""

from __future__ import annotations

import json

import pytest
import structlog

from assistant.service.logs import configure_logs


def test_whatever_is_logged_is_masked_also_in_the_text_of_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    log = structlog.get_logger()
    try:
        raise ValueError("买家电话13800001111")
    except ValueError as error:
        log.error(
            "订单3391234567890001失败", address={"text": "杭州市文三路138号"}, order=3391234567890001, exc_info=error
        )
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["level"]) == ("订单****0001失败", "error")
    assert (event["address"], event["order"]) == ({"text": "杭州市****"}, "****0001")
    assert "138****1111" in event["exception"]
    assert "13800001111" not in line


def test_a_line_carries_its_time_unmasked_and_levels_below_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("warning")
    log = structlog.get_logger()
    log.info("quiet")
    log.warning("loud", count=12)
    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert (event["event"], event["count"]) == ("loud", 12)
    assert "*" not in event["timestamp"]
