import pytest

from skypicket.domain.errors import InputError
from skypicket.physics.airframes import AIRFRAMES, ASSUMED, Airframe, Span, airframe

SPANS = ("speed_mps", "amsl_m", "endurance_h", "rcs_m2", "source_db")


def spans_of(one: Airframe) -> list[Span]:
    return [span for span in (getattr(one, name) for name in SPANS) if span is not None]


@pytest.mark.parametrize("one", AIRFRAMES.values(), ids=list(AIRFRAMES))
def test_every_value_names_its_source(one: Airframe) -> None:
    for span in spans_of(one):
        assert span.source == ASSUMED or span.source.startswith("https://")


@pytest.mark.parametrize("one", AIRFRAMES.values(), ids=list(AIRFRAMES))
def test_every_span_is_ordered(one: Airframe) -> None:
    assert all(span.bounds[0] <= span.middle <= span.bounds[1] for span in spans_of(one))


def test_a_balloon_is_not_heard() -> None:
    assert airframe("balloon").signature.source_db is None


def test_an_unknown_airframe_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"'saucer'.*gerbera"):
        airframe("saucer")
