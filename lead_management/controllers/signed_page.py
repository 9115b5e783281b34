"""Pages for whoever has a signed link: nobody keeps, frames or indexes them."""

from odoo.http import request

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'",
}


def render_signed_page(template, values, status=200):
    """Return the response with a page that belongs to a signed link."""
    response = request.render(template, values, status=status)
    response.headers.update(HEADERS)
    return response
