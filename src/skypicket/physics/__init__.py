"""How things move, how sensors see and hear them: asked by tracking, search, coverage, scenario."""
