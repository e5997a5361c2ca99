"""Tracks in pages, and one track with all that is known of it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal

import msgspec
import numpy as np
from litestar import Response, get
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import PathParameter, QueryParameter
from litestar.types import ControllerRouterHandler

from skypicket.domain.assessments import Approach, Loss
from skypicket.domain.incidents import Alarm, Declaration
from skypicket.domain.noun import Column
from skypicket.domain.tracks import Basis, Track, TrackBatch, TrackState, track_ids, tracks_of
from skypicket.geo.places import describe
from skypicket.web.api.answers import AnyRequest, Asker, asker_of, says
from skypicket.web.api.histories import HistoryPoint, history_points
from skypicket.web.api.lost import RADIUS_95, fate_of, lost_tracks
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_made
from skypicket.web.api.parameters import BoundingBox, Box, box_of
from skypicket.web.api.why import why_track
from skypicket.web.parts import WebParts

StateName = Literal["tentative", "confirmed", "coasting", "lost", "left", "down", "never_real"]
BasisName = Literal["measured", "claimed"]
METRES_PER_DEG = 111_320.0  # of latitude; the rectangle is asked for no more exactly
_STATES: Mapping[str, TrackState] = {state.name.lower(): state for state in TrackState}

StateParameter = Annotated[
    StateName | None,
    QueryParameter(
        name="state",
        description="Only tracks of this state: tentative, confirmed, coasting, lost, left, down "
        "or never_real.",
    ),
]
BasisParameter = Annotated[
    BasisName | None,
    QueryParameter(
        description="Only tracks that rest on this: measured, or claimed (only what a sender says "
        "of itself)."
    ),
]
TrackId = Annotated[str, PathParameter(description="The track's id: 16 hexadecimal digits.")]


class TrackDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One track with what it means, where it was, and why it is shown so.

    `history` runs from old to new and is thinned out; `place` names the nearest place that people
    know; `why` are plain sentences. A partner is told the track, its alarms and its place.
    """

    track: Track
    approach: Approach | None
    loss: Loss | None
    alarms: tuple[Alarm, ...]
    incident_id: str | None
    place: str
    history: tuple[HistoryPoint, ...]
    why: tuple[str, ...]


class Wanted(msgspec.Struct, frozen=True):
    """Which tracks are asked for."""

    state: StateName | None = None
    basis: BasisName | None = None
    box: Box | None = None


class TrackList:
    """The tracks that an asker may see and wants, of which only some are made into nouns.

    `batch` holds all that the tracker shows and the asker may see, `forgotten` the wanted ones of
    those that it does not show any more.
    """

    def __init__(self, asker: Asker, wanted: Wanted) -> None:
        picture = asker.picture
        self._declared = declarations_for(asker)
        batch = asker.tracks(picture.tracks)
        shown = set() if batch is None else set(track_ids(batch.columns["track_key"]))
        forgotten = lost_tracks(picture.losses.values(), shown)
        self.forgotten = [
            track
            for track in asker.nouns(declared(track, self._declared) for track in forgotten)
            if _is_wanted(track, wanted)
        ]
        self.batch, self._rows = batch, _rows(batch, wanted, self._declared)

    def __len__(self) -> int:
        return len(self._rows) + len(self.forgotten)

    def made(self, rows: range) -> list[Track]:
        """The tracks of some rows: first those of the tracker by their key, then the forgotten."""
        known = len(self._rows)
        asked = self._rows[rows.start : min(rows.stop, known)]
        found = [] if self.batch is None else tracks_of(self.batch.take(asked))
        rest = self.forgotten[max(rows.start - known, 0) : max(rows.stop - known, 0)]
        return [*self.declared(found), *rest]

    def declared(self, tracks: Iterable[Track]) -> list[Track]:
        """The tracks, each with the fate that a person declared."""
        return [declared(track, self._declared) for track in tracks]


def declarations_for(asker: Asker) -> Mapping[str, Declaration]:
    """What persons declared, by track; partners are not told what people of the own side said."""
    return asker.picture.declarations if asker.is_own else {}


def declared(track: Track, declarations: Mapping[str, Declaration]) -> Track:
    """The track with the fate that a named person declared, if one did and it is lost."""
    fate = fate_of(track.track_id, declarations)
    if fate is None or track.state != "lost":
        return track
    return msgspec.structs.replace(track, state=fate)


def _rows(
    batch: TrackBatch | None, wanted: Wanted, declarations: Mapping[str, Declaration]
) -> Column:
    """The rows of the batch that are wanted."""
    if batch is None:
        return np.zeros(0, dtype=np.int64)
    columns = batch.columns
    keep = np.ones(len(batch), dtype=bool)
    if wanted.state is not None:
        keep &= _states(batch, declarations) == _STATES[wanted.state]
    if wanted.basis is not None:
        keep &= columns["basis"] == Basis[wanted.basis.upper()]
    if wanted.box is not None:
        lost = columns["state"] >= TrackState.LOST
        place = columns["lat_deg"], columns["lon_deg"]
        keep &= may_be_in(wanted.box, place, _reach_m(columns, lost))
    return np.flatnonzero(keep)


