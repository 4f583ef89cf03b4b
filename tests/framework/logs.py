"""What is in the lines that a function printed."""


def metrics(lines):
    """Return the names and controls of the counts among them."""
    return [
        (metric["Name"], line["control"])
        for line in lines
        if "_aws" in line
        for part in line["_aws"]["CloudWatchMetrics"]
        if part["Namespace"] == "Bucketward" and ["control"] in part["Dimensions"]
        for metric in part["Metrics"]
    ]


def facts(lines):
    return [line for line in lines if "_aws" not in line]
