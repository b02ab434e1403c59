"""A page of a web application: it greets its user by the name that redis has, or asks to come again when redis is slow."""

import asyncio

import redis.asyncio as redis


class Pages:
    def __init__(self, client: redis.Redis):
        self.client = client

    async def page(self, user: str) -> str:
        try:
            # asyncio's documentation of timeouts; nobody waits for a page for ever.
            name = await asyncio.wait_for(self.client.get(f"user:{user}"), timeout=0.1)
        except asyncio.TimeoutError:
            return "503 Please come again"
        return f"Hello {name}"
