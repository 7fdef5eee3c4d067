# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a secret and its replica: both Regions at once, under a deadline, again after a passing fault."""

from __future__ import annotations

from collections.abc import Callable

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS, Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather, within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret, SecretPair

PATIENCE = 10.0  # seconds that the source has to answer: it may be the Region that is lost


def read_secret(clients: Clients, region: str, secret_id: str, clock: Clock, deadline: Deadline) -> Secret | None:
    """A secret as a Region describes it; ``None`` where it has none. Raises ``TimedOut`` and botocore's errors."""
    name = transform.secret_id_in(secret_id, region)
    raw = within(
        lambda: again(lambda: api.describe_secret(clients.get("secretsmanager", region), name), clock, deadline),
        deadline,
        clock,
        f"secretsmanager:DescribeSecret in {region}",
    )
    return transform.secret(raw, region) if raw else None


def read_pair(
    clients: Clients, secret_id: str, source: str, target: str, clock: Clock, deadline: Deadline
) -> SecretPair:
    """The secret in both Regions; with an empty ``source``, in the target's alone.

    Raises botocore's errors and ``TimedOut`` for the target; for the source only what asking again won't change.
    """

    def reader(region: str, until: Deadline) -> Callable[[], Secret | None]:
        return lambda: read_secret(clients, region, secret_id, clock, until)

    jobs = {target: reader(target, deadline)}
    if source:
        jobs[source] = reader(source, deadline.sooner(clock, PATIENCE))
    outcomes = gather(jobs, deadline, clock)
    for region, outcome in outcomes.items():
        error = outcome.error
        passing = isinstance(error, CALL_ERRORS) and effect_of(error) is not Effect.FINAL
        if error is not None and (region == target or not passing):
            raise error
    read = outcomes.get(source)
    return SecretPair(
        secret_id, target, outcomes[target].value, source, read.value if read else None, bool(read and read.ok)
    )


def same_value(clients: Clients, pair: SecretPair, clock: Clock, deadline: Deadline) -> bool:
    """Whether both Regions' current values are equal. Raises botocore's errors and ``TimedOut``."""

    def reader(region: str) -> Callable[[], str | bytes]:
        name = transform.secret_id_in(pair.secret_id, region)
        client = clients.get
        return lambda: again(lambda: api.get_secret_content(client("secretsmanager", region), name), clock, deadline)

    regions = (pair.source_region, pair.target_region)
    outcomes = gather({region: reader(region) for region in regions}, deadline, clock)
    for outcome in outcomes.values():
        if outcome.error is not None:
            raise outcome.error
    return outcomes[pair.source_region].value == outcomes[pair.target_region].value
