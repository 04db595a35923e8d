"""After shipping: confirmed or not, called back from the carrier, come back, received, inspected."""
