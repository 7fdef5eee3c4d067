# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A latch's bucket as a health checker meets it: one anonymous HTTPS GET that follows no redirect.

It goes the way that botocore's own requests go (proxy and certificates from the environment), but unsigned.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from ansible_collections.multiregion.aws_dr.plugins.module_utils._aws.effect import CALL_ERRORS
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.clock import Clock, Deadline
from ansible_collections.multiregion.aws_dr.plugins.module_utils._exec.gather import gather
from ansible_collections.multiregion.aws_dr.plugins.module_utils._model.latch import Face, FaceSeen, LatchObject

try:
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies
except ImportError:
    pass  # reported by AnsibleAWSModule, which checks for it

CONNECT, ANSWER = 4, 2  # seconds that a health checker waits to connect, and for the answer
SUFFIXES = {"cn": "amazonaws.com.cn"}
SHOWN = 200  # characters of an answer that are kept


def look_at_faces(
    objects: Sequence[LatchObject], key: str, token: str, ca_path: str | None, clock: Clock, deadline: Deadline
) -> tuple[FaceSeen, ...]:
    """Ask every bucket for the (canary) object at once. What hasn't answered by ``deadline`` is unknown.

    ``ca_path`` is a file with the certificates to trust, instead of the environment's.
    """

    def looker(where: LatchObject) -> Callable[[], FaceSeen]:
        return lambda: look_at_face(where, key, token, ca_path)

    outcomes = gather({where.bucket: looker(where) for where in objects}, deadline, clock)
    return tuple(
        outcomes[where.bucket].value or FaceSeen(where, Face.UNKNOWN, detail=str(outcomes[where.bucket].error))
        for where in objects
    )


def look_at_face(where: LatchObject, key: str, token: str, ca_path: str | None = None) -> FaceSeen:
    """One request for the object, at the bucket's Regional endpoint, without credentials."""
    url = object_url(where, key)
    make: Callable[..., Any] = URLLib3Session
    session = make(verify=_trusted(ca_path), proxies=get_environ_proxies(url), timeout=(CONNECT, ANSWER))
    request = AWSRequest("GET", url, headers={"User-Agent": "multiregion.aws_dr"}).prepare()
    try:
        answer = session.send(request)
        status, text = answer.status_code, answer.content.decode("utf-8", "replace")
    except CALL_ERRORS as exc:
        return FaceSeen(where, Face.UNKNOWN, detail=f"{type(exc).__name__}: {exc}")
    finally:
        session.close()
    return FaceSeen(where, face_of(status, text, token), status, text[:SHOWN] if status != 200 else "")


def object_url(where: LatchObject, key: str) -> str:
    """The address that a latch's health check asks."""
    suffix = SUFFIXES.get(where.region.split("-", 1)[0], "amazonaws.com")
    return f"https://{where.bucket}.s3.{where.region}.{suffix}/{quote(key)}"


def face_of(status: int, text: str, token: str) -> Face:
    """What an answer means to a health check that looks for ``token`` in the first 5120 bytes."""
    if status == 200:
        return Face.READABLE if token in text[:5120] else Face.OTHER_CONTENT
    if 300 <= status < 400:
        return Face.REDIRECTED
    if status == 400 and "KMS" in text:
        return Face.KMS
    return {403: Face.FORBIDDEN, 404: Face.ABSENT}.get(status, Face.UNKNOWN)


def _trusted(ca_path: str | None) -> str | bool:
    """What botocore takes for ``verify``: a file, or True for the environment's choice."""
    return ca_path or os.environ.get("AWS_CA_BUNDLE") or True
