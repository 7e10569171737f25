# DHCPv6 as the specifications write it: RFC 8415.
import struct

from packets import HMI, SERVER, hexa, ip, multicast_mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["dhcpv6.client_domain"]


def solicit(c):
    """RFC 8415: solicit and reply, with the client's FQDN (RFC 4704) and its DUID of its MAC."""
    def option(code, value):
        return struct.pack("!HH", code, len(value)) + value
    duid = option(1, hexa("0001 0001 2a3b4c5d") + HMI.mac)
    asks = duid + option(6, struct.pack("!4H", 17, 23, 24, 32)) + option(8, b"\0\0") + \
        option(39, b"\0\x05hmi-1\x05plant\x07example\0") + option(16, struct.pack("!IH", 311, 8) + b"MSFT 5.0")
    group = ip("ff02::1:2")
    c.udp(HMI, 546, multicast_mac(group), 547, hexa("01 10 08 74") + asks, dst=group)
    server = option(2, hexa("0003 0001") + SERVER.mac)
    c.udp(SERVER, 547, HMI, 546, hexa("07 10 08 74") + duid + server, dst=HMI.at(16))
