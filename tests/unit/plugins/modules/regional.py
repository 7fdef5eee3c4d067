# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small AWS of several Regions whose calls can fail, a clock that nobody waits for, and a journal that keeps all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import Refused
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step

HOME, STANDBY, THIRD = "eu-central-1", "eu-west-1", "eu-west-3"
READS = ("get_", "describe_", "list_")


def error(code: str, message: str = "not now") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "call")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return 1_767_225_600.0 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class RegionalAws:
    """Calls go to methods of a subclass, ``name(region, **arguments)``.

    ``faults`` come before the effect; the answer of a call in ``lost`` is lost after it. ``dead`` Regions refuse.
    """

    def __init__(self) -> None:
        self.clock = Clock()
        self.calls: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.faults: dict[str, list[Exception]] = {}
        self.lost: set[str] = set()

    def get(self, service: str, region: str) -> Any:
        return _Client(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [call for call in self.calls if not call[0].startswith(READS)]

    def call(self, name: str, region: str, arguments: dict[str, Any]) -> Any:
        self.calls.append((name, region))
        if region in self.dead:
            raise EndpointConnectionError(endpoint_url=f"https://{region}")
        if self.faults.get(name):
            raise self.faults[name].pop(0)
        answer = getattr(self, name)(region, **arguments)
        if name in self.lost:
            self.lost.remove(name)
            raise ReadTimeoutError(endpoint_url=f"https://{region}")
        return answer


class _Client:
    def __init__(self, aws: RegionalAws, region: str) -> None:
        self._aws, self._region = aws, region

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda **arguments: self._aws.call(name, self._region, arguments)

    def get_paginator(self, name: str) -> Any:
        client = self

        class Pages:
            def paginate(self, **arguments: Any) -> list[Any]:
                return [getattr(client, name)(**arguments)]

        return Pages()


class Journal:
    """A guard that keeps what it was told."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.lines: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = ()) -> Iterator[Step]:
        step = Step()
        line: dict[str, Any] = {"step": name, "calls": [call.as_dict() for call in calls], "outcome": "failed"}
        self.lines.append(line)
        try:
            yield step
            line["outcome"] = "done"
        finally:
            line["seen"] = step.seen

    def already(self, name: str, **seen: Any) -> None:
        self.lines.append({"step": name, "outcome": "already", "seen": seen})


class Bench:
    """A module on such an AWS. ``told`` is everything that anybody gets to see of its runs."""

    def __init__(self, module: Any, aws: RegionalAws, defaults: dict[str, Any], patch: pytest.MonkeyPatch) -> None:
        self.module, self.aws, self.defaults = module, aws, defaults
        self.warnings: list[str] = []
        self.journal: list[dict[str, Any]] = []
        self._told: list[str] = []
        patch.setattr(module, "guarded", self._guarded)

    def _guarded(self, _run: Any, context: Context) -> Journal:
        guard = Journal(context)
        guard.lines = self.journal
        return guard

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        given = {**self.defaults, "run": None, **options}
        stand_in: Any = self.aws
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.aws.clock,
            deadline=Deadline.after(self.aws.clock, given["timeout"]),
            clients=stand_in,
            progress=self._told.append,
            warn=self.warnings.append,
        )
        try:
            result: Result = self.module.execute(given, context)
        except Exception as exc:
            self._told.append(f"{exc} {exc.__cause__!r} {exc!r}")
            raise
        self._told.append(json.dumps([dict(result.values), result.before, result.after]) + repr(result))
        return result

    def refused(self, **options: Any) -> list[str]:
        """The codes that it is refused with, without any change."""
        before = len(self.aws.changes())
        with pytest.raises(Refused) as caught:
            self.run(**options)
        assert len(self.aws.changes()) == before
        assert all(finding.observed and finding.remedy for finding in caught.value.findings)
        return [finding.code for finding in caught.value.findings]

    @property
    def told(self) -> str:
        return "\n".join([*self._told, *self.warnings, json.dumps(self.journal)])
