"""The page and its basemap, as files."""
