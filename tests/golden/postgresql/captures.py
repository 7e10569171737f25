# PostgreSQL as its documentation writes the protocol, version 3.
from packets import HMI, PLC, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

# What follows a request for TLS.
ALSO = {"tls"}
DECODE_AS = ["tcp.port==15432,pgsql"]


def startup(*pairs):
    body = (196608).to_bytes(4, "big") + b"".join(x + b"\0" for pair in pairs for x in pair) + b"\0"
    return (4 + len(body)).to_bytes(4, "big") + body


def message(kind, body):
    return kind + (4 + len(body)).to_bytes(4, "big") + body


SSL = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


def sessions(c):
    """A password in the clear, TLS, TLS refused and another port. No user, no password, no query may come out."""
    t = Tcp(c, HMI, SERVER, 56201, 5432)
    start = startup((b"user", b"SECRET"), (b"database", b"SECRET"), (b"application_name", b"Example SCADA"))
    t.up(start[:10], start[10:])
    t.down(message(b"R", (3).to_bytes(4, "big")))
    t.up(message(b"p", b"SECRET\0"))
    t.down(message(b"R", bytes(4)) + message(b"S", b"client_encoding\0UTF8\0") + message(b"S", b"server_version\x0015.3 (Debian 15.3-0+deb12u1)\0"))
    t.down(message(b"K", bytes(8)) + message(b"Z", b"I"))
    t.up(message(b"Q", b"select SECRET\0"))
    t.close()

    t = Tcp(c, PLC, SERVER, 56202, 5432)
    t.up(SSL)
    t.down(b"S")
    t.up(tls_record(22, tls_client_hello(b"server-05"), 0x0301))
    t.close()

    t = Tcp(c, PLC, SERVER, 56203, 15432)
    t.up(SSL)
    t.down(b"N")
    t.up(startup((b"user", b"SECRET"), (b"application_name", b"psql")))
    t.down(message(b"E", b"SFATAL\0CSECRET\0\0"))
    t.close()
