"""``python -m audit`` is ``release-audit``."""

from audit.cli import main

if __name__ == "__main__":
    main()
