# DNP3 as the specification writes it: IEEE 1815-2012, clauses 4 (application), 8 (transport), 9 (data link), 11 (objects).
import struct

from packets import HMI, PLC, Tcp, hexa

CODE = "dnp3.al.func"
DECODE_AS = ["tcp.port==20500,dnp3"]
# tshark tells functions of the link by fields of their own, and says them also of frames that carry an application function.
KNOWN = {f"links: {line}" for line in (
    "192.168.10.10 code link prm 0: tshark 0, transcript 1", "192.168.10.10 code link prm 1: tshark 0, transcript 1",
    "192.168.10.10 code link prm 2: tshark 0, transcript 1", "192.168.10.10 code link prm 9: tshark 0, transcript 1",
    "192.168.10.10 code link sec 11: tshark 0, transcript 1", "192.168.10.20 code link prm 9: tshark 0, transcript 1",
    "192.168.10.20 code link sec 0: tshark 0, transcript 2", "192.168.10.20 code link sec 1: tshark 0, transcript 1",
    "192.168.10.20 code link sec 11: tshark 0, transcript 1", "192.168.10.20 code link sec 14: tshark 0, transcript 1",
    "192.168.10.20 code link sec 15: tshark 0, transcript 1")}
# packet-dnp.c looks for user data in link frames of these functions, which have none.
KNOWN |= {f"links: tshark finds frame {number} malformed" for number in (6, 7, 8, 9, 17)}

MASTER, OUTSTATION = 1, 10

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {
    # Bit 7 of the control octet: sent by the master.
    ("dnp3.src", "dnp3.dst", "dnp3.ctl"): lambda src, dst, control: "target outstation " + (dst if int(control, 0) & 0x80 else src),
    ("dnp3.al.obj", "dnp3.ctl"): lambda of, control: "target g%dv%d" % divmod(int(of, 0), 256) if int(control, 0) & 0x80 else "",
}


def crc(data):
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ 0xA6BC if value & 1 else value >> 1
    return struct.pack("<H", ~value & 0xFFFF)


def link(control, data=b"", to=OUTSTATION, source=MASTER):
    head = struct.pack("<BBBBHH", 0x05, 0x64, 5 + len(data), control, to, source)
    blocks = [data[i:i + 16] for i in range(0, len(data), 16)]
    return head + crc(head) + b"".join(block + crc(block) for block in blocks)


def request(function, objects="", seq=0, transport=0xC0, to=OUTSTATION):
    objects = hexa(objects) if isinstance(objects, str) else objects
    return link(0xC4, bytes([transport | seq, 0xC0 | seq, function]) + objects, to)


def response(objects="", seq=0, iin=0, function=129, transport=0xC0, uns=False, source=OUTSTATION):
    objects = hexa(objects) if isinstance(objects, str) else objects
    control = 0xC0 | seq | (0x30 if uns else 0)
    return link(0x44, bytes([transport | seq, control, function]) + struct.pack(">H", iin) + objects, MASTER, source)


CROB = "0301 64000000 64000000 00"  # latch on
REQUESTS = [
    (1, "3c0206 3c0306 3c0406 3c0106"), (1, "1e010000 04"), (1, "01020164000a01"), (1, "0200080500"),
    (2, "5001000707 00"), (2, "320107 01 aabbccddeeff"), (2, "22010003 04 0500 0600"),
    (3, f"0c0117 01 03 {CROB}"), (4, f"0c0117 01 03 {CROB}"), (5, f"0c0128 0200 0300 {CROB} 0700 {CROB}"), (5, "290117 01 02 10270000 00"),
    (7, "140006"), (9, "140006"), (11, "320207 01 aabbccddeeff 00000000 140006"), (13, ""), (14, ""), (15, ""), (16, ""), (17, ""), (18, ""),
    (19, ""), (20, "3c0206 3c0306 3c0406"), (21, "3c0206 3c0306 3c0406"), (22, "3c0206 1e0006"), (23, ""), (24, ""),
    (25, "46035b01 2300 1a00 0900 000000000000 0000 00000000 00000000 0100 0004 0100" + b"/config/a".hex()),
    (26, "46045b01 0d00 00000000 00000000 0004 0100 00"), (27, "46035b01 2300 1a00 0900 000000000000 0000 00000000 00000000 0000 0000 0100" + b"/config/a".hex()),
    (28, "46075b01 1d00 1400 0900 0000 00000000 000000000000 0000 0100" + b"/config/a".hex()),
    (29, "46025b01 1000 0c00 0200 0e00 0200 00000000" + b"abcd".hex()), (30, "46045b01 0d00 00000000 00000000 0004 0100 00"), (31, "6e0707 01"), (32, "7802 5b01 0600 000000000100"),
]
UNANSWERED = [(6, f"0c0117 01 03 {CROB}"), (8, "140006"), (10, "140006"), (12, "320207 01 aabbccddeeff 00000000 140006"), (0, ""),
              (33, "7802 5b01 0600 000000000100")]


def functions(c):
    """Functions of the application that are answered, then those that are not."""
    t = Tcp(c, HMI, PLC, 49152, 20000)
    for number, (function, objects) in enumerate(REQUESTS):
        t.up(request(function, objects, number % 16))
        t.down(response("", number % 16, function=131 if function == 32 else 129))
    for number, (function, objects) in enumerate(UNANSWERED):
        t.up(request(function, objects, number))
    t.close()


