//! What an incident register is: types that cannot be wrong, state machines, rules, the query language. No I/O, no clock.
