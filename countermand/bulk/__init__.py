"""Many orders called off in one go: judged first, then carried out row by row, with progress."""
