#!/usr/bin/env python3
# Holds the dissectors against single messages whose fields others read, where those lie beside the project; else skipped (77).
"""samples_test.py SENSOR [RECORD ...]: every record of ../shared/data/wire_samples*.json whose protocol has a golden folder
becomes a capture of its own (with its request, where it is an answer and the request is a record too) and is recognised; the
operations and facts say what the record says, as far as both speak of it:

    COMMON    below: fields that mean the same in every protocol
    CODE      of <protocol>/captures.py, with as_code and of_code: tshark's field of the code (tshark_test.py)
    SAMPLES   of <protocol>/captures.py: field -> "code {}", "target unit {}", "fact {}", "error", "" (nothing), or a function that
              writes such a line for the field's value; several fields at once as a tuple

What differs on purpose stands in <protocol>/known_samples.txt, with why. Records of protocols without a folder are counted and
named. RECORD limits the test to the records so named and shows what the sensor says of them."""
import collections
import glob
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from make_captures import HERE, protocols
from packets import HMI, PLC, Capture, Tcp

DATA = os.path.join(HERE, "..", "..", "..", "shared", "data")
SKIPPED = 77
# The records' word for a protocol, or the beginning of their names, where it is not the product's.
PROTOCOL_NAMES = {
    "c37118": "synchrophasor", "cciefb": "cclink_ieb", "cclink-ie": "cclink_ie", "cclink_field": "cclink_ie", "dcp": "pn_dcp", "enip_rsp_11": "cip_io",
    "fl-net": "flnet", "fa-m3": "fa_m3", "fam3": "fa_m3", "fuji": "fuji_sph", "fuji-sph": "fuji_sph", "hartip": "hart_ip",
    "kv": "kv_hostlink", "kv-hostlink": "kv_hostlink", "ntlmssp_other": "ntlmssp", "pgsql": "postgresql", "pn-dcp": "pn_dcp", "pnio_cm": "pn_io_cm",
    "s7": "s7comm", "s7commplus": "s7comm_plus", "slmp3e": "slmp", "slmp4e": "slmp", "slmp68": "slmp", "smb1": "smb", "smb2": "smb",
    "toshiba": "toshiba_t", "toshiba-t": "toshiba_t",
}
# Answers whose request does not show by name (request and answer are called alike) or by flow and transaction.
REQUESTS = {"slmp3e_error_rsp": "slmp3e_remote_stop", "mewtocol_err": "mewtocol_wd", "mewtocol_rt_rsp_fpx": "mewtocol_rt",
            "toyopuc_read_rsp": "toyopuc_read_D0100x3", "toyopuc_nak_range": "toyopuc_read_D0100x3", "kv_err": "kv_write",
            "modbus_exception": "modbus_read_holding", "slmp4e_rsp": "slmp4e_random_read", "fins_tcp_2": "fins_tcp_1",
            "fins_tcp_4": "fins_tcp_3", "fins_udp_6": "fins_udp_5"}
TRANSACTIONS = ("mbtcp.trans_id", "s7comm.header.pduref", "opcua.RequestHandle", "bacapp.invoke_id", "hart_ip.transaction_id",
                "dcerpc.dg_seqnum", "pn_dcp.xid", "dnp3.al.seq", "ldap.messageID")
VERBS = {"stop": ("stop", "prog"), "run": ("run", "start", "resume"), "reset": ("reset",), "start": ("start",), "delete": ("delete",),
         "download": ("download",), "upload": ("upload",)}


def verb(value):
    return "verb " + value


COMMON = {"class": "access {}", "object": "target {}", "model": "fact {}", "verb": verb, "path": "target {}"}


