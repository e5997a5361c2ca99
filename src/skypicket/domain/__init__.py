"""The nouns, and the contracts of format, link, stage and job. Imports nothing of ours."""
