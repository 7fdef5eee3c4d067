# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client of the lab's admin API."""

from __future__ import annotations

import http.client
import json
from typing import Any

from lab.settings import ADMIN_PORT, PROXY_PORT, Instance

TIMEOUT = 60.0


class LabError(Exception):
    """What the lab can't do; the message says what to do next."""


class Admin:
    """Talks to the control process of one lab. Every method raises LabError."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance

    def status(self, timeout: float = TIMEOUT) -> dict[str, Any]:
        """What runs where."""
        return dict(self._ask("GET", "/status", timeout=timeout))

    def calls(self, since: float = 0.0) -> list[dict[str, Any]]:
        """The AWS calls that arrived since then (seconds since the epoch)."""
        return list(self._ask("GET", f"/calls?since={since!r}"))

    def events(self) -> list[dict[str, Any]]:
        """What really happened when."""
        return list(self._ask("GET", "/events"))

    def fault(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Break something: ``kind`` and what belongs to it, as in lab/README.md."""
        return dict(self._ask("POST", "/fault", spec))

    def heal(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Mend it."""
        return dict(self._ask("POST", "/heal", spec))

    def reset(self) -> dict[str, Any]:
        """Back to the seeded state."""
        return dict(self._ask("POST", "/reset"))

    def down(self) -> dict[str, Any]:
        """End the lab's processes; the control process ends itself after its answer."""
        return dict(self._ask("POST", "/down", timeout=10.0))

    def _ask(self, method: str, path: str, body: Any = None, timeout: float = TIMEOUT) -> Any:
        connection = http.client.HTTPConnection(self.instance.aws_address, ADMIN_PORT, timeout=timeout)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LabError(
                f"lab {self.instance.id} doesn't answer at {self.instance.admin_url} ({error}): start it with 'lab up'"
            ) from error
        finally:
            connection.close()
        if response.status != 200:
            raise LabError(answer.get("error", f"the lab answered {response.status}"))
        return answer


def proxy_answers(instance: Instance) -> bool:
    """Whether AWS's proxy is there: it refuses plain requests, and says so."""
    connection = http.client.HTTPConnection(instance.aws_address, PROXY_PORT, timeout=2.0)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
