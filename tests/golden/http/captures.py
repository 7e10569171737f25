# HTTP/1.1 as the specifications write it: RFC 9112.
import base64

from ntlmssp_frames import authenticate, challenge, first_token, negotiate
from packets import HMI, PLC, SERVER, Tcp
from tls_frames import tls_client_hello, tls_record

# tshark fields of which every value must stand in a fact.
IDENTITY = ["http.user_agent", "http.server", "ntlmssp.negotiate.callingworkstation", "ntlmssp.challenge.target_info.dns_computer_name",
            "ntlmssp.auth.hostname"]
# What a tunnel of a case holds.
ALSO = {"tls"}


def exchanges(c):
    """Pages with and without length, chunks, HEAD, a POST, a tunnel by CONNECT; no secret of them may come out."""
    t = Tcp(c, HMI, PLC, 54001, 80)
    get = b"GET /status.cgi?token=SECRET HTTP/1.1\r\nHost: press-07.plant.example\r\nUser-Agent: ExampleBrowser/5.0\r\n" \
          b"Cookie: session=SECRET\r\nAuthorization: Basic U0VDUkVU\r\n\r\n"
    page = b"<html><head>\n<TITLE>Press 7 - Status</TITLE></head><body>" + b"x" * 3000 + b"</body></html>"
    head = b"HTTP/1.1 200 OK\r\nServer: ExampleWeb/1.2\r\nContent-Type: text/html\r\nContent-Length: %d\r\n" \
           b"Set-Cookie: session=SECRET\r\n\r\n" % len(page)
    whole = head + page
    t.up(get[:40], get[40:])
    t.down(whole[:100], whole[100:1500], whole[1500:])
    t.up(b"HEAD / HTTP/1.1\r\nHost: 192.168.10.20\r\n\r\n")
    t.down(b"HTTP/1.1 200 OK\r\nServer: ExampleWeb/1.2\r\nContent-Length: 5000\r\n\r\n")
    t.up(b"GET / HTTP/1.1\r\nHost: 192.168.10.20\r\n\r\n")
    t.down(b"HTTP/1.1 401 Unauthorized\r\nServer: ExampleWeb/1.3\r\nWWW-Authenticate: Basic realm=\"EX-100 service\"\r\n"
           b"Content-Length: 0\r\n\r\n")
    t.up(b"POST /set HTTP/1.1\r\nHost: 192.168.10.20\r\nUser-Agent: ExampleTool/1\r\nContent-Length: 15\r\n\r\npassword=SECRET")
    t.down(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
           b"20\r\n<html><title>Done</title></html>\r\n0\r\n\r\n")
    t.close()

    t = Tcp(c, HMI, SERVER, 54002, 3128)
    t.up(b"CONNECT vendor.example:443 HTTP/1.1\r\nHost: vendor.example:443\r\nUser-Agent: Updater/2\r\n\r\n")
    t.down(b"HTTP/1.1 200 Connection established\r\n\r\n")
    t.up(tls_record(22, tls_client_hello(b"vendor.example"), 0x0301))
    t.close()

    t = Tcp(c, HMI, PLC, 54003, 9080)
    t.up(b"GET / HTTP/1.0\r\n\r\n")
    t.down(b"HTTP/1.0 200 OK\r\nServer: GoAhead-Webs\r\n\r\n", b"until the end " * 20)
    t.close()


def systems(c):
    """What software says of the system under it, through a proxy too, and a login in the clear; the secret may not come out."""
    t = Tcp(c, HMI, SERVER, 54101, 80)
    t.up(b"GET / HTTP/1.1\r\nHost: 192.168.10.5\r\nUser-Agent: Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)\r\n"
         b"Authorization: Basic U0VDUkVU\r\n\r\n")
    t.down(b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/6.0\r\nContent-Length: 0\r\n\r\n")
    t.up(b"GET / HTTP/1.1\r\nHost: 192.168.10.5\r\nVia: 1.1 proxy\r\n"
         b"User-Agent: Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:15.0)\r\n\r\n")
    t.down(b"HTTP/1.1 200 OK\r\nServer: Schneider-WEB/V2.1.4\r\nContent-Length: 0\r\n\r\n")
    t.close()


def windows_login(c):
    """Both machines say what they are while somebody logs in; who does, and with what, is not kept. Then what is no such login."""
    t = Tcp(c, HMI, SERVER, 54010, 80)
    told = lambda scheme, message: scheme + b" " + base64.b64encode(message)
    def ask(credentials):
        t.up(b"GET / HTTP/1.1\r\nAuthorization: " + credentials + b"\r\n\r\n")
    def refuse(credentials):
        t.down(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + credentials + b"\r\nContent-Length: 0\r\n\r\n")
    ask(told(b"Negotiate", first_token(negotiate(b"PLANT", b"HMI-1"))))
    refuse(told(b"NTLM", challenge("PLANT", [(2, "PLANT"), (1, "SCADA-1"), (3, "scada-1.plant.example")])))
    ask(told(b"NTLM", authenticate("PLANT", "not kept", "HMI-1")))
    refuse(b"NTLM")
    ask(told(b"Basic", b"somebody:secret"))
    refuse(b"Negotiate oUMwQaADCgEB!")


# A token that is none.
KNOWN = {"windows-login: tshark finds frame 9 malformed"}
