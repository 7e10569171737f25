# MMS as ISO 9506-2 writes it, in the layers of ISO between it and TCP; names and controls of IEC 61850-8-1.
import struct

from cotp_frames import data, opened, tpkt
from iec61850_frames import ber, context, indefinite
from packets import HMI, PLC, Tcp, hexa

CODE = {"mms.confirmedServiceRequest": "{}", "mms.confirmedServiceResponse": "{}", "mms.unconfirmedService": "unconfirmed {}",
        "mms.initiate_RequestPDU_element": "initiate", "mms.initiate_ResponsePDU_element": "initiate",
        "mms.initiate_ErrorPDU_element": "initiate", "mms.conclude_RequestPDU_element": "conclude",
        "mms.conclude_ResponsePDU_element": "conclude", "mms.conclude_ErrorPDU_element": "conclude",
        "mms.cancel_RequestPDU": "cancel", "mms.cancel_ResponsePDU": "cancel", "mms.cancel_ErrorPDU_element": "cancel"}
IDENTITY = ["mms.vendorName", "mms.modelName", "mms.revision"]
DECODE_AS = ["tcp.port==10102,tpkt"]


def differ(case, end, *counts):
    """counts: (code, what tshark counts, what the transcript does)"""
    return {f"{case}: 192.168.10.{end} code {code}: tshark {tshark}, transcript {ours}" for code, tshark, ours in counts}


KNOWN = (
    # An association that is refused below the application answers its initiate; tshark counts no message of the application.
    differ("associations", 20, ("initiate", 4, 6)) |
    # Errors and rejects do not repeat the service (clause 7): they are answers to the request with their number.
    differ("errors", 20, (4, 2, 4), (5, 1, 2), (63, 0, 1), ("cancel", 2, 3), ("conclude", 0, 1), ("confirmed-ErrorPDU", 0, 1), ("reject", 0, 1)) |
    # tshark knows the services of the first edition.
    differ("later-services", 10, (78, 0, 4), *((code, 0, 1) for code in (80, 81, 82, 83, 84, 85, 86, 100))) |
    differ("later-services", 20, *((code, 0, 1) for code in (78, 80, 81, 82, 83, 84, 85, 86, 100))) |
    # Without the layers between, tshark reads no message of length zero.
    differ("bare", 10, ("conclude", 0, 1)) | differ("bare", 20, ("conclude", 0, 1)) |
    # tshark needs the connect to know what the presentation contexts are for.
    differ("midstream", 10, (4, 0, 3), (5, 0, 1)) | differ("midstream", 20, (4, 0, 3), (5, 0, 1), ("unconfirmed 0", 0, 1)) |
    differ("midstream-accept", 10, (4, 0, 1)) | differ("midstream-accept", 20, (4, 0, 1), ("initiate", 0, 1)) |
    differ("other-port", 10, (5, 0, 1)) | differ("other-port", 20, (5, 0, 1)) |
    # What contradicts the specification is counted as its service by tshark, which calls some of it malformed.
    differ("bad-input", 10, (1, 1, 0), (2, 2, 0), (4, 6, 1), (5, 1, 0), (9, 1, 0)) | differ("bad-input", 20, (4, 2, 1)) |
    {f"bad-input: tshark finds frame {frame} malformed" for frame in (8, 9, 10, 13, 14, 15, 18, 20, 27)})

BER = hexa("51 01")                     # transfer syntax 2.1.1
ACSE = hexa("52 01 00 01")              # abstract syntax 2.2.1.0.1
MMS = hexa("28 ca 22 02 01")            # abstract syntax 1.0.9506.2.1
MMS_CONTEXT = hexa("28 ca 22 02 03")    # application context 1.0.9506.2.3
LD = "AA1J1Q01A1LD0"


# The layers below, from the inside.

def values(number, value):
    return ber(0x61, ber(0x30, ber(0x02, number), ber(0xA0, value)))


def spdu(number, *parameters):
    content = b"".join(bytes([kind]) + (bytes([len(value)]) if len(value) < 255 else struct.pack("!BH", 255, len(value))) + value
                       for kind, value in parameters)
    return bytes([number]) + (bytes([len(content)]) if len(content) < 255 else struct.pack("!BH", 255, len(content))) + content


OPTIONS = [(5, hexa("13 01 00 16 01 02")), (20, hexa("0002"))]


def external(pdu):
    return ber(0xBE, ber(0x28, ber(0x06, BER), ber(0x02, 3), ber(0xA0, pdu)))


