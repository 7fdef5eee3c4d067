# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishing metrics in several Regions at once: none waits for another, and none of them ends a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.metric import metric_datum
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.metric import Datum, Published


def publish(
    namespace: str, regions: Sequence[str], batches: Sequence[Sequence[Datum]], context: Context
) -> list[Published]:
    """What each Region took by the deadline, and why it didn't take more."""
    taken = dict.fromkeys(regions, 0)
    jobs = {region: partial(_publish, namespace, region, batches, taken, context) for region in taken}
    outcomes = gather(jobs, context.deadline, context.clock)
    return [Published(region, taken[region], _why(region, outcome.error)) for region, outcome in outcomes.items()]


def _publish(
    namespace: str, region: str, batches: Sequence[Sequence[Datum]], taken: dict[str, int], context: Context
) -> None:
    client = context.clients.get("cloudwatch", region)
    for batch in batches:
        api.put_metric_data(client, namespace, [metric_datum(each) for each in batch])
        taken[region] += len(batch)


def _why(region: str, error: Exception | None) -> str:
    if error is None:
        return ""
    told = error if isinstance(error, DrError) else aws_error(error, f"cloudwatch:PutMetricData in {region}")
    return str(told)


def shown(published: Sequence[Published], unknown: int) -> Mapping[str, object]:
    """What the module returns."""
    return {
        "regions": [each.as_dict() for each in published],
        "unknown": unknown,
        "errors": [each.error for each in published if each.error],
    }
