"""`skypicket scenario`: simulated nights, without waiting."""

from pathlib import Path
from time import process_time
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from skypicket.cli.console import progress, say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import ConfigurationError, InputError
from skypicket.domain.times import zulu
from skypicket.engine.sensor_file import parse_toml, read_text
from skypicket.scenario import Night, load_night, night_names

Seed = Annotated[int, Parameter(validator=Number(gte=0))]

app = App(name="scenario", help="List and run simulated nights.")


@app.command(name="list")
def list_nights(*, json: bool = False) -> int:
    """List the built-in nights.

    Args:
        json: print JSON lines.

    Example:
        skypicket scenario list
    """
    for name in night_names():
        night = load_night(name)
        if json:
            stdout_json(
                to_json(
                    {
                        "name": name,
                        "title": night.title,
                        "reconstruction": night.reconstruction,
                        "start_ns": night.start_ns,
                        "end_ns": night.end_ns,
                    }
                )
            )
        else:
            minutes = (night.end_ns - night.start_ns) // 60_000_000_000
            say(f"{name}\n    {night.title}; {zulu(night.start_ns)}, {minutes} min")
    return 0


@app.command
def run(night: str, *, out: Path, seed: Seed = 0, json: bool = False) -> int:
    """Run a night through memory links under scenario time, without sleeping.

    Leaves `night.capture`, one file that `skypicket replay` runs again, and `night.record`, what
    was said. The same night, seed and version give the same files.

    Args:
        night: the name of a built-in night, or a file.
        out: the folder to write to; it must not hold a night already.
        seed: the seed of all chance in the night.
        json: print the summary as one JSON object.

    Example:
        skypicket scenario run vilnius-2025-07-28 --out night
    """
    from skypicket.engine.offline import run_night  # noqa: PLC0415 -- `list` needs none of it

    told = read_night(night)
    started_s = process_time()
    span_s = (told.end_ns - told.start_ns) // 1_000_000_000
    for _ in progress(run_night(told, seed, out), None, f"running {told.name}"):
        pass
    summary = {
        "night": told.name,
        "reconstruction": told.reconstruction,
        "seed": seed,
        "span_s": span_s,
        "cpu_s": round(process_time() - started_s, 1),
        "out": str(out),
    }
    if json:
        stdout_json(to_json(summary))
    else:
        say(f"{told.title}.")
        say(f"{span_s / 3600:.1f} h in {summary['cpu_s']} s of CPU. See it with:")
        say(f"  skypicket incidents list --state {out}")
    return 0


def read_night(name: str) -> Night:
    """A built-in night by name, or one from a file.

    Raises:
        InputError: neither.
        ConfigurationError: the file says no night; the message names it.
    """
    if name in night_names():
        return load_night(name)
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{name!r} is neither a built-in night ({', '.join(night_names())}) nor a file."
        )
    text = read_text(path)
    parse_toml(text, str(path))  # what is wrong with any TOML is told with its line
    try:
        return load_night(text if "\n" in text else f"{text}\n")
    except ConfigurationError as error:
        raise ConfigurationError(f"{path}: {error}") from error
