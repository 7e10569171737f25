# S7comm, as packet-s7comm of Wireshark documents it: header, parameters, data; TPKT and COTP around it.
import struct

from cotp_frames import data, opened
from packets import HMI, PLC, Tcp, hexa

# tshark fields of which every value must stand in a fact.
IDENTITY = ["s7comm.szl.001c.0001.name", "s7comm.szl.001c.0002.name", "s7comm.szl.001c.0003.tag",
            "s7comm.szl.001c.0004.copyright", "s7comm.szl.001c.0005.serialn", "s7comm.szl.001c.0007.cputypname",
            "s7comm.szl.001c.0008.snmcmmc", "s7comm.szl.001c.000b.loc_id"]

# What fields of published samples say of an operation; ../samples_test.py.
SAMPLES = {
    "fc": lambda code: "code func 0x" + code.lower(), "szl": "target SZL 0x{}",
    "s7comm.param.func": "code func {}", "s7comm.param.userdata.funcgroup": "code userdata group={}",
    "s7comm.data.userdata.szl_id": "target SZL {}", "s7comm.header.errcls": lambda of: "error" if int(of, 0) else "",
}


def of_code(code):
    return code.split(" sub=")[0].split(" pi=")[0]


def job(reference, parameters, values=b""):
    return data(struct.pack("!BBHHHH", 0x32, 1, 0, reference, len(parameters), len(values)) + parameters + values)


def ack_data(reference, parameters, values=b"", error=0):
    return data(struct.pack("!BBHHHHH", 0x32, 3, 0, reference, len(parameters), len(values), error) + parameters + values)


def ack(reference, error):
    return data(struct.pack("!BBHHHHH", 0x32, 2, 0, reference, 0, 0, error))


def octets(values):
    return struct.pack("!BBH", 0xFF, 9, len(values)) + values


NOTHING = hexa("0a 00 0000")


def user_data(reference, kind, group, sub, values=NOTHING, error=None, unit=0, more=False):
    """kind: 4 request, 8 response, 0 push; NC: 7, 11, 3."""
    head = bytes([0x12 if error is not None else 0x11, kind << 4 | group, sub, 0])
    if error is not None:
        head += struct.pack("!BBH", unit, more, error)
    parameters = hexa("00 01 12") + bytes([len(head)]) + head
    return data(struct.pack("!BBHHHH", 0x32, 7, 0, reference, len(parameters), len(values)) + parameters + values)


def any_item(transport, count, block, area, address):
    return hexa("12 0a 10") + struct.pack("!BHHB", transport, count, block, area) + address.to_bytes(3, "big")


def read(*items):
    return bytes([4, len(items)]) + b"".join(items)


def text(value, size):
    return value.encode().ljust(size, b"\0")


def plc(c, port=49200, server_port=102):
    t = Tcp(c, HMI, PLC, port, server_port)
    return opened(t, hexa("0100"), hexa("0102"))


def setup(t):
    t.up(job(0, hexa("f0 00 0001 0001 01e0")))
    t.down(ack_data(0, hexa("f0 00 0001 0001 00f0")))


def functions(c):
    """Every function of a job once with its answer; errors in the header, in an item, without data."""
    t = plc(c)
    setup(t)
    word = any_item(4, 4, 5, 0x84, 10 * 8)
    t.up(job(1, read(word)))
    t.down(ack_data(1, hexa("04 01"), hexa("ff 04 0040 0001 0002 0003 0004")))
    t.up(job(2, hexa("05 01") + word, hexa("00 04 0040 0001 0002 0003 0004")))
    t.down(ack_data(2, hexa("05 01"), hexa("ff")))
    t.up(job(3, read(word, word)))
    t.down(ack_data(3, hexa("04 02"), hexa("ff 09 0001 07 00 0a 00 0000")))     # the second item does not exist
    t.up(job(4, hexa("05 01") + word, hexa("00 04 0010 0001")))
    t.down(ack_data(4, hexa("05 01"), hexa("03")))                              # access denied
    t.up(job(5, read(word)))
    t.down(ack_data(5, hexa("04 00"), error=0x8104))
    t.up(job(6, hexa("00 0000")))
    t.down(ack_data(6, hexa("00")))
    name = b"\x09_0800001P"
    t.up(job(7, hexa("1a 00 0100 00000000") + name + b"\x0d1000332000212"))
    t.down(ack_data(7, hexa("1a")))
    for reference in (0x31, 0x32):                                              # the controller asks for the block's parts
        t.down(job(reference, hexa("1b 00 0000 00000000") + name))
        t.up(ack_data(reference, bytes([0x1B, reference == 0x31]), hexa("0004 00fb 70700101")))
    t.down(job(0x33, hexa("1c 00 0000 00000000") + name))
    t.up(ack_data(0x33, hexa("1c")))
    t.up(job(8, hexa("1d 00 0000 00000000 09") + b"_0A00005A"))
    t.down(ack_data(8, hexa("1d 00 0100 00000007 07") + b"0000216"))
    t.up(job(9, hexa("1e 00 0000 00000007")))
    t.down(ack_data(9, hexa("1e 00"), hexa("0004 00fb 70700302")))
    t.up(job(10, hexa("1f 00 0000 00000007")))
    t.down(ack_data(10, hexa("1f")))
    t.up(job(11, hexa("1d 00 0000 00000000 09") + b"_0B00000A"))
    t.down(ack(11, 0xD241))                                                     # forbidden by the protection level
    t.up(job(12, hexa("29 0000000000 09") + b"P_PROGRAM"))
    t.down(ack_data(12, hexa("29")))
    t.up(job(13, hexa("77 00")))
    t.down(ack_data(13, hexa("77"), error=0x8104))
    t.down(ack(99, 0))                                                          # answers nothing that was seen
    t.close()


