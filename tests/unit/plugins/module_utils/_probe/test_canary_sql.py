# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canary's statements and what their errors mean; no server, a connection that answers from a list."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from psycopg import errors

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import canary_sql
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.canary_sql import (
    Connection,
    NoTable,
    open_writer,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.sql import NotWriter, Unreachable

TARGET = DatabaseTarget(
    region="eu-west-1",
    database=Database("shop", "shop", "shop/db"),
    cluster_id="shop-eu-west-1",
    endpoint="127.0.0.1",
    port=1,
    instances=("shop-eu-west-1-1",),
    credentials=Credentials("app", "correct horse"),
)


class Raw:
    """psycopg's connection, as far as it is used."""

    def __init__(self, answer: Any = None, hang: float = 0.0, notice: str = "") -> None:
        self.answer, self.hang, self.notice = answer, hang, notice
        self.said: list[tuple[str, Any]] = []
        self.tell: Callable[[Any], None] = lambda _notice: None
        self.ends = socket.socketpair()
        self.closed = False

    def execute(self, statement: str, parameters: Any = ()) -> Any:
        self.said.append((statement, parameters))
        time.sleep(self.hang)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.notice:
            self.tell(SimpleNamespace(message_primary=self.notice))
        return SimpleNamespace(fetchone=lambda: self.answer, fetchall=lambda: self.answer)

    def add_notice_handler(self, tell: Callable[[Any], None]) -> None:
        self.tell = tell

    def fileno(self) -> int:
        return self.ends[0].fileno()

    def close(self) -> None:
        self.closed = True


def opened(raw: Raw, timeout: float = 1.0) -> Connection:
    connection = Connection(TARGET, "shop-eu-west-1-1", SystemClock(), timeout, raw)
    raw.add_notice_handler(lambda notice: connection.notices.append(notice.message_primary))
    return connection


def test_a_row_has_its_number_and_when_it_was_sent() -> None:
    raw = Raw()
    opened(raw).write("shop", "abc", 7, 1790000000.25)
    assert raw.said == [(canary_sql.WRITE, ("shop", "abc", 7, 1790000000.25))]


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (errors.ReadOnlySqlTransaction("read-only"), NotWriter, "read-only"),
        (errors.OperationalError("gone"), Unreachable, "gone"),
        (errors.UndefinedTable("no relation"), NoTable, "GRANT SELECT, INSERT, UPDATE, DELETE ON aws_dr_canary"),
        (errors.InsufficientPrivilege("permission denied"), DrError, "CREATE TABLE IF NOT EXISTS aws_dr_canary"),
    ],
)
def test_a_row_that_was_not_acknowledged_is_an_error(error: Exception, kind: type[DrError], said: str) -> None:
    with pytest.raises(kind, match=said):
        opened(Raw(error)).write("shop", "abc", 7, 1.0)


def test_a_server_that_hangs_costs_one_write() -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no answer"):
        opened(Raw(hang=5.0), timeout=0.1).write("shop", "abc", 7, 1.0)
    assert time.monotonic() - began < 2


def test_a_commit_whose_replication_was_not_waited_for_is_no_acknowledgement() -> None:
    raw = Raw(notice="canceling wait for synchronous replication due to user request")
    with pytest.raises(Unreachable, match="canceling wait"):
        opened(raw).write("shop", "abc", 7, 1.0)


def test_the_rows_are_read_with_what_was_removed() -> None:
    rows = opened(Raw([("abc", 7, 100.0), ("abc", 8, 101.0), ("", 0, 99.0)])).rows("shop")
    assert rows.present == {("abc", 7), ("abc", 8)}
    assert rows.pruned_until == 99.0


def test_closing_wakes_whoever_still_waits_in_it() -> None:
    raw = Raw()
    connection = opened(raw)
    connection.close()
    assert raw.ends[1].recv(1) == b""
    connection.close()


def test_a_reader_is_no_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = Raw(("shop-eu-west-1-1", True, "on"))
    monkeypatch.setattr(canary_sql, "connect", lambda *_arguments: raw)
    with pytest.raises(NotWriter):
        open_writer(TARGET, (), 1.0, SystemClock())
    assert raw.closed


def test_a_writer_says_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary_sql, "connect", lambda *_arguments: Raw(("shop-eu-west-1-1", False, "off")))
    assert open_writer(TARGET, (), 1.0, SystemClock()).server_id == "shop-eu-west-1-1"


def test_a_server_that_takes_no_connection_in_time_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary_sql, "connect", lambda *_arguments: time.sleep(5))
    with pytest.raises(Unreachable):
        open_writer(TARGET, (), 0.1, SystemClock())
