"""What every response carries: compression, how long it may be kept, and what the browser is allowed to do."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence

from flask import Flask, Request, Response, g, request
from flask_compress import Compress

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_YEAR = "public, max-age=31536000, immutable"
_HOUR = "public, max-age=3600"
_TWO_YEARS = 63_072_000  # seconds
_NOTHING_OF_THE_MACHINE = ", ".join(
    f"{what}=()"
    for what in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb",
        "xr-spatial-tracking",
    )
)  # fmt: skip

# nobody else sets these, so one is looked for and not each: one by one they took a tenth of a kept answer's time
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", _NOTHING_OF_THE_MACHINE),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Strict-Transport-Security", f"max-age={_TWO_YEARS}; includeSubDomains"),
    ("Server", "lagesbild"),  # in place of the web server's own
)


def add_headers(server: Flask, script_hashes: Sequence[str]) -> None:
    """Compression (kept for what does not change), caching and security headers. Scripts run from here only: own files
    and the hashed inline ones that Dash needs. Nothing can be fetched from or sent anywhere else.

    Strict-Transport-Security is always there: a browser heeds it over https alone, and an answer that depended on what
    a header says of the connection could be kept by a cache for the wrong one."""
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(script_hashes)}".strip(),
            "style-src 'self' 'unsafe-inline'",  # Plotly and React set style attributes
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    server.config.update(
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_CACHE_KEY=_compress_key,
        COMPRESS_CACHE_BACKEND=CompressedOnce,
    )

    @server.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)  # a snapshot that is opened has a narrower one
        if 300 <= response.status_code < 400 and "Location" in headers:
            response.set_data(f"Du skickas vidare till {headers['Location']}\n")  # Werkzeug's page is in English
            response.mimetype = "text/plain"
        if "Server" not in headers:
            headers.extend(_ALWAYS)
        if _unchanging(request) and response.status_code == 200:
            headers["Cache-Control"] = _YEAR
        elif request.path.startswith("/_dash-component-suites/") and response.status_code == 200:
            headers["Cache-Control"] = _HOUR  # Plotly's 4 MB among them, which Dash serves without a fingerprint
        elif response.mimetype in ("text/html", "application/json"):
            headers.setdefault("Cache-Control", "no-cache")
        else:  # files, made for whoever asked: nobody else's cache may keep them
            headers.setdefault("Cache-Control", "no-store")
        return response

    Compress(server)

    @server.after_request
    def _whole(response: Response) -> Response:
        # Last registered runs first: small files as whole bytes, because flask-compress never closes what it streams
        if request.path.startswith("/assets/") and response.is_streamed:
            response.direct_passthrough = False
            file = response.response
            response.get_data()
            if hasattr(file, "close"):
                file.close()
            # compressed once for as long as the file is what it is
            g.compress_key = f"{request.path} {response.get_etag()[0]}"
        return response


def packed(data: bytes) -> bytes:
    """As most browsers want it, to be kept and handed out by `unpacked`."""
    return zstd.compress(data)


def plain(data: bytes) -> bytes:
    """What `packed` was given."""
    return bytes(zstd.decompress(data))


def unpacked(data: bytes, content_type: str) -> Response:
    """A response of what `packed` gave: as it is to a browser that reads it, else plain, to be compressed otherwise."""
    if request.accept_encodings["zstd"] <= 0:
        return Response(plain(data), content_type=content_type)
    return Response(data, content_type=content_type, headers={"Content-Encoding": "zstd"})


def _unchanging(asked: Request) -> bool:
    """Files whose address changes when they do: fingerprinted suites, assets with `?m=`, and the fonts."""
    if asked.path.startswith("/_dash-component-suites/"):
        return ".v" in asked.path
    return asked.path.startswith("/assets/") and ("m" in asked.args or asked.path.endswith(".woff2"))


def _compress_key(asked: Request) -> str:
    if asked.path.startswith("/_dash-component-suites/"):
        return asked.path
    return str(g.get("compress_key", ""))


class CompressedOnce:
    """The cache that flask-compress asks, of `size` bytes. An answer without a key ("zstd;") is not kept."""

    def __init__(self, size: int = 4_000_000) -> None:
        self._size = size
        self._weight = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def set(self, key: str, value: bytes) -> None:
        if key.endswith(";"):
            return
        with self._lock:
            self._weight += len(value) - len(self._kept.pop(key, b""))
            self._kept[key] = value
            while self._weight > self._size:
                self._weight -= len(self._kept.popitem(last=False)[1])
