# Each rule of tidy finds what it is there to find, and stays quiet about the right way to write it.
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rules_cpp  # noqa: E402
import rules_text  # noqa: E402
from tree import Tree, blank_comments  # noqa: E402

TOP = "// What this file is for.\n"
LONG_BODY = "".join(f"  do_step({i});\n" for i in range(80))
TABLE_BODY = "  switch (x) {\n" + "".join(f"    case {i}:\n      return {i};\n" for i in range(80)) + "  }\n"
BUILT = {"base/CMakeLists.txt": "osect_folder(base)"}


def cpp(text, path="base/a.cpp"):
    return {path: TOP + text}


# rule -> (trees it must object to, trees it must accept)
CASES = {
    rules_cpp.include_arrows: (
        [{"sensor/decode/a.h": TOP + '#include "sensor/observe/b.h"', "sensor/observe/b.h": TOP},
         {"sensor/spool/a.h": TOP + '#include "cloud/store/b.h"', "cloud/store/b.h": TOP},
         {"cloud/account/a.cpp": TOP + '#include "cloud/api/b.h"', "cloud/api/b.h": TOP},
         {"base/a.h": TOP + '#include "sensor/decode/b.h"', "sensor/decode/b.h": TOP},
         cpp('#include "b.h"'),
         cpp("#include <pcap/pcap.h>", "sensor/dissect/a.cpp"),
         cpp("#include <libpq-fe.h>", "cloud/api/a.cpp")],
        [{"sensor/observe/a.h": TOP + '#include "sensor/decode/b.h"', "sensor/decode/b.h": TOP},
         {"sensor/run.cpp": TOP + '#include "sensor/uplink/b.h"', "sensor/uplink/b.h": TOP},
         {"cloud/api/a.h": TOP + '#include "cloud/account/b.h"\n#include "base/c.h"\n#include <vector>',
          "cloud/account/b.h": TOP, "base/c.h": TOP},
         cpp('#include "osect/v1/record.pb.h"', "sensor/condense/a.cpp"),
         cpp("#include <pcap/pcap.h>", "sensor/capture/a.cpp")]),
    rules_cpp.banned_words: (
        [cpp("auto p = reinterpret_cast<int*>(q);", "cloud/api/a.cpp"),
         cpp("memcpy(a, b, 4);", "sensor/dissect/a.cpp"), cpp("auto* p = new int;"),
         cpp("std::thread worker([] {});"), cpp("std::regex r;"), cpp("std::this_thread::sleep_for(1s);"),
         cpp("auto* p = new int;  // NOLINT"), cpp("using namespace std;"), cpp("absl::StrCat(a);"),
         cpp("int n = atoi(text);"), cpp("out << std::endl;"), cpp("std::shared_ptr<int> p;", "sensor/observe/a.h")],
        [cpp("auto p = reinterpret_cast<int*>(q);", "sensor/decode/a.cpp"), cpp("std::memcpy(a, b, 4);", "base/a.h"),
         cpp('// a new thing, never std::thread\nauto text = "new int";'), cpp("std::thread::id id;"),
         cpp("auto* p = new Reactor;  // NOLINT: gRPC deletes it in OnDone"),
         cpp("// NOLINTNEXTLINE(some-check): gRPC deletes it in OnDone\nauto* p = new Reactor;"),
         cpp("renew(news);"), cpp("std::unique_ptr<A> a(new A(1));"), cpp("#include <new>\n"), cpp("using namespace std::string_literals;")]),
    rules_cpp.excuses_have_reasons: (
        [cpp("int a;  // NOLINT"), cpp("// NOLINTNEXTLINE(check)\nint a;"), cpp("// NOLINTBEGIN(check)\n")],
        [cpp("int a;  // NOLINT(check): the kernel's structure wants it")]),
    rules_cpp.sql_in_files: (
        [cpp('run("select id from device");', "cloud/api/a.cpp"), cpp('run(R"(\n  insert into site values (1))");')],
        [cpp('run("select id from device");', "cloud/store/a_test.cpp"), cpp('say("selected devices");'),
         cpp('// "select id from device"\n')]),
    rules_cpp.no_promises: ([cpp("// TO" "DO: later"), {"web/src/a.ts": "// FIX" "ME"}], [cpp("// does it today")]),
    rules_cpp.function_lengths: (
        [cpp("namespace a {\nint f(int x) {\n" + LONG_BODY + "}\n}"),
         cpp("S::S(int x) : x_{x}, y_{2} {\n" + LONG_BODY + "}"),
         cpp("struct S {\n  void f() const {\n" + LONG_BODY + "}\n};"),
         {"tests/a.py": "def f():\n" + LONG_BODY.replace(";", "")}],
        [cpp("int f(int x) {\n" + TABLE_BODY + "}"), cpp("constexpr int kTable[] = {\n" + "  f(1),\n" * 90 + "};"),
         cpp("int f() {\n" + LONG_BODY[:300] + "}\nint g() {\n" + LONG_BODY[:300] + "}")]),
    rules_cpp.file_lengths: (
        [cpp("int a();\n" * 451), {"web/src/a.tsx": TOP + "f();\n" * 451}],
        [cpp("int a();\n" * 451, "base/a_test.cpp"), cpp("// why\n" * 500), cpp('  {1, "one"},\n' * 500)]),
    rules_cpp.dead_cpp: (
        [BUILT | {"base/a.h": TOP}, {"base/CMakeLists.txt": "add_library(b b.cpp)", "base/a.cpp": TOP},
         {"tests/CMakeLists.txt": "", "tests/bench/a.cpp": TOP}],
        [BUILT | {"base/a.h": TOP, "base/a.cpp": TOP + '#include "base/a.h"'},
         {"tests/CMakeLists.txt": "add_executable(a bench/a.cpp)", "tests/bench/a.cpp": TOP}]),
    rules_text.opening_lines: (
        [{"base/a.cpp": "#include <vector>\n"}, {"a.py": "#!/usr/bin/env python3\nimport os\n"}, {"web/src/a.ts": "//\n"},
         {"cloud/store/queries/a.sql": "select 1;"}],
        [cpp(""), {"a.py": "#!/usr/bin/env python3\n# What it is for.\n"}, {"web/src/gen/a.ts": "export type A = 1;"}]),
    rules_text.links: (
        [{"README.md": "[plan](docs/plan.md)"}, {"README.md": "![shot](docs/a.png)"},
         {"README.md": "run `tests/gone`", "tests/run": "x"}, cpp("// see docs/gone.md")],
        [{"README.md": "[plan](docs/plan.md#part) `docs/plan.md` `docs/*.md` `a/b`", "docs/plan.md": "[up](../README.md)"},
         {"README.md": "[site](https://example.com/x)"}]),
    rules_text.nothing_of_this_machine: (
        [cpp("// /ho" "me/someone/osect"), {"deploy/a": "curl https://regis" "try.np" "mjs.org/x"},
         {"web/package-lock.json": '{"resolved": "x"}'}],
        [cpp("// /etc/osect/sensor.toml, ~/folder/x, $HOME/folder/x")]),
    rules_text.web_names: (
        [{"web/src/DeviceList.tsx": TOP}, {"web/src/a.ts": "export default function f() {}"},
         {"web/src/a.ts": "export { f as default };"}],
        [{"web/src/device-list.test.tsx": TOP, "web/vite.config.ts": "export default {};", "web/.npmrc": ""}]),
    rules_text.features_apart: (
        [{"web/src/features/a/x.ts": 'import { y } from "../b/y";', "web/src/features/b/y.ts": ""},
         {"web/src/shared/x.ts": 'import { y } from "@/features/b/y";', "web/src/features/b/y.ts": ""},
         {"web/src/features/a/x.ts": 'import { y } from "../../app/y";', "web/src/app/y.ts": ""}],
        [{"web/src/features/a/x.ts": 'import { y } from "./y";\nimport { z } from "../../shared/z";',
          "web/src/features/a/y.ts": "", "web/src/shared/z.ts": ""}]),
    rules_text.dead_web: (
        [{"web/index.html": '<script src="/src/main.tsx">', "web/src/main.tsx": "", "web/src/gone.ts": ""}],
        [{"web/index.html": '<script src="/src/main.tsx">', "web/src/main.tsx": 'import "./a.css";\nimport("./b");',
          "web/src/a.css": "", "web/src/b.tsx": 'import { c } from "@/c";', "web/src/c.ts": ""}]),
    rules_text.dead_files: (
        [{"deploy/forgotten": "x"}, {"docs/forgotten.md": "x"}],
        [{"deploy/setup": "x", "README.md": "run deploy/setup"}, {"tests/golden/modbus/a.pcap": None, "b.py": "tests/golden/modbus/"}]),
    rules_text.translations: (
        [{"web/src/shared/i18n/ja.json": '{"a": "あ"}', "web/src/shared/i18n/en.json": "{}"},
         {"web/src/shared/i18n/ja.json": "{}", "web/src/shared/i18n/en.json": '{"a": {"b": "x"}}'},
         {"web/src/shared/i18n/ja.json": "{}", "web/src/shared/i18n/en.json": "{}", "web/src/a.tsx": 't("gone")'}],
        [{"web/src/shared/i18n/ja.json": '{"n_other": "台"}', "web/src/a.tsx": 't("n", { count })',
          "web/src/shared/i18n/en.json": '{"n_one": "x", "n_other": "y"}'}]),
}


class Rules(unittest.TestCase):
    def test_every_rule_has_a_case_that_fails(self):
        self.assertEqual(set(CASES), set(rules_cpp.RULES + rules_text.RULES))
        self.assertTrue(all(bad and good for bad, good in CASES.values()))

    def test_rules(self):
        for rule, (bad, good) in CASES.items():
            for texts in bad:
                with self.subTest(rule=rule.__name__, bad=texts):
                    self.assertNotEqual([], list(rule(Tree(texts))))
            for texts in good:
                with self.subTest(rule=rule.__name__, good=texts):
                    self.assertEqual([], list(rule(Tree(texts))))

    def test_comments_and_strings_are_blanked_in_place(self):
        text = 'int a = 1\'000; // new\nauto s = "// new"; /* new\nnew */ char c = \'"\'; f(R"(new)");'
        blanked = blank_comments(text)
        self.assertNotIn("new", blanked)
        self.assertEqual(text.count("\n"), blanked.count("\n"))
        self.assertIn("1'000", blanked)


if __name__ == "__main__":
    unittest.main()
