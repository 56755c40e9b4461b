"""The parts of an assessment: the words that changed with their sentences, and what words tell."""
