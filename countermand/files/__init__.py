"""Files as a door: what people send is read row by row, and what they get back is written row by row."""
