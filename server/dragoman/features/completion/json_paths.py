"""Inside a JsonPath: whole paths, keys behind a dot, what stands in brackets, conditions of a filter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dragoman.features.answer_shape import Shape, answer_shape, known_paths, shapes_at
from dragoman.features.completion.item import CompletionItem, Kind
from dragoman.features.completion.knowledge import Knowledge
from dragoman.features.cursor import StringContent, ValuePlace
from dragoman.features.json_path_words import CONNECTIVES, FUNCTIONS, OPERATORS
from dragoman.syntax.jsonpath import parse
from dragoman.syntax.jsonpath.ast import Property, Step
from dragoman.syntax.text import Span

_NAME = r"[^.\s\[\]()&|=<>!~'\"]*"
_REST_OF_NAME = re.compile(_NAME + r"(?:\(\))?")
_FILTER = re.compile(r"\[\?\(?(?:(?!\)\]).)*\Z", re.DOTALL)
_BEHIND_DOT = re.compile(rf"(\.\.?)({_NAME})\Z")
_IN_BRACKET = re.compile(r"\[([^\[\]]*)\Z")
_REST_OF_BRACKET = re.compile(r"[^\[\]]*\]?")
_KEY_IN_FILTER = re.compile(rf"@((?:\.{_NAME}|\[\d+\])*)\.({_NAME})\Z")
_OPERATOR_IN_FILTER = re.compile(r"(?:@[^\s&|=<>!~()]*|'[^']*'|[\d.]+|\btrue|\bfalse|\bnull|\)) +([A-Za-z=!<>~&|]*)\Z")
_OPERAND_IN_FILTER = re.compile(r"(?:\(|&&|\|\|) *!?(@?)\Z")


def common_paths(place: ValuePlace, known: Knowledge) -> Iterator[tuple[str, str]]:
    """Whole paths that find something, each with what that is."""
    if place.path[-1] == "target":
        yield from _targets(place.agent, place.path)
        return
    for one in known_paths(known.provider, known.catalog):
        if one.is_text or place.path[0] == "transition":
            yield one.path, one.meaning
    yield "$", "The whole document."


def json_paths(place: ValuePlace, content: StringContent, known: Knowledge) -> Iterator[CompletionItem]:
    """What can stand at the caret, and whole paths that begin as this one does."""
    root = answer_shape(known.provider, known.catalog)
    dialect = _at(place.agent, ("connector", "dialect")) if place.path[0] == "connector" else ""
    begun = _FILTER.search(content.before) if place.path[-1] != "target" else None
    if begun is not None:
        yield from _in_filter(content, begun.start(), root, known.with_snippets)
        return
    if place.path[-1] != "target":
        yield from _next_step(content, root, known.with_snippets, with_functions=dialect != "jsonpath-ng")
    for path, meaning in common_paths(place, known):
        if path.startswith(content.before):
            yield CompletionItem(path, "path", content.span(0, len(content.text)), path, False, path, meaning)


def _targets(agent: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    """Where the value can be put: under the name of the key that it is taken from, or as the prompt of most agents."""
    source = _at(agent, (*path[:-1], "source"))
    read = parse(source).path if isinstance(source, str) else None
    names = [step.names[0] for step in read.steps if isinstance(step, Property)] if read else []
    for name in dict.fromkeys([*names[-1:], "query", "prompt", "content"]):
        yield f"$.{name}", f"The key `{name}` of the object that is handed on."


def _next_step(
    content: StringContent, root: Shape, with_snippets: bool, *, with_functions: bool
) -> Iterator[CompletionItem]:
    before = content.before
    if match := _BEHIND_DOT.search(before):
        span = _name_span(content, match.start(2))
        places = shapes_at(root, _steps(before[: match.start()] + ("..*" if match[1] == ".." else "")))
        yield from _keys(places, span)
        if with_functions and match[1] == "." and match.start() > 0:
            yield from _words(FUNCTIONS, "function", span)
    elif match := _IN_BRACKET.search(before):
        rest = _REST_OF_BRACKET.match(content.text, content.caret)
        span = content.span(match.start(1), rest.end() if rest else content.caret)
        yield from _in_bracket(shapes_at(root, _steps(before[: match.start()])), span, with_snippets)


def _steps(path: str) -> tuple[Step, ...]:
    read = parse(path).path
    return read.steps if read else ()


def _keys(places: Iterable[Shape], span: Span) -> Iterator[CompletionItem]:
    found: dict[str, str] = {}
    for place in places:
        for key, shape in place.keys.items():
            found[key] = found.get(key) or shape.meaning
    for key, meaning in found.items():
        if _REST_OF_NAME.fullmatch(key):
            yield CompletionItem(key, "path", span, key, False, key, meaning)


def _in_bracket(places: Iterable[Shape], span: Span, with_snippets: bool) -> Iterator[CompletionItem]:
    words = {
        "0]": "The first item.",
        "-1]": "The last item.",
        "*]": "Every item, or every value of an object.",
        "0:2]": "Some items: from the first position up to the second, which is left out.",
    }
    yield from _words(words, "path", span)
    condition = "?(@.${1:type} == '${2:answer}')]" if with_snippets else "?(@.type == 'answer')]"
    label, told = "?(@.type == 'answer')]", "The items for which a condition holds; an object for which it does itself."
    yield CompletionItem(label, "path", span, condition, with_snippets, label, told)
    for key in dict.fromkeys(key for place in places for key in place.keys):
        yield CompletionItem(f"'{key}']", "path", span, f"'{key}']", False, f"'{key}']")


def _in_filter(content: StringContent, start: int, root: Shape, with_snippets: bool) -> Iterator[CompletionItem]:
    before, inside = content.before, content.before[start:]
    places = [inner for place in shapes_at(root, _steps(before[:start])) for inner in (place.items, place) if inner]
    if match := _KEY_IN_FILTER.search(inside):
        steps = _steps(f"${match[1]}")
        span = _name_span(content, start + match.start(2))
        yield from _keys([found for place in places for found in shapes_at(place, steps)], span)
    elif match := _OPERATOR_IN_FILTER.search(inside):
        span = content.span(start + match.start(1), content.caret)
        yield from _words({**OPERATORS, **CONNECTIVES}, "operator", span)
    elif match := _OPERAND_IN_FILTER.search(inside):
        span = content.span(start + match.start(1), content.caret)
        names = dict.fromkeys(f"@.{key}" for place in places for key in place.keys)
        yield from _words({"@": "The item, or the object, in question.", **dict.fromkeys(names, "")}, "path", span)


def _words(words: Mapping[str, str], kind: Kind, span: Span) -> Iterator[CompletionItem]:
    return (CompletionItem(word, kind, span, word, False, word, told) for word, told in words.items())


def _name_span(content: StringContent, start: int) -> Span:
    rest = _REST_OF_NAME.match(content.text, content.caret)
    return content.span(start, rest.end() if rest else content.caret)


def _at(agent: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        try:
            agent = agent[step]
        except (KeyError, IndexError, TypeError):
            return None
    return agent
