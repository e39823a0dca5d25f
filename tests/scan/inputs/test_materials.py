"""Bills of materials."""

import json
from typing import Any

import pytest

from audit.errors import InputError
from tests.scan.inputs.shown import ONE, OTHER, elsewhere_of, files_of, given, pins_of

SHA = {"alg": "SHA-256", "content": ONE}
WHEEL = "https://files.example.org/spam-1.0-py3-none-any.whl"
CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"component": {"name": "app", "purl": "pkg:pypi/app@0.1"}},
    "components": [
        {
            "name": "spam",
            "purl": "pkg:pypi/spam@1.0",
            "externalReferences": [
                {"type": "website", "url": "https://example.org"},
                {"type": "distribution", "url": WHEEL, "hashes": [SHA]},
            ],
        },
        {
            "name": "outer",
            "purl": "pkg:npm/outer@1.0",
            "components": [
                {"name": "eggs", "purl": "pkg:pypi/eggs@2.0", "hashes": [{"alg": "SHA-256", "content": OTHER}]}
            ],
        },
        {"name": "bare", "purl": "pkg:pypi/Bare.Name@3.0%2Blocal"},
        {
            "name": "named",
            "purl": "pkg:pypi/named@3.0?file_name=named-3.0.tar.gz&repository_url=https://a:secret@example.org",
        },
        {"name": "ham", "purl": "pkg:pypi/ham@4.0?vcs_url=git%2Bhttps://ann:secret@git.example.org/ham.git"},
        {"name": "nobody"},
    ],
}


def test_cyclonedx() -> None:
    found = given(json.dumps(CYCLONEDX, indent=2))
    assert found.format == "CycloneDX"
    assert [pin.split(" ", 1)[1] for pin in pins_of(found)] == [
        "spam 1.0 filename",
        "eggs 2.0 filename",
        "bare-name 3.0+local version",
        "named 3.0 filename from https://****@example.org",
    ]
    assert [(name, sha256) for _, name, sha256 in files_of(found)] == [
        ("spam-1.0-py3-none-any.whl", ONE),
        (None, OTHER),
        ("named-3.0.tar.gz", None),
    ]
    assert [what for _, _, what in elsewhere_of(found)] == ["the repository git+https://****@git.example.org/ham.git"]


def test_hashes_of_many_files_at_one_place_have_no_names() -> None:
    both = [SHA, {"alg": "SHA-256", "content": OTHER}, {"alg": "MD5", "content": "00"}]
    component = {
        "purl": "pkg:pypi/spam@1.0",
        "externalReferences": [{"type": "distribution", "url": WHEEL, "hashes": both}],
    }
    found = given(json.dumps({"bomFormat": "CycloneDX", "components": [component]}))
    assert files_of(found) == [(1, None, ONE), (1, None, OTHER)]


@pytest.mark.parametrize(
    "document",
    [
        {
            "spdxVersion": "SPDX-2.3",
            "packages": [
                {
                    "name": "spam",
                    "versionInfo": "1.0",
                    "downloadLocation": WHEEL,
                    "checksums": [{"algorithm": "SHA256", "checksumValue": ONE}],
                    "externalRefs": [
                        {
                            "referenceCategory": "PACKAGE-MANAGER",
                            "referenceType": "purl",
                            "referenceLocator": "pkg:pypi/spam@1.0",
                        }
                    ],
                },
                {"name": "app", "downloadLocation": "NOASSERTION"},
            ],
        },
        {
            "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
            "@graph": [
                {"type": "SpdxDocument"},
                {
                    "type": "software_Package",
                    "software_packageUrl": "pkg:pypi/spam@1.0",
                    "software_downloadLocation": WHEEL,
                    "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": ONE}],
                },
            ],
        },
    ],
)
def test_spdx(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=2)
    found = given(text)
    assert found.format.startswith("SPDX")
    [pin] = found.pins
    assert (pin.project, pin.version, pin.pinned_by) == ("spam", "1.0", "filename")
    [(line, name, sha256)] = files_of(found)
    assert (name, sha256) == ("spam-1.0-py3-none-any.whl", ONE)
    for number, wanted in ((line, ONE), (pin.line, "pkg:pypi/spam@1.0")):
        assert number is not None
        assert wanted in text.splitlines()[number - 1]


def test_deep_nesting_is_refused() -> None:
    text = '{"bomFormat": "CycloneDX", "components": ' + '[{"components": ' * 50_000
    misfit = '{"bomFormat": "CycloneDX", "components": [{"purl": 1, "x": ' + "[" * 3_000 + "]" * 3_000 + "}]}"
    for whole in (text, text + "[]" + "}]" * 50_000 + "}", misfit):
        with pytest.raises(InputError):
            given(whole)


def test_a_wrong_purl_is_an_error() -> None:
    with pytest.raises(InputError, match="a purl is expected"):
        given('{"bomFormat": "CycloneDX", "components": [{"purl": "pkg:pypi/"}]}')
