# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a key: under a deadline, again after a passing fault."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms import api, transform
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.rds.observe import again
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import within
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Alias, Key


def read_key(clients: Clients, region: str, key_id: str, clock: Clock, deadline: Deadline) -> Key | None:
    """The key of that id, ARN or alias as ``region`` describes it; ``None`` where it has none.

    An ARN's Region doesn't count: its id is looked for. Raises ``TimedOut`` and botocore's errors.
    """
    wanted = transform.plain_id(key_id)
    raw = within(
        lambda: again(lambda: api.describe_key(clients.get("kms", region), wanted), clock, deadline),
        deadline,
        clock,
        f"kms:DescribeKey in {region}",
    )
    return transform.key(raw, region) if raw else None


def read_aliases(clients: Clients, region: str, clock: Clock, deadline: Deadline) -> tuple[Alias, ...]:
    """All aliases of a Region. Raises ``TimedOut`` and botocore's errors."""
    raw = within(
        lambda: again(lambda: api.list_aliases(clients.get("kms", region)), clock, deadline),
        deadline,
        clock,
        f"kms:ListAliases in {region}",
    )
    return transform.aliases(raw)


def read_policy(clients: Clients, region: str, key_id: str, clock: Clock, deadline: Deadline) -> str:
    """A key's policy, as JSON. Raises ``TimedOut`` and botocore's errors."""
    return within(
        lambda: again(lambda: api.get_key_policy(clients.get("kms", region), key_id), clock, deadline),
        deadline,
        clock,
        f"kms:GetKeyPolicy in {region}",
    )
