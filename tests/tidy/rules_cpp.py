# What tidy asks of C++: include arrows, banned words with their replacement, sizes.
import ast
import posixpath
import re

from tree import Finding, has_reason, line_of, strings

# Each folder may include itself, base/, generated messages and what stands before it.
SENSOR = ["capture", "decode", "dissect", "observe", "watch", "signature", "condense", "spool", "uplink", "health"]
CLOUD = ["store", "ingest", "inventory", "detect", "rules", "weakness", "alert", "ledger", "report",
         "account", "api"]
# Headers that only these folders see, so that nothing else depends on the library behind them.
HOMES = {
    "pcap": ("sensor/capture/",),
    "hs/": ("sensor/signature/prefilter",),
    "pcre2": ("sensor/signature/expression",),
    "boost/beast": ("cloud/api/",),
    "boost/asio": ("cloud/api/", "cloud/main"),
    "grpcpp/": ("sensor/uplink/", "cloud/ingest/"),
    "libpq": ("cloud/store/",),
    "argon2": ("cloud/account/",),
    "toml++": ("base/config", "cloud/inventory/rules", "cloud/detect/rule",
               "cloud/weakness/known", "cloud/alert/stage", "cloud/ledger/columns"),
}
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
OURS = ("base/", "sensor/", "cloud/")


def include_arrows(tree):
    for path, text in tree.files(".cpp", ".h", under=OURS):
        for match in _INCLUDE.finditer(text):
            target = match[2]
            line = line_of(text, match.start())
            if match[1] == "<":
                yield from _library_at_home(path, line, target)
                continue
            if target.startswith("osect/v1/") or target.endswith(".inc"):
                continue  # written by the build
            if target.startswith("cloud/store/queries/") and target[:-2] + ".sql" in tree:
                target = target[:-2] + ".sql"  # the build turns one into the other
            if target not in tree:
                yield Finding(path, line, f"includes {target}, which does not exist; includes start at the top folder")
            elif not _may_include(path, target):
                yield Finding(path, line, f"includes {target}, against the arrow (docs/architecture.md)")


def _library_at_home(path, line, header):
    for prefix, homes in HOMES.items():
        if header.startswith(prefix) and not path.startswith(homes) and not path.endswith("_test.cpp"):
            yield Finding(path, line, f"<{header}> belongs in {' or '.join(homes)}; include that folder's own header")


def _may_include(path, target):
    half, other = path.split("/")[0], target.split("/")[0]
    if other in ("base", "proto"):
        return True
    if half != other:
        return False
    arrow = SENSOR if half == "sensor" else CLOUD
    here, there = _folder(path), _folder(target)
    if here is None:
        return True  # wiring: sensor/*.cpp and cloud/*.cpp see everything of their half
    return there == here or (there in arrow and here in arrow and arrow.index(there) < arrow.index(here))


