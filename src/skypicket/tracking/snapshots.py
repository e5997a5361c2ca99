"""The tracker's state as builtins and arrays, and back."""

from typing import Any

from skypicket.tracking._kernels.tables import Plots, View
from skypicket.tracking.intake import Entry, Key
from skypicket.tracking.looks import Look
from skypicket.tracking.table import Table
from skypicket.tracking.window import Kept, Place, Window


def saved(window: Window) -> dict[str, Any]:
    """The table before the oldest look that is kept, the looks since, and those that wait.

    Checkpoints are not saved: absorbing the looks again makes them.
    """
    kept = window.kept()
    return {
        "base": window.base().packed(),
        "absorbed": [_flat(entry) for entry in kept.absorbed],
        "held": [_flat(entry) for entry in kept.held],
        "ledger": [(tuple(place.key), place.milliscans) for place in kept.ledger],
        "floor": None if kept.floor is None else tuple(kept.floor),
        "waited": kept.waited,
    }


def take_up(state: dict[str, Any], window: Window, table: Table) -> None:
    """Continue from what `saved` gave."""
    table.unpack(state["base"])
    window.resume(
        Kept(
            absorbed=[_entry(flat) for flat in state["absorbed"]],
            held=[_entry(flat) for flat in state["held"]],
            ledger=[Place(Key(*key), milliscans) for key, milliscans in state["ledger"]],
            floor=None if state["floor"] is None else Key(*state["floor"]),
            waited=state["waited"],
        )
    )


def _flat(entry: Entry) -> tuple[Any, ...]:
    look = entry.look
    return (
        tuple(entry.key), tuple(look.plots), tuple(look.view),
        look.sensor_id, look.told_probability, look.milliscans,
    )  # fmt: skip


def _entry(flat: list[Any]) -> Entry:
    key, plots, view, *rest = flat
    return Entry(Key(*key), Look(Plots(*plots), View(*view), *rest))
