"""Runs inside libasterix's own environment: blocks in as JSON lines, their records out.

    {"category": 48, "edition": "1.32", "block": "3000…"}  →  {"records": […], "same": true}

A quantity is said as [value, unit]. `same` says whether libasterix writes the same octets again.
"""

import json
import sys
from typing import Any

from asterix import base, generated


def value_of(variation: Any) -> Any:
    match variation:
        case base.Element():
            return content_of(variation._get_rule()._get_content())
        case base.Repetitive():
            return [value_of(part) for part in variation._get_list()]
        case base.Explicit():
            return variation.get_bytes().hex()
    found = {name: variation._get_item(name) for name in variation.cv_items_dict}
    return {name: item_of(item) for name, item in found.items() if item is not None}


def content_of(content: Any) -> Any:
    match content:
        case base.ContentString():
            return content.as_string()
        case base.ContentInteger():
            return content.as_integer()
        case base.ContentQuantity():
            return [content._as_quantity(), content.cv_unit]
    return content.as_uint()


def item_of(item: Any) -> Any:
    while not isinstance(item, base.Variation):
        item = item.variation if hasattr(item, "variation") else item.arg
    return value_of(item)


def read(category: int, edition: str, block: bytes) -> dict[str, Any]:
    spec = getattr(generated, f"Cat_{category:03d}_{edition.replace('.', '_')}")
    blocks = base.RawDatablock.parse(base.Bits.from_bytes(block))
    if isinstance(blocks, ValueError):
        return {"error": str(blocks)}
    records = spec.cv_uap.parse(blocks[0].get_raw_records())
    if isinstance(records, ValueError):
        return {"error": str(records)}
    said = [
        {name: item_of(item) for name, item in record.items_regular.items()} for record in records
    ]
    return {"records": said, "same": spec.create(records).unparse().to_bytes() == block}


for line in sys.stdin:
    asked = json.loads(line)
    answer = read(asked["category"], asked["edition"], bytes.fromhex(asked["block"]))
    sys.stdout.write(json.dumps(answer) + "\n")