def refusals(c):
    """The indications of clause 4.2.2.6 that refuse: no such function, object unknown, parameter error; others do not."""
    t = Tcp(c, HMI, PLC, 49153, 20000)
    for number, (function, objects, iin) in enumerate(((28, "", 0x0001), (1, "63010000 04", 0x0002), (1, "1e010000 ff", 0x0004),
                                                        (112, "", 0x0001), (1, "3c0106", 0x8000), (1, "3c0206", 0x1E00))):
        t.up(request(function, objects, number))
        t.down(response("", number, iin))
    t.close()


def links(c):
    """Functions of the data link layer, and confirmed user data; the outstation asks for the link's status as well."""
    t = Tcp(c, HMI, PLC, 49154, 20000)
    secondary = lambda function: link(function, b"", MASTER, OUTSTATION)
    for asked, answer in ((0xC0, 0), (0xC1, 14), (0xD2, 15), (0xC9, 11)):
        t.up(link(asked))
        t.down(secondary(answer))
    t.up(link(0xF3, bytes([0xC0, 0xC0, 1]) + hexa("3c0106")))
    t.down(secondary(0), response(""))
    t.down(link(0x49, b"", MASTER, OUTSTATION))
    t.up(link(0x8B))
    t.down(secondary(1))
    t.close()


def stream(c):
    """Frames split and joined by TCP, a request of several frames, a response of several fragments, two outstations, a lost segment."""
    t = Tcp(c, HMI, PLC, 49155, 20000)
    t.up(request(1, "3c0106", 1) + request(1, "3c0106", 1, to=11))        # two in one segment
    t.down(response("1e0100 00 00 01 00000000", 1, source=11), response("1e0100 00 00 01 00000000", 1))
    t.up(request(1, "3c0206", 2)[:7], request(1, "3c0206", 2)[7:])        # one in two segments
    long = bytes([0xC2, 129]) + bytes(2) + hexa("01020000 f9") + b"\1" * 250
    t.down(link(0x44, bytes([0x42]) + long[:249], MASTER, OUTSTATION), link(0x44, bytes([0x83]) + long[249:], MASTER, OUTSTATION))
    crobs = hexa("c3 05 0c0117 1e") + b"".join(bytes([i]) + hexa(CROB) for i in range(30))
    t.up(link(0xC4, bytes([0x44]) + crobs[:249]), link(0xC4, bytes([0x85]) + crobs[249:]))
    t.lost(1, 120)                                                        # its answer is lost on the mirror
    t.up(request(1, "3c0306", 6))
    t.down(response("", 6))
    t.down(response("", 3, function=130, uns=True))
    t.up(link(0xC4, bytes([0xC7, 0xD3, 0])))
    t.close()


def midstream(c):
    """A connection opened before the capture began, on a port nobody has heard of: it starts with the end of a response."""
    t = Tcp(c, HMI, PLC, 49156, 20500, handshake=False)
    asked, answer = request(1, "3c0106", 5), response("1e0100 00 00 01 00000000", 5)
    t.down(answer[11:])
    for _ in range(2):
        t.up(asked)
        t.down(answer)


def datagrams(c):
    """Over UDP, from port to port; one datagram with two frames, one with a wrong check sum in its data."""
    up = lambda payload: c.udp(HMI, 20000, PLC, 20000, payload)
    down = lambda payload: c.udp(PLC, 20000, HMI, 20000, payload)
    up(request(1, "3c0106", 1))
    down(response("1e0100 00 00 01 00000000", 1))
    up(request(20, "3c0206", 2) + request(1, "3c0206", 3))
    down(response("", 2))
    broken = bytearray(response("", 3))
    broken[-1] ^= 1
    down(bytes(broken))


def identity(c):
    """Device attributes (group 0): asked for all, then one after the other."""
    t = Tcp(c, HMI, PLC, 49157, 20000)
    attributes = ((252, b"Example Works"), (250, b"RTU-7"), (242, b"2.71"), (243, b"B"), (248, b"EW-004711"), (247, b"Feeder 3"), (246, b"F3"),
                  (245, b"Substation West"), (208, b"North grid"))
    text = b"".join(bytes([0, variation, 0, 0, 0, 1, len(value)]) + value for variation, value in attributes)
    t.up(request(1, "00fe 00 00 00", 1))
    t.down(response(text[:230], 1))
    t.up(request(1, "00f0 00 00 00", 2))
    t.down(response("00f0 00 00 00 02 02 0008", 2))
    t.close()


def file_names(c):
    """File commands (group 70) whose names are longer than a record's key: their beginnings are kept."""
    t = Tcp(c, HMI, PLC, 49158, 20000)
    for seq, (function, name) in enumerate(((27, b"C:/temp/DNPDeviceConfiguration written to Remote Device.xml"), (27, "設定/".encode() * 12)), 1):
        command = struct.pack("<HHQHIHHH", 26, len(name), 0, 0, 0, 0, 0xFFFF, 0) + bytes(2) + name
        t.up(request(function, struct.pack("<BBBBH", 70, 3, 0x5B, 1, len(command)) + command, seq))
        t.down(response("", seq))
    t.close()