INVOCATIONS = ["_INSE", "_INS2", "_DELE", "P_PROGRAM", "_MODU", "_GARB", "_N_LOGIN_", "_N_LOGOUT", "_N_CANCEL", "_N_SELECT",
               "_N_F_OPEN", "_N_F_CLOS", "_N_F_XFER", "_N_F_COPY", "_N_F_RENA", "_N_F_DELE", "_N_F_PROT", "_N_CONFIG",
               "_N_NEWPWD", "_N_CREATO", "_N_DELETO", "_N_EXTERN", "_N_SETUFR", "_N_TMRASS", "_N_XYZ12_"]


def invocations(c):
    """The program invocation services, one of them unlisted."""
    t = plc(c, 49201)
    blocks = {"_INSE": hexa("01 00") + b"0800001P", "_INS2": hexa("01 00") + b"0C00007P",
              "_DELE": hexa("02 00") + b"0A00010B" + b"0E00003B", "P_PROGRAM": b"C ", "_MODU": b"EP"}
    for reference, name in enumerate(INVOCATIONS, 1):
        block = blocks.get(name, b"" if name == "_GARB" else b"\x03001" * 8)        # numbers, names, paths
        t.up(job(reference, hexa("28 0000000000 00fd") + struct.pack("!H", len(block)) + block + bytes([len(name)]) + name.encode()))
        t.down(ack_data(reference, hexa("28"), error=0xD241 if name == "_N_CONFIG" else 0))
    t.close()


REQUESTS = [(1, range(1, 20)), (1, [22]), (2, [1, 4, 5, 7, 8]), (3, [1]), (4, [2, 7, 8, 11, 19]), (5, [2]), (6, [1]),
            (7, [1, 3]), (9, [4])]
PUSHES = [(0, [0, 1, 2, 3, 4, 6, 9, 11, 12]), (1, [2, 8, 19]), (2, [1, 5, 7]), (4, [3, 5, 6, 9, 12, 13, 14, 17, 18, 22])]


def programmer(c):
    """Every userdata function: requests with their answers, what the controller sends by itself, an unlisted group."""
    t = plc(c, 49202)
    reference = 0
    for group, subs in REQUESTS:
        for sub in subs:
            reference += 1
            t.up(user_data(reference, 4, group, sub))
            t.down(user_data(reference, 8, group, sub, error=0xD402 if (group, sub) == (1, 9) else 0))
    for sub in range(1, 9):                                                     # NC programming
        if sub != 5:
            t.up(user_data(200 + sub, 7, 15, sub))
            t.down(user_data(200 + sub, 11, 15, sub, error=0))
    for group, subs in PUSHES:
        for sub in subs:
            t.down(user_data(0, 0, group, sub))
    clock = hexa("00 19 20 25 06 15 12 30 00 00")
    t.up(user_data(300, 4, 7, 2, octets(clock)))
    t.down(user_data(300, 8, 7, 2, error=0))
    t.up(user_data(301, 4, 7, 4, octets(clock)))
    t.down(user_data(301, 8, 7, 4, error=0))
    t.up(user_data(302, 4, 3, 3, octets(b"0A00010A")))
    t.down(user_data(302, 8, 3, 3, error=0xD209))
    t.up(user_data(303, 4, 3, 2, octets(b"08")))
    t.down(user_data(303, 8, 3, 2, octets(hexa("0001 22 08")), error=0))
    t.up(user_data(304, 4, 5, 1, octets(hexa("213a1b1d6e681b1d"))))             # the password goes nowhere
    t.down(user_data(304, 8, 5, 1, error=0xD602))
    t.close()


