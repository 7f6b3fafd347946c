"""Practice data that comes with the library, and the grammar that wrote it (see README.md)."""
