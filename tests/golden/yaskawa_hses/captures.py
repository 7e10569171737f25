# Yaskawa high-speed Ethernet server: 160766-1CD, clause "data transmission format": a header of 32 bytes, then data.
import struct

from packets import HMI, PLC

ROBOT, FILE = 10040, 10041


def header(size, division, acknowledge, request_id, block, sub):
    return b"YERC" + struct.pack("<HHBBBBI", 32, size, 3, division, acknowledge, request_id, block) + b"99999999" + sub


def request(command, instance, attribute, service, data=b"", request_id=0, division=1, acknowledge=0, block=0):
    return header(len(data), division, acknowledge, request_id, block, struct.pack("<HHBBH", command, instance, attribute, service, 0)) + data


def answer(service, data=b"", request_id=0, division=1, block=0x80000000, status=0, added=0):
    return header(len(data), division, 1, request_id, block,
                  struct.pack("<BBBBHH", service | 0x80, status, 2 if added else 0, 0, added, 0)) + data


def exchange(c, pairs, port=ROBOT):
    for number, (asked, answered) in enumerate(pairs):
        c.udp(HMI, 50040, PLC, port, request(*asked, request_id=number & 0xFF, division=2 if port == FILE else 1))
        c.udp(PLC, port, HMI, 50040, answer(asked[3], answered, request_id=number & 0xFF, division=2 if port == FILE else 1))


def word(value):
    return struct.pack("<I", value)


def reading(c):
    """Every command that reads, by each of the services it knows."""
    pairs = []
    for command in (0x70, 0x71, 0x73, 0x74, 0x75, 0x76, 0x77, 0x88, 0x30A, 0x30B):
        pairs += [((command, 1, 0, 0x01), bytes(32)), ((command, 1, 1, 0x0E), bytes(4))]
    for command in range(0x78, 0x82):
        pairs += [((command, 12, 0, 0x01), bytes(4)), ((command, 12, 1, 0x0E), bytes(4))]
    for command in range(0x300, 0x30A):
        pairs += [((command, 10, 0, 0x33, word(4)), word(4) + bytes(16))]
    exchange(c, pairs + [((0x301, 7, 0, 0x33, word(1)), word(1) + bytes(4))])


def writing(c):
    """Every command that changes something."""
    pairs = []
    for command in range(0x78, 0x82):
        pairs += [((command, 12, 0, 0x02, bytes(4)), b""), ((command, 12, 1, 0x10, bytes(4)), b"")]
    for command in range(0x300, 0x30A):
        pairs += [((command, 10, 0, 0x34, word(2) + bytes(8)), b"")]
    pairs += [((0x85, 1, 1, 0x10, b"HELLO".ljust(32, b"\0")), b"")]
    exchange(c, pairs)


def control(c):
    """Alarms, servo, cycle, jobs, moves."""
    job = b"PICK-1".ljust(32, b"\0") + word(0)
    exchange(c, [
        ((0x82, 1, 1, 0x10, word(1)), b""), ((0x82, 2, 1, 0x10, word(1)), b""), ((0x83, 1, 1, 0x10, word(1)), b""),
        ((0x83, 2, 1, 0x10, word(1)), b""), ((0x83, 2, 1, 0x10, word(2)), b""), ((0x83, 3, 1, 0x10, word(2)), b""),
        ((0x83, 9, 1, 0x10, word(7)), b""), ((0x84, 2, 1, 0x10, word(1)), b""), ((0x84, 2, 1, 0x10, word(2)), b""),
        ((0x84, 2, 1, 0x10, word(3)), b""), ((0x86, 1, 1, 0x10, word(1)), b""), ((0x87, 1, 0, 0x02, job), b""),
        ((0x87, 1, 1, 0x10, job[:32]), b""), ((0x8A, 1, 1, 0x02, word(1) + bytes(100)), b""), ((0x8B, 2, 1, 0x02, word(2) + bytes(84)), b""),
    ])


def identity(c):
    """System information and status, all attributes at once; one of them alone."""
    text = lambda model: b"FS3.30-00".ljust(24, b"\0") + model.ljust(16, b"\0") + b"12.34".ljust(8, b"\0")
    exchange(c, [
        ((0x89, 11, 0, 0x01), text(b"MH00005F-A0*")), ((0x89, 101, 0, 0x01), text(b"GENERAL")), ((0x89, 21, 0, 0x01), text(b"STATION")),
        ((0x89, 9, 0, 0x01), text(b"NOBODY")), ((0x89, 12, 2, 0x0E), b"MH00005F".ljust(16, b"\0")),
        ((0x72, 1, 0, 0x01), word(0x80 | 8) + word(0x40)), ((0x72, 1, 0, 0x01), word(0x40) + word(0)), ((0x72, 1, 0, 0x01), word(0x20) + word(0)),
        ((0x72, 1, 0, 0x01), word(0) + word(0)), ((0x72, 1, 1, 0x0E), word(0x80)),
    ])


def files(c):
    """Deleted, listed, loaded and saved: blocks of a file are acknowledged one by one."""
    up = lambda *a, **k: c.udp(HMI, 50041, PLC, FILE, request(0, 0, 0, *a, division=2, **k))
    down = lambda *a, **k: c.udp(PLC, FILE, HMI, 50041, answer(*a, division=2, **k))
    exchange(c, [((0, 0, 0, 0x09, b"OLD.JBI"), b""), ((0, 0, 0, 0x32, b"*.JBI"), b"PICK-1.JBI\r\n")], FILE)
    up(0x15, b"PICK-1.JBI")                                    # into the controller
    down(0x15, block=0)
    for block in (1, 0x80000002):
        up(0x15, b"/JOB\r\n" * 60, acknowledge=1, block=block)
        down(0x15, block=block)
    up(0x16, b"PICK-1.JBI")                                    # out of it
    down(0x16, b"/JOB\r\n" * 60, block=1)
    up(0x16, acknowledge=1, block=1)
    down(0x16, b"END\r\n", block=0x80000002)
    up(0x16, acknowledge=1, block=0x80000002)
    up(0x77, b"ODD.JBI")
    down(0x77, status=8)


def errors(c):
    """Refused, unknown, a service that a command has not, an answer to nobody, data that are not there."""
    up = lambda *a, **k: c.udp(HMI, 50042, PLC, ROBOT, request(*a, **k))
    down = lambda *a, **k: c.udp(PLC, ROBOT, HMI, 50042, answer(*a, **k))
    up(0x86, 1, 1, 0x10, word(1), request_id=1)
    down(0x10, status=0x1F, added=0x2010, request_id=1)
    up(0x123, 5, 0, 0x01, request_id=2)
    down(0x01, status=0x08, request_id=2)
    up(0x7A, 5, 0, 0x33, request_id=3)
    down(0x33, status=0x08, request_id=3)
    down(0x01, bytes(4), request_id=9)
    c.udp(HMI, 50041, PLC, FILE, request(0, 0, 0, 0x15, b"/JOB\r\n" * 60, division=2, acknowledge=1, block=7))
    c.udp(PLC, FILE, HMI, 50041, answer(0x15, division=2, status=0x1F, added=0xB00A))  # a file fails on the way
    c.udp(HMI, 50042, PLC, ROBOT, request(0x7B, 1, 0, 0x01, bytes(4))[:-3])


def other_port(c):
    """Redirected to a port of the plant's own: the signature is proof enough."""
    c.udp(HMI, 50043, PLC, 31040, request(0x72, 1, 0, 0x01))
    c.udp(PLC, 31040, HMI, 50043, answer(0x01, bytes(8)))
