"""What is open and what lies in the workspace: documents, agent files, and the agents in them."""
