# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From Lambda's answers to records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import EventSource


def capacity(config: Mapping[str, Any] | None) -> Capacity:
    """Provisioned concurrency: none at all where there is no ``config``."""
    if config is None:
        return Capacity(0, 0)
    failed = config["Status"] == "FAILED"
    return Capacity(
        desired=int(config["RequestedProvisionedConcurrentExecutions"]),
        serving=int(config.get("AvailableProvisionedConcurrentExecutions", 0)),
        steady=config["Status"] == "READY",
        blocked=str(config.get("StatusReason") or "the status is FAILED") if failed else "",
        final=failed,
    )


def event_source(mapping: Mapping[str, Any]) -> EventSource:
    """An event source mapping. One that polls a broker of the user's own has no source ARN."""
    function = str(mapping["FunctionArn"]).partition(":function:")[2] or str(mapping["FunctionArn"])
    return EventSource(mapping["UUID"], function, str(mapping.get("EventSourceArn", "")), mapping["State"])
