# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP proxy that fails as networks do, between workstations and a server on loopback.

    proxy = FaultProxy(server_port); proxy.url
    proxy.cut()              nothing comes through, connections are refused and ended
    proxy.hold(to, back)     half-open: nothing passes in one or both directions, and nobody is told
    proxy.lossy(share)       that share of the pieces is lost: TCP sends them again later, or gives up with a reset
    proxy.drop_replies(share) the server did it, but its answer never comes
    proxy.duplicate(share)   a request captured is sent once more, later, on another connection
    proxy.delay(seconds)     each piece comes later
    proxy.switch()           another of the server's processes serves from now on
    proxy.heal()             all is well: what was held passes, or its connection turns out to be forgotten and is reset

It runs in a thread of its own; what it did is counted in `did`.
"""
import asyncio
import collections
import random
import threading


class Pipe:
    """One connection of a client, and ours to the server."""

    def __init__(self, reader, writer):
        self.client, self.to_client = reader, writer
        self.server = self.to_server = None
        self.stuck = False  # something of it is held

    def end(self):
        """Reset both sides."""
        for writer in (self.to_client, self.to_server):
            if writer is not None:
                try:
                    writer.transport.abort()
                except OSError:
                    pass


class FaultProxy:
    """See above."""

    def __init__(self, target, seed=0, targets=None):
        self.targets = targets or [target]
        self.chance = random.Random(seed)
        self.did = collections.Counter()
        self.pipes = set()
        self.captured = []  # requests to be sent later again
        self.keep_captured = False
        self._calm()
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        ready.wait()
        self.url = f"http://127.0.0.1:{self.port}"

    def _calm(self):
        self.is_cut = False
        self.held = (False, False)
        self.loss = self.drop = self.twice = self.later = 0.0

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=500))
        self.port = server.sockets[0].getsockname()[1]
        self.server = server
        ready.set()
        self.loop.run_forever()

    def _do(self, function):
        done = threading.Event()

        def work():
            function()
            done.set()

        self.loop.call_soon_threadsafe(work)
        done.wait(10)

    def _set(self, **values):
        self._do(lambda: self.__dict__.update(values))

    def cut(self):
        """No way through."""
        def work():
            self.is_cut = True
            self.did["cut"] += 1
            self._end_all()
        self._do(work)

    def hold(self, to_server=True, to_client=True):
        """Half-open: connections stay, bytes of these directions vanish."""
        self._set(held=(to_server, to_client))
        self.did["hold"] += 1

    def lossy(self, share):
        """That share of pieces vanishes."""
        self._set(loss=share)

    def drop_replies(self, share):
        """That share of answers vanishes, with a reset."""
        self._set(drop=share)

    def duplicate(self, share):
        """That share of requests is told twice."""
        self._set(twice=share)

    def delay(self, seconds):
        """Each piece comes so much later."""
        self._set(later=seconds)

    def switch(self):
        """The next of the server's processes from now on, as a balancer does that keeps who signed in at one."""
        def work():
            self.targets.append(self.targets.pop(0))
            self.did["switched"] += 1
            self._end_all()
        self._do(work)

    def heal(self):
        """All is well again."""
        def work():
            self._calm()
            for pipe in list(self.pipes):
                if pipe.stuck and self.chance.random() < 0.5:
                    pipe.end()
                pipe.stuck = False
        self._do(work)

    def _end_all(self):
        for pipe in list(self.pipes):
            pipe.end()

    def close(self):
        """End it."""
        def work():
            self._end_all()
            self.server.close()
            self.loop.call_later(0.05, self.loop.stop)
        self.loop.call_soon_threadsafe(work)
        self.thread.join(5)

    async def _accept(self, reader, writer):
        pipe = Pipe(reader, writer)
        if self.is_cut:
            pipe.end()
            return
        self.pipes.add(pipe)
        self.did["connections"] += 1
        try:
            port = self.targets[0]
            pipe.server, pipe.to_server = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(self._upward(pipe), self._downward(pipe))
        except OSError:
            pass
        finally:
            pipe.end()
            self.pipes.discard(pipe)

    async def _pass(self, pipe, direction):
        """Let a piece wait as the network has it; whether its connection is still there then."""
        if self.later:
            await asyncio.sleep(self.later)
        while self.held[direction]:
            pipe.stuck = True
            await asyncio.sleep(0.02)
        if self.loss and self.chance.random() < self.loss:
            self.did["lost"] += 1
            if self.chance.random() < 0.2:
                pipe.end()
                return False
            await asyncio.sleep(self.chance.uniform(0.2, 1.2))
        return True

    async def _upward(self, pipe):
        kept = b""
        while data := await pipe.client.read(65536):
            if not await self._pass(pipe, 0):
                return
            pipe.to_server.write(data)
            await pipe.to_server.drain()
            kept = self._capture(kept + data)
        self._finish(pipe.to_server)

    async def _downward(self, pipe):
        while data := await pipe.server.read(65536):
            if not await self._pass(pipe, 1):
                return
            if self.drop and self.chance.random() < self.drop:
                self.did["dropped replies"] += 1
                pipe.end()
                return
            pipe.to_client.write(data)
            await pipe.to_client.drain()
        self._finish(pipe.to_client)

    @staticmethod
    def _finish(writer):
        try:
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            pass

    def _capture(self, data):
        """Cut whole requests off what went up; some of the pushes are sent again later."""
        while True:
            head, found, rest = data.partition(b"\r\n\r\n")
            if not found:
                return data if len(data) < 65536 else b""
            length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")), 0)
            if len(rest) < length:
                return data
            request, data = head + found + rest[:length], rest[length:]
            if request.startswith(b"POST /sync/v1/push") and length > 0:
                if self.keep_captured:
                    self.captured.append(request)
                if self.twice and self.chance.random() < self.twice:
                    self.did["sent twice"] += 1
                    self.loop.create_task(self._again(request, self.chance.uniform(0, 0.3)))

    async def _again(self, request, later):
        await asyncio.sleep(later)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.chance.choice(self.targets))
            writer.write(request)
            await asyncio.wait_for(reader.read(65536), 10)
            writer.close()
        except (OSError, asyncio.TimeoutError):
            pass
