"""A PostgreSQL server with PostGIS of one's own for a test run: a temporary cluster on a socket."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

PASSWORD = "geheim-Zx81"
"""Of the role ``reader``; looked for in messages, where it must not be."""


def programs() -> Path | None:
    """Folder of initdb and pg_ctl of the newest PostgreSQL that brings PostGIS; None if none."""
    for folder in sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True):
        version = Path(folder).parent.name
        if glob(f"/usr/share/postgresql/{version}/extension/postgis.control"):
            return Path(folder)
    return None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start a cluster in ``folder``; yields the superuser's connection string."""
    tools = programs()
    data = folder / "data"
    owner = _owner(folder)

    def run(*command: str) -> None:
        # Its output goes to no pipe: the server would keep that open.
        subprocess.run(
            [*owner, *command],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            timeout=60,
        )

    run(str(tools / "initdb"), "-D", str(data), "-U", "admin", "-A", "scram-sha-256",
        "--no-sync", "-E", "UTF8", "--locale=C", f"--pwfile={_password_file(folder)}")  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    control = (str(tools / "pg_ctl"), "-D", str(data), "-w", "-s")
    run(*control, "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"host={folder} user=admin dbname=postgres password={PASSWORD}"
    finally:
        run(*control, "-m", "immediate", "stop")


def _password_file(folder: Path) -> Path:
    path = folder / "password"
    path.write_text(PASSWORD)
    path.chmod(0o644)
    return path


def _owner(folder: Path) -> list[str]:
    """How to run as a user that PostgreSQL accepts, to whom the folder then belongs: never root."""
    if os.geteuid() != 0:
        return []
    names = [user.pw_name for user in pwd.getpwall()]
    name = "postgres" if "postgres" in names else "nobody"
    user = pwd.getpwnam(name)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
