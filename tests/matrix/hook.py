# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fence of one's own, as region_fence's hook: it stops the Region's database in its tracks, past any API."""

from __future__ import annotations

import json
import os
import sys

from lab.client import Admin
from lab.settings import Instance

wanted = json.load(sys.stdin)
admin = Admin(Instance(int(os.environ["AWS_DR_LAB_INSTANCE"])))
if wanted["state"] == "fenced":
    admin.fault({"kind": "freeze", "service": "postgres", "region": wanted["region"]})
else:
    admin.heal({"kind": "process", "region": wanted["region"]})
