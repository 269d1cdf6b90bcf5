"""The JSON Schema of agent files: loading, validating, looking things up."""
