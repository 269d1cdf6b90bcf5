"""JSON with comments, read tolerantly: every problem found, nothing behind it lost, a position for everything."""

from dragoman.syntax.jsonc.cell import Cell, PlacedCell
from dragoman.syntax.jsonc.cell_list import CellGroup, Cells
from dragoman.syntax.jsonc.cells import Edit, parse_cells, reparse_cells
from dragoman.syntax.jsonc.kept import keep
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
from dragoman.syntax.jsonc.parser import Tree
from dragoman.syntax.jsonc.plain import PlainCell, decode_plain, parse
from dragoman.syntax.jsonc.strings import DecodedString, decode_string, encode_string

__all__ = [
    "ArrayNode",
    "BadNode",
    "Cell",
    "CellGroup",
    "Cells",
    "DecodedString",
    "Edit",
    "LiteralNode",
    "Node",
    "NumberNode",
    "ObjectNode",
    "PlacedCell",
    "PlainCell",
    "Problem",
    "PropertyNode",
    "StringNode",
    "Tree",
    "decode_plain",
    "decode_string",
    "encode_string",
    "find",
    "find_property",
    "keep",
    "parse",
    "parse_cells",
    "reparse_cells",
    "to_value",
    "walk",
]