def _states(batch: TrackBatch, declarations: Mapping[str, Declaration]) -> Column:
    """The state of each row, with what people declared of lost ones."""
    states = batch.columns["state"].copy()
    for row in np.flatnonzero(states == TrackState.LOST) if declarations else ():
        fate = fate_of(track_ids(batch.columns["track_key"][row : row + 1])[0], declarations)
        if fate is not None:
            states[row] = _STATES[fate]
    return states


def _reach_m(columns: Mapping[str, Column], lost: Column) -> tuple[Column, Column]:
    """How far east and north a lost track may be from its middle with 95 %; 0 for the others."""
    east_m, north_m = columns["sigma_east_m"], columns["sigma_north_m"]
    return np.where(lost, RADIUS_95 * east_m, 0.0), np.where(lost, RADIUS_95 * north_m, 0.0)


def may_be_in(box: Box, place: tuple[Column, Column], reach_m: tuple[Column, Column]) -> Column:
    """Whether tracks at places (latitude, longitude) are, or may be, in a rectangle, (n,)."""
    lat, lon = place
    north = reach_m[1] / METRES_PER_DEG
    east = reach_m[0] / (METRES_PER_DEG * np.cos(np.radians(lat)))
    across = (lon + east >= box.west_deg) & (lon - east <= box.east_deg)
    inside: Column = across & (lat + north >= box.south_deg) & (lat - north <= box.north_deg)
    return inside


def _is_wanted(track: Track, wanted: Wanted) -> bool:
    """Whether a forgotten track is wanted; it is somewhere in its area."""
    if wanted.state not in (None, track.state) or wanted.basis not in (None, track.basis):
        return False
    if wanted.box is None:
        return True
    place = np.array([track.lat_deg]), np.array([track.lon_deg])
    reach_m = (
        np.array([RADIUS_95 * track.sigma_east_m]),
        np.array([RADIUS_95 * track.sigma_north_m]),
    )
    return bool(may_be_in(wanted.box, place, reach_m)[0])


def track_of(asker: Asker, track_id: str) -> Track | None:
    """One track as the asker may see it, also when the tracker has forgotten it."""
    picture, fates = asker.picture, declarations_for(asker)
    batch = asker.tracks(picture.tracks)
    if batch is not None:
        row = np.flatnonzero(batch.columns["track_key"] == np.uint64(int(track_id, 16)))
        if len(row):
            return declared(next(tracks_of(batch.take(row[:1]))), fates)
    loss = picture.losses.get(track_id)
    made = lost_tracks([] if loss is None else [loss], frozenset())
    return next(iter(asker.nouns(declared(t, fates) for t in made)), None)


def detail_of(asker: Asker, track: Track) -> TrackDetail:
    """What is known of a track that the asker may see."""
    picture, name = asker.picture, track.track_id
    alarms = asker.nouns(
        sorted(
            (alarm for alarm in picture.alarms.values() if name in alarm.track_ids),
            key=lambda alarm: (alarm.state == "cleared", -alarm.time_ns, alarm.alarm_id),
        )
    )
    approach, loss = picture.approaches.get(name), picture.losses.get(name)
    incidents = [alarm.incident_id for alarm in alarms if alarm.incident_id]
    own = asker.is_own
    return TrackDetail(
        track=track,
        approach=approach,
        loss=loss,
        alarms=tuple(alarms),
        incident_id=next(iter(incidents), None),
        place=describe(track.lat_deg, track.lon_deg),
        history=history_points(asker.runtime, track, asker.now_ns) if own else (),
        why=tuple(why_track(track, picture, asker.now_ns)) if own else (),
    )


def track_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """`/tracks` and `/tracks/{track_id}`."""

    @get(
        "/tracks",
        permission="tracks.read",
        summary="Tracks",
        description="Every track that is shown. A lost one stays listed for a day, as an area.",
        responses=says(Page[Track], "Tracks by their id, then those that the tracker forgot."),
        sync_to_thread=True,
    )
    def tracks(  # noqa: PLR0913, PLR0917 -- each is a parameter of the resource
        request: AnyRequest,
        limit: Limit = DEFAULT_LIMIT,
        offset: Offset = 0,
        in_state: StateParameter = None,
        basis: BasisParameter = None,
        bbox: BoundingBox = None,
    ) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = TrackList(asker, Wanted(in_state, basis, None if bbox is None else box_of(bbox)))
        how = (found.made, asker.now_ns)
        return asker.answer(page_made(request, Part(limit, offset), len(found), how))

    @get(
        "/tracks/{track_id:str}",
        permission="tracks.read",
        summary="One track: what it means, where it was, and why",
        responses=says(TrackDetail, "The track and what is known of it."),
        raises=[NotFoundException],
        sync_to_thread=True,
    )
    def track(request: AnyRequest, track_id: TrackId) -> Response[bytes]:
        asker = asker_of(parts, request)
        found = track_of(asker, checked_id(track_id))
        if found is None:
            raise NotFoundException(
                f"No track {track_id} is shown, nor was one lost in the last day."
            )
        return asker.answer(detail_of(asker, found), TrackDetail)

    return [tracks, track]


def checked_id(track_id: str) -> str:
    """The track's id, which has 16 hexadecimal digits.

    Raises:
        ClientException: it has not.
    """
    if len(track_id) != 16 or any(c not in "0123456789abcdef" for c in track_id):
        raise ClientException(
            f"track_id={track_id} is no track's id. It has 16 hexadecimal digits in lower case."
        )
    return track_id
