"""Whatever senders and people write, the drawn picture stays XML without any script."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from skypicket.domain.tracks import TrackState, tracks_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import FRAME, an_alarm
from skypicket.web.api.system import PlaceOfTheatre, ProfileView, SystemView
from skypicket.web.svg.drawing import Drawing, DrawnTrack
from skypicket.web.svg.markup import short, words
from skypicket.web.svg.picture import svg_of
from skypicket.web.svg.view import view_of

ANY_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&'\"\x00\x1b\u202e\ud800\ufffe]]>")), max_size=30
)
PLACES = st.floats(-300_000, 300_000)


def system(name: str, text: str) -> SystemView:
    return SystemView(
        name=name,
        mode="live",
        time_ns=NIGHT_NS,
        started_ns=0,
        speed_factor=1.0,
        well=not text,
        text=text,
        behind=0,
        links=(),
        lost_messages={},
        theatre=PlaceOfTheatre(lat_deg=54.7, lon_deg=25.3),
        home="LTU",
        states=("LTU",),
        channels=(),
        attribution="© OpenStreetMap contributors (ODbL)",
        version="0",
        profile=ProfileView(time_zone="Europe/Vilnius", languages=("lt",)),
    )


def drawing(callsign: str, name: str, title: str, shown: Shown) -> Drawing:
    batch = picture(FRAME, NIGHT_NS, [shown])
    tracks = tuple(
        DrawnTrack(track=track, sigma_mps=1.0, amsl_m=track.alt_m, level="warning")
        for track in tracks_of(batch)
    )
    named = [
        DrawnTrack(
            track=type(one.track)(
                **{f: getattr(one.track, f) for f in one.track.__struct_fields__}
                | {"callsign": callsign}
            ),
            sigma_mps=1.0,
            amsl_m=None,
        )
        for one in tracks
    ]
    return Drawing(
        view=view_of((24.0, 54.0, 27.0, 56.0), 480, 320),
        theme="day",
        system=system(name, title),
        stale_s=0.0,
        tracks=(*tracks, *named),
        alarms=(an_alarm(title=title),),
        empty=title,
    )


@given(
    callsign=ANY_TEXT,
    name=ANY_TEXT,
    title=ANY_TEXT,
    east_m=PLACES,
    north_m=PLACES,
    state=st.sampled_from(list(TrackState)),
)
def test_any_words_make_a_well_formed_picture_of_shapes_and_text(
    callsign: str, name: str, title: str, east_m: float, north_m: float, state: TrackState
) -> None:
    shown = Shown(key=1, east_m=east_m, north_m=north_m, state=state)
    body = svg_of(drawing(callsign, name, title, shown))
    root = ElementTree.fromstring(body)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "g", "path", "rect", "circle", "ellipse", "text", "title"}
    assert b"NaN" not in body.split(b"<title>")[0]


@given(ANY_TEXT)
def test_any_words_are_one_piece_of_text(said: str) -> None:
    element = ElementTree.fromstring(f"<t>{words(said)}</t>")
    assert len(element) == 0


@given(st.floats(-1e9, 1e9))
def test_a_short_number_is_the_number_to_a_tenth(number: float) -> None:
    assert abs(float(short(number)) - number) <= 0.05 + 1e-6 * abs(number)
