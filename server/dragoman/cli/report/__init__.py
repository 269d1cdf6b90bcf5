"""What `dragoman check` found, in the forms in which it can be printed: one module each."""
