# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from ansible_collections.multiregion.aws_dr.plugins.module_utils._run import fence

from .fence_stage import Stage
from .test_region_fence import stage as stage


@pytest.mark.parametrize(("allow_unfenced", "state"), [(True, "owed"), (False, "fenced")])
def test_one_that_refuses_for_a_moment_is_waited_for_where_the_run_hangs_on_it(
    stage: Stage, allow_unfenced: bool, state: str
) -> None:
    refused = EndpointConnectionError(endpoint_url="https://rds")
    stage.region.failing["describe_global_clusters"] = [refused] * 5
    assert stage.ask(allow_unfenced=allow_unfenced).values["fence"]["state"] == state


@pytest.mark.parametrize(
    ("asked", "state"), [({"allow_unfenced": True}, "owed"), ({}, "fenced"), ({"state": "unfenced"}, "unfenced")]
)
def test_one_that_answers_slowly_is_given_up_only_where_one_goes_on_without(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], state: str
) -> None:
    stage.region.slow = 0.1
    monkeypatch.setattr(fence, "REACH", 0.15)
    assert stage.ask(**asked).values["fence"]["state"] == state
