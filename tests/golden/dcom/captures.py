# DCOM and OPC Classic as MS-RPCE, MS-DCOM and the interface definitions of the OPC Foundation write them: connection-oriented PDUs, NDR.
import struct
import uuid

from ntlmssp_frames import authenticate, challenge, negotiate
from packets import HMI, PLC, SERVER, Tcp

CODE = ["dcerpc.opnum", "dcerpc.cn_bind_to_uuid", "dcerpc.cn_ack_trans_id"]
IDENTITY = ["dcom.dualstringarray.network_addr", "ntlmssp.negotiate.callingworkstation", "ntlmssp.challenge.target_info.dns_computer_name",
            "ntlmssp.auth.hostname"]
DECODE_AS = ["tcp.port==50135,dcerpc", "tcp.port==49664,dcerpc", "tcp.port==49670,dcerpc"]
KNOWN = {
    # tshark counts what a bind offers, the sensor binds; a bind that is refused at all accepts nothing.
    "data-access: 192.168.10.10 code bind: tshark 11, transcript 9",
    "data-access: 192.168.10.5 code bind: tshark 11, transcript 9",
    "refusals: 192.168.10.5 code bind: tshark 2, transcript 3",
    # Calls of an interface that nobody lists, or that was bound before the capture began, are not stated.
    "data-access: 192.168.10.10 code 5: tshark 2, transcript 1",
    "data-access: 192.168.10.5 code 5: tshark 2, transcript 1",
    "midstream: 192.168.10.10 code 3: tshark 2, transcript 1",
    # tshark shows the method in every fragment.
    "stream: 192.168.10.10 code 3: tshark 6, transcript 5",
    "stream: 192.168.10.5 code 3: tshark 5, transcript 4",
    # Made so: a request whose authentication trailer is longer than it, a list of contexts that is cut.
    "broken: 192.168.10.10 code 6: tshark 4, transcript 3",
    "broken: tshark finds frame 8 malformed",
}

NDR = uuid.UUID("8a885d04-1ceb-11c9-9fe8-08002b104860")
NDR64 = uuid.UUID("71710533-beba-4937-8319-b5dbef9ccc36")
FEATURES = uuid.UUID("6cb71c2c-9812-4540-0300-000000000000")
OBJECT = uuid.UUID("00003c05-0d74-0000-5f9e-2a1d3a4b5c6d")
CAUSE = uuid.UUID("0a1b2c3d-0004-4000-8000-020000000004")
EXPORTER = uuid.UUID("99fcfec4-5260-101b-bbcb-00aa0021347a")
ACTIVATOR = uuid.UUID("000001a0-0000-0000-c000-000000000046")
MAPPER = uuid.UUID("e1af8308-5d1f-11c9-91a4-08002b14a0fa")
OPC_ENUM = uuid.UUID("13486d51-4821-11d2-a494-3cb306c10000")
SIMULATION = uuid.UUID("0a1b2c3d-0005-4000-8000-020000000005")
REQUEST, RESPONSE, FAULT, BIND, BIND_ACK, BIND_NAK, ALTER, ALTERED, AUTH3, ORPHANED = 0, 2, 3, 11, 12, 13, 14, 15, 16, 19
FIRST, LAST, HAS_OBJECT = 1, 2, 0x80

