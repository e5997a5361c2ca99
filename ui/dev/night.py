"""A night that never was: a column from the east, a line of ears, a loss, a find, and traffic."""

import math
import time
from typing import Any

import numpy as np

from skypicket.domain.tracks import TRACK_COLUMNS, TrackBatch, track_id
from skypicket.web.live.layout import SIMULATED, Marks, Stamp, encode_frame

NS_PER_S = 1_000_000_000
BEGIN_NS = 1_753_667_760 * NS_PER_S  # 28 July 2025, 01:56 Zulu
CENTRE = (54.8, 25.0)
METRES_PER_DEG = 111_195.0
KINDS = {"track_key": np.uint64, "state": np.int8, "basis": np.int8}
KINDS |= {"born_ns": np.int64, "updated_ns": np.int64}

# Each: place, height, motion in m/s, error in m, P(real), state, basis, level, waiting, callsign.
TOLD: tuple[tuple[Any, ...], ...] = (
    (54.78, 25.62, 240, -38, 14, 180, 0.97, 1, 0, 3, 1, ""),
    (54.62, 25.95, 190, -41, 9, 350, 0.91, 1, 0, 2, 1, ""),
    (54.90, 26.35, 310, -36, 4, 900, 0.74, 2, 0, 2, 0, ""),
    (54.33, 25.85, float("nan"), -30, 22, 1600, 0.55, 0, 0, 1, 0, ""),
    (55.35, 26.10, float("nan"), -20, -8, 2400, 0.63, 2, 0, 0, 0, ""),
    (54.75, 24.30, 3_050, 190, 30, 25, 0.999, 1, 1, 0, 0, "LOT3AB"),
    (55.10, 24.00, 10_650, -210, 80, 25, 0.999, 1, 1, 0, 0, "RYR88QT"),
    (54.63, 25.28, 420, 60, -5, 40, 0.998, 1, 1, 0, 0, "LYBZU"),
)
SENSORS: tuple[tuple[str, str, float, float, float, str], ...] = (
    ("rdr-vilnius", "radar", 54.64, 25.28, 60_000, "speaking"),
    ("rdr-alytus", "radar", 54.40, 24.05, 60_000, "degraded"),
    ("adsb-1", "adsb", 54.90, 23.95, 0, "speaking"),
    ("desk-112", "person", 54.69, 25.27, 0, "speaking"),
)


def ears() -> list[tuple[str, str, float, float, float, str]]:
    """A line of microphones along the border; three of them say nothing."""
    line = []
    for i in range(14):
        lat, lon = 54.18 + 0.085 * i, 25.55 + 0.075 * i - 0.004 * (i - 6) ** 2
        line.append(
            (
                f"ear-{i + 1:02d}",
                "acoustic",
                lat,
                lon,
                4_500.0,
                "silent" if i in {4, 5, 11} else "speaking",
            )
        )
    return line


