"""What is under the cursor: one value, shared by completion and hover."""

from dragoman.features.cursor.cells import place_at
from dragoman.features.cursor.place import AgentPlace, KeyPlace, Place, StringContent, ValuePlace

__all__ = ["AgentPlace", "KeyPlace", "Place", "StringContent", "ValuePlace", "place_at"]
