"""An index to practise on: a folder of recorded pages, served on loopback as the index would serve them."""
