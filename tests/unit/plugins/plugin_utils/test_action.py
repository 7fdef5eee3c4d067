# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import linecache
import os
import time

import ansible.executor.task_executor
import ansible.module_utils.datatag

from ansible_collections.multiregion.aws_dr.plugins.plugin_utils import action


def test_the_sources_that_a_skipped_task_asks_for_are_read_in_the_parent() -> None:
    linecache.clearcache()
    action.keep_sources()
    for module in (ansible.executor.task_executor, ansible.module_utils.datatag):
        assert module.__file__ in linecache.cache


def test_a_worker_ends_when_its_controller_is_gone_and_no_sooner() -> None:
    said, tell = os.pipe()
    asked, answer = os.pipe()
    if not os.fork():
        controller = os.getpid()
        if not os.fork():
            _worker(controller, tell, answer)
        os.close(answer)  # else it would wait for a worker that has ended
        os.read(asked, 1)
        os._exit(0)
    os.close(tell)
    os.wait()
    with os.fdopen(said, "rb") as stream:
        assert stream.read() == b"before"
    os.close(asked)
    os.close(answer)


def _worker(controller: int, tell: int, answer: int) -> None:
    try:
        action.end_orphaned(controller)
        os.write(tell, b"before")
        os.write(answer, b".")
        while os.getppid() == controller:
            time.sleep(0.01)
        action.end_orphaned(controller)
        os.write(tell, b"after")
    finally:
        os._exit(0)
