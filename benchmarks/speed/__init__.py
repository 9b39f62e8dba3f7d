"""`make bench`: what a command, a submission and a sandbox cost, each beside the least that it could."""
