"""Where the text behind a reference comes from: one module per source."""
