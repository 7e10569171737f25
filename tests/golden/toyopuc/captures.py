# TOYOPUC computer link: frame type, response code, length (little endian, from the command on), command, data.
import struct

from packets import HMI, PLC, Host, Tcp, hexa

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def request(text):
    body = hexa(text)
    return b"\x00\x00" + struct.pack("<H", len(body)) + body


def response(text, code=0):
    body = hexa(text)
    return bytes([0x80, code]) + struct.pack("<H", len(body)) + body


def nak(error):
    return response("%02x" % error, 0x10)


def relay(hops, inner, mark=0x05, padding=b""):
    """hops: (link, station), outermost first; the command of the last one inside."""
    body = hexa(inner)
    for link, station in reversed(hops):
        body = struct.pack("<BBHBH", 0x60, link, station, mark, len(body)) + body + padding
    return body.hex()


def exchange(t, pairs):
    for asked, answered in pairs:
        t.up(request(asked))
        t.down(response(answered))


def registers(c):
    """18 to 27: the basic areas by word, byte and bit, ranges and lists; the sequence program."""
    t = Tcp(c, HMI, PLC, 49400, 1025)
    exchange(t, [
        ("1c 0011 0300", "1c 0001 0203 0405"), ("1d 0011 3412", "1d"), ("1c 9001 0200", "1c 0000 0000"),
        ("1d 0060 1111 2222 3333", "1d"), ("1c 0008 1000", "1c" + "0000" * 16), ("1c 6000 0100", "1c 0000"),
        ("1e 0022 0200", "1e 0102"), ("1e 0122 0100", "1e 01"), ("1f 2102 aabb", "1f"), ("1e 0003 0300", "1e 000000"),
        ("20 0019 ", "20 01"), ("21 0718 01", "21"), ("20 0010", "20 00"), ("20 1020", "20 00"),
        ("22 0011 0002 0006", "22 0000 0000 0000"), ("23 0011 0100 0012 0200", "23"), ("22" + "0010" * 5, "22" + "0000" * 5),
        ("24 0022 0004", "24 00 00"), ("25 0022 01 0104 02", "25"), ("26 0018 0118 0005", "26 07"), ("27 0018 01 0608 00", "27"),
        ("1c 0044 0100", "1c 0000"), ("18 0001 0400", "18" + "0000" * 4), ("19 0001 0000", "19"), ("90 00 0000 0400", "90" + "0000" * 4),
        ("91 00 0000 0000", "91"),
    ])
    t.close()


def extended(c):
    """94 to 99 by program number, C2 to CA by Ex No.: programs, extended areas, U, EB, the flash register."""
    t = Tcp(c, HMI, PLC, 49401, 1026)
    exchange(t, [
        ("94 08 0000 0100", "94 3412"), ("95 08 0000 3412", "95"), ("96 00 0020 0200", "96 3412"), ("97 00 0020 1234", "97"),
        ("94 01 0011 0200", "94 0000 0000"), ("95 03 8001 0000", "95"), ("94 07 1000 0100", "94 0000"), ("96 02 00c3 0100", "96 00"),
        ("94 09 0100 0200", "94 0000 0000"), ("94 00 0018 0100", "94 0000"),
        ("98 01 01 01 00 000b 08 0000 00 0010", "98 00 e1 d33b"), ("99 01 01 01 00 000b 01 08 0000 1e 00 0010 2cc4", "99"),
        ("98 02 00 02 71 0003 00 020c 02 0010 07 0010", "98 03 0000 0000"), ("98 00 01 00 0c 1000", "98 00"),
        ("c2 00000400 0400", "c2 0000 0000"), ("c3 00004100 5500 aa55", "c3"), ("ca 41", "ca"), ("c2 01000e00 0300", "c2 000000"),
        ("c2 00c41000 0200", "c2 0000"), ("c2 00000000 0200", "c2 0000"),
        ("c4 01 00 00 00 00186e00", "c4 01 00 00 00 00"), ("c5 01 00 00 00 00186e00 01", "c5"),
        ("c4 00 01 01 02 00600e00 00200100 00000300 04000300", "c4 00 01 01 02 00 0000 00000000 00000000"),
    ])
    t.close()


