"""The set-up script, tried with programs that only pretend: a Python, a pip, an apt-get."""

import ast
import os
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import dev

ROT = Path(dev.__file__).parent

# Answers like an interpreter of the version in its own name, makes "environments", and logs what it is asked.
PYTHON = """#!/bin/sh
echo "$1 $2 $3" | /usr/bin/head -n 1 >> {logg}
case "$1 $2" in
  "-c "*) echo {version} ;;
  "-m venv") /bin/mkdir -p "$4/bin" && /bin/cp "$0" "$4/bin/python" ;;
  "-m pip") echo pip; test ! -e {logg}.trasig ;;
esac
"""


@pytest.fixture
def dator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Python or tool, and a clone with two locks on it."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/demo.txt").write_text("django==6.1\n")
    (tmp_path / "requirements/test.txt").write_text("django==6.1\npytest==9.0\n")
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "CI", False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.delenv("PLAN_PYTHON", raising=False)
    return tmp_path


def program(plats: Path, text: str) -> str:
    plats.parent.mkdir(parents=True, exist_ok=True)
    plats.write_text(text)
    plats.chmod(0o755)
    return str(plats)


def python(dator: Path, plats: str, version: str) -> str:
    return program(dator / plats, PYTHON.format(version=version, logg=dator / "logg"))


def fragor(dator: Path) -> list[str]:
    """What the pretended interpreters were asked to do, besides telling their version."""
    logg = dator / "logg"
    rader = logg.read_text().splitlines() if logg.exists() else []
    return [rad.split(" /")[0] for rad in rader if rad.startswith("-m") and "--version" not in rad]


# --- Which Python ------------------------------------------------------------------------------------------------


def test_skriptet_gar_att_starta_med_python_3_8() -> None:
    ast.parse((ROT / "dev.py").read_text(), feature_version=(3, 8))


def test_en_dod_genvag_och_en_gammal_python_valjs_inte(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dod = program(dator / "bin/python3.13", "#!/bin/sh\nexit 127\n")
    gammal = python(dator, "gammal", "3 11")
    ny = python(dator, "ny", "3 12")
    monkeypatch.setattr(dev, "candidates", lambda: iter([dod, gammal, str(dator / "saknas"), ny]))
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))
    assert dev.find_python() == ny


