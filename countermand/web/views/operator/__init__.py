"""The pages of a marketplace's own staff."""
