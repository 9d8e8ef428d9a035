"""The MCP server at `/mcp`: what a model may ask of Understudy itself, as tools."""
