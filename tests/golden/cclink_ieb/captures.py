# CC-Link IE Field Basic, BAP-C2006ENG-001; node search and address setting as the SLMP specification BAP-C2006ENG-003 has them.
import struct

from packets import BROADCAST, PLC, Host

MASTER = PLC
SLAVES = [Host("02:00:5e:00:01:%02x" % n, "192.168.10.%d" % n) for n in (0x1F, 0x20)]
NETWORK = bytes([192, 168, 10, 255])

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"group": "target group {}", "master_running": {"True": "fact run"}.get}

ROUTE = b"\0\xff\xff\x03\0"


def little(host):
    return host.ips[0][::-1]


def request(sequence, slaves, unit=1, group=1):
    data = struct.pack("<HHHH", 0, 0x0E70, 0, 2) + bytes(2) + struct.pack("<H", 0x24) + bytes(14) + struct.pack("<HHQ", unit, 0, 0x176000000000)
    data += little(MASTER) + struct.pack("<BBHHHHHHH", group, 0, sequence, 500, 3, 1, len(slaves), (1 << len(slaves)) - 1, 0)
    data += b"".join(little(s) for s in slaves) + bytes(72 * len(slaves))
    return b"\x50\0" + ROUTE + struct.pack("<H", len(data)) + data


def response(slave, sequence, end=0, group=1):
    data = struct.pack("<HHHH", 0, 2, end, 0x28) + bytes(14) + struct.pack("<HHIHHHHI", 0x0352, 0, 0x10203, 4, 0, 1, 0, 0)
    data += little(slave) + struct.pack("<BBH", group, 0, sequence) + bytes(72)
    return b"\xd0\0" + ROUTE + struct.pack("<H", len(data)) + data


def cyclic(c):
    """A master, two slaves, a group of one; one slave refuses a second master; the master stops."""
    for sequence in range(6):
        c.udp(MASTER, 61450, BROADCAST, 61450, request(sequence, SLAVES, 1 if sequence < 4 else 0), dst=NETWORK)
        for slave in SLAVES:
            c.udp(slave, 61450, MASTER, 61450, response(slave, sequence, 0xCFE0 if sequence == 5 and slave is SLAVES[1] else 0))
        c.udp(MASTER, 61450, BROADCAST, 61450, request(sequence, SLAVES[:1], 1 if sequence < 4 else 0, 2), dst=NETWORK)
    c.udp(MASTER, 61450, BROADCAST, 61450, request(6, SLAVES)[:-1], dst=NETWORK)     # one byte less than its length says


def numbered(command, serial, data):
    body = struct.pack("<HHH", 0, command, 0) + data
    return b"\x54\0" + struct.pack("<HH", serial, 0) + ROUTE + struct.pack("<H", len(body)) + body


def answer(serial, data, end=0):
    return b"\xd4\0" + struct.pack("<HH", serial, 0) + ROUTE + struct.pack("<HH", 2 + len(data), end) + data


def search(c):
    """All nodes are asked who they are; one is given another address, another refuses."""
    asked = MASTER.mac[::-1] + b"\4" + little(MASTER)
    c.udp(MASTER, 61451, BROADCAST, 61451, numbered(0x0E30, 1, asked), dst=NETWORK)
    for slave in SLAVES:
        c.udp(slave, 61451, MASTER, 61451, answer(1, asked + slave.mac[::-1] + b"\4" + little(slave) + bytes([0, 255, 255, 255]) + b"\xff" * 4 + b"\0" +
                                                  struct.pack("<HIH", 0x0352, 0x10203, 4) + b"\4" + b"\xff" * 6 + struct.pack("<HHB", 0, 61451, 1)))
    for serial, (slave, end) in enumerate(zip(SLAVES, (0, 0xCEE0)), 2):
        new = asked + slave.mac[::-1] + b"\4" + bytes([0x64 + serial, 10, 168, 192]) + bytes([0, 255, 255, 255]) + b"\xff" * 4 + b"\0\4" + b"\xff" * 6 + b"\1"
        c.udp(MASTER, 61451, slave, 61451, numbered(0x0E31, serial, new))
        c.udp(slave, 61451, MASTER, 61451, answer(serial, ROUTE + struct.pack("<HH", 0x0E31, 0) if end else MASTER.mac[::-1], end))
