"""WSGI entry of the web process: `granian --interface wsgi app:server`, which is what `lagesbild serve` runs.

One of the two places (the other is the command line) where settings, database and application meet. A configured
database need not answer yet: the pages say so and recover by themselves.
"""

import sys

from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.factory import create_app
from lagesbild.log import configure_logging
from lagesbild.settings import load_settings

configure_logging(json_logs="--json-logs" in sys.argv, quiet="--quiet" in sys.argv)
settings = load_settings()
server = create_app(PgSource(open_database(settings, role="read")), settings)
