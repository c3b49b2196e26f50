"""signflow in a real Chromium, through a real HTTP server."""
