# What KNXnet/IP carries: KNX Standard 03_06_03 (cEMI), 03_03_04 (transport layer), 03_03_07 (application layer), 03_05_01 (properties).
import struct

from knx_frames import CON, IND, REQ, Udp, configure, data, frame, header, individual, service, told, tunnel
from packets import HMI, PLC

ALSO = {"knxnetip"}
# A message code of no table, on purpose.
KNOWN = {"raw: tshark finds frame 7 malformed"}


def groups(c):
    """Values of groups: read, answered, written, through a tunnel and between routers; what the bus did not take."""
    t = Udp(c)
    t.open()
    for sequence, tpdu in enumerate((service(0x081), service(0x080, b"\x0c\x1a"), service(0x000))):
        t.up(tunnel(7, sequence, data(REQ, "0.0.0", "1/2/3", tpdu)))
        t.down(frame(0x0421, header(7, sequence)))
        t.down(tunnel(7, sequence, data(CON, "1.1.250", "1/2/3", tpdu)))
        t.up(frame(0x0421, header(7, sequence)))
    t.down(tunnel(7, 3, data(IND, "1.1.5", "1/2/3", service(0x041), additional=b"\x03\x01\x00")))
    t.down(tunnel(7, 4, data(IND, "1.1.6", "31/7/255", service(0x080, b"\x01"))))
    t.up(tunnel(7, 3, data(REQ, "0.0.0", "1/2/9", service(0x080))))
    t.down(tunnel(7, 5, data(CON, "1.1.250", "1/2/9", service(0x080), refused=1)))
    told(c, PLC, data(IND, "1.1.5", "2/0/1", service(0x080)))
    told(c, PLC, data(IND, "1.1.5", "2/0/1", service(0x040)))
    told(c, HMI, data(IND, "1.2.7", "2/0/2", service(0x000)))


def programming(c):
    """An engineering tool gives an address, writes memory and properties, restarts the device."""
    t = Udp(c)
    t.open()
    sequence = 0

    def ask(destination, tpdu, is_group=False, answer=None):
        nonlocal sequence
        t.up(tunnel(7, sequence, data(REQ, "0.0.0", destination, tpdu, is_group)))
        t.down(tunnel(7, sequence, data(CON, "1.1.250", destination, tpdu, is_group)))
        if answer:
            t.down(tunnel(7, sequence + 1, data(IND, destination, "1.1.250", answer, False)))
        sequence += 2

    ask("0/0/0", service(0x100), True)
    t.down(tunnel(7, sequence + 1, data(IND, "15.15.255", "0/0/0", service(0x140))))
    ask("0/0/0", service(0x0C0, struct.pack("!H", individual("1.1.5"))), True)
    ask("0/0/0", service(0x3DC, b"\0\xc5\1\2\3\4"), True)
    ask("0/0/0", service(0x3DE, b"\0\xc5\1\2\3\4\x11\5" + bytes(4)), True)
    ask("1.1.5", b"\x80")
    ask("1.1.5", service(0x300, numbered=0), answer=service(0x340, b"\x07\x05", 0))
    ask("1.1.5", b"\xc2")
    ask("1.1.5", service(0x3D1, b"\0\xff\xff\xff\xff", 1), answer=service(0x3D2, b"\0", 1))
    ask("1.1.5", service(0x20C, b"\x40\0", 2), answer=service(0x24C, b"\x40\0" + bytes(12), 2))
    ask("1.1.5", service(0x28C, b"\x40\0" + bytes(12), 3))
    ask("1.1.5", service(0x3D5, b"\0\x0b\x10\1", 4), answer=service(0x3D6, b"\0\x0b\x10\1\0\xc5\1\2\3\4", 4))
    ask("1.1.5", service(0x3D7, b"\3\5\x10\1\1", 5))
    ask("1.1.5", service(0x3D8, b"\3\5\0", 6), answer=service(0x3D9, b"\3\5\0\x80\0\1\x33", 6))
    ask("1.1.5", service(0x2C7, b"\5\x33\0", 7))
    ask("1.1.5", service(0x3D3, b"\0\1\2\3\4", 8))
    ask("1.1.5", service(0x380, numbered=9))
    ask("1.1.5", service(0x381, b"\2\0", 10))
    ask("1.1.5", service(0x1FB, b"\4\0\x40\0" + bytes(4), 11))
    ask("1.1.5", service(0x3F1, bytes(14)))
    ask("1.1.5", b"\xc7")
    ask("1.1.5", b"\x81")


