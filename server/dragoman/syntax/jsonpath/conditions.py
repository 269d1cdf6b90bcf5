"""Turns the condition of a filter into a closure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dragoman.syntax.jsonpath import ast
from dragoman.syntax.jsonpath.comparison import OPERATORS
from dragoman.syntax.jsonpath.functions import CompileValue
from dragoman.syntax.jsonpath.operands import UNDEFINED, Json, Operand, Pattern, from_value
from dragoman.syntax.jsonpath.outcome import JsonValue
from dragoman.syntax.jsonpath.run import MissingError, NotApplicableError, Run, Test

ReadOperand: TypeAlias = Callable[[JsonValue, Run], Operand]


def compile_test(condition: ast.Condition, compile_value: CompileValue) -> Test:
    """A function that says whether a filter lets an item pass. Where an operator does not fit, it does not."""
    holds = _compile(condition, compile_value)

    def test(item: JsonValue, run: Run) -> bool:
        run.shared.spend(1)
        try:
            return holds(item, run)
        except NotApplicableError:
            return False

    return test


def _compile(condition: ast.Condition, compile_value: CompileValue) -> Test:
    match condition:
        case ast.Or(conditions=conditions):
            tests = [_compile(each, compile_value) for each in conditions]
            return lambda item, run: any(test(item, run) for test in tests)
        case ast.And(conditions=conditions):
            tests = [_compile(each, compile_value) for each in conditions]
            return lambda item, run: all(test(item, run) for test in tests)
        case ast.Not(condition=inner):
            test = _compile(inner, compile_value)
            return lambda item, run: not test(item, run)
        case ast.Exists():
            return _existence(condition, compile_value)
        case ast.Comparison():
            return _comparison(condition, compile_value)


def _existence(condition: ast.Exists, compile_value: CompileValue) -> Test:
    """Any value will do, null and false too. Here `$` is the item as well."""
    read = compile_value(condition.path, required=True)

    def test(item: JsonValue, run: Run) -> bool:
        try:
            read(item, run)
        except MissingError:
            return condition.negated
        return not condition.negated

    return test


def _comparison(condition: ast.Comparison, compile_value: CompileValue) -> Test:
    compare = OPERATORS[condition.operator]
    left = _operand(condition.left, compile_value)
    right = _operand(condition.right, compile_value)
    return lambda item, run: compare(left(item, run), right(item, run), run)


def _operand(operand: ast.Operand, compile_value: CompileValue) -> ReadOperand:
    match operand:
        case ast.Path():
            return _path_operand(operand, compile_value)
        case ast.StringLiteral(value=text):
            return lambda item, run: text
        case ast.NumberLiteral(value=number):
            return lambda item, run: number
        case ast.ConstantLiteral(value=constant):
            return lambda item, run: constant
        case ast.JsonText(text=text):
            json = Json(text=text)
            return lambda item, run: json
        case ast.PatternLiteral(pattern=source, flags=flags):
            pattern = Pattern(source, flags)
            return lambda item, run: pattern


def _path_operand(path: ast.Path, compile_value: CompileValue) -> ReadOperand:
    read = compile_value(path)
    from_root = path.root == "$"

    def operand(item: JsonValue, run: Run) -> Operand:
        try:
            value = read(run.root if from_root else item, run)
        except MissingError:
            return UNDEFINED
        return from_value(value)

    return operand
