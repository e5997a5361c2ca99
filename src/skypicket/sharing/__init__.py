"""Who may see which field: the label gate, and one serializer for each channel that leaves.

`released` says what of a noun one clearance may have. Nothing leaves the system but through the
serializer of its channel, and each of them asks `released`.
"""

from skypicket.sharing.clearance import OWN, Clearance
from skypicket.sharing.gate import applied, released
from skypicket.sharing.serializers import ApiSerializer, FileSerializer, StreamSerializer

__all__ = [
    "OWN",
    "ApiSerializer",
    "Clearance",
    "FileSerializer",
    "StreamSerializer",
    "applied",
    "released",
]
