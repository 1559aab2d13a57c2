"""Which fault is put in where and when: spread over the month, each on a thing of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from numpy.random import Generator

from benchmarks.demo_company.books import Books
from benchmarks.demo_company.calendar import DAY
from benchmarks.demo_company.chance import pick
from benchmarks.demo_company.masters import twin_of
from benchmarks.demo_company.nouns import Item, Site, World
from benchmarks.demo_company.recipes import recipes
from benchmarks.demo_company.scene import Recipe, Scene, Things, suits

DAYS_PER_ROUND = 12
SMALLEST_QUANTITY = 6


@dataclass(slots=True)
class Plan:
    """What is still free: things by kind, and a quantity that no fault has."""

    rng: Generator
    books: Books
    things: Mapping[Things, list[Item]]
    quantity: int = SMALLEST_QUANTITY

    @property
    def world(self) -> World:
        """The company that is written down."""
        return self.books.world

    def in_order(self, site: Site, day: dt.date, span: int) -> bool:
        """Whether the site's ledgers from `day` to `span` days later are all sent on their evening."""
        days = [(site.code, day + days * DAY) for days in range(span + 1)]
        return not any(one in self.world.never_sent or one in self.world.sent_later for one in days)


def put_faults_in(rng: Generator, books: Books, reserve: Sequence[Item]) -> None:
    """Writes every recipe into the world of `books`, in a long month several times, each on an item of its own."""
    plan = Plan(
        rng,
        books,
        {
            "repairable": [item for item in reserve if item.item_class == "Ⅱ" and item.sort == "备件"],
            "simple": [item for item in reserve if item.item_class == "Ⅰ"],
        },
    )
    rounds = max(1, len(books.world.days) // DAYS_PER_ROUND)
    for recipe in recipes():
        for number in range(rounds):
            _put_in(plan, recipe, number, rounds)
    last = books.world.days[-1]
    books.world.faults[:] = [fault for fault in books.world.faults if fault.found_on <= last]


def _put_in(plan: Plan, recipe: Recipe, number: int, rounds: int) -> None:
    days = plan.world.days
    part = days[len(days) * number // rounds : len(days) * (number + 1) // rounds]
    places = [
        (site, day)
        for site in plan.world.sites
        if suits(site.shape, recipe.sites)
        for day in part
        if recipe.last_found(day) <= days[-1]
        and (not recipe.same_month or (day + recipe.span * DAY).month == day.month)
        and plan.in_order(site, day, max(recipe.span, 1) if recipe.sites == "plain" else recipe.span)
    ]
    things = plan.things[recipe.things]
    if not places or not things:
        return
    site, day = pick(plan.rng, places)
    scene = _scene(plan, site, day, things.pop())
    if scene is not None:
        recipe.act(scene)


def _scene(plan: Plan, site: Site, day: dt.date, item: Item) -> Scene | None:
    others = [other for other in plan.world.sites if other != site and plan.in_order(other, day, 0)]
    near = [other for other in others if other.department == site.department]
    far = [other for other in others if other.department != site.department]
    if not near or not far:
        return None
    plan.quantity += 1
    return Scene(
        plan.books, site, pick(plan.rng, near), pick(plan.rng, far), day, item, twin_of(item), Decimal(plan.quantity)
    )
