"""Rates: how often messages of an intent complain, and what the order's state says of the intents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from assistant.evidence import BROWSING
from assistant.examples import Example
from models.calibration import Weights
from models.intents import intents

# How many messages of the usual kind an intent is thought to have beside its own, so that nothing is impossible.
_STATE_SMOOTHING = 4.0
# A state speaks for or against an intent by no more than this. Our writers chose a likely state for what they wrote;
# buyers also ask for what the state forbids (a new address for a closed order). Bounded, dialogs kept for judging came
# out 0.5 points better.
_STATE_SAYS_AT_MOST = 2.0


def complaint_rate(examples: Sequence[Example]) -> dict[str, float]:
    """The share of complaints among messages of each intent."""
    by_intent = defaultdict(list)
    for each in examples:
        if each.complaint is not None:
            by_intent[each.intents[0]].append(each.complaint)
    return {code: round((sum(seen) + 0.2) / (len(seen) + 1), 4) for code, seen in sorted(by_intent.items())}


def state_odds(examples: Sequence[Example]) -> dict[str, Weights]:
    """For every state of an order, how much likelier it makes each intent: log P(state | intent) / P(state).

    A parcel that is sent is as good as one that is on its way: what buyers say of the two is counted together. Whether
    somebody only browses is told by labelled dialogs alone, so it is compared among them.
    """
    known = [("shipped" if e.state == "collected" else e.state, e.intents[0]) for e in examples if e.state]
    odds = _odds(state_and_intent for state_and_intent in known if state_and_intent[0] != BROWSING)
    if BROWSING in dict(known):
        dialogs = [(BROWSING if e.state == BROWSING else "", e.intents[0]) for e in examples if e.from_dialog]
        odds[BROWSING] = _odds(dialogs)[BROWSING]
    return odds | ({"collected": odds["shipped"]} if "shipped" in odds else {})


def _odds(pairs: Iterable[tuple[str, str]]) -> dict[str, Weights]:
    """Drawn towards the odds of the intent's phase where an intent has few messages, and these towards none."""
    known = list(pairs)
    states, both = Counter(state for state, _ in known), Counter(known)
    of_intent, of_phase = Counter(code for _, code in known), Counter(intents()[code].phase for _, code in known)
    in_phase = Counter((state, intents()[code].phase) for state, code in known)
    codes = sorted(code for code, intent in intents().items() if intent.voice == "buyer")

    def ratio(state: str, code: str) -> float:
        share, phase, s = states[state] / len(known), intents()[code].phase, _STATE_SMOOTHING
        usual = (in_phase[state, phase] / share + s) / (of_phase[phase] + s)
        return (both[state, code] / share + s * usual) / (of_intent[code] + s)

    def bounded(state: str, code: str) -> float:
        return round(min(max(math.log(ratio(state, code)), -_STATE_SAYS_AT_MOST), _STATE_SAYS_AT_MOST), 4)

    return {state: {code: bounded(state, code) for code in codes} for state in sorted(states)}
