"""What keeps a configuration from running, told with file, line and cure."""

from collections.abc import Iterator

from skypicket.assessment.rules import Rules
from skypicket.domain.errors import InputError
from skypicket.engine.pipeline import decoder_of
from skypicket.engine.settings import Settings
from skypicket.engine.toml_places import line_of
from skypicket.links import UdpSettings


def faults_of(settings: Settings, text: str, name: str) -> list[str]:
    """All faults of settings that were read from `text` of the file `name`; none means fit."""
    return [*_system(settings, text, name), *_sources(settings, text, name)]


def _system(settings: Settings, text: str, name: str) -> Iterator[str]:
    if settings.rules.home not in (Rules().home, settings.system.home):
        yield (
            f"{name}:{line_of(text, 'rules.home')}: rules.home {settings.rules.home!r} is not the "
            f"border that is watched, system.home {settings.system.home!r}. Remove rules.home."
        )
    if not settings.sources:
        yield f"{name}: there is no [[sources]] table, so nothing would ever come in. Add one."
    if not settings.sensors:
        yield f"{name}: there is no [[sensors]] table, so every message would be refused. Add one."
    if settings.scenario and settings.system.mode == "live":
        yield (
            f"{name}:{line_of(text, 'scenario')}: a live system takes no [scenario]. "
            "Remove the table, or run the file with `skypicket scenario run`."
        )


def _sources(settings: Settings, text: str, name: str) -> Iterator[str]:
    ports: dict[tuple[str, int], str] = {}
    spoken_for: set[str] = set()
    for number, source in enumerate(settings.sources):
        place = f"{name}:{line_of(text, f'sources[{number}]')}"
        spoken_for.update(source.sensors or settings.sensors_by_id)
        try:
            decoder_of(source, settings)
        except InputError as error:
            yield f"{place}: source {source.id!r}: {error}"
        if isinstance(source.link, UdpSettings):
            address = (source.link.host, source.link.port)
            if address in ports:
                yield (
                    f"{place}: source {source.id!r} listens on UDP port {source.link.port}, and so "
                    f"does {ports[address]!r}. Give each its own port."
                )
            ports[address] = source.id
        if source.format == "report" and source.personal == "no":
            yield (
                f"{place}: source {source.id!r} takes reports of people; "
                'set personal = "report", so that they can be erased.'
            )
    for sensor_id in sorted(settings.sensors_by_id.keys() - spoken_for):
        yield f"{name}: sensor {sensor_id!r} has no source; name it in a source's `sensors`."
