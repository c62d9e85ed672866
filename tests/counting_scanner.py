"""A scanner on loopback that speaks as clamd does, finds nothing, and keeps whatever it was asked about."""

import struct
import threading
import time
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer

SECONDS = 0.1  # a real one takes its time too, and whoever shares the work meets meanwhile


class _Handler(StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.scanned.append(content)
        time.sleep(SECONDS)
        self.wfile.write(b"stream: OK\0")


@contextmanager
def listening():
    """Yield a scanner with its `address`, as in IKZ_CLAMD, and in `scanned` the contents in the order of the questions."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.scanned, server.address = [], "{}:{}".format(*server.server_address)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
