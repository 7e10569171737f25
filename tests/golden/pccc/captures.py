# PCCC inside CIP as Rockwell publication 1770-6.5.16 and the PCCC object write it.
import struct

from enip_frames import Session, packet, path, request, response
from packets import HMI, PLC, hexa

ALSO = {"enip", "cip"}

REQUESTOR = hexa("07 4d00 78563412")


def pair(session, command, data, answer=b"", status=0):
    """One command and its answer; both carry the transaction number."""
    session.number = getattr(session, "number", 0x0100) + 1
    tns = struct.pack("<H", session.number)
    return (request(0x4B, path(0x67, 1), REQUESTOR + bytes([command, 0]) + tns + data),
            response(0x4B, REQUESTOR + bytes([command | 0x40, status]) + tns + answer))


def pccc(session, *what, **how):
    session.ask(*pair(session, *what, **how))


def addresses(c):
    """Data files by their letters, with parts and long numbers; PLC-5 addresses as text and as levels; modes."""
    s = Session(c, HMI, PLC, 49152)
    pccc(s, 0x0F, hexa("a2 04 07 89 00 00"), hexa("0100 0200"))
    pccc(s, 0x0F, hexa("a2 02 04 86 03 02"), hexa("0100"))
    pccc(s, 0x0F, hexa("aa 02 ff0001 89 ff2c01 00 0500"))
    pccc(s, 0x0F, hexa("ab 02 03 85 01 00 0100 0100"))
    pccc(s, 0x0F, hexa("a1 02 02 84 01"), hexa("0000"))
    pccc(s, 0x0F, hexa("a9 02 09 7a 01 0000"), status=0x10)
    pccc(s, 0x0F, hexa("01 0000 0200") + b"\0$N7:10\0" + hexa("04"), hexa("0100 0200"))
    pccc(s, 0x0F, hexa("68 0000 0100 06 07 0a 0100"), hexa("42 0100"))
    pccc(s, 0x01, hexa("1000 04"), hexa("00000000"))
    pccc(s, 0x08, hexa("1000 0100"))
    pccc(s, 0x0F, hexa("80 01"))
    pccc(s, 0x0F, hexa("80 06"), hexa("0b"), status=0xF0)
    pccc(s, 0x06, hexa("03"), hexa("00 ee 34 5b 23") + b"5/04 CPU   ")
    pccc(s, 0x0E, hexa("00"), status=0x10)
    s.close()


def commands(c):
    """The other commands and functions of the publication, many in a packet."""
    s = Session(c, HMI, PLC, 49153)
    text, levels, zero = hexa("0000 0100") + b"\0$N7:0\0" + hexa("0100"), hexa("06 07 00 ffff 0100"), hexa("0000")
    groups = [[(0x06, bytes([f]) + zero) for f in (0, 1, 2, 4, 5, 6, 7, 8, 9, 10)],
              [(0x07, bytes([f]) + zero) for f in (0, 1, 3, 4, 5, 6)],
              [(0x0F, bytes([f]) + zero) for f in (3, 4, 5, 6, 7, 0x0A, 0x11, 0x12, 0x17, 0x18, 0x29, 0x3A)],
              [(0x0F, bytes([f]) + zero) for f in (0x41, 0x50, 0x52, 0x53, 0x55, 0x57, 0x5E, 0x79, 0x81, 0x82, 0x8F, 0xA7, 0xAF)],
              [(0x0F, b"\x00" + text), (0x0F, b"\x67" + text), (0x0F, b"\x02" + levels), (0x0F, b"\x26" + levels),
               (0x0F, hexa("88 01 05 a2 02 07 89 00 00")), *((f, hexa("1000 0100")) for f in (0, 2, 5))]]
    for group in groups:
        pairs = [pair(s, command, data) for command, data in group]
        s.ask(request(0x0A, path(2, 1), packet(*(ask for ask, _ in pairs))),
              response(0x0A, packet(*(answer for _, answer in pairs))))
    s.close()
