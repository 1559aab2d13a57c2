"""A made-up company with known faults: believable input to show, to test and to measure Daybook with."""

from benchmarks.demo_company.company import SEED, deliver, faults_on, make_company, make_world
from benchmarks.demo_company.nouns import Company, Fault, Quarantined

__all__ = ["SEED", "Company", "Fault", "Quarantined", "deliver", "faults_on", "make_company", "make_world"]
