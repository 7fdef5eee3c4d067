# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One comparison of the lab's databases, as data_consistency_info makes it; prints the result, its time and memory.

python tests/matrix/comparing.py RESOLVER TABLES
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

from ansible.plugins.loader import init_plugin_loader

init_plugin_loader()  # before anything of a collection is imported

from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clients import Clients
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Deadline, SystemClock
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.module import Context
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.progress import silent
from ansible_collections.multiregion.aws_dr.plugins.modules.data_consistency_info import execute

DATABASE = {"global_cluster_id": "shop", "name": "shop", "secret_id": "shop/db", "sslmode": "prefer"}


def main() -> None:
    resolver, tables = sys.argv[1], sys.argv[2].split(",")
    options: dict[str, Any] = {
        "regions": ["eu-central-1", "eu-west-1"],
        "layers": ["database"],
        "database": DATABASE,
        "tables": tables,
        "exclude_tables": [],
        "max_rows": 1000,
        "shown": 20,
        "marker": False,
        "buckets": None,
        "secrets": [],
        "parameters": None,
        "cache": None,
        "sample": 0,
        "resolvers": [resolver],
    }
    clock = SystemClock()
    context = Context(False, False, clock, Deadline.after(clock, 300), Clients({}), silent, silent)
    began = time.monotonic()
    values = execute(options, context).values
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": took, "peak_kb": peak, "layer": values["layers"]["database"]}))


if __name__ == "__main__":
    main()