def initiate(identifier=0xA8):
    detail = ber(0xA4, ber(0x80, 1), ber(0x81, hexa("05 f100")), ber(0x82, hexa("03 ee1c000004080000 79ef18")))
    return ber(identifier, ber(0x80, hexa("00fa00")), ber(0x81, 10), ber(0x82, 10), ber(0x83, 5), detail)


def connect(user=None, password=False):
    contexts = ber(0xA4, *(ber(0x30, ber(0x02, n), ber(0x06, oid), ber(0x30, ber(0x06, BER))) for n, oid in ((1, ACSE), (3, MMS))))
    authentication = ber(0x8A, hexa("07 80")) + ber(0x8B, hexa("52 03 01")) + ber(0xAC, ber(0x80, "secret")) if password else b""
    request = ber(0x60, ber(0xA1, ber(0x06, MMS_CONTEXT)), ber(0xA2, ber(0x06, hexa("29 01 87 67 01"))), ber(0xA3, ber(0x02, 12)),
                  authentication, external(initiate() if user is None else user))
    normal = ber(0xA2, ber(0x81, hexa("00000001")), ber(0x82, hexa("00000001")), contexts, values(1, request))
    cp = ber(0x31, ber(0xA0, ber(0x80, 1)), normal)
    return data(spdu(13, *OPTIONS, (51, hexa("0001")), (52, hexa("0001")), (193, cp)))


def accept(user=None, result=0):
    results = ber(0xA5, *(ber(0x30, ber(0x80, 0), ber(0x81, BER)) for _ in range(2)))
    user = initiate(0xA9) if user is None else user
    response = ber(0x61, ber(0xA1, ber(0x06, MMS_CONTEXT)), ber(0xA2, ber(0x02, result)), ber(0xA3, ber(0xA1, ber(0x02, 0))),
                   external(user) if user else b"")
    cpa = ber(0x31, ber(0xA0, ber(0x80, 1)), ber(0xA2, ber(0x83, hexa("00000001")), results, values(1, response)))
    return data(spdu(14, *OPTIONS, (193, cpa)))


def user(pdu):
    return hexa("01 00 01 00") + values(3, pdu)


def mms(pdu):
    return data(user(pdu))


def transport(c, port, server_port=102):
    return opened(Tcp(c, HMI, PLC, port, server_port), hexa("0001"), hexa("0001"))


def association(c, port, server_port=102):
    t = transport(c, port, server_port)
    t.up(connect())
    t.down(accept())
    return t


# MMS itself.

def request(number, service):
    return ber(0xA0, ber(0x02, number), service)


def response(number, service):
    return ber(0xA1, ber(0x02, number), service)


def error(number, error_class=0x87, code=2):
    return ber(0xA2, ber(0x80, number), ber(0xA2, ber(0xA0, ber(error_class, code))))


def ask(t, number, service, answer=None):
    t.up(mms(request(number, service)))
    t.down(mms(response(number, answer) if answer is not None else error(number)))


def domain(item, of=LD):
    return ber(0xA1, ber(0x1A, of), ber(0x1A, item))


def variables(*names):
    return ber(0xA0, *(ber(0x30, ber(0xA0, name)) for name in names))


def read(*names):
    return ber(0xA4, ber(0xA1, variables(*names)))


def write(value, *names):
    return ber(0xA5, variables(*names), ber(0xA0, *(value for _ in names)))


def results(*found):
    return ber(0xA4, ber(0xA1, *found))


def report(specification, *found):
    return ber(0xA3, ber(0xA0, specification, ber(0xA0, *found)))


