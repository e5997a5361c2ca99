"""The JSON of acoustic nodes, read strictly: structs, bounds, and what is refused as audio."""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from skypicket.domain.contracts import Entry
from skypicket.domain.errors import InputError
from skypicket.domain.sensors import Identifier, Positive, Probability
from skypicket.domain.times import parse_time
from skypicket.formats.json_text import plain_text, read_json
from skypicket.formats.origin import Refusal

NAME = "acoustic"
MAX_BYTES = 4_096
TOPIC_ROOT = "skypicket/v1/acoustic"
SIGMA_AZIMUTH_DEG = 10.0  # what a small array reaches in the field, where a node does not say

_TOPIC = re.compile(TOPIC_ROOT + r"/(?P<node>[^/+#]{1,64})/(?P<kind>detection|status)")
_AUDIO_KEY = re.compile(
    rb'"[^"\\]{0,64}?(audio|wav|pcm|samples|recording|spectrogram|opus|flac|mp3)[^"\\]{0,64}"\s*:',
    re.IGNORECASE,
)
_AUDIO_FILES = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"caff", b"FORM")

_TimeNs = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Moment = _TimeNs | Annotated[str, Meta(max_length=40)]
_Seq = Annotated[int, Meta(ge=0, le=2**53)]
_Azimuth = Annotated[float, Meta(ge=0, le=360)]
_Elevation = Annotated[float, Meta(ge=-90, le=90)]
_Decibel = Annotated[float, Meta(ge=-200, le=200)]
_ClockError = Annotated[float, Meta(ge=0, le=1e9)]
_Label = Annotated[str, Meta(min_length=1, max_length=64)]


class Detection(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Something was heard: a bearing if `azimuth_deg` is there, else a presence.

    Times are nanoseconds since 1970 or ISO 8601 with a zone. `heard_from` and `heard_to` enclose
    the sound. `clock_error_s` bounds the error of the node's clock.
    """

    node: Identifier
    time: Moment
    boot_id: Identifier | None = None
    seq: _Seq | None = None
    snr_db: _Decibel | None = None
    probability: Probability | None = None
    azimuth_deg: _Azimuth | None = None
    sigma_deg: Positive | None = None
    elevation_deg: _Elevation | None = None
    label: _Label | None = msgspec.field(default=None, name="class")
    class_probability: Probability | None = None
    heard_from: Moment | None = None
    heard_to: Moment | None = None
    clock_error_s: _ClockError | None = None
    simulated: bool = False

    def columns(self) -> dict[str, float]:
        """The measured values, by column name, of a bearing or a presence."""
        names = ("azimuth_deg", "sigma_deg", "elevation_deg", "snr_db")
        if self.azimuth_deg is None:
            names = ("snr_db", "probability", "", "")
        found = {name: getattr(self, name) for name in names if name}
        if self.azimuth_deg is not None and self.sigma_deg is None:
            found["sigma_deg"] = SIGMA_AZIMUTH_DEG
        return {name: float(value) for name, value in found.items() if value is not None}

    def claims(self) -> dict[str, str]:
        """What the node takes the sound for."""
        words = {}
        if self.label is not None:
            words["class"] = plain_text(self.label, 64)
        if self.class_probability is not None:
            words["class_probability"] = repr(self.class_probability)
        return words


class Status(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a node is. `listening_from` and `listening_to` say when it heard nothing but listened."""

    state: Literal["alive", "degraded", "gone"]
    node: Identifier | None = None
    time: Moment | None = None
    boot_id: Identifier | None = None
    seq: _Seq | None = None
    listening_from: Moment | None = None
    listening_to: Moment | None = None
    clock_error_s: _ClockError | None = None
    text: Annotated[str, Meta(max_length=200)] = ""
    simulated: bool = False


class _Outline(msgspec.Struct, frozen=True):
    state: Any = None


_OUTLINE = msgspec.json.Decoder(_Outline)
_DETECTION = msgspec.json.Decoder(Detection)
_STATUS = msgspec.json.Decoder(Status)
_MOMENTS = ("time", "heard_from", "heard_to", "listening_from", "listening_to")
_TOGETHER = (("heard_from", "heard_to"), ("listening_from", "listening_to"))


def moment_ns(moment: Moment) -> int:
    """Nanoseconds since 1970.

    Raises:
        InputError: the text is no time with a zone.
    """
    return parse_time(moment) if isinstance(moment, str) else moment


def read_message(entry: Entry) -> tuple[str, Detection | Status] | Refusal:
    """The node and what it says, all times in nanoseconds, or why it is refused.

    Where the entry has a topic of the profile, it says the kind of message, and a node speaks
    for itself only.
    """
    payload = entry.payload
    refusal = _not_allowed(payload)
    if refusal:
        return refusal
    topic = _TOPIC.fullmatch(entry.topic)
    if entry.topic.startswith("skypicket/") and topic is None:
        sentence = f"The topic is not {TOPIC_ROOT}/<node>/detection or …/status."
        return Refusal("bad_topic", 0, sentence)
    status = topic["kind"] == "status" if topic else _has_state(payload)
    found = _status(payload) if status else _detection(payload)
    if isinstance(found, Refusal):
        return found
    node = found.node or (topic["node"] if topic else None)
    if node is None:
        return Refusal("missing_key", 0, "$.node is missing, and no topic says which node it is.")
    if topic and node != topic["node"]:
        where = max(payload.find(b'"node"'), 0)
        return Refusal("topic_mismatch", where, "$.node is not the node of the topic.")
    timed = _with_times(found, payload)
    return timed if isinstance(timed, Refusal) else (node, timed)


def _status(payload: bytes) -> Status | Refusal:
    return read_json(payload, _STATUS)


def _detection(payload: bytes) -> Detection | Refusal:
    return read_json(payload, _DETECTION)


def _not_allowed(payload: bytes) -> Refusal | None:
    if payload.startswith(_AUDIO_FILES):
        return Refusal("audio_refused", 0, "The payload is an audio file. Nodes never send audio.")
    if len(payload) > MAX_BYTES:
        return Refusal("too_large", MAX_BYTES, f"A message has at most {MAX_BYTES} bytes.")
    if audio := _AUDIO_KEY.search(payload):
        return Refusal("audio_refused", audio.start(), "A key looks like audio, never to be sent.")
    return None


def _has_state(payload: bytes) -> bool:
    try:
        return _OUTLINE.decode(payload).state is not None
    except (ValueError, RecursionError):
        return False  # the strict reading that follows says what is wrong


def _with_times(found: Detection | Status, payload: bytes) -> Detection | Status | Refusal:
    times: dict[str, int] = {}
    for name in _MOMENTS:
        moment = getattr(found, name, None)
        if moment is None:
            continue
        where = max(payload.find(f'"{name}"'.encode()), 0)
        try:
            times[name] = moment_ns(moment)
        except InputError:
            return Refusal("bad_time", where, f"$.{name} is no ISO 8601 time with a zone.")
        if times[name] < 0:
            return Refusal("out_of_range", where, f"$.{name} lies before 1970.")
    for first, last in _TOGETHER:
        if (first in times) != (last in times):
            return Refusal("missing_key", 0, f"$.{first} and $.{last} come together.")
        if first in times and times[first] > times[last]:
            return Refusal("out_of_range", 0, f"$.{first} lies after $.{last}.")
    return msgspec.structs.replace(found, **times)
