# SPDX-License-Identifier: Apache-2.0
"""The disk that forgets (disk.py), without a machine: what is flushed stays, what is only written may go."""
import pathlib
import socket
import struct
import tempfile
import unittest

import disk

SIZE = 1 << 20


class ForgetfulDisk(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.image = pathlib.Path(folder.name) / "image"
        self.image.write_bytes(bytes(SIZE))
        self.disk = disk.Disk(self.image, pathlib.Path(folder.name) / "socket", 1)
        self.host = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.host.close)
        self.host.settimeout(40)
        self.host.connect(str(self.disk.address))
        magic, option, flags = struct.unpack(">QQH", self.read(18))
        self.assertEqual((magic, option, flags & 1), (disk.MAGIC, disk.OPTION, 1))
        self.host.sendall(struct.pack(">I", 3))
        for kind in (8, disk.GO):  # structured replies, which it does not have
            self.host.sendall(struct.pack(">QII", disk.OPTION, kind, 0))
            answer = self.option()
        self.assertEqual(struct.unpack(">HQ", answer[1][:10]), (0, SIZE))
        self.assertEqual(self.option()[0], disk.ACK)

    def read(self, size):
        return disk.Disk._read(self.host, size)

    def option(self):
        _, _, kind, size = struct.unpack(">QIII", self.read(20))
        return kind, self.read(size)

    def ask(self, kind, offset=0, data=b"", size=None, flags=0):
        self.host.sendall(struct.pack(">IHHQQI", disk.REQUEST, flags, kind, 7, offset, len(data) if size is None else size) + data)

    def do(self, *asked, **named):
        self.ask(*asked, **named)
        magic, error, handle = struct.unpack(">IIQ", self.read(16))
        self.assertEqual((magic, error, handle), (disk.REPLY, 0, 7))

    def get(self, offset, size):
        self.do(disk.READ, offset, size=size)
        return self.read(size)

    def cut(self):
        self.disk.random.choice = lambda _: 0  # the worst
        return self.disk.cut_power()

    def test_gives_back_what_was_written_at_any_place(self):
        self.do(disk.WRITE, 4000, b"x" * 9000)
        self.do(disk.WRITE, 4100, b"y" * 10)
        self.assertEqual(self.get(3990, 9020), bytes(10) + b"x" * 100 + b"y" * 10 + b"x" * 8890 + bytes(10))

    def test_forgets_what_was_only_written(self):
        self.do(disk.WRITE, 8192, b"x" * 8192)
        self.assertEqual(self.cut(), (2, 2))
        self.assertEqual(self.get(8192, 8192), bytes(8192))

    def test_keeps_what_was_flushed(self):
        self.do(disk.WRITE, 0, b"x" * 4096)
        self.do(disk.FLUSH)
        self.do(disk.WRITE, 0, b"y" * 4096)
        self.cut()
        self.assertEqual(self.get(0, 4096), b"x" * 4096)

    def test_keeps_what_had_to_be_on_it_at_once(self):
        self.do(disk.WRITE, 0, b"x" * 4096, flags=1)
        self.cut()
        self.assertEqual(self.get(0, 4096), b"x" * 4096)

    def test_stops_in_the_middle_of_a_flush(self):
        self.disk.stop_at_flush(2)
        self.do(disk.WRITE, 0, b"x" * 4096)
        self.do(disk.FLUSH)
        self.do(disk.WRITE, 0, b"y" * 4096)
        self.ask(disk.FLUSH)
        self.assertTrue(self.disk.stopped.wait(40))
        self.assertEqual(self.cut(), (1, 1))
        with self.assertRaises(ConnectionError):
            self.read(1)  # that flush is never answered
        self.assertEqual(self.image.read_bytes()[:4096], b"x" * 4096)


if __name__ == "__main__":
    unittest.main()
