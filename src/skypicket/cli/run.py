"""`skypicket run`: the live system of a configuration."""

import asyncio
from pathlib import Path
from typing import Literal

from skypicket.cli.console import note, say
from skypicket.cli.logging import configure_log
from skypicket.cli.serving import serve
from skypicket.domain.errors import ConfigurationError
from skypicket.engine.checks import faults_of
from skypicket.engine.clock import SystemClock
from skypicket.engine.linking import links_of
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import read_settings


def run(config: Path, *, log: Literal["debug", "info", "warning", "error"] = "info") -> int:
    """Run the live system of a configuration, until Ctrl-C or SIGTERM.

    Capture, record and snapshots go to the configuration's `state_dir`. A later start carries on
    where this one stopped, also after a kill.

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

    asyncio.run(serve(settings, state, SystemClock(), links_of, _tell))
    return 0


async def _tell(runtime: Runtime, until: asyncio.Event) -> None:
    host = runtime.settings.web.host
    say(
        f"Skypicket {runtime.settings.system.name!r} runs; health at http://{host}:{runtime.port}/healthz"
    )
    await until.wait()
    note("Stopping: what was acknowledged is on disk.")
