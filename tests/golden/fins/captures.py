# OMRON FINS as W342 (communications commands) writes it; the header of FINS/TCP as W421 (Ethernet units), clause 7-4.
import struct

from packets import HMI, PLC, Host, Tcp, hexa

CODE = "omron.command"
IDENTITY = ["omron.controller.model", "omron.controller.version"]
# packet-omron-fins.c reads one message of a TCP segment and no message of two; "tcp 0" is the number of another field; a
# message that ends too early has a command code all the same, but the sensor says nothing of it.
KNOWN = {
    # It reads on behind the last status of a node.
    "control: tshark finds frame 14 malformed",
    "errors: 192.168.10.10 code 0x0101: tshark 10, transcript 9",
    "errors: tshark finds frame 18 malformed",
    # The parameter of 0501 may be left out: W342 clause 5-3-21.
    "identity: tshark finds frame 3 malformed",
    "other-port: 192.168.10.10 code tcp 0: tshark 0, transcript 1",
    "other-port: 192.168.10.20 code tcp 0: tshark 0, transcript 1",
    "other-port: 192.168.10.20 code tcp 6: tshark 0, transcript 1",
    "stream: 192.168.10.10 code 0x0101: tshark 4, transcript 5",
    "stream: 192.168.10.10 code tcp 0: tshark 0, transcript 1",
    "stream: 192.168.10.20 code tcp 0: tshark 0, transcript 2",
    "stream: 192.168.10.20 code tcp 3: tshark 0, transcript 1",
    "stream: 192.168.10.20 code tcp 6: tshark 0, transcript 1",
    "stream: 192.168.10.21 code tcp 0: tshark 0, transcript 1",
    "stream: tshark finds frame 8 malformed",
}
DECODE_AS = ["udp.port==19600,omron", "tcp.port==19601,omron"]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"code": "code 0x{}", "tcp_cmd": {"0": "code tcp 0", "1": "code tcp 0"}.get, "end": lambda end: "" if end == "0000" else "error",
           "object": lambda name: "target DM" + name[1:]}

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def fins(text, service=1, network=0, node=20, unit=0, control=0x80):
    return bytes([control, 0, 2, network, node, unit, 0, 10, 0, service]) + hexa(text)


def answer(text, service=1, end="0000", unit=0, control=0xC0):
    code, data = hexa(text)[:2], hexa(text)[2:]
    return bytes([control, 0, 2, 0, 10, 0, 0, 20, unit, service]) + code + hexa(end) + data


def tcp(body, command=2, error=0):
    return b"FINS" + struct.pack("!III", 8 + len(body), command, error) + body


def text(value, size):
    return value.encode().ljust(size).hex()


def exchange(c, pairs):
    for service, (request, response) in enumerate(pairs, 1):
        c.udp(HMI, 9600, PLC, 9600, fins(request, service))
        c.udp(PLC, 9600, HMI, 9600, answer(response, service))


FILE = text("LINE1.OBJ", 12)
OLD = text("LINE1.OLD", 12)


def memory(c):
    """5-3-2 to 5-3-6: areas by word, by bit, timers and counters, banks of the extended memory."""
    exchange(c, [
        ("0101 82 0064 00 0014", "0101" + "0000" * 20), ("0101 b0 0064 00 0001", "0101 1234"),
        ("0101 30 0064 0e 0004", "0101 00010001"), ("0101 89 0003 00 0002", "0101 00000000"),
        ("0101 89 8003 00 0001", "0101 0000"), ("0101 a2 0010 00 0002", "0101 00000000"),
        ("0101 68 0010 00 0001", "0101 0000"), ("0101 dc 0100 00 0001", "0101 00000000"),
        ("0101 81 0805 00 0001", "0101 0000"), ("0101 fe 0005 00 0002", "0101 00000000"),
        ("0102 82 0064 00 0002 1234 5678", "0102"), ("0102 31 0005 03 0001 01", "0102"),
        ("0103 b2 0000 00 0010 0000", "0103"),
        ("0104 82 0064 00 b1 0005 00", "0104 82 1234 b1 0001"),
        ("0104 82 0064 00 82 0065 00 82 0066 00 82 0067 00 82 0068 00", "0104 82 0000 82 0000 82 0000 82 0000 82 0000"),
        ("0105 82 0000 00 b1 000a 00 000a", "0105"), ("0111 82 0064 00", "0111"), ("0110 82 0064 00", "0110 82 0000"),
    ])


