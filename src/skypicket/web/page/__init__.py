"""The page as files: what was built, the basemap in ranges, and a plain page without any script."""
