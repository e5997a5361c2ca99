"""From the bytes of a radar to observations: one turn, encoded as ASTERIX and read again."""

import numpy as np

from skypicket import formats
from skypicket.domain.contracts import Entry, SourceDescription
from skypicket.domain.observations import batch_of, rows_of
from skypicket.domain.sensors import Sensor, with_defaults
from skypicket.domain.times import NS_PER_S, parse_time, zulu

START_NS = parse_time("2025-07-28T01:56:00Z")

# A made-up site. An ASTERIX radar is called by its two codes, SAC/SIC.
radar = with_defaults(Sensor(id="25/1", kind="radar", lat_deg=54.7, lon_deg=25.3))
asterix = formats.load("asterix")


def turn(number: int) -> list[bytes]:
    """What the radar would send for one turn of four seconds with three plots."""
    start_ns = START_NS + 4 * number * NS_PER_S
    plots = batch_of(
        "range_azimuth",
        radar.id,
        start_ns + np.array([1, 2, 3]) * NS_PER_S,
        {
            "range_m": [31_000.0, 18_500.0, 64_200.0],
            "azimuth_deg": [88.0, 190.5, 301.2],
            "sigma_range_m": [50.0, 50.0, 50.0],
            "sigma_azimuth_deg": [0.15, 0.15, 0.15],
        },
    )
    return [message.payload for message in asterix.encode(plots, radar)]


def main() -> None:
    """Decode three turns, and print what was seen and what was refused."""
    source = SourceDescription(source="radar-east", sensors={radar.id: radar})
    decoder = asterix.decoder(source)
    payloads = [payload for number in range(3) for payload in turn(number)]
    for sequence, payload in enumerate(payloads, start=1):
        entry = Entry(
            sequence=sequence,
            kind="message",
            source=source.source,
            received_ns=START_NS + 4 * sequence * NS_PER_S,
            payload=payload,
        )
        decoding = decoder.decode(entry)
        for batch in decoding.batches:
            for row in rows_of(batch):
                range_km = row.values["range_m"] / 1000
                azimuth_deg = row.values["azimuth_deg"]
                print(f"{zulu(row.time_ns)} {row.sensor_id} {range_km:5.1f} km {azimuth_deg:5.1f}°")
        for reject in decoding.rejects:
            print(f"reject {reject.reason} at byte {reject.offset}: {reject.detail}")


if __name__ == "__main__":
    main()
