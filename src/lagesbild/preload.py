"""Everything a web process imports, and how it is to use memory. Imported once, before there is any thread, lock or
connection, by the process that the web processes are forked from: they share these hundred megabytes.
"""

import ctypes
import gc
import os

# The matrices of a page are small: more threads for one of them only fight with the other requests for the processors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
# Arrow brings an allocator that starts a thread when it is loaded; nothing uses it, and threads do not survive a fork
os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")
# A thread of glibc's allocator keeps a heap of its own, which grows to what the largest request needed: two are enough
if hasattr(libc := ctypes.CDLL(None), "mallopt"):
    libc.mallopt(-8, 2)  # M_ARENA_MAX
    # Left alone, glibc raises both limits to what the largest request needed, and keeps as much: 14 of 210 MB in two
    # web processes, for no processor time that could be measured
    libc.mallopt(-3, 131_072)  # M_MMAP_THRESHOLD
    libc.mallopt(-1, 524_288)  # M_TRIM_THRESHOLD

import pyarrow
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401  SQLAlchemy imports it when it first connects

import lagesbild.data.source
import lagesbild.factory  # noqa: F401
from lagesbild.pages import options  # noqa: F401
from lagesbild.pages.registry import all_pages

all_pages()
pyarrow.enable_signal_handlers(False)  # reading CSV would start a thread that listens for Ctrl+C; Granian does that
# What is here now stays: looking through all of it for garbage took a tenth of a second of every fifth page, and wrote
# in every page of memory that is shared
gc.collect()
gc.freeze()
