"""What stands between the network and the workspace: who may ask, how much, and what an answer may tell.

    Host header    an address, or a name the server goes by: a foreign name that resolves here (DNS rebinding) is refused
    token          Bearer header, or once ?token=, which sets a cookie; compared in constant time
    other sites    may link to a page; whatever else they send to the interface is refused (Sec-Fetch-Site, Origin)
    body           at most so many bytes, counted as they come
    HEAD           answered as GET, without the body
    errors         {"error": {"kind", "message", "message_ru"}}; of what was not foreseen only a number, which the log has too
    headers        nothing from another origin, no inline script or style, no frame, no guessing of types

A pure ASGI application around another one, so that it holds for pages, files, streams and errors alike.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import logging
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from keruen.errors import in_both
from keruen.tables.words import said
from keruen.web.settings import Settings

LOG = logging.getLogger("keruen.web")
COOKIE = "keruen"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
API = "/api/"


class Refusal(Exception):
    """A request that is not answered: status, kind and message, and headers that go with them."""

    def __init__(self, status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.kind, self.message, self.headers = status, kind, message, dict(headers or {})

    def response(self) -> Response:
        """The answer that says so."""
        return error_response(
            self.status, {"error": {"kind": self.kind, **in_both("message", self.message)}}, self.headers
        )


def error_response(status: int, document: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    """An error as the command line prints it with --json."""
    return Response(
        json.dumps(document, ensure_ascii=False),
        status,
        {**(headers or {}), "cache-control": "no-store"},
        "application/json",
    )


class Guard:
    """The application around the application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.cookie = session_of(settings.token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                return await send({"type": "websocket.close", "code": 1008})
            return await self.app(scope, receive, send)
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(API):
                    headers.setdefault("cache-control", "no-store")
                message["headers"] = headers.raw
            await send(message)

        try:
            if answer := self.refusal_or_entry(scope):
                return await answer(scope, receive, guarded_send)
            heads = scope["method"] == "HEAD"
            asked = {**scope, "method": "GET"} if heads else scope
            await self.app(
                asked, limited(receive, self.settings.body_bytes), bodiless(guarded_send) if heads else guarded_send
            )
        except Refusal as refusal:
            if not started:
                await refusal.response()(scope, receive, guarded_send)
        except Exception:
            number = secrets.token_hex(4)
            LOG.exception("error %s in %s %s", number, scope["method"], scope["path"])
            if not started:
                message = said("srv_internal", number=number)
                document = {"error": {"kind": "internal", **in_both("message", message), "id": number}}
                await error_response(500, document)(scope, receive, guarded_send)

    def refusal_or_entry(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further: a refusal, or the cookie for a token; None if it may go on."""
        headers = Headers(scope=scope)
        try:
            self.check_host(headers.get("host", ""))
            self.check_site(scope, headers)
            check_length(headers.get("content-length", "0"), self.settings.body_bytes)
            return self.check_token(scope, headers)
        except Refusal as refusal:
            return refusal.response()

    def check_host(self, host: str) -> None:
        """Refuse a name that is not ours: a page of another site may have made it resolve to this machine."""
        name, port = host_and_port(host)
        is_address = address_of(name) is not None
        if port in (None, self.settings.port) and (is_address or name in self.settings.hosts):
            return
        raise Refusal(403, "host", said("srv_host", host=host[:200]))

    def check_site(self, scope: Scope, headers: Headers) -> None:
        """Refuse what a page of another site sends, but for a link that is followed and reads."""
        site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
        reads = scope["method"] in SAFE_METHODS
        followed = reads and headers.get("sec-fetch-mode") == "navigate"
        foreign = site in ("cross-site", "same-site") and (scope["path"].startswith(API) or not reads) and not followed
        own = f"{scope['scheme']}://{headers.get('host', '')}"
        if foreign or (origin and origin != own and (not reads or scope["path"].startswith(API))):
            raise Refusal(403, "cross_site", said("srv_cross_site"))

    def check_token(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse whoever does not have the token; the answer that gives the cookie to who brings it in the address."""
        if not self.settings.token:
            return None
        given = headers.get("authorization", "")
        if given[:7].lower() == "bearer " and same(given[7:].strip(), self.settings.token):
            return None
        if same(cookie_of(headers), self.cookie):
            return None
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=1000)
        if scope["method"] == "GET" and any(
            name == "token" and same(value, self.settings.token) for name, value in asked
        ):
            rest = urlencode([pair for pair in asked if pair[0] != "token"])
            path = quote("/" + scope["path"].lstrip("/")) + (f"?{rest}" if rest else "")
            secure = "; Secure" if scope["scheme"] == "https" else ""
            cookie = f"{COOKIE}={self.cookie}; HttpOnly; SameSite=Strict; Path=/{secure}"
            return Response(
                status_code=303, headers={"location": path, "set-cookie": cookie, "cache-control": "no-store"}
            )
        raise Refusal(401, "token", said("srv_token"), {"www-authenticate": "Bearer"})


def session_of(token: str) -> str:
    """What the cookie holds: known to whoever knows the token, and not the token."""
    return hmac.new(token.encode(), b"keruen workspace", hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two texts are the same, in a time that does not tell where they differ."""
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def cookie_of(headers: Headers) -> str:
    """The value of our cookie, empty without one."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def host_and_port(host: str) -> tuple[str, int | None]:
    """Name or address of a Host header in small letters, without brackets, and its port; ("", None) for none."""
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        name, port = host, ""
    if port and not (port.isascii() and port.isdigit()):
        return "", None
    return name.strip("[]").lower().rstrip("."), int(port) if port else None


def address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a text is, None if it is a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def check_length(length: str, most: int) -> None:
    """Refuse a body that says it is too long."""
    if not (length.isascii() and length.isdigit()) or int(length) > most:
        raise too_large(most)


def too_large(most: int) -> Refusal:
    """The refusal of a body with too many bytes."""
    return Refusal(413, "too_large", said("srv_too_large", most=most), {"connection": "close"})


def bodiless(send: Send) -> Send:
    """The messages of an answer to HEAD: those of GET without what the body holds."""

    async def send_head(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return send_head


def limited(receive: Receive, most: int) -> Receive:
    """The messages of a request; more than so many bytes are refused, whatever the header said."""
    seen = 0

    async def receive_some() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most:
                raise too_large(most)
        return message

    return receive_some