TRUE = ber(0x83, b"\1")
DONE = ber(0x81)
NAME = domain("LLN0$DataSet1")
NOTHING = b""
DELETED = [ber(0x80, 1), ber(0x81, 1)]
FILE = ber(0x19, "COMTRADE/Q01_0007.cfg")
TIME = hexa("02aa30d5 3a01")
# Each service by its number: request and answer, as contents; a leading None makes the element primitive.
SERVICES = {
    0: ([None, b"\0"], [ber(0x80, 0), ber(0x81, 0)]),
    1: ([ber(0xA0, ber(0x80, 9)), ber(0xA1, ber(0x80))], [ber(0xA0, ber(0x1A, LD)), ber(0x81, b"\0")]),
    2: ([None], [ber(0x80, "Substation Works"), ber(0x81, "Bay unit 7"), ber(0x82, "4.2.1")]),
    3: ([ber(0xA0, ber(0x80, 2)), ber(0xA1, NAME), ber(0x82, "DataSet2")], [None]),
    4: ([ber(0xA1, variables(domain("MMXU1$MX$TotW")))], [ber(0xA1, TRUE)]),
    5: ([variables(domain("GGIO1$SP$NumPts")), ber(0xA0, TRUE)], [DONE]),
    6: ([ber(0xA0, domain("MMXU1$MX"))], [ber(0x80, b"\0"), ber(0xA2, ber(0x83))]),
    7: ([ber(0xA0, NAME), ber(0xA1, ber(0x80, 5))], [None]),
    8: ([ber(0xA0, NAME), ber(0xA1, ber(0x30, ber(0xA1, ber(0xA0, NAME))))], [None]),
    9: ([NAME], [ber(0x80, b"\0"), ber(0xA1)]),
    10: ([ber(0x80, 0), ber(0xA1, NAME)], DELETED),
    11: ([NAME, variables(domain("MMXU1$MX$TotW"), domain("XCBR1$ST$Pos"))], [None]),
    12: ([NAME], [ber(0x80, b"\0"), ber(0xA1, ber(0x30, ber(0xA0, domain("XCBR1$ST$Pos"))))]),
    13: ([ber(0x80, 0), ber(0xA1, NAME, domain("LLN0$DataSet2"))], DELETED),
    14: ([NAME, ber(0x83)], [None]),
    15: ([NAME], [ber(0x80, b"\0"), ber(0x83)]),
    16: ([ber(0x80, 2), ber(0x82, LD)], DELETED),
    17: ([ber(0x80, "Panel1")], [None, b"typed"]),
    18: ([ber(0x80, "Panel1"), ber(0xA1, ber(0x1A, "shown"))], [None]),
    19: ([ber(0xA0, NAME)], [ber(0x80)]),
    20: ([ber(0xA0, NAME)], [None]),
    21: ([ber(0xA0, NAME), ber(0x81, 1)], [None]),
    22: ([NAME], [None]),
    23: ([NAME], [ber(0x80, b"\0"), ber(0x81, 0), ber(0x82, 1), ber(0x83, 0), ber(0x84, 0)]),
    24: ([ber(0xA0, NAME)], [ber(0xA0, ber(0x80, "Token")), ber(0x81, b"\0")]),
    25: ([ber(0xA0, NAME), ber(0x81, 1)], [ber(0xA0), ber(0x81, b"\0")]),
    26: ([ber(0x80, "Logic"), ber(0xA1, ber(0x1A, "all")), ber(0x82, b"\0")], [None]),
    27: ([None, b"Logic"], [ber(0x80, "code"), ber(0x81, b"\0")]),
    28: ([ber(0x80, "Logic")], [None]),
    29: ([None, b"Logic"], [ber(0x80, 7), ber(0xA1)]),
    30: ([None, b"\7"], [ber(0x80, "code"), ber(0x81, b"\0")]),
    31: ([None, b"\7"], [None]),
    32: ([ber(0x80, "Logic"), ber(0x82, b"\0"), ber(0xA4, FILE)], [None]),
    33: ([ber(0x80, "Logic"), ber(0xA1, FILE)], [None]),
    34: ([ber(0x80, "Logic"), ber(0x82, b"\0"), ber(0xA4, FILE)], [None]),
    35: ([ber(0x80, "Logic"), ber(0xA1, FILE)], [None]),
    36: ([None, b"Logic"], [None]),
    37: ([None, b"Logic"], [ber(0xA0), ber(0x81, 2), ber(0x82, b"\0"), ber(0x83, b"\0"), ber(0xA4), ber(0x85, 0)]),
    38: ([ber(0x80, "Program"), ber(0xA1, ber(0x1A, "Logic"))], [None]),
    39: ([None, b"Program"], [None]),
    **{number: ([ber(0x80, "Program")], [None]) for number in range(40, 45)},
    45: ([None, b"Program"], [ber(0x80, 3), ber(0xA1), ber(0x82, b"\0"), ber(0x83, b"\0"), ber(0x84, b"\0"), ber(0x85, "x")]),
    46: ([ber(0xA1, ber(0x19, "new.bin")), ber(0xA2, ber(0x19, "old.bin"))], [None]),
    47: ([ber(0xA0, NAME), ber(0x81, 0)], [None]),
    48: ([ber(0xA0, NAME)], [None, b"\0"]),
    49: ([NAME], [ber(0x81, 0)]),
    50: ([NAME], [ber(0x80, 1), ber(0x81, 0)]),
    51: ([ber(0xA0, NAME)], [None]),
    52: ([ber(0xA0, NAME)], [None]),
    53: ([ber(0xA0, NAME)], [None]),
    54: ([ber(0xA0, NAME)], [None, b"\0"]),
    55: ([NAME], [ber(0xA1)]),
    56: ([NAME], [None, b"\0"]),
    57: ([ber(0xA0, NAME), ber(0xA1, NAME), ber(0x82, hexa("01 04")), ber(0x83, 0)], [None]),
    58: ([ber(0xA0, NAME)], [None, b"\0"]),
    59: ([ber(0xA0, NAME)], [ber(0xA0, ber(0x80, 1)), ber(0xA1, ber(0x81, 1))]),
    60: ([NAME], [ber(0x80, hexa("01 04")), ber(0x82, 0), ber(0x84, 1)]),
    61: ([ber(0x80, 0), ber(0xA1, NAME)], [ber(0xA0), ber(0x81, b"\0")]),
    62: ([ber(0xA0, NAME), ber(0x82, 1), ber(0xA3, ber(0x81, 1))], [None]),
    63: ([NOTHING], [ber(0xA0), ber(0x81, b"\0")]),
    64: ([NOTHING], [ber(0xA0), ber(0x81, b"\0")]),
    65: ([ber(0xA0, NAME), ber(0xA5, ber(0x80, TIME), ber(0x81, b"\1"))], [ber(0xA0), ber(0x81, b"\0")]),
    66: ([ber(0xA0, NAME), ber(0xA1)], [None]),
    67: ([ber(0xA0, NAME)], [None, b"\0"]),
    68: ([NAME], [ber(0x80, 0), ber(0x81, b"\0")]),
    69: ([ber(0xA0, NAME)], [None]),
    70: ([ber(0xA0, NAME)], [None]),
    71: ([NOTHING], [ber(0xA0, ber(0x1A, "all")), ber(0x81, b"\0")]),
    72: ([ber(0xA0, FILE), ber(0x81, 0)], [ber(0x80, 5), ber(0xA1, ber(0x80, 900), ber(0x81, "20250615120000Z"))]),
    73: ([None, b"\5"], [ber(0x80, "content"), ber(0x81, b"\0")]),
    74: ([None, b"\5"], [None]),
    75: ([ber(0xA0, ber(0x19, "old.bin")), ber(0xA1, ber(0x19, "new.bin"))], [None]),
    76: ([FILE], [None]),
    77: ([ber(0xA0, ber(0x19, "COMTRADE"))], [ber(0xA0, ber(0x30, ber(0x30, ber(0xA0, FILE), ber(0xA1, ber(0x80, 900))))), ber(0x81, b"\0")]),
}
LATER = {
    78: ([ber(0x80)], [ber(0x80)]),
    80: ([NAME], [ber(0x80, b"\0")]),
    81: ([ber(0xA0, NAME), ber(0xA1)], [ber(0xA0)]),
    82: ([ber(0x80, "Access"), ber(0xA1)], [None]),
    83: ([ber(0x80, "Access")], [ber(0x80, "Access")]),
    84: ([ber(0x80, "Access"), ber(0xA1, ber(0x80, 0))], [ber(0xA0)]),
    85: ([None, b"Access"], [None]),
    86: ([ber(0xA0, ber(0x80))], [ber(0x80, 1)]),
}


