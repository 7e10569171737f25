# CC-Link IE Control and Field, EtherType 890F, as nttcom/zeek-parser-CCLinkIENoIP reads them.
import struct

from packets import Host

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"type": "code 0x{}", "variant": "target {}"}

MASTER = Host("02:00:5e:00:01:51", "192.168.10.81")
SLAVE = Host("02:00:5e:00:01:52", "192.168.10.82")
FIELD, CONTROL = 1, 0
GROUP = bytes.fromhex("01005e000151")


def frame(kind, version, source=1, data=0, node=0, at4=0, station=0, payload=b""):
    return struct.pack(">BBHBBHBB4x", kind, data, node, at4, station, source, version, 0) + payload.ljust(48, b"\0")


def field(c):
    """A field network starts, keeps its cycle, measures its delays; the slave's place is a remote device's."""
    to = lambda sender, payload: c.ethernet(sender.mac, GROUP, 0x890F, payload)
    for kind, sender, source, station in ((0x10, MASTER, 0, 0x30), (0x11, MASTER, 0, 0x30), (0x12, SLAVE, 1, 0x34), (0x12, SLAVE, 2, 0x35), (0x13, MASTER, 0, 0),
                                          (0x14, SLAVE, 1, 0), (0x20, SLAVE, 3, 0x32), (0x20, SLAVE, 3, 0x33), (0x20, SLAVE, 3, 0x33)):
        to(sender, frame(kind, FIELD, source, station=station))
    for kind in (0x15, 0x82, 0x83):
        to(MASTER, frame(kind, FIELD, 0))
    for kind in (0x84, 0x85, 0x15):
        to(SLAVE, frame(kind, FIELD, 1))
    for kind in (0x1C, 0x23, 0x26, 0x28, 0x29, 0x40, 0x41, 0x42, 0x43, 0x77):
        to(MASTER, frame(kind, FIELD, 0))


def control(c):
    """A control network: every frame type of its own."""
    for kind in (0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x24, 0x2F, 0x80, 0x81, 0x8C, 0x8D, 0x8E, 0x8F):
        c.ethernet(MASTER.mac, GROUP, 0x890F, frame(kind, CONTROL, 1))
    c.ethernet(MASTER.mac, GROUP, 0x890F, frame(0x10, CONTROL, 1, station=0))
    c.ethernet(SLAVE.mac, GROUP, 0x890F, frame(0x11, CONTROL, 2, station=2))


def transients(c):
    """Requests inside transients and their answers: node information, objects, SLMP, run and stop, memory."""
    up = lambda payload: c.ethernet(MASTER.mac, SLAVE.mac, 0x890F, payload)
    down = lambda payload: c.ethernet(SLAVE.mac, MASTER.mac, 0x890F, payload)
    for kind, commands in ((7, (1, 3, 4, 10)), (8, (1, 2, 3))):
        for command in commands:
            up(frame(0x22, FIELD, 0, kind, 2, payload=bytes(16) + bytes([command, 0])))
            down(frame(0x22, FIELD, 2, kind, 0, payload=bytes(16) + bytes([command, 0x80])))
    up(frame(0x22, FIELD, 0, 5, 2, payload=bytes(38) + b"\x30"))
    down(frame(0x22, FIELD, 2, 5, 0, payload=bytes(38) + b"\xb0"))
    up(frame(0x22, FIELD, 0, 9, 2))
    for command in (0x04, 0x08, 0x09, 0x10, 0x12, 0x20, 0x55):
        up(frame(0x25, FIELD, 0, 4, 2, payload=bytes(22) + bytes([command])))
        down(frame(0x25, FIELD, 2, 4, 0, payload=bytes(22) + bytes([command | 0x80])))
