"""Files that people sent: kept in the database for a while, looked at, linked to and sent on."""
