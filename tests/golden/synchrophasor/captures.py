# Synchrophasor frames as IEEE C37.118.2-2011 clause 6 writes them.
import struct

from packets import HMI, PLC, Tcp, hexa, ip, mac

CODE = "synphasor.frtype"
IDENTITY = ["synphasor.station_name"]
# tshark reads one frame of a datagram, finds no frame again behind one that it cannot read, and counts frames with a wrong check, one
# that is cut, one with counts beyond it (malformed, it says). Bytes behind a frame that are none it calls malformed too.
KNOWN = {"datagrams: 192.168.10.20 code frame 0: tshark 7, transcript 8", "midstream: 192.168.10.20 code frame 0: tshark 0, transcript 4",
         "midstream-resynchronised: 192.168.10.20 code frame 0: tshark 0, transcript 3", "bad-input: 192.168.10.20 code frame 0: tshark 8, transcript 5",
         "bad-input: tshark finds frame 8 malformed", "bad-input: tshark finds frame 16 malformed"}
DECODE_AS = ["tcp.port==40712,synphasor", "udp.port==40713,synphasor"]


def as_code(value):
    return f"frame {int(value, 0)}"


def crc(data):
    total = 0xFFFF
    for byte in data:
        total ^= byte << 8
        for _ in range(8):
            total = (total << 1 ^ 0x1021) & 0xFFFF if total & 0x8000 else total << 1
    return total


def frame(kind, body, ident=7, version=1, size=None, check=None):
    size = 16 + len(body) if size is None else size
    head = struct.pack("!BBHHII", 0xAA, kind << 4 | version, size, ident, 1_750_000_000, 0)
    whole = head + body
    return whole + struct.pack("!H", crc(whole) if check is None else check)


def command(number, ident=7, extra=b"", version=1):
    return frame(4, struct.pack("!H", number) + extra, ident, version)


def values(ident=7, phasors=2):
    return frame(0, hexa("0000") + bytes(4 * phasors) + bytes(2 + 2) + bytes(2), ident)


def text(value, size=16):
    return value.encode().ljust(size)


def unit(station, ident, phasors=2, analogs=1, digitals=1):
    names = b"".join(text(f"CH{n}") for n in range(phasors + analogs + 16 * digitals))
    return text(station) + struct.pack("!HHHHH", ident, 0, phasors, analogs, digitals) + names + \
        bytes(4 * (phasors + analogs + digitals)) + struct.pack("!HH", 1, 3)


def configuration(kind, *units, ident=7):
    return frame(kind, struct.pack("!IH", 1_000_000, len(units)) + b"".join(units) + struct.pack("!H", 50), ident)


def named(value):
    return bytes([len(value)]) + value.encode()


def unit_3(station, ident, phasors=1, analogs=1, digitals=1):
    names = b"".join(named(f"Channel {n}") for n in range(phasors + analogs + 16 * digitals))
    return named(station) + struct.pack("!H", ident) + bytes(16) + struct.pack("!HHHH", 0, phasors, analogs, digitals) + names + \
        bytes(12 * phasors + 8 * analogs + 4 * digitals) + struct.pack("!fffcIIHH", 35.0, 139.0, 40.0, b"M", 20000, 1000, 1, 3)


def configuration_3(*units, part=0, rate=True, body=None):
    body = struct.pack("!IH", 1_000_000, len(units)) + b"".join(units) if body is None else body
    return frame(5, struct.pack("!H", part) + body + (struct.pack("!H", 50) if rate else b""), version=2)


def unit_with_a_client(c, sport=49200, port=4712):
    t = Tcp(c, HMI, PLC, sport, port)
    t.up(command(5))
    t.down(configuration(3, unit("Substation North", 7)))
    return t


def session(c):
    """A measurement unit is asked for each of its frames, told to send and to stop; a command of the user's, an unknown one."""
    t = unit_with_a_client(c)
    t.up(command(3))
    t.down(frame(1, b"PMU of Substation North, P class filter"))
    t.up(command(4))
    t.down(configuration(2, unit("Substation North", 7)))
    t.up(command(6, version=2))
    t.down(configuration_3(unit_3("Substation North, bay 3", 7)))
    t.up(command(2))
    for _ in range(5):
        t.down(values())
    t.up(command(8, extra=hexa("01020304")))
    t.up(command(99))
    t.up(command(1))
    t.close()


