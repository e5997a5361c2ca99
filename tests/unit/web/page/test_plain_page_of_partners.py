from collections.abc import Iterator

import pytest

from skypicket.domain.tracks import TrackState
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.losses import LOST, a_declaration
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import FRAME, PARTNER, Scene, a_loss, released_to, still_scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A loss and a lost track, which a partner may see, and of which Rūta said what became."""
    with still_scene(tmp_path_factory.mktemp("plain")) as made:
        lost = picture(FRAME, NIGHT_NS, [Shown(key=7, state=TrackState.LOST)])
        said = a_declaration("down", LOST, "0000000000000007")
        made.say(lost, a_loss(), said)
        made.tell_partner(released_to(lost, PARTNER), released_to(a_loss(), PARTNER), said)
        yield made


def plain(scene: Scene, role: str) -> str:
    who = scene.own if role == "own" else scene.of("partner")
    return who.get("/plain?lang=en").body.decode()


def test_the_own_side_reads_on_the_plain_page_what_was_declared(scene: Scene) -> None:
    assert plain(scene, "own").count("<td>down</td>") == 2


def test_a_partner_is_told_no_more_on_the_plain_page_than_in_the_api(scene: Scene) -> None:
    items = scene.of("partner").get("/api/v1/tracks").json()["items"]
    assert [item["state"] for item in items] == ["lost", "lost"]
    html = plain(scene, "partner")
    assert html.count("<td>LOST</td>") == 2
    assert "<td>down</td>" not in html
    assert "Rūta" not in html
