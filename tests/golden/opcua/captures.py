# OPC UA binary over TCP as OPC 10000-6 (clauses 5.2, 6.7, 7.1) and OPC 10000-4 (clauses 5 and 7) write it.
import struct

from packets import HMI, PLC, Tcp

CODE = ["opcua.transport.type", "opcua.servicenodeid.numeric"]
IDENTITY = ["opcua.ApplicationUri", "opcua.ProductUri", "opcua.ManufacturerName", "opcua.ProductName", "opcua.SoftwareVersion",
            "opcua.transport.endpoint"]
DECODE_AS = ["tcp.port==51210,opcua", "tcp.port==4843,opcua"]
# The sensor also states each refusal under the code of what was refused; tshark shows the refusal's own code only.
KNOWN = {
    "errors: 192.168.10.20 code 631: tshark 0, transcript 2",
    "errors: 192.168.10.20 code 673: tshark 0, transcript 1",
    "errors: 192.168.10.20 code HEL: tshark 0, transcript 1",
    "errors: 192.168.10.20 code OPN: tshark 1, transcript 2",
    "services: 192.168.10.20 code 9999: tshark 0, transcript 1",
    # tshark does not find a beginning again in a direction that starts in the middle of a message.
    "midstream: 192.168.10.20 code 634: tshark 0, transcript 3",
    "midstream: 192.168.10.20 code MSG: tshark 0, transcript 3",
}

NONE = "http://opcfoundation.org/UA/SecurityPolicy#None"
BASIC256SHA256 = "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256"
TIME = 0x01DB_D000_0000_0000

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"msg": "code {}", "opcua.security.spu": lambda url: "fact " + url.partition("#")[2]}


def string(text):
    if text is None:
        return b"\xff" * 4
    raw = text.encode() if isinstance(text, str) else text
    return struct.pack("<I", len(raw)) + raw


def numeric(number, space=0):
    if space == 0 and number < 256:
        return bytes([0, number])
    if space < 256 and number < 65536:
        return struct.pack("<BBH", 1, space, number)
    return struct.pack("<BHI", 2, space, number)


def named(space, text):
    return struct.pack("<BH", 3, space) + string(text)


def localized(text):
    return b"\x03" + string("en") + string(text)


def array(*items):
    return struct.pack("<I", len(items)) + b"".join(items)


def connection(kind, body):
    return kind.encode() + b"F" + struct.pack("<I", 8 + len(body)) + body


def hello(url):
    return connection("HEL", struct.pack("<IIIII", 0, 65535, 65535, 0, 0) + string(url))


def acknowledge():
    return connection("ACK", struct.pack("<IIIII", 0, 65535, 65535, 0, 0))


def refusal(status, reason):
    return connection("ERR", struct.pack("<I", status) + string(reason))


def message(request, body, kind="MSG", chunk="F"):
    rest = struct.pack("<IIII", 7, 1, 50 + request, request) + body
    return kind.encode() + chunk.encode() + struct.pack("<I", 8 + len(rest)) + rest


def opening(request, body, policy=NONE, certificate=None, thumbprint=None, channel=0):
    rest = struct.pack("<I", channel) + string(policy) + string(certificate) + string(thumbprint) + \
        struct.pack("<II", 50 + request, request) + body
    return b"OPNF" + struct.pack("<I", 8 + len(rest)) + rest


def asks(service, parameters, handle=1):
    return numeric(service) + numeric(1001, 1) + struct.pack("<QII", TIME, handle, 0) + string(None) + struct.pack("<I", 10000) + \
        bytes(3) + parameters


def answers(service, parameters=b"", result=0, handle=1, diagnostics=b"\0"):
    return numeric(service) + struct.pack("<QII", TIME, handle, result) + diagnostics + array() + bytes(3) + parameters


def application(uri, product, name, kind):
    return string(uri) + string(product) + localized(name) + struct.pack("<I", kind) + string(None) + string(None) + \
        array(string("opc.tcp://plc-7:4840"))


