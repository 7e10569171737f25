# What tidy asks of every file, the documents and the web: opening lines, links, translations, names, nothing of this machine.
import json
import posixpath
import re

from tree import Finding, line_of

_OPENINGS = {
    (".cpp", ".h", ".proto", ".ts", ".tsx", ".css"): ("//", "/*"),
    (".py",): ("#", '"""'),
    (".cmake", ".yaml", ".yml", ".toml"): ("#",),
    (".sql",): ("--",),
}


def opening_lines(tree):
    for path, text in tree.texts.items():
        if text is None or "/gen/" in path or posixpath.basename(path) == "schema.sql":
            continue
        lines = text.splitlines() or [""]
        if lines[0].startswith("#!"):
            marks, lines = ("#", "//", '"""'), lines[1:] or [""]
        else:
            marks = next((m for ends, m in _OPENINGS.items() if path.endswith(ends)), None)
        if marks and not (lines[0].startswith(marks) and len(lines[0].strip(' /*#-"')) > 8):
            yield Finding(path, 1, "the first line is a comment that says what this file is")


_LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s#]+)(#[^)\s]*)?\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_NAMED_DOCUMENT = re.compile(r"\bdocs/[\w./-]+\.md\b")


def links(tree):
    folders = tree.folders()
    tops = {folder for folder in folders if "/" not in folder}
    for path, text in tree.files(".md"):
        base = posixpath.dirname(path)
        for match in _LINK.finditer(text):
            if "://" in match[1] or match[1].startswith("mailto:"):
                continue
            target = posixpath.normpath(posixpath.join(base, match[1]))
            if target not in tree and target not in folders:
                yield Finding(path, line_of(text, match.start()), f"the link to {match[1]} leads nowhere")
        for match in _SPAN.finditer(text):
            word = match[1].split(" ")[0].rstrip("/,")
            if "/" not in word or word.split("/")[0] not in tops or re.search(r"[*<>{}$N…]", word):
                continue
            if word not in tree and word not in folders:
                yield Finding(path, line_of(text, match.start()), f"`{word}` does not exist")
    for path, text in tree.texts.items():
        if text is not None and not path.endswith(".md") and not path.startswith("tests/tidy/"):
            for match in _NAMED_DOCUMENT.finditer(text):
                if match[0] not in tree:
                    yield Finding(path, line_of(text, match.start()), f"{match[0]} does not exist")


# Assembled from halves, so that this file does not find itself.
_MACHINE = re.compile(r"(?<![\w.~$}/-])/(?:wo" r"rk|ho" r"me|ro" r"ot|Use" r"rs)/[\w.-]+")
_REGISTRY = re.compile(r"registry\.np" r"mjs|de" r"b\.debian\.org|snap" r"shot\.debian|np" r"m\.pkg|pyp" r"i\.org|yarn" r"pkg\.com")


def nothing_of_this_machine(tree):
    for path, text in tree.texts.items():
        if text is None:
            continue
        for expression, what in ((_MACHINE, "an absolute path of one machine"),
                                 (_REGISTRY, "a registry host; the reader's own configuration names it")):
            for match in expression.finditer(text):
                yield Finding(path, line_of(text, match.start()), f"'{match[0]}' is {what}")
        if posixpath.basename(path) == "package-lock.json" and '"resolved"' in text:
            yield Finding(path, 1, 'holds "resolved" addresses; .npmrc needs omit-lockfile-registry-resolved=true')


_KEBAB = re.compile(r"\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*")


def web_names(tree):
    for path, text in tree.texts.items():
        if path.startswith("web/") and not path.endswith((".md", ".lock")):
            for part in path.split("/")[1:]:
                if not _KEBAB.fullmatch(part):
                    yield Finding(path, 1, f"'{part}': names below web/ are kebab-case")
    for path, text in tree.files(".ts", ".tsx", under=("web/src/",)):
        for match in re.finditer(r"^export\s+(?:default\b|\{[^}]*\bas default\b)", text, re.M):
            yield Finding(path, line_of(text, match.start()), "no default exports; name it")


