#!/usr/bin/env python3
# Holds the golden transcripts against tshark, an independent decoder; status 77 (skipped) where there is none.
"""tshark_test.py [PROTOCOL...]: for each golden capture (of these protocols only), what <protocol>/captures.py names of tshark's fields:

    CODE      (or a list) each value is the code of an operation of the frame's sender: as many in the transcript, per sender and code;
              or by field what the code is, {} standing for the value
    as_code   tshark's value as the code of an operation (default: as it is)
    CODE_OF   the operations that have such a field, by role (default: all)
    of_code   what of an operation's code tshark has in that field (default: all)
    IDENTITY  each value stands in a fact
    as_value  tshark's value as facts write it (default: as it is)
    DECODE_AS tshark's -d arguments for the ports of the cases that it would not try by itself
    KNOWN     "<case>: <difference>" where tshark reads less than the bytes say, and why

and tshark finds no frame malformed."""
import collections
import glob
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from make_captures import HERE, protocols

SENDER = ("ip.src", "ipv6.src", "eth.src")


def tshark(path, module, fields):
    """A row a frame: each field's list of values."""
    fields = list(dict.fromkeys(fields))  # of one that is named twice tshark fills but one column
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=/t", "-E", "aggregator=\x1f"]
    for rule in getattr(module, "DECODE_AS", []):
        command += ["-d", rule]
    for field in fields:
        command += ["-e", field]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [{field: cell.split("\x1f") if cell else [] for field, cell in zip(fields, line.split("\t"))}
            for line in out.splitlines()]


def transcript(path):
    with open(path[:-len(".pcap")] + ".jsonl", encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def address(end):
    """Without the port: 192.0.2.1:502, [2001:db8::1]:502, or a link-layer address as it is."""
    if end.startswith("["):
        return end[1:end.index("]")]
    return end.split(":")[0] if end.count(":") == 1 else end


def codes(path, protocol, module, fields, rows):
    written = module.CODE if isinstance(module.CODE, dict) else dict.fromkeys(fields, "{}")
    as_code = getattr(module, "as_code", lambda value: value)
    of_code = getattr(module, "of_code", lambda code: code)
    roles = getattr(module, "CODE_OF", ("request", "response", "message"))
    want = collections.Counter()
    for row in rows:
        sender = next(row[field][0] for field in SENDER if row[field])
        for field, value in ((field, value) for field in fields for value in row[field]):
            want[sender, as_code(written[field].format(value))] += 1
    got = collections.Counter()
    for line in transcript(path):
        if line["say"] in roles and line["protocol"] == protocol and line["code"]:
            got[address(line["from"]), of_code(line["code"])] += 1
    return [f"{sender} code {code}: tshark {want[sender, code]}, transcript {got[sender, code]}"
            for sender, code in sorted(set(want) | set(got)) if want[sender, code] != got[sender, code]]


def identity(path, module, rows):
    values = [str(line.get("value", "")).lower() for line in transcript(path)]
    values += [line["subject"]["ip"] for line in transcript(path) if "subject" in line]
    as_value = getattr(module, "as_value", lambda value: value)
    missing = []
    for row in rows:
        for field in module.IDENTITY:
            for value in row[field]:
                value = as_value(value).strip().rstrip(".").lower()
                if value and value != "0.0.0.0" and not any(value in x for x in values):
                    missing.append(f"{field} {value!r} is in no fact")
    return missing


def differences(path, protocol, module):
    """All that a capture is asked in one run of tshark, which takes longer to start than to read."""
    wanted = getattr(module, "CODE", [])
    wanted = [wanted] if isinstance(wanted, str) else list(wanted)
    facts = getattr(module, "IDENTITY", [])
    rows = tshark(path, module, ["_ws.malformed", *SENDER, *wanted, *facts])
    found = [f"tshark finds frame {number} malformed" for number, row in enumerate(rows, 1) if row["_ws.malformed"]]
    if facts:
        found += identity(path, module, rows)
    if wanted:
        found += codes(path, protocol, module, wanted, rows)
    return sorted({f"{os.path.basename(path)[:-len('.pcap')]}: {text}" for text in found})


def main():
    if shutil.which("tshark") is None:
        print("tshark is not installed")
        return 77
    wrong = 0
    work = [(path, protocol, module) for protocol, module in protocols() if protocol in sys.argv[1:] or not sys.argv[1:]
            for path in sorted(glob.glob(os.path.join(HERE, protocol, "*.pcap")))]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda item: differences(*item), work))
    explained = {(protocol, text) for _, protocol, module in work for text in getattr(module, "KNOWN", set())}
    seen = {(protocol, text) for (_, protocol, _), found in zip(work, results) for text in found}
    for protocol, text in sorted(seen - explained):
        print(f"{protocol}/{text}")
        wrong += 1
    for protocol, text in sorted(explained - seen):
        print(f"{protocol}/captures.py explains a difference that is not there: {text}")
        wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