# Every interface and its methods, in the order of the documents.
METHODS = (
    ("IObjectExporter", uuid.UUID("99fcfec4-5260-101b-bbcb-00aa0021347a"), [0, 1, 2, 3, 4, 5]),
    ("IActivation", uuid.UUID("4d9f4ab8-7d1c-11cf-861e-0020af6e7c57"), [0]),
    ("IRemoteSCMActivator", uuid.UUID("000001a0-0000-0000-c000-000000000046"), [3, 4]),
    ("IRemUnknown", uuid.UUID("00000131-0000-0000-c000-000000000046"), [3, 4, 5]),
    ("IRemUnknown2", uuid.UUID("00000143-0000-0000-c000-000000000046"), [3, 4, 5, 6]),
    ("IDispatch", uuid.UUID("00020400-0000-0000-c000-000000000046"), [3, 4, 5, 6]),
    ("IEnumUnknown", uuid.UUID("00000100-0000-0000-c000-000000000046"), [3, 4, 5, 6]),
    ("IEnumString", uuid.UUID("00000101-0000-0000-c000-000000000046"), [3, 4, 5, 6]),
    ("IConnectionPointContainer", uuid.UUID("b196b284-bab4-101a-b69c-00aa00341d07"), [3, 4]),
    ("IConnectionPoint", uuid.UUID("b196b286-bab4-101a-b69c-00aa00341d07"), [3, 4, 5, 6, 7]),
    ("IOPCServerList", uuid.UUID("13486d50-4821-11d2-a494-3cb306c10000"), [3, 4, 5]),
    ("IOPCServerList2", uuid.UUID("9dd0b56c-ad9e-43ee-8305-487f3188bf7a"), [3, 4, 5]),
    ("IOPCEnumGUID", uuid.UUID("55c382c8-21c7-4e88-96c1-becfb1e3f483"), [3, 4, 5, 6]),
    ("IOPCShutdown", uuid.UUID("f31dfde1-07b6-11d2-b2d8-0060083ba1fb"), [3]),
    ("IOPCCommon", uuid.UUID("f31dfde2-07b6-11d2-b2d8-0060083ba1fb"), [3, 4, 5, 6, 7]),
    ("IOPCServer", uuid.UUID("39c13a4d-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6, 7, 8]),
    ("IOPCServerPublicGroups", uuid.UUID("39c13a4e-011e-11d0-9675-0020afd8adb3"), [3, 4]),
    ("IOPCBrowseServerAddressSpace", uuid.UUID("39c13a4f-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6, 7]),
    ("IOPCGroupStateMgt", uuid.UUID("39c13a50-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6]),
    ("IOPCPublicGroupStateMgt", uuid.UUID("39c13a51-011e-11d0-9675-0020afd8adb3"), [3, 4]),
    ("IOPCSyncIO", uuid.UUID("39c13a52-011e-11d0-9675-0020afd8adb3"), [3, 4]),
    ("IOPCAsyncIO", uuid.UUID("39c13a53-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6]),
    ("IOPCItemMgt", uuid.UUID("39c13a54-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6, 7, 8, 9]),
    ("IEnumOPCItemAttributes", uuid.UUID("39c13a55-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6]),
    ("IOPCDataCallback", uuid.UUID("39c13a70-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6]),
    ("IOPCAsyncIO2", uuid.UUID("39c13a71-011e-11d0-9675-0020afd8adb3"), [3, 4, 5, 6, 7, 8]),
    ("IOPCItemProperties", uuid.UUID("39c13a72-011e-11d0-9675-0020afd8adb3"), [3, 4, 5]),
    ("IOPCGroupStateMgt2", uuid.UUID("8e368666-d72e-4f78-87ed-647611c61c9f"), [3, 4, 5, 6, 7, 8]),
    ("IOPCBrowse", uuid.UUID("39227004-a18f-4b57-8b0a-5235670f4468"), [3, 4]),
    ("IOPCItemIO", uuid.UUID("85c0b427-2893-4cbc-bd78-e5fc5146f08f"), [3, 4]),
    ("IOPCSyncIO2", uuid.UUID("730f5f0f-55b1-4c81-9e18-ff8a0904e1fa"), [3, 4, 5, 6]),
    ("IOPCAsyncIO3", uuid.UUID("0967b97b-36ef-423e-b6f8-6bff1e40d39d"), [3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("IOPCItemDeadbandMgt", uuid.UUID("5946da93-8b39-4ec8-ab3d-aa73df5bc86f"), [3, 4, 5]),
    ("IOPCItemSamplingMgt", uuid.UUID("3e22d313-f08b-41a5-86c8-95e95cb49ffc"), [3, 4, 5, 6, 7]),
    ("IOPCEventServer", uuid.UUID("65168851-5783-11d1-84a0-00608cb8a7e9"), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]),
    ("IOPCEventServer2", uuid.UUID("71bbe88e-9564-4bcd-bcfc-71c558d94f2d"), [3, 4, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24]),
    ("IOPCEventSubscriptionMgt", uuid.UUID("65168855-5783-11d1-84a0-00608cb8a7e9"), [3, 4, 5, 6, 7, 8, 9, 10]),
    ("IOPCEventAreaBrowser", uuid.UUID("65168857-5783-11d1-84a0-00608cb8a7e9"), [3, 4, 5, 6]),
    ("IOPCEventSink", uuid.UUID("6516885f-5783-11d1-84a0-00608cb8a7e9"), [3]),
    ("IOPCHDA_Server", uuid.UUID("1f1217b0-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6, 7, 8, 9]),
    ("IOPCHDA_Browser", uuid.UUID("1f1217b1-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6]),
    ("IOPCHDA_SyncRead", uuid.UUID("1f1217b2-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6, 7]),
    ("IOPCHDA_SyncUpdate", uuid.UUID("1f1217b3-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6, 7, 8]),
    ("IOPCHDA_SyncAnnotations", uuid.UUID("1f1217b4-dee0-11d2-a5e5-000086339399"), [3, 4, 5]),
    ("IOPCHDA_AsyncRead", uuid.UUID("1f1217b5-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6, 7, 8, 9, 10]),
    ("IOPCHDA_AsyncUpdate", uuid.UUID("1f1217b6-dee0-11d2-a5e5-000086339399"), [3, 4, 5, 6, 7, 8, 9]),
    ("IWbemLevel1Login", uuid.UUID("f309ad18-d86a-11d0-a075-00c04fb68820"), [3, 4, 5, 6]),
    ("IWbemServices", uuid.UUID("9556dc99-828c-11cf-a37e-00aa003240c7"), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]),
)


def as_code(value):
    return "bind" if "-" in value else str(int(value))


def as_value(value):
    """A string binding may name a port; an address of the host itself says nothing."""
    return value.split("[")[0].replace("127.0.0.1", "")


def of_code(code):
    return "bind" if code.startswith("ptype") else code.split(" ")[-1]


def opc(first, rest="011e-11d0-9675-0020afd8adb3"):
    return uuid.UUID(f"{first}-{rest}")


def pdu(kind, body, call, flags=FIRST | LAST, little=True, auth=b""):
    order = "<" if little else ">"
    return struct.pack("BBBB", 5, 0, kind, flags) + bytes([0x10 if little else 0, 0, 0, 0]) + struct.pack(
        order + "HHI", 16 + len(body) + len(auth), max(0, len(auth) - 8), call) + body + auth


def wire(u, little=True):
    return u.bytes_le if little else u.bytes


def syntax(u, version, little=True):
    return wire(u, little) + struct.pack("<I" if little else ">I", version)


def offers(contexts, little=True):
    order = "<" if little else ">"
    body = struct.pack(order + "HHIBxxx", 5840, 5840, 0, len(contexts))
    for number, interface, transfers in contexts:
        body += struct.pack(order + "HBx", number, len(transfers)) + syntax(interface, 0, little) + b"".join(syntax(*t, little) for t in transfers)
    return body


def bind(interface, context=0, call=1, kind=BIND, little=True, auth=b""):
    return pdu(kind, offers([(context, interface, [(NDR, 2)])], little), call, little=little, auth=auth)


def accepted(results=((0, 0),), call=1, kind=BIND_ACK, port=b"135\0", little=True, auth=b""):
    order = "<" if little else ">"
    address = struct.pack(order + "H", len(port)) + port
    body = struct.pack(order + "HHI", 5840, 5840, 0x1234) + address + bytes(-(len(address)) % 4) + struct.pack("Bxxx", len(results))
    for result, reason in results:
        body += struct.pack(order + "HH", result, reason) + (syntax(NDR, 2, little) if result == 0 else bytes(20))
    return pdu(kind, body, call, little=little, auth=auth)


def this(minor=7):
    return struct.pack("<HHII", 5, minor, 0, 0) + CAUSE.bytes_le + struct.pack("<I", 0)


THAT = bytes(8)
OK = struct.pack("<I", 0)
FAILED = struct.pack("<I", 0x80004005)


def ask(opnum, stub, call, context=0, obj=None, flags=FIRST | LAST, auth=b""):
    head = struct.pack("<IHH", len(stub), context, opnum)
    if obj:
        head, flags = head + obj.bytes_le, flags | HAS_OBJECT
    return pdu(REQUEST, head + stub, call, flags, auth=auth)


def answer(stub, call, context=0, flags=FIRST | LAST, auth=b""):
    return pdu(RESPONSE, struct.pack("<IHBB", len(stub), context, 0, 0) + stub, call, flags, auth=auth)


def fault(status, call, context=0):
    return pdu(FAULT, struct.pack("<IHBBII", 0, context, 0, 0, status, 0), call)


def padded(data):
    return data + bytes(-len(data) % 4)


def string(text):
    """[string] wchar_t*: conformant and varying, with its end."""
    count = len(text) + 1
    return padded(struct.pack("<III", count, 0, count) + text.encode("utf-16-le") + b"\0\0")


def bindings(*names):
    """DUALSTRINGARRAY behind a reference: string bindings, security bindings."""
    words = b"".join(struct.pack("<H", 7) + name.encode("utf-16-le") + b"\0\0" for name in names) + b"\0\0"
    offset = len(words) // 2
    words += struct.pack("<HH", 0x0A, 0xFFFF) + b"\0\0" + b"\0\0"
    count = len(words) // 2
    return padded(struct.pack("<IIHH", 0x20000, count, count, offset) + words)


def activation(clsid):
    """RemoteCreateInstance, MS-DCOM clause 2.2.22: no outer object, an OBJREF of activation properties."""
    header = bytes([1, 0x10, 8, 0, 0xCC, 0xCC, 0xCC, 0xCC])
    serial = lambda data: header + struct.pack("<II", len(data), 0) + data
    special = serial(bytes(80))
    wanted = uuid.UUID("00000001-0000-0000-c000-000000000046")
    instance = serial(clsid.bytes_le + struct.pack("<IIIIIIIHH", 0x15, 0, 0, 1, 0, 0x20000, 0x58, 5, 7) + struct.pack("<I", 1) + wanted.bytes_le)
    parts = [(uuid.UUID("000001b9-0000-0000-c000-000000000046"), special), (uuid.UUID("000001ab-0000-0000-c000-000000000046"), instance)]
    lists = struct.pack("<I", len(parts)) + b"".join(u.bytes_le for u, _ in parts) + struct.pack("<I", len(parts)) + b"".join(
        struct.pack("<I", len(data)) for _, data in parts)
    size = 16 + 48 + len(lists)
    total = size + sum(len(data) for _, data in parts)
    custom = serial(struct.pack("<IIIII", total, size, 0, 2, len(parts)) + uuid.UUID(int=0).bytes + struct.pack("<III", 0x20000, 0x20004, 0) + lists)
    blob = struct.pack("<II", total, 0) + custom + b"".join(data for _, data in parts)
    objref = b"MEOW" + struct.pack("<I", 4) + uuid.UUID("000001a2-0000-0000-c000-000000000046").bytes_le + uuid.UUID(
        "00000338-0000-0000-c000-000000000046").bytes_le + struct.pack("<II", 0, len(blob)) + blob
    return struct.pack("<III", 0, 0x20000, len(objref)) + struct.pack("<I", len(objref)) + padded(objref)


def exchange(t, opnum, stub, response, call, context=0, obj=OBJECT):
    t.up(ask(opnum, stub, call, context, obj))
    t.down(answer(response, call, context))


def resolver(c):
    """The object exporter says its names and addresses; the activator starts OPCEnum and a server, refuses a third."""
    t = Tcp(c, HMI, SERVER, 49160, 135)
    t.up(bind(EXPORTER))
    t.down(accepted())
    exchange(t, 5, b"", struct.pack("<HH", 5, 7) + bindings("HISTORIAN-2", "192.168.10.5", "fe80::5eff:fe00:105", "127.0.0.1") + struct.pack("<II", 0, 0), 2, obj=None)
    exchange(t, 3, b"", OK, 3, obj=None)
    exchange(t, 1, bytes(8), OK, 4, obj=None)
    exchange(t, 2, bytes(8) + struct.pack("<HHHxxII", 1, 0, 0, 0, 0), bytes(8) + struct.pack("<Hxx", 1) + OK, 5, obj=None)
    request = bytes(8) + struct.pack("<HxxI", 1, 1) + struct.pack("<Hxx", 7)
    exchange(t, 4, request, bindings("HISTORIAN-2[49664]") + OBJECT.bytes_le + struct.pack("<IHH", 2, 5, 7) + OK, 6, obj=None)
    exchange(t, 0, request, bytes(4) + bytes(16) + struct.pack("<I", 0) + struct.pack("<I", 0x776), 7, obj=None)
    t.up(bind(ACTIVATOR, 1, 8, ALTER))
    t.down(accepted(call=8, kind=ALTERED, port=b""))
    for call, (opnum, clsid, result) in enumerate(((4, OPC_ENUM, OK), (4, SIMULATION, OK), (3, SIMULATION, struct.pack("<I", 0x80070005))), 9):
        exchange(t, opnum, this() + (activation(clsid) if opnum == 4 else activation(clsid)[4:]), THAT + bytes(4) + result, call, 1, None)
    t.close()


def item_definitions(*items, path=None):
    body = struct.pack("<II", len(items), len(items))
    for at, _ in enumerate(items):
        body += struct.pack("<IIIIIIHH", 0x30000 + at if path else 0, 0x20000 + at, 1, at, 0, 0, 5, 0)
    return body + b"".join((string(path) if path else b"") + string(item) for item in items)


def names(*items):
    return struct.pack("<II", len(items), len(items)) + b"".join(struct.pack("<I", 0x20000 + at) for at, _ in enumerate(items)) + b"".join(
        string(item) for item in items)


def status(maker, version=(5, 2, 1), before=12):
    return THAT + struct.pack("<I", 0x20000) + bytes(24 + before) + struct.pack("<HHHHI", *version, 0, 0x20004 if maker else 0) + (string(maker) if maker else b"") + OK


def data_access(c):
    """A client of data access: names itself, asks for the status, adds a group and items, reads, writes, is called back, browses."""
    t = Tcp(c, HMI, SERVER, 49161, 49664)
    contexts = [opc("39c13a4d"), opc("f31dfde2", "07b6-11d2-b2d8-0060083ba1fb"), opc("39c13a54"), opc("39c13a52"), opc("39c13a72"),
                opc("85c0b427", "2893-4cbc-bd78-e5fc5146f08f"), opc("13486d50", "4821-11d2-a494-3cb306c10000"), uuid.UUID("0a1b2c3d-0006-4000-8000-020000000006")]
    t.up(pdu(BIND, offers([(0, contexts[0], [(NDR, 2)]), (1, contexts[0], [(NDR64, 1)]), (2, contexts[0], [(FEATURES, 1)])]), 1))
    t.down(accepted(((0, 0), (2, 2), (3, 3))))
    for at, interface in enumerate(contexts[1:], 3):
        t.up(bind(interface, at, at, ALTER))
        t.down(accepted(call=at, kind=ALTERED, port=b""))
    calls = iter(range(100, 200))
    do = lambda context, opnum, stub=b"", response=THAT + OK: exchange(t, opnum, this() + stub, response, next(calls), context)
    do(3, 7, string("Line 3 panel"))
    do(0, 6, b"", status("Example OPC Server"))
    do(0, 6, b"", status(""))
    do(0, 3, string("Group1") + bytes(40), THAT + bytes(12) + OK)
    do(5 - 1, 3, item_definitions("Press4.Pressure", "Press4.Run", "Press4.Alarm"), THAT + bytes(8) + OK)
    do(4, 4, item_definitions("Press4.Speed", path="\\\\node"), THAT + bytes(8) + OK)
    do(5, 3, struct.pack("<HxxIIII", 1, 2, 2, 1, 2), THAT + bytes(8) + OK)
    do(5, 4, struct.pack("<IIII", 1, 1, 7, 1) + bytes(24), THAT + bytes(8) + OK)
    do(6, 4, string("Press4.Run") + bytes(12))
    do(7, 3, names("Press4.Run", "Press4.Alarm") + bytes(8))
    do(7, 4, names("Press4.Setpoint") + bytes(40), THAT + bytes(4) + FAILED)
    do(8, 5, string("Example.Server.1"), THAT + OPC_ENUM.bytes_le + OK)
    do(9, 5)
    do(0, 99)
    t.close()
    back = Tcp(c, SERVER, HMI, 49170, 49670)
    back.up(bind(opc("39c13a70")))
    back.down(accepted(port=b"49670\0"))
    for call in range(2, 6):
        exchange(back, 3, this() + bytes(60), THAT + OK, call)
        c.wait(0.5)
    back.close()


def arguments(interface, opnum):
    """Of the calls that tshark reads too: MS-DCOM clause 3.1.1.5, MS-OAUT clause 3.1.4."""
    protseqs = struct.pack("<HxxIH", 1, 1, 7)
    references = struct.pack("<HxxI", 1, 1) + OBJECT.bytes_le
    query = struct.pack("<HxxI", 1, 1) + ACTIVATOR.bytes_le
    remote = {3: OBJECT.bytes_le + struct.pack("<I", 1) + query, 4: references + struct.pack("<II", 1, 0), 5: references + struct.pack("<II", 1, 0),
              6: OBJECT.bytes_le + query}
    return {
        "IObjectExporter": {0: bytes(8) + protseqs, 1: bytes(8), 2: bytes(8) + struct.pack("<HHHxxII", 1, 0, 0, 0, 0), 4: bytes(8) + protseqs},
        "IActivation": {0: SIMULATION.bytes_le + struct.pack("<IIIIII", 0, 0, 2, 0, 1, 0x20000) + struct.pack("<I", 1) + ACTIVATOR.bytes_le + protseqs},
        "IRemoteSCMActivator": {3: activation(SIMULATION)[4:], 4: activation(SIMULATION)},
        "IRemUnknown": remote,
        "IRemUnknown2": remote,
        "IDispatch": {3: b"", 4: bytes(8), 5: bytes(16) + names("Value")[:4] + names("Value")[4:] + struct.pack("<II", 1, 0),
                      6: bytes(4 + 16 + 4 + 4) + struct.pack("<IIII", 0, 0, 0, 0) + bytes(4 + 8)},
    }.get(interface, {}).get(opnum, b"")


def every(c, port, wanted):
    """Every method of the interfaces: one segment each, whose answers go another way."""
    t = Tcp(c, HMI, SERVER, port, 135)
    call = 0
    for context, (name, interface, numbers) in enumerate(row for row in METHODS if row[0].startswith(wanted)):
        parts = [bind(interface, context, call, ALTER if context else BIND)]
        for call, opnum in enumerate(numbers, call + 1):
            begin = b"" if name == "IObjectExporter" or name.startswith(("IOPC", "IEnum", "IWbem")) else this()
            parts.append(ask(opnum, begin + arguments(name, opnum), call, context))
        call += 1
        t.up(b"".join(parts))
    t.close()


def methods(c):
    """Of DCOM itself and of management."""
    every(c, 49162, ("IObject", "IActivation", "IRem", "IDispatch", "IConnection", "IEnum", "IWbem"))


def methods_of_opc(c):
    """Of OPC Classic."""
    every(c, 49172, ("IOPC",))


def refusals(c):
    """Binds that are refused, faults, methods that fail, answers nobody asked for."""
    t = Tcp(c, HMI, SERVER, 49163, 135)
    t.up(bind(ACTIVATOR))
    t.down(pdu(BIND_NAK, struct.pack("<HB", 4, 0), 1))
    t.up(bind(EXPORTER, 0, 2))
    t.down(accepted(((2, 1),), 2))
    t.up(bind(EXPORTER, 0, 3))
    t.down(accepted(call=3))
    t.up(ask(5, b"", 4))
    t.down(fault(5, 4))
    t.up(ask(3, b"", 5))
    t.down(answer(struct.pack("<I", 1753), 5))
    t.down(answer(OK, 77))
    t.up(pdu(ORPHANED, b"", 6))
    t.close()


def security(c):
    """Signed calls are read as others; of encrypted ones the interface and method show, and no more."""
    verifier = lambda level, pad=0: struct.pack("<BBBxI", 10, level, pad, 1)
    t = Tcp(c, HMI, SERVER, 49164, 49664)
    t.up(bind(opc("39c13a4d"), auth=verifier(5) + b"NTLMSSP\0" + bytes(32)))
    t.down(accepted())
    t.up(pdu(AUTH3, bytes(4), 1, auth=verifier(5) + bytes(40)))
    stub = this() + string("Group1") + bytes(40)
    t.up(ask(3, stub + bytes(4), 2, 0, OBJECT, auth=verifier(5, 4) + bytes(16)))
    t.down(answer(THAT + bytes(12) + FAILED + bytes(4), 2, auth=verifier(5, 4) + bytes(16)))
    t.up(ask(3, bytes(range(len(stub))), 3, 0, OBJECT, auth=verifier(6) + bytes(16)))
    t.down(answer(bytes(range(96, 136)), 3, auth=verifier(6) + bytes(16)))
    t.close()


def machines(c):
    """Both sides authenticate, and say what they are."""
    verifier = struct.pack("<BBBxI", 10, 5, 0, 1)
    t = Tcp(c, HMI, SERVER, 49165, 49664)
    t.up(bind(opc("39c13a4d"), auth=verifier + negotiate(b"PLANT", b"HMI-1", (6, 1, 7601))))
    t.down(accepted(auth=verifier + challenge("PLANT", [(2, "PLANT"), (1, "SCADA-1"), (3, "scada-1.plant.example")])))
    t.up(pdu(AUTH3, bytes(4), 1, auth=verifier + authenticate("PLANT", "not kept", "HMI-1", (6, 1, 7601))))
    t.close()


def stream(c):
    """PDUs split and joined, a request and an answer in fragments, a gap, big-endian."""
    t = Tcp(c, HMI, SERVER, 49165, 49664)
    first = bind(opc("39c13a54"))
    t.up(first[:10], first[10:40], first[40:])
    t.down(accepted())
    calls = [ask(3, this() + item_definitions(f"Tank{n}.Level"), n, 0, OBJECT) for n in range(2, 8)]
    answers = [answer(THAT + bytes(8) + OK, n) for n in range(2, 8)]
    t.up(calls[0] + calls[1])
    t.down(answers[1] + answers[0])
    long = this() + item_definitions(*(f"Tank{n}.Level" for n in range(70)))
    parts = [long[at:at + 2400] for at in range(0, len(long), 2400)]
    for at, part in enumerate(parts):
        flags = (FIRST if at == 0 else 0) | (LAST if at + 1 == len(parts) else 0)
        whole = ask(3, part, 8, 0, OBJECT, flags)
        t.up(*(whole[i:i + 1460] for i in range(0, len(whole), 1460)))
    t.down(answer(THAT + bytes(2400), 8, flags=FIRST))
    t.down(answer(bytes(200) + OK, 8, flags=LAST))
    t.up(calls[2])
    t.lost(1, len(answers[2]))
    t.up(calls[3])
    t.down(answers[3])
    t.close()
    t = Tcp(c, HMI, SERVER, 49166, 49664)
    t.up(bind(opc("39c13a4d"), little=False))
    t.down(accepted(little=False))
    big = struct.pack(">HHII", 5, 7, 0, 0) + CAUSE.bytes + struct.pack(">I", 0)
    t.up(pdu(REQUEST, struct.pack(">IHH", 32, 0, 6) + OBJECT.bytes + big, 2, FIRST | LAST | HAS_OBJECT, little=False))
    t.down(pdu(RESPONSE, struct.pack(">IHBB", 12, 0, 0, 0) + THAT + struct.pack(">I", 0x80004005), 2, little=False))
    t.close()


def midstream(c):
    """A connection opened before the capture: nobody can say which interface its first context is; one that is added later is known."""
    t = Tcp(c, HMI, SERVER, 49167, 50135, handshake=False)
    t.up(ask(3, this() + bytes(8), 7, 0, OBJECT))
    t.down(answer(THAT + OK, 7))
    t.up(bind(opc("39c13a52"), 4, 8, ALTER))
    t.down(accepted(call=8, kind=ALTERED, port=b""))
    exchange(t, 3, this() + struct.pack("<HxxIII", 1, 1, 1, 1), THAT + bytes(8) + OK, 9, 4)


def broken(c):
    """An authentication trailer longer than its PDU, a list of contexts beyond it, lengths of strings beyond the message; then a good call."""
    t = Tcp(c, HMI, SERVER, 49168, 49664)
    t.up(bind(opc("39c13a4d")))
    t.down(accepted())
    t.up(ask(3, this() + struct.pack("<III", 0x7FFFFFFF, 0, 0x7FFFFFFF), 2, 0, OBJECT))
    t.down(answer(THAT + OK, 2))
    t.up(pdu(ALTER, offers([(1, opc("39c13a52"), [(NDR, 2)])])[:-30], 3))
    t.up(ask(6, this(), 4, 0, OBJECT))
    t.down(answer(THAT + struct.pack("<I", 1) + bytes(36) + struct.pack("<HHHHIIII", 1, 2, 3, 0, 1, 99, 0, 99), 4))
    bad = bytearray(ask(6, this(), 5, 0, OBJECT))
    bad[10:12] = struct.pack("<H", len(bad))
    t.up(bytes(bad) + ask(6, this(), 6, 0, OBJECT))
    t.up(ask(6, this(), 7, 0, OBJECT))
    t.close()