def parameters(c):
    """5-3-9 to 5-3-16: parameter areas, data links, protection and programs; passwords and programs stay where they are."""
    exchange(c, [
        ("0201 8010 0000 80ff", "0201 8010 0000 80ff" + "0000" * 255), ("0202 8012 0004 8002 0001 0002", "0202"),
        ("0203 8002 0000 8010 0000", "0203"), ("0201 8013 0000 0001", "0201 8013 0000 0001 0000"),
        ("0201 8011 0000 0001", "0201 8011 0000 0001 0000"), ("0201 8099 0000 0001", "0201 8099 0000 0001 0000"),
        ("0220 0000 534e 0000 0001", "0220 08 8a00010000010002"), ("0221 0000 534e 0000 0001 01 0a00010000010002", "0221"),
        ("0304 ffff 01 00000000 ffffffff 50415353", "0304"), ("0305 ffff 01 00000000 ffffffff 50415353", "0305"),
        ("0306 0000 00000000 0004", "0306 0000 00000000 8004 41424344"), ("0307 0000 00000000 8004 41424344", "0307 0000 00000000 8004"),
        ("0308 0002 00", "0308"),
    ])


def control(c):
    """5-3-17 on: modes, clock, tests, access right, errors and logs."""
    exchange(c, [
        ("0401 ffff 04", "0401"), ("0401 ffff 02", "0401"), ("0401 ffff", "0401"), ("0402", "0402"), ("0403", "0403"),
        ("0602 ", "0602" + "00" * 106), ("0603 ", "0603 8101" + "00" * 12), ("0620 01", "0620 00000010 00000020 00000005"), ("0620 00", "0620"),
        ("0701", "0701 25 11 23 08 30 00 00"), ("0702 25 11 23 08 30 00 00", "0702"),
        ("0801 aabb", "0801 aabb"), ("0802", "0802 0001"), ("0803 aabb", "0803"), ("0920 0001", "0920 0001" + "20" * 32),
        ("0c01 ffff", "0c01"), ("0c02 ffff", "0c02"), ("0c03 ffff", "0c03"),
        ("2101 fffe", "2101"), ("2102 0000 0001", "2102 0001 0001 0001 0080 0000 0001 0002 0003"), ("2103", "2103"),
        ("2140 0000 0001", "2140 0001 0001 0000"), ("2141", "2141"),
        ("2301 0002 0001 30 0064 05 8000 31 0000 01", "2301"), ("2302", "2302"), ("230a 30 0064 00 0003", "230a 30 0064 00 0003 000100"),
        ("2601 " + text("LINE1", 8), "2601"), ("2602", "2602"),
    ])


def files(c):
    """5-3-35 on: the file memory."""
    exchange(c, [
        ("2201 8000 0000 0001", "2201" + text("CARD", 12) + "00000000 00000000 00000000 8001 8001" + FILE + "00000000 00000010"),
        ("2202 8000" + FILE + "00000000 0004", "2202 00000004 00000000 0004 41424344"),
        ("2203 8000 0001" + FILE + "00000004 00000000 0004 41424344", "2203"), ("2204 8001", "2204"),
        ("2205 8000 0002" + FILE + OLD, "2205 0002"), ("2206 8000 0000" + text("CARD", 12), "2206"),
        ("2207 8000" + FILE + "8001" + FILE, "2207"), ("2208 8000" + FILE + OLD, "2208"), ("2209 8000" + FILE, "2209"),
        ("220a 0000 82 0000 00 0064 8000" + FILE, "220a 0064"), ("220a 0001 82 0000 00 0064 8000" + FILE, "220a 0064"),
        ("220b 0000 8010 0000 0010 8000" + FILE, "220b 0010"), ("220c 0001 ffff 00000000 00001000 8000" + FILE, "220c 00001000"),
        ("220f 0000 01", "220f 0001 0001 01 00 01"), ("2210 0001", "2210 41 0000"), ("2211 41 0000 0000", "2211"),
        ("2215 8000 0000" + FILE, "2215"), ("2220 0000", "2220"),
    ])


def network(c):
    """W420: what Ethernet units answer beside, sockets, messages to devices behind a unit."""
    codes = "2701 2702 2703 2704 2710 2711 2712 2713 2714 2720 2750 2757 2760 2761 2762 2763 2764 2765 2767"
    exchange(c, [(code, code) for code in codes.split()])
    for service, code in enumerate("2801 2803 2804 2805 2810 2999".split(), 1):
        c.udp(HMI, 9600, PLC, 9600, fins(code, service, network=2, node=5, unit=0x10))
        c.udp(PLC, 9600, HMI, 9600, answer(code, service, unit=0x10))


