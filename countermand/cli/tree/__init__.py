"""The process tree of `up`: PostgreSQL, web, workers, all below one parent that keeps them alive."""
