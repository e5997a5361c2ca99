from typing import Any

import numpy as np

from skypicket.domain.observations import ObservationBatch, batch_of
from skypicket.domain.times import NS_PER_S
from skypicket.engine.picture import REPORTS_KEPT_NS
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.scenes import Scene, an_alarm

MINUTE = 60 * NS_PER_S


def sighting(sequence: int, heard_ns: int, received_ns: int, **more: Any) -> ObservationBatch:
    columns = {
        "lat_deg": [54.7],
        "lon_deg": [25.3],
        "sigma_m": [1_000.0],
        "sigma_time_s": [60.0],
        "first_hand": [1.0],
    }
    fields = {"received_ns": received_ns, "sequence": sequence, "source": "reports"}
    times = np.array([heard_ns])
    return batch_of("sighting", "desk", times, columns | more, **fields)


def reports(scene: Scene) -> Any:
    return scene.get("reports")["items"]


def test_reports_stand_in_the_order_in_which_they_were_heard(scene: Scene) -> None:
    scene.say(
        sighting(7, NIGHT_NS, NIGHT_NS + MINUTE),
        sighting(9, NIGHT_NS - 30 * MINUTE, NIGHT_NS + 90 * MINUTE, first_hand=[0.0]),
    )
    found = reports(scene)
    assert [one["report_id"] for one in found] == ["9-0", "7-0"]
    assert [one["first_hand"] for one in found] == [False, True]
    assert found[0]["received_ns"] - found[0]["heard_ns"] == 120 * MINUTE


def test_a_report_has_an_area_and_no_words(scene: Scene) -> None:
    scene.say(sighting(7, NIGHT_NS + 12 * NS_PER_S, NIGHT_NS))
    (found,) = reports(scene)
    assert round(found["radius_m"]) == 2_448
    assert found["heard_ns"] % MINUTE == 0
    assert not {"text", "contact", "name"} & found.keys()


def test_a_report_is_shown_for_six_hours(scene: Scene) -> None:
    picture = scene.runtime.picture
    picture.remember(sighting(7, NIGHT_NS, NIGHT_NS))
    picture.remember(an_alarm("later", time_ns=NIGHT_NS + REPORTS_KEPT_NS + NS_PER_S))
    assert not picture.reports


def test_no_partner_is_told_of_reports(scene: Scene) -> None:
    scene.say(sighting(7, NIGHT_NS, NIGHT_NS))
    assert scene.of("partner").get("/api/v1/reports").status == 403
