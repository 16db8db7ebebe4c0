#!/usr/bin/env python3
"""A bookmark manager as an MCP server: one file, standard library only, Python 3.9 or newer.

It speaks MCP by hand over stdin and stdout, in both eras of the protocol: the "legacy" revisions up to 2025-11-25,
which open with `initialize`, and the "modern" 2026-07-28, where each request carries its own version.

Bookmarks are kept in ~/.local/share/mcp-bookmarks/bookmarks.db. BOOKMARKS_DB names another file, or `:memory:`.
A new database starts with three bookmarks, so that there is something to find.
"""

import inspect
import json
import os
import signal
import sqlite3
import sys
import traceback
from pathlib import Path

MODERN = "2026-07-28"
LEGACY = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
SERVER = {"name": "bookmarks", "version": "1.0.0"}
META = "io.modelcontextprotocol/"

# ---------------------------------------------------------------- the bookmarks

FIRST_BOOKMARKS = [
    ("https://docs.python.org/3/tutorial/", "The Python Tutorial", ["python", "tutorial"]),
    ("https://www.sqlite.org/lang.html", "SQL As Understood By SQLite", ["sqlite", "reference"]),
    ("https://modelcontextprotocol.io/", "Model Context Protocol", ["mcp", "reference"]),
]


def open_database():
    name = os.environ.get("BOOKMARKS_DB") or str(Path.home() / ".local/share/mcp-bookmarks/bookmarks.db")
    if name != ":memory:":
        Path(name).parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(name)
    with db:  # one transaction, or two servers that start together would both fill a new file
        db.execute("BEGIN IMMEDIATE")
        db.execute("CREATE TABLE IF NOT EXISTS bookmark (id INTEGER PRIMARY KEY, url TEXT, title TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS tag (bookmark INTEGER REFERENCES bookmark (id), name TEXT)")
        if db.execute("SELECT count(*) FROM bookmark").fetchone() == (0,):
            for bookmark in FIRST_BOOKMARKS:
                insert(db, *bookmark)
    return db, name


def insert(db, url, title, tags):
    row = db.execute("INSERT INTO bookmark (url, title) VALUES (?, ?)", (url, title)).lastrowid
    db.executemany("INSERT INTO tag VALUES (?, ?)", [(row, tag) for tag in tags])
    return {"id": row, "url": url, "title": title, "tags": tags}


def bookmarks_where(db, matches):
    rows = db.execute("SELECT id, url, title FROM bookmark ORDER BY id")
    bookmarks = {row: {"id": row, "url": url, "title": title, "tags": []} for row, url, title in rows}
    for row, name in db.execute("SELECT bookmark, name FROM tag ORDER BY rowid"):
        bookmarks[row]["tags"].append(name)
    return {"bookmarks": [bookmark for bookmark in bookmarks.values() if matches(bookmark)]}


# ------------------------------------------------------------------- the tools


def record(**properties):
    return {"type": "object", "properties": properties, "required": list(properties)}


def text(description):
    return {"type": "string", "description": description}


def list_of(items):
    return {"type": "array", "items": items}


TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
BOOKMARK = record(id=NUMBER, url=TEXT, title=TEXT, tags=list_of(TEXT))
BOOKMARKS = record(bookmarks=list_of(BOOKMARK))
READS = {"readOnlyHint": True, "openWorldHint": False}
ADDS = {"readOnlyHint": False, "destructiveHint": False, "idempotentHint": False, "openWorldHint": False}
TOOLS = {}  # name -> (the tool as tools/list shows it, the function that does the work)


def tool(description, hints, gives, **properties):
    def register(run):
        parameters = list(inspect.signature(run).parameters.values())[1:]
        required = [parameter.name for parameter in parameters if parameter.default is parameter.empty]
        takes = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
        listed = {"name": run.__name__, "description": description, "inputSchema": takes}
        TOOLS[run.__name__] = ({**listed, "outputSchema": gives, "annotations": hints}, run)
        return run

    return register


@tool(
    "Save a web page under a title, with tags to find it by.",
    hints=ADDS,
    gives=BOOKMARK,
    url=text("Address of the page, http or https"),
    title=text("Title to save it under"),
    tags=list_of(text("A tag; letter case does not matter")),
)
def add_bookmark(db, url, title, tags=()):
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"url must start with http:// or https://, got {url!r}")
    cleaned = [tag.strip().lower() for tag in tags]
    with db:  # one transaction: a bookmark is saved with its tags or not at all
        return insert(db, url, title, [tag for tag in dict.fromkeys(cleaned) if tag])


@tool(
    "Find the bookmarks whose title, address or tags contain every word of the query.",
    hints=READS,
    gives=BOOKMARKS,
    query=text("Words to look for; an empty query finds every bookmark"),
)
def search_bookmarks(db, query):
    words = query.casefold().split()

    def matches(bookmark):
        searched = " ".join([bookmark["title"], bookmark["url"], *bookmark["tags"]]).casefold()
        return all(word in searched for word in words)

    return bookmarks_where(db, matches)


@tool(
    "List the bookmarks that carry a tag.",
    hints=READS,
    gives=BOOKMARKS,
    tag=text("The tag; letter case does not matter"),
)
def list_bookmarks_by_tag(db, tag):
    return bookmarks_where(db, lambda bookmark: tag.strip().lower() in bookmark["tags"])


@tool(
    "List every tag, with how many bookmarks carry it.",
    hints=READS,
    gives=record(tags=list_of(record(tag=TEXT, bookmarks=NUMBER))),
)
def list_tags(db):
    rows = db.execute("SELECT name, count(*) FROM tag GROUP BY name ORDER BY name")
    return {"tags": [{"tag": name, "bookmarks": count} for name, count in rows]}


