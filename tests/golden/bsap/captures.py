# BSAP over IP: remote data base access as Bristol D4052 writes it, behind the header that public decoders agree on.
import struct

from packets import HMI, PLC

# tshark knows nothing of it.
REQUEST, ANSWER, COUNTED = 6, 5, 1


def datagram(kind, sequence, *messages):
    return struct.pack("<HHHII", 14, len(messages), kind, 0x4B00 + sequence, 0x4B00 + sequence - 1) + b"".join(messages)


def message(sequence, data):
    return struct.pack("<IBI", 9 + len(data), 0x0C, sequence) + data


def rdb(sequence, function, data=b""):
    return message(sequence, bytes([0xA0, 0, function]) + data)


def names(*signals):
    return bytes([3, 0xD0, 1, 15, len(signals)]) + b"".join(x + b"\0" for x in signals)


class Master:
    def __init__(self, c, port=1234):
        self.c, self.port, self.sequence = c, port, 0

    def up(self, kind, *messages):
        self.sequence += 1
        self.c.udp(HMI, 1234, PLC, self.port, datagram(kind, self.sequence, *messages))

    def down(self, kind, *messages):
        self.c.udp(PLC, self.port, HMI, 1234, datagram(kind, self.sequence, *messages))

    def exchange(self, function, data=b"", answered=b"\0\1" + bytes(6)):
        self.up(REQUEST, rdb(self.sequence, function, data))
        self.down(ANSWER, message(self.sequence - 1, answered))
        self.up(0)


def functions(c):
    """Signals by name, address, list; the extension; an application and a function that nobody lists."""
    t = Master(c)
    t.exchange(0x04, names(b"@GV.DS1", b"@GV.Tank1Bypass", b"@GV.AS1"))
    t.exchange(0x04, names(b"@GV.SystemShutDown"))
    t.exchange(0x84, names(b"@GV.SystemShutDown") + b"\x0a")
    t.exchange(0x80, struct.pack("<HBBHB", 0x7724, 15, 1, 0x11, 10), b"\0\0")
    t.exchange(0x80, struct.pack("<HBBHBHB", 0x7724, 15, 2, 0x11, 10, 0x12, 9), b"\0\0")
    for function in (0x00, 0x02, 0x06, 0x0C, 0x0D, 0x0E, 0x0F, 0x8C, 0x8D, 0x33):
        t.exchange(function)
    for function in (0x0101, 0x0102, 0x0201, 0x0202, 0x0203, 0x0281, 0x0400, 0x0999):
        t.up(0x84, message(t.sequence, b"\xa1\0" + struct.pack("!H", function)))
        t.down(COUNTED, message(t.sequence - 1, b"\0\0"))
    t.up(0x86, message(t.sequence, b"\x03\0\0"))
    t.down(ANSWER, message(t.sequence - 1, b"\0\0"))


def errors(c):
    """Two answers at once, one that is refused, one to nothing; broken."""
    t = Master(c)
    t.up(REQUEST, rdb(1, 0x04, names(b"@GV.A")), rdb(2, 0x04, names(b"@GV.B")))
    t.down(ANSWER, message(2, b"\0\1" + bytes(4)), message(1, b"\x84\0"))
    t.down(ANSWER, message(99, b"\0\0"))
    t.up(REQUEST, rdb(3, 0x04, names(b"")))
    t.up(REQUEST, rdb(4, 0x80, b"\x24"))
    c.udp(HMI, 1234, PLC, 1234, datagram(REQUEST, 9, rdb(5, 4, names(b"@GV.C")))[:-6])
    c.udp(HMI, 1234, PLC, 1234, struct.pack("<HHHIII", 14, 1, 6, 1, 0, 3))
    c.udp(HMI, 1234, PLC, 1234, datagram(0x77, 9))


def other_port(c):
    """Known after three messages and an answer."""
    t = Master(c, 31234)
    for _ in range(3):
        t.exchange(0x04, names(b"@GV.DS1"))
