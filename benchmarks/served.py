"""One worker of the API for a benchmark: python -m benchmarks.served URL PORT HOME."""

import sys
from pathlib import Path

from api.app import create_app
from api.cli.serving import bound, server_of
from api.settings import Settings
from gis.database import Database

if __name__ == "__main__":
    url, port, home = sys.argv[1:]
    settings = Settings(home=Path(home), requests_per_minute=1_000_000)  # one clerk asks for all
    app = create_app(settings, Database(url, pool_size=settings.pool_size))
    server_of(app, "127.0.0.1").run([bound("127.0.0.1", int(port))])
