"""The machine and the versions that numbers were measured with; neither its name nor any path."""

import os
import platform
import subprocess
from importlib.metadata import version

import psutil

from benchmarks.server import is_installed

_LIBRARIES = ("aiohttp", "duckdb", "httpx", "msgspec", "pyarrow", "pyreqwest")


def machine() -> str:
    """Cores, memory and kernel."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()}, {platform.machine()}"


def load() -> float:
    """How many processes wanted a core in the last minute; above 0 before a benchmark means that others ran too."""
    return os.getloadavg()[0]


def versions() -> str:
    """Python, nginx, and the libraries that the numbers hang on."""
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return ", ".join([f"Python {platform.python_version()}", _nginx(), *libraries])


def _nginx() -> str:
    if not is_installed():
        return "no nginx"
    output = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
    return f"nginx {output.rpartition('/')[2].strip()}"
