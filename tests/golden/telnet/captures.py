# Telnet as the specifications write it: RFC 854, RFC 855.
from packets import HMI, PLC, SERVER, Tcp, hexa


def logins(c):
    """Options, a banner, a name that is echoed, a password; nothing that is typed may come out."""
    t = Tcp(c, HMI, PLC, 55201, 23)
    t.down(hexa("fffd18|fffd20|fffb01|fffb03"))
    t.up(hexa("fffb18|fffc20|fffd01|fffd03"))
    t.down(hexa("fffa1801fff0"))
    t.up(hexa("fffa1800") + b"xterm" + hexa("fff0"))
    t.down(b"\r\nEX-408A firm", b"ware V3.8\r\n\r\nVxWorks login: ")
    for key in b"SECRET\r":
        t.up(bytes([key]))
        t.down(bytes([key]))
    t.down(b"\nPassword: ")
    t.up(b"SECRET\r\n")
    t.down(b"\r\nLogin incorrect\r\nlogin: ")
    t.up(b"SECRET\r\n")
    t.close()


def passwords(c):
    """A switch that wants nothing but a password and one that wants nothing."""
    t = Tcp(c, HMI, SERVER, 55202, 23)
    t.down(hexa("fffb01|fffb03|fffd18|fffd1f") + b"\r\n\r\nUser Access Verification\r\n\r\nPassword: ")
    t.up(b"SECRET\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 55203, 23)
    t.down(hexa("fffb01") + b"\r\n> ")
    t.up(b"show SECRET\r\n")
    t.down(b"SECRET: 1\r\n" + b"x" * 1100)
    t.close()


def midstream(c):
    """A server that settles no options looks like a connection met in its middle."""
    t = Tcp(c, HMI, SERVER, 55204, 23)
    t.down(b"Example serial server\r\nusername: ")
    t.up(b"SECRET\r\n")
    t.down(b"SECRET\r\npassword: ")
    t.close()
