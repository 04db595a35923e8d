"""What a buyer asked for, by which route and with what evidence; approved, declined, withdrawn."""
