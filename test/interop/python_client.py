"""The client of Debian's python3-websockets, an implementation in another language.

`python3 python_client.py URL DEFLATE` prints one line of JSON; DEFLATE is `null`, or the parameters to offer, as JSON.
"""

import asyncio
import json
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

SIZES = [0, 1, 125, 126, 127, 65535, 65536, 1048576]


def text_of(length):
    return ("The quick brown fox. " * (length // 21 + 1))[:length]


async def echo(socket, message):
    await socket.send(message)
    answer = await socket.recv()
    if answer != message:
        raise ValueError(f"got {type(answer)} of {len(answer)} instead of {len(message)}")


async def texts(socket):
    for size in SIZES:
        await echo(socket, text_of(size))
    for text in ["é€😀", "\ufeffbehind a byte order mark", "e\u0301", "\0"]:
        await echo(socket, text)


async def all_bytes(socket):
    for size in SIZES:
        await echo(socket, bytes((i * 31 + (i >> 8)) & 0xFF for i in range(size)))


async def fragments(socket):
    async def parts():
        for i in range(100):
            yield f"part {i} " * 20

    await socket.send(parts())
    answer = await socket.recv()
    if answer != "".join([part async for part in parts()]):
        raise ValueError(f"got {len(answer)}")


async def in_a_row(socket):
    messages = [json.dumps({"id": i, "text": text_of(i % 150)}) for i in range(1000)]
    for message in messages:
        await socket.send(message)
    for message in messages:
        if await socket.recv() != message:
            raise ValueError("out of order")


async def ping(socket):
    await (await socket.ping(b"are you there?"))


async def subprotocol(socket):
    if socket.subprotocol != "chat":
        raise ValueError(f"agreed on {socket.subprotocol}")


async def close_by_server(socket):
    await socket.send("close, please")
    await socket.wait_closed()
    if (socket.close_code, socket.close_reason) != (4123, "as you asked"):
        raise ValueError(f"closed with {socket.close_code} {socket.close_reason}")


async def close(socket):
    await socket.close(4321, "enough, ünough")
    if socket.close_code != 4321:
        raise ValueError(f"closed with {socket.close_code}")


CONVERSATIONS = {
    "text of each size": texts,
    "bytes of each size": all_bytes,
    "a message in fragments": fragments,
    "1,000 messages in a row": in_a_row,
    "ping": ping,
    "a subprotocol": subprotocol,
    "close by the server": close_by_server,
    "close with code and reason": close,
}


async def main(url, offer):
    extensions = None if offer is None else [ClientPerMessageDeflateFactory(**offer)]
    results = {}
    for name, conversation in CONVERSATIONS.items():
        try:
            async with websockets.connect(
                url, compression=None, extensions=extensions, subprotocols=["chat"], max_size=None
            ) as socket:
                results["extensions"] = ", ".join(map(str, socket.extensions))
                await asyncio.wait_for(conversation(socket), 10)
                results[name] = "ok"
        except Exception as error:  # Whatever it is, it is the result.
            results[name] = f"{type(error).__name__}: {error}"
    print(json.dumps(results))


if __name__ == "__main__" and len(sys.argv) == 3:
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