AREAS = "0a 17 2a 10 08 00 00 00 00 00 00 00"


def identity(c):
    """0501 (CPU, units), 0502, 0601, 2603; the second version of a CP1 is of its user memory."""
    cpu = "0501" + "CP1L-EL20DR-D\0\0\0    ".encode().hex() + " 20 30312e3030 0000000000 30312e3036 00000000" + "00" * 40 + AREAS
    units = "0501 0110 0000" + "0000" * 14 + "00" * 32 + "01 02 00"
    exchange(c, [
        ("0501 00", cpu), ("0501", cpu), ("0501 01", units),
        ("0502 00 19", "0502 82 10" + text("CJ1W-ETN21", 20) + "11" + text("CJ1W-SCU41", 20)),
        ("0601", "0601 01 04 0000 0000 0000 0000" + "20" * 16), ("0601", "0601 00 00 0000 0000 0000 0000" + "20" * 16),
        ("0601", "0601 01 02 0000 0000 0000 0000" + "20" * 16), ("0601", "0601 01 01 0000 0000 0000 0000" + "20" * 16),
        ("2603", "2603" + text("LINE1", 8)),
    ])


def errors(c):
    """5-1-3: refused; done though the CPU has an error of its own; relayed; a command without response, an unlisted one."""
    read = "0101 82 0064 00 0001"
    for service, end in enumerate("1103 2002 0040 0080 8000 0401 0205".split(), 1):
        c.udp(HMI, 9600, PLC, 9600, fins(read, service))
        c.udp(PLC, 9600, HMI, 9600, answer("0101", service, end))
    c.udp(HMI, 9600, PLC, 9600, fins("0102 82 0064 00 0001 0001", 9, control=0x81))
    c.udp(HMI, 9600, PLC, 9600, fins("0499", 10))
    c.udp(PLC, 9600, HMI, 9600, answer("0499", 10, "0401"))
    c.udp(HMI, 9600, PLC, 9600, fins("0101 82 0064", 11))   # ends too early
    c.udp(PLC, 9600, HMI, 9600, answer("0101", 11, "1002"))
    c.udp(HMI, 9600, PLC, 9600, fins(read, 12))             # two at once, answered in the other order
    c.udp(HMI, 9600, PLC, 9600, fins("0101 82 0065 00 0001", 13))
    c.udp(PLC, 9600, HMI, 9600, answer("0101 0000", 13))
    c.udp(PLC, 9600, HMI, 9600, answer("0101 0000", 12))


def stream(c):
    """FINS/TCP: node addresses, messages split and joined, an answer lost, a client that is asked whether it is there."""
    t = Tcp(c, HMI, PLC, 49200, 9600)
    t.up(tcp(bytes(4), 0))
    t.down(tcp(hexa("000000fb 000000c8"), 1))
    read = [tcp(fins("0101 82 %04x 00 0002" % n, n)) for n in range(7)]
    data = [tcp(answer("0101 0001 0002", n)) for n in range(7)]
    t.up(read[0] + read[1])
    t.down(data[1] + data[0])
    t.up(read[2][:3], read[2][3:21], read[2][21:])
    t.down(data[2][:17], data[2][17:])
    t.up(read[3])
    t.lost(1, len(data[3]))
    t.up(read[4])
    t.down(data[4])
    t.down(tcp(b"", 6))
    t.close()
    t = Tcp(c, OTHER, PLC, 49201, 9600)
    t.up(tcp(hexa("00000014"), 0))
    t.down(tcp(bytes(8), 1, 0x23))
    t.down(tcp(b"", 3, 3))
    t.close()


def midstream(c):
    """A connection opened before the capture began: it starts with the end of a response."""
    t = Tcp(c, HMI, PLC, 49202, 9600, handshake=False)
    request, response = tcp(fins("0101 82 0064 00 0002", 7)), tcp(answer("0101 0001 0002", 7))
    t.down(response[9:])
    for _ in range(2):
        t.up(request)
        t.down(response)


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49203, 19601)
    t.up(tcp(bytes(4), 0))
    t.down(tcp(hexa("0000000a 00000014"), 1))
    t.down(tcp(b"", 6))
    for n in range(1, 4):
        t.up(tcp(fins("0101 82 0064 00 0002", n)))
        t.down(tcp(answer("0101 0001 0002", n)))
    t.close()


def other_port_udp(c):
    """The same of datagrams."""
    for n in range(1, 4):
        c.udp(HMI, 50000, PLC, 19600, fins("0101 b0 0000 00 0002", n))
        c.udp(PLC, 19600, HMI, 50000, answer("0101 0001 0002", n))
