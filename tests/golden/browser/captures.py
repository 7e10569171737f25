# NetBIOS datagrams as RFC 1002 clause 4.4 writes them; browser announcements as MS-BRWS clause 2.2 does.
import struct

from packets import BROADCAST, HMI, PLC, SERVER, hexa, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = ["browser.server"]
# What fields of published samples say; ../samples_test.py.
SAMPLES = {"browser.server": "fact {}", "browser.os_major": "", "browser.os_minor": "", "browser.command": "", "browser.server_type": ""}

ALL = ip("192.168.10.255")


def name(text, suffix):
    return b"\x20" + b"".join(bytes([0x41 + (x >> 4), 0x41 + (x & 15)]) for x in text.encode().ljust(15) + bytes([suffix])) + b"\0"


def datagram(c, source, sender, to, body, kind=0x11):
    data = name(sender, 0x00) + name(*to) + body
    c.udp(source, 138, BROADCAST, 138, struct.pack("!BBH4sHHH", kind, 0x02, 7, source.ips[0], 138, len(data), 0) + data, dst=ALL)


def mail(slot, frame):
    at = 32 + 1 + 34 + 2 + len(slot) + 1
    words = struct.pack("<HHHHBBHIHHHHHBBHHH", 0, len(frame), 0, 0, 0, 0, 0, 1000, 0, 0, 0, len(frame), at, 3, 0, 1, 1, 2)
    head = b"\xffSMB\x25" + bytes(4) + b"\0" + bytes(2) + bytes(20)
    return head + bytes([17]) + words + struct.pack("<H", len(slot) + 1 + len(frame)) + slot + b"\0" + frame


def announcement(kind, text, version, types, comment=b""):
    return bytes([kind, 0]) + struct.pack("<I", 720000) + text.ljust(16, b"\0") + bytes(version) + struct.pack("<IHH", types, 0x010F, 0xAA55) + comment + b"\0"


BROWSE = b"\\MAILSLOT\\BROWSE"


def announcements(c):
    """A workstation, a domain controller, Samba, the master of a group, a request, an election, mail for others, plain text."""
    datagram(c, HMI, "HMI-1", ("PLANT", 0x1D), mail(BROWSE, announcement(0x01, b"HMI-1", (5, 1), 0x00001003, b"Press line 4")))
    datagram(c, SERVER, "SCADA-1", ("PLANT", 0x1E), mail(BROWSE, announcement(0x0F, b"SCADA-1", (6, 1), 0x0004902F)))
    datagram(c, PLC, "NAS-1", ("PLANT", 0x1D), mail(BROWSE, announcement(0x01, b"NAS-1", (4, 9), 0x00809A03, b"Samba 4.9")))
    datagram(c, SERVER, "SCADA-1", ("\x01\x02__MSBROWSE__\x02", 0x01), mail(BROWSE, announcement(0x0C, b"PLANT", (6, 1), 0x80001000, b"SCADA-1")))
    datagram(c, HMI, "HMI-1", ("PLANT", 0x00), mail(BROWSE, b"\x02\0HMI-1\0"))
    datagram(c, HMI, "HMI-1", ("PLANT", 0x1E), mail(BROWSE, b"\x08\x01" + struct.pack("<III", 0x10010F03, 5000, 0) + b"HMI-1\0"))
    datagram(c, PLC, "NAS-1", ("PLANT", 0x00), mail(b"\\MAILSLOT\\NET\\NETLOGON", b"\x07\0NAS-1\0" + bytes(8)))
    datagram(c, HMI, "HMI-1", ("SCADA-1", 0x03), b"words", kind=0x10)


def broken(c):
    """An announcement beyond its datagram, a name that is none."""
    body = mail(BROWSE, announcement(0x01, b"HMI-1", (5, 1), 0x00001003))
    datagram(c, HMI, "HMI-1", ("PLANT", 0x1D), body[:len(body) - 20])
    c.udp(HMI, 138, BROADCAST, 138, struct.pack("!BBH4sHHH", 0x11, 0x02, 7, HMI.ips[0], 138, 70, 0) + b"\x20zz" + bytes(67), dst=ALL)


# What other mail slots hold is of no matter here, and not made whole.
KNOWN = {"announcements: tshark finds frame 7 malformed", "broken: tshark finds frame 1 malformed"}