SERVER = application("urn:plc-7:Example:Server", "urn:example.invalid:Server", "Press line server", 0)
CLIENT = application("urn:hmi-3:Example:Panel", "urn:example.invalid:Panel", "Panel", 1)


def token(kind):
    return string("policy%d" % kind) + struct.pack("<I", kind) + string(None) * 3


def endpoint(mode, policy, *tokens):
    return string("opc.tcp://plc-7:4840") + SERVER + string(b"\x30\x03\x02\x01\x05") + struct.pack("<I", mode) + string(policy) + \
        array(*tokens) + string("http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary") + b"\0"


ENDPOINTS = array(endpoint(1, NONE, token(0), token(1)), endpoint(2, BASIC256SHA256, token(1)), endpoint(3, BASIC256SHA256, token(1), token(2)))


def open_channel(t, request=1):
    t.up(opening(request, asks(446, struct.pack("<III", 0, 0, 1) + string(None) + struct.pack("<I", 3600000))))
    t.down(opening(request, answers(449, struct.pack("<IIIQI", 0, 7, 1, TIME, 3600000) + string(None)), channel=7))


def connect(c, port, server=4840):
    t = Tcp(c, HMI, PLC, port, server)
    t.up(hello("opc.tcp://plc-7:4840"))
    t.down(acknowledge())
    open_channel(t)
    return t


def close_channel(t, request):
    t.up(message(request, asks(452, b""), "CLO"))
    t.close()


def session(c):
    """A client finds the server, opens a session, reads what the server is, closes."""
    t = connect(c, 49152)
    t.up(message(2, asks(428, string("opc.tcp://plc-7:4840") + array() + array())))
    t.down(message(2, answers(431, ENDPOINTS)))
    t.up(message(3, asks(461, CLIENT + string(None) + string("opc.tcp://plc-7:4840") + string("Panel 1") + string(b"\x11" * 32) + string(None) +
                         struct.pack("<dI", 60000.0, 0))))
    t.down(message(3, answers(464, numeric(4711, 1) + named(1, b"\x22" * 16) + struct.pack("<d", 60000.0) + string(b"\x33" * 32) + string(None) +
                              ENDPOINTS + array() + string(None) * 2 + struct.pack("<I", 0))))
    anonymous = numeric(321) + b"\x01" + string(string("policy0"))
    user = numeric(324) + b"\x01" + string(string("policy1") + string("operator") + string(b"Pa55word") + string(None))
    for request, credentials in ((4, anonymous), (5, user)):
        t.up(message(request, asks(467, string(None) * 2 + array() + array(string("en")) + credentials + string(None) * 2)))
        t.down(message(request, answers(470, string(None) + array() + array())))
    build = string("urn:example.invalid:Server") + string("Example Works") + string("Press controller") + string("4.2.1") + string("77") + \
        struct.pack("<Q", TIME)
    status = numeric(864) + b"\x01" + string(struct.pack("<QQI", TIME, TIME, 0) + build + struct.pack("<I", 0) + localized(""))
    t.up(message(6, asks(631, read(numeric(2256)))))
    t.down(message(6, answers(634, array(b"\x01\x16" + status) + array())))
    t.up(message(7, asks(631, read(numeric(2261)))))
    t.down(message(7, answers(634, array(b"\x01\x0c" + string("Press controller X")) + array())))
    t.up(message(8, asks(473, b"\x01")))
    t.down(message(8, answers(476)))
    close_channel(t, 9)


def read(*nodes):
    return struct.pack("<dI", 0.0, 2) + array(*(node + struct.pack("<I", 13) + string(None) + struct.pack("<H", 0) + string(None) for node in nodes))


def value(node):
    return node + struct.pack("<I", 13) + string(None) + b"\x01\x06" + struct.pack("<i", 1234)


