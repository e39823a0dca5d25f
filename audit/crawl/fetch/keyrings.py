"""The user's keyring, asked as pip asks it: the library if it is installed here, else the program ``keyring``."""

import json
import logging
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import partial

from audit.masking import masked_text
from audit.pip_settings import PipOptions, is_on

_log = logging.getLogger(__name__)

# From a service (an address or a host) and a name (or None) to a name and a password, if the keyring has them.
Keyring = Callable[[str, str | None], tuple[str, str] | None]


def keyring_of(options: PipOptions) -> Keyring:
    """The keyring that pip's ``keyring-provider`` chooses: auto (not with ``no-input``), import, subprocess.

    Nothing is loaded before the first question. A keyring that fails is reported in one line, and gives no password.
    """
    usual = "disabled" if is_on(options, "no-input") else "auto"
    provider = options.get("keyring-provider", "auto")
    return partial(_careful, usual if provider == "auto" else provider)


def _careful(provider: str, service: str, name: str | None) -> tuple[str, str] | None:
    try:
        ask = _provided(provider)
        return ask(service, name) if ask else None
    except Exception as error:  # a keyring's backend may raise anything
        _log.warning(
            "the keyring cannot be asked (%s): no password is taken from it",
            masked_text(str(error) or type(error).__name__),
        )
        return None


def _provided(provider: str) -> Keyring | None:
    ask = _library() if provider in {"auto", "import"} else None
    if ask is None and provider in {"auto", "subprocess"}:
        program = shutil.which("keyring")
        ask = partial(_ask_program, program) if program else None
    return ask


def _library() -> Keyring | None:
    try:
        import keyring  # noqa: PLC0415 - it is optional, and slow to load
    except ImportError:
        return None

    def ask(service: str, name: str | None) -> tuple[str, str] | None:
        found = keyring.get_credential(service, name)
        return (found.username, found.password) if found else None

    return ask


def _ask_program(program: str, service: str, name: str | None) -> tuple[str, str] | None:
    command = [program, "--mode=creds", "--output=json", "get", service, *([name] if name else [])]
    answer = subprocess.run(  # noqa: S603 - the user's own program; an address cannot begin with a dash
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if answer.returncode:
        return None
    credentials = json.loads(answer.stdout)
    return credentials["username"], credentials["password"]
