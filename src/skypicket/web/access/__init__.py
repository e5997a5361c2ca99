"""Who may do what: principals, sessions, permissions. Whoever is unknown may nothing."""
