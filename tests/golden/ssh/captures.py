# SSH as the specification writes it: RFC 4253.
from packets import HMI, PLC, SERVER, Tcp

# tshark fields of which every value must stand in a fact.
IDENTITY = ["ssh.protocol", "ssh.kex.hassh", "ssh.kex.hasshserver"]


def as_value(value):
    """Facts hold the software without the protocol's version."""
    return value.split("-", 2)[2] if value.startswith("SSH-") else value


def packet(payload):
    padding = 8 - (5 + len(payload)) % 8 + 4
    return (1 + len(payload) + padding).to_bytes(4, "big") + bytes([padding]) + payload + bytes(padding)


def names(*lists):
    return b"".join(len(x).to_bytes(4, "big") + x for x in lists)


def kexinit(kex, up, down, mac_up, mac_down):
    return packet(b"\x14" + bytes(range(16)) +
                  names(kex, b"ssh-ed25519,rsa-sha2-256", up, down, mac_up, mac_down, b"none", b"none,zlib", b"", b"") + bytes(5))


KEY = names(b"ssh-ed25519", bytes(32))
SIGNATURE = names(b"ssh-ed25519", bytes(64))
UP = kexinit(b"curve25519-sha256,diffie-hellman-group14-sha1", b"aes128-ctr", b"aes256-ctr", b"hmac-sha2-256", b"hmac-sha1")
DOWN = kexinit(b"diffie-hellman-group14-sha1", b"aes128-ctr,3des-cbc", b"3des-cbc", b"hmac-sha1", b"hmac-md5,hmac-sha1")


def openings(c):
    """An engineering station to a controller, joined and split; a server on another port with both messages in one segment."""
    t = Tcp(c, HMI, PLC, 55001, 22)
    t.down(b"SSH-2.0-OpenSSH_7.4p1 Debian-10+deb9u7\r\n")
    t.up(b"SSH-2.0-PuTTY_Release_0.72\r\n", UP[:3], UP[3:100], UP[100:])
    t.down(DOWN)
    t.up(packet(b"\x1e" + names(bytes(32))))
    t.down(packet(b"\x1f" + names(KEY, b"f", SIGNATURE)) + packet(b"\x15") + b"\x5a" * 44)
    t.up(packet(b"\x15") + b"\xa5" * 60)
    t.close()

    t = Tcp(c, HMI, SERVER, 55002, 10022)
    t.down(b"SSH-1.99-Cisco-1.25\n" + DOWN)
    t.up(b"SSH-2.0-ExampleClient_1.0 for_Windows comment\r\n" + UP)
    t.close()


def contradictions(c):
    """A name list longer than its packet."""
    t = Tcp(c, HMI, PLC, 55003, 22)
    t.down(b"SSH-2.0-dropbear_2018.76\r\n")
    t.down(packet(b"\x14" + bytes(16) + b"\x00\x00\xff\xff" + bytes(60)))
