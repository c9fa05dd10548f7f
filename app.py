"""WSGI entry of the web process: `granian --interface wsgi app:server`, which is what `lagesbild serve` runs.

One of the two places (the other is the command line) where settings, database and application meet. A configured
database need not answer yet: the pages say so and recover by themselves.
"""

import ctypes
import gc
import os
import sys

# The matrices of a page are small: more threads for one of them only fight with the other requests for the processors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A thread of glibc's allocator keeps a heap of its own, which grows to what the largest request needed: two are enough
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(-8, 2)  # M_ARENA_MAX

from lagesbild.answers import shelf_for
from lagesbild.data.briefings import PgBriefings
from lagesbild.data.engine import open_database
from lagesbild.data.source import PgSource
from lagesbild.factory import create_app
from lagesbild.log import configure_logging
from lagesbild.settings import load_settings
from lagesbild.snapshots.store import Store

configure_logging(json_logs="--json-logs" in sys.argv, quiet="--quiet" in sys.argv)
settings = load_settings()
reader = open_database(settings, role="read")
saved = PgBriefings(reader, open_database(settings, role="write"))
server = create_app(
    PgSource(reader), settings, briefings=saved, snapshots=Store(settings.home), shelf=shelf_for(settings)
)
# What is here now stays: looking through all of it for garbage took a tenth of a second of every fifth page
gc.collect()
gc.freeze()
