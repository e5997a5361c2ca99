"""The links of a configuration, each told how files of its format are cut."""

from collections.abc import Iterator

from skypicket import links
from skypicket.domain.contracts import Link, Reject
from skypicket.engine.runtime import Runtime
from skypicket.formats.wrappers import Frame, frames
from skypicket.links import Splitter


def links_of(runtime: Runtime) -> dict[str, Link]:
    """A link for each source of the runtime's settings."""
    return {
        source.id: links.build(source.link, source.id, runtime.clock, splitter_of(source.format))
        for source in runtime.settings.sources
    }


def splitter_of(format_name: str) -> Splitter:
    """How files of a format are cut into messages.

    What cannot be cut is handed on up to the next good message: it enters the capture, and the
    decoder rejects it.
    """

    def split(content: bytes, _suffix: str) -> Iterator[Frame]:
        refused: int | None = None
        for frame in frames(content, format_name):
            if isinstance(frame, Reject):
                refused = frame.offset if refused is None else refused
                continue
            if refused is not None:
                yield Frame(refused, None, content[refused : frame.offset])
                refused = None
            yield frame
        if refused is not None:
            yield Frame(refused, None, content[refused:])

    return split
