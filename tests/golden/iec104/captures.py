# IEC 60870-5-104 as the specifications write it: IEC 60870-5-104:2006 clause 5 (APCI), IEC 60870-5-101:2003 clause 7 (ASDU).
import struct

from packets import HMI, PLC, Tcp

DECODE_AS = ["tcp.port==12404,iec60870_104"]

STARTDT, STARTDT_CON, STOPDT, STOPDT_CON, TESTFR, TESTFR_CON = 0x07, 0x0B, 0x13, 0x23, 0x43, 0x83
ACT, ACTCON, DEACT, DEACTCON, ACTTERM = 6, 7, 8, 9, 10
TIME24, TIME56 = bytes([0, 0, 1]), bytes([0, 0, 1, 2, 3, 4, 25])

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"type": "code type {}", "u": lambda text: "function " + text.lower().replace(" ", "_")}


def of_code(code):
    return code.split(" cot ")[0]


def unnumbered(control):
    return bytes([0x68, 4, control, 0, 0, 0])


def supervisory(received=0):
    return struct.pack("<BBHH", 0x68, 4, 1, received << 1)


def information(kind, cause, *objects, station=1, sent=0, received=0, sequence=False):
    """objects: pairs of address and element; of a sequence the first pair has the address."""
    body = b"".join((b"" if sequence and n else struct.pack("<I", address)[:3]) + element for n, (address, element) in enumerate(objects))
    asdu = struct.pack("<BBBBH", kind, len(objects) | (0x80 if sequence else 0), cause, 0, station) + body
    return struct.pack("<BBHH", 0x68, 4 + len(asdu), sent << 1, received << 1) + asdu


ELEMENTS = {1: b"\1", 2: b"\1" + TIME24, 3: b"\2", 4: b"\2" + TIME24, 5: b"\5\0", 6: b"\5\0" + TIME24, 7: bytes(5), 8: bytes(5) + TIME24, 9: bytes(3),
            10: bytes(3) + TIME24, 11: bytes(3), 12: bytes(3) + TIME24, 13: bytes(5), 14: bytes(5) + TIME24, 15: bytes(5), 16: bytes(5) + TIME24,
            17: b"\1\0\0" + TIME24, 18: b"\1\0\0\0" + TIME24, 19: b"\1\0\0\0" + TIME24, 20: bytes(5), 21: bytes(2), 30: b"\1" + TIME56,
            31: b"\2" + TIME56, 32: b"\5\0" + TIME56, 33: bytes(5) + TIME56, 34: bytes(3) + TIME56, 35: bytes(3) + TIME56, 36: bytes(5) + TIME56,
            37: bytes(5) + TIME56, 38: b"\1\0\0" + TIME56, 39: b"\1\0\0\0" + TIME56, 40: b"\1\0\0\0" + TIME56}
COMMANDS = {45: b"\1", 46: b"\2", 47: b"\1", 48: b"\0\1\0", 49: b"\0\1\0", 50: bytes(4) + b"\0", 51: bytes(4), 58: b"\1" + TIME56, 59: b"\2" + TIME56,
            60: b"\1" + TIME56, 61: b"\0\1\0" + TIME56, 62: b"\0\1\0" + TIME56, 63: bytes(5) + TIME56, 64: bytes(4) + TIME56,
            110: b"\0\1\1", 111: b"\0\1\1", 112: bytes(4) + b"\1", 113: b"\1"}
SYSTEM = {100: b"\x14", 101: b"\5", 103: TIME56, 104: b"\xaa\x55", 105: b"\1", 106: b"\0\1", 107: b"\1\0" + TIME56}


def open_link(t):
    t.up(unnumbered(STARTDT))
    t.down(unnumbered(STARTDT_CON))


