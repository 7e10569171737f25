# SMTP as the specifications write it: RFC 5321, RFC 3207, RFC 4954.
from packets import HMI, PLC, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

# What follows STARTTLS.
ALSO = {"tls"}


def mails(c):
    """An alarm sent by a controller after a login; nothing of secret, addresses and mail may come out."""
    t = Tcp(c, PLC, SERVER, 55301, 25)
    t.down(b"220 mail.plant.example ESMTP Postfix (Debian/GNU)\r\n")
    t.up(b"EHLO press-07\r\n")
    t.down(b"250-mail.plant.example\r\n250-AUTH LOGIN PLAIN\r\n", b"250 SIZE 10240000\r\n")
    t.up(b"AUTH PLAIN U0VDUkVU\r\n")
    t.down(b"235 2.7.0 Authentication successful\r\n")
    t.up(b"MAIL FROM:<SECRET@plant.example>\r\n")
    t.down(b"250 2.1.0 Ok\r\n")
    t.up(b"DATA\r\n")
    t.down(b"354 End data with <CR><LF>.<CR><LF>\r\n")
    t.up(b"Subject: SECRET\r\n\r\nSECRET\r\n.\r\n")
    t.close()


def encryption(c):
    """What follows STARTTLS is TLS; a greeting in two segments."""
    t = Tcp(c, HMI, SERVER, 55302, 587)
    t.down(b"220 mail.plant.example Microsoft ESM", b"TP MAIL Service ready; 1 Jan 2026\r\n")
    t.up(b"HELO [192.168.10.10]\r\n")
    t.down(b"250 mail.plant.example\r\n")
    t.up(b"STARTTLS\r\n")
    t.down(b"220 2.0.0 Ready to start TLS\r\n")
    t.up(tls_record(22, tls_client_hello(b"mail.plant.example"), 0x0301))
    t.close()
