"""Where a map file is: in a folder, or in a zip as Windows, macOS and web sites pack it."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gis.files.dbf import undeclared_encoding
from gis.files.refusing import BROKEN_ZIP, UnreadableFile
from gis.wording import Wording

SHAPEFILE = ".shp"
FORMATS = (".gpkg", SHAPEFILE, ".geojson", ".json", ".fgb")
ZIP = ".zip"
GEOJSON = (".geojson", ".json")

ENCRYPTED, NAME_IS_UTF_8 = 0x1, 0x800


@dataclass(frozen=True)
class Place:
    """One map file: where the user has it, and where it lies within that.

    `address` is its name to GDAL, `title` its name without folder and suffix, `others` the titles
    it was chosen among.
    """

    path: Path
    folder: Path | zipfile.Path
    address: str
    title: str
    others: tuple[str, ...] = ()

    @property
    def is_geojson(self) -> bool:
        return _suffix(self.address) in GEOJSON

    @property
    def is_shapefile(self) -> bool:
        return _suffix(self.address) == SHAPEFILE

    def lacks(self, suffix: str) -> bool:
        """Whether no file of this suffix lies beside it."""
        return suffix not in self._beside()

    def undeclared_encoding(self) -> str | None:
        """What a Shapefile is written in as its attributes betray, unless a .cpg tells it."""
        beside = self._beside()
        if ".cpg" in beside or ".dbf" not in beside:
            return None
        with beside[".dbf"].open("rb") as table:
            return undeclared_encoding(table)

    def _beside(self) -> dict[str, Path | zipfile.Path]:
        """The files of the same name by suffix, in small letters."""
        name = _stem(self.address)
        return {
            _suffix(each.name): each for each in self.folder.iterdir() if _stem(each.name) == name
        }


def place_of(path: Path, wanted: str | None) -> Place:
    """The map file at a path; in a zip the one called `wanted`, else the first.

    Raises UnreadableFile for formats not known and zips without a map file.
    """
    if path.suffix.lower() == ZIP:
        return _packed(path, wanted)
    if path.suffix.lower() not in FORMATS:
        reason = Wording(f"不认识的格式 {path.suffix}", f"unknown format {path.suffix}")
        known = ", ".join((*FORMATS, ZIP))
        raise UnreadableFile(path, reason, Wording(f"可用 {known}", f"use {known}"))
    return Place(path, path.parent, str(path), path.stem)


def _packed(path: Path, wanted: str | None) -> Place:
    members = {_title(member): member for member in _members(path)}
    if not members:
        reason = Wording("压缩包里没有地图文件", "the zip holds no map file")
        known = ", ".join(FORMATS)
        raise UnreadableFile(path, reason, Wording(f"放入 {known}", f"put in {known}"))
    title = wanted if wanted in members else next(iter(members))
    member = members[title]
    if member.flag_bits & ENCRYPTED:
        reason = Wording("压缩包有密码", "the zip is locked with a password")
        raise UnreadableFile(path, reason, Wording("去掉密码", "pack it without"))
    folder = member.filename[: member.filename.rfind("/") + 1]
    others = tuple(each for each in members if each != title)
    address = f"/vsizip/{path}/{member.filename}"
    return Place(path, zipfile.Path(str(path), folder), address, title, others)


def _members(path: Path) -> Sequence[zipfile.ZipInfo]:
    """The map files in a zip, GeoPackages first, then by name."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except BROKEN_ZIP as error:
        reason = Wording("不是完整的 zip", "is no whole zip")
        raise UnreadableFile(path, reason, Wording("重新打包", "pack it again")) from error
    found = [member for member in members if _is_map(PurePosixPath(member.filename))]
    return sorted(found, key=lambda each: (FORMATS.index(_suffix(each.filename)), each.filename))


def _is_map(name: PurePosixPath) -> bool:
    # macOS packs a shadow "__MACOSX/._name" of every file.
    return name.suffix.lower() in FORMATS and not name.name.startswith(".")


def _title(member: zipfile.ZipInfo) -> str:
    """The name without folder and suffix, as its packer saw it: Windows in China writes GBK."""
    stem = PurePosixPath(member.filename).stem
    if member.flag_bits & NAME_IS_UTF_8:
        return stem
    try:
        return stem.encode("cp437").decode("gbk")
    except UnicodeError:
        return stem


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _stem(name: str) -> str:
    return PurePosixPath(name).stem.casefold()
