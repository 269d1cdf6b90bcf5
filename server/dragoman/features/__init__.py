"""What an editor can ask about agent files. One file a feature, named as LSP names it; offsets in, values out."""
