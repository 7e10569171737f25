# HART-IP as FieldComm Group TS20085 (message header), TS20081 (token-passing PDU), TS20127, TS20151 and TS20155 (commands) write it.
import functools
import operator
import struct

from packets import HMI, PLC, Tcp

# The message id of each message; the commands inside are held against tshark by golden.others.
CODE = "hart_ip.message_id"
SAMPLES = {("hart_ip.message_id", "hart_ip.pt.command"): lambda message, command: f"code msg {message} cmd {command}",
           "hart_ip.pt.response_code": lambda code: "error" if int(code) & 0x80 else ""}
IDENTITY = ["hart_ip.pt.rsp.manufacturer_Id", "hart_ip.pt.rsp.device_id", "hart_ip.pt.rsp.tag"]
DECODE_AS = ["udp.port==5095,hart_ip", "tcp.port==25094,hart_ip"]
# packet-hartip.c knows message ids 0 to 3 only: TS20085 has the direct PDU, 4, and the audit log, 5. It takes the bytes at a capture's beginning
# for a message, and shows the id of a message that is broken.
KNOWN = {
    "direct: 192.168.10.10 code 4: tshark 0, transcript 85",
    "direct: 192.168.10.20 code 4: tshark 0, transcript 85",
    "direct: 192.168.10.10 code 5: tshark 0, transcript 1",
    "direct: 192.168.10.20 code 5: tshark 0, transcript 1",
    "errors: 192.168.10.10 code 4: tshark 0, transcript 1",
    "errors: 192.168.10.20 code 4: tshark 0, transcript 2",
    "midstream: 192.168.10.20 code 3: tshark 0, transcript 4",
    "broken: 192.168.10.10 code 128: tshark 0, transcript 1",
    "broken: 192.168.10.10 code 3: tshark 3, transcript 1",
    # A tag that nobody wrote; a device behind the gateway, which is not what is at the address.
    "old-device: hart_ip.pt.rsp.tag '@@@@@@@@' is in no fact",
    "session: hart_ip.pt.rsp.manufacturer_Id '17' is in no fact",
}

REQUEST, RESPONSE, PUBLISH, NAK = 0, 1, 2, 15
# Device type and device id; the two upper bits of an address tell master and burst mode.
GATEWAY = 0x26_84_04E000
SENSOR = 0x11_CF_00A1B2


def of_code(code):
    return code.split()[1]


def message(kind, number, sequence, body=b"", status=0, version=1):
    return struct.pack("!BBBBHH", version, kind, number, status, sequence, 8 + len(body)) + body


def pdu(delimiter, address, command, data):
    head = bytes([delimiter | (0x80 if len(address) == 5 else 0)]) + address + bytes([command, len(data)]) + data
    return head + bytes([functools.reduce(operator.xor, head)])


def unique(device, bits=0):
    return ((device & 0x3FFFFFFFFF) | bits << 38).to_bytes(5, "big")


def polling(number):
    return bytes([0x80 | number])


def ask(sequence, command, data=b"", address=None):
    return message(REQUEST, 3, sequence, pdu(0x02, unique(GATEWAY, 2) if address is None else address, command, data))


def answer(sequence, command, data=b"", address=None, code=0):
    return message(RESPONSE, 3, sequence, pdu(0x06, unique(GATEWAY, 2) if address is None else address, command, bytes([code, 0x10]) + data))


def exchange(t, sequence, command, asked=b"", answered=b"", address=None, code=0):
    t.up(ask(sequence, command, asked, address))
    t.down(answer(sequence, command, answered, address, code))


def identity(device, manufacturer, revision=7):
    head = bytes([254]) + struct.pack("!H", device >> 24) + bytes([5, revision, 3, 12, 0x21, 0]) + (device & 0xFFFFFF).to_bytes(3, "big")
    return head + (struct.pack("!BBHBHHB", 5, 4, 7, 0, manufacturer, manufacturer, 132) if revision > 6 else b"")


def packed(text):
    """HCF_SPEC-099: six bits a character."""
    bits = "".join(f"{ord(x) & 0x3F:06b}" for x in text)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def begin(t, sequence=1):
    t.up(message(REQUEST, 0, sequence, struct.pack("!BI", 1, 600000)))
    t.down(message(RESPONSE, 0, sequence, struct.pack("!BI", 1, 600000)))


def end(t, sequence):
    t.up(message(REQUEST, 1, sequence))
    t.down(message(RESPONSE, 1, sequence))


