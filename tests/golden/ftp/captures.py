# FTP as the specifications write it: RFC 959, RFC 4217.
from packets import HMI, PLC, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

CODE = "ftp.request.command"
CODE_OF = ("request",)
as_code = str.upper
# What follows AUTH TLS.
ALSO = {"tls"}


def transfers(c):
    """A program is put on a controller; nothing of names, paths and secrets may come out."""
    t = Tcp(c, HMI, PLC, 55101, 21)
    t.down(b"220 VxWor", b"ks (5.4.2) FTP server ready\r\n")
    for command, reply in ((b"USER SECRET", b"331 Password required"), (b"PASS SECRET", b"230 User logged in"),
                           (b"SYST", b"215 UNIX Type: L8"), (b"TYPE I", b"200 Type set to I"),
                           (b"PASV", b"227 Entering Passive Mode (192,168,10,20,4,1)"), (b"CWD /SECRET", b"250 Changed"),
                           (b"DELE SECRET", b"550 No such file")):
        t.up(command + b"\r\n")
        t.down(reply + b"\r\n")
    t.up(b"STOR SECRET.PRG\r\n")
    t.down(b"150 Opening BINARY mode data connection\r\n", b"226 Transfer complete\r\n")
    t.up(b"retr SECRET\r\n")
    t.down(b"150 Opening\r\n226 Transfer complete\r\n")
    t.up(b"QUIT\r\n")
    t.down(b"221 Bye\r\n")
    t.close()


def greetings(c):
    """A greeting of several lines, a login without a secret, a command that is none."""
    t = Tcp(c, HMI, SERVER, 55102, 21)
    t.down(b"220-Example maintenance server\r\n 220 is not the end\r\n220 Microsoft FTP Service\r\n")
    t.up(b"USER anonymous\r\n")
    t.down(b"331 Anonymous access allowed\r\n")
    t.up(b"PASS guest@example.org\r\n")
    t.down(b"230 User logged in\r\n")
    t.up(b"SYST\r\n")
    t.down(b"215 Windows_NT\r\n")
    t.close()


def encryption(c):
    """What follows AUTH TLS is TLS."""
    t = Tcp(c, HMI, SERVER, 55103, 21)
    t.down(b"220 (vsFTPd 3.0.5)\r\n")
    t.up(b"AUTH TLS\r\n")
    t.down(b"234 Proceed with negotiation.\r\n")
    t.up(tls_record(22, tls_client_hello(b"files.plant.example"), 0x0301))
    t.close()
