"""Photos that registers name: files of one folder, shrunk and stripped before a browser gets them.

The folder is ``COCKPIT_PHOTOS``, or ``photos`` beside the store. A register gives the plain name of a
file in it, never a path; whatever is no picture says so instead of being shown.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath

from PIL import Image, ImageOps

from data.snapshot import store_folder
from ui.basemap import static_address
from ui.text import clipped

ENDINGS = (".jpg", ".jpeg", ".png", ".webp")
MOST_BYTES = 40_000_000
WIDEST_PX = 1280
MOST_KEPT = 200
"""Shrunk photos that stay: before and after of every street, and those of earlier registers."""
_QUALITY = 82
MISSING = "照片未提供"


@dataclass(frozen=True)
class Photo:
    """A photo's address relative to the page, or why there is none to show."""

    address: str | None = None
    refusal: str = ""


def photo_folder() -> Path:
    """Where registers' photos lie."""
    named = os.environ.get("COCKPIT_PHOTOS")
    return Path(named).expanduser().absolute() if named else store_folder().parent / "photos"


def photo(name: str | None) -> Photo:
    """The photo of that name in the folder; why not, where there is none to show."""
    if not name:
        return Photo(refusal=MISSING)
    told = f"“{clipped(name, 40)}”"
    if name != PurePosixPath(name).name or name != PureWindowsPath(name).name:
        return Photo(refusal=f"{MISSING}：{told}须只是文件名，不含路径")
    path = photo_folder() / name
    if path.suffix.lower() not in ENDINGS:
        return Photo(refusal=f"{MISSING}：{told}不是 JPG、PNG 或 WebP 照片")
    try:
        found = path.stat()
    except (OSError, ValueError):  # not there, or a name that no file can have
        return Photo(refusal=f"{MISSING}：照片文件夹中没有{told}")
    # A link could lead out of the folder after all.
    if path.is_symlink() or not path.is_file():
        return Photo(refusal=f"{MISSING}：{told}不是照片文件")
    if found.st_size > MOST_BYTES:
        return Photo(refusal=f"{MISSING}：{told}超过 {MOST_BYTES // 1_000_000} MB")
    return _shrunk(path, found.st_mtime_ns, found.st_size)


def before_and_after(before: str | None, after: str | None) -> dict[str, Photo]:
    """The photos of before and after the works by their captions; none where neither is registered."""
    if not before and not after:
        return {}
    return {"改造前": photo(before), "改造后": photo(after)}


@lru_cache(maxsize=MOST_KEPT)
def _shrunk(path: Path, _changed_ns: int, _bytes: int) -> Photo:
    """The photo upright, no wider than shown, without what a camera writes into it (place, time)."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            # Far smaller at once, where the file allows it.
            image.draft("RGB", (WIDEST_PX, WIDEST_PX))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Photo(refusal=f"{MISSING}：“{clipped(path.name, 40)}”打不开，文件可能已损坏")
    upright.thumbnail((WIDEST_PX, WIDEST_PX))
    made = BytesIO()
    upright.save(made, "JPEG", quality=_QUALITY, exif=b"")
    return Photo(static_address("photo", "jpg", made.getvalue(), MOST_KEPT))


def side_by_side_html(shown: Mapping[str, Photo], what: str) -> str:
    """Photos by their captions beside one another; in place of one that is missing, why."""
    parts = "".join(
        f"<figure>{_image_html(one, f'{what} {word}')}<figcaption>{escape(word)}</figcaption></figure>"
        for word, one in shown.items()
    )
    return f'<div class="photos">{parts}</div>'


def _image_html(one: Photo, alt: str) -> str:
    if one.address is None:
        return f'<p class="empty">{escape(one.refusal)}</p>'
    return f'<img src="{escape(one.address, quote=True)}" alt="{escape(alt, quote=True)}"/>'
