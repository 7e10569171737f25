# FA-M3 personal computer link: binary (command, CPU, length, data; answers with bit 7 and an exit status) and ASCII. Big endian.
import struct

from packets import HMI, PLC, Host, Tcp, hexa

OTHER = Host("02:00:5e:00:01:15", "192.168.10.21")


def request(command, text="", cpu=1):
    body = hexa(text)
    return struct.pack("!BBH", command, cpu, len(body)) + body


def response(command, text="", exit_status=0):
    body = hexa(text)
    return struct.pack("!BBH", command | 0x80, exit_status, len(body)) + body


def exchange(t, pairs):
    for command, asked, answered in pairs:
        t.up(request(command, asked))
        t.down(response(command, answered))


def device(letter, number):
    return struct.pack("!HI", letter if isinstance(letter, int) else ord(letter) - 0x40, number).hex()


def devices(c):
    """01 to 17: bits and words of every kind, ranges, lists, monitors."""
    t = Tcp(c, HMI, PLC, 49600, 12289)
    exchange(t, [
        (0x01, device("X", 502) + "0004", "00010001"), (0x01, device("Y", 11201) + "0001", "01"), (0x01, device("I", 1) + "0010", "00" * 16),
        (0x02, device("I", 100) + "0002 0100", ""), (0x03, device("E", 1) + "0020 00", ""),
        (0x04, "0003" + device("M", 33) + device("X", 1) + device("L", 5), "010001"), (0x05, "0002" + device("I", 1) + "01" + device("Y", 301) + "00", ""),
        (0x06, "0001" + device("I", 1), ""), (0x07, "", "01"),
        (0x11, device("D", 100) + "0002", "1234 5678"), (0x11, device(0x21, 1) + "0001", "0000"), (0x11, device(0x31, 7) + "0002", "00000000"),
        (0x11, device("T", 7) + "0001", "0000"), (0x11, device(0x41, 7) + "0002", "00000000"), (0x11, device("Q", 7) + "0001", "0000"),
        (0x12, device("B", 1) + "0001 0001", ""), (0x13, device("R", 1) + "0008 0000", ""),
        (0x14, "0005" + device("D", 1) + device("V", 1) + device("Z", 49) + device("W", 1) + device("C", 1), "0000" * 5),
        (0x15, "0002" + device("D", 1) + "0001" + device("D", 9) + "0002", ""), (0x16, "0001" + device("D", 1), ""), (0x17, "", "0000"),
        (0x31, "00 03 0001 0004", "0000" * 4), (0x32, "00 05 000a 0001 1234", ""),
    ])
    t.close()


def control(c):
    """Start, stop, reset, test, clock; of another CPU; a command that nobody lists, once the rest was understood."""
    t = Tcp(c, HMI, PLC, 49601, 12291)
    exchange(t, [(0x45, "", ""), (0x46, "", ""), (0x51, "0102", "0102"), (0x61, "", ""), (0x63, "", "07e9 000b 0017 000a 001e 0000")])
    t.up(request(0x46, cpu=2))
    t.down(response(0x46))
    t.up(request(0x11, device("D", 1) + "0001", cpu=4))
    t.down(response(0x11, "0000"))
    exchange(t, [(0x70, "00", "")])
    t.close()


def identity(c):
    """62: what the program does, what the system is."""
    t = Tcp(c, HMI, PLC, 49602, 12289)
    system = "F3SP21-ON".ljust(16).encode().hex() + "REV.08  ".encode().hex() + "0011 2800"
    exchange(t, [(0x62, "0001", "0001"), (0x62, "0001", "0002"), (0x62, "0001", "0003"), (0x62, "0001", "00ff"), (0x62, "0002", system),
                 (0x62, "0009", "0000")])
    t.close()


def ascii_form(c):
    """0, CPU, command, parameters; OK and data, or ER, two codes and the command."""
    t = Tcp(c, HMI, PLC, 49603, 12289)
    for asked, answered in (
            ("BRDX00502,004", "0001"), ("BWRY00301,003,101", ""), ("BFLI0001,016,0", ""), ("BRR03M0033,X00001,L0005", "010"),
            ("BRW02I0001,1,Y00301,0", ""), ("BRS01I0001", ""), ("BRM", "1"), ("WRDD0001,01", "1234"), ("WRDD0100 10", "0000" * 10),
            ("WWRB0001,02,00010002", ""), ("WFLR0001,08,0000", ""), ("WRR05D0001,V01,Z049,W00001,C0001", "0000" * 5),
            ("WRW02D0001,FFFF,D0009,ABCD", ""), ("WRS01D0001", ""), ("WRM", "0000"), ("SRD003,0001,04", "0000" * 4), ("SWR005,0010,01,1234", ""),
            ("STA", ""), ("STP", ""), ("INF6", "UT55A   R1.01"), ("XYZ1", "")):
        t.up(f"01{asked}\r\n".encode())
        t.down(f"01OK{answered}\r\n".encode())
    t.up(b"03WRDD0001,01\r\n")
    t.down(b"03OK0000\r\n")
    t.close()


def errors(c):
    """Refused in both forms."""
    for port, pairs in ((49604, [(request(0x11, device("D", 99999) + "0001"), response(0x11, "", 0x04)), (request(0x45), response(0x45, "", 0x41))]),
                        (49605, [(b"01WRDD99999,01\r\n", b"01ER0401WRD\r\n"), (b"01STP\r\n", b"01ER0200STP\r\n")]),
                        (49606, [(b"01WRD\r\n", b"01ER0800\r\n")])):
        t = Tcp(c, HMI, PLC, port, 12289)
        for asked, answered in pairs:
            t.up(asked)
            t.down(answered)
        t.close()


def datagrams(c):
    """The same over UDP; too short, no line."""
    c.udp(HMI, 50030, PLC, 12289, request(0x11, device("D", 100) + "0002"))
    c.udp(PLC, 12289, HMI, 50030, response(0x11, "00000000"))
    c.udp(HMI, 50030, PLC, 12289, request(0x11, "0004"))
    c.udp(HMI, 50030, PLC, 12289, b"01wrd\r\n")
    c.udp(HMI, 50031, PLC, 12291, b"01WRDD0001,01\r\n")
    c.udp(PLC, 12291, HMI, 50031, b"01OK1234\r\n")


def stream(c):
    """Split and joined, an answer lost, a long write."""
    t = Tcp(c, HMI, PLC, 49607, 12289)
    read, data = request(0x11, device("D", 100) + "0002"), response(0x11, "00000000")
    t.up(read[:3], read[3:])
    t.down(data[:5], data[5:])
    t.up(read + read)
    t.down(data + data)
    t.up(request(0x12, device("D", 1) + "0100" + "0000" * 256))
    t.down(response(0x12))
    t.up(read)
    t.lost(1, len(data))
    t.up(read)
    t.down(data)
    t.close()
    t = Tcp(c, HMI, OTHER, 49608, 12289)
    line = b"01WRDD0001,01\r\n"
    t.up(line[:4], line[4:])
    t.down(b"01OK", b"1234\r\n")
    t.up(line + line)
    t.down(b"01OK1234\r\n01OK1234\r\n")
    t.close()


def midstream(c):
    """A connection opened before the capture began."""
    t = Tcp(c, HMI, PLC, 49609, 12289, handshake=False)
    data = response(0x11, "ffffffffffff")
    t.down(data[5:])
    for _ in range(2):
        t.up(request(0x11, device("D", 100) + "0003"))
        t.down(data)
