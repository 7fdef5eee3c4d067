# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a copy beside its source, on connections that answer from a table of tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import errors as sql_errors

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.database import (
    Credentials,
    Database,
    DatabaseTarget,
    WriterProof,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.isolated_copy import CopyReads
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe import isolated_copy

PROOF = WriterProof("eu-west-1", "copy-1", "aurora_server_id", "copy", "192.0.2.1", "new", 0.1, 0.0)
PROVED = ("public", "aws_dr_writer_proof")


def target(endpoint: str) -> DatabaseTarget:
    database = Database("shop", "shop", "shop/db")
    return DatabaseTarget("eu-west-1", database, endpoint, endpoint, 5432, (), Credentials("app", "secret"))


class Link:
    """A connection: the tables it has, the nonce in them, and one that can't be read."""

    def __init__(self, tables: list[tuple[str, str]], nonce: str | None = None, damaged: str = "") -> None:
        self.tables, self.nonce, self.damaged = tables, nonce, damaged
        self.read: list[str] = []
        self._answer: list[Any] = []

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_exc: object) -> None:
        pass

    def execute(self, statement: Any, _parameters: Any = ()) -> Link:
        text = statement if isinstance(statement, str) else statement.as_string(None)
        if "pg_class" in text:
            self._answer = list(self.tables)
        elif "nonce" in text:
            self._answer = [(self.nonce,)] if self.nonce else []
        else:
            self.read.append(text)
            if self.damaged and self.damaged in text:
                raise sql_errors.DataCorrupted("invalid page")
            self._answer = []
        return self

    def fetchall(self) -> list[Any]:
        return self._answer

    def fetchone(self) -> Any:
        return next(iter(self._answer), None)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Callable[[Link, Link], CopyReads]:
    def reading(copy: Link, source: Link) -> CopyReads:
        links = {"copy": copy, "source": source}
        address = type("Answer", (), {"addresses": ["192.0.2.1"]})
        monkeypatch.setattr(isolated_copy, "resolve", lambda *_asked: address)
        monkeypatch.setattr(isolated_copy, "connect", lambda asked, *_others: links[asked.endpoint])
        return isolated_copy.read_copy(target("copy"), target("source"), PROOF, [], 5.0, SystemClock())

    return reading


def test_every_table_of_the_copy_is_read_by_its_quoted_name(read: Callable[..., CopyReads]) -> None:
    copy = Link([("public", "orders"), ("Odd schema", 'a"b')])
    assert read(copy, Link([("public", "orders")])) == CopyReads(("public.orders", 'Odd schema.a"b'), (), True)
    assert copy.read == [
        'SELECT * FROM "public"."orders" LIMIT 1',
        'SELECT * FROM "Odd schema"."a""b" LIMIT 1',
    ]


def test_a_table_that_the_source_has_and_the_copy_has_not_is_missing(read: Callable[..., CopyReads]) -> None:
    assert read(Link([]), Link([("public", "orders")])).missing == ("public.orders",)


def test_a_write_that_shows_in_the_source_is_not_isolated(read: Callable[..., CopyReads]) -> None:
    assert read(Link([PROVED]), Link([PROVED], nonce="new")).isolated is False
    assert read(Link([PROVED]), Link([PROVED], nonce="old")).isolated is True
    assert read(Link([PROVED]), Link([], nonce="new")).isolated is True


def test_damage_is_an_error_with_the_server_s_words(read: Callable[..., CopyReads]) -> None:
    with pytest.raises(DrError, match="invalid page"):
        read(Link([("public", "orders")], damaged="orders"), Link([]))
    assert issubclass(sql_errors.DataCorrupted, psycopg.Error)
