# DNS as the specifications write it: RFC 1035.
import struct

from dns_frames import dns_message, dns_name
from packets import HMI, SERVER, Tcp, ip


def names(c):
    """Answers about the site's stations (A, AAAA, PTR), about the world outside, a missing name, and one over TCP."""
    def ask(ident, name, kind, *answers, flags=0x8580):
        c.udp(HMI, 50000 + ident, SERVER, 53, dns_message(ident, 0x0100, [(name, kind)]))
        c.udp(SERVER, 53, HMI, 50000 + ident, dns_message(ident, flags, [(name, kind)], answers))
    back = b"\xc0\x0c"
    ask(1, "press-07.plant.example", 1, (back, 1, ip("192.168.10.20")))
    ask(2, "press-07.plant.example", 28, (back, 28, ip("fd00:10::20")))
    ask(3, "20.10.168.192.in-addr.arpa", 12, (back, 12, dns_name("press-07.plant.example")))
    ask(4, "www.example.com", 1, (back, 5, b"\x03web\xc0\x10"), (b"\xc0\x2d", 1, ip("203.0.113.7")))
    ask(5, "no-such.plant.example", 1, flags=0x8583)
    t = Tcp(c, HMI, SERVER, 50100, 53)
    query = dns_message(6, 0x0100, [("hmi-1.plant.example", 1)])
    answer = dns_message(6, 0x8580, [("hmi-1.plant.example", 1)], [(back, 1, ip("192.168.10.10"))])
    t.up(struct.pack("!H", len(query)) + query)
    whole = struct.pack("!H", len(answer)) + answer
    t.down(whole[:1], whole[1:30], whole[30:])
    t.close()
