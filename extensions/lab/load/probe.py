# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The outside probe of the demo: samples the workload through public DNS, and remembers when it first failed."""

from __future__ import annotations

import http.client
import threading
import time
from dataclasses import dataclass, field

import dns.exception
import dns.message
import dns.query
import dns.rdatatype

SAMPLE_TIMEOUT = 0.5


def resolve(name: str, server: str, port: int) -> str | None:
    """The first address the name server at ``server:port`` gives for ``name``, or None."""
    query = dns.message.make_query(name, "A")
    try:
        answer = dns.query.udp(query, server, port=port, timeout=SAMPLE_TIMEOUT)
    except (dns.exception.DNSException, OSError):
        return None
    found = [item.address for rrset in answer.answer for item in rrset if item.rdtype == dns.rdatatype.A]
    return found[0] if found else None


def serves(address: str | None, port: int, host: str) -> bool:
    """Whether `/healthz` at ``address`` answers 200: there, that means a write would work."""
    if address is None:
        return False
    connection = http.client.HTTPConnection(address, port, timeout=SAMPLE_TIMEOUT)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@dataclass
class OutsideProbe:
    """Samples ``name`` every ``interval`` seconds in a thread, until stopped.

    ``first_failure`` is when the first sample of the present run of failures was sent (seconds since the epoch);
    ``alarm`` is set once ``needed`` samples in a row have failed.
    """

    name: str
    server: str
    dns_port: int
    http_port: int
    interval: float = 0.1
    needed: int = 3
    first_failure: float | None = None
    alarm: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _failures: int = 0

    def start(self) -> None:
        threading.Thread(target=self._run, name="outside probe", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(self.interval):
            self._sample()

    def _sample(self) -> None:
        sent = time.time()
        if serves(resolve(self.name, self.server, self.dns_port), self.http_port, self.name):
            if not self.alarm.is_set():
                self._failures, self.first_failure = 0, None
            return
        self._failures += 1
        self.first_failure = self.first_failure or sent
        if self._failures >= self.needed:
            self.alarm.set()
