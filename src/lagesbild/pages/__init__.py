"""The pages: one file each, exposing `PAGE`. What they share is in context, options, registry and render."""
