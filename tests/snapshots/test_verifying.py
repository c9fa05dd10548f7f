"""`verify` names the very file that differs, and says whose signature it is."""

from __future__ import annotations

import io
import json
import re
import shutil
import stat
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lagesbild.domain.errors import ConfigError, InputError
from lagesbild.snapshots import keys
from lagesbild.snapshots.bundle import Bundle, seal
from lagesbild.snapshots.keys import PrivateKey, PublicKey, create_pair, read_private, read_public
from lagesbild.snapshots.manifest import MANIFEST, SIGNATURE
from lagesbild.snapshots.packing import pack
from lagesbild.snapshots.verifying import check, summary, verify
from tests.snapshots.made import bundle, facts

DOC = (Path(__file__).resolve().parents[2] / "docs" / "snapshots.md").read_text(encoding="utf-8")
KEY, OTHER = PrivateKey(bytes(range(32))), PrivateKey(bytes(range(1, 33)))


def _zip(entries) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_whole_snapshot_is_genuine_also_when_another_program_packed_it_anew():
    made = bundle()
    assert verify(pack(made)).genuine
    report = verify(_zip(made.entries))
    assert report.genuine
    assert report.checksum == made.checksum
    assert report.sentences()[0].endswith("är äkta.")


def test_each_kind_of_fault_names_its_file():
    entries = bundle(extra={"index.html": b"a", "blad.pdf": b"b", "xlsx/alla.xlsx": b"c"}).entries
    entries["index.html"] = b"A"
    del entries["blad.pdf"]
    entries["ny.txt"] = b"?"
    report = verify(_zip(entries), shown="bild.zip")
    assert (report.differ, report.missing, report.extra) == (("index.html",), ("blad.pdf",), ("ny.txt",))
    assert len(report.same) == 4
    assert not report.genuine
    text = report.sentences()
    assert text[0] == "”bild.zip” är inte äkta."
    assert "index.html: innehållet är ett annat än när bilden gjordes." in text
    assert "blad.pdf: saknas." in text
    assert "ny.txt: hör inte till bilden." in text
    assert "4 av 6 filer är oförändrade." in text
    assert summary(report) == "inte äkta: index.html, blad.pdf och ny.txt"
    assert report.as_json()["differ"] == ["index.html"]


FILES = {f"f{k}.csv": bytes([k]) * (k + 1) for k in range(5)}


@given(
    changed=st.sets(st.sampled_from(sorted(FILES))),
    removed=st.sets(st.sampled_from(sorted(FILES))),
    added=st.sets(st.sampled_from(["x.csv", "y/z.csv"])),
)
def test_exactly_what_was_done_is_told(changed, removed, added):
    made = seal(FILES, facts())
    left = {n: (c + b"!" if n in changed else c) for n, c in FILES.items() if n not in removed}
    report = check(replace(made, files={**left, **dict.fromkeys(added, b"")}), "x")
    assert set(report.differ) == changed - removed
    assert set(report.missing) == removed
    assert set(report.extra) == added
    assert report.whole == (not (changed | removed | added))


def test_a_signature_is_tried_with_the_key_in_the_snapshot_or_better_with_the_readers():
    made = bundle(key=KEY)
    own = check(made, "x")
    assert (own.signature, own.trusted, own.genuine) == ("valid", False, True)
    assert "Vems den är prövas först" in own.sentences()[-1]
    given = check(made, "x", KEY.public)
    assert (given.signature, given.trusted, given.genuine) == ("valid", True, True)
    assert "den angivna nyckeln" in given.sentences()[-1]
    assert pack(made) == pack(bundle(key=KEY)), "a signature draws no random numbers"


def test_signed_by_another_is_not_genuine_for_who_asks_for_one_key():
    report = check(bundle(key=OTHER), "x", KEY.public)
    assert (report.signature, report.whole, report.genuine) == ("other_key", True, False)
    assert OTHER.public.key_id in report.sentences()[-1]
    assert KEY.public.key_id in report.sentences()[-1]


def test_unsigned_is_genuine_only_for_who_asks_for_no_key():
    assert check(bundle(), "x").genuine
    assert "inte signerad" in check(bundle(), "x").sentences()[-1]
    report = check(bundle(), "x", KEY.public)
    assert not report.genuine
    assert KEY.public.key_id in report.sentences()[-1]


def test_a_removed_signature_and_a_changed_manifest_are_told_apart():
    made = bundle(key=KEY)
    removed = check(replace(made, signature=None), "x")
    assert (removed.signature, removed.genuine) == ("removed", False)
    assert "saknas" in removed.sentences()[-1]
    changed = made.manifest_bytes.replace(b'"threshold": 5', b'"threshold": 1')
    wrong = verify(_zip({**made.entries, MANIFEST: changed}))
    assert (wrong.signature, wrong.whole, wrong.genuine) == ("wrong", True, False)
    assert summary(wrong) == "inte äkta: signaturen"
    for signature in (b"", b"x" * 63, made.signature[:-1] + b"\0"):
        assert verify(_zip({**made.entries, SIGNATURE: signature})).signature == "wrong"


