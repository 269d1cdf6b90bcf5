"""The conversations of this user, kept in a SQLite file: written as they stream, listed, searched, opened again."""
