"""`skypicket check`: is a configuration fit to run?"""

from pathlib import Path

from skypicket.cli.console import say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import ConfigurationError
from skypicket.engine.checks import faults_of
from skypicket.engine.sensor_file import read_text
from skypicket.engine.settings import parse_settings


def check(config: Path, *, json: bool = False) -> int:
    """Check a configuration; each fault names file, line and cure.

    Exit code 0 means that it would run, 1 that it has faults, 3 that it cannot be opened.

    Args:
        config: the configuration, CONFIG.toml.
        json: print one JSON object instead of text.

    Example:
        skypicket check site.toml
    """
    text = read_text(config)
    try:
        settings = parse_settings(text, str(config), config.parent)
        faults = faults_of(settings, text, str(config))
        summary = (
            f"{config}: {len(settings.sensors)} sensors, {len(settings.sources)} sources, "
            f"border of {settings.system.home}, mode {settings.system.mode}"
        )
    except ConfigurationError as error:
        faults, summary = [str(error)], str(config)
    if json:
        stdout_json(to_json({"file": str(config), "good": not faults, "faults": faults}))
    else:
        for fault in faults:
            say(fault)
        say(f"{summary}: " + (f"{len(faults)} fault(s)." if faults else "good."))
    return 1 if faults else 0
