# CC-Link IE TSN, EtherType 890F, as the script of the CC-Link Partner Association and nttcom/zeek-parser-CCLinkIENoIP read it.
import struct

from packets import BROADCAST, Host, hexa

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"type": lambda text: "code 0x" + text[:2].lower(), "ip": "fact {}", "node_type": "fact {}",
           "device_type": {"0002": "fact pc"}.get}

MASTER = Host("02:00:5e:00:01:51", "192.168.10.81")
SLAVE = Host("02:00:5e:00:01:52", "192.168.10.82")
MASK = bytes([255, 255, 255, 0])


def detection_ack(station, version, kind, host=SLAVE, ip=None):
    frame = bytes([0xC2, 0, station, version, 0x20, 2]) + host.mac + bytes(2) + MASTER.mac + bytes([1, 1, 2, 0, 0, 0]) + bytes(24) + MASTER.mac + bytes(2)
    frame += (host.ips[0] if ip is None else ip) + MASK + bytes(4 + 33 + 1 + 2 + 6 + 6)
    return frame + struct.pack(">HHIHH", 1, 0x0352, 0x5FFF0894, 0, kind) + bytes(70)


def start(c):
    """Nodes are found, tested and configured: who they are, where they are."""
    to = lambda sender, receiver, payload: c.ethernet(sender.mac, receiver if isinstance(receiver, bytes) else receiver.mac, 0x890F, payload)
    to(MASTER, BROADCAST, hexa("c0 000000000000000000 cb248fa1") + bytes(40))
    to(MASTER, SLAVE, hexa("c100 0000 0020") + MASTER.mac + MASTER.mac + b"\1\0\0\0" + MASTER.ips[0] + MASK + bytes(30))
    for station, version, kind in ((1, 0, 0x03), (0x81, 1, 0x21), (4, 1, 0x01), (2, 1, 0x35), (1, 0, 0x7F)):
        to(SLAVE, MASTER, detection_ack(station, version, kind))
    to(SLAVE, MASTER, detection_ack(1, 0, 0x20, ip=bytes(4)))   # without an address yet
    test = lambda kind, version: hexa(f"{kind:02x} 01 000000 00 0000 {version:02x} 00 00000000") + SLAVE.mac + bytes(2) + b"\0\0\0\1" + SLAVE.ips[0] + MASK + bytes(20)
    to(SLAVE, MASTER, test(0x11, 2))
    to(MASTER, SLAVE, test(0x12, 3))


def cyclic(c):
    """Cyclic data both ways."""
    for _ in range(4):
        c.ethernet(MASTER.mac, SLAVE.mac, 0x890F, hexa("c44e 0a51 0000 00000000 0301 8120") + bytes(30))
        c.ethernet(SLAVE.mac, MASTER.mac, 0x890F, hexa("c530 0a51 0000 2f015152 0301 8008") + bytes(30))


def acyclic(c):
    """Acyclic data: SLMP inside, answered and refused; something else."""
    message = lambda head, rest: hexa("c300 0a52 0000") + hexa(head) + hexa("0100 0000 00ff ff03 00 000000") + struct.pack("<H", len(rest)) + rest
    up = lambda payload: c.ethernet(MASTER.mac, SLAVE.mac, 0x890F, payload)
    down = lambda payload: c.ethernet(SLAVE.mac, MASTER.mac, 0x890F, payload)
    up(message("6800", hexa("0000 900e 0000") + bytes(60)))
    down(message("e800", hexa("0000 900e 0000") + bytes(60)))
    up(message("6800", hexa("0000 930e 0100") + bytes(60)))
    down(message("e800", hexa("59c0 930e 0100") + bytes(60)))
    up(hexa("c300 0a52 0000") + bytes(60))
