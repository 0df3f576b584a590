"""What if it breaks: futures drawn at random, questions asked in each of them, on one processor or many."""
