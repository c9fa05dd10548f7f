"""Builds the web application from a source and the settings."""
