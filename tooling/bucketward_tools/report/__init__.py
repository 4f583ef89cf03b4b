"""How the rows of a scan are written: for people, for programs, for other tools."""
