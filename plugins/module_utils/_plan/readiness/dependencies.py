# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a run needs us-east-1 or the Region that it leaves: its calls, our own sign-in, where we come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.call import Call
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import US_EAST_1, Identity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.promotion import Mode
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.readiness.case import (
    Case,
    Remark,
    Sightings,
    Weight,
    listed,
)

MAX_SKEW = 5.0  # seconds: ages of samples and of tokens are then wrong by as much
_REGION = re.compile(r"(?:^|[./])([a-z]{2}(?:-[a-z]+)+-\d)(?=\.)")
_WITHOUT_REGION = {"public.ecr.aws": US_EAST_1, "sts.amazonaws.com": US_EAST_1}


def judge_identity(seen: Sightings[Identity], case: Case) -> Iterator[Remark]:
    """The first half is known without asking anybody; signing in and the clock only if AWS answered."""
    yield from _calls(case)
    yield from _controller(case)
    identity = seen.of(case.target)
    if identity is None:
        return
    endpoint = region_of_host(identity.endpoint)
    asked = (*identity.regions, *((endpoint,) if endpoint else ()))
    yield from _needed(f"the profile's sign-in ({identity.method or 'credentials'})", asked, case)
    if identity.skew is not None and abs(identity.skew) > MAX_SKEW:
        way = "ahead of" if identity.skew > 0 else "behind"
        yield Remark(
            "clock_skew",
            Weight.NEVER,
            case.target,
            f"This machine's clock is {abs(identity.skew):.0f} s {way} AWS's.",
            "Synchronise it (NTP): the ages shown are wrong, and from 5 minutes on AWS refuses every call.",
        )


def region_of_host(host: str) -> str | None:
    """The Region in a URL, host name or image name; ``None`` where it has none."""
    found = _REGION.search(host.removeprefix("https://"))
    if found:
        return found.group(1)
    return next((region for name, region in _WITHOUT_REGION.items() if name in host), None)


def planned_calls(case: Case) -> tuple[Call, ...]:
    """The calls of every failover of this workload, and those that its steps were said to make."""
    workload, planned = case.workload, case.mode is Mode.PLANNED
    action = "SwitchoverGlobalCluster" if planned else "FailoverGlobalCluster"
    calls = [
        Call("rds", "DescribeGlobalClusters", case.target),
        Call("rds", "DescribeDBClusters", case.target),
        Call("rds", "DescribeEvents", case.target),
        Call("rds", action, case.source if planned else case.target),
        Call("secretsmanager", "GetSecretValue", case.target),
        Call("cloudwatch", "GetMetricData", case.target),
    ]
    put = "PutObject" if case.target == workload.standby else "DeleteObject"
    for where in workload.latch.forward if workload.latch else ():
        calls += [Call("s3", "GetObject", where.region), Call("s3", put, where.region)]
    if workload.routing:
        # Any endpoint does: as long as one is elsewhere, neither us-east-1 nor the Region that is left is needed.
        regions = [endpoint.region for endpoint in workload.routing.endpoints]
        others = [region for region in regions if region not in (US_EAST_1, case.source)]
        calls.append(Call("route53-recovery-cluster", "GetRoutingControlState", (*others, *regions, case.target)[0]))
    if workload.table:
        names = ("GetItem", "PutItem", "UpdateItem", "Query")
        calls += [Call("dynamodb", name, case.target) for name in names]
    return tuple(dict.fromkeys((*calls, *workload.calls)))


def _calls(case: Case) -> Iterator[Remark]:
    calls = planned_calls(case)
    for region in (US_EAST_1, case.source):
        needing = [f"{call.service}:{call.action}" for call in calls if call.region == region]
        if needing:
            yield from _needed(f"the steps' calls {listed(needing)}", (region,), case)


def _controller(case: Case) -> Iterator[Remark]:
    controller = case.workload.controller
    if controller is None:
        return
    yield from _needed("the controller", controller.regions, case)
    for what, host in (("execution image", controller.image), ("Git host", controller.git)):
        region = region_of_host(host)
        if region:
            yield from _needed(f"the {what} {host}", (region,), case)
        elif host and not controller.regions:
            yield _not_told(what, host, case)


def _not_told(what: str, host: str, case: Case) -> Remark:
    return Remark(
        "controller_region_unknown",
        Weight.NEVER,
        case.target,
        f"Which Region the {what} {host} is in can't be told from its name.",
        "Say in aws_dr_controller.regions which Regions a controller needs before it can run.",
    )


def _needed(observed: str, regions: Iterable[str], case: Case) -> Iterator[Remark]:
    """Warnings: what is needed may be there. A planned run needs both Regions anyway."""
    asked = set(regions)
    if US_EAST_1 in asked and US_EAST_1 not in case.workload.regions:
        yield Remark(
            "us_east_1_needed",
            Weight.NEVER,
            US_EAST_1,
            f"us-east-1 is needed by {observed}.",
            "A failover should need no control plane in us-east-1: use Regional endpoints, and a copy of it elsewhere.",
        )
    if case.source in asked and case.mode is Mode.UNPLANNED:
        yield Remark(
            "impaired_region_needed",
            Weight.NEVER,
            case.source,
            f"{case.source}, the Region that an unplanned run leaves, is needed by {observed}.",
            "Have it in the target's Region, or in a third one, as well.",
        )
