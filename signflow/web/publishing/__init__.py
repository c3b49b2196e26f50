"""Publishing: finalize, reopen, publish, withdraw a statement."""
