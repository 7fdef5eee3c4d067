# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules of buckets and distributions on an S3, a CloudWatch and a CloudFront that a test sets and breaks."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context, Result
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Step

HOME, STANDBY = "eu-central-1", "eu-west-1"
ONE, TWO = "assets-one", "assets-two"
REGION = {ONE: HOME, TWO: STANDBY}
ROLE = "arn:aws:iam::123456789012:role/replication"
READS = ("get_", "head_")


class SteppedClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0
        self.at: list[tuple[float, Callable[[], None]]] = []

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        for due in [each for each in self.at if each[0] <= self.now]:
            self.at.remove(due)
            due[1]()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self.at.append((self.now + seconds, act))


def error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "x")


TIMEOUT = ReadTimeoutError(endpoint_url="https://s3")


class FakeCloud:
    """``get(service, region)`` like the product's Clients.

    ``broken`` maps (action, Region) to errors, one for each call to come; in ``lost`` the call takes effect first.
    """

    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.versioning: dict[str, str | None] = {ONE: "Enabled", TWO: "Enabled"}
        self.replication: dict[str, dict[str, Any]] = {}
        self.samples: dict[str, tuple[float, float]] = {}
        self.versions: dict[str, set[str]] = {ONE: set(), TWO: set()}
        self.replicates = True
        self.distribution: dict[str, Any] = {}
        self.etag = 1
        self.deployed_at = 0.0
        self.broken: dict[tuple[str, str], list[Exception]] = {}
        self.lost: dict[tuple[str, str], list[Exception]] = {}
        self.before_change: list[Callable[[], None]] = []
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def get(self, service: str, region: str) -> Any:
        return _Client(self, region)

    def changes(self) -> list[tuple[str, str]]:
        return [(action, region) for action, region, _given in self.calls if not action.startswith(READS)]

    def sample(self, operations: float = 0.0, size: float = 0.0, latency: float = 0.0, age: float = 60.0) -> None:
        at = self.clock.wall() - age
        names = ("OperationsPendingReplication", "BytesPendingReplication", "ReplicationLatency")
        self.samples = {name: (at, value) for name, value in zip(names, (operations, size, latency), strict=True)}


class _Client:
    def __init__(self, cloud: FakeCloud, region: str) -> None:
        self._cloud, self._region = cloud, region

    def __getattr__(self, action: str) -> Any:
        def call(**given: Any) -> Any:
            cloud, key = self._cloud, (action, self._region)
            if not action.startswith(READS) and cloud.before_change:
                cloud.before_change.pop(0)()
            cloud.calls.append((action, self._region, copy.deepcopy(given)))
            if cloud.broken.get(key):
                raise cloud.broken[key].pop(0)
            answer = getattr(self, f"_{action}")(**given)
            if cloud.lost.get(key):
                raise cloud.lost[key].pop(0)
            return answer

        return call

    def _own(self, bucket: str) -> None:
        if bucket not in self._cloud.versioning or REGION[bucket] != self._region:
            raise error("NoSuchBucket", 404)

    def _get_bucket_versioning(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        self._own(Bucket)
        status = self._cloud.versioning[Bucket]
        return {"Status": status} if status else {}

    def _get_bucket_replication(self, Bucket: str) -> dict[str, Any]:  # noqa: N803
        self._own(Bucket)
        if Bucket not in self._cloud.replication:
            raise error("ReplicationConfigurationNotFoundError", 404)
        return {"ReplicationConfiguration": copy.deepcopy(self._cloud.replication[Bucket])}

    def _put_bucket_replication(self, Bucket: str, ReplicationConfiguration: dict[str, Any]) -> None:  # noqa: N803
        self._cloud.replication[Bucket] = copy.deepcopy(ReplicationConfiguration)

    def _delete_bucket_replication(self, Bucket: str) -> None:  # noqa: N803
        self._cloud.replication.pop(Bucket, None)

    def _put_object(self, **given: Any) -> dict[str, Any]:
        version = f"v{len(self._cloud.calls)}"
        self._cloud.versions[given["Bucket"]].add(version)
        if self._cloud.replicates:
            for versions in self._cloud.versions.values():
                self._cloud.clock.after(3.0, lambda versions=versions: versions.add(version))  # type: ignore[misc]
        return {"VersionId": version}

    def _head_object(self, **given: Any) -> dict[str, Any]:
        if given["VersionId"] not in self._cloud.versions[given["Bucket"]]:
            raise error("404", 404)
        return {}

    def _get_metric_data(self, **given: Any) -> dict[str, Any]:
        results = []
        for query in given["MetricDataQueries"]:
            sample = self._cloud.samples.get(query["MetricStat"]["Metric"]["MetricName"])
            times = [datetime.fromtimestamp(sample[0], UTC)] if sample else []
            results.append({"Id": query["Id"], "Timestamps": times, "Values": [sample[1]] if sample else []})
        return {"MetricDataResults": results}

    def _get_distribution(self, Id: str) -> dict[str, Any]:  # noqa: N803
        if Id != "E1":
            raise error("NoSuchDistribution", 404)
        status = "Deployed" if self._cloud.clock.now >= self._cloud.deployed_at else "InProgress"
        config = copy.deepcopy(self._cloud.distribution)
        distribution = {"Id": Id, "Status": status, "DistributionConfig": config}
        return {"Distribution": distribution, "ETag": f"etag-{self._cloud.etag}"}

    def _update_distribution(self, Id: str, DistributionConfig: Any, IfMatch: str) -> dict[str, Any]:  # noqa: N803
        if IfMatch != f"etag-{self._cloud.etag}":
            raise error("PreconditionFailed", 412)
        self._cloud.distribution = copy.deepcopy(DistributionConfig)
        self._cloud.etag += 1
        self._cloud.deployed_at = self._cloud.clock.now + 240
        return self._get_distribution(Id)


class RecordingGuard:
    """Notes the steps, in the order of their beginning and end, and whether there was nothing to do."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.steps: list[tuple[str, Any]] = []

    @contextmanager
    def step(self, name: str, calls: Sequence[Call] = ()) -> Iterator[Step]:
        self.steps.append((f"started {name}", [call.action for call in calls]))
        step = Step()
        yield step
        self.steps.append((f"done {name}", step.seen))

    def already(self, name: str, **seen: Any) -> None:
        self.steps.append((f"already {name}", seen))


class Stage:
    """One module on one cloud."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.clock = SteppedClock()
        self.cloud = FakeCloud(self.clock)
        self.warnings: list[str] = []
        self.guards: list[RecordingGuard] = []

    def run(self, check_mode: bool = False, timeout: float = 60.0, **options: Any) -> Result:
        spec: Mapping[str, Any] = self.module.argument_spec()
        given = {name: options.pop(name, spec[name].get("default")) for name in spec}
        assert not options, "an option that the module doesn't have"
        context = Context(
            check_mode=check_mode,
            diff_mode=True,
            clock=self.clock,
            deadline=Deadline.after(self.clock, timeout),
            clients=self.cloud,  # type: ignore[arg-type]  # stands for Clients
            progress=silent,
            warn=self.warnings.append,
        )
        result: Result = self.module.execute(given, context)
        return result

    def guarded(self, _run: Any, context: Context) -> RecordingGuard:
        self.guards.append(RecordingGuard(context))
        return self.guards[-1]
