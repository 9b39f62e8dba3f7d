"""`python -I -P -m torchgrade.worker FD`: become a zygote that listens on the control socket FD."""

from __future__ import annotations

import sys

from torchgrade.worker.zygote import main

if __name__ == "__main__":
    main(int(sys.argv[1]))
