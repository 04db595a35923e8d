"""One thread of messages per order, in and out, with what a channel's terms allow to be said."""
