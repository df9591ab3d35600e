"""What every HTTP route shares: problems, paging, the caller."""
