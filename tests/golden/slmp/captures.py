# SLMP as the SLMP reference manual SH-080956 writes it; frames 3E and 4E also in the MELSEC communication protocol reference
# manual SH-080008, frames with extended station number as CC-Link IE TSN sends them.
import struct

from packets import BROADCAST, HMI, PLC, Host, Tcp, hexa

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {
    "cmd": "code 0x{}", "failed_cmd": "code 0x{}", "model_code": "fact 0x{}", "end": lambda end: "" if end == "0000" else "error",
    ("object", "count"): lambda first, count: "target %s..%s%d" % (first, first[0], int(first[1:]) + int(count) - 1),
}

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def route(network=0, station=0xFF, module=0x3FF, drop=0):
    return struct.pack("<BBHB", network, station, module, drop)


def request_3e(command, sub=0, data=b"", to=route(), timer=0x10):
    body = struct.pack("<HHH", timer, command, sub) + data
    return b"\x50\x00" + to + struct.pack("<H", len(body)) + body


def response_3e(data=b"", end=0, to=route()):
    body = struct.pack("<H", end) + data
    return b"\xd0\x00" + to + struct.pack("<H", len(body)) + body


def error_3e(end, command, sub=0, to=route()):
    return response_3e(to + struct.pack("<HH", command, sub), end, to)


def as_4e(frame, serial):
    return bytes([frame[0] | 0x04, 0]) + struct.pack("<HH", serial, 0) + frame[2:]


def extended(frame, serial=0, command=None):
    """The same with extended station number; its response repeats command and subcommand."""
    rest = frame[9:] if command is None else frame[9:11] + struct.pack("<HH", *command) + frame[11:]
    return (b"\xe8\x00" if frame[0] == 0xD0 else b"\x68\x00") + struct.pack("<HH", serial, 0) + frame[2:7] + bytes(3) + \
        struct.pack("<H", len(rest)) + rest


def device(code, number):
    return struct.pack("<I", number)[:3] + bytes([code])


def wide_device(code, number):
    return struct.pack("<IH", number, code)


D, W, R, M, X, Y, TN, ZR = 0xA8, 0xB4, 0xAF, 0x90, 0x9C, 0x9D, 0xC2, 0xB0


def label(name):
    return struct.pack("<H", len(name)) + name.encode("utf-16-le")


def words(n):
    return bytes(2 * n)


def exchange_all(c, port, exchanges):
    t = Tcp(c, HMI, PLC, port, 3000)
    for command, sub, data, answer in exchanges:
        t.up(request_3e(command, sub, data))
        t.down(response_3e(answer))
    t.close()


def batches():
    yield 0x0401, 0, device(D, 100) + b"\x14\0", words(20)
    yield 0x0401, 1, device(M, 0) + b"\x10\0", bytes(8)
    yield 0x0401, 0, device(M, 0) + b"\x02\0", words(2)
    yield 0x0401, 1, device(X, 0x10) + b"\x20\0", bytes(16)
    yield 0x0401, 2, wide_device(ZR, 100000) + b"\x01\0", words(1)
    yield 0x0401, 3, wide_device(Y, 0xA0) + b"\x08\0", bytes(4)
    yield 0x0401, 0x80, bytes(2) + device(0xAB, 10) + bytes(2) + b"\xe0\x03\xfa\x04\0", words(4)
    yield 0x0401, 0x80, bytes(2) + device(W, 0x100) + bytes(2) + b"\x01\0\xf9\x02\0", words(2)
    yield 0x0401, 0x82, bytes(2) + wide_device(0xAB, 22) + bytes(2) + b"\x01\0\xf8\x01\0", words(1)
    yield 0x0401, 0, device(0xEE, 5) + b"\x01\0", words(1)
    yield 0x1401, 0, device(D, 100) + b"\x02\0" + words(2), b""
    yield 0x1401, 1, device(M, 100) + b"\x03\0\x11\x10", b""


def lists():
    yield 0x0403, 0, b"\x04\x03" + device(D, 0) + device(TN, 0) + device(M, 100) + device(X, 0x20) + device(D, 1500) + \
        device(Y, 0x160) + device(M, 1111), bytes(20)
    yield 0x1402, 0, b"\x02\x01" + device(D, 0) + words(1) + device(D, 1) + words(1) + device(D, 1500) + words(2), b""
    yield 0x1402, 1, b"\x02" + device(M, 50) + b"\0" + device(Y, 0x2F) + b"\1", b""
    yield 0x1402, 3, b"\x01" + wide_device(M, 50) + b"\1\0", b""
    yield 0x0406, 0, b"\x02\x01" + device(D, 0) + b"\x04\0" + device(W, 0x100) + b"\x08\0" + device(M, 0) + b"\x02\0", words(14)
    yield 0x1406, 0, b"\x01\x01" + device(D, 0) + b"\x02\0" + words(2) + device(M, 0) + b"\x01\0" + words(1), b""
    yield 0x0801, 0, b"\x01\x01" + device(D, 0) + device(D, 10), b""
    yield 0x0802, 0, b"", bytes(6)