def variables(c):
    """Every way to name a variable."""
    t = plc(c, 49203)
    nck = lambda syntax: bytes([0x12, 8, syntax]) + hexa("41 0005 0001 7f 01")
    requests = [
        read(any_item(1, 1, 5, 0x84, 10 * 8 + 3)), read(any_item(2, 16, 5, 0x84, 80)), read(any_item(3, 8, 5, 0x84, 80)),
        read(any_item(5, 1, 5, 0x84, 80)), read(any_item(6, 2, 5, 0x84, 80)), read(any_item(7, 1, 7, 0x85, 80)),
        read(any_item(8, 1, 5, 0x84, 80)), read(any_item(10, 1, 5, 0x84, 80)), read(any_item(11, 1, 5, 0x84, 80)),
        read(any_item(12, 1, 5, 0x84, 80)), read(any_item(15, 1, 5, 0x84, 80)),
        read(any_item(1, 1, 0, 0x81, 7)), read(any_item(2, 1, 0, 0x82, 16)), read(any_item(4, 8, 0, 0x83, 800)),
        read(any_item(4, 1, 0, 0x80, 256 * 8)), read(any_item(4, 1, 0, 0x86, 16)), read(any_item(2, 4, 1, 0x87, 16)),
        read(any_item(0x1C, 1, 0, 0x1C, 3)), read(any_item(0x1D, 2, 0, 0x1D, 5)), read(any_item(0x1E, 1, 0, 0x1F, 5)),
        read(any_item(0x1F, 1, 0, 0x1E, 5)), read(any_item(2, 1, 0, 0x03, 0)), read(any_item(2, 1, 0, 0x05, 8)),
        read(any_item(4, 1, 0, 0x06, 16)), read(any_item(4, 1, 0, 0x07, 16)), read(any_item(4, 1, 0, 0x42, 16)),
        read(hexa("12 07 b0 01 04 0005 0010")), read(hexa("12 0c b0 02 04 0005 0010 02 0006 0000")),
        read(hexa("12 0e b2 ff 8a0e 0005 12345678 2000000a")), read(hexa("12 0e b2 ff 0000 0052 12345678 20000001")),
        read(nck(0x82)), read(nck(0x83)), read(nck(0x84)), read(hexa("12 0a a2 01 0002 0003 0456 0007")),
        read(hexa("12 02 77 00")),
        read(*(any_item(2, 1, n, 0x84, 0) for n in range(1, 7))),
    ]
    for reference, parameters in enumerate(requests, 1):
        t.up(job(reference, parameters))
        t.down(ack_data(reference, hexa("04 01"), hexa("ff 04 0008 00")))
    t.close()


def module(index, order_number, version):
    return struct.pack("!H20sH", index, order_number.encode().ljust(20), 0x00C0) + hexa(version)


def component(index, value):
    return struct.pack("!H", index) + text(value, 32)


def status_list(number, index, size, records):
    return octets(struct.pack("!HHHH", number, index, size, len(records)) + b"".join(records))


COMPONENTS = [component(1, "Line 4 station"), component(2, "PLC_7"), component(3, "Plant North"),
              component(4, "Original Siemens Equipment"), component(5, "S C-X1234567890"), component(7, "CPU 315-2 PN/DP"),
              component(8, "MMC 12345678"), struct.pack("!HHHH", 9, 0x2A, 0xF600, 1) + bytes(26), component(11, "Hall 3")]


