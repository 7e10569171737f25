# HSRP as RFC 2281 clause 5 writes it; version 2 as Cisco documents it.
from packets import ROUTER, Host, hexa, ip, mac, multicast_mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["hsrp.virt_ip", "hsrp2.virt_ip", "hsrp2.virt_ip_v6"]


def routers(c):
    """Version 1: hello, a coup, an advertisement; version 2 for IPv4 and IPv6."""
    all4, mac4 = ip("224.0.0.2"), mac("01:00:5e:00:00:02")
    active = Host("00:00:0c:07:ac:05", "192.168.10.1")
    c.udp(active, 1985, mac4, 1985, hexa("00 00 10 03 0a 78 05 00") + b"not-kept" + ip("192.168.10.254"), dst=all4, ttl=1)
    c.udp(ROUTER, 1985, mac4, 1985, hexa("00 01 04 03 0a 78 05 00") + b"not-kept" + ip("192.168.10.254"), dst=all4, ttl=1)
    c.udp(ROUTER, 1985, mac4, 1985, hexa("00 03 0001 000a 02 00 0001 0000 00000000"), dst=all4, ttl=1)
    group2, mac2 = ip("224.0.0.102"), mac("01:00:5e:00:00:66")
    state = hexa("01 28 02 00 06 04 0123") + ROUTER.mac + hexa("00000064 00000bb8 00002710") + ip("192.168.10.253") + bytes(12)
    c.udp(Host("00:00:0c:9f:f1:23", "192.168.10.1"), 1985, mac2, 1985, state, dst=group2, ttl=1)
    group6 = ip("ff02::66")
    state = hexa("01 28 02 00 06 06 0007") + ROUTER.mac + hexa("00000064 00000bb8 00002710") + ip("fe80::5:73ff:fea0:7")
    c.udp(ROUTER, 2029, multicast_mac(group6), 2029, state, dst=group6, ttl=255)


def broken(c):
    """A hello that ends in its address."""
    c.udp(ROUTER, 1985, mac("01:00:5e:00:00:02"), 1985, hexa("00 00 10 03 0a 78 05 00") + b"not-kept" + b"\xc0\xa8", dst=ip("224.0.0.2"), ttl=1)


KNOWN = {"broken: tshark finds frame 1 malformed"}
