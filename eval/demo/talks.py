"""Conversations by script with the suggester's own answers, each variant asked once and used many times."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.request import Message, SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from eval.demo.scripts import Script
from knowledge.context import Context

VARIANTS = 5  # of a script
_AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Talk:
    """One variant: its requests and what the suggester answered."""

    script: Script
    requests: tuple[SuggestionRequest, ...]
    responses: tuple[SuggestionResponse, ...]


def talks(suggester: Suggester, shop_id: str, scripts: Sequence[Script], chance: random.Random) -> list[list[Talk]]:
    """The variants of every script; an agent answers with the first suggestion before the buyer goes on."""
    drafts = [_Draft(script, shop_id, chance) for script in scripts for _ in range(VARIANTS)]
    for number in range(max(len(script.turns) for script in scripts)):
        asking = [draft for draft in drafts if number < len(draft.lines)]
        for start in range(0, len(asking), _AT_ONCE):
            chunk = asking[start : start + _AT_ONCE]
            responses = suggester.suggest_many([draft.request(number) for draft in chunk])
            for draft, response in zip(chunk, responses, strict=True):
                draft.hear(response)
    made = [draft.talk() for draft in drafts]
    return [made[start : start + VARIANTS] for start in range(0, len(made), VARIANTS)]


class _Draft:
    """A conversation in the making."""

    def __init__(self, script: Script, shop_id: str, chance: random.Random) -> None:
        self.script, self.shop_id = script, shop_id
        self.lines = [chance.choice(choices) for choices in script.turns]
        item = {"item": {"item_id": chance.choice(script.items)}} if script.items else {}
        order = {"order": {"state": script.order}} if script.order else {}
        self.context = Context.model_validate({**item, **order})
        self.messages: list[Message] = []
        self.asked: list[SuggestionRequest] = []
        self.responses: list[SuggestionResponse] = []

    def request(self, number: int) -> SuggestionRequest:
        line = Message(id=f"m{len(self.messages)}", role="buyer", text=self.lines[number])
        self.messages.append(line)
        request = SuggestionRequest(shop_id=self.shop_id, messages=tuple(self.messages), context=self.context)
        self.asked.append(request)
        return request

    def hear(self, response: SuggestionResponse) -> None:
        self.responses.append(response)
        said = response.suggestions[0].text if response.suggestions else "稍等，我帮您看一下。"
        self.messages.append(Message(role="agent", text=said))

    def talk(self) -> Talk:
        return Talk(self.script, tuple(self.asked), tuple(self.responses))