def session(c):
    """Opens, asks who is there, keeps alive, closes: identities of the gateway and of the devices behind it."""
    t = Tcp(c, HMI, PLC, 49152, 5094)
    begin(t)
    exchange(t, 2, 0, b"", identity(GATEWAY, 38), polling(0))
    exchange(t, 3, 0, b"", identity(GATEWAY, 38))
    exchange(t, 4, 13, b"", packed("GW-7    ") + packed("NORTH TANK FARM ") + bytes([1, 6, 125]))
    exchange(t, 5, 20, b"", b"Gateway 7, north tank farm".ljust(32, b"\0"))
    exchange(t, 6, 74, b"", bytes([2, 4, 8]) + struct.pack("!HBBBBB", 3, 1, 0, 0, 0, 0))
    for index, (device, tag) in enumerate(((0x26_90_000101, b"PT-101"), (SENSOR, b"LT-102"), (0x77_10_000103, b""))):
        known = struct.pack("!HBBHH", index, 0, index, device >> 32, device >> 24) + (device & 0xFFFFFF).to_bytes(3, "big")
        exchange(t, 7 + index, 84, struct.pack("!H", index), known + bytes([7]) + tag.ljust(32, b"\0") + bytes([1, 129]) + struct.pack("!H", device >> 32))
    # What a device behind the gateway says about itself is not said about the gateway.
    exchange(t, 20, 0, b"", identity(SENSOR, 17), unique(SENSOR, 2))
    exchange(t, 21, 20, b"", b"LT-102".ljust(32, b"\0"), unique(SENSOR, 2))
    t.up(message(REQUEST, 2, 22))
    t.down(message(RESPONSE, 2, 22))
    exchange(t, 23, 22, b"Gateway 7".ljust(32, b"\0"), b"Gateway 7".ljust(32, b"\0"))
    exchange(t, 24, 18, packed("GW-8    " + "                ") + bytes([1, 6, 125]), packed("GW-8    " + "                ") + bytes([1, 6, 125]))
    end(t, 25)
    t.close()


def old_device(c):
    """HART 5: the manufacturer is the first byte of the type; a tag that nobody wrote."""
    t = Tcp(c, HMI, PLC, 49153, 5094)
    begin(t)
    exchange(t, 2, 0, b"", identity(0x37_51_0ABCDE, 55, 5), polling(3))
    exchange(t, 3, 13, b"", packed("@" * 24) + bytes(3), polling(3))
    exchange(t, 4, 11, packed("FT-7    "), identity(0x37_51_0ABCDE, 55, 5), polling(0))
    end(t, 5)
    t.close()


BYTES = {54: b"\0", 52: b"\1", 53: b"\1\x39", 55: b"\1" + bytes(4), 56: b"\1\0\0\7", 79: b"\0\0\x39" + bytes(5), 80: b"\2", 81: b"\2", 82: b"\2\1\x39" + bytes(4),
         83: b"\2", 113: b"\1", 114: b"\1"}


def commands(c):
    """Every command of one byte, and one that no table lists; two bytes behind command 31."""
    t = Tcp(c, HMI, PLC, 49154, 5094)
    numbers = [*range(1, 4), *range(6, 10), 11, 12, *range(14, 18), 19, 21, *range(33, 74), 75, 76, *range(78, 84), *range(85, 100), *range(101, 120), 200]
    for i, number in enumerate(numbers):
        data = BYTES.get(number, b"")
        exchange(t, 100 + i, number, data, data + bytes(4) if number not in (11, 12, 17, 21) else b"")
    for i, number in enumerate((513, 534, 777)):
        exchange(t, 300 + i, 31, struct.pack("!HB", number, 0), struct.pack("!HB", number, 0))
    t.close()


def sub_devices(c):
    """Command 77 hands a command on: what it does to the device behind is what counts."""
    t = Tcp(c, HMI, PLC, 49155, 5094)
    for i, (number, address) in enumerate(((3, unique(SENSOR, 2)), (35, unique(SENSOR, 2)), (42, polling(1)), (0, polling(2)))):
        inside = bytes([0x82 if len(address) == 5 else 2]) + address + bytes([number, 0])
        answered = bytes([0x86 if len(address) == 5 else 6]) + address + bytes([number, 2, 0, 0])
        exchange(t, i, 77, bytes([1, 4, 5]) + inside, bytes([1, 4]) + answered)
    exchange(t, 9, 77, bytes([3, 9, 5]) + inside, b"", code=21)
    t.close()


WIDE = [*range(512, 532), 534, *range(768, 777), *range(778, 792), *range(799, 804), 808, 809, *range(814, 819), *range(821, 824), 832, 833, 834, 839, 840, *range(960, 978)]


def direct(c):
    """Direct PDUs: commands of two bytes, several in one; the audit log."""
    t = Tcp(c, HMI, PLC, 49156, 5094)
    begin(t)
    command = lambda number, data=b"": struct.pack("!HB", number, len(data)) + data
    for i, number in enumerate(WIDE):
        t.up(message(REQUEST, 4, 10 + i, b"\0\0" + command(number, b"\0" if number == 534 else b"")))
        t.down(message(RESPONSE, 4, 10 + i, b"\x10\0" + command(number, b"\0" + bytes(2))))
    t.up(message(REQUEST, 4, 200, b"\0\0" + command(0) + command(20) + command(79, b"\0\0\x39" + bytes(5))))
    name = b"Multiplexer 3".ljust(32, b"\0")
    t.down(message(RESPONSE, 4, 200, b"\0\0" + command(0, b"\0" + identity(GATEWAY, 38)) + command(20, b"\0" + name) + command(79, b"\7")))
    t.up(message(REQUEST, 5, 201, b"\0\xff"))
    t.down(message(RESPONSE, 5, 201, b"\0\x01" + bytes(50), 8))
    end(t, 202)
    t.close()


