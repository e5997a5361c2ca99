"""Why a track is shown as it is, in plain sentences."""

from collections.abc import Iterator

from skypicket.domain.times import NS_PER_S, zulu
from skypicket.domain.tracks import Track
from skypicket.engine.picture import Picture

_STATES = {
    "tentative": "It is tentative: too little speaks for it yet to call it confirmed.",
    "confirmed": "It is confirmed: enough observations speak for it, and they still come.",
    "coasting": "It is coasting: its sensors looked and saw nothing lately; its place is reckoned.",
    "lost": "It is lost: nothing has seen it for longer than the tracker's patience. It is "
    "somewhere in its area, not at one point.",
    "left": "A named person declared that it left.",
    "down": "A named person declared that it is down.",
    "never_real": "A named person declared that it was never real.",
}


def why_track(track: Track, picture: Picture, now_ns: int) -> Iterator[str]:
    """The sentences: how sure, from whom, what it means, and who declared what."""
    yield _STATES[track.state]
    yield (
        f"It is real with probability {track.existence_probability:.2f}; first seen "
        f"{zulu(track.born_ns)}, last {zulu(track.updated_ns)}."
        if track.born_ns < track.updated_ns
        else f"It is real with probability {track.existence_probability:.2f}; last seen "
        f"{zulu(track.updated_ns)}."
    )
    if track.basis == "claimed":
        yield "It rests only on what its sender says of itself; nothing has measured it."
    elif track.callsign:
        yield f"It claims to be {track.callsign!r}: a claim, which moved nothing."
    yield "Its height was measured." if track.alt_m is not None else "Nobody has told its height."
    for fed in track.contributors:
        age_s = max(0.0, (now_ns - fed.time_ns) / NS_PER_S)
        yield (
            f"{fed.sensor_id} saw it {age_s:.0f} s ago, at {zulu(fed.time_ns)} (capture sequence "
            f"{fed.sequence}, byte offset {fed.offset})."
        )
    yield from _meaning(track.track_id, picture)


def _meaning(track_id: str, picture: Picture) -> Iterator[str]:
    """The reasons of its approach, its loss and its declaration."""
    approach, loss = picture.approaches.get(track_id), picture.losses.get(track_id)
    declaration = picture.declarations.get(track_id)
    for name, noun in (("Approach", approach), ("Loss", loss)):
        if noun is not None:
            for evidence in noun.evidence:
                yield f"{name}: {evidence.sentence}"
    if declaration is not None and declaration.outcome != "lost":
        words = declaration.outcome.replace("_", " ")
        yield (
            f"{declaration.operator} declared it {words} at {zulu(declaration.time_ns)}: "
            f"{declaration.comment}"
        )
