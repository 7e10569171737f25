# MELSOFT as NozomiNetworks/blackhat23-melsoft describes it and captures of iQ-R (TCP 5007) and iQ-F (UDP 5560, TCP 5562) show it.
import struct

from packets import BROADCAST, HMI, PLC, Tcp, hexa

# What fields of published samples say of an operation; ../samples_test.py.
# Their plc_ip is the address of who asked: iQ-F repeats it.
SAMPLES = {"cmd": "code 0x{}", "hello": lambda hello: "code hello 0x" + hello[-2:], "model_code": "fact 0x{}"}


def outer(magic, kind, route, engineering, body, sequence=0):
    return hexa(magic) + bytes([sequence, 0, 0]) + b"\x11\x11" + bytes([kind, 0]) + hexa(route) + b"\0\0" + \
        (b"\xfe\x03" if engineering else b"\0\0") + b"\0\0" + struct.pack("<H", len(body)) + body


def request(command, packet, payload=b"", engineering=True, route="00 ff ff03", hmi=False):
    head = bytes([0x1C, 0x02 if hmi else 0x0A, 0x16, 0x14]) + bytes(20)
    body = head + struct.pack(">H", command) + struct.pack("<HH", packet, 0) + payload
    return outer("57 00" if hmi else "57 01", 0x07, route, engineering, body)


def response(command, packet, payload=b"", status=0, magic="d7 01", kind=0x7F):
    head = bytes([0x9C, 0x0A, 0x18, 0x14]) + struct.pack("<H", status) + bytes(20)
    body = head + struct.pack(">H", command) + struct.pack("<HH", packet, 0) + payload
    return outer(magic, kind, "00 00 a803", False, body)


def device(code, number, count):
    return bytes(10) + struct.pack("<HIIH", code, number, 0, count)


def path(text):
    raw = (text + "\0").encode("utf-16-le")
    return struct.pack("<H", len(raw)) + raw


MODEL = b"R08SFCPU".ljust(16) + b"\x91\x48"


def session(c):
    """What an engineering station asks of a controller over TCP: hello, model, log-in, users, clock, safety mode."""
    t = Tcp(c, HMI, PLC, 49152, 5007)
    t.up(hexa("5a0000ff"))
    t.down(hexa("da0000ff 9148 0c00") + bytes(20))
    for packet, (command, payload, answer, status) in enumerate((
            (0x0121, b"\1\0", MODEL, 0), (0x0131, bytes(44), bytes(20), 0), (0x0132, bytes(52), b"", 0x4408), (0x0132, bytes(52), bytes(36), 0),
            (0x0133, b"", bytes(8), 0), (0x0134, b"", bytes(8), 0), (0x0150, bytes(4), bytes(4), 0), (0x0162, b"", b"", 0x4002),
            (0x01A0, bytes(4), bytes(4), 0), (0x1120, bytes(4), b"", 0), (0x1133, bytes(80), b"", 0)), 1):
        t.up(request(command, packet, payload, route="01 7d e003"))
        t.down(response(command, packet, answer, status, "d7 00", 0x07))
    t.close()


def devices(c):
    """A panel reads and writes devices over TCP; other stations behind the controller."""
    t = Tcp(c, HMI, PLC, 49153, 5562)
    for packet, (command, payload, answer) in enumerate((
            (0x0410, device(0x20, 200, 2), bytes(4)), (0x0410, device(0x01, 96, 1), bytes(2)),
            (0x0411, bytes(40), bytes(8)), (0x0413, bytes(30), bytes(4)), (0x0701, bytes(12), bytes(4)),
            (0x1410, device(0x20, 200, 2) + bytes(4), b""), (0x0B16, bytes(8), b""), (0x0B2A, bytes(8), b""), (0x0B2B, bytes(8), b"")), 0x3FF0):
        t.up(request(command, packet, payload, engineering=False, hmi=True))
        t.down(response(command, packet, answer, 0, "d7 00"))
    for packet, route in enumerate(("02 05 ff03", "00 ff e103", "00 ff d003")):
        t.up(request(0x0410, packet, device(0x20, 0, 1), False, route, True))
        t.down(response(0x0410, packet, bytes(2), 0, "d7 00"))
    t.close()


