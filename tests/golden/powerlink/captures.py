# Ethernet POWERLINK as EPSG DS 301 writes it: the frames of a cycle, asynchronous services, SDO over ASnd and UDP.
import struct

from packets import HMI, PLC, SERVER, mac

CODE = "epl.mtyp"
IDENTITY = ["epl.asnd.ires.hostname"]
KNOWN = {
    # Made so: process data and an identity that go beyond their frames, of which tshark shows what is there.
    "broken: 02:00:5e:00:01:0a code mtyp 3: tshark 2, transcript 1",
    "broken: 02:00:5e:00:01:14 code mtyp 6: tshark 1, transcript 0",
    "broken: tshark finds frame 3 malformed",
}
SOC, PREQ, PRES, SOA, ASND, AMNI, AINV = 1, 3, 4, 5, 6, 7, 13
CYCLE, ANSWERS, ASYNC, SENDS, AMNIS = (mac(f"01:11:1e:00:00:0{n}") for n in (1, 2, 3, 4, 5))
MN, ALL = 240, 255
MANAGER, NODE = HMI, PLC  # nodes 240 and 5
OPERATIONAL, PRE_OPERATIONAL_1, STOPPED = 0xFD, 0x1D, 0x4D


def as_code(value):
    return f"mtyp {int(value, 0)}"


def send(c, host, to, kind, destination, source, body):
    c.ethernet(host.mac, to, 0x88AB, bytes([kind, destination, source]) + body)


def soc(c, seconds=1_750_000_000):
    send(c, MANAGER, CYCLE, SOC, ALL, MN, bytes(3) + struct.pack("<IIQ", seconds, 0, 1000))


def preq(c, node=5, size=36):
    send(c, MANAGER, NODE.mac, PREQ, node, MN, struct.pack("<BBBBBH", 0, 1, 0, 0, 0, size) + bytes(size))


def pres(c, node=5, size=36):
    send(c, NODE, ANSWERS, PRES, ALL, node, struct.pack("<BBBBBH", OPERATIONAL, 1, 0, 0, 0, size) + bytes(size))


def soa(c, service=0, node=0):
    send(c, MANAGER, ASYNC, SOA, ALL, MN, struct.pack("<BBBBBB", OPERATIONAL, 0, 0, service, node, 0x20))


def asnd(c, host, to, destination, source, service, body):
    send(c, host, to, ASND, destination, source, bytes([service]) + body)


def ident(state=PRE_OPERATIONAL_1, profile=401, vendor=0x0100006C, product=0xE3A4, revision=0x00010020, serial=0x1234567, ip="c0a80a05", name=b"press-4-io"):
    return (struct.pack("<BBBBBBIHHHIH", 0, 0, state, 0, 0x20, 0, 0x45, 1490, 36, 36, 1000, 0) + struct.pack("<HHIIII", profile, 0, vendor, product, revision, serial) +
            bytes(8 + 16) + bytes.fromhex(ip)[::-1] + bytes.fromhex("ffffff00")[::-1] + bytes.fromhex("c0a80afe")[::-1] + name.ljust(32, b"\0") + bytes(48))


def cycle(c):
    """Five cycles: start, a request and its answer, the asynchronous slot that nobody needs; a managing node that answers too."""
    for _ in range(5):
        soc(c)
        preq(c)
        pres(c)
        send(c, MANAGER, ANSWERS, PRES, ALL, MN, struct.pack("<BBBBBH", OPERATIONAL, 1, 0, 0, 0, 8) + bytes(8))
        soa(c)


