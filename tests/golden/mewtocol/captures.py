# MEWTOCOL-COM: %, station, # $ !, command, block check, CR; MEWTOCOL7-COM: >@, station, frame number, command, CRC, CR.
from packets import HMI, PLC, Tcp

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"cmd": "code {}", "error": "error", "model_code": "fact 0x{}", "version": lambda two: "fact %s.%s" % tuple(two)}


def seal(text):
    total = 0
    for c in text.encode():
        total ^= c
    return text.encode() + b"%02X\r" % total


def crc(text):
    total = 0xFFFF
    for c in text.encode():
        total ^= c << 8
        for _ in range(8):
            total = (total << 1 ^ 0x1021 if total & 0x8000 else total << 1) & 0xFFFF
    return text.encode() + b"%04X\r" % total


def exchange(t, pairs, station="01"):
    for request, response in pairs:
        t.up(seal("%" + station + "#" + request))
        t.down(seal("%" + station + response))


def functions(c):
    """Every command with its answer."""
    t = Tcp(c, HMI, PLC, 49300, 9094)
    exchange(t, [
        ("RCSX0010", "$RC1"), ("RCP3X0001R001AY0000", "$RC101"), ("RCCX00000003", "$RC" + "0000" * 4), ("WCSY00011", "$WC"),
        ("WCP2Y00011Y00020", "$WC"), ("WCCR000000010000FFFF", "$WC"), ("RDD0010000119", "$RD" + "0000" * 20), ("RDL0000000000", "$RD0000"),
        ("RDIX000000000", "$RD0000"), ("WDD00100001001234", "$WD"), ("WDF00000000011234ABCD", "$WD"), ("RS00000003", "$RS" + "0000" * 4),
        ("WS000000000100", "$WS"), ("RK00000000", "$RK0000"), ("WK000000000100", "$WK"), ("SCR00000003FFFF", "$SC"),
        ("SDD00000000990000", "$SD"), ("MCX0000R0001", "$MC"), ("MDD00000D00001", "$MD"), ("MG", "$MG01" + "0000" * 2),
        ("RR0000003", "$RR" + "0000" * 4), ("WR00000000001", "$WR"), ("RP00000", "$RP" + "00" * 8), ("WP0000012345678", "$WP"),
        ("RMR", "$RM"), ("RMP", "$RM"), ("AB", "$AB"), ("ZZ", "!42"),
    ])
    t.close()


def identity(c):
    """RT and EX00RT, also of the station that nobody numbered."""
    t = Tcp(c, HMI, PLC, 49301, 9094)
    exchange(t, [("RT", "$RT2025168100000000"), ("EX00RT00", "$EX00RT0032A02016" + "00" * 28), ("RT", "$RT2025168000E10000")], "EE")
    t.close()


def errors(c):
    """Refused: protected, address, an error that answers nothing; an answer of datagrams."""
    t = Tcp(c, HMI, PLC, 49302, 9094)
    exchange(t, [("WDD00100001001234", "!65"), ("RDD9999999999", "!66")])
    t.down(seal("%01!40"))
    t.close()
    c.udp(HMI, 50010, PLC, 9094, seal("%02#RDD0000000000"))
    c.udp(PLC, 9094, HMI, 50010, seal("%02$RD0000"))


def seven(c):
    """FP7: frame numbers tell which answer belongs to which request."""
    t = Tcp(c, HMI, PLC, 49303, 32769)
    t.up(crc(">@00101#00MMRDGW00000000000000004") + crc(">@00102#00STRD"))
    t.down(crc(">@00102$00STRD000703045304530453"))
    t.down(crc(">@00101$00MMRD0000000000000000"))
    t.up(crc(">@00103#00MMWTGW0000000000000000112340000"))
    t.down(crc(">@00103!41"))
    t.close()


def stream(c):
    """Split and joined by TCP, an answer lost, the long form of messages without a block check."""
    t = Tcp(c, HMI, PLC, 49304, 9094)
    read = [seal("%%01#RDD%05d%05d" % (n, n)) for n in range(4)]
    data = seal("%01$RD0000")
    t.up(read[0][:3], read[0][3:])
    t.down(data[:9], data[9:])
    t.up(read[1] + read[2])
    t.down(data + data)
    t.up(b"<01#RDD0000000100**\r")
    t.down(b"<01$RD" + b"0000" * 101 + b"**\r")
    t.up(read[3])
    t.lost(1, len(data))
    t.up(read[0])
    t.down(data)


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49305, 9094, handshake=False)
    data = seal("%01$RD00000000")
    t.down(data[5:])
    for _ in range(2):
        t.up(seal("%01#RDD0000000001"))
        t.down(data)


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49306, 10001)
    for _ in range(3):
        t.up(seal("%01#RDD0000000001"))
        t.down(seal("%01$RD00000000"))
    t.close()
