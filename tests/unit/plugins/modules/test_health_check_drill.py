# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A leg looks sick to a health check of the drill's own, and nothing of it is left, whatever happens."""

from __future__ import annotations

import time
from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_drill import SICK_PATH, TAG
from ansible_collections.multiregion.aws_dr.plugins.modules import health_check_drill as module
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.module_utils._aws.route53.fake_route53 import (
    FakeClock,
    FakeRoute53,
)

URL = "https://api.eu-central-1.shop.example/healthz?deep=1"
CHECKERS = 16


class Aws(FakeRoute53):
    """Checkers that take ``takes`` seconds to notice; ``flaps_at`` seconds after the recovery one sees it fail."""

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.slow = 0.0  # real seconds until an answer is there: one that nobody waits for is none
        self.takes, self.blind, self.flaps_at = 12.0, False, 1e9
        self.looks_since: dict[tuple[str, int], float] = {}

    def _get_health_check_status(self, **parameters: str) -> Any:
        """What the checkers saw of the version before, until they have noticed this one."""
        time.sleep(self.slow)
        check = self.checks[parameters["HealthCheckId"]]
        version = check["HealthCheckVersion"]
        since = self.clock.now - self.looks_since.setdefault((check["Id"], version), self.clock.now)
        truth = [False, True, self.blind, True]  # not seen yet, well, sick, well again
        good = truth[version if since >= self.takes else version - 1]
        assert (check["HealthCheckConfig"]["ResourcePath"] == SICK_PATH) == (version == 2)
        if version == 3 and since > self.takes + self.flaps_at:
            good = False
        text = "Success: HTTP Status Code 200, OK" if good else "Failure: HTTP Status Code 404."
        return {"HealthCheckObservations": [{"StatusReport": {"Status": text}}] * CHECKERS}


@pytest.fixture
def aws() -> Aws:
    return Aws()


def run(aws: Aws, check_mode: bool = False, **given: Any) -> Result:
    options = {
        "state": "simulated",
        "workload": "shop",
        "api_url": URL,
        "request_interval": 10,
        "stable_for": 30.0,
        "poll_interval": 1.0,
        "timeout": 600.0,
        "run": None,
        **given,
    }
    clients: Any = aws
    deadline = Deadline.after(aws.clock, options["timeout"])
    return module.execute(options, Context(check_mode, True, aws.clock, deadline, clients, silent, silent))


def test_sickness_and_recovery_are_timed_and_the_check_is_taken_away(aws: Aws) -> None:
    production = aws.add_check({"Name": "shop primary"}, Type="HTTPS", FullyQualifiedDomainName="a")
    result = run(aws)
    drill = result.values["drill"]
    assert 12 <= drill["detected_seconds"] <= 14 and 12 <= drill["recovered_seconds"] <= 14
    assert drill["stayed_good_seconds"] >= 30
    assert list(aws.checks) == [production]
    assert [call.action for call in result.calls] == [
        "CreateHealthCheck",
        "ChangeTagsForResource",
        "UpdateHealthCheck",
        "UpdateHealthCheck",
        "DeleteHealthCheck",
    ]
    assert result.changed is False


def test_check_mode_makes_nothing_and_says_what_it_would_call(aws: Aws) -> None:
    foretold = run(aws, check_mode=True)
    assert (aws.changing_calls(), foretold.values["drill"]) == ([], None)
    assert [call.action for call in foretold.calls] == [call.action for call in run(aws).calls]


def test_one_that_nobody_notices_fails_and_leaves_nothing(aws: Aws) -> None:
    aws.blind = True
    with pytest.raises(TimedOut, match="sickness to be noticed"):
        run(aws)
    assert aws.checks == {}


def test_one_that_does_not_stay_good_fails_and_leaves_nothing(aws: Aws) -> None:
    aws.flaps_at = 5.0
    with pytest.raises(DrError, match="stay good"):
        run(aws)
    assert aws.checks == {}


def test_what_a_killed_one_left_is_taken_away_also_untagged(aws: Aws) -> None:
    production = aws.add_check({"Name": "shop primary"}, Type="HTTPS", FullyQualifiedDomainName="a")
    other = aws.add_check({TAG: "other"}, Type="HTTPS", FullyQualifiedDomainName="a")
    aws.fail("change_tags_for_resource", "AccessDenied")

    def killed() -> None:
        raise KeyError("killed")

    aws.before["delete_health_check"] = [killed]
    with pytest.raises((DrError, KeyError)):
        run(aws)
    assert len(aws.checks) == 3
    foretold = run(aws, check_mode=True, state="absent")
    gone = run(aws, state="absent")
    assert foretold.values["removed"] == gone.values["removed"] and len(gone.values["removed"]) == 1
    assert set(aws.checks) == {production, other}
    assert (gone.changed, run(aws, state="absent").changed) == (True, False)


def test_an_address_that_no_checker_can_ask_for_is_refused(aws: Aws) -> None:
    with pytest.raises(DrError, match="URL"):
        run(aws, api_url="shop:8080")
    assert aws.calls == []


def test_one_that_takes_longer_than_its_removal_may_is_not_cut_short(aws: Aws) -> None:
    aws.takes, aws.slow = 100.0, 0.01
    drill = run(aws).values["drill"]
    assert drill["detected_seconds"] >= 100 and aws.checks == {}
