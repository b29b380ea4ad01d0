"""Vendored scripts, styles and fonts: complete, unchanged, and never from a network."""

import json
import re
from pathlib import Path

import pytest

from maps import assets, vendoring

CHECKOUT = Path(__file__).parents[2]

# The font's own subsets lack these of the 6,763; a browser draws them from the system's fonts.
RARE = "劐坶塥弪憝戤桊毪牿犋猸瘭稆筢耠耢耥胲脶膪艴蒈蓰蟓赇蹯轷铴镩阢骣鲰齄"


def manifest_of(folder: Path) -> dict[str, str]:
    lines = vendoring.written_manifest(folder).splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_vendored_file_is_as_the_manifest_says() -> None:
    assets.check()
    assert manifest_of(assets.VENDOR) == assets.manifest()


def test_the_addresses_that_pages_use_name_vendored_files() -> None:
    addresses = (
        assets.MAP_SCRIPT_URL,
        assets.MAP_WORKER_URL,
        assets.MAP_STYLE_URL,
        assets.FONT_STYLE_URL,
    )
    for address in addresses:
        assert address.removeprefix(f"{assets.VENDOR_URL}/") in assets.manifest()


def test_both_packages_come_with_their_licences() -> None:
    assert {"maplibre-gl/LICENSE.txt", "noto-sans-sc/LICENSE"} <= set(assets.manifest())


def test_the_fonts_hold_the_characters_of_gb_2312_but_33_rare_ones_in_both_weights() -> None:
    style = (assets.VENDOR / "noto-sans-sc" / "noto-sans-sc.css").read_text("utf-8")
    for weight in assets.FONT_WEIGHTS:
        blocks = [block for block in style.split("@font-face") if f"weight: {weight};" in block]
        covered = {code for block in blocks for code in _codes(block)}
        assert {chr(code) for code in _gb2312() - covered} == set(RARE)


def test_style_sheets_and_scripts_name_only_files_beside_them() -> None:
    style = assets.VENDOR / "noto-sans-sc" / "noto-sans-sc.css"
    for name in re.findall(r"url\(([^)]+)\)", style.read_text("utf-8")):
        assert (style.parent / name).is_file(), name


def test_a_changed_or_absent_file_is_named_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one")
    (tmp_path / "b.js").write_text("two")
    expected = manifest_of(tmp_path)
    assert assets.faults(tmp_path, expected) == []
    (tmp_path / "a.js").write_text("other")
    (tmp_path / "b.js").unlink()
    assert assets.faults(tmp_path, expected) == ["a.js", "b.js"]
    with pytest.raises(assets.AssetsMissing, match=r"\./fengqiao"):
        assets.check(tmp_path)


def test_npm_that_fails_is_reported_in_its_own_words(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'no such registry' >&2\nexit 7\n")
    npm.chmod(0o755)
    with pytest.raises(vendoring.VendoringFailed, match="no such registry"):
        vendoring.fetch([str(npm)], tmp_path)
    assert capfd.readouterr().err == ""


def test_what_is_there_already_is_not_fetched_again(tmp_path: Path) -> None:
    assert vendoring.main(["--check"]) == 0
    assert vendoring.main(["--npm", "no-such-program", "--work", str(tmp_path)]) == 0


def test_the_lock_file_holds_integrity_and_no_address_of_a_registry() -> None:
    lock = json.loads((CHECKOUT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all("integrity" in entry and "resolved" not in entry for entry in packages.values())


def _codes(block: str) -> set[int]:
    found = re.search(r"unicode-range: ([^;]+);", block)
    assert found
    codes: set[int] = set()
    for part in found.group(1).replace("U+", "").split(","):
        first, _, last = part.partition("-")
        codes.update(range(int(first, 16), int(last or first, 16) + 1))
    return codes


def _gb2312() -> set[int]:
    """All 6,763 Chinese characters of GB/T 2312: rows 16 to 87."""
    found = set()
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:  # five cells of row 55 are empty
                continue
    assert len(found) == 6763
    return found
