# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What counts as a write that was taken; no server, a connection that answers from a list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import errors

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.split_brain import Accepts, WriteTest
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.write_test import Asked, write_test

CLOCK = SystemClock()
SERVER = "shop-eu-west-1-1"
WRITER, READER = (SERVER, False, "off"), (SERVER, True, "on")
CLUSTER, READERS = "127.0.0.1", "127.0.0.2"
TARGET = DatabaseTarget(
    "eu-west-1",
    Database("shop", "shop", "shop/db"),
    "shop-eu-west-1",
    CLUSTER,
    1,
    (SERVER,),
    Credentials("app", "correct horse"),
)
READ_ONLY = errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction")


class Connection:
    """Gives one of ``answers`` a statement, a row, an error or a warning, and keeps what was ``said``."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.said = list(answers), list[str]()
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def add_notice_handler(self, handler: Any) -> None:
        self._warn = handler

    def execute(self, statement: str, _parameters: Any = None) -> Any:
        self.said.append(statement)
        answer: Any = (self.answers or [None]).pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, str):
            self._warn(SimpleNamespace(severity_nonlocalized="WARNING", message_primary=answer))
        return SimpleNamespace(fetchone=lambda: answer)


def ask(monkeypatch: pytest.MonkeyPatch, by_address: dict[str, Any], **given: Any) -> WriteTest:
    def connect(**options: Any) -> Any:
        answer = by_address.get(options["hostaddr"], psycopg.OperationalError("connection refused"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(psycopg, "connect", connect)
    return write_test(Asked(TARGET, **given), (), CLOCK, Deadline.after(CLOCK, 5))


def test_the_row_is_undone_and_its_transaction_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(WRITER)
    tested = ask(monkeypatch, {CLUSTER: connection})
    assert (tested.accepts, tested.server_id, tested.tried) == (Accepts.YES, SERVER, True)
    steps = [each.split()[0] for each in connection.said[1].split("; ")]
    assert steps == ["BEGIN", "SAVEPOINT", "INSERT", "ROLLBACK", "COMMIT"]
    assert connection.closed


def test_a_missing_table_is_made_within_what_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = Connection(WRITER, errors.UndefinedTable())
    assert ask(monkeypatch, {CLUSTER: connection}).accepts is Accepts.YES
    assert connection.said[2] == "ROLLBACK"
    steps = [each.split()[0] for each in connection.said[3].split("; ")]
    assert steps == ["BEGIN", "SAVEPOINT", "CREATE", "INSERT", "ROLLBACK", "COMMIT"]


@pytest.mark.parametrize(
    ("answers", "accepts", "said"),
    [
        ((READER, READ_ONLY), Accepts.NO, "refused it"),
        ((WRITER, READ_ONLY), Accepts.NO, "refused it"),
        ((WRITER, errors.InsufficientPrivilege("permission denied")), Accepts.UNKNOWN, "GRANT"),
        ((WRITER, errors.QueryCanceled("statement timeout")), Accepts.UNKNOWN, "statement timeout"),
        ((WRITER, errors.DiskFull("no space left")), Accepts.UNKNOWN, "no space"),
        ((WRITER, "canceling wait for synchronous replication"), Accepts.UNKNOWN, "didn't acknowledge"),
        ((("other-1", False, "off"),), Accepts.UNKNOWN, "none of shop-eu-west-1-1"),
        ((errors.CannotConnectNow("the database system is starting up"),), Accepts.UNKNOWN, "starting up"),
    ],
)
def test_only_a_refusal_is_a_no(
    answers: tuple[Any, ...], accepts: Accepts, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tested = ask(monkeypatch, {CLUSTER: Connection(*answers)})
    assert tested.accepts is accepts and said in tested.how


def test_no_connection_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = ask(monkeypatch, {})
    assert (tested.accepts, tested.server_id) == (Accepts.UNKNOWN, "") and "connection refused" in tested.how
    assert "correct horse" not in f"{tested}"


def test_the_reader_of_a_secondary_speaks_for_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = ask(monkeypatch, {READERS: Connection(READER, READ_ONLY)}, reader_endpoint=READERS, secondary=True)
    assert (tested.accepts, tested.endpoint) == (Accepts.NO, READERS)


def test_the_reader_beside_a_silent_writer_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    tested = ask(monkeypatch, {READERS: Connection(READER, READ_ONLY)}, reader_endpoint=READERS, secondary=False)
    assert tested.accepts is Accepts.UNKNOWN and "says nothing of the writer" in tested.how


def test_a_server_that_answered_at_the_cluster_endpoint_is_not_asked_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Connection(READER, READ_ONLY)
    denied = errors.InsufficientPrivilege("permission denied")
    ask(monkeypatch, {CLUSTER: Connection(WRITER, denied), READERS: reader}, reader_endpoint=READERS, secondary=True)
    assert reader.said == []


@pytest.mark.parametrize(("row", "accepts"), [(WRITER, Accepts.YES), (READER, Accepts.NO)])
def test_in_check_mode_the_server_is_only_asked(
    row: tuple[Any, ...], accepts: Accepts, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = Connection(row)
    tested = ask(monkeypatch, {CLUSTER: connection}, only_look=True)
    assert (tested.accepts, tested.tried) == (accepts, False)
    assert [each.split()[0] for each in connection.said] == ["SELECT"]
