"""Fetch what pages need from npm, by lock, and lay the few files we serve beside ours.

Run by ./fengqiao, which also finds an npm. Versions and integrity are those of package-lock.json;
the outcome must be, byte for byte, what `vendor.sha256` says. Only the standard library is used.

    python -m maps.vendoring --check                    exit 1 when something is to be fetched
    python -m maps.vendoring --npm npm --work FOLDER    fetch, lay out, compare
    python -m maps.vendoring … --accept                 write the manifest anew (after an upgrade)
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from maps.assets import FONT_WEIGHTS, MANIFEST, VENDOR, AssetsMissing, digest, faults

CHECKOUT = Path(__file__).parents[1]
LOCKED = ("package.json", "package-lock.json")
QUIET = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
)

MAP = "maplibre-gl"
MAP_FILES = (
    "dist/maplibre-gl.mjs",
    "dist/maplibre-gl-shared.mjs",
    "dist/maplibre-gl-worker.mjs",
    "dist/maplibre-gl.css",
    "LICENSE.txt",
)
FONT = "@fontsource/noto-sans-sc"
FONT_URL = re.compile(r"url\(\./(files/[\w-]+\.woff2)\)")
OLD_FORMAT = re.compile(r", url\([^)]*\.woff\) format\('woff'\)")


class VendoringFailed(RuntimeError):
    """npm could not bring the packages; the message carries its last words."""


def fetch(npm: Sequence[str], folder: Path) -> Path:
    """Install the locked packages into `folder`; return its node_modules."""
    for name in LOCKED:
        shutil.copy(CHECKOUT / name, folder)
    command = [*npm, "ci", "--cache", str(folder / "cache"), *QUIET]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - found by ./fengqiao
    if done.returncode != 0:
        raise VendoringFailed(
            f"npm 未能取得组件,检查网络或 npm 镜像设置 / npm could not fetch the packages, "
            f"check the network or npm's registry setting\n{done.stderr.strip()[-2000:]}"
        )
    return folder / "node_modules"


def lay_out(modules: Path, target: Path) -> None:
    """Replace `target` by the files we serve, with their licences."""
    shutil.rmtree(target, ignore_errors=True)
    for name in MAP_FILES:
        _copy(modules / MAP / name, target / MAP / Path(name).name)
    _lay_out_font(modules / FONT, target / Path(FONT).name)


def _lay_out_font(package: Path, target: Path) -> None:
    """All subsets of two weights, so that no Chinese character is missing, and one style sheet.

    A browser loads only the subsets whose characters a page shows.
    """
    sheets = [(package / f"{weight}.css").read_text("utf-8") for weight in FONT_WEIGHTS]
    style = OLD_FORMAT.sub("", "\n".join(sheets))
    for name in FONT_URL.findall(style):
        _copy(package / name, target / name)
    (target / "noto-sans-sc.css").write_text(style, "utf-8")
    _copy(package / "LICENSE", target / "LICENSE")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def written_manifest(folder: Path) -> str:
    """The manifest that would describe the folder as it is."""
    return "".join(f"{digest(folder / name)}  {name}\n" for name in sorted(_names(folder)))


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def vendor(npm: Sequence[str], work: Path, *, accept: bool = False) -> None:
    """Fetch and lay out; raise AssetsMissing when the outcome is not what the manifest says."""
    with tempfile.TemporaryDirectory(dir=work, prefix="vendoring-") as folder:
        lay_out(fetch(npm, Path(folder)), VENDOR)
    if accept:
        MANIFEST.write_text(written_manifest(VENDOR), "utf-8")
    if wrong := faults():
        raise AssetsMissing(wrong)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="maps.vendoring", description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--npm", nargs="+", default=["npm"])
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args(arguments)
    if asked.check:
        return int(bool(faults()))
    if not asked.accept and not faults():  # another start fetched them while we waited
        return 0
    try:
        vendor(asked.npm, asked.work, accept=asked.accept)
    except (VendoringFailed, AssetsMissing, OSError) as error:
        sys.stderr.write(f"fengqiao: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
