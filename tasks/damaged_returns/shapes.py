"""The frames that the parts of the return of damaged parts hand to one another: their columns, and what stands in each.

Quantities, metres and kilograms are integers scaled by 10,000 (Int64 where they may be blank), amounts Int64 cents,
volumes of boxes Int64 scaled by 10^12, unit volumes Int64 scaled by 1,000,000, days datetime64[s]. Texts are never
missing, "" is blank. `ref` names a delivered row (`damaged_parts:DF01:XL2024001`). Source: spec 03.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from tasks.domain import shaping
from tasks.domain.shaping import BLANK, DAY, FLAG, WHOLE, Shape, texts

# A box's volume is the product of three lengths of four places each.
VOLUME_PLACES = 12
VOLUME_SCALE = 10**VOLUME_PLACES

_ROW = texts("file sheet ref") | {"row": WHOLE}
_RECORD = texts(
    "site department serial_key serial new_serial_key new_serial item_key item item_name specification turbine "
    "replaced_by cause box_key box remark"
) | {"registered_on": DAY, "replaced_on": DAY, "quantity": BLANK, "by_person": FLAG}
# What the master says of the part's item, and what becomes of the part: see routing.
_ROUTED = texts("unit item_class sort route flag category") | {"unit_volume": BLANK, "warranty_until": DAY}

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        # One row a record of the damaged-parts list that is in no batch yet; `repaired`: how often it came back so.
        "listed": _RECORD | _ROW | {"repaired": WHOLE},
        # One row a registered box; sides in metres.
        "boxes": texts("site box_key box packing plastic separators")
        | dict.fromkeys(("length", "width", "height", "weight"), BLANK)
        | _ROW,
        # The row of a box that was set aside and did not come again; its site is blank where it could not be read.
        "set_aside": texts("site box_key file sheet") | {"row": WHOLE},
        "items": texts("item_key unit item_class sort") | {"unit_volume": BLANK, "warranty_until": DAY},
        # What lies in the damaged stores of the sites, one row a site and item: the most that the ERP or the site's
        # ledger says, and the least. `serials` as the ERP lists them, each on a line.
        "stock": texts("site warehouse_key warehouse item_key item serials") | {"most": WHOLE, "least": WHOLE},
        # What is sealed and has not left its site, a row a site and item.
        "leaving": texts("site item_key") | {"quantity": WHOLE},
        # The newest batch of each site.
        "last_batches": texts("site") | {"date": DAY},
        # A waiting part with its verdict. `state`: eligible, held, warranty_tool, not_on_hand; `missing` are the names
        # of the columns that its record lacks, on hand or not.
        "waiting": _RECORD
        | _ROW
        | _ROUTED
        | texts("state missing warehouse_key")
        | {"on_hand": FLAG, "in_warranty": FLAG},
        # A box that holds waiting parts, or the parts in no box (`box_key` blank). `state`: ready, rule, dimension,
        # held (some part in it may not go), unpacked; `faults` are the names of what is wrong, `because` the
        # serials that may not go and so keep a box that has no fault of its own. `volume` is blank where not known.
        "packed": texts("site department box_key box packing state faults because")
        | dict.fromkeys(("length", "width", "height", "weight", "volume"), BLANK)
        | {"parts": WHOLE, "first_on": DAY}
        | _ROW,
        # One row a site that has eligible parts. `cause`: days, volume or blank for not yet; `due_on` is the day on
        # which the days are over.
        "sites": texts("site department cause")
        | {"eligible": WHOLE, "boxes": WHOLE, "volume": BLANK, "first_on": DAY, "due_on": DAY},
        # What is sealed, as tables.return_batches, return_boxes and return_parts keep it.
        "batches": texts("batch batch_key site department cause warehouse")
        | {"date": DAY, "sequence": WHOLE, "boxes": WHOLE, "parts": WHOLE, "volume": BLANK},
        "batch_boxes": texts("batch box_key box packing")
        | {"place": WHOLE}
        | dict.fromkeys(("length", "width", "height", "volume", "weight"), BLANK),
        "batch_parts": _RECORD | _ROUTED | texts("batch warehouse_key") | {"line": WHOLE},
        # The sealed parts as the tracking reads them; `date` is their batch's.
        "sealed": texts(
            "batch site department box_key box serial_key serial new_serial_key new_serial item_key item item_name "
            "item_class sort cause route flag category ref"
        )
        | {"date": DAY, "quantity": WHOLE, "by_person": FLAG, "unit_volume": BLANK},
        # Repair events: received, sent, repaired, unrepairable, exchanged, scrapped.
        "events": texts("serial_key serial event maker new_serial_key new_serial ref") | {"date": DAY, "cost": BLANK},
        # mode: shared, hired, air, express. `freight` is what was written, `cost` the cents of an amount; `borne` what
        # the shipment bears of that or of the freight that it names, `fault` why nobody can tell: dangling, cycle.
        "shipments": texts(
            "number number_key site department origin origin_key destination destination_key mode batch batch_key "
            "application application_key approved_by freight fault ref"
        )
        | {"date": DAY, "cost": BLANK, "borne": BLANK},
        "prices": texts("origin origin_key destination destination_key mode ref")
        | {"price": WHOLE, "effective_on": DAY},
        # SCRAP_OUT at a site, as its ledger and the ERP have it (`home`: ledger or erp).
        "scrapped": texts("site department warehouse item item_key item_class remark home ref")
        | {"quantity": WHOLE, "date": DAY},
    }
)


def empty(name: str) -> pd.DataFrame:
    """The frame of that name without rows, in its shape; raises KeyError for a name that is none."""
    return shaping.empty(SHAPES[name])


def shaped(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` with exactly the columns and types of the frame `name`, index from 0; see `tasks.domain.shaping`."""
    return shaping.shaped(SHAPES[name], rows)