def element(number, contents):
    is_primitive = bool(contents) and contents[0] is None
    return ber(context(number, not is_primitive), *(contents[1:] if is_primitive else contents))


def exchange(t, listed):
    for number, (asked, answered) in listed.items():
        t.up(mms(request(number + 1, element(number, asked))))
        t.down(mms(response(number + 1, element(number, answered))))


def services(c):
    """Every confirmed service of the first edition with its answer; release of the association."""
    t = association(c, 49200)
    exchange(t, SERVICES)
    t.up(mms(ber(0x8B)))
    t.down(mms(ber(0x8C)))
    t.up(data(spdu(9, (193, values(1, ber(0x62, ber(0x80, 0)))))))
    t.down(data(spdu(10, (193, values(1, ber(0x63, ber(0x80, 0)))))))
    t.close()


def later_services(c):
    """What the standard's later editions added; a number that no edition knows; other additional services."""
    t = association(c, 49201)
    exchange(t, LATER)
    for inside in (1, 2, 9):
        t.up(mms(request(100 + inside, element(78, [ber(0xA0 | inside)]))))
    t.up(mms(request(110, element(100, [ber(0x80)]))))
    t.down(mms(ber(0xA4, ber(0x80, 110), ber(0x81, 1))))
    t.close()


def associations(c):
    """Opened with a password; refused by the application, by association control, by the session; aborted."""
    t = transport(c, 49210)
    t.up(connect(password=True))
    t.down(accept())
    t.up(data(spdu(25, (17, b"\3"), (193, ber(0xA0, values(1, ber(0x64, ber(0x80, 0))))))))
    t.close()
    t = transport(c, 49211)
    t.up(connect())
    t.down(accept(ber(0xAA, ber(0xA0, ber(0x88, 1))), result=1))
    t.close()
    t = transport(c, 49212)
    t.up(connect())
    t.down(accept(b"", result=1))
    t.close()
    t = transport(c, 49213)
    t.up(connect())
    t.down(data(spdu(12, (17, b"\0"), (50, b"\2"))))                            # the transport connection stays
    t.up(connect())
    t.down(accept())
    t.close()
    t = association(c, 49214)
    t.up(mms(ber(0x8B)))
    t.down(mms(ber(0xAD, ber(0xA0, ber(0x89, 1)))))                             # further communication is required
    t.close()


