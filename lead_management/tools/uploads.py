"""Files that strangers send: what they are by their content, and their names."""

import io
import re
import zipfile
from collections import namedtuple

# Of one submission, all files together.
LARGEST = 10 * 1024 * 1024
MOST = 5
# What is taken, and how its name may end; the first one is what it gets otherwise.
TYPES = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/gif": ("gif",),
    "image/heic": ("heic", "heif"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        "docx",
    ),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "pptx",
    ),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "text/plain": ("txt", "csv"),
}
ENDINGS = tuple(ending for endings in TYPES.values() for ending in endings)
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)
SIGNS = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)
OFFICE = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
BY_ENDING = {ending: kind for kind, endings in TYPES.items() for ending in endings}
BAD = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

Upload = namedtuple("Upload", "name mimetype content")


def read_upload(name, content):
    """Return the :class:`Upload` of a file, or None when its type is not taken.

    >>> read_upload("..\\\\x/CV.PDF", b"%PDF-1.7")[:2]
    ('CV.PDF', 'application/pdf')
    >>> read_upload("photo.exe", b"\\xff\\xd8\\xff")[:2]
    ('photo.exe.jpg', 'image/jpeg')
    >>> read_upload("page.txt", b"<html>")[:2], read_upload("run.exe", b"MZ\\x90")
    (('page.txt', 'text/plain'), None)
    >>> read_upload("page.html", b"<script>"), read_upload("a.svg", b"<svg/>")
    (None, None)
    """
    kind = _get_type(content, name)
    return Upload(_clean_name(name, kind), kind, content) if kind else None


def _get_type(content, name):
    for start, sign, kind in SIGNS:
        if content[start : start + len(sign)] == sign:
            return kind
    if content.startswith(b"PK\x03\x04"):
        return _get_type_of_zip(content)
    if name.lower().endswith((".txt", ".csv")) and not CONTROL.search(content):
        return "text/plain"
    return None


def _get_type_of_zip(content):
    """Return the type of an office document without macros, or None.

    Nothing is unpacked but the few letters that say what it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = set(file.namelist())
            if any(name.lower().endswith(".bin") for name in names):
                return None
            for name, ending in OFFICE.items():
                if name in names and "[Content_Types].xml" in names:
                    return BY_ENDING[ending]
            if "mimetype" in names:
                with file.open("mimetype") as part:
                    kind = part.read(100).decode("ascii", "replace")
                return kind if kind in TYPES and "opendocument" in kind else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return None
    return None


def _clean_name(name, kind):
    """Return a name that is only a name, with an ending that tells the truth."""
    name = re.split(r"[\\/]", name)[-1]
    name = BAD.sub("", name).strip().lstrip(".=+-@ ")[-100:] or "file"
    endings = TYPES[kind]
    if name.lower().endswith(tuple(f".{ending}" for ending in endings)):
        return name
    return f"{name}.{endings[0]}"
