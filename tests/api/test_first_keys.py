"""An embedded database has keys from its first start; later starts leave them as they are."""

import stat
from pathlib import Path

from api.cli.serving import make_first_keys
from api.sealing import Keyring
from api.settings import Settings


def test_the_first_start_makes_keys_and_later_ones_keep_them(tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path / "new")
    make_first_keys(chosen)
    assert stat.S_IMODE(chosen.keys_file.stat().st_mode) == 0o600
    sealed = Keyring.load(chosen.keys_file).seal("王丽", "place")
    make_first_keys(chosen)
    assert Keyring.load(chosen.keys_file).open(sealed, "place") == "王丽"
