"""No secret leaks: random ones in every place for an address, then everything that the program prints and writes."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
import stamina
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.cli.programs import run_here
from tests.faults.documents import document
from tests.faults.server import FaultServer, answer, running, say

# Characters that no other text has, nor the base64 of one: any leaked piece of a secret shows at least one of them.
MARKS = ("Q~Q", "Z~Z")
SECRETS = st.text("x8/?#@:%&=+'\"[\\é ", max_size=5).map(lambda text: f"Q~Q{text}Z~Z")
PROXIED = "index.invalid"


@dataclass(frozen=True)
class Case:
    """Where the index's address is given, how its secrets are spelled, what the index does, and more."""

    secret: str
    place: str
    is_encoded: bool
    answer: str
    proxy: str | None
    json_url: str | None

    @property
    def word(self) -> str:
        return quote(self.secret, safe="") if self.is_encoded else self.secret

    def index_url(self, server: FaultServer) -> str:
        host = f"http://127.0.0.1:{server.port}" if self.proxy is None else f"https://{PROXIED}"
        query = f"?token={self.word}" if self.is_encoded else ""
        return f"{host.replace('://', f'://{self.word}:{self.word}@')}/simple/{query}"

    def environment(self, server: FaultServer) -> Iterator[tuple[str, str]]:
        names = {"variable": "RELEASE_AUDIT_INDEX_URL", "pip": "PIP_INDEX_URL"}
        if self.place in names:
            yield names[self.place], self.index_url(server)
        if self.proxy:
            yield "HTTPS_PROXY", self.proxy.format(word=self.word, port=server.port)

    def options(self, server: FaultServer) -> list[str]:
        return ["--index-url", self.index_url(server)] if self.place == "option" else []


CASES = st.builds(
    Case,
    SECRETS,
    st.sampled_from(["option", "variable", "pip", "settings"]),
    st.booleans(),
    st.sampled_from(["found", "401", "403", "407", "moved", "moved badly", "not HTTP", "not JSON"]),
    st.sampled_from(
        [None, None, "http://{word}:{word}@127.0.0.1:{port}", "{word}:{word}@127.0.0.1:9", "http://{word}"]
    ),
    st.sampled_from(
        [None, "https://{word}@json.invalid/", "http://u:{word}@127.0.0.1:9/x", "ftp://{word}@x/", "u:{word}@x"]
    ),
)


def script(server: FaultServer, case: Case) -> None:
    """Sets what the index answers, or what the proxy does when a tunnel is asked for."""
    last = "Connection: close"  # with one attempt, a request on a connection that just closed counts as failed
    badly = quote(case.secret, safe="/?#@:")
    raw = {
        "found": answer(document(), last),
        "moved": answer(b"", f"Location: https://u:{quote(case.secret)}@elsewhere.invalid/", last, status="302 Found"),
        "moved badly": answer(b"", f"Location: http://u:{badly}@x:y/", last, status="302 Found"),
        "not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
        "not JSON": answer(b"<html>", last),
    }.get(case.answer) or answer(b"", last, status=f"{case.answer} Refused")
    for path in ("/simple/", "/simple/spam/", "/pypi/spam/json", f"{PROXIED}:443"):
        server.scripts[path] = [say(raw, is_last=True)]


@contextmanager
def placed(case: Case, server: FaultServer) -> Iterator[Path]:
    """A home that is the working directory, with a netrc and, if the case has one, a settings file."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        home = Path(name)
        for variable in ("PIP_CERT", "PIP_INDEX_URL", "PIP_PROXY", "HTTPS_PROXY", "https_proxy", "NETRC"):
            patch.delenv(variable, raising=False)
        patch.setenv("HOME", name)
        patch.setenv("PIP_CONFIG_FILE", str(home / "none"))
        patch.chdir(home)
        (home / ".netrc").write_text(f"machine json.invalid login {case.secret} password {case.secret}\n", "utf-8")
        if case.place == "settings":
            quoted = json.dumps(case.index_url(server), ensure_ascii=False)
            (home / "release-audit.toml").write_text(f"index-url = {quoted}\n", "utf-8")
        for variable, value in case.environment(server):
            patch.setenv(variable, value)
        yield home


def said(*arguments: str) -> str:
    """All that the program writes to its two streams."""
    ended = run_here(*arguments)
    return ended.stdout + ended.stderr


def tables(folder: Path) -> Mapping[str, str]:
    return {str(path): str(pq.read_table(path).to_pylist()) for path in folder.rglob("*.parquet") if path.is_file()}


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with running() as server:
        yield server


@pytest.mark.slow
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example is eight commands
)
@given(CASES)
@example(Case("Q~Q/Z~Z", "option", False, "found", None, None))
@example(Case("Q~Q?Z~Z", "settings", False, "found", None, None))
@example(Case("Q~Q@8/Z~Z", "variable", False, "found", None, None))
@example(Case("Q~Q#Z~Z", "pip", True, "moved badly", None, "https://{word}@json.invalid/"))
@example(Case("Q~QZ~Z", "pip", True, "found", None, None))
@example(Case("Q~Q:Z~Z", "pip", True, "found", "{word}:{word}@127.0.0.1:9", None))
@example(Case("Q~QZ~Z", "pip", True, "407", "http://{word}:{word}@127.0.0.1:{port}", None))
@example(Case("Q~Q/Z~Z", "pip", True, "403", "http://{word}:{word}@127.0.0.1:{port}", "http://u:{word}@127.0.0.1:9/x"))
def test_no_secret_gets_out(server: FaultServer, case: Case) -> None:
    script(server, case)
    with placed(case, server) as home, stamina.set_testing(True, attempts=1):
        json_url = ["--json-url", case.json_url.format(word=case.word)] if case.json_url else []
        index = case.options(server)
        stray = f"http://{case.word}@h/".replace(" ", "")  # in a text, an address ends at a blank
        texts = {
            command: said(*(command.split() if "://" not in command else [command]), *options)
            for command, options in {
                "crawl -v --dataset d --project spam": [*index, *json_url],
                "crawl -v --dataset d --project spam --api simple": index,
                "crawl -v --dataset d --whole-index": index,
                "crawl -v --help": [],
                "config": index,
                "doctor -v installation index": [*index, *json_url],
                "status -v --dataset d": [],
                "sql -v --dataset d": ["select * from crawls"],
                "crawl": [stray],
                "config --api": [f"{stray}\udc80"],
                stray: [],
            }.items()
        }
        texts |= tables(home / "d")
        texts |= {str(path): path.read_text("latin-1") for path in (home / "d").rglob("*") if path.is_file()}
    is_plain = case.answer == "found" and case.is_encoded and not (case.proxy or case.json_url)
    assert not is_plain or any(where.endswith("crawls.parquet") or "crawls/" in where for where in texts), "all is well"
    assert not [where for where, text in texts.items() if "unexpected error: " in text]
    leaks = [(where, text[-3000:]) for where, text in texts.items() if any(mark in text for mark in MARKS)]
    assert not leaks
