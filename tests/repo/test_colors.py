"""The colors of our own signs can be read, by day, by night and by those who see few.

How good a lead is goes from light to dark, so that it is seen without any color; how
late something is has a word and an icon besides, as ``tests/browser/test_spoken.py``
makes sure.
"""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "lead_management/static/src/tokens"
# What these stand on: Odoo's white, and the sheet of a dark mode.
MODES = {"tokens.scss": "#ffffff", "tokens.dark.scss": "#262a30"}
# What is seen of red, green and blue, in linear light (Machado et al. 2009).
VISIONS = {
    "all colors": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
ON_ITS_OWN = ("hot", "warm", "cold", "late", "today", "info")
ON_THE_SHEET = ("late", "today", "planned", "info", "muted")
READABLE = 4.5
# Two steps of the scale, one on the other.
APART = 1.2


def read(name):
    """Return the colors of a mode by name."""
    found = re.findall(
        r"--lead-([\w-]+): #\{(#\w+)\}", (TOKENS / name).read_text(encoding="utf-8")
    )
    return dict(found)


def see(color, vision):
    """Return how light a color is for somebody."""
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    linear = []
    for place in (0, 2, 4):
        value = int(digits[place : place + 2], 16) / 255
        linear.append(
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        )
    seen = [
        min(max(sum(a * b for a, b in zip(row, linear, strict=True)), 0), 1)
        for row in VISIONS[vision]
    ]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]


def contrast(one, other, vision):
    light, dark = sorted((see(one, vision), see(other, vision)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000", "#ffffff", "all colors") == pytest.approx(21)
    assert contrast("#767676", "#ffffff", "all colors") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", MODES)
def test_signs_can_be_read(mode, vision):
    colors, sheet = read(mode), MODES[mode]
    for name in ON_ITS_OWN:
        assert contrast(colors[name], colors[f"{name}-bg"], vision) >= READABLE, name
    for name in ON_THE_SHEET:
        assert contrast(colors[name], sheet, vision) >= READABLE, name
    assert contrast(colors["verified-ink"], colors["verified"], vision) >= READABLE


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("mode", MODES)
def test_the_better_a_lead_the_more_ink(mode, vision):
    colors, sheet = read(mode), MODES[mode]
    hot, warm, cold = (
        contrast(colors[f"{name}-bg"], sheet, vision) for name in ON_ITS_OWN[:3]
    )
    assert hot / warm >= APART
    assert warm / cold >= APART
    assert hot >= READABLE
