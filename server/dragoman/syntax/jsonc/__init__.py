"""JSON with comments, read tolerantly: every problem found, nothing behind it lost, a position for everything."""

from dragoman.syntax.jsonc.cells import Cell, Edit, PlacedCell, parse_cells, reparse_cells
from dragoman.syntax.jsonc.nodes import (
    ArrayNode,
    BadNode,
    LiteralNode,
    Node,
    NumberNode,
    ObjectNode,
    Problem,
    PropertyNode,
    StringNode,
    find,
    find_property,
    to_value,
    walk,
)
from dragoman.syntax.jsonc.parser import Tree, parse
from dragoman.syntax.jsonc.strings import DecodedString, decode_string, encode_string

__all__ = [
    "ArrayNode",
    "BadNode",
    "Cell",
    "DecodedString",
    "Edit",
    "LiteralNode",
    "Node",
    "NumberNode",
    "ObjectNode",
    "PlacedCell",
    "Problem",
    "PropertyNode",
    "StringNode",
    "Tree",
    "decode_string",
    "encode_string",
    "find",
    "find_property",
    "parse",
    "parse_cells",
    "reparse_cells",
    "to_value",
    "walk",
]
