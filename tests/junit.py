# Reads a JUnit file of ctest or vitest; prints "passed failed skipped", then a sentence and what was skipped or failed.
import re
import sys
import xml.etree.ElementTree as ElementTree

try:
    with open(sys.argv[1], "rb") as file:
        # A test's output may hold colours for a terminal, which XML has no place for.
        cases = list(ElementTree.fromstring(re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"", file.read())).iter("testcase"))
except (OSError, ElementTree.ParseError) as error:
    sys.exit(f"{sys.argv[1]}: {error}")
failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None
          or case.get("status") == "fail"]
skipped = [case for case in cases if case not in failed
           and (case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"))]
passed = len(cases) - len(failed) - len(skipped)
print(passed, len(failed), len(skipped))
print(f"{len(cases)} tests")
for word, group in (("FAILED", failed), ("skipped", skipped)):
    for case in group:
        print(f"{word}: {case.get('name')}")