def download(c):
    """A project is written to a controller over UDP: it is stopped, files are replaced, it runs again."""
    up = lambda payload: c.udp(HMI, 50002, PLC, 5560, payload)
    down = lambda payload: c.udp(PLC, 5560, HMI, 50002, payload)
    for packet, (command, payload, answer, status) in enumerate((
            (0x1859, bytes(8) + hexa("0400 0100 0000 1d00") + path("$MELPRJ$\\"), bytes(2), 0),
            (0x185F, bytes(4) + hexa("0400") + path("$MELPRJ$\\MAIN.PRG"), bytes(32), 0),
            (0x1867, bytes(10) + hexa("0400 0000 0000") + path("$MELPRJ$\\MAIN.PRG"), hexa("9200"), 0),
            (0x1868, hexa("9200 0000 0000 3001"), bytes(300), 0), (0x186A, hexa("9200 0000"), b"", 0), (0x1002, hexa("0100"), b"", 0),
            (0x1734, bytes(4) + hexa("0400 0100 0000 7d01") + path("$MELPRJ$"), b"", 0x4080), (0x1731, bytes(10), b"", 0),
            (0x1869, hexa("0100 0000 0000 b800 0001") + bytes(184), hexa("b800"), 0),
            (0x187E, hexa("0300 0500 0400") + path("$MELPRJ$\\SYSTEM.PRM") + hexa("0000 0500 0400") + path("$MELPRJ$\\CPU.PRM") +
             hexa("0000 0500 0400") + path("$MELPRJ$\\UNIT.PRM"), bytes(100), 0),
            (0x18A0, bytes(4), b"", 0), (0x1730, bytes(8), b"", 0), (0x1006, hexa("0100"), b"", 0), (0x1001, hexa("0100"), b"", 0),
            (0x1003, hexa("0100"), b"", 0), (0x1999, b"", b"", 0xC059)), 9):
        up(request(command, packet, payload))
        down(response(command, packet, answer, status))


def search(c):
    """Who is there: asked of everybody, answered by address; the session's number of the model."""
    c.udp(HMI, 50003, BROADCAST, 5560, hexa("5a000022"), dst=b"\xff" * 4)
    address = HMI.ips[0] + HMI.ips[0]                       # iQ-F repeats who asked
    c.udp(PLC, 5560, BROADCAST, 50003, hexa("da000022 0400") + address, dst=b"\xff" * 4)
    c.udp(HMI, 50003, BROADCAST, 5560, request(0x0121, 1, b"\1\0"), dst=b"\xff" * 4)
    c.udp(PLC, 5560, BROADCAST, 50003, response(0x0121, 1, MODEL), dst=b"\xff" * 4)
    for sport, ask, answer in ((50004, "5a000001", hexa("da000001 1400") + address),
                               (50005, "5a000011", hexa("da000011 0300") + address[:4] + b"\xff" * 4),
                               (50006, "5a0000ff", hexa("da0000ff 294a 0c00") + bytes(20))):
        c.udp(HMI, sport, PLC, 5560, hexa(ask))
        c.udp(PLC, 5560, HMI, sport, answer)


def stream(c):
    """Messages split and joined by TCP, a long answer over several segments, a gap, an unknown port."""
    t = Tcp(c, HMI, PLC, 49154, 12290)
    ask = lambda packet: request(0x0410, packet, device(0x3F, 100, 2))
    answer = lambda packet, size=4: response(0x0410, packet, bytes(size), 0, "d7 00", 0x07)
    t.up(hexa("5a0000ff"))
    t.down(hexa("da0000ff 9148 0c00") + bytes(20))
    t.up(ask(1) + ask(2))
    t.down(answer(2)[:30], answer(2)[30:] + answer(1))
    t.up(ask(3)[:10], ask(3)[10:])
    long = answer(3, 1600)
    t.down(long[:1460], long[1460:])
    t.up(ask(4))
    t.lost(1, len(answer(4)))
    t.up(ask(5))
    t.down(answer(5))


def midstream(c):
    """A connection opened before the capture began: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49155, 5007, handshake=False)
    t.down(response(0x0410, 6, bytes(40))[30:])
    for packet in (7, 8):
        t.up(request(0x0410, packet, device(0x3F, 0, 8)))
        t.down(response(0x0410, packet, bytes(16)))
