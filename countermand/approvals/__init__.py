"""Four eyes: what is held until somebody else says yes, and cases handed over."""
