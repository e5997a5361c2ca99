"""Whatever is asked of any resource, it answers, or says in a sentence what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skypicket.testing.pictures import Shown
from skypicket.testing.scenes import Scene, a_loss, an_alarm, still_scene

RESOURCES = (
    *("tracks", "tracks/0000000000000001", "tracks/{word}", "alarms", "alarms/a1/why"),
    *("alarms/{word}/why", "incidents", "incidents/{word}", "sensors", "zones", "coverage"),
    *("alerts", "places", "system", "picture.svg", "export/picture.geojson"),
)
NAMES = st.sampled_from(
    ["limit", "offset", "state", "basis", "bbox", "level", "q", "near", "width", "theme", "colour"]
)
NUMBERS = st.one_of(st.integers(-3, 3), st.integers(), st.floats()).map(str)
VALUES = st.one_of(
    NUMBERS,
    st.lists(NUMBERS, min_size=2, max_size=4).map(",".join),
    st.sampled_from(["lost", "measured", "warning", "night", "vil", "20,54,27,56", "54.7,25.3"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)
WORDS = st.text("0123456789abcdef.~ -", min_size=1, max_size=20)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder: Path = tmp_path_factory.mktemp("asked")
    with still_scene(folder) as made:
        made.wipe()
        made.paint(Shown(key=1, callsign="LOT1"))
        made.say(an_alarm(), a_loss())
        made.parts.access.limits.count = lambda *_: None  # type: ignore[method-assign]
        yield made


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    resource=st.sampled_from(RESOURCES),
    word=WORDS,
    asked=st.lists(st.tuples(NAMES, VALUES), max_size=3),
)
def test_any_question_is_answered_or_told_its_cure(
    scene: Scene, resource: str, word: str, asked: list[tuple[str, str]]
) -> None:
    path = resource.replace("{word}", word.strip(" .") or "x")
    answer = scene.ask(f"{path}?{urlencode(asked)}")
    assert answer.status in {200, 400, 404}, answer.body
    if answer.status != 200:
        told = answer.json()
        assert told["status_code"] == answer.status
        assert len(told["detail"]) > 10
