# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the latch's module says of changes that went wrong: in its error, its calls and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import latch as run_latch
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step, Unguarded
from ansible_collections.multiregion.aws_dr.plugins.modules import traffic_latch as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.test_traffic_latch import Bench, bench, states

__all__ = ["bench"]


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """How each step ended, and what it saw."""
    told: list[tuple[str, dict[str, Any]]] = []

    class Kept(Unguarded):
        @contextmanager
        def step(self, name: str, calls: Any = (), before: Any = None) -> Iterator[Step]:
            step = Step()
            try:
                yield step
            except BaseException:
                told.append(("failed", step.seen))
                raise
            told.append(("done", step.seen))

    monkeypatch.setattr(module, "guarded", lambda _run, context: Kept(context))
    return told


def test_a_bucket_that_is_busy_once_is_asked_again(bench: Bench) -> None:
    bench.s3.busy = {"one": 1, "two": 1}
    result = bench.run()
    assert states(result) == {"one": "set", "two": "set"}
    assert result.values["latch"]["held"]


def test_changes_without_an_answer_are_told_as_made_perhaps(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_latch, "READ", 0.3)
    monkeypatch.setattr(run_latch, "CHANGE", 0.3)
    bench.s3.hanging = {"one", "two"}
    with pytest.raises(DrError, match="Whether traffic moves is unknown") as caught:
        bench.run()
    assert [(call.action, call.region) for call in caught.value.made] == [
        ("PutObject", "eu-west-1"),
        ("PutObject", "eu-west-3"),
    ]


def test_a_latch_that_lands_nowhere_is_a_failed_step(bench: Bench, journal: list[tuple[str, dict[str, Any]]]) -> None:
    bench.s3.forbidden = {"one", "two"}
    with pytest.raises(DrError, match="Traffic stays where it is"):
        bench.run()
    assert journal == [("failed", {"latch": "unknown", "objects": {"one": "unknown", "two": "unknown"}})]


def test_what_landed_is_in_the_journal(bench: Bench, journal: list[tuple[str, dict[str, Any]]]) -> None:
    bench.s3.dead = {"two"}
    bench.run()
    assert journal == [("done", {"latch": "partial", "objects": {"one": "set", "two": "unknown"}})]


def test_what_was_made_is_told_when_another_bucket_ends_the_task(bench: Bench) -> None:
    bench.s3.fenced = {"two"}
    with pytest.raises(Refused) as caught:
        bench.run()
    assert [(call.action, call.region) for call in caught.value.made] == [("PutObject", "eu-west-1")]


def test_a_latch_that_lands_nowhere_is_a_failure(bench: Bench) -> None:
    bench.s3.dead = {"one", "two"}
    with pytest.raises(DrError, match="changed: none; failed: one in eu-west-1: EndpointConnectionError") as caught:
        bench.run()
    assert caught.value.made == ()


def test_a_latch_that_is_not_cleared_everywhere_is_a_failure_as_traffic_has_not_come_back(bench: Bench) -> None:
    bench.set()
    bench.s3.dead = {"two"}
    with pytest.raises(DrError, match="changed: one; failed: two in eu-west-3") as caught:
        bench.run("clear")
    assert [(call.action, call.region) for call in caught.value.made] == [("DeleteObject", "eu-west-1")]
