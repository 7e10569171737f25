# Genisys (Union Switch & Signal), the non-vital code protocol of railway signalling, over TCP.
from packets import HMI, PLC, Tcp

# tshark knows nothing of it.
# Published samples: the first byte and the station.
SAMPLES = {"header": "code 0x{}", "address": "target station {}"}


def crc(data):
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def escaped(data):
    return b"".join(bytes([x]) if x < 0xF0 else bytes([0xF0, x & 0xF]) for x in data)


def message(header, station, pairs=(), secure=True, escape_crc=True):
    body = bytes([station]) + bytes(x for pair in pairs for x in pair)
    check = crc(bytes([header]) + body) if secure else b""
    return bytes([header]) + escaped(body) + (escaped(check) if escape_crc else check) + b"\xf6"


def ack(station):
    return message(0xF1, station, secure=False)


def polls(c):
    """The office asks each station, controls it, executes; stations answer with changes, or that there are none."""
    t = Tcp(c, HMI, PLC, 49152, 10001)
    t.up(message(0xFD, 1, [(0xE0, 0)]))
    t.down(message(0xF2, 1, [(i, 4) for i in range(32)]))
    for station in (1, 2, 0xF3):
        t.up(message(0xFB, station))
        t.down(ack(station))
    t.up(message(0xFB, 1, secure=False))
    t.down(message(0xF2, 1, [(3, 5), (0xE0, 0xF1)]))
    t.up(message(0xFA, 1))
    t.down(ack(1))
    t.up(message(0xFC, 1, [(4, 0x10)]))
    t.down(message(0xF3, 1, [(4, 0x10)]))
    t.up(message(0xFE, 1))
    t.down(ack(1))
    t.up(message(0xFC, 2, [(4, 0x10), (5, 0xFF), (6, 1)]))
    t.down(message(0xF3, 2, [(4, 0x10), (5, 0xFF), (6, 1)]))
    t.up(message(0xF9, 1, [(0xE0, 1)]))
    t.down(ack(1))
    t.up(message(0xFD, 1))
    t.close()


def stream(c):
    """Messages split and joined, a wrong CRC, a byte that should have been escaped, a gap."""
    t = Tcp(c, HMI, PLC, 49153, 10001)
    t.up(message(0xFB, 1) + message(0xFB, 2))
    t.down(ack(1) + message(0xF2, 2, [(1, 2)]))
    t.up(message(0xFB, 3)[:1], message(0xFB, 3)[1:4], message(0xFB, 3)[4:])
    t.down(ack(3)[:2], ack(3)[2:])
    t.up(message(0xFB, 4)[:-2] + b"\0\xf6")
    t.up(b"\xfb\x05\xf2\x00\xf6")
    t.up(message(0xFB, 6))
    t.lost(1, 3)
    t.up(message(0xFB, 7))
    t.down(ack(7))
    t.close()


def bare_crc(c):
    """A sender that does not escape the CRC: where it looks like an escape, and where it does not; the terminator it cannot have."""
    t = Tcp(c, HMI, PLC, 49155, 10001)
    sent = set()
    for station, value in ((station, value) for station in range(1, 0xF0) for value in range(0xF0)):
        new = {x for x in crc(bytes([0xF2, station, 3, value])) if x >= 0xF0} - sent
        if new:
            sent |= new
            t.up(message(0xFB, station))
            t.down(message(0xF2, station, [(3, value)], escape_crc=False))
    t.close()


def midstream(c):
    """Another port, opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49154, 20001, handshake=False)
    t.down(message(0xF2, 1, [(1, 2), (3, 4)])[4:])
    for _ in range(4):
        t.up(message(0xFB, 1))
        t.down(ack(1))
