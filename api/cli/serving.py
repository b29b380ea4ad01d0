"""`fengqiao serve`, and the server that it shares with the demonstration."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import repeat
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from api.app import create_app
from api.beside import beside
from api.cli.console import database_url, home, own_database, plain_errors, settings
from api.migrations import migrate
from api.sealing import Algorithm, Keyring
from api.settings import Settings
from gis.cluster import Cluster
from gis.database import Database
from gis.installation import ClusterError
from maps import assets

Host = Annotated[str | None, typer.Option(help="监听地址 / address to listen on")]
Port = Annotated[int | None, typer.Option(help="端口 / port to listen on")]

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 10
KEEP_EVERY_S = 1.0
STOP_WITHIN_S = 10
LOOK_EVERY_S = 0.02


def serve(*, host: Host = None, port: Port = None) -> None:
    """启动服务:接口与页面 / serve the API and the pages."""
    with plain_errors(as_json=False):
        chosen = settings()
        assets.check()
        listening = bound(host or chosen.host, chosen.port if port is None else port)
        with listening, ready_database(chosen) as database:
            server = server_of(create_app(chosen, database), host or chosen.host)
            typer.echo(f"枫桥 Fengqiao: {url_of(listening)}")
            server.run([listening])


@contextmanager
def ready_database(chosen: Settings, *, durable: bool = True) -> Iterator[Database]:
    """The database in use. The embedded one is started and brought to this version.

    One that the operator named may be away: the server then answers 503 until it is back.
    Raises UnsuitableDatabase for one that would lose reports (unless not ``durable``).
    """
    url = database_url()
    if own_database() is None:
        migrate(url)
        make_first_keys(chosen)
    database = Database(url, pool_size=chosen.pool_size)
    try:
        _require_suitable(database, durable=durable)
        with _kept() if own_database() is None else nullcontext():
            yield database
    finally:
        database.dispose()


def _kept() -> AbstractContextManager[None]:
    """Start the embedded database again whenever it dies, while the block runs."""
    cluster = Cluster(home())
    return beside("database", repeat(KEEP_EVERY_S), lambda: _keep(cluster))


def _keep(cluster: Cluster) -> None:
    try:
        cluster.keep()
    except (ClusterError, OSError) as error:
        log.warning("the embedded database did not start: %s", type(error).__name__)


def make_first_keys(chosen: Settings) -> None:
    """The keys beside an embedded database; for a named one the operator makes and guards them."""
    if not chosen.keys_file.exists():
        Keyring.create(chosen.keys_file, Algorithm(chosen.seal_algorithm))


def _require_suitable(database: Database, *, durable: bool) -> None:
    try:
        database.require_suitable(durable=durable)
    except OperationalError as error:
        away = "数据库没有应答,服务将等待它恢复 / the database is away, waiting for it"
        typer.echo(f"{away}: {error.orig}", err=True)


def server_of(app: FastAPI, host: str) -> uvicorn.Server:
    """A server with limits on slow and idle clients; proxies are trusted on this machine only."""
    config = uvicorn.Config(
        app,
        host=host,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_WITHIN_S,
    )
    return uvicorn.Server(config)


def bound(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError with the address in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        message = f"{host}:{port} 不可用,换一个端口 --port / not available, try another --port"
        raise OSError(error.errno, message) from error
    return listening


def url_of(listening: socket.socket) -> str:
    """The address of a bound socket as a URL."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


@contextmanager
def running(app: FastAPI, listening: socket.socket) -> Iterator[str]:
    """The application served from a thread of this process; gives its URL once it answers.

    Raises OSError if it cannot start. The first start on a machine compiles the locator.
    """
    server = server_of(app, listening.getsockname()[0])
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        _await_start(server, thread)
        yield url_of(listening)
    finally:
        server.should_exit = True
        thread.join(STOP_WITHIN_S + 1)


def _await_start(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        if not thread.is_alive():
            raise OSError("服务没有启动,原因见上 / the server did not start, as said above")
        time.sleep(LOOK_EVERY_S)
