"""Paper: what is read without the service. Documents made of the same views, tables and sentences as the pages."""
