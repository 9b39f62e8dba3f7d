"""What is measured of torchgrade, by hand and not in CI."""
