"""Regular expressions of Java, asked one question only: does the whole text match?

Python's `re` is not used: it differs from Java in many small ways, and it cannot be stopped once a pattern runs away.
The matcher here keeps the set of all states it may be in, so its time is bounded by pattern × text for every pattern.
"""

from dragoman.syntax.jsonpath.regex.matcher import compile_pattern
from dragoman.syntax.jsonpath.regex.parser import BadPatternError, UnsupportedPatternError, parse_pattern

__all__ = ["BadPatternError", "UnsupportedPatternError", "compile_pattern", "parse_pattern"]
