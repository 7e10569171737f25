# Spanning tree as IEEE 802.1D clause 9.3 and IEEE 802.1Q clause 14 write it, over LLC; Cisco's per VLAN over SNAP.
import struct

from packets import HMI, ROUTER, Host, hexa, mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["stp.root.hw", "stp.bridge.hw"]

GROUP = mac("01:80:c2:00:00:00")
SWITCH = Host("02:00:5e:00:01:07")
LLC, SNAP = hexa("424203"), hexa("aaaa03 00000c 010b")


def say(c, source, to, llc, bpdu):
    message = llc + bpdu
    c.frames.append((c.time, (to + source.mac + struct.pack("!H", len(message)) + message).ljust(60, b"\0")))
    c.time += 10_000


def bpdu(version, kind, root, bridge, priority=0x8000):
    return (struct.pack("!HBBB", 0, version, kind, 0x3C) + struct.pack("!H", 0x1000) + root.mac + struct.pack("!I", 20000) +
            struct.pack("!H", priority) + bridge.mac + hexa("8001 0100 1400 0200 0f00"))


def trees(c):
    """The old tree, the rapid one, several trees, one per VLAN; a changed topology; the root changes."""
    say(c, SWITCH, GROUP, LLC, bpdu(0, 0, ROUTER, SWITCH))
    say(c, SWITCH, GROUP, LLC, hexa("0000 00 80"))
    say(c, ROUTER, GROUP, LLC, bpdu(2, 2, ROUTER, ROUTER, 0x1000) + b"\0")
    mst = b"\0" + struct.pack("!H", 64) + b"\0" + b"PLANT".ljust(32, b"\0") + hexa("0001") + bytes(16) + bytes(4) + hexa("8000") + SWITCH.mac + b"\x14"
    say(c, SWITCH, GROUP, LLC, bpdu(3, 2, ROUTER, SWITCH) + mst)
    say(c, SWITCH, mac("01:00:0c:cc:cc:cd"), SNAP, bpdu(2, 2, ROUTER, SWITCH, 0x800A) + b"\0" + hexa("0000 0002 000a"))
    say(c, SWITCH, GROUP, LLC, bpdu(2, 2, HMI, SWITCH) + b"\0")


def broken(c):
    """One that ends in its bridge."""
    say(c, SWITCH, GROUP, LLC, bpdu(0, 0, ROUTER, SWITCH)[:20])


KNOWN = {"broken: tshark finds frame 1 malformed"}