def concentrator(c):
    """A concentrator's stream holds several units; another stream of its own on the same connection."""
    t = Tcp(c, HMI, PLC, 49201, 4712)
    t.up(command(5, 60))
    t.down(configuration(3, unit("PMU1", 61), unit("PMU2", 62, 3, 0, 0), unit("PMU3", 63, 0, 2, 2), ident=60))
    t.up(command(5, 70))
    t.down(configuration(3, unit("PMU9", 70), ident=70))
    t.down(values(60, 5) + values(70))
    t.close()


def parts(c):
    """A third configuration frame in three parts: the names of the first are read, the rest goes on in the middle."""
    t = Tcp(c, HMI, PLC, 49202, 4712)
    t.up(command(6, version=2))
    whole = struct.pack("!IH", 1_000_000, 2) + unit_3("First", 7) + unit_3("Second", 8)
    t.down(configuration_3(part=1, rate=False, body=whole[:300]))
    t.down(configuration_3(part=2, rate=False, body=whole[300:420]))
    t.down(configuration_3(part=0xFFFF, body=whole[420:]))
    t.close()


def datagrams(c):
    """Commands and frames over UDP; a unit that sends to a group without being asked; two frames in one datagram."""
    c.udp(HMI, 4712, PLC, 4713, command(5))
    c.udp(PLC, 4713, HMI, 4712, configuration(3, unit("Substation North", 7)))
    c.udp(HMI, 4712, PLC, 4713, command(2))
    for _ in range(3):
        c.udp(PLC, 4713, HMI, 4712, values())
    for _ in range(3):
        c.udp(PLC, 50000, mac("01:00:5e:00:02:01"), 4713, values(8), dst=ip("239.0.2.1"))
    c.udp(PLC, 50000, mac("01:00:5e:00:02:01"), 4713, values(8) + values(9), dst=ip("239.0.2.1"))


def stream(c):
    """Several frames in a segment, one in several, one of which the mirror lost a part."""
    t = unit_with_a_client(c, 49203)
    t.up(command(2))
    t.down(values() + values() + values())
    long = values(7, 50)
    t.down(long[:3], long[3:9], long[9:])
    t.down(long[:40])
    t.lost(1, len(long) - 40)
    t.down(values(), values())
    t.close()


def midstream(c):
    """The mirror begins within a frame."""
    t = Tcp(c, HMI, PLC, 49204, 4712, handshake=False)
    t.down(values(7, 20)[30:] + values(7, 20))
    for _ in range(4):
        t.down(values(7, 20))


def midstream_resynchronised(c):
    """Sizes, types and versions that no frame has: what follows is searched for."""
    t = unit_with_a_client(c, 49208)
    t.down(frame(0, bytes(14), size=9), values())
    t.down(frame(6, bytes(14)), values())
    t.down(frame(0, bytes(14), version=9), values())
    t.close()


def other_port(c):
    """On ports of their own."""
    t = unit_with_a_client(c, 49205, 40712)
    t.down(values())
    t.close()
    for _ in range(3):
        c.udp(PLC, 40713, HMI, 49206, values(8))


def bad_input(c):
    """Checks, lengths and counts that contradict the specification; what follows is read."""
    t = unit_with_a_client(c, 49207)
    t.down(frame(0, bytes(14), check=0x1234), values())
    t.down(frame(3, struct.pack("!IH", 1_000_000, 9) + unit("Nine", 9) + hexa("0032")), values())
    t.up(frame(4, b""))
    t.up(command(1))
    t.close()
    c.udp(PLC, 4713, HMI, 4712, values(8))
    c.udp(PLC, 4713, HMI, 4712, values(8)[:-3])
    c.udp(PLC, 4713, HMI, 4712, frame(0, bytes(14), check=0x1234))
    c.udp(PLC, 4713, HMI, 4712, values(8) + b"\xaa\1")
    c.udp(PLC, 4713, HMI, 4712, values(8))
