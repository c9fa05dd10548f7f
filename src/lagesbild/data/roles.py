"""Least privilege: `lagesbild_read` reads, `lagesbild_write` also adds rows. Nobody but the owner changes or deletes.
`lagesbild_people` keeps who is logged in, which the others cannot see, and adds to the log, as `lagesbild_write` does.

Applied after every `db upgrade`, so that a role a database administrator made by hand gets its rights at the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from lagesbild.data.engine import PEOPLE_ROLE, READ_ROLE, WRITE_ROLE
from lagesbild.data.people_tables import audit, people
from lagesbild.data.tables import metadata

NEVER_INSERTED: Final = frozenset({"data_version"})  # its one row is made by the migration and only ever updated

# Roles belong to the whole server, so two databases may be migrated at once: whoever comes second finds them there.
_CREATE: Final = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL;
END $$
"""
_GRANT_MEMBERSHIP: Final = """
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
        GRANT {role} TO CURRENT_USER;
    END IF;
EXCEPTION WHEN insufficient_privilege OR internal_error THEN NULL;
END $$
"""


def apply_roles(connection: sa.Connection) -> list[str]:
    """Create the roles where the server allows it and grant what each may do. Returns those that are missing.

    Runs inside the caller's transaction, as the owner of the tables; idempotent.
    """
    run = connection.exec_driver_sql
    schema = run("SELECT quote_ident(current_schema())").scalar_one()
    missing = []
    for role in (READ_ROLE, WRITE_ROLE, PEOPLE_ROLE):
        run(_CREATE.format(role=role))
        if not run("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).first():
            missing.append(role)
            continue
        run(_GRANT_MEMBERSHIP.format(role=role))
        run(f"GRANT USAGE ON SCHEMA {schema} TO {role}")
        if role == PEOPLE_ROLE:
            _people(run, role)
            continue
        run(f"GRANT SELECT ON {_tables(metadata.tables)}, alembic_version TO {role}")
        run(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}")
        run(f"REVOKE ALL ON {_tables(people.tables)} FROM {role}")  # which those defaults have given
    if WRITE_ROLE not in missing:
        run(f"GRANT INSERT ON {_tables(set(metadata.tables) - NEVER_INSERTED)} TO {WRITE_ROLE}")
        run(f"GRANT UPDATE (version, changed_at) ON data_version TO {WRITE_ROLE}")
        run(f"GRANT INSERT ON {audit.name} TO {WRITE_ROLE}")
        if connection.dialect.server_version_info >= (17,):  # type: ignore[operator]
            # fresh statistics after a large import: without them the planner guesses until autovacuum comes round
            run(f"GRANT MAINTAIN ON {_tables(set(metadata.tables))} TO {WRITE_ROLE}")
    return missing


def _people(run: Callable[[str], object], role: str) -> None:
    """What is true for hours comes and goes; the log only grows."""
    short_lived = _tables(set(people.tables) - {audit.name})
    run(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {short_lived} TO {role}")
    run(f"GRANT SELECT, INSERT ON {audit.name} TO {role}")


def _tables(names: object) -> str:
    return ", ".join(sorted(names))  # type: ignore[call-overload]
