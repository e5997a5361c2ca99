"""The first entry of every capture: with what settings, code and borders it was made."""

from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

import msgspec

from skypicket.domain.codec import to_json
from skypicket.engine.settings import Settings


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a replay must know besides the messages.

    Attributes:
        settings: the settings, with every default filled in.
        code_version: the version of Skypicket.
        borders_sha256: the hash of the shipped borders.
    """

    settings: Settings
    code_version: str
    borders_sha256: str


@cache
def borders_sha256() -> str:
    """SHA-256 of the shipped border files, in hexadecimal."""
    digest = sha256()
    folder = resources.files("skypicket.geo") / "data"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.is_file() and not file.name.endswith((".md", ".py")):
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def configuration_payload(settings: Settings) -> bytes:
    """The payload of a configuration entry: the same bytes for the same settings and code.

    The scenario is left out: what a night's objects truly did is no input of the system.
    """
    told = Configuration(
        settings=msgspec.structs.replace(settings, scenario={}),
        code_version=version("skypicket"),
        borders_sha256=borders_sha256(),
    )
    return to_json(told)
