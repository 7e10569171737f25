# ARP as the specifications write it: RFC 826, RFC 5227.
import struct

from packets import BROADCAST, HMI, PLC, ROUTER, SERVER, ip

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"arp.src.proto_ipv4": "fact {}"}


def arp_packet(operation, sha, spa, tha, tpa):
    return struct.pack("!HHBBH", 1, 0x0800, 6, 4, operation) + sha + ip(spa) + tha + ip(tpa)


def stations(c):
    """A request and its answer, a probe and an announcement of RFC 5227, an answer nobody asked for."""
    zero = b"\0" * 6
    c.ethernet(HMI.mac, BROADCAST, 0x0806, arp_packet(1, HMI.mac, "192.168.10.10", zero, "192.168.10.20"))
    c.ethernet(PLC.mac, HMI.mac, 0x0806, arp_packet(2, PLC.mac, "192.168.10.20", HMI.mac, "192.168.10.10"))
    c.ethernet(SERVER.mac, BROADCAST, 0x0806, arp_packet(1, SERVER.mac, "0.0.0.0", zero, "192.168.10.5"))
    c.ethernet(SERVER.mac, BROADCAST, 0x0806, arp_packet(1, SERVER.mac, "192.168.10.5", zero, "192.168.10.5"))
    c.ethernet(ROUTER.mac, BROADCAST, 0x0806, arp_packet(2, ROUTER.mac, "192.168.10.1", BROADCAST, "192.168.10.1"))
