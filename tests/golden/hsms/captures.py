# HSMS as SEMI E37 writes it (clauses 7 and 8), with messages of SEMI E5 (SECS-II, clauses 9 and 10) as SEMI E30 (GEM) uses them.
import struct

from packets import HMI, PLC, Tcp

# An item of no format is in this case on purpose.
KNOWN = {"malformed: tshark finds frame 6 malformed"}
DECODE_AS = ["tcp.port==5000,hsms", "tcp.port==5003,hsms", "tcp.port==15000,hsms"]

SELECT, DESELECT, LINKTEST, REJECT, SEPARATE = 1, 3, 5, 7, 9


def item(code, data):
    """Formats as octal numbers: 0o20 is text."""
    size = 1 if len(data) < 256 else 2 if len(data) < 65536 else 3
    return bytes([code << 2 | size]) + len(data).to_bytes(size, "big") + data


def items(*members):
    return bytes([1, len(members)]) + b"".join(members)


def text(value):
    return item(0o20, value.encode())


def binary(*values):
    return item(0o10, bytes(values))


def number(value, code=0o54, form="!I"):
    return item(code, struct.pack(form, value))


def message(stream, function, body=b"", system=1, wants=False, session=1):
    head = struct.pack("!HBBBBI", session, stream | (0x80 if wants else 0), function, 0, 0, system)
    return struct.pack("!I", len(head) + len(body)) + head + body


def control(kind, system=1, session=0xFFFF, second=0, third=0):
    return struct.pack("!IHBBBBI", 10, session, second, third, 0, kind, system)


class Hsms(Tcp):
    """The host connects; ask() and tell() are the host's and the equipment's primary messages with their answers."""

    def __init__(self, c, sport, dport=5000, handshake=True):
        super().__init__(c, HMI, PLC, sport, dport, handshake)
        self.numbers = [100, 100]

    def select(self):
        self.up(control(SELECT, 1))
        self.down(control(SELECT + 1, 1))

    def exchange(self, who, stream, function, body=b"", answer=None):
        send, back = (self.up, self.down) if who == 0 else (self.down, self.up)
        self.numbers[who] += 1
        send(message(stream, function, body, self.numbers[who], answer is not None))
        if answer is not None:
            back(message(stream, function + 1, answer, self.numbers[who]))

    def ask(self, *arguments):
        self.exchange(0, *arguments)

    def tell(self, *arguments):
        self.exchange(1, *arguments)


def session(c):
    """Selected, tested, on line, a command, off line, deselected, separated."""
    t = Hsms(c, 49152)
    t.select()
    t.up(control(LINKTEST, 2))
    t.down(control(LINKTEST + 1, 2))
    t.ask(1, 13, items(), items(binary(0), items(text("ETCH-300"), text("V4.2.1"))))
    t.ask(1, 1, b"", items(text("ETCH-300"), text("V4.2.1")))
    t.ask(1, 17, b"", binary(0))
    t.ask(1, 3, items(number(1001), number(1002)), items(number(7), item(0o44, struct.pack("!f", 71.5))))
    t.ask(2, 41, items(text("START"), items(items(text("LOTID"), text("L7")))), items(binary(0), items()))
    t.ask(2, 41, items(text("PP-SELECT"), items(items(text("PPID"), text("R1")))), items(binary(4), items()))
    t.ask(2, 21, text("STOP"), binary(0))
    t.ask(2, 49, items(number(0), text("OBJ"), text("ABORT"), items()), items(binary(0), items()))
    t.ask(2, 31, text("20250615150640"), binary(0))
    t.ask(2, 15, items(items(number(5001), item(0o44, struct.pack("!f", 20.0)))), binary(0))
    t.ask(1, 15, b"", binary(0))
    t.up(control(DESELECT, 3))
    t.down(control(DESELECT + 1, 3))
    t.up(control(SEPARATE, 4))
    t.close()


def equipment(c):
    """The equipment connects and tells: who it is, events, alarms, traces; what it did not understand."""
    t = Tcp(c, PLC, HMI, 49153, 5000)
    t.up(control(SELECT, 1))
    t.down(control(SELECT + 1, 1))
    t.up(message(1, 13, items(text("IMPLANT 9"), text("7.0")), 10, True))
    t.down(message(1, 14, items(binary(0), items()), 10))
    t.down(message(1, 1, b"", 10, True))
    t.up(message(1, 2, items(text("IMPLANT 9"), text("7.0")), 10))
    for system in range(11, 14):
        t.up(message(6, 11, items(number(0), number(3001), items()), system, True))
        t.down(message(6, 12, binary(0), system))
        t.up(message(6, 1, items(text("1"), number(1), text("0"), items(number(5))), system + 100))
        c.wait(1)
    t.up(message(5, 1, items(binary(0x81), number(42), text("pressure")), 20, True))
    t.down(message(5, 2, binary(0), 20))
    t.down(message(2, 99, b"", 11, True))
    t.up(message(9, 5, binary(0, 1, 0x82, 99, 0, 0, 0, 0, 0, 11), 21))


