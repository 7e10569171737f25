# LLMNR as the specifications write it: RFC 4795.
from dns_frames import dns_message
from packets import HMI, SERVER, ip

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {("dns.qry.name", "dns.flags.response"): lambda name, is_answer: "" if is_answer == "1" else "fact " + name}


def query(c):
    """RFC 4795: who is HMI-1? It answers by itself."""
    group = ip("224.0.0.252")
    c.udp(SERVER, 51000, b"\x01\0\x5e\0\0\xfc", 5355, dns_message(7, 0, [("HMI-1", 1)]), dst=group, ttl=1)
    c.udp(HMI, 5355, SERVER, 51000, dns_message(7, 0x8000, [("HMI-1", 1)], [("HMI-1", 1, ip("192.168.10.10"))]))
