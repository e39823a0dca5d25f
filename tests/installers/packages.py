"""Almost empty wheels and sdists that real installers accept."""

import io
import tarfile
import zipfile

# A sdist whose metadata is static, and a backend that needs nothing but itself to say the same.
_PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
_BACKEND = """import os

def prepare_metadata_for_build_wheel(folder, settings=None):
    info = "{name}-{version}.dist-info"
    os.mkdir(os.path.join(folder, info))
    with open(os.path.join(folder, info, "METADATA"), "w") as file:
        file.write({metadata!r})
    return info
"""
_TAR_MODES = {".tar.gz": "w:gz", ".tgz": "w:gz", ".tar.bz2": "w:bz2", ".tar.xz": "w:xz", ".tar": "w"}


def content(filename: str, project: str, version: str) -> bytes:
    """The bytes of a file of this name."""
    name = project.replace("-", "_")
    metadata = f"Metadata-Version: 2.2\nName: {project}\nVersion: {version}\n"
    if filename.endswith(".whl"):
        info = f"{name}-{version}.dist-info"
        wheel = "Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        return _zip({f"{info}/METADATA": metadata, f"{info}/WHEEL": wheel, f"{info}/RECORD": ""})
    backend = _BACKEND.format(name=name, version=version, metadata=metadata)
    files = {"PKG-INFO": metadata, "pyproject.toml": _PYPROJECT, "backend.py": backend}
    named = {f"{name}-{version}/{path}": text for path, text in files.items()}
    return _zip(named) if filename.endswith(".zip") else _tar(filename, named)


def _zip(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return packed.getvalue()


def _tar(filename: str, files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    mode = next(mode for ending, mode in _TAR_MODES.items() if filename.endswith(ending))
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload] # the mode is data
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()
