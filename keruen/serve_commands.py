"""The command that opens the workspace: a server on this machine, and a browser before it."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from keruen.options import DATA_OPTION, load_tables, ready
from keruen.reports.console import Usage, tell
from keruen.reports.waiting import hush


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to answer at. Any but this machine's own needs a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8470,
    show_default=True,
    help="Port to answer at; 0: any that is free.",
)
@click.option("--open/--no-open", "browser", default=True, help="Open the workspace in the browser. Default: open.")
@click.option("--token", envvar="KERUEN_TOKEN", default="", metavar="TEXT", help="What who asks must know; else from KERUEN_TOKEN. "
              "Needed for any address but this machine's own.")  # fmt: skip
@click.option("--workspace", type=click.Path(path_type=Path), metavar="FOLDER", help="Folder for saved scenarios. "
              "Default: KERUEN_WORKSPACE, else the user's data folder.")  # fmt: skip
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="The trade store. "
              "Default: the file that KERUEN_TRADE names, else trade.duckdb in the user's data folder.")  # fmt: skip
@DATA_OPTION
def serve(
    host: str, port: int, browser: bool, token: str, workspace: Path | None, store: Path | None, folder: Path | None
) -> None:
    """Open the workspace: a world map that answers, in the browser, and the HTTP API beneath it (docs/http-api.md).

    It answers this machine alone, needs no internet, and ends with Ctrl-C.

    \b
    keruen serve
    keruen serve --port 0 --no-open
    KERUEN_TOKEN=... keruen serve --host 0.0.0.0
    """
    from keruen.web.settings import Settings, default_workspace

    addresses = addresses_of(host, port)
    if not all(is_loopback(address[4][0]) for address in addresses) and not token.strip():
        raise click.UsageError(
            f"{host} can be reached by others, so a token is needed: give --token TEXT or set KERUEN_TOKEN, or serve 127.0.0.1 only."
        )
    listening = listen(addresses[0], host, port)
    with listening:
        port = listening.getsockname()[1]
        data = load_tables(folder)
        ready(data)
        settings = Settings(
            host=host, port=port, token=token.strip(), hosts=names_of(host), workspace=workspace or default_workspace(), trade=store
        )  # fmt: skip
        address = address_shown(host, port)

        def started() -> None:
            tell(f"Keruen answers at {address} (stop with Ctrl-C)")
            hush()
            if browser:
                webbrowser.open(f"{address}?token={settings.token}" if settings.token else address)

        from keruen.web.server import serve as run

        run(data, settings, listening, started)


Address = Any  # family, kind, protocol, name and socket address, as the system's resolver gives them


def addresses_of(host: str, port: int) -> Sequence[Address]:
    """What a host name stands for. Raises Usage if it stands for nothing."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise Usage(f"There is no address {host!r}; give one of this machine, for example 127.0.0.1.") from None


def is_loopback(address: object) -> bool:
    """Whether only this machine reaches an address."""
    import ipaddress

    return ipaddress.ip_address(str(address).partition("%")[0]).is_loopback


def listen(address: Address, host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises Usage if the port is taken, or the address is not this machine's."""
    family, kind, protocol, _, where = address
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(256)
    except OSError as problem:
        listening.close()
        raise Usage(
            f"Nothing can be served at {host} port {port}: {problem.strerror or problem}. Give another --port, or 0 for any that is free."
        ) from None
    return listening


def names_of(host: str) -> tuple[str, ...]:
    """Names by which this machine may be called beside its addresses."""
    own = (
        ()
        if all(is_loopback(address[4][0]) for address in addresses_of(host, 0))
        else (socket.gethostname(), socket.getfqdn())
    )
    return tuple(dict.fromkeys(name.lower() for name in ("localhost", host, *own) if name))


def address_shown(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"
