import hashlib
from importlib.resources import files

import numpy as np
import pytest

from skypicket.domain.errors import InputError
from skypicket.geo import outlines, places
from skypicket.geo.outlines import CUT, STATES, Ring

FOLDER = files("skypicket.geo") / "data"
Edge = tuple[float, float, float, float]


def edges(ring: Ring, beyond: str | None = None) -> set[Edge]:
    columns = (
        ring.lat_deg,
        ring.lon_deg,
        np.roll(ring.lat_deg, -1),
        np.roll(ring.lon_deg, -1),
    )
    rows = np.stack(columns, axis=1)
    return set(map(tuple, rows if beyond is None else rows[ring.beyond == beyond]))


def area_deg2(ring: Ring) -> float:
    x, y = ring.lon_deg, ring.lat_deg
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


@pytest.mark.parametrize("record", [outlines.provenance(), places.provenance()])
def test_the_shipped_file_is_the_one_that_its_record_names(record: dict[str, str]) -> None:
    content = (FOLDER / record["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == record["sha256"]


def test_the_record_counts_the_vertices_of_every_state() -> None:
    counted = {s: sum(len(ring.lat_deg) for ring in outlines.rings(s)) for s in STATES}
    assert counted == outlines.provenance()["vertices"]


def test_the_notice_names_both_licences_and_both_files() -> None:
    notice = (FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    for words in ("OpenStreetMap contributors", "ODbL", "GeoNames", "CC BY 4.0"):
        assert words in notice
    for record in (outlines.provenance(), places.provenance()):
        assert record["file"] in notice


def test_the_data_stay_small() -> None:
    assert sum(len((FOLDER / name).read_bytes()) for name in ("borders.npz", "places.npz")) < 2e6


@pytest.mark.parametrize("state", STATES)
def test_neighbours_share_every_edge_of_their_border(state: str) -> None:
    for neighbour in STATES:
        ours = set().union(*(edges(ring, neighbour) for ring in outlines.rings(state)))
        theirs = set().union(*(edges(ring, state) for ring in outlines.rings(neighbour)))
        assert ours == {(c, d, a, b) for a, b, c, d in theirs}


@pytest.mark.parametrize("state", STATES)
def test_no_edge_runs_twice_or_nowhere(state: str) -> None:
    rings = outlines.rings(state)
    everything = set().union(*(edges(ring) for ring in rings))
    assert len(everything) == sum(len(ring.lat_deg) for ring in rings)
    assert not any(a == c and b == d for a, b, c, d in everything)


def test_only_belarus_has_a_hole_and_it_is_a_piece_of_russia() -> None:
    holes = {s: [r for r in outlines.rings(s) if area_deg2(r) < 0] for s in STATES}
    assert {state for state, rings in holes.items() if rings} == {"BLR"}
    (hole,) = holes["BLR"]
    assert set(hole.beyond.tolist()) == {"RUS"}


def test_russia_is_kaliningrad_and_the_west_and_an_exclave() -> None:
    assert [area_deg2(ring) > 0 for ring in outlines.rings("RUS")] == [True, True, True]


def test_only_russia_is_cut() -> None:
    cut = {s for s in STATES if any(CUT in ring.beyond for ring in outlines.rings(s))}
    assert cut == {"RUS"}


def test_the_sea_and_states_that_are_not_shipped_are_named_beyond_an_edge() -> None:
    beyond = set(outlines.rings("POL")[0].beyond.tolist())
    assert beyond == {"", "BLR", "CZE", "DEU", "LTU", "RUS", "SVK", "UKR"}


def test_a_state_that_is_not_shipped_is_refused() -> None:
    with pytest.raises(InputError, match="No border of 'SWE' is shipped"):
        outlines.rings("SWE")
