"""The files of the page, read once at the start and kept in memory: a name leads to bytes.

Nothing is looked up on disk while the server runs, so no name can lead out of the folder.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import msgspec

MEDIA_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pbf": "application/x-protobuf",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".pmtiles": "application/vnd.pmtiles",
}
UNKNOWN_TYPE = "application/octet-stream"
_PACKED = ".gz"


class PageFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the page; `packed` is it gzipped, if that was made when the page was built."""

    name: str
    media_type: str
    body: bytes
    packed: bytes | None = None

    @property
    def etag(self) -> str:
        """A strong validator of the body."""
        return f'"{_digest(self.body)}"'

    @property
    def packed_etag(self) -> str:
        """A strong validator of the gzipped body."""
        return f'"{_digest(self.body)}-gzip"'


Shelf = Mapping[str, PageFile]


def read_shelf(folder: Path) -> Shelf:
    """Every file below the folder, by its path with slashes; empty where there is no folder.

    Hidden files, source maps and links that lead elsewhere are left out.
    """
    root = folder.resolve()
    found = {}
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        name = path.relative_to(root).as_posix()
        if not path.is_file() or path.suffix == _PACKED or _private(name):
            continue
        if not path.resolve().is_relative_to(root):
            continue
        found[name] = _read(path, name)
    return found


def _private(name: str) -> bool:
    return name.endswith(".map") or any(part.startswith(".") for part in name.split("/"))


def _read(path: Path, name: str) -> PageFile:
    packed = path.with_name(path.name + _PACKED)
    return PageFile(
        name=name,
        media_type=MEDIA_TYPES.get(path.suffix.lower(), UNKNOWN_TYPE),
        body=path.read_bytes(),
        packed=packed.read_bytes() if packed.is_file() else None,
    )


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:20]
