"""Tables of who is logged in and of what has been done. Apart from the rest: readers and jobs may not see them.

Only `audit` is about the past, and nothing in it is ever changed. The others hold what is true for hours at most, under
the hash of a secret that the database never sees.
"""

from __future__ import annotations

import sqlalchemy as sa

people = sa.MetaData()


def _time(name: str, **more: object) -> sa.Column[object]:
    now = sa.func.clock_timestamp()
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=now, **more)  # type: ignore[arg-type]


def _text(name: str, **more: object) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)  # type: ignore[arg-type]


login_session = sa.Table(  # somebody who is logged in; `mapping`: by which rules the role was given
    "login_session",
    people,
    _text("id_hash", primary_key=True),
    _text("subject"),
    _text("name"),
    _text("role"),
    _text("region"),
    _text("mapping"),
    _time("created_at"),
    _time("seen_at"),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
)

login_attempt = sa.Table(  # somebody sent to the provider; the row goes when he comes back
    "login_attempt",
    people,
    _text("state_hash", primary_key=True),
    _text("browser_hash"),
    _text("nonce"),
    _text("verifier"),
    _text("back_to"),
    _time("made_at"),
)

used_once = sa.Table(  # what must not be used a second time before `until`
    "used_once",
    people,
    _text("key_hash", primary_key=True),
    sa.Column("until", sa.DateTime(timezone=True), nullable=False),
)

rate_bucket = sa.Table(  # how many more times somebody may do something; filled by time
    "rate_bucket",
    people,
    _text("key_hash", primary_key=True),
    sa.Column("tokens", sa.Double, nullable=False),
    sa.Column("granted", sa.Boolean, nullable=False),
    _time("at"),
)

audit = sa.Table(  # who did what, when, with which choices, from where; see domain.people.Event
    "audit",
    people,
    sa.Column("audit_id", sa.BigInteger, sa.Identity(), primary_key=True),
    _time("at", index=True),
    _text("who", index=True),
    _text("role"),
    _text("what"),
    _text("object"),
    _text("choices"),
    _text("address"),
    _text("detail"),
)
