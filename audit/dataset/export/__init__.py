"""A dataset's last commit as files for other clients; `formats` lists them."""
