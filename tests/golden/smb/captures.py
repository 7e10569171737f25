# SMB as MS-CIFS, MS-SMB and MS-SMB2 write it; NTLMSSP as MS-NLMP does.
import struct

from ntlmssp_frames import authenticate, challenge, first_token, negotiate, next_token, wide
from packets import HMI, PLC, SERVER, Tcp, hexa

# tshark fields of which every value must stand in a fact.
IDENTITY = ["smb.native_os", "smb.native_lanman", "smb2.dialect", "smb2.server_guid", "ntlmssp.challenge.target_info.nb_computer_name",
            "ntlmssp.challenge.target_info.nb_domain_name", "ntlmssp.challenge.target_info.dns_computer_name", "ntlmssp.auth.hostname",
            "ntlmssp.auth.domain", "ntlmssp.negotiate.callingworkstation", "ntlmssp.version.build_number"]

# What fields of published samples say; ../samples_test.py. Files, trees and outcomes are not looked at.
SAMPLES = dict.fromkeys(("smb.cmd", "smb2.cmd", "smb.flags.response", "smb2.flags.response", "smb2.nt_status", "smb.nt_status", "smb2.tree",
                         "ntlmssp.messagetype", "ntlmssp.version.major", "ntlmssp.version.minor"), "")

NAMES = [(2, "PLANT"), (1, "SCADA-1"), (4, "plant.example"), (3, "scada-1.plant.example")]
GUID = hexa("00112233 4455 6677 8899 aabbccddeeff")
MORE = 0xC0000016


def session(body):
    return struct.pack("!I", len(body)) + body


