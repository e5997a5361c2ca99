"""Nothing of a secret sensor, of people and of operators reaches a partner, over no channel."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skypicket.domain.tracks import track_ids
from skypicket.engine.partners import PartnerStages
from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import Settings, WebSettings
from skypicket.formats.geojson import alarms_geojson, tracks_geojson
from skypicket.sharing import Clearance, FileSerializer
from skypicket.testing import canaries
from skypicket.testing.access import session_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.canaries import PARTNER, SECONDS, WORDS, Secret
from skypicket.testing.scenes import StillClock
from skypicket.testing.visitor import Visitor, visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.guard import handlers_of
from skypicket.web.app import build_app
from skypicket.web.live.hub import Hub
from skypicket.web.live.seats import Seat
from skypicket.web.live.topics import TOPICS
from skypicket.web.parts import WebParts

KEY = b"k" * 32
HOST = "picket.example"
NETWORK = WebSettings(host="0.0.0.0", host_names=(HOST,), tls_certificate="c", tls_key="k")
AFTER_NS = NIGHT_NS + SECONDS * 10**9
KINDS = ("plot", "same", "claim", "noise", "report", "comment")
QUERIES = ("", "?limit=1", "?bbox=24,55,26,56", "?state=lost", "?limit=nightmare")
some_secrets = st.lists(
    st.builds(
        Secret,
        second=st.integers(0, SECONDS - 1),
        kind=st.sampled_from(KINDS),
        shift_deg=st.sampled_from([0.0, 0.001, 0.2]),
    ),
    min_size=1,
    max_size=25,
)
LOUD = [Secret(second, kind) for second in range(SECONDS) for kind in KINDS]


def partner_picture(told: Settings, secrets: Sequence[Secret]) -> Picture:
    stages = PartnerStages(told, PARTNER, KEY)
    for entry in canaries.entries(secrets):
        stages.step(entry)
    return stages.picture


class Channels:
    """Every way by which a partner can be told something, over one still system."""

    def __init__(self, runtime: Runtime, visitor: Visitor, parts: WebParts, paths: list[str]):
        self.runtime, self.visitor, self.parts, self.paths = runtime, visitor, parts, paths
        self._clean = Picture()

    def show(self, partner: Picture, own: Picture) -> None:
        vars(self.parts.partner_pictures[PARTNER]).update(vars(partner))
        vars(self.runtime.picture).update(vars(own))

    def said(self) -> dict[str, bytes]:
        """All bytes by where they came from, headers and errors too."""
        return {**self.answers(), **self.stream(), **self.files()}

    def answers(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in self._addresses():
            answer = self.visitor.get(path)
            headers = "".join(f"{n}:{v}\n" for n, v in sorted(answer.headers.items()))
            found[f"GET {path}"] = f"{answer.status}\n{headers}\n".encode() + answer.body
        return found

    def _addresses(self) -> Iterator[str]:
        ids: list[str] = ["nightmare"]
        for shown in (self.parts.partner_pictures[PARTNER], self.runtime.picture):
            if shown.tracks is not None:
                ids += track_ids(shown.tracks.columns["track_key"])[:3]
            ids += [*list(shown.alarms)[:3], *list(shown.incidents)[:2]]
        for path in self.paths:
            if "{" not in path:
                yield from (path + query for query in QUERIES)
            else:
                before, _, rest = path.partition("{")
                yield from (before + one + rest.partition("}")[2] for one in ids)

    def stream(self) -> dict[str, bytes]:
        return asyncio.run(self._stream())

    async def _stream(self) -> dict[str, bytes]:
        hub = Hub(self.runtime, self.parts.partner_pictures[PARTNER], Clearance(PARTNER))
        found = {}
        for form in ("frames", "json"):
            seat = Seat(frozenset(TOPICS), form)
            hub.join(seat, {"protocol": 1})
            said: dict[str, bytes] = {}
            while not {*TOPICS, "hello"} <= said.keys():  # the order is a matter of threads
                one = await _next(seat)
                said[_topic(one)] = _unstamped(one)
            found[f"live {form}"] = b"\n".join(said[topic] for topic in sorted(said))
            hub.leave(seat)
        return found

    def files(self) -> dict[str, bytes]:
        shown = self.parts.partner_pictures[PARTNER]
        gate = FileSerializer(Clearance(PARTNER))
        assert shown.tracks is not None
        batch = gate.tracks(shown.tracks, AFTER_NS)
        assert batch is not None
        alarms = gate.nouns(shown.alarms.values(), AFTER_NS)
        return {
            "tracks.geojson": tracks_geojson(batch, PARTNER),
            "alarms.geojson": alarms_geojson(alarms, PARTNER),
        }


async def _next(seat: Seat) -> bytes | str:
    return await asyncio.wait_for(seat.next(), 30)


def _topic(said: bytes | str) -> str:
    return "tracks" if isinstance(said, bytes) else str(msgspec.json.decode(said)["type"])


def _unstamped(said: bytes | str) -> bytes:
    """Without the real time at which a frame was sent."""
    return said.encode() if isinstance(said, str) else said[:40] + bytes(8) + said[48:]


@contextmanager
def channels_of(told: Settings, folder: Path) -> Iterator[Channels]:
    clock = StillClock(NIGHT_NS)
    runtime = Runtime(told, folder, clock)
    runtime.start()
    try:
        desk = AccessDesk(web=NETWORK)
        parts = WebParts(runtime=runtime, access=desk, partner_pictures={PARTNER: Picture()})
        app = build_app(parts)
        paths = [place[4:] for place, _ in handlers_of(app) if place.startswith("GET ")]
        with visiting(app) as visitor:
            secret = session_of(desk, "partner", clearance=PARTNER)
            partner = visitor.with_session(secret)
            partner.host = HOST
            clock.now_ns = AFTER_NS
            endless = [path for path in paths if path.endswith("/live/events")]
            yield Channels(runtime, partner, parts, [p for p in paths if p not in endless])
    finally:
        runtime.stop()


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channels]:
    with channels_of(canaries.settings(), tmp_path_factory.mktemp("canaries")) as made:
        yield made


@cache
def quiet() -> Picture:
    return partner_picture(canaries.settings(secret=False), ())


def bytes_of(shown: Picture) -> dict[str, bytes]:
    """What a partner's picture holds, all of it."""
    gate = FileSerializer(Clearance(PARTNER))
    assert shown.tracks is not None
    batch = gate.tracks(shown.tracks, AFTER_NS)
    assert batch is not None
    held = {name: value for name, value in vars(shown).items() if not name.startswith("_")}
    held["tracks"] = {name: values.tolist() for name, values in batch.columns.items()}
    encoder = msgspec.json.Encoder(enc_hook=str)
    return {name: encoder.encode(str(value)) for name, value in held.items()}