def controls(c):
    """Select and operate with normal and with enhanced security, cancel; what else is written; failures."""
    t = association(c, 49220)
    number = 0
    oper = ber(0xA2, TRUE, ber(0xA2, ber(0x85, 3), ber(0x89, "HMI")), ber(0x86, 1), ber(0x91, bytes(8)), TRUE, ber(0x84, hexa("06 00")))

    def put(item, value=oper, answer=DONE):
        nonlocal number
        number += 1
        ask(t, number, write(value, domain(item)), ber(0xA5, answer))

    ask(t, 100, read(domain("CSWI1$CO$Pos$SBO")), results(ber(0x8A, f"{LD}/CSWI1$CO$Pos$SBO")))
    put("CSWI1$CO$Pos$Oper")
    put("CSWI1$CO$Pos$SBOw")
    put("CSWI1$CO$Pos$Oper$ctlVal", TRUE)
    put("CSWI1$CO$Pos$Cancel")
    put("CSWI1$CO$Pos$Oper", oper, ber(0x80, 3))                                # access denied
    last = ber(0xA2, ber(0x8A, f"{LD}/CSWI1$CO$Pos"), ber(0x85, 0), ber(0xA2, ber(0x85, 3), ber(0x89, "HMI")), ber(0x86, 1), ber(0x85, 8))
    t.down(mms(report(variables(ber(0x80, "LastApplError")), last)))            # and why
    t.down(mms(report(variables(domain("CSWI1$CO$Pos$Oper")), oper)))           # the command has ended
    t.down(mms(report(variables(ber(0x80, "LastApplError"), domain("CSWI1$CO$Pos$Oper")), last, oper)))
    for item in ("LLN0$SP$SGCB$ActSG", "PTOC1$SE$StrVal$setMag$f", "PTOC1$SG$StrVal", "GGIO1$SP$SPCSO1", "MMXU1$SV$TotW$subEna",
                 "GGIO1$BL$blkEna", "MMXU1$CF$TotW$db", "LLN0$DC$NamPlt$d", "LLN0$GO$gcbTrip$GoEna", "LLN0$GS$gcb$GsEna",
                 "LLN0$MS$msvcb01$SvEna", "LLN0$US$usvcb01$SvEna", "LLN0$LG$lcb1$LogEna", "LLN0$BR$brcbA01$RptEna", "LLN0$RP$urcbA01",
                 "Plain"):
        put(item, TRUE)
    ask(t, 101, write(TRUE, domain("LLN0$RP$urcbA01$IntgPd"), domain("LLN0$RP$urcbA01$RptEna")), ber(0xA5, DONE, ber(0x80, 2)))
    ask(t, 102, write(TRUE, domain("GGIO1$SP$SPCSO1"), domain("CSWI1$CO$Pos$Oper")), ber(0xA5, DONE, DONE))
    t.close()


