# The tree that tidy looks at: tracked and new files, their text, and C++ without its comments and strings.
import dataclasses
import pathlib
import re
import subprocess


@dataclasses.dataclass(frozen=True)
class Finding:
    """One place that breaks a rule, and what to do instead."""

    path: str
    line: int
    message: str


class Tree:
    """Paths (relative, with /) and texts. Binary files have the text None."""

    def __init__(self, texts):
        self.texts = texts
        self._code = {}

    @classmethod
    def read(cls, root):
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=root, check=True, capture_output=True, text=True).stdout
        texts = {}
        for path in sorted(filter(None, listed.split("\0"))):
            file = pathlib.Path(root, path)
            if not file.is_file():
                continue
            try:
                texts[path] = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                texts[path] = None
        return cls(texts)

    def __contains__(self, path):
        return path in self.texts

    def files(self, *suffixes, under=("",)):
        """(path, text) of the text files with one of these endings below one of these folders."""
        for path, text in self.texts.items():
            if text is not None and path.endswith(suffixes) and path.startswith(tuple(under)):
                yield path, text

    def folders(self):
        found = set()
        for path in self.texts:
            found.update(str(parent) for parent in pathlib.PurePosixPath(path).parents)
        return found - {"."}

    def code(self, path):
        """The C++ of a file with comments and the inside of strings blanked; lines keep their numbers."""
        if path not in self._code:
            self._code[path] = blank_comments(self.texts[path])
        return self._code[path]


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)


def blank_comments(text):
    def blank(match):
        found = match.group(0)
        kept = re.sub(r"[^\n]", " ", found)
        return kept if found.startswith("/") else '"' + kept[1:-1] + '"'

    return _TOKEN.sub(blank, text)


def strings(text):
    """(line, content) of the string literals of a C++ text."""
    for match in _TOKEN.finditer(text):
        found = match.group(0)
        if not found.startswith(("/", "'")):
            content = found[found.index('"') + 1:-1]
            yield line_of(text, match.start()), content.partition("(")[2] if found.startswith("R") else content


_REASON = re.compile(r"//\s*NOLINT(?:NEXTLINE|BEGIN)?(?:\([^)]*\))?(?P<reason>[^\n]*)")


def has_reason(lines, number):
    """Does this line, or a NOLINTNEXTLINE just above it, say why a rule does not hold here?"""
    for index, needed in ((number - 1, "NOLINT"), (number - 2, "NOLINTNEXTLINE")):
        if 0 <= index < len(lines) and needed in lines[index]:
            match = _REASON.search(lines[index])
            if match and len(match["reason"].strip(" :-")) > 8:
                return True
    return False


def line_of(text, position):
    return text.count("\n", 0, position) + 1
