# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a composite alarm as it is asked for, or deleting it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.cloudwatch.composite import (
    composite_alarm,
    composite_request,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.alarm import CompositeAlarm, Found
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.health_check import retagged, tag_changes
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.cloudwatch import CloudWatch


def find(cloudwatch: CloudWatch, name: str) -> Found | None:
    """The composite alarm of that name, with its tags."""
    raw = cloudwatch.read("DescribeAlarms", api.describe_composite_alarm, name)
    if raw is None:
        return None
    tags = cloudwatch.read("ListTagsForResource", api.list_tags, raw["AlarmArn"])
    return composite_alarm(raw, {tag["Key"]: tag["Value"] for tag in tags})


def make(
    cloudwatch: CloudWatch, wanted: CompositeAlarm, tags: Mapping[str, str] | None, purge: bool
) -> tuple[Found | None, Found | None]:
    """The alarm before and after. In check mode the latter is what it would be."""
    before = find(cloudwatch, wanted.name)
    if before is None:
        cloudwatch.change("PutCompositeAlarm", api.put_composite_alarm, composite_request(wanted, tags))
        new = Found(wanted, "", "INSUFFICIENT_DATA", dict(tags or {}))
        return None, new if cloudwatch.context.check_mode else find(cloudwatch, wanted.name)
    if before.alarm != wanted:
        cloudwatch.change("PutCompositeAlarm", api.put_composite_alarm, composite_request(wanted))
    changed = tag_changes(before.tags, tags, None, purge)
    if changed.add:
        added = [{"Key": key, "Value": value} for key, value in changed.add.items()]
        cloudwatch.change("TagResource", api.tag, before.arn, added)
    if changed.remove:
        cloudwatch.change("UntagResource", api.untag, before.arn, list(changed.remove))
    return before, replace(before, alarm=wanted, tags=retagged(before.tags, changed))


def delete(cloudwatch: CloudWatch, name: str) -> tuple[Found | None, None]:
    """Delete it where it is. CloudWatch refuses while another composite alarm is about it."""
    before = find(cloudwatch, name)
    if before:
        cloudwatch.change("DeleteAlarms", api.delete_alarm, name)
    return before, None
