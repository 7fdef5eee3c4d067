# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report as the files that people and machines read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils.report.pages import report_files


class FilterModule:
    """Filters that write reports."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"report_files": report_files}