def _folder(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


# word, where it is banned, where it is allowed, what to use. A line whose NOLINT gives a reason is excused; tests may
# look at raw bytes and wait.
_OF_TESTS = re.compile(r"_test\.cpp$|/testing/|/testing\.|^tests/")
_TESTS_MAY = ("reinterpret_cast", "memcpy", "memmove", "sleep", "std::shared_ptr", "using namespace")
_RAW_BYTES = ("sensor/capture/", "sensor/decode/", "sensor/spool/", "base/")
BANNED = [
    (r"\breinterpret_cast\b", OURS, _RAW_BYTES, "the cursor (sensor/decode/cursor.h) or std::bit_cast"),
    (r"\bmem(?:cpy|move)\s*\(", OURS, _RAW_BYTES, "std::copy, or the cursor for bytes of others"),
    # "(new T" hands the object to its owner at once, as private constructors and over-sized arrays need it.
    (r"(?<![({])\bnew\b(?!\s*\()", OURS, (), "std::make_unique, or a value"),
    (r"\bstd::thread\b(?!::)", OURS, (), "std::jthread"),
    (r"\bstd::regex\b", OURS, (), "a hand-written scan, or RE2"),
    (r"\b(?:u|nano)?sleep(?:_for|_until)?\s*\(", OURS, (), "a condition variable, a timer or a deadline"),
    (r"\bstd::endl\b", OURS, (), r"'\n'"),
    (r"\b(?:strcpy|strcat|sprintf|gets|atoi|atol|strtok)\s*\(", OURS, (), "std::string, fmt::format, from_chars"),
    (r"\bstd::shared_ptr\b", ("base/", "sensor/"), ("sensor/uplink/",), "a value or std::unique_ptr"),
    (r"\babsl::", OURS, (), "the standard library, Boost or fmt"),
    (r"\busing\s+namespace\s+(?!.*literals)", OURS, (), "the names themselves"),
]


def banned_words(tree):
    for pattern, where, allowed, instead in BANNED:
        expression = re.compile(pattern)
        for path, text in tree.files(".cpp", ".h", under=where):
            if allowed and path.startswith(allowed):
                continue
            code = re.sub(r"^[ \t]*#[^\n]*", lambda m: " " * len(m[0]), tree.code(path), flags=re.M)
            lines = text.splitlines()
            for match in expression.finditer(code):
                line = line_of(code, match.start())
                is_excused = _OF_TESTS.search(path) and match[0].startswith(_TESTS_MAY)
                if not is_excused and not has_reason(lines, line):
                    yield Finding(path, line, f"'{match[0].strip()}' is banned here; use {instead}, "
                                              "or say why not after NOLINT")


def excuses_have_reasons(tree):
    for path, text in tree.files(".cpp", ".h", under=OURS):
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            if "NOLINT" in line and "NOLINTEND" not in line:
                aim = number + 1 if "NOLINTNEXTLINE" in line else number
                if not has_reason(lines, aim):
                    yield Finding(path, number, "NOLINT without a reason; write it on the same line")


_SQL = re.compile(r"\s*(?:select\s|insert\s+into\s|update\s+\w+\s+set\b|delete\s+from\s|create\s+(?:table|index|role)\s"
                  r"|alter\s+(?:table|role)\s|drop\s+(?:table|role)\s|truncate\s)", re.I)


def sql_in_files(tree):
    for path, text in tree.files(".cpp", ".h", under=OURS):
        if path.endswith("_test.cpp") or "/testing/" in path:
            continue
        lines = text.splitlines()
        for line, content in strings(text):
            if _SQL.match(content) and not has_reason(lines, line):
                yield Finding(path, line, "SQL in C++; put it in cloud/store/queries/ or cloud/store/migrations/")


def no_promises(tree):
    word = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    for path, text in tree.texts.items():
        if text is None or path.startswith("docs/") or path.endswith((".json", ".svg", "package-lock.json")):
            continue
        for match in word.finditer(text):
            yield Finding(path, line_of(text, match.start()), f"'{match[0]}': do it, or open an issue")


FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 450
# A row of a table, a label or a plain answer of a switch: such lines make a table, not a long function.
_TABLE_ROW = re.compile(r"\s*(?:case\b.*:|default:|return [^();]*;|break;|\{.*\},?|[\"'][^\"']*[\"'],?"
                        r"|(?:[\w-]+|[\"'][^\"']*[\"']): .*,|[\w:.]+,)\s*")
_COMMENT = re.compile(r"\s*(?://|#(?!include|define|if|end)|\*|/\*)")


def _counted(lines):
    return sum(1 for line in lines
               if line.strip() and not _COMMENT.match(line) and not _TABLE_ROW.fullmatch(line))


def function_lengths(tree):
    for path, _ in tree.files(".cpp", ".h", under=OURS + ("tests/",)):
        lines = tree.code(path).splitlines()
        for first, last in functions(tree.code(path)):
            yield from _too_long(path, first, _counted(lines[first - 1:last]))
    for path, text in tree.files(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                counted = _counted(text.splitlines()[node.lineno - 1:node.end_lineno])
                yield from _too_long(path, node.lineno, counted)


def _too_long(path, line, counted):
    if counted > FUNCTION_LINES_MAX:
        yield Finding(path, line, f"a function of {counted} lines (comments and table rows not counted); "
                                  f"{FUNCTION_LINES_MAX} is the most")


_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b|extern\s*\"")


def functions(code):
    """(first, last) lines of the outermost function bodies of blanked C++."""
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.)*(?:\\\n[^\n]*)*", lambda m: re.sub(r"[^\n]", " ", m[0]), code, flags=re.M)
    open_blocks, header, body, end = [], 0, None, None
    for match in re.finditer(r"[{};]", code):
        position = match.start()
        if match[0] == "{":
            text = code[header:position].strip()
            if body is None:
                kind = _block_kind(text, end is not None)
                if kind == "function":
                    start = end if end is not None and _continues(text) else header
                    first = start + len(code[start:]) - len(code[start:].lstrip())
                    body = (first, len(open_blocks))
            open_blocks.append(position)
        elif match[0] == "}" and open_blocks:
            open_blocks.pop()
            if body is not None and len(open_blocks) == body[1]:
                rest = code[position + 1:position + 400].lstrip()
                if rest.startswith((",", "{")):  # the member initialisers of a constructor, its body follows
                    header, end, body = position + 1, body[0], None
                    continue
                yield line_of(code, body[0]), line_of(code, position)
                body = None
        if body is None:
            header, end = position + 1, None


