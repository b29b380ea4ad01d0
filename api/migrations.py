"""The schema's way from revision to revision, wherever the migrations lie."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

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


class UnknownSchema(Exception):
    """A database whose schema is of another version, later than this program's or not its own."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            f"数据库结构不属于本版本:{detail} / the schema is not of this version. "
            "处理 / Mend: 使用写过该数据库的版本,或换一个数据库 / use the version that wrote it, "
            "or another database"
        )


def migrate(url: str) -> str:
    """Bring the schema of the database at ``url`` to the newest revision; return its name.

    Raises UnknownSchema.
    """
    config = config_for(url)
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise UnknownSchema(str(error)) from error
    return ScriptDirectory.from_config(config).get_current_head() or ""
