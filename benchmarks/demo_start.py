"""How long `lagesbild demo` takes to its ready line: the first time (everything to do) and the second (nothing to do).

Targets: 90 s and 5 s. The installation of packages is not part of it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("lagesbild"))
READY = "redo på http"


def _free_port() -> int:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _seconds_to_ready(home: str) -> float:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LAGESBILD_")}
    environment |= {"LAGESBILD_HOME": home, "PORT": str(_free_port())}
    start = time.perf_counter()
    process = subprocess.Popen(
        [COMMAND, "demo"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    assert process.stdout is not None
    try:
        for line in process.stdout:
            said.append(line)
            if READY in line:
                return time.perf_counter() - start
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    raise RuntimeError("demo ended before it was ready:\n" + "".join(said))


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="lagesbild-bench-") as home:
        Path(home).chmod(0o755)  # as root the database runs as another user
        first, second = _seconds_to_ready(home), _seconds_to_ready(home)
    print(f"första starten av demo: {first:.1f} s (mål högst 90)")
    print(f"andra starten av demo: {second:.1f} s (mål högst 5)")


if __name__ == "__main__":
    main()
