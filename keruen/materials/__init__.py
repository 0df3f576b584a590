"""From ore to product: which critical materials come from where, and how exposed to few suppliers a buyer is."""
