# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fencing by a command of the user's own. What it prints is not kept: nobody knows what is in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.fence import Before, FenceState, Method
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.fence_applied import Applied
from ansible_collections.multiregion.aws_dr.plugins.module_utils._run.guard import Guard


def call_hook(
    wanted: FenceState, hook: Mapping[str, Any], about: Mapping[str, Any], before: Before, guard: Guard
) -> Applied:
    """Run it, with what is wanted of it as JSON on its standard input. Exit status 0 means that it is so."""
    context = guard.context
    if context.check_mode:
        return Applied(Method.HOOK, wanted, changed=True)
    deadline = context.deadline.sooner(context.clock, hook["timeout"])
    document = json.dumps({**about, "state": wanted.value}, sort_keys=True)
    with guard.step(f"{'fence' if wanted is FenceState.FENCED else 'unfence'}_hook", before=before.as_dict()) as step:
        state, trouble = _run(wanted, hook["command"], document, deadline.remaining(context.clock))
        step.saw(state=state.value, trouble=trouble)
    return Applied(Method.HOOK, state, changed=True, trouble=trouble)


def _run(wanted: FenceState, command: Sequence[str], document: str, seconds: float) -> tuple[FenceState, str]:
    quiet = subprocess.DEVNULL
    try:
        # Not the module's run_command: that one knows no deadline, and keeps what it reads.
        child = subprocess.Popen(  # pylint: disable=ansible-bad-function
            list(command), text=True, start_new_session=True, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
        )
    except OSError as exc:
        return FenceState.UNFENCED if wanted is FenceState.FENCED else FenceState.UNKNOWN, f"the hook: {exc}"
    try:
        child.communicate(document, timeout=seconds)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        return FenceState.UNKNOWN, f"the hook didn't end within {seconds:.1f} s and was killed"
    if child.returncode == 0:
        return wanted, ""
    return FenceState.UNKNOWN, f"the hook ended with status {child.returncode}"
