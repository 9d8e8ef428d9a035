"""One random history: turns come and go, other programs take and give, the policy decides."""

from __future__ import annotations

from math import inf
from random import Random

from understudy.protocols.resources.policy import Decision, Evict, Grant, ResourcePolicy
from understudy.protocols.resources.rules import MemoryRules

from .machine import WEATHERS, Machine, Model, Process
from .promises import Promises, check_monotone

STEPS = 60
STUCK_SECONDS = 45.0
"""A process that does not end when it should takes this long."""
REFUSED_SECONDS = 10.0
"""Nobody asks again at once for what was refused."""
TURN_CHANCE = 0.7


class History:
    """A machine, the policy, and who watches it."""

    def __init__(self, seed: int, steps: int = STEPS) -> None:
        self.random = random = Random(seed)
        self.machine = Machine(WEATHERS[seed % len(WEATHERS)], random)
        budget = random.choice((None, None, int(self.machine.total_bytes * 0.6)))
        self.rules = MemoryRules(
            budget_bytes=budget,
            grace_seconds=random.choice((5.0, 30.0)),
            wait_seconds_max=random.choice((10.0, 60.0)),
            reading_seconds=random.choice((1.0, 4.0)),
        )
        self.policy = ResourcePolicy(self.rules)
        self.promises = Promises(self.rules, self.machine)
        self.now = 0.0
        self.steps = steps
        self.asked: dict[str, int] = {}
        self.patient_until: dict[str, float] = {}
        self.leases = 0
        self.ended = 0
        self.seed = seed

    def run(self) -> Promises:
        """Lives it, then lets all that wait come to their ends."""
        judge_from = self.random.randrange(self.steps)
        floor = self.rules.floor_bytes(self.machine.total_bytes) * self.random.choice((1, 9))
        for step in range(self.steps):
            if self.random.random() < TURN_CHANCE:
                self.turn(self.random.choice(self.machine.models))
            is_judged = (
                step >= judge_from
                and self.machine.available_bytes < floor
                and any(process.is_loaded for process in self.machine.processes.values())
            )
            self.step(is_judged=is_judged)
            judge_from = self.steps if is_judged else judge_from
        quiet = 0
        while any(known.waits or known.loads for known in self.promises.known.values()):
            self.step(is_lazy=True)
            quiet += 1
            assert quiet < 3000, "somebody waits for ever"
        return self.promises

    def step(self, *, is_judged: bool = False, is_lazy: bool = False) -> None:
        """A while passes, then the watcher looks; a lazy one comes late."""
        wake = self.policy.wake_seconds(self.now)
        assert wake >= self.now
        pause = self.random.choice((0.05, 1.0, 5.0))
        self.now += pause if is_lazy else min(pause, max(wake - self.now, 0.05))
        self.machine.move(self.now)
        self.end_loads()
        self.end_processes()
        self.measure()
        reading = self.machine.reading()
        if is_judged:
            steeper = check_monotone(self.policy, reading, self.now, self.seed)
            self.promises.counts["steeper"] += steeper
        self.policy.read(reading, self.now)
        self.promises.read(reading)
        decisions = self.policy.decide(self.now)
        self.promises.decided(decisions, self.now)
        assert self.policy.wake_seconds(self.now) > self.now, "it looks again without a pause"
        for decision in decisions:
            self.carry_out(decision)
        if self.random.random() < 0.2:
            self.check_report()

    def turn(self, model: Model) -> None:
        """Somebody asks this model: its process answers, or its backend wishes for one."""
        lease = self.asked.get(model.name)
        if self.now < self.patient_until.get(model.name, 0.0):
            return
        if lease is None:
            self.leases += 1
            self.asked[model.name] = self.leases
            wish = self.machine.wish(model)
            self.promises.wish(self.leases, wish)
            self.policy.wish(self.leases, wish, self.now)
            return
        process = self.machine.processes.get(lease)
        if process and process.is_loaded and process.leaves_at == inf:
            process.answers.append(self.now + self.random.choice(self.machine.weather.answers))
            process.usage.answers = len(process.answers)

    def end_loads(self) -> None:
        """Some loads fail, and now and then a backend gives up what it waits for."""
        for lease, process in list(self.machine.processes.items()):
            if not process.is_loaded and self.now >= process.loaded_at:
                if self.random.random() < 0.1:
                    self.release(lease)
                    continue
                process.is_loaded = True
                process.touched = 0.0 if process.model.lazy else 1.0
                process.usage.idle_since_seconds = self.now
                self.policy.loaded(lease, process.model.load_seconds, self.now)
                self.promises.known[lease].loaded_at = self.now
        for lease, known in list(self.promises.known.items()):
            if known.waits and self.random.random() < 0.01:
                self.release(lease)

    def end_processes(self) -> None:
        """Those that leave end when they answer nobody; some crash."""
        for lease, process in list(self.machine.processes.items()):
            due = self.now >= process.leaves_at and not process.answers
            if due or self.random.random() < 0.002:
                self.release(lease)

    def release(self, lease: int) -> None:
        """The stream of the lease is closed; to say it twice changes nothing."""
        self.ended += self.machine.processes.pop(lease, None) is not None
        del self.promises.known[lease]
        self.asked = {name: at for name, at in self.asked.items() if at != lease}
        self.policy.released(lease, self.now)
        if self.random.random() < 0.5:
            self.policy.released(lease, self.now)

    def measure(self) -> None:
        """What every loaded process holds is measured before each decision."""
        for lease, process in self.machine.processes.items():
            if process.is_loaded:
                memory = process.memory()
                self.promises.measured(lease, memory)
                self.policy.measured(lease, memory)

    def carry_out(self, decision: Decision) -> None:
        """As the actor and a backend do."""
        lease = decision.lease
        if isinstance(decision, Grant):
            wish = self.promises.known[lease].wish
            model = next(each for each in self.machine.models if each.name == wish.model)
            self.machine.processes[lease] = Process(
                model, wish.usage, self.now + model.load_seconds * self.random.uniform(0.5, 2)
            )
        elif isinstance(decision, Evict):
            process = self.machine.processes[lease]
            stuck = STUCK_SECONDS * (self.random.random() < 0.05)
            process.leaves_at = min(
                process.leaves_at, self.now + self.random.uniform(0.0, 3.0) + stuck
            )
            process.is_cut = process.is_cut or decision.critical
        else:
            refused = next(name for name, at in self.asked.items() if at == lease)
            self.patient_until[refused] = self.now + REFUSED_SECONDS
            self.asked = {name: at for name, at in self.asked.items() if at != lease}

    def check_report(self) -> None:
        """The report knows the same leases as the outside, and tells of each end once."""
        report = self.policy.report(self.now)
        told = sum(line.kind == "released" for line in report.decisions)
        assert told == self.ended, "an end is told twice"
        assert [line.lease for line in report.leases] == list(self.promises.known)
