"""Every setting stands in docs/settings.md with its default, and nothing else does."""

import re
from pathlib import Path

from api.settings import Settings

TABLE = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")
ROW = re.compile(r"^\| `FENGQIAO_(\w+)` \| (\S+) \| \S", re.MULTILINE)


def shown(default: object) -> str:
    return "–" if default is None else f"`{default}`"


def test_every_setting_is_documented_with_its_default() -> None:
    fields = Settings.model_fields.items()
    assert ROW.findall(TABLE) == [(name.upper(), shown(field.default)) for name, field in fields]
