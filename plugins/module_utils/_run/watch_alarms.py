# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What other Regions' alarms say: told at once through a queue that EventBridge feeds, and asked for now and then.

The queue alone wouldn't do: a watcher that has just begun has heard of no change yet, and of two on one queue each
hears half.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch import api as cloudwatch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sqs import api as sqs
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.watch import Alarm, AlarmState, Watched
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.witness import Reading
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.alarm_event import (
    newest,
    of_description,
    of_message,
)

POLL = 5  # seconds that one question to the queue waits: below the client's read time-out
ASK_EVERY = 20.0  # seconds between two times that CloudWatch is asked
GOOD_FOR = 50.0  # seconds that a state stands after queue or CloudWatch last answered
AFTER_TROUBLE = 2.0  # seconds until a queue that failed is asked again


class AlarmBook:
    """The alarms' last states. Only those of the watcher's own alarms are kept."""

    def __init__(self, watched: Watched, clients: Clients, clock: Clock) -> None:
        self._watched, self._clients, self._clock = watched, clients, clock
        self._states: dict[tuple[str, str], AlarmState] = {}
        self._answered: dict[str, float] = {}
        self._trouble: dict[str, str] = {}
        self._lock = threading.Lock()

    def reading(self, alarm: Alarm) -> tuple[Reading, str]:
        """What the alarm says now: nothing, where neither queue nor CloudWatch has answered lately."""
        with self._lock:
            state = self._states.get((alarm.place, alarm.name))
            heard = [self._answered[each] for each in ("queue", alarm.place) if each in self._answered]
            trouble = self._trouble.get(alarm.place) or self._trouble.get("queue", "")
        if state is None or not heard or self._clock.monotonic() - max(heard) > GOOD_FOR:
            return Reading.UNKNOWN, trouble or "it hasn't said anything yet"
        return state.reading, state.detail

    def jobs(self) -> tuple[Callable[[], None], ...]:
        """What has to go on beside the watcher, each in a thread of its own, without an end."""
        places = sorted({each.place for each in self._watched.alarms})
        asking = tuple(partial(self._ask, place) for place in places)
        return (*asking, self._listen) if self._watched.queue_url else asking

    def note(self, told: AlarmState) -> None:
        """Keep what one of our alarms says."""
        if not any((each.place, each.name) == (told.place, told.name) for each in self._watched.alarms):
            return
        with self._lock:
            key = (told.place, told.name)
            self._states[key] = newest(self._states.get(key), told)

    def listen_once(self) -> None:
        """Take in what the queue has, or wait a little for it. Raises botocore's errors."""
        client = self._clients.get("sqs", self._watched.place)
        messages = sqs.receive_messages(client, self._watched.queue_url, POLL)
        self._heard("queue")
        for receipt, body in messages:
            told = of_message(body)
            if told is not None:
                self.note(told)
            # What can't be understood goes as well: nobody else reads this queue.
            sqs.delete_message(client, self._watched.queue_url, receipt)

    def ask_once(self, place: str) -> None:
        """Ask a Region's CloudWatch. Raises botocore's errors."""
        names = [each.name for each in self._watched.alarms if each.place == place]
        for each in cloudwatch.describe_alarms(self._clients.get("cloudwatch", place), names):
            self.note(of_description(each, place))
        self._heard(place)

    def _listen(self) -> None:
        while True:
            if not self._tried("queue", self.listen_once):
                self._clock.sleep(AFTER_TROUBLE)

    def _ask(self, place: str) -> None:
        while True:
            self._tried(place, partial(self.ask_once, place))
            self._clock.sleep(ASK_EVERY)

    def _heard(self, who: str) -> None:
        with self._lock:
            self._answered[who] = self._clock.monotonic()
            self._trouble.pop(who, None)

    def _tried(self, who: str, call: Callable[[], None]) -> bool:
        try:
            call()
        except CALL_ERRORS as exc:
            with self._lock:
                self._trouble[who] = f"{who} can't be asked: {error_code(exc)}"
            return False
        return True