def names(c):
    """Every way to name what is read: of the device, of a domain, of the association; addresses, lists, many, none."""
    t = association(c, 49230)
    asked = [read(ber(0x80, "$MSG$1$$")), read(ber(0x82, "DynamicSet")), read(*(domain(f"MMXU{n}$MX$TotW$mag$f") for n in range(1, 13))),
             ber(0xA4, ber(0x80, b"\xff"), ber(0xA1, ber(0xA1, domain("LLN0$DataSet1")))), ber(0xA4, ber(0xA1, ber(0xA1, ber(0x82, "DynamicSet")))),
             ber(0xA4, ber(0xA1, ber(0xA0, ber(0x30, ber(0xA1, ber(0x80, 40001)))))), ber(0xA4, ber(0xA1, ber(0xA0, ber(0x30, ber(0xA1, ber(0x81, "%MW10")))))),
             ber(0xA4, ber(0xA1, ber(0xA0, ber(0x30, ber(0xA1, ber(0x82, b"\1\2")))))), ber(0xA4, ber(0xA1, ber(0xA0, ber(0x30, ber(0x84))))),
             ber(0xA4, ber(0xA1, ber(0xA0, ber(0x30, ber(0xA0, domain("MHAI1$MX$HA")), ber(0xA5, ber(0x81, "cVal")))))),
             read(domain("MMXU1$MX$PhV$phsA$instCVal$mag$f", "TheLongestOfAllLogicalDevicesInTheStation")),
             read(*(domain("MMXU1$MX$PhV$phsA$instCVal$mag$f", "TheLongestOfAllLogicalDevicesInTheStation") for _ in range(2))),
             ber(0xA6, ber(0xA1, ber(0x80, 40001)))]
    for number, service in enumerate(asked, 1):
        answer = results(TRUE) if service[0] == 0xA4 else ber(0xA6, ber(0x80, b"\0"), ber(0xA2, ber(0x83)))
        ask(t, number, service, answer)
    ask(t, 30, read(domain("MMXU1$MX$TotW"), domain("MMXU9$MX$TotW")), results(TRUE, ber(0x80, 10)))    # the second does not exist
    for number, (object_class, of) in enumerate(((0, LD), (2, LD), (8, LD), (9, None), (11, None)), 40):
        scope = ber(0xA1, ber(0x81, of)) if of else ber(0xA1, ber(0x80))
        after = ber(0x82, "LLN0$DC") if object_class == 0 else b""
        ask(t, number, ber(0xA1, ber(0xA0, ber(0x80, object_class)), scope, after), ber(0xA1, ber(0xA0, ber(0x1A, "LLN0")), ber(0x81, b"\0")))
    ask(t, 50, element(77, []), element(77, [ber(0xA0, ber(0x30)), ber(0x81, b"\0")]))
    t.close()


def identity(c):
    """Identify; name plates read whole and by attribute, of the first of two; plates of lesser nodes say nothing of the device."""
    t = association(c, 49240)
    ask(t, 1, ber(0x82), ber(0xA2, ber(0x80, "Substation Works"), ber(0x81, "Bay unit 7"), ber(0x82, "4.2.1"), ber(0xA3, ber(0x06, MMS))))
    text = lambda value: ber(0x8A, value)
    plates = [("LLN0$DC$NamPlt", ber(0xA2, text("Substation Works"), text("4.2.1"), text("Bay Q01"), text("7"))),
              ("LPHD1$DC$PhyNam", ber(0xA2, text("Substation Works"), text("A"), text("4.2.1"))),
              ("LLN0$DC$NamPlt$swRev", text("4.2.2")), ("LLN0$DC$NamPlt$d", text("Bay Q01")), ("LPHD1$DC$PhyNam$serNum", text("BU7-000123")),
              ("LPHD1$DC$PhyNam$hwRev", text("C")), ("LPHD1$DC$PhyNam$model", text("BU7-40")), ("LPHD1$DC$PhyNam$location", text("Hall 2")),
              ("LPHD1$DC$PhyNam$name", ber(0x90, "Q01")), ("LPHD1$DC$PhyNam$vendor", text("Substation Works")),
              ("PTOC1$DC$NamPlt", ber(0xA2, text("Somebody"), text("9"))), ("LPHD1$DC$PhyNam$owner", text("Grid")),
              ("LLN0$DC$NamPlt", ber(0x80, 10)), ("LLN0$DC$NamPlt", ber(0x85, 1)), ("LLN0$ST$Mod", ber(0x85, 1))]
    for number, (item, value) in enumerate(plates, 2):
        ask(t, number, read(domain(item)), results(value))
    ask(t, 30, read(domain("LPHD1$DC$PhyNam$model"), domain("LLN0$ST$Mod")), results(text("BU7-41"), ber(0x85, 1)))
    t.close()


