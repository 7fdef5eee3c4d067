# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, Refused, TimedOut
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Result
from ansible_collections.multiregion.aws_dr.plugins.modules.s3_replication_backfill import execute
from ansible_collections.multiregion.aws_dr.tests.unit.plugins.modules.stage import (
    LOST,
    SteppedClock,
    context,
    refused,
)

HOME, STANDBY = "eu-central-1", "eu-west-1"
ROLE = "arn:aws:iam::123456789012:role/backfill"
SOURCES = [{"bucket": "one", "region": HOME}, {"bucket": "two", "region": STANDBY}]


class Aws:
    """Jobs that end after ``takes`` seconds, as ``ends`` says."""

    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.takes = 20.0
        self.ends: dict[str, Any] = {"Status": "Complete", "ProgressSummary": {"TotalNumberOfTasks": 3}}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.faults: list[Exception] = []

    def get(self, _service: str, region: str) -> Any:
        return _Client(self, region)


class _Client:
    def __init__(self, aws: Aws, region: str) -> None:
        self._aws, self._region = aws, region

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": "123456789012"}

    def create_job(self, **request: Any) -> dict[str, str]:
        token = request["ClientRequestToken"]
        self._aws.jobs.setdefault(token, {"at": self._aws.clock.now, "region": self._region, **request})
        if self._aws.faults:
            raise self._aws.faults.pop(0)
        return {"JobId": token}

    def describe_job(self, **request: str) -> dict[str, Any]:
        job = self._aws.jobs[request["JobId"]]
        assert job["region"] == self._region
        ended = self._aws.clock.now - job["at"] >= self._aws.takes
        return {"Job": {"JobId": request["JobId"], **(self._aws.ends if ended else {"Status": "Active"})}}


@pytest.fixture
def aws() -> Aws:
    return Aws()


def backfill(aws: Aws, check_mode: bool = False, timeout: float = 60.0, **given: Any) -> Result:
    options = {"sources": SOURCES, "role": ROLE, "wait": True, "run": None, **given}
    return execute(options, context(aws.clock, aws, [], check_mode, timeout))


def test_each_bucket_gets_a_job_in_its_region_and_all_are_waited_for(aws: Aws) -> None:
    result = backfill(aws)
    assert result.changed is True
    made = [(job["region"], job["ManifestGenerator"]["S3JobManifestGenerator"]) for job in aws.jobs.values()]
    assert [(region, generator["SourceBucket"]) for region, generator in made] == [
        (HOME, "arn:aws:s3:::one"),
        (STANDBY, "arn:aws:s3:::two"),
    ]
    assert [(job["bucket"], job["status"], job["total"]) for job in result.values["jobs"]] == [
        ("one", "Complete", 3),
        ("two", "Complete", 3),
    ]
    assert [call.as_dict() for call in result.calls] == [
        {"service": "s3control", "action": "CreateJob", "region": HOME},
        {"service": "s3control", "action": "CreateJob", "region": STANDBY},
    ]


def test_only_what_was_left_behind_is_asked_for(aws: Aws) -> None:
    backfill(aws)
    for job in aws.jobs.values():
        assert job["Operation"] == {"S3ReplicateObject": {}}
        found = job["ManifestGenerator"]["S3JobManifestGenerator"]["Filter"]
        assert found == {"EligibleForReplication": True, "ObjectReplicationStatuses": ["NONE", "FAILED"]}


def test_check_mode_asks_for_nothing(aws: Aws) -> None:
    result = backfill(aws, check_mode=True)
    assert (result.changed, len(result.calls), aws.jobs) == (True, 2, {})


def test_a_lost_answer_is_asked_for_again_and_makes_no_second_job(aws: Aws) -> None:
    aws.faults = [LOST]
    backfill(aws)
    assert len(aws.jobs) == 2


def test_a_missing_permission_is_said(aws: Aws) -> None:
    aws.faults = [refused("AccessDenied")]
    with pytest.raises(DrError, match="AccessDenied"):
        backfill(aws)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (
            {"Status": "Complete", "ProgressSummary": {"TotalNumberOfTasks": 3, "NumberOfTasksFailed": 2}},
            "2 of 3 versions could not be replicated",
        ),
        (
            {"Status": "Failed", "FailureReasons": [{"FailureCode": "X", "FailureReason": "no such role"}]},
            "Failed: X no such role",
        ),
        ({"Status": "Suspended"}, "is Suspended: no reason is given"),
        ({"Status": "Cancelled", "ProgressSummary": {"TotalNumberOfTasks": 0}}, "is Cancelled"),
    ],
)
def test_versions_that_stay_behind_are_an_error(aws: Aws, ends: dict[str, Any], said: str) -> None:
    aws.ends = ends
    with pytest.raises(DrError) as caught:
        backfill(aws)
    assert said in str(caught.value) and len(caught.value.values["jobs"]) == 2
    assert len(caught.value.made) == 2


def test_a_job_that_failed_as_it_found_nothing_had_nothing_to_do(aws: Aws) -> None:
    aws.ends = {
        "Status": "Failed",
        "ProgressSummary": {"TotalNumberOfTasks": 0},
        "FailureReasons": [{"FailureCode": "Manifest", "FailureReason": "The manifest is empty"}],
    }
    assert backfill(aws).values["jobs"][0]["status"] == "Failed"


def test_it_can_be_left_to_itself(aws: Aws) -> None:
    result = backfill(aws, wait=False)
    assert aws.clock.now == 0.0 and result.values["jobs"][0]["status"] == ""


def test_the_deadline_ends_the_wait(aws: Aws) -> None:
    aws.takes = 1000.0
    with pytest.raises(TimedOut, match="one Active"):
        backfill(aws, timeout=30.0)


@pytest.mark.parametrize(
    ("given", "code"),
    [({"role": "backfill"}, "no_role"), ({"sources": [SOURCES[0], SOURCES[0]]}, "same_bucket_twice")],
)
def test_a_request_that_can_not_end_well_is_refused(aws: Aws, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        backfill(aws, **given)
