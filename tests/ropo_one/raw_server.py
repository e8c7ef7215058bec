"""A server that does exactly what a test tells it to, byte by byte."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
import time
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = b'{"accepted":1}'


def answer(status="201 Created", body=OK, headers=(), *, framed=True):
    lines = [f"HTTP/1.1 {status}", *headers]
    if framed:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawServer:
    """Listens on a free port of this machine and plays one behavior to every connection."""

    def __init__(self, behavior, *, context=None) -> None:
        self.behavior = behavior
        self.context = context
        self.received = []
        self.over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def port(self):
        return self._listener.getsockname()[1]

    @property
    def url(self):
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a connection
        for thread in self._threads:
            thread.join(2)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while not self.over.is_set():
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(1.5)
            self.received.append(b"")
            if not self.context:
                self.behavior(self, connection)
                return
            with self.context.wrap_socket(connection, server_side=True) as secured:
                self.behavior(self, secured)

    def read_request(self, connection):
        """Read one whole request with its announced body."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += self._more(connection)
        self.received[-1] = head + b"\r\n\r\n" + body
        return head, body

    def _more(self, connection):
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        self.received[-1] += piece
        return piece


def replies(data):
    def behavior(server, connection):
        server.read_request(connection)
        connection.sendall(data)

    return behavior


def take(server, connection, *, after_reading):
    """Wait for the request, and either read it or only see that it has begun to arrive."""
    if after_reading:
        server.read_request(connection)
    else:
        connection.recv(1, socket.MSG_PEEK)


def resets(*, after_reading):
    def behavior(server, connection):
        take(server, connection, after_reading=after_reading)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behavior


def closes(*, after_reading):
    def behavior(server, connection):
        take(server, connection, after_reading=after_reading)

    return behavior


def drips(before, blank=b" "):
    """Answers the beginning and then a blank every tenth of a second, for ever."""

    def behavior(server, connection):
        server.read_request(connection)
        connection.sendall(before)
        while not server.over.wait(0.1):
            connection.sendall(blank)

    return behavior


def never_reads(server, connection):
    server.over.wait(5)


def reads_slowly(server, connection):
    while not server.over.wait(0.05):
        connection.recv(1024)


def certificate(folder, name="127.0.0.1", *, valid=True):
    """A self-signed certificate and its key, as (context of a server, path of the certificate)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=3))
        .not_valid_after(now + dt.timedelta(days=1 if valid else -1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}-{time.monotonic_ns()}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)
