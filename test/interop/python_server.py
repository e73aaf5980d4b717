"""An echo server of Debian's python3-websockets. `python3 python_server.py deflate|plain` prints where it listens."""

import asyncio
import sys

import websockets


async def echo(socket, path=None):
    try:
        async for message in socket:
            if message == "close, please":
                await socket.close(4123, "as you asked")
            else:
                await socket.send(message)
    except websockets.ConnectionClosedError:
        pass  # Any code but 1000 and 1001 is an error to this library; the conversations close with another.


async def main(compression):
    async with websockets.serve(echo, "127.0.0.1", 0, compression=compression, max_size=None, subprotocols=["chat"]) as server:
        port = server.sockets[0].getsockname()[1]
        print(f"listening on ws://127.0.0.1:{port}", flush=True)
        await asyncio.Future()


if __name__ == "__main__" and len(sys.argv) == 2:
    asyncio.run(main("deflate" if sys.argv[1] == "deflate" else None))
