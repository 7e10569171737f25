# FOCAS2: a0a0a0a0, version, kind and phase, length; a call packet holds function calls, each with its length. Big endian.
import struct

from packets import HMI, PLC, Host, Tcp, hexa

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def packet(kind, phase, body=b"", version=1):
    return struct.pack("!IHBBH", 0xA0A0A0A0, version, kind, phase, len(body)) + body


def answer(kind, phase, body=b""):
    return packet(kind, phase, body, 4)


def call(function, a=0, b=0, c=0, d=0, data=b"", path=1, unit=None):
    unit = unit or (2 if function & 0x8000 else 1)
    body = struct.pack("!HHHIIIII", unit, path, function, a, b, c, d, len(data)) + data
    return struct.pack("!H", 2 + len(body)) + body


def reply(function, payload=b"", error=0, path=1, unit=None):
    unit = unit or (2 if function & 0x8000 else 1)
    body = struct.pack("!HHHHIH", unit, path, function, error, 0, len(payload)) + payload
    return struct.pack("!H", 2 + len(body)) + body


def calls(*blocks):
    return packet(0x21, 1, struct.pack("!H", len(blocks)) + b"".join(blocks))


def replies(*blocks):
    return answer(0x21, 2, struct.pack("!H", len(blocks)) + b"".join(blocks))


def exchange(t, functions):
    for function, arguments, payload in functions:
        t.up(calls(call(function, *arguments)))
        t.down(replies(reply(function, payload)))


def name(text):
    return b"\0\0\0\1" + text.encode().ljust(512, b"\0")


def system(cnc, machine, series, version, additional=0, axes="05"):
    return struct.pack("!HH", additional, 8) + f"{cnc:>2}{machine:>2}{series}{version}{axes}".encode()


def open_close(t, number=2):
    t.up(packet(1, 1, struct.pack("!H", number)))
    t.down(answer(1, 2, bytes(40)))


def reads(c):
    """Every function that reads, one call a packet."""
    t = Tcp(c, HMI, PLC, 49500, 8193)
    open_close(t)
    exchange(t, [
        (0x06, (1, 10, 1), bytes(72)), (0x08, (1, 24, 0), bytes(96)), (0x0A, (), bytes(8)), (0x0E, (6711, 6711, 0), bytes(8)), (0x0E, (20, 24), bytes(40)),
        (0x10, (20, 5), bytes(8)), (0x15, (500, 509), bytes(80)), (0x15, (3901, 3901), bytes(8)), (0x17, (), bytes(8)), (0x19, (), bytes(14)),
        (0x1A, (), bytes(4)), (0x1B, (), bytes(8)), (0x1C, (), bytes(8)), (0x1D, (), bytes(4)), (0x20, (256,), bytes(260)),
        (0x21, (0xFFFFFFFF, 1), bytes(8)), (0x23, (0xFFFFFFFF, 10, 2, 64), bytes(76)), (0x24, (), bytes(8)), (0x25, (), bytes(8)), (0x26, (4, 0), bytes(64)),
        (0x29, (0,), bytes(8)), (0x2B, (20,), bytes(8)), (0x30, (300, 301), bytes(16)), (0x34, (0,), bytes(8)), (0x35, (), bytes(4)), (0x40, (0xFFFFFFFF,), bytes(8)),
        (0x45, (0,), bytes(12)), (0x45, (1,), bytes(12)), (0x48, (1, 2), bytes(8)), (0x4A, (), bytes(4)), (0x4D, (1,), bytes(8)), (0x56, (1,), bytes(32)),
        (0x57, (), bytes(4)), (0x5D, (0xFFFF,), bytes(8)), (0x61, (), bytes(32)), (0x63, (), bytes(8)), (0x88, (), bytes(8)), (0x89, (), bytes(16)),
        (0x8A, (), bytes(16)), (0x8B, (1,), bytes(8)), (0x8D, (6750, 6752), bytes(24)), (0x90, (6711,), bytes(8)), (0x93, (301, 301), bytes(8)),
        (0x96, (0xFFFFFFFF,), bytes(8)), (0x98, (), bytes(8)), (0xA0, (20,), bytes(8)), (0xA2, (301,), bytes(8)), (0xA3, (), bytes(4)), (0xA4, (), bytes(4)),
        (0xA7, (500, 1), bytes(8)), (0xAE, (), bytes(8)), (0xB0, (), bytes(256)), (0xB9, (), bytes(64)), (0xCF, (), bytes(64)), (0xE1, (), bytes(8)),
        (0xFC, (), bytes(64)), (0xFD, (), bytes(8)), (0x120, (0,), bytes(8)),
    ])
    t.up(packet(2, 1))
    t.down(answer(2, 2))
    t.close()


def pmc(c):
    """Signals by area: bytes, words, long words, of another path, of an area that nobody lists."""
    t = Tcp(c, HMI, PLC, 49501, 8193)
    open_close(t)
    exchange(t, [(0x8001, (0x89C, 0x89D, 9, 1), bytes(2)), (0x8001, (0, 3, 5, 0), bytes(4)), (0x8001, (100, 107, 9, 1), bytes(8)),
                 (0x8001, (100, 107, 9, 2), bytes(8))])
    exchange(t, [(0x8001, (8, 8, area, 0), bytes(1)) for area in range(14)])
    t.up(calls(call(0x8002, 100, 100, 5, 0, b"\1")))
    t.down(replies(reply(0x8002)))
    t.up(calls(call(0x8002, 4, 7, 0, 0, b"\1\0\0\0", path=2)))
    t.down(replies(reply(0x8002, path=2)))
    t.close()


