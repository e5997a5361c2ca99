from typing import Any

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skypicket import formats
from skypicket.domain.contracts import Decoding, Entry, SourceDescription
from skypicket.domain.observations import COLUMNS, ObservationBatch, SweptInterval, batch_of
from skypicket.domain.sensors import Sensor
from skypicket.formats.observation_parquet import to_parquet
from skypicket.formats.observation_table import KINDS, bounds_of
from skypicket.formats.readsb_aircraft import NACP_EPU_M, RAYLEIGH_95
from skypicket.testing.builders import NIGHT_NS

SENSOR = Sensor(id="S1", kind="adsb", lat_deg=54.7, lon_deg=25.3)
words = st.text(st.characters(categories=("L", "N", "P")), max_size=8)


def decoded(name: str, payload: bytes, **options: Any) -> Decoding:
    source = SourceDescription(source="S1", sensors={}, options=options)
    entry = Entry(sequence=0, kind="message", source="", received_ns=0, payload=payload)
    decoding = formats.load(name).decoder(source).decode(entry)
    assert decoding.rejects == ()
    return decoding


def numbers(name: str, count: int) -> st.SearchStrategy[list[float]]:
    low, high = bounds_of(name)
    if name in {"azimuth_deg", "course_deg"}:
        low, high = 0.0, np.nextafter(360.0, 0.0)
    if name == "first_hand":
        return st.lists(st.sampled_from([0.0, 1.0]), min_size=count, max_size=count)
    one = st.floats(max(low, -1e7), min(high, 1e7))
    return st.lists(one, min_size=count, max_size=count)


@st.composite
def batches(draw: st.DrawFn) -> ObservationBatch:
    """Any scan of any kind with at least one row, as far as observation lines can say it."""
    kind = draw(st.sampled_from(KINDS))
    count = draw(st.integers(1, 4))
    names = [*COLUMNS[kind].required, *draw(st.sets(st.sampled_from(COLUMNS[kind].optional)))]
    columns = {name: draw(numbers(name, count)) for name in names}
    claimed = {"class": draw(st.lists(words, min_size=count, max_size=count))}
    return batch_of(
        kind,
        "S1",
        np.full(count, draw(st.integers(0, 2**62))),
        columns,
        claims={name: np.array(said) for name, said in claimed.items() if any(said)},
        simulated=draw(st.booleans()),
    )


def content(batch: ObservationBatch) -> tuple[object, ...]:
    tables = (
        {n: t[n].tolist() for n in sorted(t) if n != "offset"}
        for t in (batch.columns, batch.claims)
    )
    return (batch.kind, batch.sensor_id, batch.simulated, *tables)


@given(batch=batches())
def test_an_observation_batch_comes_back_from_lines_exactly(batch: ObservationBatch) -> None:
    (message,) = formats.load("observations").encode(batch, SENSOR)
    (back,) = decoded("observations", message.payload).batches
    assert content(back) == content(batch)


@given(batch=batches())
def test_an_observation_batch_comes_back_from_parquet_exactly(batch: ObservationBatch) -> None:
    (back,) = decoded("observations", to_parquet([batch]), parquet=True).batches
    assert content(back) == content(batch)


@st.composite
def aircraft(draw: st.DrawFn) -> ObservationBatch:
    """Any batch of aircraft positions."""
    count = draw(st.integers(1, 4))

    def column(low: float, high: float) -> list[float]:
        one = st.floats(low, high) | st.just(float("nan"))
        return draw(st.lists(one, min_size=count, max_size=count))

    def place(bound: float) -> list[float]:
        return draw(st.lists(st.floats(-bound, bound), min_size=count, max_size=count))

    sigmas = st.sampled_from([0.5, 4.0, 12.3, 100.0, 5_000.0])
    ages = st.lists(st.integers(0, 60_000), min_size=count, max_size=count)
    address = st.text("0123456789abcdef", min_size=6, max_size=6)
    return batch_of(
        "self_report",
        "S1",
        NIGHT_NS - np.array(draw(ages)) * 1_000_000,
        {
            "lat_deg": place(90),
            "lon_deg": place(180),
            "sigma_m": draw(st.lists(sigmas, min_size=count, max_size=count)),
            "alt_m": column(-400, 20_000),
            "pressure_alt_m": column(-400, 20_000),
            "east_mps": column(-300, 300),
            "north_mps": column(-300, 300),
            "up_mps": column(-50, 50),
        },
        claims={"icao24": np.array(draw(st.lists(address, min_size=count, max_size=count)))},
    )


@given(batch=aircraft())
def test_aircraft_come_back_from_readsb_within_its_rounding(batch: ObservationBatch) -> None:
    (message,) = formats.load("readsb-json").encode(batch, SENSOR)
    (back,) = decoded("readsb-json", message.payload).batches
    assert back.claims["icao24"].tolist() == batch.claims["icao24"].tolist()
    assert np.abs(back.time_ns - batch.time_ns).max() <= 500_000
    both = ~np.isnan(batch.column("east_mps") + batch.column("north_mps"))
    rounding = {"lat_deg": 6e-7, "lon_deg": 6e-7, "alt_m": 0.16, "pressure_alt_m": 0.16}
    rounding |= {"up_mps": 0.0026}
    for name, error in rounding.items():
        np.testing.assert_allclose(back.column(name), batch.column(name), rtol=0, atol=error)
    for name in ("east_mps", "north_mps"):
        kept = np.where(both, batch.column(name), np.nan)
        np.testing.assert_allclose(back.column(name), kept, rtol=0, atol=0.1)
    assert (back.columns["sigma_m"] >= batch.columns["sigma_m"] * (1 - 1e-9)).all()
    assert np.isin(back.columns["sigma_m"].round(9), (NACP_EPU_M / RAYLEIGH_95).round(9)).all()


@given(batch=aircraft())
def test_what_came_through_readsb_once_comes_through_again_unchanged(
    batch: ObservationBatch,
) -> None:
    chosen = formats.load("readsb-json")
    (first,) = chosen.encode(batch, SENSOR)
    (back,) = decoded("readsb-json", first.payload).batches
    (second,) = chosen.encode(back, SENSOR)
    assert msgspec.json.decode(second.payload) == msgspec.json.decode(first.payload)


@given(
    azimuth=st.none() | st.floats(0, 360),
    snr=st.none() | st.floats(-200, 200),
    interval=st.none() | st.tuples(st.integers(0, 2**61), st.integers(0, 2**61)),
    simulated=st.booleans(),
)
def test_what_a_node_heard_comes_back_exactly(
    azimuth: float | None, snr: float | None, interval: tuple[int, int] | None, simulated: bool
) -> None:
    columns = {} if snr is None else {"snr_db": [snr]}
    if azimuth is not None:
        columns |= {"azimuth_deg": [azimuth], "sigma_deg": [5.0]}
    swept = None if interval is None else SweptInterval(from_ns=min(interval), to_ns=max(interval))
    batch = batch_of(
        "presence" if azimuth is None else "bearing",
        "S1",
        np.array([NIGHT_NS]),
        columns,
        swept=swept,
        simulated=simulated,
    )
    (message,) = formats.load("acoustic").encode(batch, SENSOR)
    (back,) = decoded("acoustic", message.payload).batches
    assert (content(back), back.swept) == (content(batch), swept)
