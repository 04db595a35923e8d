"""The addresses of the REST door, one small file per noun."""
