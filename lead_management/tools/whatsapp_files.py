"""Files as Meta wants them in messages, as plain data."""

# What WhatsApp takes as which kind of message, and how large; all else is a document.
KINDS_OF_FILES = {
    "image/jpeg": ("image", 5),
    "image/png": ("image", 5),
    "video/mp4": ("video", 16),
    "video/3gpp": ("video", 16),
    "audio/aac": ("audio", 16),
    "audio/amr": ("audio", 16),
    "audio/mpeg": ("audio", 16),
    "audio/mp4": ("audio", 16),
    "audio/ogg": ("audio", 16),
}
MEGABYTE = 1024 * 1024
MAX_DOCUMENT = 25


def get_file_kind(mimetype, size):
    """Return what a file is sent as, or None when it is too large.

    A picture that is too large for a picture goes as a document.

    >>> get_file_kind("image/png", 1000), get_file_kind("image/png", 9 * MEGABYTE)
    ('image', 'document')
    >>> get_file_kind("application/pdf", 7), get_file_kind("text/csv", 99 * MEGABYTE)
    ('document', None)
    """
    kind, megabytes = KINDS_OF_FILES.get(mimetype, ("document", MAX_DOCUMENT))
    if size <= megabytes * MEGABYTE:
        return kind
    return "document" if size <= MAX_DOCUMENT * MEGABYTE else None


def build_media(kind, source, filename="", caption=""):
    """Return a file as part of a message.

    :param source: ``{"id": …}`` of an upload, or ``{"link": …}``

    >>> build_media("document", {"id": "7"}, "Offer.pdf", "Our offer")
    {'id': '7', 'filename': 'Offer.pdf', 'caption': 'Our offer'}
    >>> build_media("audio", {"link": "https://example.com/a"}, "a.ogg", "Text")
    {'link': 'https://example.com/a'}
    """
    media = dict(source)
    if kind == "document" and filename:
        media["filename"] = filename
    if kind != "audio" and caption:
        media["caption"] = caption
    return media


def add_header(components, kind, media):
    """Return the components of a template with a file as their header.

    >>> add_header([{"type": "body"}], "image", {"id": "7"})[0]
    {'type': 'header', 'parameters': [{'type': 'image', 'image': {'id': '7'}}]}
    """
    header = {"type": "header", "parameters": [{"type": kind, kind: media}]}
    return [header, *(one for one in components if one.get("type") != "header")]