def start_up(c):
    """Nodes are asked who they are and in which state; one is brought to operation, others are reset."""
    soa(c, 1, 5)
    asnd(c, NODE, SENDS, ALL, 5, 1, ident())
    soa(c, 1, 6)
    asnd(c, SERVER, SENDS, ALL, 6, 1, ident(0x1C, 402, 0x5B, 2, 0, 0, "00000000", b""))
    soa(c, 2, 5)
    asnd(c, NODE, SENDS, ALL, 5, 2, struct.pack("<BBBBBB", 0, 0, 0x5D, 0, 0, 0) + bytes(8) + bytes(20))
    soa(c, 3, 5)
    asnd(c, NODE, SENDS, MN, 5, 3, struct.pack("<BB", 0x29, 5))
    soa(c, 3, 5)
    asnd(c, NODE, SENDS, MN, 5, 3, struct.pack("<BB", 0x01, 6))
    soa(c, 6, 5)
    asnd(c, NODE, SENDS, ALL, 5, 6, bytes(2 + 4 + 20))
    soa(c, 0xFF, 5)
    soa(c, 0xA5, 5)
    for command, node in ((0x24, 5), (0x21, 5), (0x22, 5), (0x23, 5), (0x28, ALL), (0x2A, 5), (0x2B, 5), (0x77, 5)):
        asnd(c, MANAGER, SENDS, node, MN, 4, struct.pack("<BB", command, 0))
    nodes = bytearray(32)
    for node in (5, 6, 17):
        nodes[node // 8] |= 1 << node % 8
    for command in (0x41, 0x49):
        asnd(c, MANAGER, SENDS, ALL, MN, 4, struct.pack("<BB", command, 0) + bytes(nodes))
    asnd(c, MANAGER, SENDS, 5, MN, 4, struct.pack("<BB", 0x62, 0) + b"press-5-io".ljust(32, b"\0"))
    asnd(c, MANAGER, SENDS, ALL, MN, 4, struct.pack("<BB", 0x63, 0) + b"\5")
    asnd(c, MANAGER, SENDS, ALL, MN, 4, struct.pack("<BB", 0x90, 0) + bytes(nodes))
    asnd(c, MANAGER, SENDS, ALL, MN, 4, struct.pack("<BB", 0xB0, 0) + bytes(6))
    asnd(c, MANAGER, SENDS, ALL, MN, 0xA1, bytes(10))


def sequence(receive=2, send_state=2, number=1):
    return struct.pack("<BBH", number << 2 | receive, number << 2 | send_state, 0)


def command(identifier, data, transaction=1, flags=0, total=None):
    size = b"" if total is None else struct.pack("<I", total)
    return struct.pack("<BBBBHH", 0, transaction, flags, identifier, len(data), 0) + size + data


ANSWER, ABORT, INITIATE, SEGMENT, COMPLETE = 0x80, 0x40, 0x10, 0x20, 0x30


def at(index, sub):
    return struct.pack("<HBB", index, sub, 0)


def exchanges():
    """Frames of the client and of the server, in turn: service data objects and what carries them."""
    open_, quit_ = sequence(1, 0, 0), sequence(0, 0, 0)
    yield open_, sequence(1, 1, 0)
    yield sequence() + command(2, at(0x1018, 1)), sequence() + command(2, bytes(4), flags=ANSWER)
    yield sequence() + command(1, at(0x1006, 0) + bytes(4), 2), sequence() + command(1, b"", 2, ANSWER)
    yield sequence() + command(2, at(0x2FFF, 7), 3), sequence() + command(2, struct.pack("<I", 0x06020000), 3, ANSWER | ABORT)
    for transaction, identifier in enumerate((3, 4, 5, 6, 0x20, 0x21, 0x31, 0x32, 0x70, 0x77), 4):
        yield sequence() + command(identifier, at(0x1F22, 5) + bytes(8), transaction), sequence() + command(identifier, b"", transaction, ANSWER)
    yield sequence() + command(1, at(0x1F22, 5) + bytes(200), 20, INITIATE, 900), sequence()
    yield sequence() + command(1, bytes(300), 20, SEGMENT), sequence()
    yield sequence() + command(1, bytes(300), 20, COMPLETE), sequence() + command(1, b"", 20, ANSWER)
    yield sequence() + command(1, struct.pack("<I", 0x08000000), 21, ABORT), sequence()
    yield quit_, sequence() + bytes(8)


def service_data(c):
    """Every command over ASnd: read, written, aborted, in segments."""
    for ask, answer in exchanges():
        asnd(c, MANAGER, NODE.mac, 5, MN, 5, ask)
        asnd(c, NODE, MANAGER.mac, MN, 5, 5, answer)


def service_data_over_udp(c):
    """The same inside UDP, where nodes are known by their addresses."""
    for ask, answer in exchanges():
        c.udp(HMI, 3819, PLC, 3819, bytes([ASND, 0, 0, 5]) + ask)
        c.udp(PLC, 3819, HMI, 3819, bytes([ASND, 0, 0, 5]) + answer)


def others(c):
    """An indication of the managing node, an invitation, a type with the highest bit set; nodes that tell nothing."""
    send(c, MANAGER, AMNIS, AMNI, ALL, MN, bytes(40))
    send(c, MANAGER, ASYNC, AINV, ALL, MN, struct.pack("<BBBBBB", OPERATIONAL, 0, 0, 0xFF, 5, 0x20))
    send(c, NODE, ANSWERS, PRES | 0x80, ALL, 5, struct.pack("<BBBBBH", STOPPED, 0, 0, 0, 0, 0))


def broken(c):
    """Process data beyond the frame, an identity that is cut, an object that is missing; then a good cycle."""
    preq(c, 5, 36)
    send(c, MANAGER, NODE.mac, PREQ, 5, MN, struct.pack("<BBBBBH", 0, 1, 0, 0, 0, 1400) + bytes(36))
    asnd(c, NODE, SENDS, ALL, 5, 1, ident()[:60])
    soc(c)
