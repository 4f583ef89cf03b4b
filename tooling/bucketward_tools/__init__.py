"""What never ships to Lambda: command line, local account, generator, scaffold."""