def _continues(text):
    return text == "" or text.startswith(",")


def _block_kind(text, is_after_initialiser):
    if is_after_initialiser and _continues(text):
        return "function"
    bare = re.sub(r"template\s*<[^{}]*?>\s*(?=class|struct|auto|void|\w)", "", text)
    if _SCOPE.search(bare) and "(" not in re.sub(r"\b(?:alignas|__attribute__)\s*\([^()]*\)", "", bare):
        return "scope"
    if text.endswith(("=", ",", "(", "return")) or ")" not in text:
        return "other"
    return "function"


def file_lengths(tree):
    for path, text in tree.files(".cpp", ".h", ".ts", ".tsx", ".py", ".css"):
        if re.search(r"[_.]test\.|(^|/)tests?/", path) or "/gen/" in path:
            continue
        counted = _counted(text.splitlines())
        if counted > FILE_LINES_MAX:
            yield Finding(path, 1, f"{counted} lines (comments and table rows not counted); "
                                   f"{FILE_LINES_MAX} is the most, split it by what it does")


def dead_cpp(tree):
    included = set()
    for path, text in tree.files(".cpp", ".h"):
        included.update(m[2] for m in _INCLUDE.finditer(text))
    for path, text in tree.files(".cpp", ".h", under=OURS + ("tests/",)):
        if path.endswith(".h"):
            if path not in included:
                yield Finding(path, 1, "no file includes this header; remove it")
            continue
        if not _is_built(tree, path):
            yield Finding(path, 1, "no CMakeLists.txt builds this file; remove it")


def _is_built(tree, path):
    """Named, or globbed by osect_folder, in the CMakeLists.txt of its folder or of one above."""
    folder = posixpath.dirname(path)
    while folder:
        listing = tree.texts.get(folder + "/CMakeLists.txt")
        if listing is not None:
            relative = posixpath.relpath(path, folder)
            stem = re.sub(r"(_test)?\.cpp$", "", relative)
            if re.search(rf"(?<![\w./-]){re.escape(stem)}(?:_test)?(?:\.cpp)?(?![\w./-])", listing):
                return True
            own = posixpath.dirname(relative)
            if (not own and "osect_folder(" in listing) or (own + "/*" if own else "*.cpp") in listing:
                return True
        folder = posixpath.dirname(folder)
    return False


RULES = [include_arrows, banned_words, excuses_have_reasons, sql_in_files, no_promises, function_lengths,
         file_lengths, dead_cpp]
