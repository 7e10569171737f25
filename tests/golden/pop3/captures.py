# POP3 as the specifications write it: RFC 1939, RFC 2595.
from packets import HMI, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

# What follows STLS.
ALSO = {"tls"}


def sessions(c):
    """A login in the clear, one with a digest, one after STLS; no secret and no mail may come out."""
    t = Tcp(c, HMI, SERVER, 55401, 110)
    t.down(b"+OK Example POP3 server (Ubuntu) ready <1896.6@mail.plant.example>\r\n")
    t.up(b"USER SECRET\r\n")
    t.down(b"+OK\r\n")
    t.up(b"PASS SECRET\r\n")
    t.down(b"+OK maildrop has 1 message\r\n")
    t.up(b"RETR 1\r\n")
    t.down(b"+OK 120 octets\r\nSubject: SECRET\r\n\r\nSECRET\r\n.\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 55402, 110)
    t.down(b"+OK Dovecot", b" ready.\r\n")
    t.up(b"APOP SECRET c4c9334bac560ecc979e58001b3e22fb\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 55403, 110)
    t.down(b"+OK ready\r\n")
    t.up(b"CAPA\r\n")
    t.down(b"+OK\r\nSTLS\r\n.\r\n")
    t.up(b"STLS\r\n")
    t.down(b"+OK Begin TLS negotiation\r\n")
    t.up(tls_record(22, tls_client_hello(b"mail.plant.example"), 0x0301))
    t.close()
