# SPDX-License-Identifier: Apache-2.0
"""A disk with a cache that forgets (an NBD server for QEMU): what the guest has flushed is on it, and of what it has
only written any blocks may be missing after a power cut. QEMU's own files are kinder than that: the host's memory survives the end of QEMU."""
import os
import random
import socket
import struct
import threading

BLOCK = 4096
MAGIC, OPTION = 0x4E42444D41474943, 0x49484156454F5054
REQUEST, REPLY, OPTION_REPLY = 0x25609513, 0x67446698, 0x3E889045565A9
READ, WRITE, DISCONNECT, FLUSH = 0, 1, 2, 3
GO, ACK, INFO, UNSUPPORTED = 7, 1, 3, (1 << 31) + 1
FLAGS = 1 | 4 | 8  # has flags, flush, force unit access


class Disk:
    def __init__(self, image, address, seed):
        self.file = os.open(image, os.O_RDWR)
        self.size = os.fstat(self.file).st_size
        self.cache = {}  # number of a block to what was written and not flushed
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.countdown = 0  # of flushes; the last one never comes to its end
        self.stopped = threading.Event()
        self.gone_on = threading.Event()
        self.address = address
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(address))
        self.listener.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def stop_at_flush(self, number):
        """`stopped` is set when so many flushes from now have been asked for; the last of them is not carried out."""
        self.stopped.clear()
        self.gone_on.clear()
        self.countdown = number

    def cut_power(self):
        """After the machine has ended: how many blocks were lost, of how many that were not flushed."""
        with self.lock:
            keep = self.random.choice((0, 0.5, 0.9))
            waiting = len(self.cache)
            for number in [n for n in self.cache if self.random.random() >= keep]:
                del self.cache[number]
            lost = waiting - len(self.cache)
            self._flush()
        self.countdown = 0
        self.gone_on.set()
        return lost, waiting

    def _serve(self):
        while True:
            connection, _ = self.listener.accept()
            try:
                self._greet(connection)
                while self._request(connection):
                    pass
            except (ConnectionError, struct.error):
                pass  # the machine was switched off
            connection.close()

    @staticmethod
    def _read(connection, size):
        parts = bytearray()
        while len(parts) < size:
            some = connection.recv(size - len(parts))
            if not some:
                raise ConnectionError
            parts += some
        return bytes(parts)

    def _greet(self, connection):
        connection.sendall(struct.pack(">QQH", MAGIC, OPTION, 1 | 2))
        self._read(connection, 4)
        while True:
            _, option, size = struct.unpack(">QII", self._read(connection, 16))
            self._read(connection, size)

            def reply(kind, data=b"", option=option):
                connection.sendall(struct.pack(">QIII", OPTION_REPLY, option, kind, len(data)) + data)
            if option != GO:
                reply(UNSUPPORTED)
                continue
            reply(INFO, struct.pack(">HQH", 0, self.size, FLAGS))
            reply(ACK)
            return

    def _request(self, connection):
        _, flags, kind, handle, offset, size = struct.unpack(">IHHQQI", self._read(connection, 28))
        data = b""
        if kind == DISCONNECT:
            return False
        payload = self._read(connection, size) if kind == WRITE else b""
        if kind == FLUSH and self.countdown > 0:
            self.countdown -= 1
            if self.countdown == 0:
                self.stopped.set()
                self.gone_on.wait()
                return False
        with self.lock:
            if kind == READ:
                data = self._get(offset, size)
            if kind == WRITE:
                self._put(offset, payload)
            if kind == FLUSH or flags & 1:
                self._flush()
        connection.sendall(struct.pack(">IIQ", REPLY, 0, handle) + data)
        return True

    def _get(self, offset, size):
        data = bytearray(os.pread(self.file, size, offset))
        if self.cache:
            for number in range(offset // BLOCK, (offset + size - 1) // BLOCK + 1):
                block = self.cache.get(number)
                if block is not None:
                    begin, end = max(offset, number * BLOCK), min(offset + size, (number + 1) * BLOCK)
                    data[begin - offset:end - offset] = block[begin - number * BLOCK:end - number * BLOCK]
        return bytes(data)

    def _put(self, offset, data):
        end = offset + len(data)
        first, last = offset // BLOCK * BLOCK, -(-end // BLOCK) * BLOCK
        if first < offset or last > end:  # whole blocks
            data = self._get(first, offset - first) + data + self._get(end, last - end)
        for at in range(0, len(data), BLOCK):
            self.cache[(first + at) // BLOCK] = data[at:at + BLOCK]

    def _flush(self):
        for number, block in self.cache.items():
            os.pwrite(self.file, block, number * BLOCK)
        self.cache.clear()
