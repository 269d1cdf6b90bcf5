"""Chat documents, `*.chat.md`, for editors that have nothing but LSP: what is asked in them, and answered there."""
