"""The schema's way from revision to revision, wherever the migrations lie."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import api

# In a checkout the migrations lie beside the packages; a wheel carries them inside `api`.
FOLDERS = (Path(api.__file__).parents[1] / "alembic", Path(api.__file__).parent / "_migrations")


def config_for(url: str) -> Config:
    """Alembic's configuration for the database at ``url``, independent of the working directory."""
    folder = next(folder for folder in FOLDERS if (folder / "env.py").exists())
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> str:
    """Bring the schema of the database at ``url`` to the newest revision; return its name."""
    config = config_for(url)
    command.upgrade(config, "head")
    return ScriptDirectory.from_config(config).get_current_head() or ""
