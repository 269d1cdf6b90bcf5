from __future__ import annotations

import pytest

from decoding import bytewise, frames_before_end, frames_of
from dragoman.chat.framing.frames import Document, Malformed, Oversize, WholeArray
from dragoman.chat.framing.json_body import JsonBodyDecoder
from dragoman.settings import Limits


def item(text: str, value: object) -> Document:
    return Document(text, value, element=True)


BODIES = {
    "an object": (b'{"a": [1, {"b": "}]"}]}', [Document('{"a": [1, {"b": "}]"}]}', {"a": [1, {"b": "}]"}]})]),
    "a string": (rb'"a\"\\"', [Document(r'"a\"\\"', 'a"\\')]),
    "a number": (b"42", [Document("42", 42)]),
    "a name": (b" null\n", [Document("null", None)]),
    "blank lines around": (b"\r\n\n \t{}\n\n", [Document("{}", {})]),
    "a BOM": (b"\xef\xbb\xbf {}", [Document("{}", {})]),
    "nothing": (b"", []),
    "only blanks": (b" \n", []),
    "non-ASCII": ('{"é": "😀"}'.encode(), [Document('{"é": "😀"}', {"é": "😀"})]),
    "bytes that are no UTF-8": (b'"\xff\xe2\x82"', [Document('"\ufffd\ufffd"', "\ufffd\ufffd")]),
    "an array": (
        b'[{"a": 1} ,\n"x,]",2 , [3, 4],null]\n',
        [
            item('{"a": 1}', {"a": 1}),
            item('"x,]"', "x,]"),
            item("2", 2),
            item("[3, 4]", [3, 4]),
            item("null", None),
            WholeArray('[{"a": 1} ,\n"x,]",2 , [3, 4],null]'),
        ],
    ),
    "an empty array": (b" [ ] ", [WholeArray("[ ]")]),
    "several documents": (
        b'{"a":1}\n{"a":2}\r\n\n3 "x"\n',
        [
            Document('{"a":1}', {"a": 1}),
            Document('{"a":2}', {"a": 2}),
            Document("3", 3),
            Document('"x"', "x"),
        ],
    ),
    "documents without a space between": (
        b'{}{}"a"1[]',
        [
            Document("{}", {}),
            Document("{}", {}),
            Document('"a"', "a"),
            Document("1", 1),
            Document("[]", []),
        ],
    ),
    "only a first array is opened": (b"[1]\n[2]\n", [item("1", 1), WholeArray("[1]"), Document("[2]", [2])]),
    "a text sequence": (b"\x1e{}\n\x1e1\n", [Document("{}", {}), Document("1", 1)]),
    "a document, then something else": (
        b"{} oops {}",
        [Document("{}", {}), Malformed("it is not valid JSON (expecting value, character 1)", "oops")],
    ),
    "a page": (b"<html><p>", [Malformed("it is not valid JSON (expecting value, character 1)", "<html><p>")]),
    "NaN": (b"[1,NaN]", [item("1", 1), Malformed("it is not valid JSON (NaN is no JSON number)", "NaN")]),
    "a control character": (
        b'"a\nb"',
        [
            Malformed("it is not valid JSON (invalid control character at, character 3)", '"a\nb"'),
        ],
    ),
    "a wrong bracket": (
        b'{"a": 1]',
        [
            Malformed("it is not valid JSON (expecting ',' delimiter, character 8)", '{"a": 1]'),
        ],
    ),
    "an array closed as an object": (b"[1}", [item("1", 1), Malformed("it is not valid JSON (unexpected '}')", "}")]),
    "a comma behind a document": (
        b"{},",
        [
            Document("{}", {}),
            Malformed("it is not valid JSON (unexpected ',')", ","),
        ],
    ),
    "a bracket behind a document": (
        b"1]",
        [
            Document("1", 1),
            Malformed("it is not valid JSON (unexpected ']')", "]"),
        ],
    ),
    "no comma between items": (b"[1 2]", [item("1", 1), Malformed("it is not valid JSON (unexpected '2')", "2")]),
    "two commas": (b"[1,,2]", [item("1", 1), Malformed("it is not valid JSON (unexpected ',')", ",")]),
    "a comma before the first item": (b"[,1]", [Malformed("it is not valid JSON (unexpected ',')", ",")]),
    "a comma behind the last item": (b"[1,]", [item("1", 1), Malformed("it is not valid JSON (unexpected ']')", "]")]),
    "an end within an object": (b'{"a": "b', [Malformed("it ends in the middle of a JSON value", '{"a": "b')]),
    "an end within a string": (b'"a\\"', [Malformed("it ends in the middle of a JSON value", '"a\\"')]),
    "an end within an item": (b"[1, 23", [item("1", 1), Malformed("it ends in the middle of a JSON value", "23")]),
    "an end behind an item": (b"[1 ", [item("1", 1), Malformed("it ends in the middle of a JSON value", "")]),
    "an end within a name": (b"tru", [Malformed("it is not valid JSON (expecting value, character 1)", "tru")]),
    "an end within a BOM": (b"\xef\xbb", [Malformed("it ends in the middle of a JSON value", "\ufffd")]),
    "an item that is nested too deep": (
        b"[1," + b"[" * 300 + b"]" * 300 + b"]",
        [item("1", 1), Malformed("it is nested deeper than 256 levels", "[" * 300 + "]" * 300)],
    ),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES.keys())
def test_a_json_body_gives_its_documents(body, expected):
    assert frames_of(JsonBodyDecoder(), body) == expected
    assert frames_of(JsonBodyDecoder(), *bytewise(body)) == expected


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([b'[{"a":1}', b",", b"2", b",", b'"x"', b"]"], [1, 0, 0, 1, 1, 1]),
        ([b'{"a":', b"1}", b'{"a":2', b"}"], [0, 1, 0, 1]),
        ([b"1", b"2", b"\n", b'"a', b'"'], [0, 0, 1, 0, 1]),
        ([b"[1", b"x", b"]"], [0, 0, 1]),
    ],
)
def test_a_value_is_given_with_its_last_byte(chunks, expected):
    assert [len(frames) for frames in frames_before_end(JsonBodyDecoder(), *chunks)] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"  1234567890 ", [Oversize("document", 10)]),
        (b'  "23456789" ', [Document('"23456789"', "23456789")]),
        (b'  "234567890" ', [Oversize("document", 10)]),
        (b"{}" * 20, [Document("{}", {})] * 20),
        (b"[12,34,678,0]", [item("12", 12), item("34", 34), Oversize("document", 10)]),
        (b"[12,34,67]1", [item("12", 12), item("34", 34), item("67", 67), WholeArray("[12,34,67]"), Document("1", 1)]),
        (b"[1          !", [item("1", 1), Oversize("document", 10)]),
        (b" " * 100 + b"{}", [Document("{}", {})]),
    ],
)
def test_a_document_over_the_limit_ends_the_body(body, expected):
    assert frames_of(JsonBodyDecoder(Limits(answer=10)), body) == expected
    assert frames_of(JsonBodyDecoder(Limits(answer=10)), *bytewise(body)) == expected
