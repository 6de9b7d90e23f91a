"""Reads and compares phone numbers of the North American Numbering Plan (NANP), however they are written."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_NUMBER = re.compile(
    r"(?:tel:?)?(\+|011)?([0-9]{7,15})(?:(?:;?ext(?:ensio)?n?|x|#)[:=]?[0-9]{1,6})?", re.IGNORECASE | re.ASCII
)
# Dashes, brackets, invisible characters and spaces. U+202E shows the digits that follow in reverse order, so it stays
# and makes the number unreadable.
_LEFT_OUT_CATEGORIES = {"Pd", "Ps", "Pe", "Cf", "Zs", "Zl", "Zp"}
_LEFT_OUT = set("\t\n\v\f\r.\u00b7\u2212")


def read_number(number: object) -> str | None:
    """Reads a phone number as digits.

    Returns ten digits for a whole number, seven to nine for part of one, and `+` with 11 to 15 for a number outside the
    NANP. The script of the digits, punctuation, `tel:`, the country code 1 and an extension make no difference.

    Returns `None` if the number is unreadable: it's empty, masked or lettered, has too few or too many digits, has more
    than 255 characters, is written from right to left, or could be two numbers.

    Example:
        read_number("tel:+1 (678) 555-0142;ext=22")  # "6785550142"
    """
    is_text = isinstance(number, str)
    if not is_text and (not isinstance(number, int) or abs(number) >= 10**15):
        return None
    text = str(number)
    # It takes minutes to normalize a million combining marks.
    if len(text) > 255:
        return None
    compact = "".join(_simplify(letter) for letter in unicodedata.normalize("NFKC", text))
    match = _NUMBER.fullmatch(compact)
    if match is None:
        return None
    prefix, digits = match.groups()
    # No area code and no exchange starts with 1, so it's the country code.
    national = digits[1:] if digits.startswith("1") else digits
    if 7 <= len(national) <= 10:
        return national
    return f"+{digits}" if prefix and national == digits else None


def _simplify(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    is_left_out = letter in _LEFT_OUT or unicodedata.category(letter) in _LEFT_OUT_CATEGORIES
    return "" if is_left_out and letter != "\u202e" else letter


def compare_numbers(one: str | None, other: str | None) -> Literal["same", "partial", "different", "unreadable"]:
    """Compares two numbers that `read_number` returned.

    Part of a number is `partial` with every number that has the same digits in the same order. That covers a missing
    area code, and digits that someone left out or cut off. Digits after the seventh can be an extension, as in
    `555-0142 22`, so a number that ends with the first seven is `partial`, too.
    """
    if not one or not other:
        return "unreadable"
    if one == other:
        return "same"
    part, whole = sorted((one, other), key=len)
    if len(part) == len(whole):
        return "different"
    if whole.endswith(part[:7]):
        return "partial"
    # `in` takes from the iterator up to the digit that it finds.
    rest = iter(whole)
    return "partial" if all(digit in rest for digit in part) else "different"


_DIALABLE = re.compile(r"(?!.11)[2-9](?:([0-9])\1-?(?!911)|[0-9]{2}-?(?!.11))[2-9][0-9]{2}-?[0-9]{4}")


def is_dialable(number: object) -> bool:
    """Returns whether a number is ten digits, with or without dashes, and the NANP doesn't rule it out.

    Area codes and exchanges start with 2 to 9. No area code is an N11 code, such as 411. No exchange is 911, and other
    N11 codes are exchanges only in area codes for services. The last two digits of such a code are the same, as in 800.

    Whether a code is assigned makes no difference: that changes, and the vendor's own sample has area code 887.

    See https://en.wikipedia.org/wiki/North_American_Numbering_Plan and https://en.wikipedia.org/wiki/N11_code
    """
    return isinstance(number, str) and _DIALABLE.fullmatch(number) is not None
