# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""boto3 clients for several Regions: one Session a Region, short time-outs, no hidden retries of a change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.assumed import keep_assumed
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import overdue

try:
    import boto3
    import botocore.exceptions
    import botocore.loaders
    import botocore.session
    from botocore.config import Config
except ImportError:
    pass  # reported by AnsibleAWSModule, which checks for both
else:
    # AWS's service models as botocore ships them: parsed once a process tree, nothing secret in them.
    LOADER = botocore.loaders.create_loader()

CONNECT_TIMEOUT = 2
READ_TIMEOUT = 8
CONNECTIONS = 64
"""How many connections a client keeps for its next calls; more calls than that at once make new ones."""
# A job's thread keeps the gate that it was started under: left behind, it may outlive the step.
_GATE: ContextVar[Callable[[], None] | None] = ContextVar("what is asked before each request", default=None)


def warm(services: Iterable[str]) -> None:
    """Parse the models of ``services`` now, so that processes forked later have them already."""
    for service in services:
        for kind in ("service-2", "paginators-1", "endpoint-rule-set-1"):
            try:
                LOADER.load_service_model(service, kind)
            except botocore.exceptions.DataNotFoundError:  # not every service has paginators
                continue
    for name in ("endpoints", "partitions", "sdk-default-configuration", "_retry"):
        LOADER.load_data(name)


def _session(**options: Any) -> Any:
    core = botocore.session.get_session()
    core.register_component("data_loader", LOADER)
    made = boto3.Session(botocore_session=core, **options)
    if not options.get("aws_access_key_id"):
        keep_assumed(core, str(options["region_name"]))
    return made


def session_options(connection: Mapping[str, Any]) -> dict[str, Any]:
    """boto3.Session's arguments from amazon.aws's connection options, as :func:`get_aws_connection_info` gives them."""
    wanted = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "profile_name")
    return {name: connection[name] for name in wanted if connection.get(name)}


class Clients:
    """Clients by service and Region, each made once. Safe for threads.

    A shared Session assumes its role through the Region of its *first* client, so each Region has a Session of its
    own: losing one Region then can't take another's credentials away.
    """

    def __init__(
        self,
        connection: Mapping[str, Any],
        make_session: Callable[..., Any] | None = None,
        connect_timeout: float = CONNECT_TIMEOUT,
    ) -> None:
        self._connection = dict(connection)
        self._make_session = make_session
        self._connect_timeout = connect_timeout
        self._sessions: dict[str, Any] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def connection(self) -> dict[str, Any]:
        """How AWS is reached: for another process's clients, as these aren't to be shared with it."""
        return dict(self._connection)

    def hasty(self, connect_timeout: float) -> Clients:
        """The same, signed in as these are, but each gives up on a connection after ``connect_timeout`` seconds."""
        others = Clients(self._connection, self._make_session, connect_timeout)
        others._sessions, others._locks, others._lock = self._sessions, self._locks, self._lock
        return others

    @contextmanager
    def gated(self, gate: Callable[[], None]) -> Iterator[None]:
        """Call ``gate`` right before each request is sent, until this ends; what it raises keeps it from being sent.

        The state table's own requests are let through: a gate may need them.
        """
        before = _GATE.get()
        _GATE.set(gate)
        try:
            yield
        finally:
            _GATE.set(before)

    def _before_send(self, event_name: str, **_request: Any) -> None:
        if overdue():
            raise TimedOut(event_name, "not sent: its time was over, and nobody waits for it", "Treat it as not made.")
        gate = _GATE.get()
        if gate is not None and not event_name.startswith("before-send.dynamodb"):
            gate()

    def get(self, service: str, region: str) -> Any:
        """The client of ``service`` in ``region``: connect 2 s (or as made :meth:`hasty`), read 8 s, one attempt."""
        key = (service, region)
        with self._lock:
            if key in self._clients:
                return self._clients[key]
            region_lock = self._locks.setdefault(region, threading.Lock())
        with region_lock:
            if key not in self._clients:
                self._clients[key] = self._make(service, region)
            return self._clients[key]

    def get_at(self, service: str, region: str, url: str, through: str) -> Any:
        """The client of a service that has addresses of its own, at ``url`` in ``region``.

        Its credentials are those of the Region ``through``: to get them nothing is asked of ``region``.
        """
        key = (service, url)
        self.get("sts", through)  # the Session's first client decides where a role is assumed
        with self._lock:
            if key not in self._clients:
                made = self._sessions[through].client(
                    service, region_name=region, endpoint_url=url, config=self._config(), **self._options("verify")
                )
                self._clients[key] = self._gated(made)
            return self._clients[key]

    def session(self, region: str) -> Any:
        """The Session that the Region's clients are made of."""
        with self._lock:
            if region not in self._sessions:
                factory = self._make_session or _session
                self._sessions[region] = factory(region_name=region, **session_options(self._connection))
            return self._sessions[region]

    def _make(self, service: str, region: str) -> Any:
        options = self._options("verify", "endpoint_url")
        return self._gated(self.session(region).client(service, region_name=region, config=self._config(), **options))

    def _gated(self, client: Any) -> Any:
        client.meta.events.register("before-send", self._before_send)
        return client

    def _options(self, *names: str) -> dict[str, Any]:
        return {name: self._connection[name] for name in names if self._connection.get(name) is not None}

    def _config(self) -> Any:
        return Config(
            connect_timeout=self._connect_timeout,
            read_timeout=READ_TIMEOUT,
            max_pool_connections=CONNECTIONS,
            retries={"total_max_attempts": 1},
            s3={"us_east_1_regional_endpoint": "regional", "addressing_style": "virtual"},
            user_agent_extra="multiregion.aws_dr",
        )
