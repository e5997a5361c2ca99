import pytest

PLUGIN = "-pskypicket.testing.skips"
SKIPPING = """
import pytest

def test_good(): pass

def test_missing(): pytest.skip("no mosquitto here")
"""


def _run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    # A process of its own: the plugin decides at start-up whether this is CI.
    return pytester.runpytest_subprocess(PLUGIN, "-pno:cacheprovider", *arguments)


def test_in_ci_a_skip_that_nobody_allowed_fails_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_it=SKIPPING)
    result = _run(pytester)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*1 skip(s) are not named in *", "*::test_missing: no mosquitto here"]
    )


def test_outside_ci_a_skip_is_the_choice_of_whoever_runs(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(test_it=SKIPPING)
    result = _run(pytester)
    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1, skipped=1)


def test_in_ci_a_named_skip_passes(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_it=SKIPPING)
    folder = pytester.mkpydir("tests") / "peers"
    folder.mkdir()
    entry = '[[skip]]\ntest = "test_it.py::test_mis*"\nreason = "no package"\n'
    (folder / "allowed-skips.toml").write_text(entry)
    assert _run(pytester).ret == pytest.ExitCode.OK


def test_in_ci_a_module_that_skips_itself_fails_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_it="import pytest\npytest.importorskip('no_such_package')")
    result = _run(pytester)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_it.py: *no_such_package*"])


def test_in_ci_an_expected_failure_is_no_skip(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    pytester.makepyfile(test_it="import pytest\n@pytest.mark.xfail\ndef test_a(): assert 0")
    assert _run(pytester).ret == pytest.ExitCode.OK


def test_an_allowed_skip_needs_a_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    folder = pytester.mkpydir("tests") / "peers"
    folder.mkdir()
    (folder / "allowed-skips.toml").write_text('[[skip]]\ntest = "*"\n')
    result = _run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*needs a test and a reason*"])
