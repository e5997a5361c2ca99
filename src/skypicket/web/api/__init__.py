"""The JSON resources under `/api/v1`: what the picture holds, for pages and for other programs."""
