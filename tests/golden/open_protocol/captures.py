# Open Protocol as Atlas Copco's Open Protocol Specification R 2.16 writes it: clause 4 (header), clause 5 (messages).
from packets import HMI, PLC, Tcp


def mid(number, data="", revision="001", station="  ", spindle="  ", end=b"\0"):
    text = f"{20 + len(data):04}{number:04}{revision:3} {station}{spindle}    {data}"
    return text.encode("latin-1") + end


def accepted(number):
    return mid(5, f"{number:04}")


def refused(number, error):
    return mid(4, f"{number:04}{error:02}")


class Client(Tcp):
    """An integrator at a tightening controller."""

    def __init__(self, c, sport, dport=4545, handshake=True):
        super().__init__(c, HMI, PLC, sport, dport, handshake)

    def ask(self, number, answer, data="", **header):
        self.up(mid(number, data, **header))
        self.down(answer)

    def order(self, number, data="", **header):
        self.ask(number, accepted(number), data, **header)

    def tell(self, number, data="", acknowledge=None):
        self.down(mid(number, data))
        if acknowledge:
            self.up(mid(acknowledge))


def controller(revision):
    """MID 0002 with the fields that each revision adds."""
    fields = [("01", "0010", 1), ("02", "01", 1), ("03", "Line 4 Station 2".ljust(25), 1), ("04", "ACT", 2), ("05", "2.16.0".ljust(19), 3),
              ("06", "3.11.2".ljust(19), 3), ("07", "1.9.0".ljust(19), 3), ("08", "RBU gold".ljust(24), 4), ("09", "A123456789", 4), ("10", "003", 5),
              ("11", "001", 5), ("12", "1", 6), ("13", "1", 6), ("14", "0000000042", 6), ("15", "Door left".ljust(25), 6), ("16", "1", 6)]
    return mid(2, "".join(number + value for number, value, since in fields if since <= revision), f"{revision:03}")


def session(c):
    """A day at a controller: start, selection, results, alarms, keeping alive, stop."""
    t = Client(c, 49152)
    t.ask(1, controller(6), revision="006")
    t.ask(40, mid(41, "01" + "B7710042".ljust(14) + "02" + "0000012345" + "03" + "2025-01-31:12:00:00" + "04" + "A123456789"))
    t.ask(10, mid(11, "002001002"))
    t.order(18, "002", station="01", spindle="03")
    t.order(19, "00205")
    t.order(38, "07")
    t.order(38, "0007", revision="002")
    t.order(60)
    for _ in range(3):
        t.tell(61, "010001020103" + "Line 4".ljust(25) + "04" + "VIN123".ljust(25), 62)
        c.wait(1)
    t.order(70)
    t.tell(71, "01E404021031052025-06-15:15:06:40", 72)
    t.order(42)
    t.order(43)
    t.order(50, "VIN4711")
    t.ask(80, mid(81, "2025-06-15:15:06:40"))
    t.order(82, "2025-06-15:15:06:40")
    t.order(270)
    t.up(mid(9999))
    t.down(mid(9999))
    t.order(3)
    t.close()


def revisions(c):
    """What a controller says about itself in the first revisions, and who supplies it."""
    t = Client(c, 49153)
    for revision in (1, 2, 4):
        t.ask(1, controller(revision), revision=f"{revision:03}")
    for supplier in ("BRC", "APT", "XYZ99?"):
        t.ask(1, mid(2, "01" + "0001" + "02" + "01" + "03" + "Hall 3".ljust(25) + "04" + supplier, "002"))


def functions(c):
    """Every message: those of the integrator with their answers, those of the controller, acknowledgements, and one of no table."""
    t = Client(c, 49154)
    orders = (6, 8, 9, 12, 14, 17, 20, 21, 24, 25, 34, 37, 39, 44, 45, 46, 47, 51, 54, 63, 73, 78, 90, 93, 100, 103, 105, 109, 110, 111, 113, 120, 126, 127,
              128, 129, 130, 131, 132, 133, 140, 150, 151, 154, 155, 156, 157, 200, 210, 213, 216, 219, 220, 223, 224, 225, 240, 241, 244, 245, 250, 253,
              254, 255, 260, 261, 264, 265, 400, 403, 420, 423, 500, 503, 504, 703, 1901, 2100, 2500, 2504, 2505, 2606)
    t.up(b"".join(mid(number, "0900001" if number in (6, 8, 9) else "001002") for number in orders))
    t.down(b"".join(accepted(number) for number in orders))
    uploads = (30, 32, 64, 214, 300, 410, 2600, 2602)
    t.up(b"".join(mid(number, "0001") for number in uploads))
    t.down(b"".join(mid(number + 1, "0001") for number in uploads))
    told = ((15, 16), (22, 23), (35, 36), (48, None), (52, 53), (66, None), (67, None), (74, 75), (76, 77), (91, 92), (101, 102), (106, 108),
            (107, 108), (121, 125), (122, 125), (123, 125), (124, 125), (152, 153), (211, 212), (217, 218), (221, 222), (242, 243),
            (251, 252), (262, 263), (401, 402), (421, 422), (501, 502), (700, None), (701, None), (702, None), (900, None), (901, None),
            (1000, 1001), (1201, 1203), (1202, 1203), (1601, 1602), (1900, None), (2501, None), (2604, 2605))
    t.down(b"".join(mid(number, "0001") for number, _ in told))
    t.up(b"".join(mid(acknowledge) for _, acknowledge in told if acknowledge))
    t.up(mid(9997))
    t.down(mid(9998))
    t.up(mid(8123, "x"))
    t.down(mid(8124, "x"))


def errors(c):
    """What the controller refuses, and a refusal of what was not seen."""
    t = Client(c, 49155)
    t.ask(1, refused(1, 96))
    t.ask(18, refused(18, 2), "099")
    t.ask(60, refused(60, 9))
    t.down(refused(42, 1))


def stream(c):
    """Messages split and joined, one without the zero at its end, bytes lost."""
    t = Client(c, 49156)
    t.up(mid(1)[:3], mid(1)[3:9], mid(1)[9:20], mid(1)[20:])
    t.down(controller(1) + mid(71, "01E404"))
    t.up(mid(60, end=b"") + mid(70))
    t.down(accepted(60) + accepted(70))
    t.up(mid(9999))
    t.lost(1, 21)
    t.down(mid(61, "x" * 3000)[:1460])
    t.lost(1, 1000)
    t.down(mid(61, "x" * 3000)[2460:] + mid(9999))


def midstream(c):
    """A connection that was open before, on another port, from the middle of a message."""
    t = Client(c, 49157, 14545, handshake=False)
    t.down(b"04VIN4711                  \0")
    t.up(mid(62))
    t.tell(61, "0100", 62)
    t.up(mid(9999))
    t.down(mid(9999))


def malformed(c):
    """Headers with letters where digits belong; an answer that names nothing."""
    t = Client(c, 49158)
    t.ask(1, controller(1))
    t.up(b"00200018A01         \0")
    t.down(mid(5, "00X1"))
    t.up(mid(9999))