class Sample:
    def __init__(self, record):
        self.name, self.expect = record["name"], {k: str(v) for k, v in record["expect"].items()}
        self.payload = bytes.fromhex(record["hex"])
        self.over = record.get("layer") or {"eth": "payload"}.get(record["l4"], record["l4"])
        self.flow = record.get("file")
        if "dir" in record:
            server = int(record["port"])
            self.ports = (server, 50000) if record["dir"] == "rsp" else (50000, server)
            self.is_answer = record["dir"] == "rsp"
            word = record["expect"].get("proto")
        else:
            self.ports = tuple(int(record[end] or 0) for end in ("sport", "dport"))
            self.is_answer = "_rsp_" in self.name or record["expect"].get("bacapp.type", "0") in "234567"
            word = PROTOCOL_NAMES.get(self.name, record["proto"])
        stems = [x for x in PROTOCOL_NAMES if self.name.startswith(x)] + [self.name.split("_")[0]]
        word = word or max(stems, key=len)
        self.protocol = "cclink_tsn" if "cclink_tsn" in self.name else PROTOCOL_NAMES.get(word, word)


def request_of(sample, samples):
    """Of an answer: the record of the same conversation that asked, if there is one."""
    if not sample.is_answer:
        return None
    by_name = REQUESTS.get(sample.name, sample.name.replace("_rsp", ""))
    also = sample.name.replace("_rsp_", "_req_")
    for other in samples:
        if other.over != sample.over or other.protocol != sample.protocol or other.is_answer:
            continue
        if sample.flow is None and other.name in (by_name, also):
            return other
        keys = [key for key in TRANSACTIONS if key in sample.expect]
        if sample.flow and other.flow == sample.flow and other.ports == sample.ports[::-1] and keys and \
                all(sample.expect[key] == other.expect.get(key) for key in keys):
            return other
    return None


def capture_of(sample, request, port):
    """As a file; `port` takes the place of the server's, 0 leaves it."""
    c = Capture()
    if sample.over == "ethernet":
        c.frames.append((c.time, sample.payload))
        return c.file()
    if sample.over == "payload":
        c.ethernet(HMI.mac, PLC.mac, sample.ports[1], sample.payload)
        return c.file()
    server = int(not sample.is_answer)
    ports = [x if i != server or not port else port for i, x in enumerate(sample.ports)]
    sender, receiver = (PLC, HMI) if sample.is_answer else (HMI, PLC)
    if sample.over == "udp":
        if request:
            c.udp(receiver, ports[1], sender, ports[0], request.payload)
        c.udp(sender, ports[0], receiver, ports[1], sample.payload)
        return c.file()
    stream = Tcp(c, HMI, PLC, *(ports[::-1] if sample.is_answer else ports))
    if request:
        stream.up(request.payload)
    (stream.down if sample.is_answer else stream.up)(sample.payload)
    stream.close()
    return c.file()


def records_of(sensor, capture):
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(capture)
        file.flush()
        run = subprocess.run([sensor, "analyze", "--format", "jsonl", file.name], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 2):
        return [{"record": "failure", "why": run.stderr[:200]}]
    return [json.loads(line) for line in run.stdout.splitlines()]


def is_recognised(records, protocol):
    return any(r.get("protocol") == protocol for r in records)


class Said:
    """What the sensor stated under the names of a protocol and those that travel with it."""

    def __init__(self, records, names, of_code):
        operations = [r for r in records if r["record"] == "operation" and r["protocol"] in names]
        self.lines = collections.defaultdict(set)
        for row in operations:
            self.lines["code"] |= {row["code"], of_code(row["code"])}
            self.lines["access"].add(row["access"])
            self.lines["target"].add(row["target"].lower())
            self.lines["function"].add(row["function"])
            self.lines["verb"].add(row["function"] + " " + row["target"].lower())
            if row["errors"]:
                self.lines["error"].add("")
        self.lines["fact"] = {r["value"].lower() for r in records if r["record"] == "fact"}
        # An answer to nobody need not know what was asked.
        self.has_operations = bool(operations)

    def has(self, line):
        what, _, value = line.partition(" ")
        if what in ("code", "access", "error"):
            return value in self.lines[what]
        if what == "verb":
            return any(word in text for word in VERBS[value] for text in self.lines[what])
        return any(value.lower() in text for text in self.lines[what])

    def all_of(self, what):
        return sorted(self.lines[what]) if what in self.lines else []


