import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from skypicket.cli import COMMANDS, _load, main
from skypicket.domain.errors import SkypicketError
from skypicket.domain.noun import Noun
from skypicket.domain.observations import batch_of
from skypicket.testing import plot_batch, radar, sighting
from skypicket.testing.builders import NIGHT_NS


@pytest.fixture(scope="module")
def scripts(repository: Path) -> Iterator[Any]:
    """Imports a module of the folder `scripts`."""
    folder = str(repository / "scripts")
    sys.path.insert(0, folder)
    yield import_module
    sys.path.remove(folder)


def _said(repository: Path, script: str) -> str:
    command = [sys.executable, f"scripts/{script}", "--check"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_the_reference_pages_match_the_source(repository: Path) -> None:
    assert _said(repository, "build_reference.py") == ""


def test_the_schemas_match_the_source(repository: Path) -> None:
    assert _said(repository, "build_schemas.py") == ""


def test_every_setting_says_what_it_means(scripts: Any, none_found: Any) -> None:
    fields = scripts("reference.fields")
    settings = scripts("skypicket.engine.settings").Settings
    none_found(
        "Name each field in its class's docstring, as `field: what it means.`:",
        [
            f"{kind.__module__}.{kind.__name__}.{name}"
            for kind in (settings, *fields.structs_below([settings]))
            if not kind.__module__.startswith("skypicket.domain")  # the nouns say theirs in prose
            for name, meaning in fields.field_meanings(kind).items()
            if not meaning
        ],
    )


def test_every_noun_is_in_the_glossary(repository: Path, scripts: Any, none_found: Any) -> None:
    glossary = (repository / "docs" / "glossary.md").read_text(encoding="utf-8").lower()
    terms = set(re.findall(r"^\*\*([^*]+)\*\*", glossary, flags=re.MULTILINE))
    names = [noun.__name__ for noun in scripts("build_schemas").nouns()]
    words = {name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower() for name in names}
    none_found(
        "docs/glossary.md defines every noun, as a line **term**:",
        [name for name, word in words.items() if not any(word in term for term in terms)],
    )


def _command_lines() -> list[tuple[str, ...]]:
    """Every command, and in place of a group each of its commands."""
    lines: list[tuple[str, ...]] = []
    for name, command in COMMANDS.items():
        loaded = _load(command.place)
        words = [] if inspect.isfunction(loaded) else [w for w in loaded if w[0] != "-"]
        lines += [(name, word) for word in words] or [(name,)]
    return lines


@pytest.mark.parametrize("words", _command_lines(), ids=" ".join)
def test_a_command_explains_itself_with_an_example(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0
    examples = said.partition("Example")[2]
    assert f"skypicket {' '.join(words)}" in examples, f"no example in:\n{said}"


def test_every_noun_of_the_domain_has_a_schema(repository: Path, scripts: Any) -> None:
    build = scripts("build_schemas")
    present = {path.stem for path in (repository / "docs/schemas").glob("*.json")}
    assert {build.kebab(noun.__name__) for noun in build.nouns()} <= present


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("observation-batch", partial(plot_batch, [(54.7, 25.3)])),
        ("observation-batch", partial(sighting, 54.7, 25.3)),
        ("sensor", radar),
    ],
)
def test_a_noun_as_json_satisfies_its_published_schema(
    repository: Path, name: str, make: Any
) -> None:
    jsonschema = import_module("jsonschema")
    to_json = import_module("skypicket.domain.codec").to_json
    noun: Noun = make()
    schema = msgspec.json.decode((repository / f"docs/schemas/{name}.json").read_bytes())
    validator = jsonschema.Draft202012Validator(schema)
    said = msgspec.json.decode(to_json(noun))
    assert [error.message for error in validator.iter_errors(said)] == []
    assert list(validator.iter_errors(said | {"colour": "red"})) != []


@pytest.mark.parametrize("name", ["observations", "report", "acoustic"])
def test_what_a_json_format_writes_satisfies_its_schema(repository: Path, name: str) -> None:
    jsonschema = import_module("jsonschema")
    written, schema_name = _written(name)
    path = repository / f"docs/schemas/{schema_name}.json"
    validator = jsonschema.Draft202012Validator(msgspec.json.decode(path.read_bytes()))
    for line in written:
        assert [e.message for e in validator.iter_errors(msgspec.json.decode(line))] == []


def _written(name: str) -> tuple[list[bytes], str]:
    found = import_module("skypicket.formats").load(name)
    person = radar("person", kind="person")
    if name == "report":
        batch, sensor, schema = sighting(54.7, 25.3, course_deg=310.0), person, "report-payload"
    elif name == "acoustic":
        sensor, schema = radar("A1", kind="acoustic"), "acoustic-detection"
        batch = batch_of(
            "bearing", "A1", np.array([NIGHT_NS]), {"azimuth_deg": [9.0], "sigma_deg": [8.0]}
        )
    else:
        batch, sensor, schema = plot_batch([(54.7, 25.3)] * 2), radar(), "observation-line"
    payloads = [message.payload for message in found.encode(batch, sensor)]
    return [line for payload in payloads for line in payload.splitlines()], schema


def test_a_schema_is_sound_itself(repository: Path) -> None:
    jsonschema = import_module("jsonschema")
    paths = sorted((repository / "docs/schemas").glob("*.json"))
    assert paths
    for path in paths:
        jsonschema.Draft202012Validator.check_schema(msgspec.json.decode(path.read_bytes()))


def test_a_configuration_in_the_documentation_is_a_good_one(
    repository: Path, files: tuple[str, ...], scripts: Any, none_found: Any
) -> None:
    settings = scripts("skypicket.engine.settings")
    reader = scripts("skypicket.engine.sensor_file")
    offenders, tried = [], 0
    for path in (path for path in files if path.endswith(".md")):
        text = (repository / path).read_text(encoding="utf-8")
        for block in re.finditer(r"^```toml\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            place = f"{path} (block at line {text[: block.start()].count(chr(10)) + 1})"
            tables = reader.parse_toml(block[1], place)
            if not tables.keys() & set(settings.Settings.__struct_fields__):
                continue  # some other file's
            tried += 1
            try:
                if "system" in tables:
                    settings.parse_settings(block[1], place, repository / "docs")
                else:  # a part of one: sources may name sensors that stand elsewhere
                    reader.convert(tables, settings.Settings, block[1], place)
            except SkypicketError as error:
                offenders.append(str(error))
    assert tried > 0
    none_found("These configurations would be refused:", offenders)


def test_a_command_line_in_the_documentation_is_one_that_exists(
    repository: Path, files: tuple[str, ...], none_found: Any
) -> None:
    pages = (repository / "docs/reference/commands.md").read_text(encoding="utf-8")
    flags = re.DOTALL | re.MULTILINE
    sections = dict(re.findall(r"^## skypicket (\w+)\n(.*?)(?=^## |\Z)", pages, flags))
    offenders = []
    for path in (path for path in files if path.endswith(".md")):
        lines = (repository / path).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            for words in re.findall(r"^\$ (?:.*&& )?(?:\S*/)?skypicket ([a-z].*)$", line):
                command, *rest = words.partition("|")[0].split()
                unknown = [
                    w for w in rest if w.startswith("--") and w not in sections.get(command, "")
                ]
                if command not in COMMANDS or unknown:
                    offenders.append(f"{path}:{number} {words}")
    none_found("These command lines do not exist:", offenders)
