# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grants of the watcher: what it looks at beside the workload's API, and that it is there."""

from __future__ import annotations

from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.grant import STANDBY, THIRD, Grant
from ansible_collections.multiregion.aws_dr.plugins.module_utils._plan.grants.words import (
    TABLE,
    TRIGGER,
    arn,
    bucket,
    keys,
    same,
)

CANARY_OBJECT = bucket("${LegWitnessBucket}/${WitnessKey}")

WATCH = (
    Grant("Watch", "Canary", TRIGGER, {"s3:GetObject": ("s3:HeadObject",)}, (CANARY_OBJECT,)),
    Grant(
        "Watch",
        "Quorum",
        TRIGGER,
        same("dynamodb", "PutItem"),
        (TABLE,),
        places=(STANDBY,),
        conditions=keys("watch#${Workload}"),
    ),
    Grant(
        "Watch",
        "Queue",
        TRIGGER,
        same("sqs", "ReceiveMessage", "DeleteMessage"),
        (arn("sqs", "${WitnessQueue}"),),
        places=(STANDBY,),
    ),
    Grant("Watch", "Alarms", TRIGGER, same("cloudwatch", "DescribeAlarms"), places=(THIRD,)),
)
