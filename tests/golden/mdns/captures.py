# Multicast DNS as the specifications write it: RFC 6762, RFC 6763.
import struct

from dns_frames import dns_message, dns_name
from packets import HMI, PLC, ip, multicast_mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["dns.a", "dns.aaaa"]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"dns.resp.name": "fact {}"}


def texts(*strings):
    return b"".join(bytes([len(x)]) + x for x in strings)


def announcement(c):
    """RFC 6762, RFC 6763: a query, then a device announces its name, a service and its model."""
    group4, group6 = ip("224.0.0.251"), ip("ff02::fb")
    to4 = b"\x01\0\x5e\0\0\xfb"
    c.udp(HMI, 5353, to4, 5353, dns_message(0, 0, [("_http._tcp.local", 12)]), dst=group4, ttl=255)
    service = "Camera 3._http._tcp.local"
    answers = [("_http._tcp.local", 12, dns_name(service)),
               (service, 33, struct.pack("!HHH", 0, 0, 80) + dns_name("camera-3.local")),
               ("camera-3.local", 1, ip("192.168.10.20")), ("camera-3.local", 28, PLC.at(16)),
               ("Camera 3._device-info._tcp.local", 16, b"\x0dmodel=EX-CAM1"),
               ("Label printer._ipp._tcp.local", 16, texts(b"txtvers=1", b"ty=Example 42", b"usb_MFG=Example", b"note=Hall 3", b"secret", b"pdl="))]
    c.udp(PLC, 5353, to4, 5353, dns_message(0, 0x8400, [], answers), dst=group4, ttl=255)
    c.udp(PLC, 5353, multicast_mac(group6), 5353, dns_message(0, 0x8400, [], answers), dst=group6, ttl=255)