def check_no_canary(said: dict[str, bytes]) -> None:
    found = [
        f"{word} in {place}" for place, told in said.items() for word in WORDS
        if word.encode() in told
    ]  # fmt: skip
    assert not found, found


def test_the_partner_sees_what_it_may_or_the_canaries_would_prove_nothing() -> None:
    shown = quiet()
    assert shown.tracks is not None
    assert len(shown.tracks) == 1
    assert {alarm.cause for alarm in shown.alarms.values()} >= {"Approach"}


def test_the_own_side_sees_the_secret_or_the_canaries_would_prove_nothing() -> None:
    own = canaries.own_picture(canaries.settings(), canaries.entries(LOUD))
    assert own.tracks is not None
    assert len(own.tracks) > 1
    assert "SECRET77" in own.last_heard_ns


def test_no_canary_leaves_over_any_channel(channels: Channels) -> None:
    told = canaries.settings()
    partner = partner_picture(told, LOUD)
    channels.show(partner, canaries.own_picture(told, canaries.entries(LOUD)))
    said = channels.said()
    assert len(said) > 40
    assert any(b'"track_id"' in told for told in said.values())
    check_no_canary(said)


def test_every_channel_says_the_same_bytes_with_and_without_the_secret(channels: Channels) -> None:
    told = canaries.settings()
    channels.show(quiet(), canaries.own_picture(told, canaries.entries()))
    without = channels.said()
    channels.show(partner_picture(told, LOUD), canaries.own_picture(told, canaries.entries(LOUD)))
    asked = [place for place in channels.said() if place in without]
    told_now = channels.said()
    assert len(asked) > 40
    assert {place: told_now[place] for place in asked} == {p: without[p] for p in asked}


def test_a_server_without_the_secret_sensors_says_the_same(
    channels: Channels, tmp_path: Path
) -> None:
    channels.show(quiet(), Picture())
    with_them = channels.said()
    with channels_of(canaries.settings(secret=False), tmp_path) as plain:
        plain.show(quiet(), Picture())
        assert plain.said() == with_them


@given(secrets=some_secrets)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_no_traffic_of_a_secret_sensor_changes_the_partners_picture(
    secrets: list[Secret],
) -> None:
    heard = bytes_of(partner_picture(canaries.settings(), secrets))
    assert heard == bytes_of(quiet())
    check_no_canary(heard)


@given(secrets=some_secrets, coarsen_m=st.sampled_from([500.0, 20_000.0]))
@settings(max_examples=4, suppress_health_check=[HealthCheck.too_slow])
def test_coarse_pictures_do_not_change_either(secrets: list[Secret], coarsen_m: float) -> None:
    heard = bytes_of(partner_picture(canaries.settings(coarsen_m=coarsen_m), secrets))
    calm = partner_picture(canaries.settings(secret=False, coarsen_m=coarsen_m), ())
    assert heard == bytes_of(calm)


def test_another_partner_is_told_of_its_own_sensors_only() -> None:
    stages = PartnerStages(canaries.settings(), "EST", KEY)
    for entry in canaries.entries([Secret(second, "plot") for second in range(SECONDS)]):
        stages.step(entry)
    shown = stages.picture
    assert shown.tracks is not None
    assert [round(float(lat), 1) for lat in shown.tracks.columns["lat_deg"]] == [55.4]


def test_names_of_things_differ_for_each_partner() -> None:
    capture = canaries.entries()
    shown = canaries.own_picture(canaries.settings(), capture)
    assert shown.tracks is not None
    own = set(track_ids(shown.tracks.columns["track_key"])) | set(shown.alarms)
    partner = quiet()
    assert partner.tracks is not None
    theirs = set(track_ids(partner.tracks.columns["track_key"])) | set(partner.alarms)
    assert theirs
    assert not own & theirs
