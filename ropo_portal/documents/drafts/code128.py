"""Room: Code 128 bars, set C, as the Finnish bank barcode is printed."""

# The widths of bar, space, bar, space, bar, space of each of the 106 symbols.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 "
    "113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 "
    "212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 "
    "113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 "
    "241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 "
    "211232"
)
_SYMBOLS = [_WIDTHS[place : place + 6] for place in range(0, len(_WIDTHS), 7)]
_START_C = 105
_STOP = "2331112"
QUIET = 10


def checksum(digits: str) -> int:
    """Return the check symbol of an even number of digits."""
    return (_START_C + sum(place * value for place, value in enumerate(_pairs(digits), start=1))) % 103


def widths(digits: str) -> str:
    """Return the widths of bars and spaces in turn, from the start symbol to the stop symbol."""
    values = [_START_C, *_pairs(digits), checksum(digits)]
    return "".join(_SYMBOLS[value] for value in values) + _STOP


def _pairs(digits: str) -> list[int]:
    if len(digits) % 2:
        raise ValueError("Set C holds an even number of digits.")
    return [int(digits[place : place + 2]) for place in range(0, len(digits), 2)]


def svg(digits: str) -> str:
    """Return the bars as a picture one unit high, with a quiet zone on both sides."""
    position, path = QUIET, []
    for place, width in enumerate(map(int, widths(digits))):
        if place % 2 == 0:
            path.append(f"M{position} 0h{width}v1h-{width}z")
        position += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {position + QUIET} 1" '
        f'preserveAspectRatio="none"><path d="{"".join(path)}"/></svg>'
    )
