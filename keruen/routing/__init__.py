"""The best ways through a network: kernels over arrays, and the questions asked of them."""
