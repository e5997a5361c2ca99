"""Blocks of every edition with the values that libasterix 0.36.3 read in them, in SI units."""

import json
from pathlib import Path
from typing import Any

import pytest

from skypicket.formats.asterix import records
from skypicket.formats.asterix.compose import compose

BLOCKS = [
    json.loads(line)
    for line in Path(__file__).with_name("blocks.jsonl").read_text("utf-8").splitlines()
]


def flat(value: Any, path: str = "") -> dict[str, Any]:
    match value:
        case dict():
            pairs = [(str(name), below) for name, below in value.items()]
        case list():
            pairs = [(str(place), below) for place, below in enumerate(value)]
        case _:
            return {path: value}
    return {k: v for name, below in pairs for k, v in flat(below, f"{path}/{name}").items()}


@pytest.mark.parametrize("said", BLOCKS, ids=lambda b: f"{b['category']:03d}-{b['edition']}")
def test_a_golden_block_is_read_to_the_values_of_another_decoder(said: dict[str, Any]) -> None:
    found = records(bytes.fromhex(said["block"]), {f"{said['category']:03d}": said["edition"]})
    assert flat([record["items"] for record in found]) == pytest.approx(flat(said["items"]))


@pytest.mark.parametrize("said", BLOCKS, ids=lambda b: f"{b['category']:03d}-{b['edition']}")
def test_a_golden_block_is_written_from_those_values(said: dict[str, Any]) -> None:
    assert compose(said["category"], said["items"], said["edition"]).hex() == said["block"]
