# RADIUS as the specifications write it: RFC 2865, RFC 2866.
from packets import HMI, SERVER, hexa

# tshark fields of which every value must stand in a fact.
IDENTITY = ["radius.NAS_Identifier"]


def packet(code, *attributes):
    body = b"".join(bytes([kind, 2 + len(value)]) + value for kind, value in attributes)
    return bytes([code, 7]) + (20 + len(body)).to_bytes(2, "big") + bytes(range(16)) + body


def accesses(c):
    """A switch asks whether somebody may enter; an attribute that is too short. No user may come out."""
    c.udp(HMI, 51812, SERVER, 1812, packet(1, (1, b"SECRET"), (2, bytes(16)), (32, b"switch-03"), (4, hexa("c0a80a0a"))))
    c.udp(SERVER, 1812, HMI, 51812, packet(2, (18, b"SECRET")))
    c.udp(HMI, 51813, SERVER, 1813, packet(4, (40, hexa("00000001")), (32, b"switch-03")))
    c.udp(HMI, 51813, SERVER, 1813, packet(4, (40, hexa("00000001")))[:-6] + b"\x20\x00" + bytes(4))


KNOWN = {"accesses: tshark finds frame 4 malformed"}
