"""The peers' own environment: what they need contradicts what Isowire needs (newspaper4k an older dateutil).

It is made from `peers.lock` by `uv` at the first run, and made anew when the lock has changed.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.cleaning.race import CHECKOUT

LOCK = Path(__file__).parent / "peers.lock"
PLACE = CHECKOUT / ".venv" / "peers"


def peers_python(place: Path = PLACE) -> Path:
    """Return the interpreter of the peers' environment; makes the environment where it is not there."""
    python, stamp = place / "bin" / "python", place / "lock.sha256"
    checksum = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != checksum:
        uv = [sys.executable, "-m", "uv"]
        subprocess.run(
            [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place)], check=True
        )
        install = [*uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes"]
        subprocess.run([*install, "--requirement", str(LOCK)], check=True)
        stamp.write_text(checksum)
    return python


def versions(python: Path, packages: list[str]) -> dict[str, str]:
    """Return the versions of packages in an environment."""
    code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    told = subprocess.run([str(python), "-c", code, *packages], check=True, capture_output=True, text=True)
    return dict(zip(packages, told.stdout.split(), strict=True))
