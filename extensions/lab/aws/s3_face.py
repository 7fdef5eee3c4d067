# SPDX-FileCopyrightText: 2026 multiregion.aws_dr contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3 as those see it who come without credentials, or through another Region's host name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from moto.s3.models import FakeBucket, FakeKey, s3_backends

from lab.aws.s3_policy import Question, Verdict, decide
from lab.control.hosts import Endpoint, parse

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

CHECKER_AGENT = "Amazon-Route53-Health-Check-Service"
CHECKER_ADDRESS = "15.177.0.1"
"""An address in a range that AWS publishes for Route 53's health checkers."""
PRESIGNED = frozenset({"X-Amz-Signature", "Signature"})
REASONS = {200: "OK", 301: "Moved Permanently", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}


@dataclass(frozen=True)
class Ask:
    """A request to S3, taken apart."""

    method: str
    bucket: str
    key: str
    query: frozenset[str]
    signed: bool
    source_ip: str


@dataclass(frozen=True)
class Reply:
    """An answer that moto is not asked for."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class S3Face:
    """WSGI middleware: answers anonymous requests and those to the wrong Region itself, hands on the others."""

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        endpoint = parse(environ.get("HTTP_HOST", ""))
        if endpoint is None or endpoint.service != "s3":
            return self._app(environ, start_response)
        ask = _ask(environ, endpoint)
        reply = _redirect(ask, endpoint) or (None if ask.signed else _anonymous(ask))
        if reply is None:
            return self._app(environ, start_response)
        headers = [*reply.headers, ("Content-Length", str(len(reply.body)))]
        start_response(f"{reply.status} {REASONS[reply.status]}", headers)
        return [b"" if ask.method == "HEAD" else reply.body]


def find_bucket(name: str) -> FakeBucket | None:
    """Return a bucket of any account."""
    for account in list(s3_backends.values()):
        for backend in list(account.values()):
            if name in backend.buckets:
                return backend.buckets[name]
    return None


def bucket_region(name: str) -> str | None:
    """Return the Region in which a bucket lives."""
    bucket = find_bucket(name)
    return bucket.region_name if bucket else None


def _ask(environ: dict[str, Any], endpoint: Endpoint) -> Ask:
    path = unquote(environ.get("RAW_URI", environ.get("PATH_INFO", "/")).split("?", 1)[0]).lstrip("/")
    bucket, key = (endpoint.bucket, path) if endpoint.bucket else (path.partition("/")[0], path.partition("/")[2])
    query = frozenset(parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    checker = CHECKER_AGENT in environ.get("HTTP_USER_AGENT", "")
    return Ask(
        environ["REQUEST_METHOD"],
        bucket or "",
        key,
        query,
        "HTTP_AUTHORIZATION" in environ or bool(PRESIGNED & query),
        CHECKER_ADDRESS if checker else environ.get("REMOTE_ADDR", "127.0.0.1"),
    )


def _redirect(ask: Ask, endpoint: Endpoint) -> Reply | None:
    """A bucket is served by its own Region's host names; the others say where to go."""
    bucket = find_bucket(ask.bucket)
    legacy = f"{ask.bucket}.s3.amazonaws.com" == endpoint.host
    creation = ask.method == "PUT" and not ask.key and not ask.query
    if bucket is None or legacy or creation or bucket.region_name == endpoint.region:
        return None
    where = f"{ask.bucket}.s3.{bucket.region_name}.amazonaws.com"
    extra = f"<Endpoint>{where}</Endpoint><Bucket>{ask.bucket}</Bucket>"
    text = "The bucket you are attempting to access must be addressed using the specified endpoint."
    reply = _error(301, "PermanentRedirect", text, extra)
    return Reply(301, (*reply.headers, ("x-amz-bucket-region", bucket.region_name)), reply.body)


def _anonymous(ask: Ask) -> Reply:
    bucket = find_bucket(ask.bucket)
    if not ask.bucket or (bucket is None and not ask.key and ask.method not in ("GET", "HEAD")):
        return _denied()
    if bucket is None:
        return _error(404, "NoSuchBucket", "The specified bucket does not exist")
    if ask.method not in ("GET", "HEAD") or not ask.key or ask.query:
        return _denied()
    key = bucket.keys.get(ask.key)
    if not _may_read(bucket, key, ask):
        return _denied()
    if key is None:
        return _error(404, "NoSuchKey", "The specified key does not exist.") if _may_list(bucket, ask) else _denied()
    if _kms(key):
        text = "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."
        return _error(400, "InvalidArgument", text)
    return _object(key)


def _may_read(bucket: FakeBucket, key: FakeKey | None, ask: Ask) -> bool:
    verdict = _verdict(bucket, "s3:GetObject", f"arn:aws:s3:::{ask.bucket}/{ask.key}", ask)
    if verdict != Verdict.SILENT:
        return verdict == Verdict.ALLOW
    block = bucket.public_access_block
    open_acl = key is not None and key.acl is not None and key.acl.public_read
    return (open_acl or (key is None and _may_list(bucket, ask))) and not (block and block.ignore_public_acls)


def _may_list(bucket: FakeBucket, ask: Ask) -> bool:
    verdict = _verdict(bucket, "s3:ListBucket", f"arn:aws:s3:::{ask.bucket}", ask)
    if verdict != Verdict.SILENT:
        return verdict == Verdict.ALLOW
    block = bucket.public_access_block
    return bool(bucket.acl and bucket.acl.public_read) and not (block and block.ignore_public_acls)


def _verdict(bucket: FakeBucket, action: str, resource: str, ask: Ask) -> Verdict:
    block = bucket.public_access_block
    void = bool(block and block.restrict_public_buckets)
    return decide(bucket.policy, Question(action, resource, ask.source_ip), public_is_void=void)


def _kms(key: FakeKey) -> bool:
    return (key.encryption or "").startswith("aws:kms")


def _object(key: FakeKey) -> Reply:
    kept = {name.lower(): str(value) for name, value in key.response_dict.items()}
    names = ("etag", "last-modified", "content-type", "cache-control", "content-encoding")
    headers = tuple((name, kept[name]) for name in names if name in kept)
    return Reply(200, headers or (("content-type", "binary/octet-stream"),), key.value)


def _denied() -> Reply:
    return _error(403, "AccessDenied", "Access Denied")


def _error(status: int, code: str, text: str, extra: str = "") -> Reply:
    inside = f"<Code>{code}</Code><Message>{escape(text)}</Message>{extra}"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inside}</Error>'
    return Reply(status, (("Content-Type", "application/xml"),), body.encode())
