"""The doors of the demo, and the mails that it sent."""