def control(c):
    """What starts, chooses, deletes, writes and sets."""
    t = Tcp(c, HMI, PLC, 49502, 8193)
    open_close(t)
    path = b"//CNC_MEM/USER/PATH1/O2200\0"
    for block in (call(0x01), call(0x01, path=2), call(0x03, 2200), call(0x05, 2200), call(0x16, 500, 500, data=hexa("00000064 000a 0001")),
                  call(0x1F), call(0x46, 1, data=hexa("000000000000 000c 000f 0005")), call(0x46, data=hexa("07e9 000b 0017 00000000 0000")), call(0x52, 1, 4),
                  call(0xB3, 0, 10, data=path[:-6]), call(0xB4, data=path[:-6]), call(0xB6, data=path), call(0xBA, data=path.ljust(256, b"\0"))):
        t.up(calls(block))
        t.down(replies(reply(struct.unpack("!H", block[6:8])[0], path=block[5])))
    t.close()


def identity(c):
    """18: series, models, kinds of machine; a text that is none."""
    t = Tcp(c, HMI, PLC, 49503, 8193)
    open_close(t)
    for info in (system("31", "M", "G421", "40.0"), system("0", "T", "D4G1", "25.0", 0x0402), system("35", "MM", "G331", "01.0", 0x0202),
                 system("16", "TT", "B0H1", "12.0", 2), system("PD", "P", "88F1", "04.0", 0x0102), system("15", "\0\0", "F001", "1.00")):
        exchange(t, [(0x18, (), info)])
    exchange(t, [(0x18, (), bytes([1]) * 18), (0x18, (), bytes(4))])
    t.close()


def multi(c):
    """Several calls in one packet, answered in their order, one of them refused; two packets in a segment."""
    t = Tcp(c, HMI, PLC, 49504, 8193)
    open_close(t)
    asked = calls(call(0x1C), call(0x8001, 0, 1, 3), call(0x15, 100, 100), call(0x15, 200, 200))
    told = replies(reply(0x1C, bytes(8)), reply(0x8001, bytes(2)), reply(0x15, error=6), reply(0x15, bytes(8)))
    t.up(asked)
    t.down(told)
    t.up(asked + asked)
    t.down(told + told)
    t.up(asked[:7], asked[7:15], asked[15:])
    t.down(told[:30], told[30:])
    t.close()


def errors(c):
    """A call that the CNC does not know, a packet refused whole, a call that nobody lists, a download refused."""
    t = Tcp(c, HMI, PLC, 49505, 8193)
    open_close(t)
    t.up(calls(call(0x1F)))
    t.down(replies(reply(0x1F, error=1)))
    t.up(calls(call(0x1F), call(0x1F)))
    t.down(answer(0x21, 3, hexa("0000 ffef 0001 0000")))
    t.down(answer(0x21, 3, hexa("0000 ffef 0001 0000")))
    t.close()
    t = Tcp(c, HMI, PLC, 49506, 8193)
    open_close(t)
    t.up(calls(call(0x0123, 1)))
    t.down(replies(reply(0x0123, bytes(4))))
    t.up(packet(0x11, 1, name("N:")))
    t.down(answer(0x11, 2, hexa("0000 0005")))
    t.up(packet(0x31, 1))
    t.down(answer(0x31, 3))
    t.close()


def malformed(c):
    """A call shorter than its head, a payload longer than the reply, one of neither CNC nor PMC; then all is well."""
    t = Tcp(c, HMI, PLC, 49507, 8193)
    open_close(t)
    t.up(packet(0x21, 1, hexa("0001 0004 0001")))
    t.down(answer(0x21, 2, hexa("0001 0010 0001 0001 001c 0000 00000000 0008")))
    t.up(packet(0x21, 1, hexa("0001") + call(0x1C, unit=3)))
    t.up(calls(call(0x1C)))
    t.down(replies(reply(0x1C, bytes(8))))
    t.close()


def transfer(c):
    """A program to the CNC and one from it, on a connection of their own."""
    t = Tcp(c, HMI, PLC, 49508, 8193)
    open_close(t, 1)
    t.up(packet(0x11, 1, name("N://CNC_MEM/USER/PATH1/")))
    t.down(answer(0x11, 2, hexa("0000 0000")))
    t.up(packet(0x12, 4, b"%\nO0006\nG90G01\n"), packet(0x12, 4, b"M30\n%"))
    t.up(packet(0x13, 1))
    t.down(answer(0x13, 2, hexa("0000 0000")))
    t.close()
    t = Tcp(c, HMI, PLC, 49509, 8193)
    open_close(t, 1)
    t.up(packet(0x15, 1, name("O2200-O2200")))
    t.down(answer(0x15, 2, hexa("0000 0000")))
    t.down(answer(0x16, 4, b"%\nO2200\n" + b"G01X1.\n" * 200))
    t.up(packet(0x18, 4, bytes(8)))
    t.down(answer(0x16, 4, b"M30\n%") + answer(0x17, 1))
    t.up(packet(0x17, 2))
    t.close()


def midstream(c):
    """A connection opened before the capture began; an answer lost."""
    t = Tcp(c, HMI, PLC, 49510, 8193, handshake=False)
    asked, told = calls(call(0x15, 500, 500)), replies(reply(0x15, bytes(8)))
    t.down(told[11:])
    for _ in range(2):
        t.up(asked)
        t.down(told)
    t.up(asked)
    t.lost(1, len(told))
    t.up(asked)
    t.down(told)


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, OTHER, 49511, 18193)
    t.up(packet(1, 1, b"\0\2"))
    t.down(answer(1, 2))
    for _ in range(3):
        t.up(calls(call(0x26, 4)))
        t.down(replies(reply(0x26, bytes(64))))
    t.close()
