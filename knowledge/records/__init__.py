"""What happens in conversations, beside the knowledge: none of it raises the knowledge revision."""
