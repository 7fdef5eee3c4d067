# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the modules that look at the way home. Documented in the doc fragment C(failback)."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.options import DATABASE_SPEC, RESOLVERS_SPEC

WAY_SPEC: dict[str, Any] = {
    "workload": {"type": "str", "required": True},
    "home": {"type": "str", "required": True},
    "standby": {"type": "str", "required": True},
    "database": {**DATABASE_SPEC, "required": True},
    "api_url": {"type": "str"},
    "table": {"type": "str", "default": ""},
    "latch": {
        "type": "dict",
        "options": {
            "bucket": {"type": "str", "required": True},
            "key": {"type": "str", "required": True, "no_log": False},
        },
    },
    "global_replication_group_id": {"type": "str"},
    "accept_unreconciled": {"type": "bool", "default": False},
    "reason": {"type": "str", "default": ""},
    "resolvers": RESOLVERS_SPEC,
}
