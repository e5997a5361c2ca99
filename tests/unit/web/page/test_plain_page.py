import re
from typing import Any

import msgspec
import pytest

from skypicket.domain.incidents import Alarm
from skypicket.domain.tracks import Basis, TrackState, tracks_of
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.web.api.system import PlaceOfTheatre, ProfileView, SystemView
from skypicket.web.page.plain import plain_page
from skypicket.web.page.plain_rows import Listed, urgent_first, urgent_tracks
from skypicket.web.page.plain_words import LANGUAGES, words_of

FRAME = TheatreFrame(54.7, 25.3)


def system(**more: Any) -> SystemView:
    usual = SystemView(
        name="east",
        mode="simulation",
        time_ns=NIGHT_NS,
        started_ns=NIGHT_NS,
        speed_factor=60.0,
        well=True,
        text="",
        behind=0,
        links=(),
        lost_messages={},
        theatre=PlaceOfTheatre(lat_deg=54.7, lon_deg=25.3),
        home="LTU",
        states=("LTU",),
        channels=(),
        attribution="© OpenStreetMap contributors",
        version="0",
        profile=ProfileView(time_zone="Europe/Vilnius", languages=("lt", "en")),
    )
    return msgspec.structs.replace(usual, **more)


def alarm(name: str = "a1", **more: Any) -> Alarm:
    said: dict[str, Any] = {
        "alarm_id": name,
        "revision": 1,
        "level": "warning",
        "state": "raised",
        "cause": "Incursion",
        "time_ns": NIGHT_NS,
        "raised_ns": NIGHT_NS,
        "title": "Incursion",
        "text": "Over the border",
        "probability": 0.97,
    }
    return Alarm(**said | more)


def shown(*tracks: Shown, alarms: tuple[Alarm, ...] = (), **options: Any) -> str:
    batch = picture(FRAME, NIGHT_NS, tracks) if tracks else None
    urgent = [] if batch is None else urgent_tracks(batch, alarms)
    listed = Listed(alarms, urgent, len(tracks) - len(urgent))
    language, built = options.pop("language", "en"), options.pop("built", True)
    return plain_page(system(**options), listed, language, built=built).decode()


def rows(html: str) -> list[str]:
    return re.findall(r"<tr class=.*?</tr>", html)


def test_the_time_is_zulu_and_that_of_the_wall() -> None:
    assert "2025-07-28T01:56:00Z · 04:56:00 local" in shown()


def test_a_simulation_says_that_none_of_it_is_real() -> None:
    assert "none of this is real · 60 × real time" in shown()
    assert "none of this is real" not in shown(mode="live")


def test_a_system_that_is_not_well_says_what_ails_it() -> None:
    assert "THE SYSTEM IS NOT WELL: disk &lt;full&gt;" in shown(well=False, text="disk <full>")


def test_an_empty_picture_says_why_it_is_empty() -> None:
    html = shown()
    assert "nothing was detected where sensors look" in html
    assert "No alarm stands" in html


def test_what_a_person_wrote_is_text_and_never_markup() -> None:
    html = shown(alarms=(alarm(text="<script>alert(1)</script>"),))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_the_gravest_alarm_that_stands_comes_first() -> None:
    cleared = alarm("b", state="cleared", text="old")
    caution = alarm("c", level="caution", text="near")
    html = shown(alarms=(cleared, caution, alarm(text="inside")))
    assert [re.search(r"old|near|inside", row)[0] for row in rows(html)] == [  # type: ignore[index]
        "inside",
        "near",
        "old",
    ]


def test_a_lost_track_is_an_area_and_has_no_height() -> None:
    (row,) = rows(shown(Shown(state=TrackState.LOST, sigma_m=2_000.0, alt_m=300.0)))
    assert "? within 5 km of" in row
    assert "unknown" in row
    assert "300" not in row


def test_a_track_that_an_alarm_names_comes_before_all_others() -> None:
    tracks = (Shown(key=1, alt_m=200.0), Shown(key=2, alt_m=9_000.0))
    html = shown(*tracks, alarms=(alarm(track_ids=("0000000000000002",)),))
    assert ">9000<" in rows(html)[1]


def test_the_columns_give_the_same_order_as_the_tracks_themselves() -> None:
    states = (TrackState.CONFIRMED, TrackState.LOST)
    tracks = [
        Shown(key=1 + k, alt_m=100.0 * (k % 50), state=states[k % 2], basis=Basis(k % 3 == 0))
        for k in range(40)
    ]
    batch, alarms = picture(FRAME, NIGHT_NS, tracks), [alarm(track_ids=(f"{7:016x}",))]
    quick = urgent_tracks(batch, alarms)
    ordered = [track.track_id for track in urgent_first(tracks_of(batch), alarms)]
    assert [track.track_id for track in quick] == ordered
    assert ordered[0] == f"{7:016x}"


def test_a_claimed_position_is_called_a_claim() -> None:
    (row,) = rows(shown(Shown(basis=Basis.CLAIMED, callsign="LY<1>")))
    assert "what it claims" in row
    assert "LY&lt;1&gt;" in row


def test_no_more_rows_are_made_than_can_be_read() -> None:
    html = shown(*(Shown(key=k) for k in range(1, 101)))
    assert len(rows(html)) == 60
    assert "40 more are not shown" in html


def test_the_page_needs_no_script_and_has_no_style_of_its_own() -> None:
    html = shown(Shown(), alarms=(alarm(),))
    assert not re.search(r"<script|<style| style=| on\w+=", html)
    assert '<meta http-equiv="refresh" content="5">' in html


def test_it_leads_to_the_full_page_only_where_there_is_one() -> None:
    assert 'href="/"' in shown(built=True)
    assert 'href="/"' not in shown(built=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(language: str) -> None:
    html = shown(Shown(), alarms=(alarm(),), language=language)
    assert f'<html lang="{language}">' in html
    assert words_of(language)["alarms"] in html


def test_every_language_has_every_word() -> None:
    keys = {language: set(words_of(language)) for language in LANGUAGES}
    assert len(set(map(frozenset, keys.values()))) == 1
    assert all(words_of(language)[key] for language in LANGUAGES for key in keys[language])
