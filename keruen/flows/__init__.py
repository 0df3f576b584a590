"""How much goes where, and where it sticks: demand, corridor choice, assignment, bottlenecks."""
