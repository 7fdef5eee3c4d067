# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.lambda_.transform import capacity, event_source
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.capacity import Capacity
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.event_source import EventSource

CONFIG = {"RequestedProvisionedConcurrentExecutions": 5, "AvailableProvisionedConcurrentExecutions": 2}


def test_an_alias_without_provisioned_concurrency_has_none() -> None:
    assert capacity(None) == Capacity(0, 0)


def test_concurrency_in_progress_is_not_steady() -> None:
    assert capacity({**CONFIG, "Status": "IN_PROGRESS"}) == Capacity(5, 2, steady=False)


def test_concurrency_that_failed_is_final() -> None:
    seen = capacity({**CONFIG, "Status": "FAILED", "StatusReason": "none left"})
    assert (seen.blocked, seen.final) == ("none left", True)


def test_an_event_source_is_named_by_its_function() -> None:
    arn = "arn:aws:lambda:eu-west-1:1:function:orders:live"
    found = event_source({"UUID": "u", "FunctionArn": arn, "EventSourceArn": "arn:queue", "State": "Enabled"})
    assert found == EventSource("u", "orders:live", "arn:queue", "Enabled")
