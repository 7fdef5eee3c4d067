# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs route53_health_check on a Route 53 that is as strict as the real one."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules import route53_health_check as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    FakeClock,
    FakeRoute53,
)

LATCH: dict[str, Any] = {
    "name": "shop latch",
    "type": "HTTPS_STR_MATCH",
    "fqdn": "shop-latch-eu-west-1.s3.eu-west-1.amazonaws.com",
    "resource_path": "/latch/shop",
    "search_string": "aws-dr-latch:shop",
    "inverted": True,
    "request_interval": 10,
    "failure_threshold": 1,
}


class Stage:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.aws = FakeRoute53(self.clock)
        self.warnings: list[str] = []

    def run(self, check_mode: bool = False, **options: Any) -> Result:
        spec = module.argument_spec()
        given = {name: options.pop(name, spec[name].get("default")) for name in spec}
        assert not options, "an option that the module doesn't have"
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, 300),
            clients=self.aws,  # type: ignore[arg-type]  # stands for Clients
            progress=silent,
            warn=self.warnings.append,
        )
        return module.execute(given, context)

    def cycle(self, **options: Any) -> list[str]:
        """Check mode changes nothing, the first run changes, the second doesn't. Returns the first run's calls."""
        before = repr((self.aws.checks, self.aws.tags))
        foretold = self.run(check_mode=True, **options)
        assert foretold.changed
        assert repr((self.aws.checks, self.aws.tags)) == before
        assert self.aws.changing_calls() == []
        first = self.run(**options)
        assert [call.action for call in first.calls] == [call.action for call in foretold.calls]
        assert first.changed
        assert _without_identity(foretold.after) == _without_identity(first.after)
        second = self.run(**options)
        assert (second.changed, second.calls, second.before) == (False, (), second.after)
        assert second.after == first.after
        self.aws.calls.clear()
        return [call.action for call in first.calls]


def _without_identity(check: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in check.items() if name not in ("id", "version")}