def problems(schema, arguments):
    """What is wrong with the arguments, one sentence each; knows the schema words used above."""
    for name in schema["required"]:
        if name not in arguments:
            yield f"{name} is missing"
    for name, value in arguments.items():
        kind = schema["properties"].get(name, {}).get("type")
        if kind is None:
            yield f"{name} is not an argument of this tool"
        elif kind == "string" and not isinstance(value, str):
            yield f"{name} must be a string"
        elif kind == "array" and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            yield f"{name} must be a list of strings"


def call_tool(db, params):
    name, arguments = params.get("name"), params.get("arguments", {})
    if not isinstance(name, str) or name not in TOOLS:
        raise RpcError(-32602, f"Unknown tool: {name}")
    if not isinstance(arguments, dict):
        raise RpcError(-32602, "arguments must be an object")
    listed, run = TOOLS[name]
    # What the model can put right is a result with isError, not a protocol error: only results reach the model.
    try:
        wrong = list(problems(listed["inputSchema"], arguments))
        if wrong:
            raise ValueError("; ".join(wrong))
        result = run(db, **arguments)
    except (ValueError, sqlite3.Error) as error:
        return {"content": [{"type": "text", "text": f"{name} failed: {error}"}], "isError": True}
    as_text = json.dumps(result, ensure_ascii=False)  # for clients that do not know structuredContent
    return {"content": [{"type": "text", "text": as_text}], "structuredContent": result}


# ---------------------------------------------------------------- the protocol


class RpcError(Exception):
    def __init__(self, code, message, **more):
        super().__init__(message)
        self.body = {"code": code, "message": message, **more}


def tool_list():
    return {"tools": [listed for listed, _ in TOOLS.values()]}


def answer_modern(db, method, params):
    version = params["_meta"][META + "protocolVersion"]
    if version != MODERN:
        data = {"supported": [MODERN], "requested": version}
        raise RpcError(-32022, f"Unsupported protocol version: {version}", data=data)
    if not isinstance(params["_meta"].get(META + "clientCapabilities"), dict):
        raise RpcError(-32602, f"_meta lacks {META}clientCapabilities")
    # Nothing may be cached for long: whoever learns from this file is about to change it.
    cacheable = {"ttlMs": 0, "cacheScope": "public"}
    if method == "server/discover":
        result = {"supportedVersions": [MODERN], "capabilities": {"tools": {}}, **cacheable}
    elif method == "tools/list":
        result = {**tool_list(), **cacheable}
    elif method == "tools/call":
        result = call_tool(db, params)
    else:
        raise RpcError(-32601, f"Method not found: {method}")
    return {**result, "resultType": "complete", "_meta": {META + "serverInfo": SERVER}}


def answer_legacy(db, session, method, params):
    if method == "initialize":
        asked = params.get("protocolVersion")
        session["version"] = asked if asked in LEGACY else LEGACY[0]
        return {"protocolVersion": session["version"], "capabilities": {"tools": {}}, "serverInfo": SERVER}
    if method == "ping":
        return {}
    if "version" not in session:
        raise RpcError(-32602, f"_meta lacks {META}protocolVersion, and there was no initialize")
    if method == "tools/list":
        return tool_list()
    if method == "tools/call":
        return call_tool(db, params)
    raise RpcError(-32601, f"Method not found: {method}")


def answer(db, session, message):
    """The answer to one message, or None where there is none to give."""
    if isinstance(message, list) and message and session.get("version") == "2025-03-26":  # alone in allowing batches
        answers = [answer(db, session, one) for one in message]
        return [one for one in answers if one is not None] or None
    reply = {"jsonrpc": "2.0", "id": None}
    try:
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            raise RpcError(-32600, "Not a JSON-RPC 2.0 message")
        if "id" not in message or "method" not in message:
            return None  # a notification, or an answer to nothing: this server asks no questions
        identity, method, params = message["id"], message["method"], message.get("params", {})
        if type(identity) not in (int, str) or not isinstance(method, str) or not isinstance(params, dict):
            raise RpcError(-32600, "id must be a string or an integer, method a string, params an object")
        reply["id"] = identity
        meta = params.get("_meta")
        if isinstance(meta, dict) and isinstance(meta.get(META + "protocolVersion"), str):
            return {**reply, "result": answer_modern(db, method, params)}
        return {**reply, "result": answer_legacy(db, session, method, params)}
    except RpcError as error:
        return {**reply, "error": error.body}
    except Exception:
        traceback.print_exc()
        return {**reply, "error": {"code": -32603, "message": "Internal error; the server's stderr says more"}}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # stdout belongs to the protocol: from here on a stray print() lands on stderr and breaks nothing.
    protocol, sys.stdout = sys.stdout.buffer, sys.stderr
    try:
        db, place = open_database()
    except (OSError, RuntimeError, sqlite3.Error) as error:
        sys.exit(f"bookmarks: cannot open the database: {error}; set BOOKMARKS_DB to a file that can be written")
    print(f"bookmarks: ready, saving to {place}", file=sys.stderr, flush=True)
    session = {}  # what `initialize` agreed on; modern requests leave no trace here
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        try:
            reply = answer(db, session, json.loads(line.decode("utf-8")))
        except (ValueError, RecursionError):  # broken JSON, broken UTF-8, nested without end
            reply = {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "Parse error"}}
        if reply is not None:
            protocol.write(json.dumps(reply).encode("ascii") + b"\n")
            protocol.flush()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)  # nobody reads any more; an ordinary exit would complain about it