def reports(c):
    """What servers send unasked: reports with their name, values of a list, of variables; states, events."""
    t = association(c, 49250)
    rpt = ber(0xA1, ber(0x80, "RPT"))
    t.down(mms(report(rpt, ber(0x8A, f"{LD}/LLN0$BR$brcbA01"), ber(0x84, hexa("06 0000")), ber(0x86, 17), ber(0x84, hexa("05 60")), TRUE)))
    t.down(mms(report(rpt, ber(0x8A, "Events"), ber(0x84, hexa("06 0000")), TRUE)))
    t.down(mms(report(rpt, ber(0x86, 1))))
    t.down(mms(report(ber(0xA1, domain("LLN0$DataSet1")), TRUE, ber(0x80, 10))))
    t.down(mms(report(variables(ber(0x80, "Transfer_Set_Name"), domain("Voltage")), ber(0x8A, "TS1"), ber(0x87, hexa("08 41c80000")))))
    t.down(mms(ber(0xA3, ber(0xA1, ber(0x80, 0), ber(0x81, 3)))))
    t.down(mms(ber(0xA3, ber(0xA2, ber(0xA0, NAME), ber(0xA1, ber(0xA0, NAME)), ber(0x82, 1), ber(0xA4, ber(0x81, 1))))))
    t.close()


def errors(c):
    """Confirmed errors, rejects of each kind, cancellation; answers to what was not asked."""
    t = association(c, 49260)
    ask(t, 1, read(domain("MMXU1$MX$TotW")))
    ask(t, 2, write(TRUE, domain("CSWI1$CO$Pos$Oper")))
    t.up(mms(request(3, read(domain("MMXU1$MX$TotW")))))
    t.down(mms(ber(0xA4, ber(0x80, 3), ber(0x81, 6))))                          # too many outstanding
    t.up(mms(request(4, element(63, [NOTHING]))))
    t.up(mms(ber(0x85, b"\4")))
    t.down(mms(ber(0x86, b"\4")))
    t.down(mms(error(4, 0x85, 3)))                                              # because it was cancelled
    t.up(mms(ber(0x85, b"\5")))
    t.down(mms(ber(0xA7, ber(0x80, 5), ber(0xA1, ber(0xA0, ber(0x8A, 1))))))
    t.up(mms(ber(0x85, b"\6")))
    t.down(mms(ber(0xA4, ber(0x80, 6), ber(0x86, 1))))
    t.up(mms(ber(0x8B)))
    t.down(mms(ber(0xA4, ber(0x89, 1))))
    t.down(mms(ber(0xA4, ber(0x85, 1))))                                        # what was it?
    t.down(mms(error(77)))
    t.down(mms(response(78, results(TRUE))))
    t.up(mms(request(9, read(domain("MMXU1$MX$TotW")))))
    t.down(mms(response(9, ber(0xA5, DONE))))                                   # answers another service
    t.down(mms(response(9, results(TRUE))))
    t.close()


def both_sides(c):
    """TASE.2: either side asks and reports, each with numbers of its own; a request with a modifier."""
    t = association(c, 49270)
    identify = ber(0xA2, ber(0x80, "Control Centre Ltd"), ber(0x81, "ICCP"), ber(0x82, "2.3.1"))
    t.up(mms(request(1, ber(0x82))))
    t.down(mms(request(1, ber(0x82))))
    t.down(mms(response(1, identify)))
    t.up(mms(response(1, identify)))
    t.down(mms(request(2, read(domain("Next_DSTransfer_Set", "WEST")))))
    t.up(mms(response(2, results(ber(0x8A, "TS0")))))
    t.up(mms(report(ber(0xA1, domain("STATUS_IN", "EAST")), TRUE)))
    t.down(mms(report(ber(0xA1, domain("STATUS_IN", "WEST")), TRUE)))
    modifier = ber(0x30, ber(0xA1, ber(0xA0, domain("Semaphore", "WEST"))))
    t.up(mms(ber(0xA0, ber(0x02, 3), modifier, ber(0xA8, ber(0xA0, NAME), ber(0xA1, ber(0x30, ber(0xA1, ber(0xA0, NAME))))))))
    t.down(mms(response(3, ber(0x88))))
    t.close()


def stream(c):
    """Two messages in a segment, one in two, one in many transport units, one longer than is put together, a header alone."""
    t = association(c, 49280)
    one = mms(request(1, read(domain("MMXU1$MX$TotW"))))
    two = mms(request(2, write(TRUE, domain("CSWI1$CO$Pos$Oper"))))
    t.up(one + two)
    t.down(mms(response(1, results(TRUE))) + mms(response(2, ber(0xA5, DONE))))
    three = mms(request(3, read(domain("MMXU2$MX$TotW"))))
    t.up(three[:4], three[4:30], three[30:])
    long = user(response(3, results(*(ber(0x8A, "x" * 100) for _ in range(30)))))
    t.down(*(data(long[at:at + 512], at + 512 >= len(long)) for at in range(0, len(long), 512)))
    t.up(mms(request(4, read(domain("MMXU3$MX$TotW")))))
    longest = user(response(4, results(*(ber(0x8A, "x" * 100) for _ in range(300)))))
    t.down(*(data(longest[at:at + 1000], at + 1000 >= len(longest)) for at in range(0, len(longest), 1000)))
    ask(t, 5, read(domain("MMXU4$MX$TotW")), results(TRUE))
    t.up(data(b""))                                                             # data of nothing
    asked = indefinite(0xA0, request(6, read(domain("MMXU5$MX$TotW"))))
    t.up(data(hexa("01 00 01 00") + indefinite(0x61, indefinite(0x30, ber(0x02, 3), asked))))
    t.down(mms(response(6, results(TRUE))))
    t.close()


