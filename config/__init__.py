"""Every number, address, heading, schedule and wording that Daybook uses, loaded once into frozen shapes."""