def labels():
    yield 0x041A, 0, b"\1\0\0\0" + label("Recipe[2]") + b"\x01\0\x0a\0", b"\1\0\x02\x01\x0a\0" + bytes(10)
    yield 0x041C, 0, b"\4\0\1\0" + label("Line") + label("%1.Speed") + label("温度") + label("Count") + label("Mode"), \
        b"\4\0" + 4 * (b"\x02\0\2\0\0\0")
    yield 0x141A, 0, b"\2\0\0\0" + label("Flags") + b"\0\0\x11\0" + words(2) + label("Recipe[0]") + b"\1\0\2\0" + words(1), b""
    yield 0x141B, 0, b"\2\0\0\0" + label("Speed") + b"\2\0\0\0" + label("Mode") + b"\2\0\1\0", b""


def buffers():
    yield 0x0613, 0, hexa("78000000 0200"), words(2)
    yield 0x1613, 0, hexa("78000000 0100 0000"), b""
    yield 0x0601, 0, hexa("00000000 0400 e003"), bytes(4)
    yield 0x1601, 0, hexa("00050000 0200 0300 0000"), b""


def devices(c):
    """Devices in a row: of bits and words, Q and iQ-R, of other networks and modules, an unlisted one."""
    exchange_all(c, 49152, batches())


def device_lists(c):
    """Devices picked one by one and in blocks, monitored."""
    exchange_all(c, 49159, lists())


def label_access(c):
    """Labels by name."""
    exchange_all(c, 49160, labels())


def memory(c):
    """Buffer memory and that of intelligent modules."""
    exchange_all(c, 49161, buffers())


def exchange_numbered(c, port, exchanges):
    t = Tcp(c, HMI, PLC, port, 5007)
    for serial, (command, data, answer) in enumerate(exchanges, 0x1234):
        t.up(as_4e(request_3e(command, 0, data), serial))
        t.down(as_4e(response_3e(answer), serial))
    t.close()


def control(c):
    """Remote operations, passwords, errors, what a CPU is; over 4E."""
    password = lambda text: struct.pack("<H", len(text)) + text
    exchange_numbered(c, 49153, [
        (0x0101, b"", b"R08CPU          \x01\x48"), (0x0619, b"\x05\0ABCDE", b"\x05\0ABCDE"),
        (0x1001, hexa("0100 00 00"), b""), (0x1001, hexa("0300 02 00"), b""), (0x1003, hexa("0300"), b""), (0x1003, hexa("0100"), b""),
        (0x1002, hexa("0100"), b""), (0x1005, hexa("0100"), b""), (0x1006, hexa("0100"), b""), (0x1617, b"", b""), (0x1619, b"", b""),
        (0x161A, b"", b""), (0x1630, password(b"1234"), b""), (0x1631, password(b"1234"), b""), (0x7777, b"", b"")])


def files(c):
    """Files of a controller, both generations of commands; their data stays unread."""
    exchange_numbered(c, 49162, [(command, b"", b"") for command in (
        0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x0206, 0x0808, 0x1202, 0x1203, 0x1204, 0x1205, 0x1206, 0x1207, 0x1810, 0x1811, 0x1820, 0x1822,
        0x1824, 0x1825, 0x1826, 0x1827, 0x1828, 0x1829, 0x182A)])


def parameters(c):
    """Parameters of devices, backup and restoration."""
    exchange_numbered(c, 49163, [(command, b"", b"") for command in (
        0x0E28, 0x0E29, 0x0E32, 0x0E33, 0x0E34, 0x0E35, 0x0E36, 0x0E3A, 0x0E44, 0x0E45, 0x0E53, 0x0EB0, 0x0EB1, 0x0EB2, 0x0EB3, 0x0EB4, 0x0EB5,
        0x0EB6, 0x0EB7, 0x0EB8, 0x0EB9, 0x0EBA, 0x0EBE)])


