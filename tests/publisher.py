"""A process that publishes on request, to be killed or starved: ``python -m tests.publisher STORE``.

It forks for every request, so that one start serves many deaths. Lines on stdin: ``publish COUNT``
(publishes so many generations one after the other), ``starve BYTES`` (publishes where no file may
grow beyond that). The answer is the child's number, and when it has ended its exit code or signal.
"""

import os
import resource
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.contracts import table
from data.coverage import land_cells
from data.frames import contract_frame
from data.history import Change
from data.publishing import publish_register
from data.registers.registry import register
from data.snapshot import SnapshotError, current_version, publish, write_snapshot

CODE, NAME = "330102003", "湖滨街道"
LON, LAT = 120.1650, 30.2520
REFUSED = 3


def toilets(count: int) -> pd.DataFrame:
    """A register of toilets in 湖滨."""
    return contract_frame(
        "toilets.toilets",
        pd.DataFrame(
            {
                "toilet_id": [f"T{n:03d}" for n in range(count)],
                "toilet_name": [f"{n} 号公厕" for n in range(count)],
                "subdistrict_code": CODE,
                "subdistrict_name": NAME,
                "lon": LON + np.arange(count) * 1e-6,
                "lat": LAT,
                "position_source": "register",
                "source_kind": "register",
            }
        ),
    )


def small_store(folder: Path) -> Path:
    """A store with all tables empty but the clauses: quick to publish on."""
    clauses = pd.DataFrame([["1", "一", None, "总则", None, "plan"]])
    clauses.columns = table("plan.clauses").column_names
    publish(folder, write_snapshot(folder, {"plan.clauses": clauses}, []))
    return folder


def publish_toilets(store: Path, count: int) -> int:
    """Publish a register of so many toilets; returns the version."""
    change = Change("import", "值班员甲", provider="区城管局", as_of="2024-06", source="公厕.xlsx")
    return publish_register(store, register("toilets"), toilets(count), change)


def _request(store: Path, errand: str, number: int) -> int:
    if errand == "starve":
        resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
        number = 1
    try:
        for _ in range(number):
            publish_toilets(store, (current_version(store) or 0) + 1)
    except SnapshotError as error:
        print(error, file=sys.stderr)
        return REFUSED
    return 0


def main() -> None:
    """Serve requests until stdin ends."""
    store = Path(sys.argv[1])
    land_cells()  # before the forks: two seconds that no child needs to spend
    print("ready", flush=True)
    for line in sys.stdin:
        errand, number = line.split()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = _request(store, errand, int(number))
            finally:
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