def midstream(c):
    """The mirror begins, and begins again after a loss, within an association."""
    t = Tcp(c, HMI, PLC, 49290, 102, handshake=False)
    t.down(mms(response(7, results(*(TRUE for _ in range(9)))))[12:])
    for number in range(8, 11):
        ask(t, number, read(domain("MMXU1$MX$TotW")), results(TRUE))
    t.lost(1, 700)
    t.down(mms(response(11, results(*(TRUE for _ in range(9)))))[20:])
    ask(t, 12, write(TRUE, domain("CSWI1$CO$Pos$Oper")), ber(0xA5, DONE))
    t.down(mms(report(ber(0xA1, ber(0x80, "RPT")), ber(0x8A, "Events"), TRUE)))


def midstream_accept(c):
    """The mirror begins with the answer that opens the association."""
    t = Tcp(c, HMI, PLC, 49291, 102, handshake=False)
    t.down(accept())
    ask(t, 1, read(domain("MMXU1$MX$TotW")), results(TRUE))


def other_port(c):
    """On a port of its own."""
    t = Tcp(c, HMI, PLC, 49300, 10102)
    ask(t, 5, write(TRUE, domain("CSWI1$CO$Pos$Oper")), ber(0xA5, DONE))
    t.close()


def midstream_other_port(c):
    """On a port of its own with all that opens the association; what opens the transport proves nothing."""
    t = association(c, 49301, 10102)
    ask(t, 1, read(domain("MMXU1$MX$TotW")), results(TRUE))
    t.close()


def bare(c):
    """Right in the transport's data, as some do."""
    t = Tcp(c, HMI, PLC, 49310, 102)
    t.up(data(initiate()))
    t.down(data(initiate(0xA9)))
    t.up(data(request(1, ber(0x82))))
    t.down(data(response(1, ber(0xA2, ber(0x80, "Substation Works"), ber(0x81, "Bay unit 7"), ber(0x82, "4.2.1")))))
    t.up(data(ber(0x8B)))
    t.down(data(ber(0x8C)))
    t.close()


def bad_input(c):
    """What contradicts the specifications, layer by layer; what follows is read."""
    t = association(c, 49320)
    good = user(request(1, read(domain("MMXU1$MX$TotW"))))
    broken = [data(good[:-1]), data(good + b"\0\0"), data(hexa("01 00 01 01 61 00")), data(hexa("63 00 01 00") + good[4:]), data(good[:2] + good[4:]),
              data(good[:4] + b"\x62" + good[5:]), mms(ber(0xA0, ber(0x02), ber(0x82))), mms(ber(0xA0, ber(0x04, 1), ber(0x82))),
              mms(ber(0xA0, ber(0x02, 1))), mms(ber(0xAE, ber(0x02, 1))), mms(request(2, ber(0xA4, ber(0xA0)))), mms(request(3, ber(0xA5))),
              mms(request(4, ber(0xA1, ber(0xA1, ber(0x80))))), mms(request(5, ber(0xA4, ber(0xA1, ber(0xA5, NAME))))),
              mms(request(6, read(ber(0xA3, ber(0x1A, "x"))))), mms(request(7, element(9, [ber(0x30)]))), mms(request(8, ber(0x30, ber(0x82)))),
              mms(ber(0xA3, ber(0x30))), mms(ber(0xA4, ber(0x8E, 1))), data(hexa("01 00 01 00") + indefinite(0x61, ber(0x30, ber(0x02, 3)))[:-2])]
    for message in broken:
        t.up(message)
    t.down(mms(ber(0xA2, ber(0x80, 1))), mms(response(9, ber(0xA4))))
    t.down(tpkt(hexa("02 f0 80")), tpkt(hexa("05 80 0000 0001 01")))            # data of nothing; the transport ends
    ask(t, 10, read(domain("MMXU1$MX$TotW")), results(TRUE))
    t.close()