_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']|new URL\(\s*["']([^"']+)["']|@import\s+["']([^"']+)["']""")
_WEB_CODE = (".ts", ".tsx", ".css")


def features_apart(tree):
    """Features never import each other, and shared/ knows no feature."""
    for path, text in tree.files(".ts", ".tsx", under=("web/src/features/", "web/src/shared/")):
        own = path.split("/")[3] if path.startswith("web/src/features/") else None
        for match in _IMPORT.finditer(text):
            target = _resolve(tree, path, next(filter(None, match.groups())))
            if target and target.startswith("web/src/features/") and target.split("/")[3] != own:
                yield Finding(path, line_of(text, match.start()), f"imports {target}; go through shared/ or app/")
            if target and target.startswith("web/src/app/"):
                yield Finding(path, line_of(text, match.start()), f"imports {target}; app/ composes, nothing imports it")


def dead_web(tree):
    """Everything in web/src is reached from index.html, a worker, a test or a tool's configuration."""
    roots = [path for path, _ in tree.files(".ts", ".tsx", ".js", ".mjs", under=("web/",))
             if not path.startswith("web/src/") or ".test." in path or path.endswith(".d.ts")]
    for path, text in tree.files(".html", under=("web/",)):
        roots += [target for m in re.finditer(r'src="/?([^"]+)"', text)
                  if (target := posixpath.join(posixpath.dirname(path), m[1])) in tree]
    for path, text in tree.files(".ts", ".json", under=("web/",)):  # setup files named in a configuration
        if path.count("/") == 1:
            roots += [target for m in re.finditer(r"[\"'](?:\./)?(src/[\w./-]+)[\"']", text)
                      if (target := "web/" + m[1]) in tree]
    reached, waiting = set(), roots
    while waiting:
        path = waiting.pop()
        if path in reached or tree.texts.get(path) is None:
            continue
        reached.add(path)
        for match in _IMPORT.finditer(tree.texts[path]):
            target = _resolve(tree, path, next(filter(None, match.groups())))
            if target:
                waiting.append(target)
    for path, _ in tree.files(*_WEB_CODE, under=("web/src/",)):
        if path not in reached:
            yield Finding(path, 1, "nothing imports this file; remove it")


def _resolve(tree, path, name):
    name = name.split("?")[0]
    if name.startswith("@/"):
        base = "web/src/" + name[2:]
    elif name.startswith("."):
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    else:
        return None
    for ending in ("", ".ts", ".tsx", ".css", "/index.ts", "/index.tsx"):
        if base + ending in tree:
            return base + ending
    return re.sub(r"\.js$", ".ts", base) if re.sub(r"\.js$", ".ts", base) in tree else None


def dead_files(tree):
    """Scripts, data and documents: some other file names them, or the folder they are in."""
    skipped = ("CMakeLists.txt", "README.md", "LICENSE")
    corpus = {path: text for path, text in tree.texts.items() if text is not None}
    for path in tree.texts:
        name = posixpath.basename(path)
        if path.startswith((".", "web/")) or name.startswith(".") or name in skipped or "/" not in path:
            continue
        if path.endswith((".cpp", ".h", ".proto")) or path.startswith("docs/decisions/"):
            continue
        parents = [str(p) for p in list(posixpath_parents(path))]
        stem = posixpath.splitext(name)[0]
        names = (name, stem if path.endswith((".py", ".pcap", ".sql", ".txt")) else name)
        if not any(other != path and (any(n in text for n in names) or any(p + "/" in text for p in parents))
                   for other, text in corpus.items()):
            yield Finding(path, 1, "no other file names this one or its folder; remove it")


def posixpath_parents(path):
    """The folders of a path that are two or more levels deep, innermost first, with and without their top."""
    folder = posixpath.dirname(path)
    while folder.count("/") >= 1:
        yield folder
        folder = posixpath.dirname(folder)


# Catalogues of words by the beginning of their name, and where their words are used; what pages use is everywhere else.
WORDS = {"report-": ("web/src/report/", "web/src/shared/report/"), "": ("web/src/",)}


def translations(tree):
    """ja and en define the same keys, and each key used by name is defined."""
    seen = set()
    for prefix, folders in WORDS.items():
        catalogues = {}
        for path, text in tree.files(".json", under=("web/src/",)):
            match = re.search(rf"(?:^|/){prefix}(ja|en)(?:/[\w-]+)?\.json$", path)
            if match:
                found = catalogues.setdefault(match[1], {})
                for key in _flat(json.loads(text)):
                    found[key] = path
        if not catalogues:
            continue
        for here, there in (("ja", "en"), ("en", "ja")):
            for key, path in catalogues.get(here, {}).items():
                if _plural_stem(key) not in {_plural_stem(k) for k in catalogues.get(there, {})}:
                    yield Finding(path, 1, f"'{key}' has no counterpart in {there}")
        defined = {_plural_stem(k) for found in catalogues.values() for k in found}
        for path, text in tree.files(".ts", ".tsx", under=folders):
            if path in seen:
                continue
            seen.add(path)
            for match in re.finditer(r"""(?<![\w.])t\(\s*["']([\w.-]+)["']""", text):
                if _plural_stem(match[1]) not in defined:
                    yield Finding(path, line_of(text, match.start()), f"the text '{match[1]}' is not defined")


def _flat(node, prefix=""):
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key


def _plural_stem(key):
    return re.sub(r"_(?:zero|one|two|few|many|other)$", "", key)


RULES = [opening_lines, links, nothing_of_this_machine, web_names, features_apart, dead_web, dead_files,
         translations]
