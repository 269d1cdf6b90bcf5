"""Completion of keys and values, from the schema, in valid and in broken text; of whole agents, from the providers."""

from dragoman.features.completion.complete import complete, complete_definition
from dragoman.features.completion.item import CompletionItem

__all__ = ["CompletionItem", "complete", "complete_definition"]
