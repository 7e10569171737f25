# Toshiba T/V series computer link: "(A", station, command, data, "&", sum, ")" or ";", CR; over UDP answers come from the next port.
from packets import HMI, PLC, Tcp

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {"cmd": "code {}"}


def seal(text, end=")"):
    text += "&"
    return text.encode() + b"%02X" % (sum(text.encode()) & 0xFF) + end.encode() + b"\r"


def exchange(t, pairs, station="01"):
    for request, response in pairs:
        t.up(seal("(A" + station + request))
        t.down(seal("(A" + station + response))


def functions(c):
    """Every command with its answer, through a converter of serial lines."""
    t = Tcp(c, HMI, PLC, 49152, 2000)
    exchange(t, [
        ("TS0123", "TS0123"), ("ST", "ST0004"), ("ER", "ER00000000"), ("DRD0100,10", "DR" + "0000" * 10),
        ("DWD0100,02,1234,5678", "DW"), ("DWRW010,01,0001", "DW"), ("SR01", "SR" + "0000" * 8), ("SW01,0001", "SW"),
        ("BR0001", "BR" + "00" * 32), ("BW0001" + "00" * 32, "BW"), ("EC1", "EC"), ("RT", "RT250615120000"), ("WT250615120000", "WT"),
        ("ZZ9", "CE0001"),
    ])
    t.close()


def errors(c):
    """Refused by the link and by the controller, an error nobody asked for, a wrong sum, a station that does not answer."""
    t = Tcp(c, HMI, PLC, 49153, 2000)
    exchange(t, [("DRD9999,10", "CE0006"), ("EC2", "EE0012")])
    t.down(seal("(A01CE0001"))
    t.up(seal("(A02ST"))
    t.up(b"(A01ST&98)\r")
    t.down(seal("(A02ST0001"))
    t.up(seal("(A05ST"))
    t.up(seal("(A12ER"))
    t.down(seal("(A12ER0001"))
    t.close()


def datagrams(c):
    """To the port for messages; the answer from the port after it is a conversation of its own."""
    up = lambda text: c.udp(HMI, 50020, PLC, 2000, seal("(A01" + text))
    down = lambda text, end=")": c.udp(PLC, 2001, HMI, 50020, seal("(A01" + text, end))
    up("DRD0000,02")
    down("DR00010002")
    up("EC1")
    down("EE0012")
    up("DRXW000")
    up("TS55")
    down("TS55")
    up("DRD0000,99")
    down("DR" + "0000" * 40, ";")
    down("DR" + "0000" * 59)


def stream(c):
    """Split and joined by TCP; an answer is lost."""
    t = Tcp(c, HMI, PLC, 49154, 2000)
    ask, answer = seal("(A01DRD0000,01"), seal("(A01DR0001")
    t.up(ask[:3], ask[3:])
    t.down(answer[:9], answer[9:])
    t.up(seal("(A02ST"))
    t.down(seal("(A02ST0001"))
    t.up(ask)
    t.lost(1, len(answer))
    t.up(ask)
    t.down(answer)
    t.close()


def midstream(c):
    """A connection opened before the capture began, on a port of the plant's own."""
    t = Tcp(c, HMI, PLC, 49155, 30200, handshake=False)
    t.down(seal("(A01DR00010002")[5:])
    for _ in range(2):
        t.up(seal("(A01DRD0000,02"))
        t.down(seal("(A01DR00010002"))
