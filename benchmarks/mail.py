"""How long two senders take for 1,000 mails beside the bare library: `python -m benchmarks.mail [--url postgresql://…]`.

Both ways hand the same messages to the same server, a process of its own, from two processes of four connections each;
ours also claims, marks and settles each mail in the database. Time runs from the moment when all are ready.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiosmtplib

from tasks.adapters.mail import Server
from tasks.adapters.store import open_store
from tasks.mail.claiming import ClaimedMail
from tasks.mail.outbox import NewMail, queue
from tasks.mail.steps import PostOffice, dispatch

SENDERS, LINES = 2, 4
DOMAIN = "daybook.example"
SENDER = f"daybook@{DOMAIN}"
LINE = "x" * 76 + "\r\n"
CONTEXT = multiprocessing.get_context("spawn")


def message(name: str, recipient: str, kib: int) -> bytes:
    """A message of about `kib` KiB in lines of base64's length."""
    head = f"Message-ID: {name}\r\nFrom: {SENDER}\r\nTo: {recipient}\r\nSubject: benchmark\r\n\r\n"
    return (head + LINE * (kib * 1024 // len(LINE))).encode("ascii")


def serve(told: Connection) -> None:
    """A server that takes every mail; it tells its port, and on each question how often each recipient got one."""
    from aiosmtpd.smtp import SMTP, Envelope

    received: Counter[str] = Counter()

    class _Taking:
        async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802 - the library's
            received.update(envelope.rcpt_tos)
            return "250 taken"

    async def served() -> None:
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(lambda: SMTP(_Taking(), loop=loop), "127.0.0.1", 0)
        told.send(listening.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, told.recv):
            told.send((len(received), max(received.values())))
            received.clear()

    asyncio.run(served())


def sent_by_daybook(url: str, port: int, kib: int, _recipients: Sequence[str], ready: Callable[[], None]) -> None:
    """Everything due, sent as Daybook does."""

    def compose(mail: ClaimedMail) -> bytes:
        return message(mail.message_id, mail.recipient, kib)

    server = Server("127.0.0.1", port, "none", connections=LINES)
    store = open_store(url)
    clock = lambda: dt.datetime.now(dt.UTC)  # noqa: E731 - a clock is one line
    post = PostOffice(store, Path(), server, SENDER, compose, lambda _streaks: None, clock, "benchmark")
    ready()
    dispatch(post)


def sent_by_the_library(_url: str, port: int, kib: int, recipients: Sequence[str], ready: Callable[[], None]) -> None:
    """The `recipients` over as many connections, with nothing kept."""
    waiting = list(recipients)

    async def line() -> None:
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=port, local_hostname="localhost", start_tls=False
        ) as smtp:
            while waiting:
                recipient = waiting.pop()
                await smtp.sendmail(SENDER, [recipient], message(f"<{recipient}>", recipient, kib))

    async def lines() -> None:
        await asyncio.gather(*(line() for _ in range(LINES)))

    ready()
    asyncio.run(lines())


def _send(way: Callable[..., None], gates: tuple[Any, Any], told: Connection, given: tuple[Any, ...]) -> None:
    barrier, free = gates
    used = 0.0

    def ready() -> None:
        nonlocal used
        barrier.wait()
        free.wait()
        used = time.process_time()

    way(*given, ready)
    told.send(time.process_time() - used)


def measured(way: Callable[..., None], url: str, port: int, kib: int, recipients: Sequence[str]) -> tuple[float, float]:
    """Seconds from the start to the end of the last sender, and processor seconds of all senders."""
    gates = (CONTEXT.Barrier(SENDERS + 1), CONTEXT.Event())
    mine, theirs = CONTEXT.Pipe()
    senders: list[BaseProcess] = [
        CONTEXT.Process(target=_send, args=(way, gates, theirs, (url, port, kib, recipients[number::SENDERS])))
        for number in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    gates[0].wait()
    start = time.perf_counter()
    gates[1].set()
    used = sum(mine.recv() for _ in senders)
    seconds = time.perf_counter() - start
    for sender in senders:
        sender.join()
    return seconds, used


def fill(url: str, recipients: Sequence[str], number: int) -> None:
    """Queues one mail for each recipient, of a period of its own."""
    store = open_store(url)
    mails = [NewMail("benchmark", str(number), "", one, "", "en", "benchmark", "{}") for one in recipients]
    with store.writing() as connection:
        queue(connection, mails, DOMAIN, dt.datetime.now(dt.UTC))
    store.engine.dispose()


def main() -> None:
    """Prints one table of both ways."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mails", type=int, default=1000)
    arguments.add_argument("--kib", type=int, default=40)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--url", default="")
    chosen = arguments.parse_args()
    recipients = [f"{number}@{DOMAIN}" for number in range(chosen.mails)]
    mine, theirs = CONTEXT.Pipe()
    server = CONTEXT.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = mine.recv()
    print(f"Load when it began: {os.getloadavg()[0]:.1f}; {chosen.mails} mails of {chosen.kib} KiB\n")
    print("| way | seconds | processor seconds | beside the library | delivered | most to one recipient |")
    print("|---|---|---|---|---|---|", flush=True)
    base = 0.0
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{folder}/daybook.db"
        for name, way in {"bare aiosmtplib": sent_by_the_library, "Daybook": sent_by_daybook}.items():
            delivered = most = 0
            best = (float("inf"), 0.0)
            for number in range(chosen.rounds):
                if way is sent_by_daybook:
                    fill(url, recipients, number)
                best = min(best, measured(way, url, port, chosen.kib, recipients))
                mine.send("count")
                delivered, most = mine.recv()
                assert (delivered, most) == (chosen.mails, 1), f"{name}: {delivered} delivered, {most} to one"
            base = base or best[0]
            figures = f"{best[0]:.2f} | {best[1]:.2f} | {best[0] / base:.2f}"
            print(f"| {name} | {figures} | {delivered} | {most} |", flush=True)
    mine.send("")


if __name__ == "__main__":
    main()
