"""Answers to clicks go out over one connection: each new one costs Slack and us a handshake."""

import asyncio

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.afterwards import Afterwards
from bot.replies import ClickReply
from commands import blocks

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"


async def test_answers_one_after_another_share_a_connection() -> None:
    came, after = [], Afterwards()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer)
        while await reader.readline():
            while (line := await reader.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split()[1])
            await reader.readexactly(length)
            writer.write(HEAD)
            await asyncio.sleep(0.02)  # the body is on its way when the head has been read
            writer.write(b"ok")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server, aiohttp.ClientSession() as session:
        for _ in range(3):
            reply = ClickReply(AsyncAck(), after, session, url)  # type: ignore[no-untyped-call]
            await reply(blocks.message(blocks.section("Yes")))
            assert await after.drained(5)

    assert len(came) == 1