def test_a_forger_who_signs_anew_is_caught_by_the_readers_key_alone():
    forged = seal({"data.csv": b"falskt"}, facts(), OTHER)
    assert check(forged, "x").genuine
    assert not check(forged, "x", KEY.public).genuine


def test_a_key_id_that_is_not_the_keys_own_is_wrong():
    made = bundle(key=KEY)
    raw = json.loads(made.manifest_bytes)
    raw["signing"]["key_id"] = OTHER.public.key_id
    content = json.dumps(raw).encode()
    entries = {**made.entries, MANIFEST: content, SIGNATURE: KEY.sign(content)}
    assert verify(_zip(entries)).signature == "wrong"


def test_a_new_pair_signs_and_is_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "nyckel.pem"
    public = create_pair(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_private(path).public == public
    for text in (str(tmp_path / "nyckel.pem.pub"), public.base64):
        assert read_public(text) == public
    assert check(bundle(key=read_private(path)), "x", public).genuine
    assert read_private(path).raw.hex() not in repr(read_private(path))


def test_a_key_is_never_written_over_and_no_half_pair_is_left(tmp_path):
    path = tmp_path / "nyckel.pem"
    create_pair(path)
    before = path.read_bytes()
    with pytest.raises(InputError, match="finns redan"):
        create_pair(path)
    assert path.read_bytes() == before
    (tmp_path / "annan.pem.pub").write_text("upptagen")
    with pytest.raises(InputError):
        create_pair(tmp_path / "annan.pem")
    assert not (tmp_path / "annan.pem").exists()


def test_a_key_as_base64_is_the_same_key(tmp_path):
    import base64

    path = tmp_path / "nyckel"
    path.write_bytes(base64.b64encode(KEY.raw) + b"\n")
    assert read_private(path) == KEY


@pytest.mark.parametrize("content", [b"", b"abc", b"-----BEGIN PRIVATE KEY-----\nfel\n", b"\xff" * 40])
def test_what_is_no_key_says_so(tmp_path, content):
    path = tmp_path / "nyckel"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="nyckel"):
        read_private(path)
    with pytest.raises(InputError, match="nyckel"):
        read_public(str(path))


def test_a_secret_key_given_as_the_open_one_is_refused(tmp_path):
    create_pair(tmp_path / "nyckel.pem")
    with pytest.raises(InputError, match="hemlig"):
        read_public(str(tmp_path / "nyckel.pem"))


def test_keys_of_another_kind_are_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    key = X25519PrivateKey.generate()
    path = tmp_path / "annan.pem"
    path.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()))
    with pytest.raises(ConfigError, match="annat slag"):
        read_private(path)
    path.write_bytes(key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo))
    with pytest.raises(InputError, match="annat slag"):
        read_public(str(path))


def test_a_missing_key_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="LAGESBILD_SIGNING_KEY"):
        read_private(tmp_path / "finns-inte")
    for text in (str(tmp_path / "finns-inte"), "a\0b"):
        with pytest.raises(InputError, match="--key"):
            read_public(text)


@pytest.mark.parametrize("raw", [b"", b"x" * 31, b"x" * 33])
def test_a_public_key_in_a_manifest_that_is_none_is_not_believed(raw):
    import base64

    told = keys.signing(KEY).model_copy(update={"public_key": base64.b64encode(raw).decode()})
    assert keys.from_signing(told) is None
    assert not PublicKey(b"\0" * 31).holds(b"x" * 64, b"")


def _shown(pattern: str) -> str:
    """The command as docs/snapshots.md shows it."""
    found = re.search(pattern, DOC, re.MULTILINE)
    assert found
    return found[0]


def _by_hand(made: Bundle, folder, *command: str) -> subprocess.CompletedProcess[str]:
    with zipfile.ZipFile(io.BytesIO(pack(made))) as archive:
        archive.extractall(folder)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_signature_can_be_verified_by_openssl(tmp_path):
    create_pair(tmp_path / "nyckel.pem")
    command = (
        "bash", "-c", _shown(r"^openssl pkeyutl .*$").replace("avsandare.pub", str(tmp_path / "nyckel.pem.pub"))
    )  # fmt: skip
    made = bundle(key=read_private(tmp_path / "nyckel.pem"))
    assert _by_hand(made, tmp_path / "a", *command).returncode == 0
    assert _by_hand(replace(made, signature=b"x" * 64), tmp_path / "b", *command).returncode != 0


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_the_checksums_can_be_verified_by_sha256sum(tmp_path):
    command = ("bash", "-c", f"set -o pipefail; {_shown(r'^python3 -c .*sha256sum.*$')}")
    made = bundle()
    assert _by_hand(made, tmp_path / "a", *command).returncode == 0
    wrong = replace(made, files={**made.files, "data/waits.csv": b"annat"})
    assert _by_hand(wrong, tmp_path / "b", *command).returncode != 0
