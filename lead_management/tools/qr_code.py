"""Texts as QR codes: drawings, which need no library for pictures and print sharp."""

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

# So much free space around a code is needed to read it, in squares.
QUIET = 4


def draw_qr(text):
    """Return the QR code of a text, as SVG.

    >>> drawing = draw_qr("https://example.com/lead/form/x")
    >>> drawing[:4], drawing.count("h1v1h-1z") > 300
    ('<svg', True)
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    side = len(code.modules) + 2 * QUIET
    squares = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(code.modules, QUIET)
        for x, is_dark in enumerate(row, QUIET)
        if is_dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{squares}"/></svg>'
    )
