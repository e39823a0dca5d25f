"""Lists of requirements: what pip reads in them, which other lists they bring in, and which they do not."""

import contextlib
import os
from pathlib import Path

import pytest

from audit.errors import InputError
from audit.scan.inputs import read
from audit.scan.pins import Input

ONE, OTHER = "a1" * 32, "b2" * 32


def listed(text: str | bytes) -> Input:
    return read("-", text=text if isinstance(text, bytes) else text.encode())


def shown(found: Input) -> list[tuple[str, str | None, str, str]]:
    return [(pin.project, pin.version, pin.specifier, pin.pinned_by.value) for pin in found.pins]


def test_what_pins_what() -> None:
    found = listed(
        f"""# a comment
Spam.Eggs==1.0 ; python_version < "3.12"  # the old one
range >=1,<2
any
wild==1.*
arbitrary===1.0-odd
hashed[extra] == 2.0 \\
    --hash=sha256:{ONE} \\
    --hash sha256:{OTHER.upper()}
ranged>=3 --hash=sha512:{"c3" * 64} --config-settings "a=b c"
--only-binary :all:
--all-releases :all:
"""
    )
    assert shown(found) == [
        ("spam-eggs", "1.0", "==1.0", "version"),
        ("range", None, "<2,>=1", "range"),
        ("any", None, "", "range"),
        ("wild", None, "==1.*", "range"),
        ("arbitrary", "1.0-odd", "===1.0-odd", "version"),
        ("hashed", "2.0", "==2.0", "hash"),
        ("ranged", None, ">=3", "hash"),
    ]
    assert [pin.line for pin in found.pins] == [2, 3, 4, 5, 6, 7, 10]
    assert found.pins[0].marker == 'python_version < "3.12"'
    assert [(file.sha256, file.line) for file in found.pins[5].files] == [(ONE, 8), (OTHER, 9)]
    assert found.pins[6].files == ()


def test_what_no_index_has_and_no_password() -> None:
    found = listed(
        """spam @ https://ann:secret@files.example.org/spam-1.0.tar.gz?token=secret
https://ann:secret@files.example.org/eggs-1.0-py3-none-any.whl ; python_version > "3"
git+https://ann:secret@git.example.org/ham.git@main#egg=ham
-e git+ssh://git@git.example.org/jam.git#egg=jam
-e .
./folder
file:///srv/tea.tar.gz
"""
    )
    assert not found.pins
    assert [(each.line, each.name, each.what) for each in found.not_on_index] == [
        (1, "spam", "the address https://****@files.example.org/spam-1.0.tar.gz"),
        (2, "eggs", "the address https://****@files.example.org/eggs-1.0-py3-none-any.whl"),
        (3, "ham", "the repository git+https://****@main"),
        (4, "jam", "the repository git+ssh://****@git.example.org/jam.git"),
        (5, ".", "the path ."),
        (6, "folder", "the path ./folder"),
        (7, "tea.tar.gz", "the path file:///srv/tea.tar.gz"),
    ]


def test_the_index_is_kept_where_there_is_one() -> None:
    own = "-i https://ann:secret@index.example.org/simple?token=secret\nspam==1.0\n"
    assert [pin.index for pin in listed(own).pins] == ["https://****@index.example.org/simple"]
    assert [pin.index for pin in listed(f"{own}--extra-index-url https://example.org/simple\n").pins] == [None]


def test_lists_and_constraints_of_the_same_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "base.txt").write_text("spam>=1\neggs==1.0\n", "utf-8")
    folder = tmp_path / "requirements"
    folder.mkdir()
    (folder / "pins.txt").write_text(f"spam==1.5 --hash=sha256:{ONE}\nham==3.0\nlone<2\n", "utf-8")
    (folder / "dev.in").write_text("-r ../base.txt\n-r ../base.txt\n-c pins.txt\ntea\n", "utf-8")
    monkeypatch.chdir(folder)
    found = read("dev.in")
    assert shown(found) == [
        ("spam", "1.5", "==1.5", "hash"),
        ("eggs", "1.0", "==1.0", "version"),
        ("tea", None, "", "range"),
        ("ham", "3.0", "==3.0", "version"),
    ]
    assert [(pin.source, pin.line) for pin in found.pins] == [
        ("pins.txt", 1),
        ("../base.txt", 2),
        ("dev.in", 4),
        ("pins.txt", 2),
    ]


