"""Reports of people that a lost object could have caused, written into its incident."""

from skypicket.domain.assessments import Evidence
from skypicket.domain.noun import Noun
from skypicket.domain.observations import ObservationBatch
from skypicket.geo.frame import TheatreFrame
from skypicket.incidents.cases import CaseBook, Line, Place
from skypicket.incidents.words import clock, length, roughly


def report_lines(batch: ObservationBatch, cases: CaseBook, frame: TheatreFrame) -> list[Noun]:
    """A line for each report that an open incident's object could have caused.

    What counts is when it was heard; a report that comes hours late joins all the same, with
    both times.
    """
    said: list[Noun] = []
    east, north = frame.to_plane(batch.column("lat_deg"), batch.column("lon_deg"))
    sigma_m, sigma_s = batch.column("sigma_m"), batch.column("sigma_time_s")
    for row in range(len(batch)):
        heard_ns = int(batch.time_ns[row])
        place = Place(
            heard_ns, float(east[row]), float(north[row]), float(sigma_m[row]), float(sigma_s[row])
        )
        case = cases.in_reach(place)
        if case is not None:
            speed_mps = cases.speed_needed_mps(case, place) or 0.0
            said += cases.write(case, _line(batch, row, speed_mps))
    return said


def _line(batch: ObservationBatch, row: int, speed_mps: float) -> Line:
    heard_ns = int(batch.time_ns[row])
    received_ns = batch.received_ns or heard_ns
    lat_deg, lon_deg = (float(batch.column(name)[row]) for name in ("lat_deg", "lon_deg"))
    hand = "first-hand" if batch.column("first_hand")[row] >= 0.5 else "relayed"
    text = (
        f"Heard {clock(heard_ns)}, received {clock(received_ns)}: {hand} report, "
        f"{roughly(lat_deg, lon_deg)}, ± {length(float(batch.column('sigma_m')[row]))}; the object "
        f"was there if it flew at {speed_mps * 3.6:.0f} km/h or more."
    )
    evidence = Evidence(
        sentence=text,
        sensor_id=batch.sensor_id,
        source=batch.source,
        sequence=batch.sequence,
        offset=int(batch.offset[row]),
    )
    return Line(
        what="report",
        text=text,
        time_ns=heard_ns,
        received_ns=received_ns,
        evidence=(evidence,),
        releasability=batch.releasability,
    )
