# Frame 1E, binary, of the MELSEC communication protocol reference manual SH-080008.
import struct

from packets import HMI, PLC, Tcp

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"sub": "code 0x{}",
           ("object", "count"): lambda first, count: "target %s..%s%d" % (first, first[0], int(first[1:]) + int(count) - 1)}


def request(function, rest=b""):
    return bytes([function, 0xFF]) + struct.pack("<H", 10) + rest


def device(name, number):
    return struct.pack("<I", number) + name.ljust(2).encode()[::-1]


def batch(name, number, points, data=b""):
    return device(name, number) + bytes([points, 0]) + data


def answer(function, data=b"", complete=0):
    return bytes([function | 0x80, complete]) + data


EXCHANGES = [
    (0x01, batch("D", 100, 3), bytes(6)), (0x00, batch("M", 10, 5), bytes(3)), (0x01, batch("X", 0x40, 2), bytes(4)),
    (0x03, batch("D", 200, 2, bytes(4)), b""), (0x02, batch("Y", 0x1F, 3, bytes(2)), b""), (0x01, batch("TN", 0, 1), bytes(2)),
    (0x04, bytes([2, 0]) + device("M", 1) + b"\1" + device("Y", 0x20) + b"\0", b""),
    (0x05, bytes([4, 0]) + b"".join(device("D", n) + bytes(2) for n in range(4)), b""),
    (0x07, bytes([2, 0]) + device("D", 7) + device("W", 0xA0), b""), (0x09, b"", bytes(4)), (0x06, bytes([1, 0]) + device("M", 7), b""), (0x08, b"", bytes(1)),
    (0x16, b"\4ABCD", b"\4ABCD"), (0x14, b"", b""), (0x13, b"", b""), (0x15, b"", b"\xf3\0"),
]


def functions(c):
    """Every function with its answer over TCP; refusals with and without an abnormal code."""
    t = Tcp(c, HMI, PLC, 49152, 8192)
    for function, rest, data in EXCHANGES:
        t.up(request(function, rest))
        t.down(answer(function, data))
    t.up(request(0x01, batch("D", 60000, 1)))
    t.down(answer(0x01, b"\x10\0", 0x5B))
    t.up(request(0x03, batch("D", 1, 1, bytes(2))))
    t.down(answer(0x03, b"", 0x56))
    t.close()


def other_port(c):
    """On a port that nobody expects: recognised after three messages and an answer."""
    t = Tcp(c, HMI, PLC, 49153, 20491)
    for _ in range(3):
        t.up(request(0x01, batch("D", 100, 3)))
        t.down(answer(0x01, bytes(6)))
    t.close()


def datagrams(c):
    """Over UDP."""
    for function, rest, data in EXCHANGES[:4]:
        c.udp(HMI, 50000, PLC, 12292, request(function, rest))
        c.udp(PLC, 12292, HMI, 50000, answer(function, data))
