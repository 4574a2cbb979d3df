#!/usr/bin/env python3
"""Django's command line. Settings are chosen by DJANGO_SETTINGS_MODULE, development by default."""

import os
import sys
from pathlib import Path


def main() -> None:
    # `site/` holds the running site but is no package: the name belongs to the standard library.
    sys.path.insert(1, str(Path(__file__).resolve().parent / "site"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voucher_site.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
