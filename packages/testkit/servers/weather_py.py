"""A weather server on the `mcp` package 2.x, with weather that needs no network.

It is built like the weather server that people meet in their first tutorial: `get_alerts` returns a root model that
is a list, whose schema only the modern era allows, and `get_forecast` returns text. `crash` exits with status 3.
"""

import os
import sys

from mcp.server import MCPServer
from pydantic import BaseModel, RootModel

server = MCPServer("weather_py")


class Alert(BaseModel):
    event: str
    area: str
    severity: str


class Alerts(RootModel[list[Alert]]):
    """The alerts that are active in one state."""


ACTIVE = {
    "CA": [Alert(event="Heat Advisory", area="Central Valley", severity="Moderate")],
    "TX": [Alert(event="Flash Flood Watch", area="Harris County", severity="Severe")],
}


@server.tool()
async def get_alerts(state: str) -> Alerts:
    """Get the weather alerts of a US state, named by its two-letter code."""
    return Alerts(ACTIVE.get(state.upper(), []))


@server.tool()
async def get_forecast(latitude: float, longitude: float) -> str:
    """Get the weather forecast for a place."""
    return f"Tonight at {latitude}, {longitude}: 11 degrees, clear.\nTomorrow: 17 degrees, sunny."


@server.tool()
async def crash() -> str:
    """Exit with status 3 in the middle of the call."""
    print("KeyError: 'temperature'", file=sys.stderr, flush=True)
    os._exit(3)


if __name__ == "__main__":
    server.run(transport="stdio")