def identity(c):
    """Status lists: modules, components in one part and in two, operating state, protection, an error."""
    t = plc(c, 49204)
    setup(t)
    ask = lambda reference, number, index=0: t.up(user_data(reference, 4, 4, 1, octets(struct.pack("!HH", number, index))))
    modules = [module(1, "6ES7 315-2EH14-0AB0 ", "0004 0001"), module(6, "6ES7 315-2EH14-0AB0 ", "0004 0001"),
               module(7, "", "5603 0206"), module(0x81, "Boot Loader", "4120 0909")]
    ask(1, 0x11)
    t.down(user_data(1, 8, 4, 1, status_list(0x11, 0, 28, modules), error=0))
    ask(2, 0x1C)
    t.down(user_data(2, 8, 4, 1, status_list(0x1C, 0, 34, COMPONENTS), error=0))
    ask(3, 0x0424)
    t.down(user_data(3, 8, 4, 1, status_list(0x0424, 0, 20, [hexa("5144 ff 08") + bytes(16)]), error=0))
    ask(4, 0x0132, 4)
    t.down(user_data(4, 8, 4, 1, status_list(0x0132, 4, 40, [hexa("0004 0001 0000 0001 0002") + bytes(30)]), error=0))
    ask(5, 0x0222)
    t.down(user_data(5, 8, 4, 1, error=0xD401))
    ask(6, 0x0424)
    t.down(user_data(6, 8, 4, 1, status_list(0x0424, 0, 20, [hexa("5144 ff 84") + bytes(16)]), error=0))
    t.close()


def identity_in_parts(c):
    """A list longer than the agreed message: the rest is asked for, the memory card's record is cut behind its index."""
    t = Tcp(c, HMI, PLC, 49205, 102)
    opened(t, hexa("0100"), hexa("0102"))
    whole = struct.pack("!HHHH", 0x1C, 0, 34, len(COMPONENTS)) + b"".join(COMPONENTS)
    cut = 8 + 6 * 34 + 2
    t.up(user_data(1, 4, 4, 1, octets(hexa("001c 0000"))))
    t.down(user_data(1, 8, 4, 1, octets(whole[:cut]), error=0, unit=0xD5, more=True))
    t.up(user_data(2, 4, 4, 1))
    t.down(user_data(2, 8, 4, 1, octets(whole[cut:]), error=0, unit=0xD5))
    t.close()


def stream(c):
    """Messages split and joined by TCP, one in two transport units, a gap, empty units."""
    t = plc(c, 49206)
    requests = [job(n, read(any_item(4, 4, 5, 0x84, 80))) for n in range(1, 8)]
    answers = [ack_data(n, hexa("04 01"), hexa("ff 04 0040 0001 0002 0003 0004")) for n in range(1, 8)]
    t.up(requests[0] + requests[1])                       # two in one segment
    t.down(answers[1], answers[0])                        # answered in the other order
    t.up(requests[2][:6], requests[2][6:])                # one in two segments
    t.down(answers[2][:9], answers[2][9:])
    user = answers[3][7:]
    t.up(requests[3])
    t.down(data(user[:14], False), data(user[14:]))       # one in two transport units
    t.up(data(requests[4][7:20], False) + data(requests[4][20:25], False) + data(requests[4][25:]) + data(b""))
    t.down(answers[4] + data(b""))
    t.up(requests[5])
    t.lost(1, len(answers[5]))                            # its answer is lost on the mirror
    t.up(requests[6])
    t.down(answers[6])
    t.close()


def midstream(c):
    """A connection opened before the capture began: it starts with the end of an answer."""
    t = Tcp(c, HMI, PLC, 49207, 102, handshake=False)
    request = job(6, read(any_item(4, 4, 5, 0x84, 80)))
    answer = ack_data(6, hexa("04 01"), hexa("ff 04 0040 0001 0002 0003 0004"))
    t.down(answer[20:])
    t.up(request)
    t.down(answer)
    t.up(request)
    t.down(answer)


def other_port(c):
    """A gateway on port 10102: recognised by content."""
    t = Tcp(c, HMI, PLC, 49208, 10102)
    setup(t)
    t.up(job(1, read(any_item(2, 1, 0, 0x83, 0))))
    t.down(ack_data(1, hexa("04 01"), hexa("ff 04 0008 01")))
    t.down(job(2, hexa("1b 00 0000 00000000 09") + b"_0800001P"))
    t.up(ack_data(2, hexa("1b 00"), hexa("0002 00fb 7070")))
    t.close()


def one_sided(c):
    """The mirror shows only what the controller sends."""
    t = Tcp(c, HMI, PLC, 49209, 102, handshake=False)
    t.down(ack_data(1, hexa("04 01"), hexa("ff 04 0008 01")))
    t.down(user_data(2, 8, 4, 1, status_list(0x0424, 0, 20, [hexa("5144 ff 08") + bytes(16)]), error=0))
    t.down(user_data(0, 0, 0, 0))
    t.down(data(hexa("32 07 0000 0000 0008 0000 01 00 10 10 00 00 02 00")))  # as an S7-300 tells it: sixteen bytes are counted
