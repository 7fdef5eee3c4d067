# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why something wasn't seen: a Region's state, or a question that was wrong."""

from __future__ import annotations

from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import DrError, aws_error, error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome

# These are no state of a Region: the task was given the wrong name, or can't ask at all.
WRONG_QUESTION = (
    "DBClusterNotFoundFault",
    "GlobalClusterNotFoundFault",
    "GlobalReplicationGroupNotFoundFault",
    "InvalidClientTokenId",
    "NoCredentialsError",
    "PartialCredentialsError",
    "ProfileNotFound",
    "ReplicationGroupNotFoundFault",
    "UnrecognizedClientException",
)


def why_unread(job: str, outcome: Outcome[Any], required: bool) -> str:
    """The reason of an outcome without a value. Where it is ``required``, a wrong question and a bug are raised;
    what isn't never ends the task, whatever it answers.
    """
    error = outcome.error or DrError(job, "nothing was seen", "Run the task again.")
    if isinstance(error, DrError):
        return f"{error.tried}: {error.seen}"
    if not isinstance(error, CALL_ERRORS):
        if required:
            raise error
        return f"{job}: {type(error).__name__}: {error}"
    failed = aws_error(error, job)
    if required and error_code(error) in WRONG_QUESTION:
        raise failed
    return f"{failed.tried}: {failed.seen}"
