"""In words: what a result says, as text in a terminal, as a picture, and as files for other programs."""