def monitoring(c):
    """Every type in the monitor direction, one sequence of measured values, acknowledged by the controlling station."""
    t = Tcp(c, HMI, PLC, 49152, 2404)
    open_link(t)
    t.down(information(70, 4, (0, b"\0")))
    for number, (kind, element) in enumerate(sorted(ELEMENTS.items())):
        t.down(information(kind, 3, (100, element), sent=number + 1))
    t.down(information(11, 1, (700, bytes(3)), (701, bytes(3)), (702, bytes(3)), sent=40, sequence=True))
    t.up(supervisory(41))
    t.up(unnumbered(TESTFR))
    t.down(unnumbered(TESTFR_CON))
    t.down(unnumbered(TESTFR))
    t.up(unnumbered(TESTFR_CON))
    t.up(unnumbered(STOPDT))
    t.down(unnumbered(STOPDT_CON))
    t.close()


def commands(c):
    """Every command with its confirmation, a command selected, executed, terminated and one taken back; then the whole station."""
    t = Tcp(c, HMI, PLC, 49153, 2404)
    open_link(t)
    number = 0
    for kind, element in sorted(COMMANDS.items()):
        t.up(information(kind, ACT, (4001, element), station=3, sent=number, received=number))
        t.down(information(kind, ACTCON, (4001, element), station=3, sent=number, received=number + 1))
        number += 1
    for kind, element in sorted(SYSTEM.items()):
        t.up(information(kind, ACT, (0, element), station=3, sent=number, received=number))
        t.down(information(kind, ACTCON, (0, element), station=3, sent=number, received=number + 1))
        number += 1
    for cause, element in ((ACT, b"\x81"), (ACTCON, b"\x81"), (ACT, b"\1"), (ACTCON, b"\1"), (ACTTERM, b"\1"), (DEACT, b"\x81"), (DEACTCON, b"\x81")):
        (t.up if cause in (ACT, DEACT) else t.down)(information(45, cause, (4002, element), sent=number, received=number))
        number += 1
    t.up(information(102, 5, (100, b"")))
    t.down(information(1, 5, (100, b"\1")))
    t.close()


def refusals(c):
    """Negative confirmation; unknown type, cause, common address, object: clause 7.2.3."""
    t = Tcp(c, HMI, PLC, 49154, 2404)
    open_link(t)
    for cause, kind, station, address in ((ACTCON, 45, 1, 4001), (44, 51, 1, 4002), (45, 46, 1, 4003), (46, 100, 99, 0), (47, 45, 1, 65000)):
        element = COMMANDS.get(kind) or SYSTEM[kind]
        t.up(information(kind, ACT, (address, element), station=station))
        t.down(information(kind, 0x40 | cause, (address, element), station=station))
    t.close()


def files(c):
    """A file fetched from the station: clause 7.4.11 of IEC 60870-5-101."""
    t = Tcp(c, HMI, PLC, 49155, 2404)
    open_link(t)
    t.up(information(122, 5, (300, b"\0\0\0\0")))
    t.down(information(126, 5, (300, b"\1\0" + b"\x40\0\0" + b"\0" + TIME56)))
    t.up(information(122, 13, (300, b"\1\0\0\1")))
    t.down(information(120, 13, (300, b"\1\0" + b"\x40\0\0" + b"\0")))
    t.down(information(121, 13, (300, b"\1\0\1" + b"\x40\0\0" + b"\0")))
    t.down(information(125, 13, (300, b"\1\0\1\4abcd")))
    t.down(information(123, 13, (300, b"\1\0\1\3\0")))
    t.up(information(124, 13, (300, b"\1\0\1\3")))
    t.close()


def stream(c):
    """Messages split and joined by TCP, a lost segment."""
    t = Tcp(c, HMI, PLC, 49156, 2404)
    open_link(t)
    t.down(information(1, 3, (1, b"\1")) + information(1, 3, (2, b"\1")) + supervisory(1))
    one = information(30, 3, (3, ELEMENTS[30]))
    t.down(one[:3], one[3:11], one[11:])
    t.lost(1, len(one))
    t.up(supervisory(4))
    t.down(one)
    t.close()


def midstream(c):
    """A connection opened before the capture began, on a port nobody has heard of: it starts with the end of a message."""
    t = Tcp(c, HMI, PLC, 49157, 12404, handshake=False)
    one = information(13, 3, (3, ELEMENTS[13]))
    t.down(one[9:])
    t.down(one)
    t.up(supervisory(1))
    t.up(information(45, ACT, (4001, b"\1")))
    t.down(information(45, ACTCON, (4001, b"\1")))
