"""`skypicket track`: the contract's columns, the exit codes, the two kinds of file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skypicket.cli import main
from skypicket.geo.frame import TheatreFrame

COLUMNS = [
    "time_ns",
    "track_id",
    "lat_deg",
    "lon_deg",
    "alt_m",
    "east_mps",
    "north_mps",
    "up_mps",
    "sigma_east_m",
    "sigma_north_m",
    "existence_probability",
    "state",
]
SENSORS = """
[[sensors]]
id = "R1"
kind = "radar"
lat_deg = 55.0
lon_deg = 24.0
max_range_m = 30_000
period_s = 2
sigma_m = 40
false_alarms_per_scan = 5
detection = { model = "constant", probability = 0.9 }
"""
START_NS = 1_753_667_760_000_000_000
SCANS = 20


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with plots.jsonl (one object, 45 m/s north-east, and noise) and SENSORS.toml."""
    chance = np.random.default_rng(8)
    lines = []
    for turn in range(SCANS):
        places = [(4_000.0 + 64.0 * turn, -3_000.0 + 64.0 * turn)]
        places += chance.uniform(-15_000, 15_000, (2, 2)).tolist()
        lat, lon = TheatreFrame(55.0, 24.0).to_geodetic(*np.array(places).T)
        for lat_deg, lon_deg in zip(lat.tolist(), lon.tolist(), strict=True):
            row = {
                "kind": "position",
                "sensor_id": "R1",
                "time_ns": START_NS + turn * 2_000_000_001,
            }
            lines.append(json.dumps(row | {"lat_deg": lat_deg, "lon_deg": lon_deg, "sigma_m": 40}))
    (tmp_path / "plots.jsonl").write_text("\n".join(lines) + "\n")
    (tmp_path / "SENSORS.toml").write_text(SENSORS)
    return tmp_path


def track(folder: Path, *words: str, out: str = "tracks.jsonl") -> int:
    with pytest.raises(SystemExit) as ended:
        main(
            ["track", str(folder / "plots.jsonl"), "--sensors", str(folder / "SENSORS.toml"),
             "--out", str(folder / out), *words]
        )  # fmt: skip
    assert isinstance(ended.value.code, int)
    return ended.value.code


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "tracks.jsonl").read_text().splitlines()]


def test_each_row_has_exactly_the_columns_of_the_contract(files: Path) -> None:
    assert track(files) == 0
    assert [list(row) for row in rows(files)] == [COLUMNS] * len(rows(files))


def test_there_is_one_row_per_track_and_scan_at_the_very_time_of_the_scan(files: Path) -> None:
    track(files)
    found = [(row["time_ns"], row["track_id"]) for row in rows(files)]
    assert len(found) == len(set(found))
    times = {START_NS + turn * 2_000_000_001 for turn in range(SCANS)}
    assert {time_ns for time_ns, _ in found} <= times
    assert len(found) >= SCANS - 3


def test_the_track_is_where_the_object_is(files: Path) -> None:
    track(files)
    last = rows(files)[-1]
    east_m, north_m = TheatreFrame(55.0, 24.0).to_plane(last["lat_deg"], last["lon_deg"])
    assert np.hypot(east_m - 5_216.0, north_m + 1_784.0) < 60.0
    assert last["state"] in ("confirmed", "coasting")
    assert last["alt_m"] is None


def test_parquet_holds_the_same_rows(files: Path) -> None:
    track(files)
    track(files, out="tracks.parquet")
    table = pq.read_table(files / "tracks.parquet")
    assert table.column_names == COLUMNS
    assert table.to_pylist() == rows(files)


def test_parquet_goes_in_as_well(files: Path) -> None:
    track(files)
    expected = rows(files)
    lines = [json.loads(line) for line in (files / "plots.jsonl").read_text().splitlines()]
    pq.write_table(pa.Table.from_pylist(lines), files / "plots.jsonl")
    assert track(files) == 0
    assert rows(files) == expected


def test_the_summary_is_json_for_machines(
    files: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    track(files, "--json")
    said = json.loads(capfdbinary.readouterr().out)
    assert (said["scans"], said["rejected"]) == (SCANS, 0)
    assert said["rows"] == len(rows(files))


def test_a_bad_row_is_told_and_the_others_are_used(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (files / "plots.jsonl").open("a") as file:
        file.write('{"kind":"position"\n')
    assert track(files) == 1
    assert len(rows(files)) >= SCANS - 3
    assert json.loads(capfd.readouterr().err.splitlines()[0])["noun"] == "Reject"


def test_a_file_without_any_good_row_is_bad_input(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (files / "plots.jsonl").write_text("not an observation\n")
    assert track(files) == 3
    assert "plots.jsonl" in capfd.readouterr().err


def test_a_file_that_is_not_there_is_bad_input(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (files / "plots.jsonl").unlink()
    assert track(files) == 3
    assert capfd.readouterr().err.count("\n") == 1


def test_an_unknown_suffix_is_wrong_usage(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert track(files, out="tracks.csv") == 2
    assert ".parquet" in capfd.readouterr().err


def test_an_out_that_cannot_be_written_is_bad_input(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert track(files, out="nowhere/tracks.jsonl") == 3
    assert "nowhere" in capfd.readouterr().err


def test_two_radars_that_differ_are_told_of_on_stderr(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows_ = [json.loads(line) for line in (files / "plots.jsonl").read_text().splitlines()]
    shifted = [
        row
        | {"sensor_id": "R2", "time_ns": row["time_ns"] + 10**9, "lat_deg": row["lat_deg"] + 1e-3}
        for row in rows_
    ]
    lines = [json.dumps(row) for row in rows_ + shifted]
    (files / "plots.jsonl").write_text("\n".join(lines) + "\n")
    (files / "SENSORS.toml").write_text(SENSORS + SENSORS.replace('"R1"', '"R2"'))
    assert track(files) == 0
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["R1", "R2"]
    assert all("put right by" in line for line in told)
    assert track(files, "--json") == 0
    summary = json.loads(capsys.readouterr().out)
    assert [one["sensor_id"] for one in summary["registrations"]] == ["R1", "R2"]
    assert summary["registrations"][0]["comparison_count"] > 5


def test_one_radar_is_told_nothing_of(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert track(files) == 0
    assert capsys.readouterr().err == ""