def errors(c):
    """Refused by the device, refused by the message layer, warned, not answered; a message nobody lists."""
    t = Tcp(c, HMI, PLC, 49157, 5094)
    t.up(message(REQUEST, 0, 1, struct.pack("!BI", 1, 1)))
    t.down(message(RESPONSE, 0, 1, b"", 15))
    begin(t, 2)
    for i, code in enumerate((0, 8, 14, 25, 33, 100, 2, 7, 16, 32, 64, 0x84)):
        exchange(t, 10 + i, 35, b"\x39" + bytes(8), b"", code=code)
    t.up(ask(40, 1))
    t.down(message(NAK, 3, 40, b"\1"))
    t.up(message(REQUEST, 4, 41, b"\0\0\0\1\0"))
    t.down(message(3, 4, 41, b"\2"))
    for number in (0, 3, 4):
        t.down(message(NAK, number, 99, b"\0"))
    t.up(ask(42, 1))
    t.close()


def published(c):
    """The device tells by itself what it was asked to tell once; a version 2 header."""
    t = Tcp(c, HMI, PLC, 49158, 5094)
    begin(t)
    exchange(t, 2, 109, b"\1\0", b"\1\0")
    for i in range(4):
        values = bytes([0, 0x10, 0]) + bytes(8) + struct.pack("!I", 1000 * i)
        t.down(message(PUBLISH, 3, i, pdu(0x01, unique(GATEWAY, 1 if i % 2 else 3), 9, values), version=2))
        c.wait(0.99)
    t.close()


def udp(c):
    """The server answers the first message from a port of its own, which all later ones use; two messages in a datagram."""
    up = lambda body, port: c.udp(HMI, 49200, PLC, port, body)
    down = lambda body: c.udp(PLC, 5095, HMI, 49200, body)
    up(message(REQUEST, 0, 1, struct.pack("!BI", 1, 600000)), 5094)
    down(message(RESPONSE, 0, 1, struct.pack("!BI", 1, 600000)))
    up(ask(2, 0, b"", polling(0)), 5095)
    down(answer(2, 0, identity(GATEWAY, 38), polling(0)))
    up(ask(3, 1) + ask(4, 2), 5095)
    down(answer(3, 1, bytes(5)) + answer(4, 2, bytes(8)))
    up(message(REQUEST, 1, 5), 5095)
    down(message(RESPONSE, 1, 5))


def broken(c):
    """All on the protocol's own port; preambles before the PDU; what is broken: a short length, a count beyond the end, no command."""
    up = lambda body: c.udp(HMI, 49201, PLC, 5094, body)
    down = lambda body: c.udp(PLC, 5094, HMI, 49201, body)
    up(message(REQUEST, 3, 1, b"\xff" * 5 + pdu(2, unique(GATEWAY, 2), 1, b"")))
    down(message(RESPONSE, 3, 1, b"\xff" * 5 + pdu(6, unique(GATEWAY, 2), 1, bytes(7))))
    up(message(REQUEST, 128, 2, b"\1"))
    up(bytes.fromhex("0100030000030004"))
    up(message(REQUEST, 3, 4, bytes.fromhex("82a684") + b"\4\xe0\0\1\x20\0"))
    up(message(REQUEST, 4, 5, b"\0\0"))
    up(message(REQUEST, 4, 6, b"\0\0\0\1\5\0"))
    up(message(7, 3, 7))


def stream(c):
    """Messages split and joined, answers in another order, a gap."""
    t = Tcp(c, HMI, PLC, 49159, 5094)
    begin(t)
    t.up(ask(2, 1) + ask(3, 2))
    t.down(answer(3, 2, bytes(8)) + answer(2, 1, bytes(5)))
    t.up(ask(4, 3)[:3], ask(4, 3)[3:9], ask(4, 3)[9:])
    t.down(answer(4, 3, bytes(24))[:12], answer(4, 3, bytes(24))[12:])
    t.up(ask(5, 3))
    t.lost(1, len(answer(5, 3, bytes(24))))
    t.up(ask(6, 3))
    t.down(answer(6, 3, bytes(24)))
    t.close()


def midstream(c):
    """A connection on another port, opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49160, 25094, handshake=False)
    t.down(answer(1, 3, bytes(24))[20:])
    for i in range(2, 6):
        exchange(t, i, 3, b"", bytes(24))
