# GIOP 1.0 as OMG's CORBA (clause 9.4) writes it, with the operations of Mitsubishi's CNC.
import struct

from packets import HMI, PLC, Tcp

CODE = "giop.request_op"
CODE_OF = ("request", "message")
KNOWN = {"malformed: tshark finds frame 6 malformed"}  # as it shall
DECODE_AS = ["tcp.port==683,giop"]

KEY = b"\1\0\0\0"


class Giop:
    def __init__(self, order="<"):
        self.order = order

    def number(self, *values):
        return struct.pack(f"{self.order}{len(values)}I", *values)

    def padded(self, data):
        return data + bytes(-len(data) % 4)

    def text(self, text):
        data = text.encode() + b"\0"
        return self.number(len(data)) + self.padded(data)

    def message(self, kind, body):
        return b"GIOP\1\0" + bytes([self.order == "<", kind]) + self.number(len(body)) + body

    def request(self, operation, *parameters, ident=1, answered=True, contexts=b""):
        head = self.number(1 if contexts else 0) + contexts + self.number(ident) + bytes([answered, 0, 0, 0])
        head += self.number(len(KEY)) + KEY + self.text(operation) + self.number(0)
        return self.message(0, head + b"".join(self.number(p) if isinstance(p, int) else self.text(p) for p in parameters))

    def reply(self, *parameters, ident=1, status=0):
        return self.message(1, self.number(0, ident, status) + b"".join(self.number(p) if isinstance(p, int) else self.text(p) for p in parameters))


def exchange(t, g, pairs):
    for asked, answered in pairs:
        t.up(g.request(*asked))
        t.down(g.reply(*answered))


def operations(c):
    """Data, alarms, program blocks, files and directories."""
    g = Giop()
    t = Tcp(c, HMI, PLC, 49800, 683)
    exchange(t, g, [
        (("mochaGetData", 37, 1, 1, 1, 0, 5), (0, 5, 8, 0, 0)), (("mochaGetData", 35, 11, 2, 0, 0, 3), (0, 3, 4, 0)),
        (("mochaSetData", 55, 8192, 1, 0, 0, 3, 4, 7), (0,)), (("mochaGetCurrentAlarmMsgFirst", 1, 10, 0x0301), (0, "Z55")),
        (("mochaGetCurrentPrgBlockFirst", 1, 10), (0, "G90")), (("mochaFSOpenFile", 1, 0, "M01:\\PRG\\USER\\100"), (0, 3)),
        (("mochaFSWriteFile", 3, "G90"), (0,)), (("mochaFSCloseFile", 3), (0,)), (("mochaFSOpenFile", 0, 0, "M01:\\PRG\\USER\\100"), (0, 3)),
        (("mochaFSReadFile", 3, 4096), (0, "G90")), (("mochaFSCreateFile", 0, "M01:\\PRG\\USER\\200"), (0,)),
        (("mochaFSRemoveFile", "M01:\\PRG\\USER\\200"), (0,)), (("mochaFSStatFile", "M01:\\PRG\\USER\\100"), (0, 1)),
        (("mochaFSOpenDirectory", "M01:\\PRG\\USER"), (0, 4)), (("mochaFSReadDirectory", 4), (0, "100")), (("mochaFSCloseDirectory", 4), (0,)),
        (("mochaCancelModal2", 1, 7), (0,)), (("mochaSomethingElse", 1), (0,)),
    ])
    t.close()


def identity(c):
    """Sections 67 and 68, in either byte order."""
    for port, g in ((49801, Giop()), (49802, Giop(">"))):
        t = Tcp(c, HMI, PLC, port, 683)
        exchange(t, g, [(("mochaGetData", 67, 1, 1, 0, 0, 0x10), (0, 0x10, 16, "BND-1005W000-A6")),
                        (("mochaGetData", 68, 1, 1, 0, 0, 0x10), (0, 0x10, 20, "MITSUBISHI CNC M830")),
                        (("mochaGetData", 67, 2, 1, 0, 0, 0x10), (0, 0x10, 8, "PLC-01")), (("mochaGetData", 67, 1, 1, 0, 0, 3), (0, 3, 4, 1))])
        t.close()


def errors(c):
    """Exceptions; a reply to nothing; a request that wants no answer; one with a service context."""
    g = Giop()
    t = Tcp(c, HMI, PLC, 49803, 683)
    for exception in ((g.reply("IDL:Mocha/Error:1.0", status=1)), g.reply("IDL:omg.org/CORBA/BAD_PARAM:1.0", 0, 1, status=2)):
        t.up(g.request("mochaFSRemoveFile", "M01:\\PRG\\USER\\300"))
        t.down(exception)
    t.down(g.reply(0, ident=9))
    t.up(g.request("mochaCancelModal2", 1, 7, answered=False))
    t.up(g.request("mochaGetData", 35, 10, 1, 0, 0, 3, contexts=g.number(1, 5) + g.padded(b"\1\0\0\0\1"), ident=2))
    t.down(g.reply(0, 3, 4, 0, ident=2))
    t.up(g.message(2, g.number(2)) + g.message(5, b""))
    t.close()


def malformed(c):
    """An operation longer than its message; then all is well."""
    g = Giop()
    t = Tcp(c, HMI, PLC, 49804, 683)
    exchange(t, g, [(("mochaGetData", 35, 10, 1, 0, 0, 3), (0, 3, 4, 0))])
    t.up(g.message(0, g.number(0, 1, 1, 4) + KEY + g.number(0x1000) + b"mochaGetData"))
    exchange(t, g, [(("mochaGetData", 35, 10, 1, 0, 0, 3), (0, 3, 4, 0))])
    t.close()


def stream(c):
    """Split and joined with what follows, an answer lost."""
    g = Giop()
    t = Tcp(c, HMI, PLC, 49806, 683)
    read, data = g.request("mochaGetData", 35, 10, 1, 0, 0, 3), g.reply(0, 3, 4, 0)
    t.up(read[:14], read[14:40], read[40:])
    t.down(data[:17], data[17:])
    t.up(read + g.message(2, g.number(1)))
    t.down(data)
    t.up(read)
    t.lost(1, len(data))
    t.up(read)
    t.down(data)
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    g = Giop()
    t = Tcp(c, HMI, PLC, 49807, 683, handshake=False)
    read, data = g.request("mochaGetData", 35, 10, 1, 0, 0, 3), g.reply(0, 3, 4, 0)
    t.down(data[9:])
    for _ in range(2):
        t.up(read)
        t.down(data)
