# TDS as the specification writes it: [MS-TDS].
from packets import HMI, PLC, SERVER, Tcp, hexa
from tls_frames import tls_client_hello, tls_record, tls_server_hello

DECODE_AS = ["tcp.port==49433,tds"]


def packet(kind, payload):
    return bytes([kind, 1]) + (8 + len(payload)).to_bytes(2, "big") + hexa("0000 01 00") + payload


def prelogin(version, encryption):
    options = [(0, version), (1, bytes([encryption])), (2, b"\0"), (4, b"\0")]
    at, head, data = 5 * len(options) + 1, b"", b""
    for token, value in options:
        head += bytes([token]) + (at + len(data)).to_bytes(2, "big") + len(value).to_bytes(2, "big")
        data += value
    return head + b"\xff" + data


def login(host, user, password, program):
    fixed = hexa("04000074 00100000 00000007 39300000 00000000 e0030000 00000000 09040000")
    at, places, data = 94, b"", b""
    for text in (host, user, password, program, "server-05", "", "lib", "", "db"):
        places += (at + len(data)).to_bytes(2, "little") + len(text).to_bytes(2, "little")
        data += text.encode("utf-16le")
    places += bytes(6) + (at + len(data)).to_bytes(2, "little") * 1 + bytes(2) + (at + len(data)).to_bytes(2, "little") + bytes(2) + \
        (at + len(data)).to_bytes(2, "little") + bytes(2) + bytes(4)
    body = fixed + places + data
    return (4 + len(body)).to_bytes(4, "little") + body


def logins(c):
    """A historian with its login in the clear, one with TLS and on another port. No user and no password may come out."""
    t = Tcp(c, HMI, SERVER, 56001, 1433)
    t.up(packet(18, prelogin(hexa("0a32063d0000"), 2)))
    answer = packet(4, prelogin(hexa("0f0007d00000"), 2))
    t.down(answer[:20], answer[20:])
    t.up(packet(16, login("PRESS-07", "SECRET", "SECRET", "Example Historian")))
    t.down(packet(4, hexa("fd000000000000000000000000")))
    t.up(packet(1, "select SECRET".encode("utf-16le")))
    t.close()

    t = Tcp(c, PLC, SERVER, 56002, 49433)
    t.up(packet(18, prelogin(hexa("100000000000"), 0)))
    t.down(packet(4, prelogin(hexa("0a32063d0000"), 0)))
    t.up(packet(18, tls_record(22, tls_client_hello(b"server-05"), 0x0301)))
    t.down(packet(18, tls_record(22, tls_server_hello(0x1301, []))))
    t.up(hexa("170303 0004 00000000"))
    t.close()