def wanted(sample, module):
    """The lines that the record asks for."""
    as_code = getattr(module, "as_code", lambda value: value)
    codes = getattr(module, "CODE", [])
    as_value = getattr(module, "as_value", lambda value: value)
    table = {field: (lambda value: "code " + as_code(value)) for field in ([codes] if isinstance(codes, str) else codes)}
    table |= {field: (lambda value: "fact " + as_value(value)) for field in getattr(module, "IDENTITY", [])}
    table = COMMON | table | getattr(module, "SAMPLES", {})
    for fields, line in table.items():
        fields = fields if isinstance(fields, tuple) else (fields,)
        if all(field in sample.expect for field in fields):
            columns = [sample.expect[field].split("|") for field in fields]
            # Where one field has more values than another, nobody can tell which belong together.
            for values in zip(*columns) if len({len(column) for column in columns}) == 1 else ():
                text = line(*values) if callable(line) else line.format(*values)
                if text:
                    yield text


def check(sensor, sample, samples, module, names, ports):
    request = request_of(sample, samples)
    records = records_of(sensor, capture_of(sample, request, 0))
    if not is_recognised(records, sample.protocol):
        # A weak signature needs more messages than one, unless it is spoken on its own port.
        for port in ports:
            records = records_of(sensor, capture_of(sample, request, port))
            if is_recognised(records, sample.protocol):
                break
        else:
            others = sorted({r["protocol"] for r in records if r.get("protocol")})
            return ["not recognised" + (f", but taken for {', '.join(others)}" if others else "")], records
    said = Said(records, names, getattr(module, "of_code", lambda code: code))
    # An answer whose question is not there knows no target, and perhaps nothing but what it states of the device.
    is_alone = sample.is_answer and request is None
    hidden = ("target ",) if said.has_operations else ("target ", "code ", "access ", "verb ", "function ", "error")
    lines = [line for line in wanted(sample, module) if not (is_alone and line.startswith(hidden))]
    found = [f"{line}: sensor {said.all_of(line.split()[0])}" for line in lines if not said.has(line)]
    return found, records


def usual_ports():
    """By protocol: the ports that docs/protocols.md lists."""
    with open(os.path.join(HERE, "..", "..", "docs", "protocols.md"), encoding="utf-8") as f:
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in f if line.startswith("|")]
    return {row[1].strip("`"): [int(x) for x in row[3].split(", ") if x.isdigit()][:1] for row in rows
            if len(row) > 4 and row[1].startswith("`")}


def known_differences():
    """Lines "<record>: <difference>"; a line that begins with # says why for those below it."""
    for path in glob.glob(os.path.join(HERE, "*", "known_samples.txt")):
        with open(path, encoding="utf-8") as f:
            yield from (line.rstrip("\n") for line in f if line.strip() and not line.startswith("#"))


def main():
    sensor, only = sys.argv[1], set(sys.argv[2:])
    samples = []
    for path in sorted(glob.glob(os.path.join(DATA, "wire_samples*.json"))):
        with open(path, encoding="utf-8") as f:
            samples += [Sample(record) for record in json.load(f)]
    if not samples:
        print("no samples beside the project")
        return SKIPPED
    modules, ports = dict(protocols()), usual_ports()
    known = set(known_differences())

    def judge(sample):
        module = modules[sample.protocol]
        names = {sample.protocol} | getattr(module, "ALSO", set())
        found, records = check(sensor, sample, samples, module, names, ports.get(sample.protocol, []))
        if only:
            print("\n".join([sample.name, str(sample.expect)] + [json.dumps(r) for r in records if r["record"] in ("conversation", "operation", "fact")]))
        return [f"{sample.name}: {text}" for text in found]

    work = [s for s in samples if s.protocol in modules and (not only or s.name in only)]
    with ThreadPoolExecutor(2) as pool:
        found = {text for result in pool.map(judge, work) for text in result}
    wrong = sorted(found - known) + [f"explained, but not there: {text}" for text in sorted(known - found) if not only]
    print("\n".join(wrong))
    without = collections.Counter(s.protocol for s in samples if s.protocol not in modules)
    print("no dissector yet: " + ", ".join(f"{name} {count}" for name, count in sorted(without.items())))
    print(f"{len(work)} of {len(samples)} samples, {len(wrong)} differences that are not explained")
    return 1 if wrong or not work else 0


if __name__ == "__main__":
    sys.exit(main())
