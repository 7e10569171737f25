# GVCP as AIA GigE Vision 2.x writes it: clauses 14 (headers), 16 (messages), 27 and 28 (bootstrap registers).
import struct

from packets import BROADCAST, HMI, PLC, ip

CODE = ["gvcp.cmd.command", "gvcp.ack"]
IDENTITY = ["gvcp.bootstrap.manufacturername", "gvcp.bootstrap.modelname", "gvcp.bootstrap.deviceversion", "gvcp.bootstrap.serialnumber",
            "gvcp.bootstrap.userdefinedname"]
DECODE_AS = ["udp.port==20202,gvcp"]
# A pending acknowledgement is no answer: another one follows (clause 16.3.3). What is broken is not stated.
KNOWN = {
    "errors: 192.168.10.20 code 0x0088: tshark 1, transcript 0",
    "errors: 192.168.10.10 code 0x0084: tshark 1, transcript 0",
    "errors: 192.168.10.20 code 0x0002: tshark 1, transcript 0",
    "errors: tshark finds frame 9 malformed",
    "errors: tshark finds frame 10 malformed",
    "errors: tshark finds frame 11 malformed",
}


def as_code(value):
    number = int(value, 0)
    return f"0x{number & 0xFFFE:04x}"


def command(number, data=b"", identity=1, flags=1):
    return struct.pack("!BBHHH", 0x42, flags, number, len(data), identity) + data


def acknowledge(number, data=b"", identity=1, status=0):
    return struct.pack("!HHHH", status, number + 1, len(data), identity) + data


def device(name=b"LINE3_TOP", address="192.168.10.20"):
    head = struct.pack("!HHIHH4sII12x", 2, 0, 0x80000001, 0, int.from_bytes(PLC.mac[:2], "big"), PLC.mac[2:], 7, 4)
    network = ip(address) + bytes(12) + ip("255.255.255.0") + bytes(12) + ip("0.0.0.0")
    texts = b"".join(text.ljust(size, b"\0") for text, size in ((b"Baumer", 32), (b"VCXG-53M", 32), (b"1.2 CID:300017", 32), (b"", 48), (b"700006123456", 16), (name, 16)))
    return head + network + texts


class Camera:
    def __init__(self, c, port=50001):
        self.c, self.port, self.identity = c, port, 1

    def up(self, data):
        self.c.udp(HMI, self.port, PLC, 3956, data)

    def down(self, data):
        self.c.udp(PLC, 3956, HMI, self.port, data)

    def exchange(self, number, asked=b"", answered=b"", status=0):
        self.identity += 1
        self.up(command(number, asked, self.identity))
        self.down(acknowledge(number, answered, self.identity, status))


def control(c):
    """Found by all, asked for by one: discovery, registers, memory; who controls, the address, the name."""
    c.udp(HMI, 50000, BROADCAST, 3956, command(2, flags=0x11), dst=ip("255.255.255.255"))
    c.udp(PLC, 3956, HMI, 50000, acknowledge(2, device()))
    t = Camera(c)
    t.exchange(2, b"", device())
    word = lambda *values: struct.pack(f"!{len(values)}I", *values)
    t.exchange(0x82, word(0x0A00, 2), struct.pack("!HH", 0, 1))
    t.exchange(0x80, word(0x0A00), word(2))
    t.exchange(0x80, word(0x0D00, 0x0D04, 0x0D18), word(1, 2, 3))
    t.exchange(0x82, word(0x0D00, 50002, 0x0D18, 0xC0A80A0A), struct.pack("!HH", 0, 2))
    t.exchange(0x84, struct.pack("!IHH", 0x0200, 0, 512), word(0x0200) + bytes(512))
    t.exchange(0x86, word(0x2000_0000) + bytes(8), struct.pack("!HH", 0, 8))
    t.exchange(0x86, word(0x00E8) + b"LINE3_TOP\0\0\0", struct.pack("!HH", 0, 12))
    t.exchange(0x82, word(0x064C, 0xC0A80A14), struct.pack("!HH", 0, 1))
    t.exchange(0x82, word(0x0A00, 0), struct.pack("!HH", 0, 1))


def others(c):
    """An address given by force, what is sent again, actions, events of the camera from a port of its own; one that nobody lists."""
    t = Camera(c)
    forced = struct.pack("!2x6s12x4s12x4s12x4s", PLC.mac, ip("192.168.10.21"), ip("255.255.255.0"), ip("0.0.0.0"))
    c.udp(HMI, 50000, BROADCAST, 3956, command(4, forced), dst=ip("255.255.255.255"))
    c.udp(PLC, 3956, HMI, 50000, acknowledge(4))
    t.up(command(0x40, struct.pack("!HHII", 0, 17, 100, 105), 9, 0))
    t.exchange(0x100, struct.pack("!III", 1, 2, 3), b"")
    event = struct.pack("!HHHHII", 0, 0x9001, 0, 17, 1, 2)
    c.udp(PLC, 20202, HMI, 50003, command(0xC0, event, 3))
    c.udp(HMI, 50003, PLC, 20202, acknowledge(0xC0, b"", 3))
    c.udp(PLC, 20202, HMI, 50003, command(0xC2, event + bytes(20), 4, 0))


def errors(c):
    """Refused, late, answered without being asked; broken."""
    t = Camera(c)
    t.exchange(0x82, struct.pack("!II", 0x0A00, 2), struct.pack("!HH", 0, 0), 0x8006)
    t.exchange(0x80, struct.pack("!I", 0x9999_0000), b"", 0x8003)
    t.up(command(0x86, struct.pack("!I", 0x2000_0000) + bytes(8), 77))
    t.down(acknowledge(0x88, struct.pack("!HH", 0, 3000), 77))
    t.down(acknowledge(0x86, struct.pack("!HH", 0, 8), 77))
    t.down(acknowledge(0x80, bytes(4), 99))
    t.up(command(0x80, b"", 100))
    t.down(acknowledge(2, device()[:100], 101))
    t.up(command(0x84, bytes(8), 102)[:-2])
