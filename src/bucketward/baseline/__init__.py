"""What is approved: baselines, the journal of reverts, and exemptions."""
