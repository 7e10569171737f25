# TeamViewer as its traffic shows: the mark 0x1724 and what nobody but its maker can read.
from packets import HMI, SERVER, Tcp, hexa


def sessions(c):
    """A computer calls a relay; the first message in two segments."""
    t = Tcp(c, HMI, SERVER, 56301, 5938)
    hello = hexa("1724 0a 20 00000000") + bytes(32)
    t.up(hello[:1], hello[1:])
    t.down(hexa("1724 0b 10 00000000") + bytes(16))
    t.up(hexa("1724 11 30 00000000") + bytes(48))
    t.close()
