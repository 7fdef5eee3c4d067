# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import linecache

import ansible.executor.task_executor
import ansible.module_utils.datatag

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import action


def test_the_sources_that_a_skipped_task_asks_for_are_read_in_the_parent() -> None:
    linecache.clearcache()
    action.keep_sources()
    for module in (ansible.executor.task_executor, ansible.module_utils.datatag):
        assert module.__file__ in linecache.cache
