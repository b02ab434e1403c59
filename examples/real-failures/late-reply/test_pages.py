"""Nobody is greeted by another user's name."""

import asyncio
import subprocess
import unittest

import redis.asyncio as redis

from pages import Pages

names = {"1": "Alice", "2": "Bob", "3": "Carol", "4": "Dave", "5": "Erin", "6": "Frank"}


class PagesTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = await asyncio.create_subprocess_exec(
            *["redis-server", "--save", "", "--bind", "127.0.0.1"], stdout=subprocess.PIPE
        )
        while b"eady to accept" not in await self.server.stdout.readline():
            pass
        self.client = redis.Redis(decode_responses=True)

    async def asyncTearDown(self):
        await self.client.close()
        self.server.kill()
        await self.server.wait()

    async def test_each_user_is_greeted_by_name(self):
        await self.client.mset({f"user:{user}": name for user, name in names.items()})
        pages = Pages(self.client)
        for user, name in names.items():
            self.assertIn(await pages.page(user), [f"Hello {name}", "503 Please come again"])


if __name__ == "__main__":
    unittest.main()
