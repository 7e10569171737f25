# Modbus/TCP as the specifications write it: MODBUS Messaging on TCP/IP Implementation Guide V1.0b, clause 3.1.3.
import struct

from packets import HMI, PLC, Tcp, hexa

# tshark fields of which every value must stand in a fact.
IDENTITY = ["modbus.object_str_value"]
# tshark's field of the code of an operation.
CODE = "modbus.func_code"
DECODE_AS = ["tcp.port==10502,mbtcp"]
# Where tshark reads less than the bytes say, and why.
KNOWN = {
    # packet-mbtcp.c refuses a first piece of fewer than eight bytes instead of waiting for the rest of the stream.
    "stream: 192.168.10.10 code 3: tshark 4, transcript 5",
    # Requests that break off on purpose: of these the unit is stated, and no address.
    "targets: tshark finds frame 36 malformed",
    "targets: tshark finds frame 83 malformed",
}

# What fields of published samples say of an operation; ../samples_test.py.
AREAS = {"1": "coil", "2": "discrete", "3": "holding", "4": "input", "5": "coil", "6": "holding", "15": "coil", "16": "holding", "22": "holding"}
SAMPLES = {
    "fc": "code {}", "mbtcp.unit_id": "target unit {}", "exception": "error", "modbus.exception_code": "error",
    ("modbus.func_code", "modbus.reference_num"): lambda code, first: "target %s %s" % (AREAS[code], first) if code in AREAS else "",
}


def mbap(transaction, unit, pdu):
    return struct.pack("!HHHB", transaction, 0, 1 + len(pdu), unit) + pdu


def functions(c):
    """Every public function once with its answer, an exception, an unlisted function."""
    t = Tcp(c, HMI, PLC, 49152, 502)
    exchanges = [
        ("01 0000 0010", "01 02 ff01"), ("02 0000 0008", "02 01 5a"),
        ("03 006b 0003", "03 06 022b 0000 0064"), ("04 0008 0001", "04 02 000a"),
        ("05 00ac ff00", "05 00ac ff00"), ("06 0001 0003", "06 0001 0003"),
        ("07", "07 6d"), ("08 0000 a537", "08 0000 a537"), ("08 0004 0000", "08 0004 0000"),
        ("0b", "0b ffff 0108"), ("0c", "0c 08 0000 0108 0121 2000"),
        ("0f 0013 000a 02 cd01", "0f 0013 000a"), ("10 0001 0002 04 000a 0102", "10 0001 0002"),
        ("11", "11 05 0a ff 010203"), ("14 07 06 0004 0001 0002", "14 06 05 06 0dfe 0020"),
        ("15 0d 06 0004 0007 0003 06af 04be 100d", "15 0d 06 0004 0007 0003 06af 04be 100d"),
        ("16 0004 00f2 0025", "16 0004 00f2 0025"),
        ("17 0003 0002 000e 0001 02 00ff", "17 04 00fe 0acd"), ("18 04de", "18 0006 0002 01b8 1284"),
        ("03 ffff 0001", "83 02"), ("64 0102", "e4 01"),
    ]
    for number, (request, response) in enumerate(exchanges, 1):
        t.up(mbap(number, 1, hexa(request)))
        t.down(mbap(number, 1, hexa(response)))
    t.close()


def identification(c):
    """Function 43/14 (V1.1b3 clause 6.21): vendor, product code, firmware, then product and model name."""
    t = Tcp(c, HMI, PLC, 49153, 502)
    objects = lambda *pairs: b"".join(bytes([i, len(v)]) + v for i, v in pairs)
    t.up(mbap(1, 255, hexa("2b 0e 01 00")))
    t.down(mbap(1, 255, hexa("2b 0e 01 82 00 00 03") + objects((0, b"Example Works"), (1, b"EX-100"), (2, b"V2.71"))))
    t.up(mbap(2, 255, hexa("2b 0e 02 03")))
    t.down(mbap(2, 255, hexa("2b 0e 02 82 00 00 03") +
                objects((3, b"http://example.invalid"), (4, b"Example 100"), (5, b"EX-100/24"))))
    t.close()


