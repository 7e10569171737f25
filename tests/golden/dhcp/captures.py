# DHCP as the specifications write it: RFC 2131, RFC 2132.
import struct

from packets import BROADCAST, HMI, PLC, SERVER, hexa, ip

# tshark fields of which every value must stand in a fact.
IDENTITY = ["dhcp.option.hostname", "dhcp.option.vendor_class_id", "dhcp.ip.your"]

# What fields of published samples say of an operation; ../samples_test.py. Servers repeat the vendor class of the client, and
# an address is given by ACK only (5).
SAMPLES = {("dhcp.option.vendor_class_id", "dhcp.type"): lambda name, operation: "fact " + name if operation == "1" else "",
           ("dhcp.ip.your", "dhcp.option.dhcp"): lambda ip, kind: "fact " + ip if kind == "5" else "",
           "dhcp.option.vendor_class_id": "", "dhcp.ip.your": ""}


def bootp(op, host, options, ciaddr="0.0.0.0", yiaddr="0.0.0.0"):
    head = struct.pack("!BBBBIHH", op, 1, 6, 0, 0x3903F326, 0, 0) + ip(ciaddr) + ip(yiaddr) + bytes(8)
    body = b"".join(bytes([code, len(value)]) + value for code, value in options)
    return head + host.mac.ljust(16, b"\0") + bytes(192) + hexa("63825363") + body + b"\xff"


def lease(c):
    """A controller asks, is offered, requests and gets its address; later it informs itself, and another is refused."""
    any_ip, all_ip = ip("0.0.0.0"), ip("255.255.255.255")
    asks = [(60, b"EX-100 rev B"), (12, b"press-07"), (55, bytes([1, 3, 6, 15, 42])), (61, b"\x01" + PLC.mac)]
    gives = [(54, ip("192.168.10.5")), (51, struct.pack("!I", 86400)), (1, ip("255.255.255.0")),
             (3, ip("192.168.10.1")), (6, ip("192.168.10.5"))]
    c.udp(PLC, 68, BROADCAST, 67, bootp(1, PLC, [(53, b"\x01")] + asks), src=any_ip, dst=all_ip)
    c.udp(SERVER, 67, PLC, 68, bootp(2, PLC, [(53, b"\x02")] + gives, yiaddr="192.168.10.20"))
    request = [(53, b"\x03"), (50, ip("192.168.10.20")), (54, ip("192.168.10.5"))] + asks
    fqdn = [(81, b"\x04\0\0\x08press-07\x05plant\x07example\0")]
    c.udp(PLC, 68, BROADCAST, 67, bootp(1, PLC, request + fqdn), src=any_ip, dst=all_ip)
    c.udp(SERVER, 67, PLC, 68, bootp(2, PLC, [(53, b"\x05")] + gives, yiaddr="192.168.10.20"))
    c.udp(HMI, 68, SERVER, 67, bootp(1, HMI, [(53, b"\x08"), (60, b"MSFT 5.0"), (12, b"HMI-1")], ciaddr="192.168.10.10"))
    c.udp(SERVER, 67, HMI, 68, bootp(2, HMI, [(53, b"\x06"), (54, ip("192.168.10.5"))]))
