"""What torchgrade keeps between runs, in the user's state folder and never in the graded tree."""
