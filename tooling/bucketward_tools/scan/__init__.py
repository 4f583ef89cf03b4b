"""Judge a live account with the rules, read-only, without a deployment and without AWS Config."""
