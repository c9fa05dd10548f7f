"""Web processes that share what they have imported."""

from __future__ import annotations

import multiprocessing
import sys
from typing import Any, Final

from granian.server.mp import MPServer, WorkerProcess

PRELOADED: Final = "lagesbild.preload"
# elsewhere than on Linux libraries of the system start threads behind our back, or there is no fork
SHARED: Final = sys.platform == "linux"


class Server(MPServer):
    """Granian, which starts its workers afresh or as copies of this process, with workers forked from one that has
    imported all they need and done nothing else. A copy of this one would inherit connections, locks and threads."""

    def _spawn_worker(self, idx: int, target: Any, callback_loader: Any) -> WorkerProcess:  # type: ignore[override]  # as Granian itself overrides it
        worker = super()._spawn_worker(idx, target, callback_loader)
        if SHARED:
            made = worker.inner  # not started
            worker.inner = multiprocessing.get_context().Process(
                name=made.name,
                target=made._target,
                args=made._args,
            )
        return worker


def start_method() -> None:
    """Decide how this process starts others. Without the path of the main script they do not run the command line's
    imports a second time (1 s of 2)."""
    multiprocessing.set_start_method("forkserver" if SHARED else "spawn", force=True)
    if SHARED:
        multiprocessing.set_forkserver_preload([PRELOADED])
    vars(sys.modules["__main__"]).pop("__file__", None)
