#!/usr/bin/env python3
"""`osect-sensor analyze` as a user meets it: the records' keys, the page for people, what bad input gets.

    analyze_test.py SENSOR
"""
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import unusual

SENSOR = sys.argv.pop(1)
MAKE_CAPTURE = pathlib.Path(__file__).resolve().parent.parent / "bench" / "make_capture.py"
KEYS = {
    "endpoint": ["record", "mac", "vlan", "ips", "packets", "first", "last"],
    "conversation": ["record", "client", "server", "transport", "port", "protocol", "packets", "bytes", "first", "last"],
    "operation": ["record", "protocol", "client", "server", "function", "code", "access", "target", "count", "errors",
                  "first", "last"],
    "fact": ["record", "subject", "attribute", "value", "source", "confidence", "first", "last"],
    "summary": ["record", "packets", "bytes", "duration_s", "dropped", "malformed", "unparsed", "uplink_bytes",
                "uplink_records"],
}


def analyze(*arguments):
    return subprocess.run([SENSOR, "analyze", *map(str, arguments)], capture_output=True, text=True, check=False)


class Analyze(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plant = self.folder / "plant.pcap"
        subprocess.run([MAKE_CAPTURE, self.plant, "--packets", "3000"], check=True)

    def test_every_record_has_its_keys_in_order_and_the_summary_comes_last(self):
        result = analyze(self.plant)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        records = [json.loads(line) for line in result.stdout.splitlines()]
        for record in records:
            self.assertEqual(list(record), KEYS[record["record"]])
        kinds = [record["record"] for record in records]
        self.assertEqual(list(dict.fromkeys(kinds)), ["endpoint", "conversation", "operation", "fact", "summary"])
        self.assertEqual(kinds.count("summary"), 1)
        self.assertEqual(records[-1]["packets"], 3000)
        self.assertGreater(records[-1]["uplink_bytes"], 0)

    def test_two_runs_print_the_same(self):
        self.assertEqual(analyze(self.plant).stdout, analyze(self.plant).stdout)

    def test_polls_are_operations_of_the_station(self):
        records = [json.loads(line) for line in analyze(self.plant).stdout.splitlines()]
        reads = [r for r in records if r["record"] == "operation" and r["code"] == "3"]
        self.assertTrue(reads)
        for read in reads:
            self.assertEqual((read["protocol"], read["function"], read["access"]),
                             ("modbus", "read_holding_registers", "read"))
            self.assertIn(read["client"], ("10.20.0.1", "10.20.0.101", "10.20.0.201", "10.20.1.45"))

    def test_a_damaged_file_is_named_and_what_can_be_read_is_reported(self):
        cut = self.folder / "cut.pcap"
        cut.write_bytes(self.plant.read_bytes()[:-20])
        result = analyze(cut)
        self.assertEqual(result.returncode, 2)
        self.assertIn(str(cut), result.stderr)
        self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], 2999)

    def test_what_is_no_capture_gets_a_sentence_and_the_other_files_are_read(self):
        text = self.folder / "notes.txt"
        text.write_text("not packets\n")
        result = analyze(text, self.plant)
        self.assertEqual(result.returncode, 2)
        self.assertRegex(result.stderr, f"{text}: .+")
        self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], 3000)

    def test_bad_input_gets_a_sentence_and_what_came_before_is_reported(self):
        plant = self.plant.read_bytes()
        squeezed = gzip.compress(plant, mtime=0)
        second = 24 + 16 + int.from_bytes(plant[32:36], "little")
        sections = unusual.pcapng_interfaces()
        for content, words, packets in [
                (b"", "the file is empty", 0),
                (plant[:10], "the file ends within its header", 0),
                (plant[:30], "in the middle of packet 1", 0),
                (plant[:second + 8] + b"\xff\xff\xff\x7f" + plant[second + 12:], "packet 2 at byte .* 2147483647", 1),
                (sections[:20], "the file ends within its header", 0),
                (sections[:-10], "in the middle of packet 6", 5),
                (unusual.section() + unusual.enhanced(unusual.FRAME4, 1), "interface 0, which was not described", 0),
                (squeezed[:len(squeezed) * 9 // 10], "after packet [0-9]+: the compressed data end early", None),
                (squeezed[:-8] + bytes(8), r"the compressed data are damaged \(incorrect data check\)", None)]:
            file = self.folder / "bad"
            file.write_bytes(content)
            result = analyze(file)
            with self.subTest(words):
                self.assertEqual(result.returncode, 2)
                self.assertRegex(result.stderr, f"^osect-sensor: {file}: .*{words}")
                read = json.loads(result.stdout.splitlines()[-1])["packets"]
                self.assertTrue(read == packets if packets is not None else read < 3000)

    def test_what_is_no_file_is_named(self):
        locked = self.folder / "locked.pcap"
        locked.write_bytes(self.plant.read_bytes())
        locked.chmod(0)
        for path, words in [(self.folder / "none.pcap", "No such file or directory"), (self.folder, "is a directory"),
                            (locked, "Permission denied")]:
            if path == locked and os.geteuid() == 0:
                continue  # root may read everything
            result = analyze(path, self.plant)
            self.assertEqual(result.returncode, 2)
            self.assertRegex(result.stderr, f"^osect-sensor: {path}: .*{words}")
            self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], 3000)

    def test_a_link_type_that_is_not_understood_is_said_and_counted(self):
        file = self.folder / "usb.pcap"
        file.write_bytes(unusual.pcap([bytes(64)] * 3, link=189))
        result = analyze(file)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr, f"{file}: 3 frame.* link type that is not understood .number 189")
        self.assertEqual(json.loads(result.stdout.splitlines()[-1])["packets"], 3)

    def test_wrong_arguments_say_what_is_allowed(self):
        for arguments in ([], ["--format", "xml", self.plant], ["--colour", self.plant]):
            result = analyze(*arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("usage: osect-sensor analyze FILE...", result.stderr)

    def test_the_page_for_people_names_devices_and_functions(self):
        page = analyze("--format", "summary", self.plant).stdout
        self.assertIn("3000 packets", page)
        self.assertIn("10.20.0.1", page)
        self.assertIn("read_holding_registers", page)

    def test_an_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([SENSOR, "analyze", self.plant], stdout=full, stderr=subprocess.PIPE, text=True,
                                    check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("could not be written", result.stderr)


if __name__ == "__main__":
    unittest.main()
