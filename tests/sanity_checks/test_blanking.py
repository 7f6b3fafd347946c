"""Blanking cuts out bodies and nothing else, and what was cut out fits back in byte for byte."""

from __future__ import annotations

import ast
import textwrap

import pytest
from edition_small import EVERY_BODY, ROOT

from sanity_checks.blanking import blanked, body_lines, file_of, is_stub, place_of, replaced

SOURCE = '''\
"""A file."""

import math  # kept


@decorated(by=1)
def plain(
    x: int,  # a comment in the signature stays
) -> int:
    """Says what is asked.

    In two lines.
    """
    # a comment that explains the answer
    y = x + 1
    return y  # and one beside it
    # and one below it


# a comment about the next function
def bare(x):
    # first
    for each in x:
        yield each
class Kind:
    def method(self): return 1

    def asked(self, text="""not a
    docstring"""):
        """Only words."""

    async def waits(self):
        return 2
'''


def test_docstring_signature_and_decorators_stay_and_the_body_goes_with_its_comments():
    got = blanked(SOURCE, ["plain"], "a/file.py")
    expected = SOURCE.replace('''\
    # a comment that explains the answer
    y = x + 1
    return y  # and one beside it
    # and one below it
''', '    raise NotImplementedError("not started: plain in a/file.py")\n')
    assert got == expected and got != SOURCE


def test_generators_methods_and_bodies_without_statements_are_blanked_too():
    got = blanked(SOURCE, ["bare", "Kind.asked", "Kind.waits"], "f.py")
    assert "# first" not in got and "yield" not in got and "return 2" not in got and '"""Only words."""' in got and "# a comment about the next function" in got
    assert all(is_stub(got, name) for name in ("bare", "Kind.asked", "Kind.waits")) and not is_stub(got, "plain")
    ast.parse(got)


@pytest.mark.parametrize(("name", "sentence"), [("Kind.method", "shares a line with its signature"), ("absent", "there is no function absent"), ("Kind", "there is no function")])
def test_what_cannot_be_blanked_is_refused(name, sentence):
    with pytest.raises(ValueError, match=sentence):
        place_of(SOURCE, name)


@pytest.mark.parametrize("body", EVERY_BODY, ids=str)
def test_a_body_that_is_cut_out_fits_back_in_byte_for_byte(body):
    file = file_of(body.module)
    source = (ROOT / file).read_text(encoding="utf-8")
    empty = blanked(source, [body.name], file)
    assert is_stub(empty, body.name) and not is_stub(source, body.name)
    assert replaced(empty, body.name, body_lines(source, body.name)) == source
    assert blanked(empty, [body.name], file) == empty


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_line_ends_stay_as_they_are(ends):
    source = 'def f(x):\n    """Words."""\n    return x\n\n\nY = 1\n'.replace("\n", ends)
    got = blanked(source, ["f"], "f.py")
    assert got.count("\r\n") == (6 if ends == "\r\n" else 0) and got.endswith(f"{ends}Y = 1{ends}")


def test_a_stub_below_unfinished_lines_still_counts_as_not_written():
    begun = 'def f(x):\n    y = x + 1\n    raise NotImplementedError("not started: f in f.py")\n'
    assert is_stub(begun, "f") and not is_stub(begun.replace("not started: ", "later: "), "f")


def test_of_two_functions_of_one_name_the_last_counts():
    source = textwrap.dedent('''\
        def f():
            return 1

        def f():
            return 2
        ''')
    assert "return 1" in blanked(source, ["f"], "f.py") and "return 2" not in blanked(source, ["f"], "f.py")