@pytest.mark.parametrize(
    "included", ["../secret.txt", "{above}/secret.txt", "link.txt", "/dev/zero", "https://a:secret@example.org/x.txt"]
)
def test_a_list_from_elsewhere_is_reported_and_not_read(tmp_path: Path, included: str) -> None:
    (tmp_path / "secret.txt").write_text("password = 1\n", "utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "link.txt").symlink_to("../secret.txt")
    (folder / "r.txt").write_text(f"spam==1.0\n-r {included.format(above=tmp_path)}\n", "utf-8")
    found = read(str(folder / "r.txt"))
    assert [pin.project for pin in found.pins] == ["spam"]
    [outside] = found.not_on_index
    assert outside.line == 2
    assert outside.what.endswith(
        " (lists are not fetched)" if ":" in included else " (outside of the input's folder: not read)"
    )
    assert ":secret@" not in outside.name + outside.what


def test_a_list_that_includes_itself_or_is_missing_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "folder.txt").mkdir()
    for included in ("pipe.txt", "loop.txt", "folder.txt", "gone.txt", "r.txt", "a\0b"):
        (tmp_path / "r.txt").write_text(f"-r {included}\n", "utf-8")
        with pytest.raises(InputError, match=r"\.txt(, line 1)?: "):
            read(str(tmp_path / "r.txt"))


def test_lists_in_each_other_are_bounded(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"-r {number + 1}.txt\n" * 10, "utf-8")
    with pytest.raises(InputError, match=r"20\.txt, line 1: lists that are at most 20 deep"):
        read(str(tmp_path / "0.txt"))
    (tmp_path / "flat.txt").write_text("".join(f"-r list-{number}.txt\n" for number in range(300)), "utf-8")
    for number in range(300):
        (tmp_path / f"list-{number}.txt").write_text("spam\n", "utf-8")
    with pytest.raises(InputError, match="at most 200 lists"):
        read(str(tmp_path / "flat.txt"))


def test_standard_input_brings_in_nothing() -> None:
    [outside] = listed("-r base.txt\n").not_on_index
    assert outside.what == "the list base.txt (standard input has no folder)"


@pytest.mark.parametrize(
    "text",
    [
        "spam==1.0\n$$$\n",
        "\nspam = 1.0\n",
        "#\n--no-such-option\n",
        "#\n-r 'a\n",
        "\n" + "x" * 9000,
        "\n" + "a" * (2 << 20),
    ],
)
def test_a_line_that_does_not_fit_is_reported_without_its_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        listed(text)
    assert caught.value.line == 2
    assert "expected" in str(caught.value)
    assert text.splitlines()[1] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "spam==1.0" + " " * 5_000_000 + "\n",
        " \\\n" * 500_000 + "spam==1.0\n",
        "#" * 10_000_000 + "\nspam==1.0",
        "spam==1.0 ; " + "(" * 5_000 + "os_name == 'x'" + ")" * 5_000,
        "a " * 400_000,
    ],
)
def test_a_hostile_line_takes_no_time(text: str) -> None:
    with contextlib.suppress(InputError):
        assert [pin.project for pin in listed(text).pins] == ["spam"]


@pytest.mark.parametrize(
    "body",
    [
        "spam==1.0 # ä\n".encode(),
        "spam==1.0 # ä\n".encode("utf-8-sig"),
        "spam==1.0 # ä\n".encode("utf-16"),
        "spam==1.0 # ä\n".encode("utf-32"),
        "# -*- coding: latin-1 -*-\nspam==1.0 # ä\n".encode("latin-1"),
    ],
)
def test_codings_are_those_of_pip(body: bytes) -> None:
    assert [pin.project for pin in listed(body).pins] == ["spam"]


@pytest.mark.parametrize(
    "body", [b"# coding: nonsense\n", b"# coding: hex\n\xff", b"# coding: ascii\n\xff", b"a\n\xff\xfe"]
)
def test_an_unknown_coding_is_an_error(body: bytes) -> None:
    with pytest.raises(InputError, match=r"-, line [12]: "):
        listed(body)


def test_a_list_of_a_million_lines_is_refused() -> None:
    with pytest.raises(InputError, match="at most 1,000,000 lines"):
        listed("\n" * 1_000_001)
