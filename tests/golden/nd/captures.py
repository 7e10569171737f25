# Neighbour discovery as the specifications write it: RFC 4861, RFC 4862.
import struct

from packets import HMI, PLC, ROUTER, hexa, ip, multicast_mac


def solicited_node(target):
    return ip("ff02::1:ff00:0")[:13] + target[-3:]


def link_layer(kind, host):
    return bytes([kind, 1]) + host.mac


def stations(c):
    """Duplicate address detection, a solicitation with its answer, a router that advertises itself."""
    plc, hmi, all_nodes = PLC.at(16), HMI.at(16), ip("ff02::1")
    c.icmpv6(PLC, multicast_mac(solicited_node(plc)), solicited_node(plc),
             bytes([135, 0, 0, 0]) + bytes(4) + plc, src=bytes(16))
    c.icmpv6(HMI, multicast_mac(solicited_node(plc)), solicited_node(plc),
             bytes([135, 0, 0, 0]) + bytes(4) + plc + link_layer(1, HMI))
    c.icmpv6(PLC, HMI.mac, hmi, bytes([136, 0, 0, 0]) + hexa("60000000") + plc + link_layer(2, PLC))
    prefix = bytes([3, 4, 64, 0xC0]) + struct.pack("!III", 86400, 14400, 0) + ip("2001:db8:10::")
    c.icmpv6(ROUTER, multicast_mac(all_nodes), all_nodes,
             bytes([134, 0, 0, 0]) + struct.pack("!BBHII", 64, 0, 1800, 0, 0) + link_layer(1, ROUTER) + prefix)
    c.icmpv6(HMI, multicast_mac(ip("ff02::2")), ip("ff02::2"), bytes([133, 0, 0, 0]) + bytes(4) + link_layer(1, HMI))
    c.icmpv6(HMI, PLC.mac, plc, bytes([128, 0, 0, 0]) + hexa("0001 0001") + b"abcdefgh")
