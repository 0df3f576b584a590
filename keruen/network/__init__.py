"""Where things can go: the base lines of each mode, the places, and the world network made of them."""
