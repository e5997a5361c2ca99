"""`skypicket run`: the live system of a configuration."""

import asyncio
from pathlib import Path
from typing import Literal

from skypicket.cli.console import note, say
from skypicket.cli.logging import configure_log
from skypicket.cli.serving import Place, serve
from skypicket.domain.errors import ConfigurationError
from skypicket.engine.checks import faults_of
from skypicket.engine.clock import SystemClock
from skypicket.engine.linking import links_of
from skypicket.engine.settings import read_settings
from skypicket.web.parts import WebParts
from skypicket.web.server import url_of


def run(config: Path, *, log: Literal["debug", "info", "warning", "error"] = "info") -> int:
    """Run the live system of a configuration, until Ctrl-C or SIGTERM.

    Capture, record and snapshots go to the configuration's `state_dir`. A later start carries on
    where this one stopped, also after a kill. The first start prints a one-time link to sign in
    with; `skypicket access` makes others.

    Args:
        config: the configuration, CONFIG.toml.
        log: how much is logged on stderr: debug, info, warning or error.

    Example:
        skypicket run site.toml
    """
    configure_log(log)
    settings = read_settings(config)
    faults = faults_of(settings, config.read_text(encoding="utf-8"), str(config))
    if faults:
        raise ConfigurationError("\n".join(faults))
    state = config.parent / settings.system.state_dir

    place = Place(settings=settings, state=state, folder=config.parent)
    asyncio.run(serve(place, SystemClock(), links_of, _tell))
    return 0


async def _tell(parts: WebParts, until: asyncio.Event) -> None:
    runtime = parts.runtime
    url = url_of(runtime.settings.web, runtime.port)
    secret = parts.access.first_link()
    if secret is not None:
        say(f"Open {url}/login/{secret}")
        say("It opens once, within 15 minutes; then set a password or a passkey.")
        say(f"Another link: skypicket access link NAME --state {runtime.state}")
    say(f"Skypicket {runtime.settings.system.name!r} runs; health at {url}/healthz")
    await until.wait()
    note("Stopping: what was acknowledged is on disk.")