def recipes(c):
    """Process programs by name: loaded, sent, asked for, deleted; one longer than what is read."""
    t = Hsms(c, 49154)
    t.select()
    t.ask(7, 19, b"", items(text("R1"), text("R2")))
    t.ask(7, 1, items(text("R1"), number(2000)), binary(0))
    t.ask(7, 3, items(text("R1"), item(0o10, bytes(600))), binary(0))
    t.ask(7, 5, text("R1"), items(text("R1"), item(0o10, bytes(1500))))
    t.ask(7, 23, items(text("LINE\\R3"), text("M"), text("S"), items()), binary(0))
    t.ask(7, 25, text("LINE\\R3"), items(text("LINE\\R3"), text("M"), text("S"), items()))
    t.ask(7, 17, items(text("R1"), text("R2")), binary(0))
    t.ask(7, 17, items(), binary(0))
    t.ask(7, 33, text("R1"), items(text("R1"), number(1)))
    t.close()


def functions(c):
    """Every primary message that the table lists, with an answer, and some that it does not list."""
    t = Hsms(c, 49155)
    t.select()
    listed = {1: range(1, 25, 2), 2: range(1, 50, 2), 3: [1, *range(17, 36, 2)], 4: range(19, 30, 2), 5: range(1, 18, 2), 6: [*range(1, 10, 2), *range(11, 30, 2)],
              7: range(1, 44, 2), 8: [1, 3], 10: range(1, 10, 2), 12: range(1, 20, 2), 13: range(1, 16, 2), 14: [*range(1, 12, 2), 19],
              15: [*range(13, 22, 2), *range(27, 36, 2)], 16: range(1, 28, 2), 17: range(1, 14, 2), 18: range(1, 14, 2), 64: [1], 127: [255]}
    for stream, odd in listed.items():
        t.up(b"".join(message(stream, function, b"", function, True) for function in odd))
        t.down(b"".join(message(stream, function + 1, b"", function) for function in odd if function < 255))
    t.down(b"".join(message(9, function, binary(0, 1, 1, 1, 0, 0, 0, 0, 9, function), 500) for function in range(1, 14, 2)))
    t.up(control(REJECT, 77, second=0, third=1))


def errors(c):
    """Refusals: of a selection, of commands, by an abort, by a rejection, by an error of stream 9."""
    t = Hsms(c, 49156)
    t.up(control(SELECT, 1))
    t.down(control(SELECT + 1, 1, third=2))
    t.close()
    t = Hsms(c, 49157)
    t.select()
    t.ask(1, 13, items(), items(binary(1), items()))
    t.ask(1, 17, b"", binary(1))
    t.ask(1, 17, b"", binary(2))
    t.ask(2, 15, items(), binary(3))
    t.ask(2, 41, items(text("START"), items()), items(binary(2), items()))
    t.ask(7, 3, items(text("R1"), item(0o10, bytes(9))), binary(4))
    t.ask(7, 1, items(text("R1"), number(9)), binary(2))
    t.up(message(2, 41, items(text("STOP"), items()), 200, True))
    t.down(message(2, 0, b"", 200))
    t.up(message(3, 77, b"", 201, True))
    t.down(message(9, 5, binary(0, 1, 0x83, 77, 0, 0, 0, 0, 0, 201), 300))
    t.up(message(1, 3, items(), 202, True))
    t.down(control(REJECT, 202, 1, 0, 4))
    t.down(message(2, 42, items(binary(1), items()), 999))


def stream(c):
    """Messages split and joined, answers in another order, a long one, bytes lost within it."""
    t = Hsms(c, 49158)
    t.select()
    asks = lambda system: message(1, 3, items(number(system)), system, True)
    answers = lambda system: message(1, 4, items(number(0)), system)
    t.up(asks(1) + asks(2))
    t.down(answers(2) + answers(1))
    t.up(asks(3)[:3], asks(3)[3:13], asks(3)[13:])
    t.down(answers(3)[:14], answers(3)[14:])
    t.up(message(7, 5, text("R1"), 4, True))
    long = message(7, 6, items(text("R1"), item(0o10, bytes(5000))), 4)
    t.down(long[:1460])
    t.lost(1, 1460)
    t.down(long[2920:4380], long[4380:])
    t.up(asks(5))
    t.lost(1, len(answers(5)))
    t.up(asks(6))
    t.down(answers(6))


def midstream(c):
    """A connection opened before the capture began, on another port: it begins with the end of an answer."""
    t = Hsms(c, 49159, 15000, handshake=False)
    t.down(message(1, 4, items(text("abcdefghijklmnopqrstuvwxyz")), 1)[20:])
    for system in range(2, 6):
        t.up(message(1, 3, items(number(system)), system, True))
        t.down(message(1, 4, items(number(0)), system))


def midstream_other_port(c):
    """On another port three messages and an answer prove it, also where the length comes by itself."""
    t = Hsms(c, 49160, 5003)
    t.select()
    t.ask(1, 13, items(), items(binary(0), items(text("PROBER"), text("1.0"))))
    t.ask(1, 1, b"", items(text("PROBER"), text("1.0")))
    t = Hsms(c, 49162, 5003)
    for send, each in ((t.up, control(SELECT)), (t.down, control(SELECT + 1)), (t.up, message(1, 13, items(), 2, True)),
                       (t.down, message(1, 14, items(binary(0), items(text("PROBER"), text("1.0"))), 2))):
        send(each[:4], each[4:])


def malformed(c):
    """Items of no format, a control message with a body, a presentation that is not SECS-II."""
    t = Hsms(c, 49161)
    t.select()
    t.up(message(1, 3, b"\xff\1\1", 5, True))
    t.up(message(1, 3, items(), 6, True))
