# MTConnect as ANSI/MTC1.4 writes it: part 1.0 (documents and their headers), part 2.0 (devices), part 3.0 (streams), part 4.0 (assets),
# over HTTP/1.1.
from packets import HMI, PLC, Tcp

ALSO = {"http"}

SPACE = 'xmlns:m="urn:mtconnect.org:MTConnect{0}:1.4" xmlns="urn:mtconnect.org:MTConnect{0}:1.4"'


def document(kind, body, sender="cell-7", version="1.4.0.12", root=None):
    root = root or "MTConnect" + kind
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/styles/{kind}.xsl"?>\n<!-- made by hand -->\n'
            f'<{root} {SPACE.format(kind)}>\n'
            f'  <Header creationTime="2025-06-15T15:06:40Z" sender="{sender}" instanceId="1750000000" version="{version}" bufferSize="131072"/>\n'
            f'{body}</{root}>\n')


MACHINE = """  <Devices>
    <Device id="d1" name="VMC-3Axis" uuid="000-VMC-17">
      <Description manufacturer="Example Machines" model="VMC 500" serialNumber='S-4711'>Mill in hall 3</Description>
      <DataItems><DataItem category="EVENT" id="avail" type="AVAILABILITY" name="not a device"/></DataItems>
    </Device>
    <Device id="d2" name="Lathe" uuid="000-LATHE-2"><Description manufacturer="Others" model="L2"/></Device>
  </Devices>
"""
STREAM = """  <Streams>
    <DeviceStream name="VMC-3Axis" uuid="000-VMC-17">
      <ComponentStream component="Rotary" name="C" componentId="c1"><Samples><SpindleSpeed dataItemId="c2" name="Srpm">1200</SpindleSpeed></Samples></ComponentStream>
    </DeviceStream>
  </Streams>
"""


def answer(body, kind="text/xml", *fields, status="200 OK"):
    body = body.encode()
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(head).encode() + body


def chunked(*parts):
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/xml;charset=utf-8\r\nTransfer-Encoding: chunked\r\nServer: MTConnectAgent\r\n\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*(x.encode() for x in parts), b""))
    return head.encode() + body


def request(path):
    return f"GET {path} HTTP/1.1\r\nHost: 192.168.10.20:5000\r\nAccept: text/xml\r\n\r\n".encode()


def agent(c):
    """An agent is asked what it has, for what is now and was, for tools; what it does not know."""
    t = Tcp(c, HMI, PLC, 49152, 5000)
    t.up(request("/probe"))
    t.down(answer(document("Devices", MACHINE)))
    t.up(request("/VMC-3Axis/current"))
    t.down(answer(document("Streams", STREAM)))
    t.up(request("/sample?from=17&count=100"))
    t.down(answer(document("Streams", STREAM), "application/xml"))
    t.up(request("/assets"))
    t.down(answer(document("Assets", "  <Assets><CuttingTool assetId='T1'/></Assets>\n")))
    t.up(request("/nothing"))
    t.down(answer(document("Error", '  <Errors><Error errorCode="NO_DEVICE">no such device</Error></Errors>\n'), status="404 Not Found"))
    t.up(request("/probe"))
    t.down(answer(document("Error", "  <Errors/>\n", root="MTConnectErrors")))
    t.close()


def stream(c):
    """In chunks; longer than what is read; with a prefix; split over segments; on the port of adapters."""
    t = Tcp(c, HMI, PLC, 49153, 7878)
    t.up(request("/probe"))
    whole = document("Devices", MACHINE)
    t.down(chunked(whole[:700], whole[700:]))
    t.up(request("/current"))
    long = answer(document("Streams", STREAM.replace("<Samples>", "<Samples>" + "<Load>17</Load>" * 300)))
    t.down(*(long[i:i + 1460] for i in range(0, len(long), 1460)))
    t.up(request("/probe"))
    t.down(answer(document("Devices", MACHINE, root="m:MTConnectDevices")))
    t.close()


def others(c):
    """Documents of other kinds, pages, documents that end too early or are packed."""
    t = Tcp(c, HMI, PLC, 49154, 5000)
    for body, kind in (("<?xml version='1.0'?><root><MTConnectDevices/></root>", "text/xml"), ("<html><title>MTConnect</title></html>", "text/html"),
                       ("<MTConnectDevices", "text/xml"), ("MTConnectDevices", "text/xml"), ("<!-- MTConnect -->", "application/xml"),
                       (document("Devices", MACHINE)[:430], "text/xml"), (document("Devices", MACHINE), "text/plain")):
        t.up(request("/probe"))
        t.down(answer(body, kind))
    t.up(request("/probe"))
    t.down(answer(document("Devices", MACHINE), "text/xml", "Content-Encoding: gzip"))
    t.close()
