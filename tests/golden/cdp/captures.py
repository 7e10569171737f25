# CDP as Cisco documents it: version, time to live, checksum, then fields whose length counts their head.
import struct

from packets import PLC, ROUTER, Host, checksum, hexa, ip, mac

# tshark fields of which every value must stand in a fact.
IDENTITY = ["cdp.deviceid", "cdp.platform", "cdp.software_version", "cdp.portid", "cdp.nrgyz.ip_address"]


def as_value(value):
    """The maker in front of the platform is the vendor, the serial number behind the name another fact."""
    value = value[len("cisco "):] if value.lower().startswith("cisco ") else value
    return value.split("(")[0] if value.endswith(")") else value


GROUP = mac("01:00:0c:cc:cc:cc")
PHONE = Host("02:00:5e:00:01:28", "192.168.10.40")


def field(kind, value):
    return struct.pack("!HH", kind, 4 + len(value)) + value


def addresses(*ips):
    return struct.pack("!I", len(ips)) + b"".join(
        (hexa("01 01 cc 0004") if len(x) == 4 else hexa("02 08 aaaa0300000086dd 0010")) + x for x in ips)


def say(c, source, version, *fields):
    body = b"".join(fields)
    head = struct.pack("!BBH", version, 180, 0)
    head = head[:2] + struct.pack("!H", checksum(head + body))
    message = hexa("aaaa03 00000c 2000") + head + body
    c.frames.append((c.time, GROUP + source.mac + struct.pack("!H", len(message)) + message))
    c.time += 10_000


def neighbours(c):
    """A switch, a router that names its serial, a phone, a host of another maker; IPv4 and IPv6."""
    ios = b"Cisco IOS Software, EX99 Software (EX99-K9-M), Version 12.2(99)SE1, RELEASE SOFTWARE (fc1)\nCompiled Thu 01-May-08 by nobody"
    say(c, ROUTER, 2, field(1, b"switch-7.example.com"), field(2, addresses(ip("192.168.10.1"), ip("fe80::5eff:fe00:101"))),
        field(3, b"GigabitEthernet0/5"), field(4, hexa("00000028")), field(5, ios), field(6, b"cisco WS-X9999-24"), field(9, b"PLANT"),
        field(0x0A, hexa("000a")), field(0x0B, b"\1"), field(0x16, addresses(ip("192.168.10.2"))))
    say(c, ROUTER, 2, field(1, b"core-1(FOX0042TEST)"), field(3, b"Ethernet1/1"), field(4, hexa("00000229")),
        field(5, b"Cisco Nexus Operating System (NX-OS) Software, Version 9.3(5)"), field(6, b"N9K-X99"), field(0x14, b"core-1"))
    say(c, PHONE, 2, field(1, b"SEP02005E000128"), field(3, b"Port 1"), field(4, hexa("00000490")), field(5, b"SIP99.1-0"), field(6, b"Cisco IP Phone 9999"))
    say(c, PLC, 1, field(1, b"host-3"), field(3, b"eth0"), field(4, hexa("00000001")), field(6, b"Linux"))


def broken(c):
    """A field shorter than its head, more addresses than there are."""
    say(c, ROUTER, 2, field(1, b"switch-7"), hexa("0003 0002 0000"))
    say(c, ROUTER, 2, field(1, b"switch-7"), field(2, hexa("7fffffff 01 01 cc 0004 c0a80a01")))


# A message with a fault states nothing.
KNOWN = {f"broken: {field} is in no fact" for field in ("cdp.deviceid 'switch-7'", "cdp.nrgyz.ip_address '192.168.10.1'")}