def targets(c):
    """What requests name: areas and ranges, files, queues, sub-functions of diagnostics, kinds of encapsulated interfaces."""
    t = Tcp(c, HMI, PLC, 49157, 502)
    exchanges = [
        ("01 0000 0001", "01 01 01"), ("02 ffff 0001", "02 01 00"), ("03 2710 007d", "03 fa" + "0000" * 125), ("04 0063 0001", "04 02 0000"),
        ("03 ffff ffff", "83 03"), ("03 0000 0000", "83 03"), ("05 0009 0000", "05 0009 0000"), ("06 270f 0001", "06 270f 0001"),
        ("0f 0000 0008 01 ff", "0f 0000 0008"), ("10 ffff 0001 02 0001", "10 ffff 0001"), ("16 0064 00f2 0025", "16 0064 00f2 0025"),
        ("17 0003 0002 000e 0003 06 000100020003", "17 04 00fe 0acd"), ("18 0000", "98 02"),
        ("14 0e 06 0004 0001 0002 06 0003 0009 0001", "14 0a 05 06 00000000 03 06 0000"), ("15 09 06 0004 0007 0001 06af", "15 09 06 0004 0007 0001 06af"),
        ("14 03 06 0004", "94 03"), ("15 10 06 0004 0007 0001 06af", "95 03"), ("2b 0e 01 00", "ab 01"), ("2b 0e 02 00", "ab 01"), ("2b 0e 03 00", "ab 01"),
        ("2b 0e 04 05", "2b 0e 04 83 00 00 01 05 03 415243"), ("2b 0e 09 00", "ab 03"), ("2b 0d 00", "2b 0d 00"), ("2b 63", "ab 01"),
    ]
    exchanges += [("08 %04x 0000" % sub, "08 %04x 0000" % sub) for sub in (0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 99)]
    for number, (request, response) in enumerate(exchanges, 1):
        t.up(mbap(number, 7, hexa(request)))
        t.down(mbap(number, 7, hexa(response)))
    t.up(mbap(99, 255, hexa("08 0004 0000")), mbap(100, 0, hexa("03 00")))
    t.close()


def exceptions(c):
    """Every exception code of clause 7, one that it does not know, and a refused restart."""
    t = Tcp(c, HMI, PLC, 49158, 502)
    for code in (1, 2, 3, 4, 5, 6, 8, 10, 11, 99):
        t.up(mbap(code, code, hexa("06 0001 0003")))
        t.down(mbap(code, code, bytes([0x86, code])))
    t.up(mbap(100, 1, hexa("08 0001 0000")))
    t.down(mbap(100, 1, hexa("88 01")))
    t.close()


def stream(c):
    """Messages split and joined by TCP, a gateway with several units, a gap."""
    t = Tcp(c, HMI, PLC, 49154, 502)
    requests = [mbap(n, n % 3 + 1, hexa("03 0000 0004")) for n in range(1, 7)]
    responses = [mbap(n, n % 3 + 1, hexa("03 08 0001 0002 0003 0004")) for n in range(1, 7)]
    t.up(requests[0] + requests[1])                       # two in one segment
    t.down(responses[1], responses[0])                    # answered in the other order
    t.up(requests[2][:5], requests[2][5:])                # one in two segments
    t.down(responses[2][:9], responses[2][9:] + b"")
    t.up(requests[3])
    t.lost(1, len(responses[3]))                          # its answer is lost on the mirror
    t.up(requests[4])
    t.down(responses[4])


def midstream(c):
    """A connection opened before the capture began: it starts with the end of a response."""
    t = Tcp(c, HMI, PLC, 49155, 502, handshake=False)
    request, response = mbap(6, 1, hexa("03 0000 0004")), mbap(6, 1, hexa("03 08 0001 0002 0003 0004"))
    t.down(response[9:])
    t.up(request)
    t.down(response)
    t.up(request)
    t.down(response)


def other_port(c):
    """A gateway on port 10502: recognised by content once three messages and an answer were consistent."""
    t = Tcp(c, HMI, PLC, 49156, 10502)
    for n in range(1, 5):
        t.up(mbap(n, 9, hexa("04 0000 0002")))
        t.down(mbap(n, 9, hexa("04 04 0001 0002")))
    t.close()
