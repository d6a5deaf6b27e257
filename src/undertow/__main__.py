"""`python -m undertow` is the same as `undertow`."""

import sys

from undertow.cli.main import main

sys.exit(main())
