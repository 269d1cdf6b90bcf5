"""What an editor can do in a chat document: complete, explain, check, send."""
