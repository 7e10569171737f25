# PROFINET real-time as IEC 61158-6-10 writes it: frame id, data, cycle counter and status at the end.
import struct

from packets import HMI, PLC, hexa, mac

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"pn_rt.frame_id": lambda number: "code frame_id 0x%04x" % int(number)}


def cyclic(c, source, destination, frame_id, counter):
    data = bytes(40) + struct.pack("!HBB", counter, 0x35, 0)
    c.ethernet(source.mac, destination.mac, 0x8892, struct.pack("!H", frame_id) + data)


def exchange(c):
    """A controller and its device exchange data of each class; multicast."""
    for n in range(4):
        for frame_id in (0x0100, 0x8000, 0xC000):
            cyclic(c, HMI, PLC, frame_id, n * 64)
            cyclic(c, PLC, HMI, frame_id + 2, n * 64)
    for frame_id in (0xBC01, 0xF801):
        c.ethernet(PLC.mac, mac("01:0e:cf:00:02:00"), 0x8892, struct.pack("!H", frame_id) + bytes(40) + hexa("0040 35 00"))


def acyclic(c):
    """Alarms with their acknowledgement; clock synchronisation, remote service, a fragment, an id that is reserved."""
    alarm = hexa("0000 0000 11 21 ffff fffe 0000")
    for frame_id in (0xFC01, 0xFE01):
        c.ethernet(PLC.mac, HMI.mac, 0x8892, struct.pack("!H", frame_id) + alarm)
        c.ethernet(HMI.mac, PLC.mac, 0x8892, struct.pack("!H", frame_id) + hexa("0000 0000 13 20 ffff ffff 0000"))
    c.ethernet(PLC.mac, HMI.mac, 0x8892, struct.pack("!H", 0xFE02) + hexa("0001 0002 23 20 ffff ffff 0000"))
    for frame_id in (0x0020, 0x0080, 0xFF00, 0xFF20, 0xFF40, 0xFF41, 0xFF42, 0xFF43, 0xFF80, 0xFF90):
        c.ethernet(PLC.mac, mac("01:80:c2:00:00:0e"), 0x8892, struct.pack("!H", frame_id) + bytes(44))
