"""./fengqiao on a machine made of stand-ins: which programs it calls, and what it says.

That the real ones do their part is proved by scripts/fresh-machine in a new Debian root.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
NOBODY = 65534
ESSENTIAL = """
    awk bash basename cat chmod comm cp cut dirname env find flock
    head mkdir mv readlink rm sed sha256sum sort tail touch
"""

PYTHON = r"""#!/usr/bin/env bash
printf '%s\n' "${*//$'\n'/ }" >>"$FAKE/calls"
case "$*" in
"-c import sys"$'\n'*) echo "3.11 $FAKE/bin/python3" ;;
"-c import ensurepip, venv") [[ -e $FAKE/has-ensurepip ]] ;;
"-m venv"*) mkdir -p "${@: -1}/bin" && cp "$0" "${@: -1}/bin/python" ;;
*--target*)
    while [[ $1 != --target ]]; do shift; done
    mkdir -p "$2/bin" && touch "$2/bin/fengqiao" ;;
*"gis.installation"*) [[ -e $FAKE/has-postgis ]] ;;
*/bin/fengqiao*) shift && printf '[%s]\n' "$@" ;;
esac
"""
APT_GET = r"""#!/usr/bin/env bash
printf 'apt-get %s\n' "$*" >>"$FAKE/calls"
case "$*" in
*install*postgis*) touch "$FAKE/has-postgis" && echo "15 main 5432 online" >>"$FAKE/clusters" ;;
*install*-venv*) touch "$FAKE/has-ensurepip" ;;
esac
"""
APT_CACHE = "#!/usr/bin/env bash\necho 'Depends: postgresql-15'\n"
LSCLUSTERS = '#!/usr/bin/env bash\ncat "$FAKE/clusters"\n'
DROPCLUSTER = '#!/usr/bin/env bash\nprintf \'drop %s\\n\' "$*" >>"$FAKE/calls"\n'
SUDO = """#!/usr/bin/env bash
[[ $1 != -n ]] || exit 0
[[ $1 == -- ]] && shift
printf 'sudo ' >>"$FAKE/calls"
exec "$@"
"""


@dataclass
class Machine:
    """A folder with a checkout, a PATH of stand-ins, and an unprivileged user."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "data directory"

    @property
    def script(self) -> Path:
        return self.folder / "my checkout" / "fengqiao"

    def give(self, name: str, text: str) -> None:
        program = self.folder / "bin" / name
        program.write_text(text)
        program.chmod(0o755)

    def run(self, *words: str, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script or self.script, *words],
            cwd="/",
            env={
                "PATH": str(self.folder / "bin"),
                "FAKE": str(self.folder),
                "HOME": str(self.folder / "user"),
                "FENGQIAO_HOME": str(self.home),
                **self.variables,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            user=NOBODY if os.geteuid() == 0 else None,
            group=NOBODY if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
        )

    def calls(self, pattern: str = "") -> list[str]:
        lines = (self.folder / "calls").read_text().splitlines()
        return [line for line in lines if re.search(pattern, line)]


