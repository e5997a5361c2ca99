"""The sentences that an assessment rests on, and where the bytes behind them lie."""

import numpy as np

from skypicket.assessment.sources import Sources
from skypicket.assessment.table import Rows
from skypicket.domain.assessments import Evidence
from skypicket.domain.times import zulu

MOST_SENSORS = 4  # named in one assessment, the newest first


def by_rule(rule: str, sentence: str) -> Evidence:
    """Evidence that is a rule or a computation."""
    return Evidence(sentence=sentence, rule=rule)


def by_sensors(row: Rows, sensors: list[str], sources: Sources) -> tuple[Evidence, ...]:
    """Which sensors fed the track of `row`, newest first, down to source, sequence and offset."""
    order = np.flatnonzero(row["c_sensor"] >= 0)[:MOST_SENSORS]
    found = []
    for i in order:
        sensor, sequence = sensors[int(row["c_sensor"][i])], int(row["c_sequence"][i])
        found.append(
            Evidence(
                sentence=f"Sensor {sensor} saw it last at {zulu(int(row['c_time'][i]))}.",
                sensor_id=sensor,
                source=sources.of(sensor, sequence),
                sequence=sequence,
                offset=int(row["c_offset"][i]),
            )
        )
    return tuple(found)


def height_sentence(row: Rows, ceiling_amsl_m: float) -> str:
    """What is known of the height, and how it counts."""
    if np.isnan(row["amsl"]):
        return "Its height is not measured and counts as low."
    side = "above" if row["high"] else "not surely above"
    return (
        f"Measured height {float(row['amsl']):.0f} m above sea level "
        f"(± {2 * float(row['s_up']):.0f} m): {side} the ceiling of {ceiling_amsl_m:.0f} m."
    )


def motion_sentence(row: Rows) -> str:
    """Course and speed as they were measured last."""
    speed = np.hypot(float(row["v_east"]), float(row["v_north"]))
    return (
        f"Course {course_deg(row):.0f}°, {speed * 3.6:.0f} km/h, "
        f"P(real) {float(row['exist_seen']):.2f}."
    )


def course_deg(row: Rows) -> float:
    """The true direction of motion, clockwise from north, in [0, 360)."""
    plane = np.degrees(np.arctan2(float(row["v_east"]), float(row["v_north"])))
    return float((plane + float(row["turn"])) % 360.0)
