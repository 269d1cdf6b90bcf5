"""The language server: the only code that knows LSP. Everything that pygls does wrong by itself is put right here."""
