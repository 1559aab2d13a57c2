"""The folder of reports over HTTP, read only: a list of what is new, and the files themselves.

Nothing outside of the folder can be reached, neither by `..` nor by a link; pages may load and run nothing.
"""

from __future__ import annotations

import base64
import binascii
import mimetypes
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Literal, cast
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from config.wording import LANGUAGES, in_every_language
from tasks.adapters.pages import period_page, shelf_page
from tasks.adapters.report_shelf import Shelves

Language = Literal["zh_CN", "en"]
HEALTH = "/health"
PERIODS_MAX = 10
_STOP_SECONDS = 5
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Reports carry their styles and pictures in themselves and no script at all.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A report may be written anew at any time; an unchanged one is not sent again.
    "Cache-Control": "private, no-cache",
}
_NOT_FOUND, _NOT_ALLOWED, _UNAUTHORIZED, _MISDIRECTED = 404, 405, 401, 421


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown to whom: the folder of reports, the language of those who name none, who may look.

    `login` is `user:password`, "" where none is asked for. Then only a browser that was sent to one of this machine's
    own names or to the host of `url` is answered: a page elsewhere must not read reports by a name of its own.
    """

    shelves: Shelves
    language: Language
    login: str = ""
    url: str = ""


def report_site(shown: Shown) -> ASGIApp:
    """The site as an ASGI program: `/` lists what is new, `/reports/<path>` gives a file or the list of a folder."""
    mimetypes.add_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
    mimetypes.add_type("text/csv", ".csv")

    shelves, language = shown.shelves, partial(_language, otherwise=shown.language)

    def newest(request: Request) -> Response:
        wanted = language(request)
        page = shelf_page(shelves.newest(wanted, PERIODS_MAX), wanted, at_root=True, query=_query(request))
        return HTMLResponse(page)

    def of_flow(request: Request) -> Response:
        shelf = shelves.of_flow(request.path_params["flow"], language(request))
        if not shelf.periods:
            raise HTTPException(_NOT_FOUND)
        return HTMLResponse(shelf_page((shelf,), language(request), query=_query(request)))

    def of_period(request: Request) -> Response:
        flow = request.path_params["flow"]
        period = shelves.of_period(flow, request.path_params["period"], language(request))
        if period is None:
            raise HTTPException(_NOT_FOUND)
        return HTMLResponse(period_page(flow, period, language(request), query=_query(request)))

    routes = [
        Route("/", newest),
        Route(HEALTH, lambda _: PlainTextResponse("")),
        Route("/reports/{flow}/", of_flow),
        Route("/reports/{flow}/{period}/", of_period),
        Mount("/reports", StaticFiles(directory=shelves.reports, check_dir=False)),
    ]
    return _Guarded(Starlette(routes=routes, exception_handlers={HTTPException: _refused}), shown)


def serve_site(site: ASGIApp, host: str, port: int) -> None:
    """Serves until a signal to end."""
    uvicorn.run(
        site,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


def _refused(_: Request, error: Exception) -> Response:
    """The answer where nothing can be given; a file that may not be read is as good as none."""
    status = error.status_code if isinstance(error, HTTPException) else _NOT_FOUND
    if status == _NOT_ALLOWED:
        return PlainTextResponse("", status, {"Allow": "GET, HEAD"})
    return PlainTextResponse(in_every_language("reports.absent"), _NOT_FOUND)


def _query(request: Request) -> str:
    """The language that the address asks for, to be asked for by the next one too."""
    wanted = request.query_params.get("language", "")
    return f"?language={wanted}" if wanted in LANGUAGES else ""


def _language(request: Request, otherwise: Language) -> Language:
    """The language asked for by the address, else by the browser."""
    wanted = request.query_params.get("language", "")
    if wanted in LANGUAGES:
        return cast("Language", wanted)
    tags = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept-language", "").split(",")]
    for tag in tags:
        for language in LANGUAGES:
            if tag and language.lower().startswith(tag.partition("-")[0]):
                return cast("Language", language)
    return otherwise


class _Guarded:
    """Lets those in who may look, and gives every answer the headers that keep a page from doing anything."""

    def __init__(self, app: ASGIApp, shown: Shown) -> None:
        self.app = app
        self.login = shown.login
        self.hosts = _LOOPBACK | {urlsplit(shown.url).hostname or ""} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        answer = self._refusal(Headers(scope=scope), scope["path"]) or self.app
        await answer(scope, receive, send_guarded)

    def _refusal(self, headers: Headers, path: str) -> Response | None:
        if path == HEALTH:
            return None
        if self.login:
            if _may_look(headers.get("authorization", ""), self.login):
                return None
            asked = {"WWW-Authenticate": 'Basic realm="Daybook", charset="UTF-8"'}
            return PlainTextResponse(in_every_language("reports.login"), _UNAUTHORIZED, asked)
        if urlsplit(f"//{headers.get('host', '')}").hostname in self.hosts:
            return None
        return PlainTextResponse(in_every_language("reports.misdirected"), _MISDIRECTED)


def _may_look(given: str, login: str) -> bool:
    scheme, _, encoded = given.partition(" ")
    try:
        told = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    return scheme.lower() == "basic" and secrets.compare_digest(told, login.encode())