def calls(c):
    """32 and A0: clock, status, the scan; a call and a command that nobody lists."""
    t = Tcp(c, HMI, PLC, 49402, 1027)
    exchange(t, [
        ("32 7000", "32 7000 04 17 06 12 03 26 04"), ("32 7100 00 30 08 23 11 25 00", "32 7100"), ("32 020001", "32 0200"),
        ("32 020000", "32 020000"), ("32 0100", "32 0100"), ("32 9900 01", "32 9900"), ("0b 0000", "0b 00"), ("a0 0110", "a0 0110 c0 00 00 00 00 00 10 00"),
    ])
    t.close()


def identity(c):
    """The mode in the CPU status: running, stopped, by a pseudo-stop."""
    t = Tcp(c, HMI, PLC, 49403, 1025)
    exchange(t, [("32 1100", "32 1100 %02x 00 00 00 00 00 00 02" % status) for status in (0x81, 0x41, 0x13, 0x88)])
    t.close()


def relays(c):
    """60: one hop with the padding that modules add, three and four hops, one more than there may be."""
    t = Tcp(c, HMI, PLC, 49404, 1025)
    read = "1c 0011 0300"
    t.up(hexa("00000d00 60 02 0300 05 0500 1c 0011 0300 00"))
    t.down(hexa("80000f00 60 02 0300 06 0700 1c 0001 0203 0405 00"))
    three = [(0x12, 2), (0x12, 4), (0x12, 6)]
    t.up(request(relay(three, "32 1100")))
    t.down(response(relay(three, "32 1100 81 00 00 00 00 00 00 02", 0x06, b"\0")))
    four = three + [(0x21, 256)]
    t.up(request(relay(four, "32 020001")))
    t.down(response(relay(four, "32 0200", 0x06)))
    t.up(request(relay(four + [(0x13, 1)], read)))
    t.close()


def relay_errors(c):
    """Refused by the station, by one on the way, by the link module."""
    t = Tcp(c, HMI, PLC, 49409, 1025)
    hops = [(0x12, 2), (0x12, 4)]
    write = request(relay(hops, "1d 0010 0000"))
    t.up(write)
    t.down(response(relay(hops[:1], relay(hops[1:], "40", 0x15), 0x06)))
    t.up(write)
    t.down(response(relay(hops[:1], "34", 0x15)))
    t.up(write)
    t.down(nak(0x72))
    t.close()


def errors(c):
    """Refused, with and without a code, and where nothing was asked."""
    t = Tcp(c, HMI, PLC, 49405, 1025)
    for answer in (nak(0x40), response("", 0x10)):
        t.up(request("1c 0011 0300"))
        t.down(answer)
    t.down(nak(0x3c))


def malformed(c):
    """Datagrams that end too early, a range without a count."""
    c.udp(HMI, 50020, PLC, 1025, request("20 0019"))
    c.udp(PLC, 1025, HMI, 50020, response("20 01"))
    c.udp(HMI, 50020, PLC, 1025, request("20 0019")[:-1])
    c.udp(HMI, 50020, PLC, 1025, request("1c 00"))
    c.udp(HMI, 50020, PLC, 1025, request("98 03 00 00 00 0000"))


def stream(c):
    """Messages split and joined, an answer lost."""
    t = Tcp(c, HMI, PLC, 49406, 1025)
    read = request("1c 0010 0200")
    data = response("1c 0000 0000")
    t.up(read[:3], read[3:])
    t.down(data[:5], data[5:])
    t.up(read + read)
    t.down(data + data)
    t.up(request("1d 0010" + "0000" * 512))
    t.down(response("1d"))
    t.up(read)
    t.lost(1, len(data))
    t.up(read)
    t.down(data)
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49407, 1025, handshake=False)
    data = response("1e 0102030405")
    t.down(data[3:])
    for _ in range(2):
        t.up(request("1e 0022 0500"))
        t.down(data)


def other_port(c):
    """A port of the plant's own: stated once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49408, 4096)
    read = request("1c 0010 0100")
    for _ in range(3):
        t.up(read)
        t.down(response("1c 0000"))
    t.up(read)
    t.down(nak(0x40))
    t.close()


def other_port_udp(c):
    """The same of datagrams."""
    for n in range(3):
        c.udp(HMI, 50021, OTHER, 12000, request("94 08 %02x00 0100" % n))
        c.udp(OTHER, 12000, HMI, 50021, response("94 0000"))
