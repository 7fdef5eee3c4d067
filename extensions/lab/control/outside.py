# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary in the third Region: it looks at each Region's API, its alarms follow, and EventBridge tells a queue.

AWS's own takes a period of ten seconds or more; this one looks often, and one failed look is enough.
"""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import threading
import uuid
from collections.abc import Callable

from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends

from lab.aws.plane_protocol import Clock
from lab.seeds.witness import QUEUE, alarm_name
from lab.settings import ACCOUNT, API_PORT, REGIONS, STANDBY, THIRD, Instance

EVERY = 0.5
TIMEOUT = 1.0


def api_answers(instance: Instance, region: str) -> bool:
    """Whether the Region's API says that it is well."""
    connection = http.client.HTTPConnection(instance.address(region), API_PORT, timeout=TIMEOUT)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class OutsideCanary:
    """``answers`` looks at a Region's API; ``reachable`` says whether a Region's own services can be reached."""

    def __init__(self, clock: Clock, answers: Callable[[str], bool], reachable: Callable[[str], bool]) -> None:
        self._clock, self._answers, self._reachable = clock, answers, reachable
        self._over = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="outside canary", daemon=True).start()

    def stop(self) -> None:
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(EVERY):
            for region in REGIONS:
                # While the lab is made anew, or something is taken away, there may be no such alarm or queue.
                with contextlib.suppress(KeyError, RuntimeError):
                    self.look(region)

    def look(self, region: str) -> None:
        """Look once. A change of the alarm's state is told to the queue, if that can be reached."""
        alarm = cloudwatch_backends[DEFAULT_ACCOUNT_ID][THIRD].alarms.get(alarm_name(region))
        if alarm is None or not self._reachable(THIRD):
            return
        before, state = alarm.state_value, "OK" if self._answers(region) else "ALARM"
        if before == state:
            return
        reason = f"The API of {region} {'answers' if state == 'OK' else 'fails'}, seen from {THIRD}."
        alarm.update_state(reason, "{}", state)
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][STANDBY].queues.get(QUEUE)
        if queue is not None and self._reachable(STANDBY):
            body = self._event(alarm_name(region), before, state, reason)
            sqs_backends[DEFAULT_ACCOUNT_ID][STANDBY].send_message(QUEUE, body)

    def _event(self, name: str, before: str, state: str, reason: str) -> str:
        """As EventBridge sends it."""
        now = datetime.datetime.fromtimestamp(self._clock.wall(), datetime.UTC)
        stamp = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}+0000"
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "CloudWatch Alarm State Change",
            "source": "aws.cloudwatch",
            "account": ACCOUNT,
            "time": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "region": THIRD,
            "resources": [f"arn:aws:cloudwatch:{THIRD}:{ACCOUNT}:alarm:{name}"],
            "detail": {
                "alarmName": name,
                "state": {"value": state, "reason": reason, "reasonData": "{}", "timestamp": stamp},
                "previousState": {"value": before, "timestamp": stamp},
                "configuration": {"metrics": []},
            },
        }
        return json.dumps(event)
