"""The functions and operators of JsonPath in words, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

FUNCTIONS: Mapping[str, str] = {
    "length()": "How many items an array has, keys an object, or characters a text.",
    "size()": "The same as `length()`.",
    "keys()": "The names of an object's keys.",
    "first()": "The first item of an array.",
    "last()": "The last item of an array.",
    "index(0)": "The item at a position of an array; negative ones count from its end.",
    "concat()": "The texts of an array, and those given, one behind the other.",
    "append()": "The array with what is given at its end.",
    "min()": "The smallest number of an array.",
    "max()": "The largest number of an array.",
    "sum()": "The sum of an array of numbers.",
    "avg()": "The mean of an array of numbers.",
    "stddev()": "The standard deviation of an array of numbers.",
}
"""A call of each function, as it is begun → what it gives."""

OPERATORS: Mapping[str, str] = {
    "==": "Both sides are equal; numbers are compared by value.",
    "!=": "Both sides differ; true as well where the left one is missing.",
    "===": "Both sides are equal and of one kind.",
    "!==": "Both sides differ, in value or in kind.",
    "<": "The left side is less; two numbers or two texts.",
    "<=": "The left side is less or equal; two numbers or two texts.",
    ">": "The left side is greater; two numbers or two texts.",
    ">=": "The left side is greater or equal; two numbers or two texts.",
    "=~": "The regular expression on the right, as `/…/`, matches the whole text on the left.",
    "in": "The value on the left is in the list on the right.",
    "nin": "The value on the left is not in the list on the right; true as well where it is missing.",
    "anyof": "Some item of the left list is in the right one.",
    "noneof": "No item of the left list is in the right one.",
    "subsetof": "Every item of the left list is in the right one.",
    "contains": "The left text holds the right one, or the left list the right value.",
    "size": "The list or text on the left is as long as the number on the right.",
    "empty": "The list or text on the left is empty, as `true` or `false` on the right says.",
}
"""Those that stand between two operands."""

CONNECTIVES: Mapping[str, str] = {
    "&&": "Both conditions hold. Binds tighter than `||`.",
    "||": "One of the two conditions holds.",
}
