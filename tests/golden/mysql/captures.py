# MySQL and MariaDB as the manual of their protocol writes it.
from packets import HMI, PLC, SERVER, Tcp, hexa
from tls_frames import tls_client_hello, tls_record

# tshark fields of which every value must stand in a fact.
IDENTITY = ["mysql.version"]
# What follows a request for TLS.
ALSO = {"tls"}


def as_value(value):
    return value.removeprefix("5.5.5-")


def packet(number, payload):
    return len(payload).to_bytes(3, "little") + bytes([number]) + payload


def greeting(version):
    return packet(0, b"\x0a" + version + b"\0" + hexa("11000000") + b"12345678\0" + hexa("ffff 08 0200 ffc1 15") + bytes(10) +
                  b"123456789012\0" + b"mysql_native_password\0")


def servers(c):
    """MySQL and MariaDB, a login, TLS, a server that wants nobody. No user may come out."""
    t = Tcp(c, HMI, SERVER, 56101, 3306)
    hello = greeting(b"8.0.36-0ubuntu0.22.04.1")
    t.down(hello[:9], hello[9:])
    t.up(packet(1, hexa("85a6ff01 00000001 2d") + bytes(23) + b"SECRET\0" + b"\x14" + bytes(20) + b"mysql_native_password\0"))
    t.down(packet(2, hexa("00000002000000")))
    t.up(packet(0, b"\x03select SECRET"))
    t.close()

    t = Tcp(c, PLC, SERVER, 56102, 3306)
    t.down(greeting(b"5.5.5-10.6.12-MariaDB"))
    t.up(packet(1, hexa("85aeff01 00000001 2d") + bytes(23)))
    t.up(tls_record(22, tls_client_hello(b"server-05"), 0x0301))
    t.close()
