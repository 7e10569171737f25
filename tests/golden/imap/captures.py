# IMAP as the specifications write it: RFC 9051.
from packets import HMI, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

# What follows STARTTLS.
ALSO = {"tls"}


def sessions(c):
    """A login in the clear and one after STARTTLS; no secret and no mail may come out."""
    t = Tcp(c, HMI, SERVER, 55501, 143)
    t.down(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Dovecot (Ub", b"untu) ready.\r\n")
    t.up(b"a1 LOGIN SECRET SECRET\r\n")
    t.down(b"a1 OK Logged in\r\n")
    t.up(b"a2 SELECT SECRET\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 55502, 143)
    t.down(b"* OK Courier-IMAP ready.\r\n")
    t.up(b"a1 STARTTLS\r\n")
    t.down(b"a1 OK Begin TLS negotiation now.\r\n")
    t.up(tls_record(22, tls_client_hello(b"mail.plant.example"), 0x0301))
    t.close()
