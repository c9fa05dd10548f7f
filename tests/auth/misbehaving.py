"""A small OpenID provider that does as tests say: right by default, wrong in any one way that is asked for."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

FIRST_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})  # a second of work: made once
CLIENT, SECRET = "lagesbild", "client secret of forty characters, or so."


@dataclass
class Provider:
    """`claims`, `header` and `metadata` change what is said; `token` replaces the ID token, `userinfo` its answer."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: FIRST_KEY)
    shown_keys: list[RSAKey] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token: Any = None
    tamper: Any = None
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> challenge, nonce
    asked: list[str] = field(default_factory=list)

    def code(self, challenge: str, nonce: str) -> str:
        """As if somebody had logged in."""
        made = f"code-{len(self.codes)}"
        self.codes[made] = (challenge, nonce)
        return made

    def app(self) -> Flask:
        server = Flask("provider")

        @server.get("/.well-known/openid-configuration")
        def discovery() -> Response:
            self.asked.append("discovery")
            return jsonify(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/auth",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "userinfo_endpoint": f"{self.issuer}/me",
                    "end_session_endpoint": f"{self.issuer}/end",
                    "authorization_response_iss_parameter_supported": True,
                    **self.metadata,
                }
            )

        @server.get("/auth")
        def auth() -> Response:
            """Whoever comes is Anna, at once."""
            asked = request.args
            code = self.code(asked["code_challenge"], asked["nonce"])
            back = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
            return Response(status=302, headers={"Location": f"{asked['redirect_uri']}?{back}"})

        @server.get("/jwks")
        def jwks() -> Response:
            self.asked.append("jwks")
            return jsonify(keys=[k.as_dict(private=False) for k in self.shown_keys or [self.key]])

        @server.post("/token")
        def token() -> tuple[Response, int]:
            self.asked.append("token")
            given = request.form
            mine = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '+').replace(',', '%2C')}".encode()).decode()
            plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            known = request.headers.get("Authorization") in (f"Basic {mine}", f"Basic {plain}")
            challenge, nonce = self.codes.pop(given.get("code", ""), ("", ""))
            verifier = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
            right = base64.urlsafe_b64encode(verifier).decode().rstrip("=") == challenge
            if not known or not right or not given.get("redirect_uri", "").endswith("/logga-in/svar"):
                return jsonify(error="invalid_grant"), 400
            made = self.token if self.token is not None else self.made(nonce)
            if self.tamper is not None:
                made = self.tamper(made)
            body = {"access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": made}
            return jsonify({k: v for k, v in body.items() if v != ""}), 200

        @server.get("/end")
        def end() -> Response:
            return Response(status=302, headers={"Location": request.args["post_logout_redirect_uri"]})

        @server.get("/me")
        def me() -> Response:
            return jsonify({"sub": "anna", "name": "Anna Ek", "groups": ["stod"], **self.userinfo})

        return server

    def made(self, nonce: str) -> str:
        now = int(time.time())
        told = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "anna",
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.claims,
        }
        header = {"alg": "RS256", "kid": "one", **self.header}
        said = {k: v for k, v in told.items() if v is not None}
        if header["alg"] == "none":
            parts = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (_json(header), _json(said)))
            return f"{'.'.join(parts)}."
        key = OctKey.import_key(SECRET) if header["alg"].startswith("HS") else self.key
        return jwt.encode(header, said, key, algorithms=[header["alg"]])


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on this machine."""
    made = Provider()
    server = make_server("127.0.0.1", 0, made.app(), threaded=True)
    made.issuer = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join(10)
    server.server_close()