@pytest.fixture
def bare() -> Iterator[Machine]:
    """Only what every Debian has: no Python, no apt."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-start-") as name:
        machine = Machine(Path(name))
        for folder in ("bin", "user", "my checkout"):
            (machine.folder / folder).mkdir()
        for program in ESSENTIAL.split():
            found = shutil.which(program)
            assert found, program
            (machine.folder / "bin" / program).symlink_to(found)
        for item in ("calls", "clusters"):
            (machine.folder / item).touch()
        shutil.copy(CHECKOUT / "fengqiao", machine.script)
        shutil.copy(CHECKOUT / "pyproject.toml", machine.script.parent)
        shutil.copytree(CHECKOUT / "requirements", machine.script.parent / "requirements")
        for path in [machine.folder, *machine.folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o777)
        yield machine


@pytest.fixture
def minimal(bare: Machine) -> Machine:
    """A minimal Debian: Python without ensurepip, apt, no PostGIS, no sudo."""
    for name, text in {"python3": PYTHON, "apt-get": APT_GET, "apt-cache": APT_CACHE}.items():
        bare.give(name, text)
    bare.give("pg_lsclusters", LSCLUSTERS)
    bare.give("pg_dropcluster", DROPCLUSTER)
    return bare


@pytest.fixture
def ready(minimal: Machine) -> Machine:
    """The same with all packages there."""
    (minimal.folder / "has-ensurepip").touch()
    (minimal.folder / "has-postgis").touch()
    return minimal


def test_without_python_it_says_which_one_is_needed_and_how_to_get_it(bare: Machine) -> None:
    done = bare.run("demo")
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr
    assert "需要" in done.stderr


def test_without_rights_it_prints_the_exact_line_to_run(minimal: Machine) -> None:
    done = minimal.run("demo")
    assert done.returncode == 1
    line = "apt-get update && apt-get install -y --no-install-recommends python3.11-venv"
    assert line in done.stderr
    assert minimal.calls("^apt-get") == []


def test_without_rights_the_line_for_the_database_names_the_distributions_version(
    minimal: Machine,
) -> None:
    (minimal.folder / "has-ensurepip").touch()
    done = minimal.run("demo")
    assert done.returncode == 1
    assert re.search(
        r"apt-get update && apt-get install .*postgresql-\d+ postgresql-\d+-postgis-3", done.stderr
    )


def test_with_sudo_it_installs_what_is_missing_and_refreshes_the_lists_once(
    minimal: Machine,
) -> None:
    minimal.give("sudo", SUDO)
    done = minimal.run("demo")
    assert done.returncode == 0, done.stderr
    assert len(minimal.calls(r"^sudo apt-get .*update")) == 1
    assert len(minimal.calls(r"^sudo apt-get .*install .*python3\.11-venv$")) == 1
    assert len(minimal.calls(r"^sudo apt-get .*install .*postgis-3$")) == 1
    assert "python3.11-venv" in done.stderr


def test_only_the_cluster_that_the_package_made_by_itself_is_dropped(minimal: Machine) -> None:
    minimal.give("sudo", SUDO)
    (minimal.folder / "clusters").write_text("14 main 5433 online\n")
    done = minimal.run("demo")
    assert done.returncode == 0, done.stderr
    assert minimal.calls("drop") == ["sudo drop --stop 15 main"]


def test_a_named_database_spares_the_installation_of_one(minimal: Machine) -> None:
    (minimal.folder / "has-ensurepip").touch()
    minimal.variables["FENGQIAO_DATABASE_URL"] = "postgresql+psycopg://db.example/fengqiao"
    assert minimal.run("demo").returncode == 0


@pytest.mark.parametrize("words", [("route", "in.csv"), ("--help",), ("areas", "--help"), ()])
def test_what_needs_no_database_does_not_ask_for_one(
    minimal: Machine, words: tuple[str, ...]
) -> None:
    (minimal.folder / "has-ensurepip").touch()
    assert minimal.run(*words).returncode == 0


def test_the_words_reach_the_command_untouched_and_stdout_is_its_own(ready: Machine) -> None:
    done = ready.run("geocode", "东塔街 12号", "--json", "*")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[geocode]\n[东塔街 12号]\n[--json]\n[*]\n"


def test_it_runs_through_a_link_and_keeps_everything_in_the_data_directory(ready: Machine) -> None:
    link = ready.folder / "bin" / "fengqiao"
    link.symlink_to(ready.script)
    before = sorted(ready.script.parent.rglob("*"))
    done = ready.run("demo", script=link)
    assert done.returncode == 0, done.stderr
    assert sorted(ready.script.parent.rglob("*")) == before
    assert list((ready.folder / "user").iterdir()) == []
    assert {path.name for path in ready.home.iterdir()} == {"cache", "venv", "link"}


def test_without_a_named_data_directory_it_uses_the_users_own(ready: Machine) -> None:
    ready.variables["FENGQIAO_HOME"] = ""
    assert ready.run("demo").returncode == 0
    assert (ready.folder / "user/.local/share/fengqiao/venv").is_dir()


def test_a_second_start_installs_nothing(ready: Machine) -> None:
    ready.run("demo")
    installs = ready.calls("-m pip install")
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    ready.run("demo")
    assert ready.calls("-m pip install") == installs


def test_a_killed_installation_is_thrown_away_and_made_anew(ready: Machine) -> None:
    ready.run("demo")
    (environment,) = ready.home.glob("venv/run-*")
    (environment / "ready").unlink()
    (environment / "half").touch()
    assert ready.run("demo").returncode == 0
    assert not (environment / "half").exists()
    assert (environment / "ready").exists()


def test_a_changed_lock_gets_an_environment_of_its_own(ready: Machine) -> None:
    ready.run("demo")
    with (ready.script.parent / "requirements" / "run.lock").open("a") as lock:
        lock.write("# newer\n")
    ready.run("demo")
    assert len(list(ready.home.glob("venv/run-*"))) == 2


def test_two_first_starts_at_once_install_once(ready: Machine) -> None:
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: ready.run("demo"), range(2)))
    assert [one.returncode for one in done] == [0, 0]
    assert len(ready.calls("-m venv")) == 1


def test_two_checkouts_share_an_environment_but_not_a_console_command(ready: Machine) -> None:
    other = ready.folder / "other"
    shutil.copytree(ready.script.parent, other)
    ready.run("demo")
    ready.run("demo", script=other / "fengqiao")
    assert len(list(ready.home.glob("venv/run-*"))) == 1
    assert len(list(ready.home.glob("link/*/bin/fengqiao"))) == 2


def test_a_data_directory_that_cannot_be_written_is_named(ready: Machine) -> None:
    ready.variables["FENGQIAO_HOME"] = "/proc/fengqiao"
    done = ready.run("demo")
    assert done.returncode == 1
    assert "/proc/fengqiao" in done.stderr
    assert "FENGQIAO_HOME=" in done.stderr


def test_an_unknown_benchmark_is_refused_by_name(ready: Machine) -> None:
    (ready.script.parent / "benchmarks").mkdir()
    done = ready.run("bench", "nonsense")
    assert done.returncode == 1
    assert "nonsense" in done.stderr
