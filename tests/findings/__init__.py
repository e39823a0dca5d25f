"""What all findings share."""
