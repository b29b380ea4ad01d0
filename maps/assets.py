"""Scripts, styles and fonts of others that our pages need: where they lie and under which URL.

They are vendored from npm by `maps.vendoring` and served by ourselves; no page asks the network.
`vendor.sha256` names every file with its digest, in the format of `sha256sum --check`.
"""

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/static"
VENDOR = STATIC / "vendor"
VENDOR_URL = f"{STATIC_URL}/vendor"
MANIFEST = Path(__file__).with_name("vendor.sha256")

COMMON_URL = f"{STATIC_URL}/common"

MAP_SCRIPT_URL = f"{VENDOR_URL}/maplibre-gl/maplibre-gl.mjs"
MAP_WORKER_URL = f"{VENDOR_URL}/maplibre-gl/maplibre-gl-worker.mjs"
MAP_STYLE_URL = f"{VENDOR_URL}/maplibre-gl/maplibre-gl.css"
FONT_STYLE_URL = f"{VENDOR_URL}/noto-sans-sc/noto-sans-sc.css"
FONT_FAMILY = "Noto Sans SC"
FONT_WEIGHTS = (400, 700)


def modules(folder: str) -> list[str]:
    """URLs of all modules in a folder of ours."""
    return [f"{STATIC_URL}/{folder}/{path.name}" for path in sorted((STATIC / folder).glob("*.js"))]


class AssetsMissing(RuntimeError):
    """Vendored files are absent or not the ones the manifest names."""

    def __init__(self, files: list[str]) -> None:
        shown = ", ".join(files[:3]) + (" …" if len(files) > 3 else "")  # noqa: PLR2004 - a taste
        super().__init__(
            f"页面组件缺失或已变({len(files)} 个:{shown}) / page assets are missing or changed. "
            "处理 / Mend: ./fengqiao demo (联网一次 / once with a network)"
        )
        self.files = files


def manifest(path: Path = MANIFEST) -> dict[str, str]:
    """File name under the vendor folder → SHA-256 in hexadecimal."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def faults(folder: Path = VENDOR, expected: dict[str, str] | None = None) -> list[str]:
    """Names of the files that are absent or not as the manifest says; empty when all is right."""
    wanted = manifest() if expected is None else expected
    return [
        name
        for name, wanted_digest in wanted.items()
        if not (folder / name).is_file() or digest(folder / name) != wanted_digest
    ]


def check(folder: Path = VENDOR) -> None:
    """Raise AssetsMissing unless every vendored file is as the manifest says."""
    if wrong := faults(folder):
        raise AssetsMissing(wrong)
