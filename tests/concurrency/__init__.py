"""Races, crashes and faults: what people were told is what is frozen, whatever happens at the same moment."""