def smb1(command, words, data, response=False, status=0, wide_text=True):
    head = b"\xffSMB" + bytes([command]) + struct.pack("<I", status) + bytes([0x98 if response else 0x18])
    head += struct.pack("<H", 0x4801 | (0x8000 if wide_text else 0)) + bytes(12) + hexa("0000 ffff 0000 0100")
    return session(head + bytes([len(words) // 2]) + words + struct.pack("<H", len(data)) + data)


def smb2(command, body, response=False, status=0, number=1):
    return session(b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, status, command, 1, int(response), 0, number, 0xFEFF, 0, 0) + bytes(16) + body)


def negotiate2(*dialects):
    return smb2(0, struct.pack("<HHHHI", 36, len(dialects), 1, 0, 0x7F) + bytes(16) + bytes(8) + struct.pack(f"<{len(dialects)}H", *dialects))


def negotiated2(dialect, security, token=b""):
    return smb2(0, struct.pack("<HHHH", 65, security, dialect, 0) + GUID + struct.pack("<IIII", 0x7F, 65536, 65536, 65536) + bytes(16) +
                struct.pack("<HHI", 128, len(token), 0) + token, True)


def setup2(token):
    return smb2(1, struct.pack("<HBBIIHHQ", 25, 0, 1, 1, 0, 88, len(token), 0) + token, number=2)


def set_up2(token, status):
    return smb2(1, struct.pack("<HHHH", 9, 0, 72, len(token)) + token, True, status, 2)


def second_version(c):
    """Dialects offered and chosen, the whole authentication, a file that is passed over, a refusal; several messages in a segment."""
    tcp = Tcp(c, HMI, SERVER, 50000, 445)
    tcp.up(negotiate2(0x0202, 0x0210, 0x0300, 0x0302, 0x0311))
    tcp.down(negotiated2(0x0311, 1))
    token = first_token(negotiate(b"PLANT", b"HMI-1"))
    tcp.up(setup2(token)[:90], setup2(token)[90:])
    tcp.down(set_up2(next_token(challenge("PLANT", NAMES)), MORE))
    tcp.up(setup2(next_token(authenticate("PLANT", "not kept", "HMI-1"))))
    tcp.down(set_up2(b"", 0))
    read = smb2(8, struct.pack("<HBBIQQQIIIHH", 49, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0) + b"\0", number=3)
    tcp.up(read + read)
    tcp.down(smb2(8, struct.pack("<HBBIII", 17, 80, 0, 64, 0, 0) + b"process values are not kept".ljust(64), True, number=3))
    tcp.down(session(b"\xfdSMB" + bytes(16) + bytes(range(16)) + struct.pack("<IHHQ", 8, 0, 1, 5) + b"secretly"))
    other = Tcp(c, PLC, SERVER, 50001, 445)
    other.up(negotiate2(0x0210))
    other.down(negotiated2(0x0210, 3))
    other.up(setup2(authenticate("", "not kept", "PANEL-2", (6, 1, 7601))))
    other.down(smb2(1, hexa("0900 0000 00000000 00"), True, 0xC000006D, 2))


DIALECTS = b"".join(b"\x02" + x + b"\0" for x in (b"PC NETWORK PROGRAM 1.0", b"LANMAN1.0", b"NT LM 0.12"))


def negotiated1(token=b"", security=3, capabilities=0x0000E3FD, names=b""):
    words = struct.pack("<HBHHIIIIQhB", 2, security, 50, 1, 16644, 65536, 0, capabilities, 0, -540, 0 if token else 8)
    return smb1(0x72, words, GUID + token if token else b"notkept!" + names, True)


def texts(*values, odd):
    """Wide texts, aligned to two octets from the header on."""
    return b"\0" * odd + b"".join(wide(x) + b"\0\0" for x in values)


def first_version(c):
    """Over NetBIOS: extended security with what both sides call their system; then a plain login, then one of LAN Manager."""
    tcp = Tcp(c, HMI, SERVER, 50000, 139)
    name = lambda text: b"\x20" + b"".join(bytes([0x41 + (x >> 4), 0x41 + (x & 15)]) for x in text.ljust(15).encode() + b"\x20") + b"\0"
    tcp.up(hexa("81000044") + name("SCADA-1") + name("HMI-1"))
    tcp.down(hexa("82000000"))
    tcp.up(smb1(0x72, b"", DIALECTS, wide_text=False))
    tcp.down(negotiated1(first_token(b""), capabilities=0x8000E3FD))
    token = first_token(negotiate(b"PLANT", b"HMI-1", (5, 1, 2600)))
    words = hexa("ff000000") + struct.pack("<HHHIHII", 4356, 10, 0, 0, len(token), 0, 0x800000D4)
    tcp.up(smb1(0x73, words, token + texts("Windows 2002 Service Pack 3 2600", "Windows 2002 5.1", odd=(59 + len(token) + 2) % 2 == 1)))
    token = next_token(challenge("PLANT", NAMES, version=(5, 2, 3790)))
    words = hexa("ff000000") + struct.pack("<HH", 0, len(token))
    tcp.down(smb1(0x73, words, token + texts("Windows Server 2003 3790 Service Pack 2", "Windows Server 2003 5.2", odd=(43 + len(token)) % 2 == 1), True, MORE))
    plain = Tcp(c, PLC, SERVER, 50001, 445)
    plain.up(smb1(0x72, b"", DIALECTS))
    plain.down(negotiated1(security=15, names=wide("PLANT") + b"\0\0" + wide("SCADA-1") + b"\0\0"))
    words = hexa("ff000000") + struct.pack("<HHHIHHII", 4356, 10, 0, 0, 1, 0, 0, 0xD4)
    plain.up(smb1(0x73, words, b"\0" + b"not kept\0PLANT\0Unix\0Samba 3.0\0", wide_text=False))
    plain.down(smb1(0x73, hexa("ff000000 0000"), texts("Windows 5.0", "Windows 2000 LAN Manager", "PLANT", odd=True), True))
    old = Tcp(c, PLC, SERVER, 50002, 445)
    old.up(smb1(0x72, b"", DIALECTS[:24]))
    old.down(smb1(0x72, struct.pack("<H", 0xFFFF), b"", True))


def midstream_elsewhere(c):
    """On a port of its own, from the middle on."""
    tcp = Tcp(c, HMI, SERVER, 50000, 4450, handshake=False)
    tcp.up(negotiate2(0x0302))
    tcp.down(negotiated2(0x0302, 0))


def broken(c):
    """A token beyond the message, more dialects than there are."""
    tcp = Tcp(c, HMI, SERVER, 50000, 445)
    tcp.up(smb2(0, struct.pack("<HHHHI", 36, 9, 1, 0, 0x7F) + bytes(24) + struct.pack("<H", 0x0210)))
    tcp.down(smb2(1, struct.pack("<HHHH", 9, 0, 72, 900) + b"short", True, MORE))


# A message with a fault states nothing; of no domain tshark writes NULL.
KNOWN = {"broken: smb2.dialect '0x0210' is in no fact", "broken: tshark finds frame 4 malformed", "broken: tshark finds frame 5 malformed",
         "second-version: ntlmssp.auth.domain 'null' is in no fact"}