def test_den_python_som_kor_skriptet_duger_om_den_ar_ny_nog(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    egen = python(dator, "egen", "3 12")
    monkeypatch.setattr(sys, "_base_executable", egen)
    assert dev.find_python() == egen


def test_versionshanterarens_egna_mappar_genomsoks_med_3_13_forst(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(dator / "vh/shims"))
    tolv = python(dator, "vh/versions/3.12.1/bin/python3.12", "3 12")
    tretton = python(dator, "vh/versions/3.13.0/bin/python3.13", "3 13")
    program(dator / "vh/shims/python3.13", "#!/bin/sh\nexit 127\n")
    hittade = [namn for namn in dev.candidates() if namn.startswith(str(dator))]
    assert hittade == [tretton, tolv]


def test_utan_python_sags_vad_man_ska_gora(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "candidates", lambda: iter([]))
    monkeypatch.setattr(sys, "version_info", (3, 11, 2))
    with pytest.raises(SystemExit, match=r"behöver Python 3\.12 eller senare.*\n.*\n.*PLAN_PYTHON"):
        dev.find_python()


def test_debians_egen_python_far_det_den_saknar(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    egen = program(dator / "egen", f"#!/bin/sh\ntest -e {dator}/installerat && echo 3 13\n")
    monkeypatch.setattr(sys, "_base_executable", egen)
    monkeypatch.setattr(sys, "version_info", (3, 13, 5))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev, "candidates", lambda: iter([]))
    apt(dator, f'case "$*" in *python3.13-venv*) : > {dator}/installerat ;; esac')
    assert dev.find_python() == egen


def test_en_utpekad_python_som_inte_gar_att_kora_ar_ett_fel(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAN_PYTHON", program(dator / "trasig", "#!/bin/sh\nexit 127\n"))
    with pytest.raises(SystemExit, match="PLAN_PYTHON"):
        dev.find_python()


# --- The environment ---------------------------------------------------------------------------------------------


@pytest.fixture
def med_python(dator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAN_PYTHON", python(dator, "python", "3 13"))
    return dator


def test_forsta_gangen_byggs_miljon_och_andra_gangen_gors_ingenting(med_python: Path) -> None:
    dev.prepare("demo")
    assert fragor(med_python) == ["-m venv --clear", "-m pip install"]
    dev.prepare("demo")
    assert fragor(med_python) == ["-m venv --clear", "-m pip install"]


def test_testmiljon_racker_for_demon_men_inte_tvartom(med_python: Path) -> None:
    dev.prepare("demo")
    assert not dev.is_ready("test")
    dev.prepare("test")
    assert dev.is_ready("test")
    assert dev.is_ready("demo")


def test_en_ny_lasfil_installeras_i_den_miljo_som_finns(med_python: Path) -> None:
    dev.prepare("demo")
    (dev.VENV / "eget").write_text("utvecklarens")
    (med_python / "requirements/demo.txt").write_text("django==6.2\n")
    assert not dev.is_ready("demo")
    dev.prepare("demo")
    assert dev.is_ready("demo")
    assert (dev.VENV / "eget").exists()
    assert fragor(med_python).count("-m venv --clear") == 1


def test_en_avbruten_installation_gors_om_fran_borjan(med_python: Path) -> None:
    (med_python / "logg.trasig").touch()
    with pytest.raises(SystemExit, match="slutade med kod 1"):
        dev.prepare("demo")
    (med_python / "logg.trasig").unlink()
    dev.prepare("demo")
    assert dev.is_ready("demo")
    assert fragor(med_python).count("-m venv --clear") == 2


def test_en_miljo_vars_python_har_forsvunnit_byggs_om(med_python: Path) -> None:
    dev.prepare("demo")
    Path(dev.venv_python()).unlink()
    assert not dev.is_ready("demo")
    dev.prepare("demo")
    assert dev.is_ready("demo")


def test_uv_anvands_nar_det_gar_att_kora(med_python: Path) -> None:
    dev.prepare("demo")
    plats = med_python / "bin/uv"
    program(plats, "#!/bin/sh\nexit 127\n")
    assert dev.install_command("demo")[0] == dev.venv_python()
    program(plats, "#!/bin/sh\necho uv 1.0\n")
    assert dev.install_command("demo")[:3] == [str(plats), "pip", "install"]


@pytest.mark.parametrize("med_uv", [False, True])
def test_installationen_kraver_kontrollsummor(med_python: Path, med_uv: bool) -> None:
    dev.prepare("demo")
    if med_uv:
        program(med_python / "bin/uv", "#!/bin/sh\necho uv 1.0\n")
    assert "--require-hashes" in dev.install_command("demo")


def test_det_som_startas_far_spara_sin_bytekod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in dev.child_environment()


# --- Native programs -----------------------------------------------------------------------------------------------


@pytest.fixture
def bibliotek(dator: Path) -> dev.Native:
    """Something that is there once the pretended apt-get has installed it."""
    finns = dator / "installerat"
    return dev.Native(
        "Pango", lambda: "pango" if finns.exists() else None, ("libpango",), "brew install pango", "Ingen PDF"
    )


def apt(dator: Path, text: str) -> None:
    program(dator / "bin/apt-get", f'#!/bin/sh\necho "$@" >> {dator}/apt\n{text}\n')


def test_root_pa_debian_installerar_det_som_saknas(
    dator: Path, bibliotek: dev.Native, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt(dator, f'case "$*" in *install*) : > {dator}/installerat ;; esac')
    dev.prepare_native(bibliotek)
    assert re.findall("update|install.*", (dator / "apt").read_text()) == [
        "update",
        "install -y --no-install-recommends libpango",
    ]
    assert "saknas" not in capsys.readouterr().out


def test_nar_installationen_misslyckas_sags_varfor_och_vad_som_ska_goras(
    dator: Path, bibliotek: dev.Native, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "linux")
    apt(dator, "echo ingen kontakt; exit 100")
    dev.prepare_native(bibliotek)
    utskrift = capsys.readouterr().out
    assert "ingen kontakt" in utskrift
    assert "Pango saknas. Ingen PDF. Installera med: sudo apt-get install libpango" in utskrift


@pytest.mark.parametrize(("kand", "vantat"), [("lattare", "lattare"), ("annan", "tyngre")])
def test_av_tva_paket_valjs_det_forsta_som_datorn_kanner_till(dator: Path, kand: str, vantat: str) -> None:
    program(dator / "bin/apt-cache", f'#!/bin/sh\n[ "$2" = {kand} ] && echo Package: {kand}\n')
    assert dev.known_packages(["lattare|tyngre"]) == [vantat]


def test_en_vanlig_anvandare_far_veta_kommandot(
    dator: Path, bibliotek: dev.Native, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    apt(dator, "exit 0")
    dev.prepare_native(bibliotek)
    assert not (dator / "apt").exists()
    assert "Pango saknas" in capsys.readouterr().out


def test_i_ci_ar_det_som_saknas_ett_fel(bibliotek: dev.Native, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "CI", True)
    with pytest.raises(SystemExit, match="CI"):
        dev.prepare_native(bibliotek)


def test_en_webblasare_som_inte_startar_raknas_inte(dator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    program(dator / "bin/chromium", "#!/bin/sh\nexit 1\n")
    assert dev.find_chromium() is None
    egen = program(dator / "bin/google-chrome", "#!/bin/sh\necho Chrome 1\n")
    assert dev.find_chromium() == egen


# --- Commands and locks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "startas"),
    [
        (["demo", "--tom", "--port", "8123"], ["manage.py", "demo", "--tom", "--port", "8123"]),
        (["test", "-k", "foo"], ["-m", "pytest", "-k", "foo"]),
        (["manage", "fordela", "2024"], ["manage.py", "fordela", "2024"]),
    ],
)
def test_argumenten_gar_vidare(
    med_python: Path, monkeypatch: pytest.MonkeyPatch, argument: list[str], startas: list[str]
) -> None:
    monkeypatch.chdir(med_python)
    monkeypatch.setattr(dev, "prepare_native", lambda *_: None)
    anrop: list[tuple[str, ...]] = []
    monkeypatch.setattr(os, "execve", lambda _program, argv, _miljo: anrop.append(argv))
    assert dev.main(argument) == 0
    assert anrop == [(dev.venv_python(), *startas)]


def test_ett_okant_kommando_visar_hjalpen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROT)
    assert dev.main(["starta"]) == 2
    assert "python3 dev.py demo" in capsys.readouterr().out


def _last(namn: str) -> dict[str, str]:
    """Package → version in a lock; fails on a pin without a hash."""
    text = (ROT / "requirements" / f"{namn}.txt").read_text()
    # "paket==1.0 ; villkor \\" and a line for each hash; the lines before the first package are comments.
    _, *poster = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)
    assert poster, namn
    for post in poster:
        assert re.search(r"\\\n +--hash=sha256:[0-9a-f]{64}", post), post
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def _begarda() -> dict[str, list[Requirement]]:
    projekt = tomllib.loads((ROT / "pyproject.toml").read_text())
    demo = projekt["project"]["dependencies"]
    alla = {"demo": demo, "test": demo + projekt["dependency-groups"]["dev"]}
    return {namn: [Requirement(rad) for rad in rader] for namn, rader in alla.items()}


@pytest.mark.parametrize("namn", ["demo", "test"])
def test_lasfilen_har_allt_som_pyproject_begar(namn: str) -> None:
    last = _last(namn)
    for krav in _begarda()[namn]:
        assert krav.specifier.contains(last.get(canonicalize_name(krav.name), "0")), f"kör dev.py las: {krav}"


def test_det_som_testas_ar_det_som_kors() -> None:
    assert _last("demo").items() <= _last("test").items()


def test_det_appen_importerar_star_bland_det_som_kors() -> None:
    """The tests' environment holds more than the demo's, so what is missing there would not be missed here."""
    begarda = {canonicalize_name(krav.name) for krav in _begarda()["demo"]}
    paket_med = packages_distributions()
    egna = {"handlingsplan", "insatsomraden", "budget", "rapport"}
    filer = [fil for paket in egna for fil in (ROT / paket).rglob("*.py")]
    assert filer
    for fil in filer:
        for nod in ast.walk(ast.parse(fil.read_text())):
            namn = [alias.name for alias in nod.names] if isinstance(nod, ast.Import) else []
            namn += [nod.module] if isinstance(nod, ast.ImportFrom) and nod.module and not nod.level else []
            for modul in {rad.partition(".")[0] for rad in namn} - egna - sys.stdlib_module_names:
                assert begarda & set(map(canonicalize_name, paket_med.get(modul, []))), (
                    f"{fil.relative_to(ROT)} importerar {modul}"
                )


@pytest.mark.parametrize("namn", ["demo", "test"])
def test_lasfilen_namnger_inget_paketarkiv(namn: str) -> None:
    text = (ROT / "requirements" / f"{namn}.txt").read_text()
    assert not re.search(r"://|--(extra-)?index|--find-links", text)
