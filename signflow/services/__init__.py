"""Verbs: `f(session, …, actor, now)`. Each checks the rule, changes rows, queues mail and records the event; none commits."""
