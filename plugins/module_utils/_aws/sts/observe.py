# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who we are to AWS, what signing in needs, and how far our clock is off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.sts import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.readiness import Identity

CHAIN = 5  # profiles that may stand behind each other


def read_identity(clients: Clients, region: str, clock: Clock, deadline: Deadline) -> Identity:
    """One GetCallerIdentity through ``region``, which needs no permission. Raises botocore's errors."""
    client = clients.get("sts", region)
    times: list[float] = []

    def ask() -> dict[str, Any]:
        times[:] = [clock.wall()]
        answer = api.get_caller_identity(client)
        times.append(clock.wall())
        return answer

    answer = again(ask, clock, deadline)
    session = clients.session(region)
    credentials = session.get_credentials()
    return Identity(
        arn=answer["Arn"],
        account=answer["Account"],
        endpoint=client.meta.endpoint_url,
        method=str(getattr(credentials, "method", "") or ""),
        regions=tuple(dict.fromkeys(sign_in_regions(session))),
        skew=_skew(answer, times[0], times[-1]),
    )


def sign_in_regions(session: Any) -> Iterator[str]:
    """The Regions in which IAM Identity Center signs the profile in, and those that it is a source for."""
    core = session._session
    known, profile = core.full_config, core.get_scoped_config()
    for _unused in range(CHAIN):
        shared = known.get("sso_sessions", {}).get(profile.get("sso_session"), {})
        region = profile.get("sso_region") or shared.get("sso_region")
        if region:
            yield str(region)
        profile = known.get("profiles", {}).get(profile.get("source_profile"), {})
        if not profile:
            return


def _skew(answer: Mapping[str, Any], began: float, ended: float) -> float | None:
    """Seconds that our clock is ahead: the answer's date is cut to a second, and lies between the two."""
    said = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not said:
        return None
    earliest = parsedate_to_datetime(said).timestamp()
    if ended < earliest:
        return ended - earliest
    return max(0.0, began - (earliest + 1.0))
