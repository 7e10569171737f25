# LACP as IEEE 802.1AX clause 6.4.2 writes it: actor, partner, collector, terminator.
import struct

from packets import PLC, ROUTER, hexa, mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["lacp.actor.sysid", "lacp.partner.sysid"]


def as_value(value):
    """Nobody is no partner."""
    return "" if value == "00:00:00:00:00:00" else value



def side(kind, system):
    return bytes([kind, 20]) + struct.pack("!H", 32768) + system + hexa("0001 8000 0002 3d 000000")


def link(c):
    """Two ends that found each other, one still alone; a message with its fields in another order."""
    def say(source, body):
        c.ethernet(source.mac, mac("01:80:c2:00:00:02"), 0x8809, body.ljust(110, b"\0"))
    say(ROUTER, hexa("0101") + side(1, mac("02:00:5e:00:02:01")) + side(2, mac("02:00:5e:00:02:14")) + hexa("0310 0000") + bytes(12))
    say(PLC, hexa("0101") + side(1, mac("02:00:5e:00:02:14")) + side(2, bytes(6)) + hexa("0310 0000") + bytes(12))
    say(PLC, hexa("0101") + side(1, mac("02:00:5e:00:02:14")) + hexa("0310 0000") + bytes(12))


# The partner is missing; what it calls so is what stands in its place.
KNOWN = {"link: tshark finds frame 3 malformed"}
