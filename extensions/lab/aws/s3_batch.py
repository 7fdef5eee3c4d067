# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 Batch Operations, which moto lacks: jobs that replicate what a bucket's replication has left behind."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.aws.errors import AwsError
from lab.aws.own_services import Action
from lab.aws.s3_face import find_bucket
from lab.aws.s3_replication import Item, Replication, config_of, states_of
from lab.control.hosts import Endpoint

Params = Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """A job and the versions that it found."""

    id: str
    request: Params
    region: str
    items: tuple[Item, ...]

    def described(self) -> dict[str, Any]:
        """Return the job as DescribeJob shows it, from how far its versions have got."""
        states = [set(states_of(item).values()) for item in self.items]
        failed = sum("FAILED" in each for each in states)
        succeeded = sum(each == {"COMPLETED"} for each in states)
        ended = failed + succeeded == len(self.items)
        return {
            "JobId": self.id,
            "Status": "Complete" if ended else "Active",
            "Description": self.request.get("Description", ""),
            "Priority": self.request["Priority"],
            "RoleArn": self.request["RoleArn"],
            "ProgressSummary": {
                "TotalNumberOfTasks": len(self.items),
                "NumberOfTasksSucceeded": succeeded,
                "NumberOfTasksFailed": failed,
            },
        }


class BatchJobs:
    """The jobs of all Regions."""

    def __init__(self, replication: Replication) -> None:
        self._replication = replication
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}

    def actions(self) -> Mapping[str, Mapping[str, Action]]:
        """The actions, by service and name."""
        return {"s3control": {"CreateJob": self.create, "DescribeJob": self.describe}}

    def create(self, params: Params, endpoint: Endpoint) -> dict[str, Any]:
        """CreateJob: S3ReplicateObject on what S3 lists itself. The same token gives the same job."""
        with self._lock:
            known = [
                job for job in self._jobs.values() if job.request["ClientRequestToken"] == params["ClientRequestToken"]
            ]
            if known and known[0].request != params:
                raise AwsError("IdempotencyException", "The token was used for another request.")
            if known:
                return {"JobId": known[0].id}
            job = Job(str(uuid.uuid4()), params, endpoint.region, self._found(params, endpoint))
            self._jobs[job.id] = job
        return {"JobId": job.id}

    def describe(self, params: Params, endpoint: Endpoint) -> dict[str, Any]:
        """DescribeJob, in the job's own Region."""
        job = self._jobs.get(params["JobId"])
        if job is None or job.region != endpoint.region:
            raise AwsError("NotFoundException", f"There is no job {params['JobId']}.")
        return {"Job": job.described()}

    def reset(self) -> None:
        """Forget them all."""
        self._jobs.clear()

    def _found(self, params: Params, endpoint: Endpoint) -> tuple[Item, ...]:
        generator = (params.get("ManifestGenerator") or {}).get("S3JobManifestGenerator")
        if generator is None or "S3ReplicateObject" not in params["Operation"]:
            raise AwsError("BadRequestException", "Only S3ReplicateObject on a generated manifest is known here.")
        name = generator["SourceBucket"].rsplit(":", 1)[-1]
        bucket = find_bucket(name)
        if bucket is None or bucket.region_name != endpoint.region:
            raise AwsError("BadRequestException", f"The bucket {name} isn't in {endpoint.region}.")
        if not config_of(bucket):
            raise AwsError("BadRequestException", f"The bucket {name} has no replication configuration.")
        statuses = generator.get("Filter", {}).get("ObjectReplicationStatuses", [])
        return tuple(self._replication.take_up(bucket, statuses))
