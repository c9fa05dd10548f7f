"""RSGI entry of the web process: `granian --interface rsgi app:front`, which is what `lagesbild serve` runs.

One of the two places (the other is the command line) where settings, database and application meet. A configured
database need not answer yet: the pages say so and recover by themselves.
"""

import gc

import lagesbild.preload  # noqa: F401  before anything else: it decides how memory is used
from lagesbild.answers import shelf_for
from lagesbild.api.front import Front
from lagesbild.api.guard import largest_body
from lagesbild.api.health import PATHS
from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import open_database
from lagesbild.data.job_log import JobLog
from lagesbild.data.people import PgPeople
from lagesbild.data.source import PgSource
from lagesbild.factory import create_app
from lagesbild.log import configure_as_started
from lagesbild.settings import load_settings
from lagesbild.snapshots.store import Store
from lagesbild.worker import LEAVING

configure_as_started()
settings = load_settings()
reader, writer, logins = databases = tuple(open_database(settings, role=role) for role in ("read", "write", "people"))
saved = PgBriefings(reader, writer)
people = PgPeople(logins)
source = PgSource(reader)
server = create_app(
    source,
    settings,
    briefings=saved,
    snapshots=Store(settings.home),
    shelf=shelf_for(settings),
    people=people,
    audit=people,
    jobs=JobLog(reader).states,
    replica=source.replica,
)
front = Front(server, PATHS, largest_body(server), leaving=LEAVING.is_set, began=server.extensions["lagesbild-began"])
gc.collect()
gc.freeze()  # as in `preload`
