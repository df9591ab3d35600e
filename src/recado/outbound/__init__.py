"""The one HTTP request we send for a user: made, judged, put on the wire."""
