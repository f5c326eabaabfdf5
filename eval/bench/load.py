"""Load: n clients that each ask again as soon as they are answered, for a bounded number of requests and seconds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import count
from threading import Barrier
from time import perf_counter, thread_time

import numpy as np

Call = Callable[[int], object]
"""One request by its number; returns when it is answered, raises when it is refused."""

Connect = Callable[[], AbstractContextManager[Call]]
"""Makes one client."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take; the first limit that is reached ends it."""

    requests: int
    seconds: float


@dataclass
class Sample:
    """Seconds of every request, processor seconds of the client's thread for it, seconds of whole runs."""

    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def add(self, other: Sample) -> None:
        """Take in another run of the same load."""
        self.waited += other.waited
        self.worked += other.worked
        self.elapsed += other.elapsed

    def waited_ms(self, percent: float) -> float:
        """A percentile of the latency, in milliseconds."""
        return float(np.percentile(self.waited, percent) * 1000)

    @property
    def worked_ms(self) -> float:
        """The median of the client thread's processor time per request, in milliseconds."""
        return float(np.median(self.worked) * 1000)

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return len(self.waited) / self.elapsed


def run(connect: Connect, clients: int, limits: Limits) -> Sample:
    """Let the clients ask at once, each on a connection of its own; the first error of any of them is raised."""
    numbers, together = count(), Barrier(clients + 1)
    with ThreadPoolExecutor(clients) as pool:
        answers = [pool.submit(_client, connect, numbers, limits, together) for _ in range(clients)]
        together.wait()
        started = perf_counter()
        samples = [answer.result() for answer in answers]
        elapsed = perf_counter() - started
    whole = Sample(elapsed=elapsed)
    for sample in samples:
        whole.add(sample)
    return whole


def _client(connect: Connect, numbers: count[int], limits: Limits, together: Barrier) -> Sample:
    sample = Sample()
    with connect() as call:
        together.wait()
        end = perf_counter() + limits.seconds
        while (number := next(numbers)) < limits.requests and (began := perf_counter()) < end:
            busy = thread_time()
            call(number)
            sample.worked.append(thread_time() - busy)
            sample.waited.append(perf_counter() - began)
    return sample
