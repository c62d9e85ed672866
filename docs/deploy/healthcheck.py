"""Whether the web process beside it lives, for containers: exits with 0 or 1. Asks by the name that Django serves."""

import os
import sys
from http.client import HTTPConnection, HTTPException

host = os.environ.get("IKZ_HOSTS", "localhost").partition(",")[0].strip().lstrip(".")
port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
connection = HTTPConnection("127.0.0.1", port, timeout=5)
try:
    connection.request("GET", "/-/lebt", headers={"Host": host})
    sys.exit(connection.getresponse().status != 200)
except (OSError, HTTPException):
    sys.exit(1)
finally:
    connection.close()