def services(c):
    """Every other service of the application layer, and one that no table lists."""
    t = Udp(c)
    t.open()
    sizes = {0x180: 1, 0x1CC: 8, 0x1CD: 9, 0x1CE: 9, 0x1CF: 9, 0x1D0: 9, 0x1D1: 9, 0x1D2: 7, 0x1D3: 15, 0x1D4: 5, 0x1D5: 5, 0x1D6: 6, 0x2C0: 3, 0x3C1: 3,
             0x3C8: 3, 0x3DD: 10, 0x3EC: 6, 0x3ED: 8, 0x3EE: 8}
    others = (0x180, 0x1C0, 0x1C8, 0x1C9, 0x1CA, 0x1CC, 0x1CD, 0x1CE, 0x1CF, 0x1D0, 0x1D1, 0x1D2, 0x1D3, 0x1D4, 0x1D5, 0x1D6, 0x1FC, 0x1FD, 0x1FE, 0x2C0,
              0x2C1, 0x2C2, 0x2C4, 0x2C5, 0x2C6, 0x2C8, 0x2C9, 0x3A1, 0x3C0, 0x3C1, 0x3C2, 0x3C3, 0x3C8, 0x3C9, 0x3CA, 0x3CD, 0x3CE, 0x3CF, 0x3D0, 0x3D4,
              0x3DA, 0x3DB, 0x3DD, 0x3E0, 0x3E1, 0x3E2, 0x3E3, 0x3E4, 0x3E5, 0x3E6, 0x3E7, 0x3E8, 0x3E9, 0x3EA, 0x3EB, 0x3EC, 0x3ED, 0x3EE, 0x3F0, 0x3FF)
    for sequence, apci in enumerate(others):
        t.up(tunnel(7, sequence, data(REQ, "0.0.0", "1.1.9", service(apci, bytes(sizes.get(apci, 4))), False)))


def management(c):
    """The server's own properties: what identifies it, what is written, functions, its restart; refusals."""
    t = Udp(c)
    t.open(b"\x03", 8)
    sequence = 0

    def exchange(*messages):
        nonlocal sequence
        for place, message in enumerate(messages):
            (t.down if place % 2 else t.up)(configure(8, sequence, message))
        sequence += 1

    read = lambda kind, pid, value, count=1: exchange(struct.pack("!BHBBH", 0xFC, kind, 1, pid, count << 12 | 1),
                                                      struct.pack("!BHBBH", 0xFB, kind, 1, pid, count << 12 | 1) + value)
    read(0, 11, bytes.fromhex("00c501234567"))
    read(0, 12, b"\x00\xc5")
    read(0, 15, b"EW-730\0\0\0\0")
    read(11, 76, b"Hall 4", 6)
    read(11, 52, b"\x11\x00")
    exchange(b"\xfc\0\x0b\1\x4c\x10\1", b"\xfb\0\x0b\1\x4c\0\1\7")
    exchange(b"\xf6\0\x0b\1\x34\x10\1\x11\5", b"\xf5\0\x0b\1\x34\x10\1")
    exchange(b"\xf6\0\x0b\1\x3a\x10\1\xc0\xa8\x0a\x15", b"\xf5\0\x0b\1\x3a\0\1\5")
    exchange(b"\xf8\0\x0b\1\x65\0", b"\xfa\0\x0b\1\x65\0")
    exchange(b"\xf9\0\x0b\1\x65\0", b"\xfa\0\x0b\1\x65\xff")
    t.down(configure(8, 40, b"\xf7\0\0\1\x38\x10\1\0"))
    t.up(configure(8, 41, b"\xf1"))
    t.down(configure(8, 42, b"\xf0"))
    t.up(configure(8, 43, b"\x41\0" + bytes(6) + b"\x05" + service(0x3D5, b"\0\x0b\x10\1")))
    t.down(configure(8, 44, b"\x89\0" + bytes(6) + b"\x0b" + service(0x3D6, b"\0\x0b\x10\1\0\xc5\1\2\3\4")))
    t.up(configure(8, 45, b"\x4a\0" + bytes(6) + b"\x05" + service(0x3D5, b"\0\x0b\x10\1")))
    t.down(configure(8, 46, b"\x94\0" + bytes(6) + b"\x0b" + service(0x3D6, b"\0\x0b\x10\1\0\xc5\1\2\3\4")))


def raw(c):
    """What a monitor of the bus sees, raw telegrams, polling, an unknown message."""
    t = Udp(c)
    t.open(b"\x04\x80\x00")
    for sequence, message in enumerate((0x2B, 0x2D, 0x2F, 0x25, 0x77)):
        t.down(tunnel(7, sequence, bytes([message, 0]) + b"\xbc\x11\x05\x0a\x03\xe1\x00\x81\x3e"))
    t.up(tunnel(7, 0, b"\x10\0\xbc\x11\x05\x0a\x03\xe1\x00\x81\x3e"))
    t.up(tunnel(7, 1, b"\x13\0\xf0\0\0\x0a\x03\5"))
