"""The base of all that is said inside Skypicket."""

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from skypicket.domain.labels import NOT_RELEASED, Releasability

Column = NDArray[Any]
FloatColumn = NDArray[np.float64]
IntColumn = NDArray[np.int64]


class Noun(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="noun",
    tag=True,
    eq=False,
):
    """Something that is said: frozen, in SI units, with the unit in the name and a label.

    In JSON the class name stands in the field `noun`.
    """

    releasability: Releasability = NOT_RELEASED
