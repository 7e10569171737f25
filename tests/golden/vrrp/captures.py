# VRRP as RFC 3768 and RFC 5798 write it; CARP as OpenBSD's ip_carp.h has it.
import struct

from packets import HMI, ROUTER, SERVER, Host, checksum, hexa, ip, mac, multicast_mac, pseudo

# tshark fields of which every value must stand in a fact.
IDENTITY = ["vrrp.ip_addr", "vrrp.ipv6_addr"]

GROUP4, GROUP6 = ip("224.0.0.18"), ip("ff02::12")
MAC4 = mac("01:00:5e:00:00:12")
VIRTUAL = Host("00:00:5e:00:01:05", "192.168.10.2")
VIRTUAL6 = Host("00:00:5e:00:02:05")


def routers(c):
    """Version 2 with authentication, version 3 of IPv4 and of IPv6, CARP."""
    body = hexa("21 05 64 01 01 01 0000") + ip("192.168.10.254") + b"not-kept"
    body = body[:6] + struct.pack("!H", checksum(body)) + body[8:]
    c.packet(VIRTUAL.mac, MAC4, ROUTER.ips[0], GROUP4, 112, body, ttl=255)
    body = hexa("31 05 64 02 0064 0000") + ip("192.168.10.254") + ip("192.168.10.253")
    body = body[:6] + struct.pack("!H", checksum(pseudo(ROUTER.ips[0], GROUP4, 112, len(body)) + body)) + body[8:]
    c.packet(VIRTUAL.mac, MAC4, ROUTER.ips[0], GROUP4, 112, body, ttl=255)
    body = hexa("31 05 64 01 0064 0000") + ip("fe80::5eff:fe00:2fe")
    body = body[:6] + struct.pack("!H", checksum(pseudo(ROUTER.at(16), GROUP6, 112, len(body)) + body)) + body[8:]
    c.packet(VIRTUAL6.mac, multicast_mac(GROUP6), ROUTER.at(16), GROUP6, 112, body, ttl=255)
    body = hexa("21 09 00 07 00 01 0000") + bytes(8) + bytes(range(20))
    body = body[:6] + struct.pack("!H", checksum(body)) + body[8:]
    c.packet(mac("00:00:5e:00:01:09"), MAC4, SERVER.ips[0], GROUP4, 112, body, ttl=255)


def broken(c):
    """More addresses than there are."""
    body = hexa("21 05 64 03 01 01 0000") + ip("192.168.10.254")
    body = body[:6] + struct.pack("!H", checksum(body)) + body[8:]
    c.packet(HMI.mac, MAC4, HMI.ips[0], GROUP4, 112, body, ttl=255)


# A message with a fault states nothing; tshark takes CARP for VRRP and its signature for addresses.
KNOWN = {"broken: tshark finds frame 1 malformed", "broken: vrrp.ip_addr '192.168.10.254' is in no fact"} | {
    f"routers: vrrp.ip_addr '{n}.{n + 1}.{n + 2}.{n + 3}' is in no fact" for n in range(0, 20, 4)}
