"""What is wrong with the structure of a .pptx, a line each: ECMA-376 parts 1 (element order) and 2 (packages).

python3 check-deck.py FILE; nothing and status 0 when all is well. PowerPoint repairs or refuses what LibreOffice forgives.
"""
import posixpath
import sys
import zipfile
from xml.etree import ElementTree

PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FILLS = ["noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill"]
# Sequences of the schemas; what stands in none of the groups is not looked at.
ORDERS = {
    P + "presentation": ["sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst", "sldIdLst", "sldSz", "notesSz", "defaultTextStyle"],
    P + "sp": ["nvSpPr", "spPr", "style", "txBody"],
    P + "graphicFrame": ["nvGraphicFramePr", "xfrm", "graphic"],
    P + "spPr": ["xfrm", ["custGeom", "prstGeom"], FILLS, "ln", "effectLst"],
    A + "p": ["pPr", ["r", "br", "fld"], "endParaRPr"],
    A + "pPr": ["lnSpc", "spcBef", "spcAft", ["buNone", "buAutoNum", "buChar"], "tabLst", "defRPr"],
    A + "rPr": ["ln", FILLS, "effectLst", "highlight", "latin", "ea", "cs", "sym", "hlinkClick"],
    A + "tcPr": ["lnL", "lnR", "lnT", "lnB", FILLS],
    A + "tc": ["txBody", "tcPr"],
    A + "ln": [FILLS, "prstDash", ["round", "bevel", "miter"], "headEnd", "tailEnd"],
    C + "barChart": ["barDir", "grouping", "varyColors", "ser", "dLbls", "gapWidth", "overlap", "serLines", "axId"],
    C + "ser": ["idx", "order", "tx", "spPr", "invertIfNegative", "dPt", "dLbls", "cat", "val"],
    C + "plotArea": ["layout", "barChart", "catAx", "valAx", "dTable", "spPr"],
    C + "chart": ["title", "autoTitleDeleted", "plotArea", "legend", "plotVisOnly", "dispBlanksAs"],
    C + "catAx": ["axId", "scaling", "delete", "axPos", "majorGridlines", "title", "numFmt", "majorTickMark", "minorTickMark", "tickLblPos",
                  "spPr", "txPr", "crossAx", "crosses", "auto", "lblAlgn", "lblOffset", "tickLblSkip", "noMultiLvlLbl"],
    C + "valAx": ["axId", "scaling", "delete", "axPos", "majorGridlines", "title", "numFmt", "majorTickMark", "minorTickMark", "tickLblPos",
                  "spPr", "txPr", "crossAx", "crosses", "crossBetween", "majorUnit"],
}


def rels_of(part):
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def relations(parts, source):
    """Identifier to (target part, None when it is outside the package)."""
    found = {}
    for one in parts.get(rels_of(source) if source else "_rels/.rels", []):
        target = one.get("Target")
        inside = one.get("TargetMode") != "External"
        base = "" if target.startswith("/") else posixpath.dirname(source)
        found[one.get("Id")] = posixpath.normpath(posixpath.join(base, target.lstrip("/"))) if inside else None
    return found


def content_types(parts, names):
    types = parts["[Content_Types].xml"]
    defaults = {one.get("Extension").lower() for one in types.iter(TYPES + "Default")}
    overrides = [one.get("PartName").lstrip("/") for one in types.iter(TYPES + "Override")]
    yield from (f"content type of {one}, which is not there" for one in overrides if one not in names)
    yield from (f"two content types of {one}" for one in set(overrides) if overrides.count(one) > 1)
    for name in names:
        if name != "[Content_Types].xml" and name not in overrides and name.rpartition(".")[2].lower() not in defaults:
            yield f"{name} has no content type"


def references(parts, names):
    for name in ["", *names]:
        if name.endswith(".rels"):
            continue
        known = relations(parts, name)
        yield from (f"{name}: {key} leads to {target}, which is not there" for key, target in known.items()
                    if target is not None and target not in names)
        for element in parts[name].iter() if name in parts else []:
            for attribute, value in element.attrib.items():
                if attribute.startswith(R) and value not in known:
                    yield f"{name}: {element.tag} names {value}, which is no relationship"


def order(name, element):
    wanted = ORDERS.get(element.tag)
    if wanted is None:
        return
    places = {own: index for index, group in enumerate(wanted) for own in ([group] if isinstance(group, str) else group)}
    last = -1
    for child in element:
        place = places.get(child.tag.partition("}")[2])
        if place is None:
            continue
        if place < last:
            yield f"{name}: {child.tag} stands too late in {element.tag}"
        last = max(last, place)


def slides(name, root):
    ids = [one.get("id") for one in root.iter(P + "cNvPr")]
    yield from (f"{name}: two shapes have the id {one}" for one in set(ids) if ids.count(one) > 1)
    for table in root.iter(A + "tbl"):
        columns = len(table.findall(f"{A}tblGrid/{A}gridCol"))
        yield from (f"{name}: a row of {len(row.findall(A + 'tc'))} cells in a table of {columns} columns"
                    for row in table.findall(A + "tr") if len(row.findall(A + "tc")) != columns)
    for body in root.iter(P + "txBody"):
        if body.find(A + "p") is None:
            yield f"{name}: a text without a paragraph"
    for shape in root.iter(A + "ext"):
        if int(shape.get("cx", 0)) < 0 or int(shape.get("cy", 0)) < 0:
            yield f"{name}: a shape of negative size"


def wrong(path):
    with zipfile.ZipFile(path) as package:
        if package.testzip() is not None:
            yield f"{package.testzip()} is damaged"
        names = [one for one in package.namelist() if not one.endswith("/")]
        yield from (f"{one} is there twice" for one in set(names) if names.count(one) > 1)
        parts = {}
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                parts[name] = ElementTree.fromstring(package.read(name))
            except ElementTree.ParseError as error:
                yield f"{name} is not well-formed: {error}"
    yield from content_types(parts, names)
    yield from references(parts, names)
    for name, root in parts.items():
        for element in root.iter():
            yield from order(name, element)
        if name.startswith("ppt/slides/slide"):
            yield from slides(name, root)


if __name__ == "__main__":
    found = list(wrong(sys.argv[1]))
    print("\n".join(found))
    sys.exit(1 if found else 0)
