"""What would mend an agent whose turn has failed, as edits of its file: one module for each kind of remedy."""
