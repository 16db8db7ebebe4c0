"""An honest server on the Python SDK: tools, of which one fails and one tells its progress, a resource and a prompt."""

import asyncio

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from pydantic import BaseModel

server = MCPServer("python-server")


class Person(BaseModel):
    name: str


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def person() -> Person:
    """Gives a person."""
    return Person(name="Ada")


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("The disk is full")


@server.tool()
async def work(ctx: Context, steps: int = 3) -> str:
    """Works in steps, and tells its progress."""
    for step in range(1, steps + 1):
        await ctx.report_progress(step, steps)
        await asyncio.sleep(0.01)
    return "done"


@server.resource("mem://note")
def note() -> str:
    """A note."""
    return "one"


@server.prompt()
def greet(name: str = "you") -> str:
    """Greets."""
    return f"Hello {name}"


server.run(transport="stdio")
