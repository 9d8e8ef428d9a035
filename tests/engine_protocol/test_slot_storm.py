"""Many conversations on few slots, with cancellations, aborts, few cells and bad files.

Every answer is its own, all end, within a bounded number of steps.
"""

from __future__ import annotations

from random import Random

import attrs
import pytest
from understudy.protocols.engine.messages import CANCELLED, CONTEXT, LENGTH, STOP
from understudy.protocols.engine.prefix_store import PrefixStore
from understudy.protocols.engine.step import Costs, Limits

from .kv_model import whole_answer
from .schedule_driver import Driver

SYSTEMS = [[10 * at + word for word in range(5)] * 12 for at in range(3)]
ANSWER_TOKENS_MAX = 40
COSTS = Costs(
    ((1, 1.0), (2, 2.6), (4, 3.1)),
    prefill_tokens_per_second=50,
    restore_bytes_per_second=50_000,
    state_bytes_per_token=4,
)


@attrs.frozen
class Weather:
    """How bad it gets; the chances are of one step each."""

    limits: Limits
    conversations: int = 64
    cancel: float = 0.02
    abort: float = 0.15
    damage: float = 0.05
    store_bytes: int = 6000


ROOMY = Weather(Limits(400, 1600, 4, 8))
TIGHT = Weather(Limits(240, 260, 4, 5, reserve_tokens=4))
NO_KEPT = Weather(Limits(240, 420, 4, 4, reserve_tokens=1), abort=0.4)
RECURRENT = Weather(Limits(240, 900, 4, 7, cuttable=False, reserve_tokens=8), abort=0.02)
COPIED = Weather(Limits(240, 420, 4, 8, reserve_tokens=4, shares=False))
ROOMY_COPIED = Weather(Limits(400, 1600, 4, 8, shares=False))
CALM = Weather(Limits(400, 1200, 4, 8), cancel=0, abort=0, damage=0)


class Storm:
    """The conversations of one run: two turns each, begun one by one."""

    def __init__(self, weather: Weather, seed: int) -> None:
        self.random = Random(seed)
        self.weather = weather
        store = PrefixStore("m", COSTS, weather.store_bytes)
        self.driver = Driver(weather.limits, COSTS, store)
        self.histories = [list(self.random.choice(SYSTEMS)) for _ in range(weather.conversations)]
        self.turns = [2] * weather.conversations
        self.live: dict[int, int] = {}
        self.tokens = 0

    def run(self) -> Driver:
        """Runs all to their ends; asserts whatever is promised."""
        for steps in range(20_000):
            self.end()
            self.begin()
            self.disturb()
            random = self.random
            aborted = random.random() < self.weather.abort
            abort_after = random.randrange(0, 20, 4) if aborted else None
            if self.driver.step(random.choice((1, 8, 16)), abort_after) is None:
                if not any(self.turns) and not self.live:
                    break
                if random.random() < 0.5:
                    self.driver.save_all()
            assert steps < 500 + 4 * self.tokens, "somebody starves"
        assert self.driver.slots.is_idle
        files = self.driver.memory.files.values()
        assert sum(len(data) * 2 for data in files) <= self.weather.store_bytes
        return self.driver

    def end(self) -> None:
        """Checks the answers that are whole; their conversations go on with them, or a part."""
        for request, conversation in list(self.live.items()):
            if self.driver.asked[request].ending:
                check(self.driver, request)
                answer = self.driver.asked[request].answer
                self.histories[conversation] += answer[: self.random.choice((3, 99))]
                del self.live[request]

    def begin(self) -> None:
        """Somebody asks the next question, or nobody."""
        idle = [at for at, left in enumerate(self.turns) if left and at not in self.live.values()]
        if not idle or self.random.random() > 0.3:
            return
        conversation = self.random.choice(idle)
        self.turns[conversation] -= 1
        history = self.histories[conversation]
        history += [self.random.randrange(100, 200) for _ in range(self.random.randrange(1, 60))]
        del history[230:]
        request = len(self.driver.asked) + 1
        tokens_max = self.random.choice((0, self.random.randrange(1, ANSWER_TOKENS_MAX)))
        self.tokens += len(history) + len(whole_answer(history, tokens_max or 400))
        self.driver.ask(request, history, tokens_max)
        self.live[request] = conversation

    def disturb(self) -> None:
        """Esc, and a file that is gone."""
        if self.live and self.random.random() < self.weather.cancel:
            self.driver.cancel(self.random.choice(list(self.live)))
        files = self.driver.memory.files
        if files and self.random.random() < self.weather.damage:
            del files[self.random.choice(list(files))]


def check(driver: Driver, request: int) -> None:
    """The answer is what the model says alone, whole or cut by an ending that allows it."""
    asked = driver.asked[request]
    assert asked.ending in (STOP, LENGTH, CONTEXT, CANCELLED)
    alone = whole_answer(asked.prompt, 400)
    assert asked.answer == alone[: len(asked.answer)]
    assert asked.ending != STOP or asked.answer == alone
    if asked.start is not None:
        assert asked.start.kept_tokens < len(asked.prompt)
        assert asked.start.input_tokens == len(asked.prompt)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("weather", [ROOMY, TIGHT, NO_KEPT, RECURRENT, COPIED, ROOMY_COPIED, CALM])
def test_in_any_weather_every_answer_is_its_own(weather: Weather, seed: int) -> None:
    Storm(weather, seed).run()
