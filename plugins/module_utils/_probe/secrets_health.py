# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A leg's secrets and keys: as its Region describes them, and whether a secret's value can be read: it isn't kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import Effect, effect_of
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms import api as kms
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.kms.transform import key, plain_id
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets import api
from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.secrets.transform import secret, secret_id_in
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.errors import error_code
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import Outcome, gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health import Leg
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.health_layers import (
    KeySeen,
    SecretSeen,
    SecretsSeen,
    slowest_ms,
)
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.key import Key
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.secret import Secret
from ansible_collections.multiregion.aws_dr.plugins.module_utils._probe.lookout import DENIED, Lookout, must_tell, said


def look_at_secrets(leg: Leg, lookout: Lookout) -> SecretsSeen:
    """Each by itself, all at once: one that can't be asked for hides no other. Raises where none could be."""
    jobs: dict[str, Callable[[], Any]] = {}
    for name in leg.secrets:
        jobs[f"describe {name}"] = partial(_describe, name, leg, lookout)
        if lookout.read_secrets:
            jobs[f"read {name}"] = partial(_read, name, leg, lookout)
    jobs |= {f"key {name}": partial(_key, name, leg, lookout) for name in leg.keys}
    outcomes = gather(jobs, lookout.sooner(), lookout.clock)
    must_tell(outcomes.values())
    return SecretsSeen(
        leg.region,
        tuple(_secret_seen(name, outcomes[f"describe {name}"], outcomes.get(f"read {name}")) for name in leg.secrets),
        tuple(_key_seen(name, outcomes[f"key {name}"]) for name in leg.keys),
    )


def _describe(name: str, leg: Leg, lookout: Lookout) -> tuple[Secret | None, float]:
    client = lookout.clients.get("secretsmanager", leg.region)
    raw, took = lookout.timed(lambda: api.describe_secret(client, secret_id_in(name, leg.region)))
    return secret(raw, leg.region) if raw else None, took


def _read(name: str, leg: Leg, lookout: Lookout) -> tuple[bool, float]:
    client = lookout.clients.get("secretsmanager", leg.region)
    return lookout.timed(lambda: api.can_read_secret(client, secret_id_in(name, leg.region)))


def _key(name: str, leg: Leg, lookout: Lookout) -> tuple[Key | None, float]:
    client = lookout.clients.get("kms", leg.region)
    raw, took = lookout.timed(lambda: kms.describe_key(client, plain_id(name)))
    return key(raw, leg.region) if raw else None, took


def _secret_seen(name: str, described: Outcome[Any], read: Outcome[Any] | None) -> SecretSeen:
    found, took = described.value or (None, None)
    readable, read_took = (read.value if read else None) or (None, None)
    error = read.error if read else None
    if error is not None and effect_of(error) is Effect.FINAL and not error_code(error).startswith(DENIED):
        readable = False
    slowest = slowest_ms((took, read_took))
    return SecretSeen(name, found, said(described), readable, said(read), response_ms=slowest)


def _key_seen(name: str, outcome: Outcome[Any]) -> KeySeen:
    found, took = outcome.value or (None, None)
    return KeySeen(name, found, said(outcome), took)
