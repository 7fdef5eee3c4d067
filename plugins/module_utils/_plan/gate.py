# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be given before anything is moved that needs the database's writer. Pure."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.finding import Finding, refusal


def check_gate(verified: bool, target: str | None, unverified_allowed: bool, act: str) -> tuple[Finding, ...]:
    """What is wrong with a request to do ``act``, a sentence. ``verified``: the database to be proved was given."""
    if verified and not target:
        seen = "database is given without target."
        return (refusal("no_target", seen, "Name as target the Region that must be the writer."),)
    if not verified and not unverified_allowed:
        seen = f"{act}, and there is no database whose writer could be proved first."
        remedy = "Give database and target; for a workload without one, set allow_unverified_writer=true."
        return (refusal("writer_unverified", seen, remedy),)
    return ()
