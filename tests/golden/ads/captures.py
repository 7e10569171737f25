# ADS over AMS/TCP as the Beckhoff Information System writes it: AMS/TCP packet, ADS commands, reserved index groups.
import struct

from packets import HMI, PLC, Tcp

CODE = "ams.cmdid"
IDENTITY = ["ams.sendernetid", "ams.ads_devicename"]
DECODE_AS = ["tcp.port==50898,ams"]
# packet-ams.c takes the bytes after a loss for a message's beginning, and shows only the first message of a segment.
KNOWN = {
    # It finds the second beginning one segment sooner than the sensor, which looks on behind the first whole message.
    "midstream: 192.168.10.20 code 2: tshark 3, transcript 2",
    "stream: ams.sendernetid '0.0.0.0.0.0' is in no fact",
    "stream: 192.168.10.10 code 2: tshark 4, transcript 6",
    "stream: 192.168.10.20 code 0: tshark 3, transcript 0",
    "stream: 192.168.10.20 code 2: tshark 4, transcript 5",
}

CLIENT = bytes([192, 168, 10, 10, 1, 1])
DEVICE = bytes([5, 13, 117, 96, 1, 1])

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"cmd": "code {}"}


def ams(to, source, command, flags, data, invoke, error=0):
    head = to[0] + struct.pack("<H", to[1]) + source[0] + struct.pack("<HHHIII", source[1], command, flags, len(data), error, invoke)
    return struct.pack("<HI", 0, len(head) + len(data)) + head + data


def ask(command, data, invoke, port=851):
    return ams((DEVICE, port), (CLIENT, 32905), command, 4, data, invoke)


def answer(command, data, invoke, port=851, error=0):
    return ams((CLIENT, 32905), (DEVICE, port), command, 5, data, invoke, error)


def at(group, offset, length):
    return struct.pack("<III", group, offset, length)


def read_write(group, name, length=4):
    return struct.pack("<IIII", group, 0, length, len(name)) + name


def ok(data=None):
    return struct.pack("<I", 0) if data is None else struct.pack("<II", 0, len(data)) + data


def exchange(t, command, data, response, invoke, port=851, error=0):
    t.up(ask(command, data, invoke, port))
    t.down(answer(command, response, invoke, port, error))


def commands(c):
    """Every command; states, identity, notifications."""
    t = Tcp(c, HMI, PLC, 49152, 48898)
    info = lambda name, *version: ok() + struct.pack("<BBH", *version) + name.ljust(16, b"\0")
    exchange(t, 1, b"", info(b"Plc30 App", 3, 1, 4024), 1)
    exchange(t, 1, b"", info(b"TwinCAT System", 3, 1, 4024), 2, 10000)
    exchange(t, 4, b"", ok() + struct.pack("<HH", 5, 0), 3)
    exchange(t, 4, b"", ok() + struct.pack("<HH", 15, 0), 4, 10000)
    exchange(t, 2, at(0x4020, 100, 4), ok(bytes(4)), 5)
    exchange(t, 3, at(0x4020, 100, 4) + b"\1\2\3\4", ok(), 6)
    exchange(t, 9, read_write(0xF003, b"MAIN.speed\0"), ok(struct.pack("<I", 0x1234)), 7)
    exchange(t, 5, struct.pack("<HHI", 6, 0, 0), ok(), 8)
    exchange(t, 5, struct.pack("<HHI", 5, 0, 0), ok(), 9)
    exchange(t, 5, struct.pack("<HHI", 16, 0, 0), ok(), 10, 10000)
    exchange(t, 6, at(0xF005, 0x1234, 4) + struct.pack("<III", 4, 0, 1000000) + bytes(16), ok() + struct.pack("<I", 7), 11)
    stamp = struct.pack("<QI", 0x01DBD00000000000, 1) + struct.pack("<II", 7, 4) + bytes(4)
    for invoke in range(3):
        t.down(ams((CLIENT, 32905), (DEVICE, 851), 8, 4, struct.pack("<II", 4 + len(stamp), 1) + stamp, 0))
        c.wait(0.1)
    exchange(t, 7, struct.pack("<I", 7), ok(), 12)
    t.close()


