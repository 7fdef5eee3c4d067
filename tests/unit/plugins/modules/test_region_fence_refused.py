# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError

from .fence_stage import Stage
from .test_region_fence import stage as stage


@pytest.mark.parametrize(("allow_unfenced", "state"), [(True, "owed"), (False, "fenced")])
def test_one_that_refuses_for_a_moment_is_waited_for_where_the_run_hangs_on_it(
    stage: Stage, allow_unfenced: bool, state: str
) -> None:
    refused = EndpointConnectionError(endpoint_url="https://rds")
    stage.region.failing["describe_global_clusters"] = [refused] * 5
    assert stage.ask(allow_unfenced=allow_unfenced).values["fence"]["state"] == state
