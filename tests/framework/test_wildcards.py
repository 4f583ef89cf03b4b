"""IAM's wildcards, against a definition too slow to ship."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bucketward.wildcards import covers, disjoint, literal_prefix, matches

PATTERNS = st.text("ab*?", max_size=7)
WORDS = ["".join(letters) for size in range(6) for letters in product("ab", repeat=size)]


def defined(pattern, text):
    if not pattern:
        return not text
    if pattern[0] == "*":
        return defined(pattern[1:], text) or (bool(text) and defined(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and defined(pattern[1:], text[1:])


@given(PATTERNS, st.text("ab", max_size=8))
def test_matches_is_the_definition(pattern, text):
    assert matches(pattern, text) is defined(pattern, text)


@given(PATTERNS, PATTERNS)
def test_covers_and_disjoint_are_sound(first, second):
    matched = [word for word in WORDS if defined(second, word)]
    if covers(first, second):
        assert all(defined(first, word) for word in matched)
    if disjoint(first, second):
        assert not any(defined(first, word) for word in matched)


@given(PATTERNS)
def test_a_pattern_covers_itself_and_a_star_covers_all(pattern):
    assert covers(pattern, pattern)
    assert covers("*", pattern)
    assert matches(pattern, pattern.replace("*", "").replace("?", "a"))
    assert matches(literal_prefix(pattern) + "*", pattern)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("s3:*", "s3:Get*"),
        ("a*b", "a*x*b"),
        ("?", "a"),
        ("?*", "?"),
        ("b/*", "b/c/*"),
        ("*a", "*a"),
    ],
)
def test_containment_that_is_seen(wide, narrow):
    assert covers(wide, narrow)
    assert wide == narrow or not covers(narrow, wide)


@pytest.mark.parametrize(("one", "two"), [("?", "*"), ("a?", "a*"), ("a", "?"), ("ab*", "a*")])
def test_containment_that_is_not(one, two):
    assert not covers(one, two)


def test_long_patterns_with_question_marks_are_left_unproved():
    assert covers("a?" * 50 + "*", "ab" * 50)
    assert not covers("?" + "a" * 999, "b" + "a" * 999)
