"""Put the built image to work: `python -m deploy.image.smoke IMAGE`.

An embedded Kafka runs on the host. Every service of docker-compose.yml runs in a container of the image, as
its user, with the command that the compose file gives it; a page pushed over HTTP must come back as an alert.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import yaml

from services.cli.fleet import free_ports
from services.runtime.broker import BrokerSettings, EmbeddedBroker

ROOT = Path(__file__).parent.parent.parent
USER = "10001:10001"
SERVICES = ("ingest", "clean", "extract", "alert", "deliver")
READY_SECONDS, ALERT_SECONDS = 90.0, 60.0
PAGE = (
    "<html><head><meta charset='utf-8'><title>浮玉市核医学中心启用</title></head><body>"
    "<p>浮玉新闻网5月18日讯（记者 尹知远）5月18日，浮玉市人民医院核医学诊疗中心正式启用，"
    "浮玉市人民医院院长谷明达出席启用仪式。</p><p>中心设有核素病房24间，当天开展了首批镥-177核素治疗，"
    "预计每年可服务肿瘤患者3000人次。</p></body></html>"
)


class SmokeError(Exception):
    """What the image does not do."""


def main(image: str) -> None:
    """Run the test; raises `SmokeError` or `subprocess.CalledProcessError`."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    container = _buildah("from", image)
    try:
        check_image(container)
        with tempfile.TemporaryDirectory(prefix="isowire-image-") as folder:
            check_services(container, compose["services"], Path(folder))
    finally:
        _buildah("rm", container)
    print("the image works: a page pushed into ingest came out of deliver as an alert")


def check_image(container: str) -> None:
    """Hold that it runs as an ordinary user, cannot write its own code, and knows its command."""
    user = _run(container, "sh", "-c", "id -u; touch /opt/isowire/x 2>/dev/null && echo writable; true")
    if user.split() != ["10001"]:
        raise SmokeError(f"expected an ordinary user that cannot write its code, found {user!r}")
    if "A newswire for the isotope world" not in _run(container, "isowire", "--help"):
        raise SmokeError("`isowire --help` says something else")


def check_services(container: str, services: dict[str, Any], folder: Path) -> None:
    """Hold that the services, run as the compose file says, make an alert of a page."""
    broker = EmbeddedBroker(BrokerSettings(folder=folder / "kafka", port=0))
    address = broker.start().address
    push, api, *ops = free_ports(2 + len(SERVICES))
    token = secrets.token_hex(16)
    environment = {
        "ISOWIRE_BOOTSTRAP_SERVERS": address,
        "ISOWIRE_PUSH_TOKEN": token,
        "ISOWIRE_PUSH_PORT": str(push),
        "ISOWIRE_API_PORT": str(api),
    }
    try:
        _run(container, "isowire", *services["topics"]["command"], environment=environment)
        with contextlib.ExitStack() as stack:
            for name, port in zip(SERVICES, ops, strict=True):
                own = environment | {"ISOWIRE_OPS_PORT": str(port)}
                stack.enter_context(
                    _service(container, services[name]["command"], own, folder / f"{name}.log")
                )
            for name, port in zip(SERVICES, ops, strict=True):
                _wait(f"{name} to be ready", READY_SECONDS, functools.partial(_ready, port))
            _push(push, token)
            _wait("the alert", ALERT_SECONDS, lambda: bool(_alerts(api)))
    except SmokeError as error:
        logs = "\n".join(f"{f.stem}: {f.read_text(errors='replace')[-1500:]}" for f in folder.glob("*.log"))
        raise SmokeError(f"{error}\n{logs}") from error
    finally:
        broker.stop()


def _push(port: int, token: str) -> None:
    answer = httpx.post(
        f"http://127.0.0.1:{port}/v1/articles",
        json={"url": "https://news.invalid/1.html", "html": PAGE},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    if answer.status_code != httpx.codes.ACCEPTED:
        raise SmokeError(f"the push was answered with {answer.status_code}: {answer.text}")


def _alerts(port: int) -> list[Any]:
    answer = httpx.get(f"http://127.0.0.1:{port}/v1/alerts", timeout=10)
    found: list[Any] = answer.json()["alerts"]
    return found


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).is_success
    except httpx.TransportError:
        return False


def _wait(what: str, seconds: float, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SmokeError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.3)


@contextlib.contextmanager
def _service(container: str, command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(container, "isowire", *command, environment=environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield
    finally:
        # The chroot has no init of its own: the whole session is asked to end, then made to.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        try:
            process.wait(12)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


def _run(container: str, *command: str, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        _command(container, *command, environment=environment or {}),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _command(container: str, *command: str, environment: dict[str, str]) -> list[str]:
    variables = [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
    return ["buildah", "run", "--isolation", "chroot", "--user", USER, *variables, container, "--", *command]


def _buildah(*arguments: str) -> str:
    return subprocess.run(["buildah", *arguments], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except SmokeError as error:
        sys.exit(str(error))
