"""The line to the server: encrypted where asked for, only to who can prove its name, silent about secrets."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.settings import MailSettings
from tasks.adapters.mail import Line, Parcel, Server
from tasks.domain.server_answer import Answer
from tasks.mail.claiming import LEASE
from tests.mail.post import PASSWORD, Post, server, serving

PARCEL = Parcel("daybook@daybook.example", "wang@example.test", b"Message-ID: <1@x>\r\n\r\nx\r\n")


@dataclass(frozen=True, slots=True)
class Certificates:
    """An authority of this test, and what a server on this machine shows: a right and a wrong name."""

    authority: Path
    right: ssl.SSLContext
    wrong: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    authority = (
        _begun(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "authority.pem"
    path.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    here, elsewhere = x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("mail.example.test")
    return Certificates(path, *(_shown(folder, place, name, key) for place in (here, elsewhere)))


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
    )


def _shown(
    folder: Path, place: x509.GeneralName, issuer: x509.Name, signer: ec.EllipticCurvePrivateKey
) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
    signed = (
        _begun(subject, issuer, key.public_key())
        .add_extension(x509.SubjectAlternativeName([place]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    path = folder / f"{place.value}.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path)
    return context


def _handed_over(to: Server) -> Answer | None:
    async def yes() -> bool:
        return True

    async def hand_over() -> Answer | None:
        line = Line(to)
        try:
            return await line.open() or await line.hand_over(PARCEL, yes)
        finally:
            await line.close()

    return asyncio.run(hand_over())


@pytest.mark.parametrize("user", ["", "daybook"])
@pytest.mark.parametrize("tls", ["none", "starttls", "tls"])
def test_mail_goes_over_each_kind_of_line(certificates: Certificates, tls: str, user: str) -> None:
    with serving(Post(user=user), tls, certificates.right) as post:
        to = server(post.port, tls=tls, user=user, password=PASSWORD, authority=certificates.authority)
        answer = _handed_over(to)
    assert answer == Answer("after-data", 250, "taken")
    assert post.times() == {"wang@example.test": 1}


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["wrong name", "unknown authority", "no encryption"])
def test_no_mail_and_no_password_goes_to_a_server_that_cannot_prove_who_it_is(
    certificates: Certificates, tls: str, fault: str
) -> None:
    shown = certificates.wrong if fault == "wrong name" else certificates.right
    with serving(Post(user="daybook"), "none" if fault == "no encryption" else tls, shown) as post:
        to = server(post.port, tls=tls, user="daybook", password=PASSWORD, authority=certificates.authority)
        answer = _handed_over(replace(to, authority=None) if fault == "unknown authority" else to)
    assert answer is not None
    assert (answer.stage, answer.code) == ("connect", None)
    assert (post.received, post.logins) == ([], 0)
    if fault != "no encryption":
        assert "certificate" in answer.text.lower()


def test_a_server_that_wants_a_login_says_so_where_none_is_set() -> None:
    with serving(Post(user="daybook")) as post:
        assert _handed_over(server(post.port)) == Answer("sender", 530, "log in first")


def test_a_server_that_offers_no_login_is_told_no_password() -> None:
    with serving(Post(), offers_login=False) as post:
        answer = _handed_over(server(post.port, user="daybook", password=PASSWORD))
    assert answer is not None
    assert (answer.stage, answer.code, post.logins) == ("login", None, 0)


def test_a_claim_outlasts_every_wait_for_the_server() -> None:
    longest = MailSettings.model_fields["timeout_seconds"].metadata[1].le
    to = server(25, answer_seconds=longest, final_seconds=Server("", 25, "none").final_seconds)
    assert dt.timedelta(seconds=to.answer_seconds + 2 * to.final_seconds) < LEASE


@pytest.mark.parametrize("host", ["smtp..company.cn", f"{'a' * 64}.company.cn"])
def test_a_host_that_can_be_no_name_is_a_server_that_cannot_be_reached(host: str) -> None:
    answer = asyncio.run(Line(replace(server(25), host=host)).open())
    assert answer is not None
    assert (answer.stage, answer.code) == ("connect", None)


def test_the_password_is_not_shown_with_the_settings() -> None:
    assert PASSWORD not in repr(server(25, user="daybook", password=PASSWORD))
