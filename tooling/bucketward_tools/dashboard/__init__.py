"""The CloudWatch dashboard: what it shows, and a picture of it for docs/monitoring.md."""