def network(c):
    """Tests, histories and cyclic transmission of CC-Link IE."""
    exchange_numbered(c, 49164, [(command, b"", b"") for command in (
        0x3040, 0x3050, 0x3060, 0x3061, 0x3062, 0x3070, 0x3072, 0x3119, 0x3206, 0x3207, 0x3208, 0x3209, 0x320A, 0x320B, 0x320C, 0x320D, 0x320E,
        0x3210, 0x3211, 0x3230, 0x4020, 0xA445)])


def errors(c):
    """End codes: out of range, unsupported, another format; a relay that fails; answers of 4E in another order."""
    t = Tcp(c, HMI, PLC, 49154, 3000)
    t.up(request_3e(0x0401, 0, device(D, 20000) + b"\1\0"))
    t.down(error_3e(0x4031, 0x0401))
    t.up(request_3e(0x1401, 0, device(D, 1) + b"\1\0\0\0"))
    t.down(error_3e(0xC059, 0x1401))
    t.up(request_3e(0x1630, 0, b"\4\x001234"))
    t.down(error_3e(0xC810, 0x1630))
    t.up(request_3e(0x0401, 0, device(D, 2) + b"\1\0"))
    t.down(response_3e(b"", 0xC061))                      # a server that does not say which command failed
    far = route(1, 2, 0x3E1, 0)
    t.up(request_3e(0x1002, 0, b"\1\0", far))
    t.down(error_3e(0x4B00, 0x1002, 0, far))
    t.up(as_4e(request_3e(0x0401, 0, device(D, 3) + b"\1\0"), 1) + as_4e(request_3e(0x1401, 0, device(D, 4) + b"\1\0\0\0"), 2))
    t.down(as_4e(error_3e(0x4031, 0x1401), 2))
    t.down(as_4e(response_3e(bytes(2)), 1))
    t.close()


def routes(c):
    """Other stations behind the one that is spoken to: network, station, CPU, system, serial module."""
    t = Tcp(c, HMI, PLC, 49155, 5000)
    for to in (route(1, 3), route(0, 0xFF, 0x3E0), route(0, 0xFF, 0x3E3), route(0, 0xFF, 0x3D0), route(0, 0xFF, 0x3D1), route(0, 0xFF, 0x3D2),
               route(0, 0xFF, 0x3D3), route(2, 0x78, 0x0010, 5)):
        t.up(request_3e(0x0401, 0, device(D, 0) + b"\1\0", to))
        t.down(response_3e(bytes(2), 0, to))
    t.close()


def ascii_request(command, sub, data, serial=None):
    body = "0010%04X%04X" % (command, sub) + data
    head = "5000" if serial is None else "5400%04X0000" % serial
    return (head + "00FF03FF00%04X" % len(body) + body).encode()


def ascii_response(data, end=0, serial=None):
    body = "%04X" % end + data
    head = "D000" if serial is None else "D400%04X0000" % serial
    return (head + "00FF03FF00%04X" % len(body) + body).encode()


def text(c):
    """Frames in text, 3E and 4E, Q and iQ-R."""
    t = Tcp(c, HMI, PLC, 49156, 4999)
    exchanges = [
        (0x0401, 0, "D*0001000003", "123400021DEF"), (0x0401, 1, "M*0001000008", "00010011"), (0x0401, 0, "X*0000400002", "1234CDEF"),
        (0x0401, 2, "D***000001000003", "123400021DEF"), (0x1401, 0, "D*   1000001" "0000", ""),
        (0x0403, 0, "0201" "D*000000" "TN000000" "D*001500", "19951202" "00004C54"), (0x1402, 1, "02" "M*00005001" "Y*00002F00", ""),
        (0x1402, 3, "01" "M***000000500001", ""), (0x0406, 0, "0101" "D*0000000004" "M*0000000002", "0" * 24),
        (0x0101, 0, "", "Q20UDHCPU       0267"), (0x1002, 0, "0001", ""), (0x0613, 0, "000000780002", "00000000"), (0x0619, 0, "0005ABCDE", "0005ABCDE"),
        (0x0401, 0x80, "00U3E0G***000010" "0000000001", "0000"), (0x041C, 0, "00010000", ""),
    ]
    for command, sub, data, answer in exchanges:
        t.up(ascii_request(command, sub, data))
        t.down(ascii_response(answer))
    t.up(ascii_request(0x0401, 0, "W*0000fc0003").lower().replace(b"w", b"W"))  # as mcprotocol for Node.js writes its digits
    t.down(ascii_response("000000000000"))
    t.up(ascii_request(0x0401, 0, "D*0001000003", 0x1234))
    t.down(ascii_response("00FF03FF0004010000", 0xC056, 0x1234))
    t.close()