class Night:
    """The night at any moment; time runs `speed` times as fast as outside."""

    def __init__(self, ordinary: int, speed: float = 1.0, *, told: bool = True) -> None:
        self.speed = speed
        self.told = TOLD if told else ()
        self.sites = [*SENSORS, *ears()]
        self.began_s = time.monotonic()
        self.number = 0
        self.acknowledged: set[str] = set()
        rng = np.random.default_rng(7)
        self.columns = self._columns(ordinary, rng)
        self.level, self.waiting = self._levels(ordinary)
        self.start = {name: self.columns[name].copy() for name in ("lat_deg", "lon_deg")}
        self.callsigns = self._callsigns(ordinary)

    def now_ns(self) -> int:
        """Engine time."""
        return BEGIN_NS + int((time.monotonic() - self.began_s) * self.speed * NS_PER_S)

    def _columns(self, ordinary: int, rng: np.random.Generator) -> dict[str, Any]:
        told = len(self.told)
        n = told + ordinary
        columns = {name: np.zeros(n, KINDS.get(name, np.float64)) for name in TRACK_COLUMNS}
        columns["track_key"] = rng.integers(1, 2**63, n, dtype=np.uint64)
        rows = slice(told, n)
        columns["lat_deg"][rows] = rng.uniform(53.6, 56.4, ordinary)
        columns["lon_deg"][rows] = rng.uniform(21.0, 28.4, ordinary)
        columns["alt_m"][rows] = rng.choice([900, 2_400, 6_100, 10_300, 11_500], ordinary)
        course, speed = rng.uniform(0, 2 * np.pi, ordinary), rng.uniform(40, 240, ordinary)
        columns["east_mps"][rows], columns["north_mps"][rows] = (
            speed * np.sin(course),
            speed * np.cos(course),
        )
        columns["existence_probability"][rows] = rng.uniform(0.6, 1, ordinary)
        columns["state"][rows] = rng.choice([0, 1, 1, 1, 1, 2], ordinary)
        columns["basis"][rows] = rng.choice([0, 1, 1], ordinary)
        sigma = rng.uniform(20, 120, n)
        for row, one in enumerate(self.told):
            names = ("lat_deg", "lon_deg", "alt_m", "east_mps", "north_mps")
            for name, value in zip(names, one, strict=False):
                columns[name][row] = value
            sigma[row] = one[5]
            columns["existence_probability"][row], columns["state"][row], columns["basis"][row] = (
                one[6:9]
            )
        columns["sigma_east_m"], columns["sigma_north_m"] = sigma, sigma * 0.6
        columns["correlation"] = np.full(n, 0.4)
        columns["born_ns"] = np.full(n, BEGIN_NS - 400 * NS_PER_S)
        return columns

    def _levels(self, ordinary: int) -> tuple[Any, Any]:
        level = np.array([one[9] for one in self.told] + [0] * ordinary, np.uint8)
        waiting = np.array([one[10] for one in self.told] + [0] * ordinary, np.uint8)
        return level, waiting

    def _callsigns(self, ordinary: int) -> Any:
        names = [one[11] for one in self.told]
        claimed = self.columns["basis"][len(names) :]
        names += [f"TST{i:04d}" if claimed[i] else "" for i in range(ordinary)]
        return np.array(names, "<U8") if names else np.zeros(0, "<U8")

    def frame(self) -> bytes:
        """The tracks of this moment."""
        now_ns = self.now_ns()
        columns = dict(self.columns)
        flown_s = (now_ns - BEGIN_NS) / NS_PER_S
        columns["lat_deg"] = self.start["lat_deg"] + columns["north_mps"] * flown_s / METRES_PER_DEG
        shrink = METRES_PER_DEG * math.cos(math.radians(CENTRE[0]))
        columns["lon_deg"] = self.start["lon_deg"] + columns["east_mps"] * flown_s / shrink
        coasting = columns["state"] == 2
        columns["updated_ns"] = np.where(coasting, BEGIN_NS - 35 * NS_PER_S, now_ns - NS_PER_S // 5)
        self.number += 1
        stamp = Stamp(
            sequence=self.number,
            number=self.number,
            sent_ms=time.time_ns() // 10**6,
            flags=SIMULATED,
        )
        batch = TrackBatch(time_ns=now_ns, columns=columns, callsigns=self.callsigns, complete=True)
        return encode_frame(batch, self._marks(now_ns), stamp)

    def _marks(self, now_ns: int) -> Marks:
        rows = np.flatnonzero(self.level)
        keys = self.columns["track_key"][rows]
        order = np.argsort(keys)
        rows, keys = rows[order], keys[order]
        done = [track_id(key) in self.acknowledged for key in keys]
        return Marks(
            keys=keys,
            level=self.level[rows],
            flags=np.where(done, 0, self.waiting[rows]).astype(np.uint8),
            crossing_ns=np.full(len(rows), now_ns + 240 * NS_PER_S),
            border_probability=np.full(len(rows), 0.8, np.float32),
        )

    def id_of(self, row: int) -> str:
        """The track id of a row."""
        return track_id(self.columns["track_key"][row])

    def acted(self, action: str, subject: str) -> int:
        """Take an action; acknowledging has an effect."""
        if action == "acknowledge":
            self.acknowledged |= {
                subject,
                *(self.id_of(r) for r in range(len(self.told)) if subject == f"a{r}"),
            }
        return self.number
