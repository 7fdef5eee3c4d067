# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of whoever tells people: the operator, drills, and the watcher, which sends what killed runs couldn't."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    OUTBOX,
    TABLE,
    TELLS,
    TRIGGER,
    arn,
    keys,
    same,
)

NOTIFY = (
    # Nothing else of the table: a watcher can claim a message, and no lock.
    Grant("Notify", "Outbox", TRIGGER, same("dynamodb", "PutItem"), (TABLE,), conditions=keys(*OUTBOX)),
    Grant(
        "Notify",
        "Secret",
        TELLS,
        same("secretsmanager", "GetSecretValue"),
        (arn("secretsmanager", "secret:${NotifySecret}-??????"),),
    ),
    # community.aws.sns makes that call.
    Grant("Notify", "Topic", TELLS, {"sns:Publish": ()}, (arn("sns", "${NotifyTopic}"),)),
    Grant(
        "Notify",
        "Mail",
        TELLS,
        same("sesv2", "SendEmail", iam="ses"),
        (arn("ses", "identity/${MailIdentity}"), arn("ses", "configuration-set/*")),
    ),
)