def stream(c):
    """Messages split and joined by TCP, a long answer over several segments, a gap."""
    t = Tcp(c, HMI, PLC, 49157, 3001)
    ask = lambda number, count: request_3e(0x0401, 0, device(D, number) + struct.pack("<H", count))
    t.up(ask(0, 4) + ask(10, 4))                          # two in one segment
    t.down(response_3e(bytes(8)) + response_3e(bytes(8)))
    t.up(ask(20, 4)[:7], ask(20, 4)[7:])                  # one in two segments
    long = response_3e(bytes(1920))
    t.down(response_3e(bytes(8))[:5], response_3e(bytes(8))[5:])
    t.up(ask(0, 960))
    t.down(long[:1460], long[1460:])
    t.up(ask(30, 4))
    t.lost(1, 19)                                         # its answer is lost on the mirror
    t.up(as_4e(ask(40, 4), 9))
    t.down(as_4e(response_3e(bytes(8)), 9))
    t.close()


def midstream(c):
    """A connection opened before the capture began, on a port nobody has heard of: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49158, 12289, handshake=False)
    request, response = request_3e(0x0401, 0, device(D, 0) + b"\4\0"), response_3e(bytes(8))
    t.down(response[14:])
    for _ in range(3):
        t.up(request)
        t.down(response)


def datagrams(c):
    """3E over UDP; a call from the controller."""
    ask = lambda number: request_3e(0x0401, 0, device(D, number) + b"\1\0")
    up = lambda payload: c.udp(HMI, 50001, PLC, 16385, payload)
    down = lambda payload: c.udp(PLC, 16385, HMI, 50001, payload)
    up(ask(0))
    down(response_3e(bytes(2)))
    up(ask(1))
    down(response_3e(b"", 0xC061))
    up(request_3e(0x0101))
    down(response_3e(b"FX5U-32MT/ES    \x29\x4a"))
    down(request_3e(0x2101, 0, bytes(4)))
    c.wait(1)
    up(ask(3)[:-1])                                       # the length says one byte more


def identity(c):
    """A search by broadcast and the node that answers it; its address is set."""
    reverse = lambda host: host.mac[::-1]
    little = lambda text: bytes(reversed([int(x) for x in text.split(".")]))
    asked = reverse(HMI) + b"\4" + little("192.168.10.10")
    c.udp(HMI, 45237, BROADCAST, 45237, as_4e(request_3e(0x0E30, 0, asked), 7), dst=bytes([192, 168, 10, 255]))
    found = asked + reverse(OTHER) + b"\4" + little("192.168.10.21") + little("255.255.255.0") + little("192.168.10.1") + b"\5press" + \
        struct.pack("<HIH", 0x0000, 0x00004A29, 3) + b"\4" + little("192.168.10.21") + struct.pack("<HHHB", 45237, 0, 45237, 1)
    c.udp(OTHER, 45237, HMI, 45237, as_4e(response_3e(found), 7))
    new = asked + reverse(OTHER) + b"\4" + little("192.168.10.22") + little("255.255.255.0") + b"\xff" * 4 + b"\0\4" + b"\xff" * 6 + b"\1"
    c.udp(HMI, 45237, OTHER, 45237, as_4e(request_3e(0x0E31, 0, new), 8))
    c.udp(OTHER, 45237, HMI, 45237, as_4e(response_3e(reverse(HMI)), 8))


def tsn(c):
    """The configuration of CC-Link IE TSN at start-up: frames with extended station number."""
    up = lambda command, sub, data: c.udp(HMI, 45238, PLC, 45239, extended(request_3e(command, sub, data, timer=0)))
    for command, sub in ((0x0E90, 0), (0x0E90, 1), (0x0E91, 0), (0x0E92, 0), (0x0E93, 0), (0x0E93, 1), (0x0E93, 2), (0x0E93, 3)):
        up(command, sub, bytes(12))
        c.udp(PLC, 45239, HMI, 45238, extended(response_3e(bytes(8)), 0, (command, sub)))
    c.udp(PLC, 45239, HMI, 45238, extended(response_3e(hexa("0000000000000000 01010000")), 0x94, (0x0E94, 0)))
    up(0x0E92, 0, bytes(4))
    c.udp(PLC, 45239, HMI, 45238, extended(response_3e(b"", 0xC059), 0, (0x0E92, 0)))