def groups(c):
    """What stands behind index groups: memory, inputs, outputs, names, sums, files, routes; those that nobody lists."""
    t = Tcp(c, HMI, PLC, 49153, 48898)
    invoke = 100
    for group, offset, length in ((0x4021, 805, 1), (0x4030, 8, 2), (0x4040, 16, 4), (0xF005, 0x1234, 4), (0xF00B, 0, 65536), (0xF00C, 0, 8), (0xF020, 4, 2),
                                  (0xF021, 33, 1), (0xF030, 6, 2), (0xF031, 50, 1), (0x8502, 3, 4), (0x12340000, 0x10000, 4)):
        exchange(t, 2, at(group, offset, length), ok(bytes(4)), invoke)
        invoke += 1
    for group, data in ((0xF030, b"\1\2"), (0xF031, b"\1"), (0xF005, bytes(4)), (0xF006, bytes(4)), (0xF00A, bytes(4))):
        exchange(t, 3, at(group, 6, len(data)) + data, ok(), invoke)
        invoke += 1
    for group, data in ((0xF004, b"GVL.level"), (0xF007, b"GVL.level"), (0xF009, b"GVL.level\0"), (0xF011, b"ST_Axis\0"), (0xF080, bytes(24)),
                        (0xF081, bytes(16)), (0xF082, bytes(20)), (0xF085, bytes(40))):
        exchange(t, 9, read_write(group, data), ok(bytes(4)), invoke)
        invoke += 1
    for group in (120, 122, 131, 500):
        exchange(t, 9, read_write(group, b"\\Hard Disk\\x.bin\0"), ok(bytes(4)), invoke, 10000)
        invoke += 1
    exchange(t, 2, at(803, 0, 500), ok(bytes(4)), invoke, 10000)
    exchange(t, 3, at(801, 0, 4) + bytes(4), ok(), invoke + 1, 10000)
    t.close()


def errors(c):
    """The router finds no such port; the device refuses; an answer that is lost."""
    t = Tcp(c, HMI, PLC, 49154, 48898)
    exchange(t, 1, b"", b"", 1, 801, 6)
    exchange(t, 9, read_write(0xF003, b"MAIN.none\0"), struct.pack("<II", 0x710, 0), 2)
    exchange(t, 3, at(0xF005, 0x99, 4) + bytes(4), struct.pack("<I", 0x711), 3)
    exchange(t, 5, struct.pack("<HHI", 5, 0, 0), struct.pack("<I", 0x712), 4)
    t.close()


def stream(c):
    """Messages split and joined, answers in another order, a long answer, a gap."""
    t = Tcp(c, HMI, PLC, 49155, 48898)
    asks = lambda invoke: ask(2, at(0x4020, 10 * invoke, 4), invoke)
    answers = lambda invoke: answer(2, ok(bytes(4)), invoke)
    t.up(asks(1) + asks(2))
    t.down(answers(2) + answers(1))
    t.up(asks(3)[:4], asks(3)[4:21], asks(3)[21:])
    t.down(answers(3)[:39], answers(3)[39:])
    t.up(ask(2, at(0xF00B, 0, 5000), 4))
    long = answer(2, ok(bytes(5000)), 4)
    t.down(*(long[i:i + 1460] for i in range(0, len(long), 1460)))
    t.up(asks(5))
    t.lost(1, len(answers(5)))
    t.up(asks(6))
    t.down(answers(6))
    t.close()


def midstream(c):
    """A connection opened before the capture began, on another port: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49156, 50898, handshake=False)
    answers = lambda invoke: answer(2, ok(bytes(4)), invoke)
    t.down(answers(1)[30:])
    for invoke in range(2, 5):
        t.up(ask(2, at(0x4020, 0, 4), invoke))
        t.down(answers(invoke))
