"""Invoice and revenue check (spec 04): register, books and series, money received, revenue booked, and the bridge."""
