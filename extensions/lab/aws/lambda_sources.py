# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lambda's event source mappings: switching one on or off takes a while, and can't be hurried by a second call."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.awslambda.responses import LambdaResponse

from lab.aws import overlay
from lab.aws.errors import AwsError
from lab.aws.plane_protocol import Clock

Original = Callable[[Any], Any]


@dataclass(frozen=True)
class Change:
    """What a mapping is until a moment of the monotonic clock."""

    state: str
    until: float


class Actions:
    """The API actions, laid over moto's, whose answers are JSON texts.

    :param seconds: until a mapping is what it was told to be.
    """

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._lock = threading.Lock()
        self._changing: dict[str, Change] = {}

    def install(self) -> None:
        """Lay the actions over moto's."""
        for name, action in (
            ("create_event_source_mapping", self.create),
            ("update_event_source_mapping", self.update),
            ("get_event_source_mapping", self.look),
            ("list_event_source_mappings", self.look),
        ):
            overlay.wrap(LambdaResponse, name, action)

    def create(self, response: LambdaResponse, original: Original) -> Any:
        """CreateEventSourceMapping."""
        answer = original(response)
        self._begin(json.loads(answer[2])["UUID"], "Creating")
        return self._shown(answer)

    def update(self, response: LambdaResponse, original: Original) -> Any:
        """UpdateEventSourceMapping: refused while an earlier change is under way."""
        uuid = response.path.split("/")[-1]
        if self._state(uuid):
            raise AwsError("ResourceInUseException", "Cannot update the event source mapping because it is in use.")
        mapping = response.backend.get_event_source_mapping(uuid)
        if mapping is None:
            raise AwsError("ResourceNotFoundException", "The resource you requested does not exist.")
        before = mapping.enabled
        answer = original(response)
        changed = {True: "Enabling", False: "Disabling"}[mapping.enabled]
        self._begin(uuid, "Updating" if before == mapping.enabled else changed)
        return self._shown(answer)

    def look(self, response: LambdaResponse, original: Original) -> Any:
        """GetEventSourceMapping, ListEventSourceMappings."""
        return self._shown(original(response))

    def finish(self) -> None:
        """Let every change be over."""
        with self._lock:
            self._changing.clear()

    def _begin(self, uuid: str, state: str) -> None:
        with self._lock:
            self._changing[uuid] = Change(state, self._clock.monotonic() + self._seconds)

    def _state(self, uuid: str) -> str:
        with self._lock:
            change = self._changing.get(uuid)
            return change.state if change and self._clock.monotonic() < change.until else ""

    def _shown(self, answer: Any) -> Any:
        """The answer with each mapping's state as it is by now."""
        text = answer if isinstance(answer, str) else answer[2]
        body = json.loads(text)
        for mapping in body.get("EventSourceMappings", [body]):
            if mapping.get("UUID"):
                mapping["State"] = self._state(mapping["UUID"]) or mapping["State"]
        return json.dumps(body) if isinstance(answer, str) else (answer[0], answer[1], json.dumps(body))
