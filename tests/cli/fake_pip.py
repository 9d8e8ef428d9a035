"""A stand-in for pip: `python -m pip` of an environment that a test has made. Run, never imported.

It does what a real one did, as far as the command under test can see: it prints the lines of a real
build, and puts files with their records into the environment it runs in. `FAKE_PIP` says, as JSON,
how each of its commands is to go; what it was called with is written into `FAKE_PIP_FOLDER`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

SITE = Path(sysconfig.get_path("purelib"))
PLAN: dict[str, str] = json.loads(os.environ.get("FAKE_PIP", "{}"))
FOLDER = Path(os.environ["FAKE_PIP_FOLDER"])
STEPS = 8
BEFORE = (
    "Collecting llama-cpp-python==0.3.36",
    "Progress 0 of 76600000",
    "Progress 76600000 of 76600000",
    "  Installing build dependencies: started",
    "  Installing build dependencies: finished with status 'done'",
    "  Getting requirements to build wheel: started",
    "  *** scikit-build-core 1.1.2 using CMake 3.25.1 (metadata_wheel)",
    "  Building wheel for llama_cpp_python (pyproject.toml): started",
    "  *** Configuring CMake...",
    "  -- The CXX compiler identification is GNU 12.2.0",
    "  *** Building project with Ninja...",
)
AFTER = (
    "  *** Installing project into wheel...",
    "  *** Making wheel...",
    "Successfully built llama_cpp_python",
)
ERROR = (
    "  FAILED: vendor/llama.cpp/src/CMakeFiles/llama.dir/llama.cpp.o",
    "  c++: fatal error: Killed signal terminated program cc1plus",
    "  compilation terminated. " + "x" * 4000,
    "ERROR: Failed building wheel for llama_cpp_python",
)
LIBRARY = """
import ctypes, os
{loading}
llama_log_callback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
def llama_log_set(callback, data): pass
def llama_backend_init(): pass
def llama_version(): return b"0.5.0"
def llama_print_system_info(): return b"CPU : AVX2 = 1 | AMX = 0 | OPENMP = 1 | "
def llama_supports_gpu_offload(): return False
"""
LOADING = {
    "": "",
    "broken": "raise RuntimeError('undefined symbol: llama_version')",
    "crashing": "os.kill(os.getpid(), 4)",
}


def say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def wheel(arguments: list[str]) -> int:
    say(*BEFORE)
    how = PLAN.get("wheel", "")
    for step in range(1, STEPS + 1):
        say(f"  [{step}/{STEPS}] /usr/bin/c++ -O3 -c file.cpp")
        if step == STEPS // 2 and how == "fails":
            say(*ERROR)
            return 1
        if step == STEPS // 2 and how == "hangs":
            compiler = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            (FOLDER / "compiler").write_text(str(compiler.pid))
            time.sleep(600)
    say(*AFTER)
    folder = Path(arguments[arguments.index("--wheel-dir") + 1])
    folder.mkdir()
    (folder / "llama_cpp_python-0.3.36-py3-none-any.whl").touch()
    return 0


def download(arguments: list[str]) -> int:
    folder = Path(arguments[arguments.index("--dest") + 1])
    for name in ("numpy", "diskcache"):
        if name in arguments:
            (folder / f"{name}-9.9-py3-none-any.whl").touch()
    return 0


def install(arguments: list[str]) -> int:
    folder = Path(arguments[arguments.index("--find-links") + 1])
    for each in folder.glob("*.whl"):
        name, version = each.name.split("-")[:2]
        put_in(name, version, LOADING[PLAN.get("library", "")])
        if PLAN.get("install") == "waits":
            (FOLDER / "installing").touch()
            while not (FOLDER / "go on").exists():
                time.sleep(0.01)
    return 0


def put_in(name: str, version: str, loading: str) -> None:
    """Writes a package with metadata and a record."""
    package = "llama_cpp" if name == "llama_cpp_python" else name
    (SITE / package).mkdir()
    files = {f"{package}/__init__.py": f"__version__ = {version!r}"}
    if package == "llama_cpp":
        files["llama_cpp/llama_cpp.py"] = LIBRARY.format(loading=loading)
    information = f"{name}-{version}.dist-info"
    (SITE / information).mkdir()
    files[f"{information}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[f"{information}/RECORD"] = "".join(f"{place},,\n" for place in files)
    for place, text in files.items():
        (SITE / place).write_text(text)


def uninstall(arguments: list[str]) -> int:
    if PLAN.get("uninstall") == "fails":
        say("ERROR: Cannot uninstall")
        return 1
    for name in (each for each in arguments if not each.startswith("-")):
        module = {"llama-cpp-python": "llama_cpp"}.get(name, name)
        shutil.rmtree(SITE / module)
        for information in SITE.glob(f"{name.replace('-', '_')}-*.dist-info"):
            shutil.rmtree(information)
    return 0


def main() -> int:
    command, *arguments = sys.argv[1:]
    call: dict[str, object] = {"arguments": sys.argv[1:], "environment": dict(os.environ)}
    if "--requirement" in arguments:
        file = Path(arguments[arguments.index("--requirement") + 1])
        call["requirement"] = file.read_text()
        call["lean"] = (file.parent / "lean.cmake").read_text()
    with (FOLDER / "calls").open("a") as calls:
        calls.write(json.dumps(call) + "\n")
    known = {"wheel": wheel, "download": download, "install": install, "uninstall": uninstall}
    return known[command](arguments)


if __name__ == "__main__":
    sys.exit(main())