def nodes(c):
    """Services that name nodes, in every kind of node id."""
    t = connect(c, 49153)
    speed, guid = named(2, "Line1.Motor.Speed"), struct.pack("<BH", 4, 3) + bytes(range(16))
    opaque = struct.pack("<BH", 5, 4) + string(b"\x01\xab")
    exchanges = [
        (631, read(speed), 634), (631, read(numeric(70000, 2), speed, guid), 634), (631, read(guid), 634), (631, read(opaque), 634),
        (673, array(value(speed)), 676), (673, array(value(numeric(5, 300)), value(speed)), 676),
        (712, array(numeric(85) + numeric(1234, 2) + array(b"\x06" + struct.pack("<i", 7))), 715),
        (527, numeric(0) + struct.pack("<QII", 0, 0, 100) + array(numeric(85) + struct.pack("<I", 0) + numeric(33) + b"\x01" + struct.pack("<II", 0, 63)), 530),
        (554, array(numeric(85) + array()), 557), (560, array(speed), 563), (566, array(speed, speed), 569),
        (488, array(numeric(85) + numeric(35) + numeric(0) + struct.pack("<H", 1) + string("Oven") + struct.pack("<I", 1) + bytes(3) + bytes(2)), 491),
        (500, array(speed + b"\x01"), 503), (494, array(speed + numeric(35) + b"\x01" + string(None) + numeric(85) + struct.pack("<I", 1)), 497),
        (506, array(speed + numeric(35) + b"\x01" + numeric(85) + b"\x01"), 509),
        (751, struct.pack("<II", 1, 2) + array(speed + struct.pack("<I", 13) + string(None) + struct.pack("<H", 0) + string(None) +
                                              struct.pack("<IId", 2, 1, 100.0) + bytes(3) + struct.pack("<IB", 1, 1)), 754),
        (664, bytes(3) + struct.pack("<I", 2) + b"\0" + array(speed + string(None) + struct.pack("<H", 0) + string(None) + string(None)), 667),
    ]
    for request, (service, parameters, response) in enumerate(exchanges, 2):
        t.up(message(request, asks(service, parameters)))
        t.down(message(request, answers(response, array() + array())))
    close_channel(t, 99)


def services(c):
    """Every other service with empty parameters; a type that nobody lists."""
    t = connect(c, 49154)
    pairs = [(410, 413), (416, 419), (422, 425), (437, 440), (479, 482), (533, 536), (615, 618), (621, 624), (700, 703), (763, 766), (769, 772), (775, 778),
             (781, 784), (787, 790), (793, 796), (799, 802), (826, 829), (832, 835), (841, 844), (847, 850), (12208, 12209), (12211, 12212)]
    for request, (ask, answer) in enumerate(pairs, 2):
        t.up(message(request, asks(ask, bytes(400))))
        t.down(message(request, answers(answer, bytes(400))))
    t.down(message(99, answers(455)))
    t.up(message(100, asks(9999, bytes(16))))
    t.down(message(100, answers(397, b"", 0x800B0000)))
    close_channel(t, 101)


def registration(c):
    """A server registers with a discovery server and is found there."""
    t = connect(c, 49155)
    server = string("urn:plc-7:Example:Server") + string("urn:example.invalid:Server") + array(localized("Press line")) + struct.pack("<I", 0) + \
        string(None) + array(string("opc.tcp://plc-7:4840")) + string(None) + b"\x01"
    t.up(message(2, asks(437, server)))
    t.down(message(2, answers(440)))
    t.up(message(3, asks(422, string("opc.tcp://plc-7:4840") + array() + array())))
    t.down(message(3, answers(425, array(SERVER))))
    close_channel(t, 4)


