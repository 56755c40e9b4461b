"""The parts of a comparison: provisions aligned, moves and splits found, words compared inside a pair."""
