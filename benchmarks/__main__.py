"""All measurements, one after the other so that they do not disturb each other: `make bench`.

Each module of this package is a process of its own. Exit code 1 when one of them fails.
"""

from __future__ import annotations

import os
import pkgutil
import platform
import subprocess
import sys
import time

import benchmarks


def _header() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"Python {platform.python_version()}, {os.cpu_count()} kärnor, {memory:.0f} GiB minne, {platform.machine()}"


def main() -> int:
    """Run every measurement (or those named on the command line); print what they print, and which failed."""
    names = sys.argv[1:] or sorted(
        m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name != "__main__" and not m.ispkg
    )
    print(_header(), flush=True)
    failed = []
    for name in names:
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            failed.append(name)
        print(f"   ({time.perf_counter() - start:.0f} s)", flush=True)
    if failed:
        print(f"\nMisslyckades: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