def errors(c):
    """Faults and bad results, diagnostics within diagnostics, a refused hello, a refused channel."""
    t = connect(c, 49156)
    t.up(message(2, asks(631, read(named(2, "Line1.Motor.Speed")))))
    t.down(message(2, answers(397, b"", 0x80340000)))
    inner = b"\x7f" + struct.pack("<iiii", 1, 2, 3, 4) + string("why") + struct.pack("<I", 0x80000000) + b"\x40" + b"\x01" + struct.pack("<i", 5)
    t.up(message(3, asks(673, array(value(named(2, "Line1.Motor.Speed"))))))
    t.down(message(3, answers(676, array() + array(), 0x801F0000, diagnostics=inner)))
    t.up(message(4, asks(631, read(numeric(2258)))))
    t.down(message(4, struct.pack("<I", 0x80B80000) + string("too large"), chunk="A"))
    t.close()
    t = Tcp(c, HMI, PLC, 49157, 4840)
    t.up(hello("opc.tcp://plc-7:4840/none"))
    t.down(refusal(0x80830000, "no such endpoint"))
    t.close()
    t = Tcp(c, HMI, PLC, 49158, 4840)
    t.up(hello("opc.tcp://plc-7:4840"))
    t.down(acknowledge())
    t.up(opening(1, b"\xa5" * 64, BASIC256SHA256, b"\x30\x03\x02\x01\x05", b"\x5a" * 20))
    t.down(refusal(0x80550000, "policy rejected"))
    t.close()


def encrypted(c):
    """A channel of which only the outside is readable."""
    t = Tcp(c, HMI, PLC, 49159, 4840)
    t.up(hello("opc.tcp://plc-7:4840"))
    t.down(acknowledge())
    secret = lambda count, seed: bytes((seed + 37 * i) & 0xff | 0x40 for i in range(count))
    t.up(opening(1, secret(256, 1), BASIC256SHA256, b"\x30\x03\x02\x01\x05", b"\x5a" * 20))
    t.down(opening(1, secret(256, 2), BASIC256SHA256, b"\x30\x03\x02\x01\x05", b"\x5a" * 20, 7))
    for request in range(2, 5):
        t.up(message(request, secret(96, request)))
        t.down(message(request, secret(112, request + 9)))
    t.up(message(6, secret(48, 77), "CLO"))
    t.close()


def stream(c):
    """Messages split, joined and in chunks; a segment lost."""
    t = connect(c, 49160)
    ask = lambda request: message(request, asks(631, read(named(2, "Line1.Motor.Speed"))))
    answer = lambda request: message(request, answers(634, array(b"\x01\x06" + struct.pack("<i", 99)) + array()))
    t.up(ask(2) + ask(3))
    t.down(answer(3), answer(2))
    t.up(ask(4)[:5], ask(4)[5:40], ask(4)[40:])
    t.down(answer(4)[:30], answer(4)[30:])
    whole = answers(634, array(b"\x01\x0f" + string(bytes(9000))) + array())
    chunks = message(5, whole[:4000], chunk="C") + message(5, whole[4000:8000], chunk="C") + message(5, whole[8000:])
    t.up(ask(5))
    t.down(*(chunks[at:at + 1460] for at in range(0, len(chunks), 1460)))
    t.up(ask(6))
    t.lost(1, len(answer(6)))
    t.up(ask(7))
    t.down(answer(7))
    close_channel(t, 8)


def midstream(c):
    """A connection opened before the capture began, on another port: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49161, 51210, handshake=False)
    answer = message(40, answers(634, array(b"\x01\x06" + struct.pack("<i", 99)) + array()))
    t.down(answer[20:])
    for request in range(41, 44):
        t.up(message(request, asks(631, read(named(2, "Line1.Motor.Speed")))))
        t.down(message(request, answers(634, array(b"\x01\x06" + struct.pack("<i", 99)) + array())))


def reverse(c):
    """The server opens the connection and asks for a hello."""
    t = Tcp(c, PLC, HMI, 49162, 4843)
    t.up(connection("RHE", string("urn:plc-7:Example:Server") + string("opc.tcp://plc-7:4840")))
    t.down(hello("opc.tcp://plc-7:4840"))
    t.up(acknowledge())
    t.close()
